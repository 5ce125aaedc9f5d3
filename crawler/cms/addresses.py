"""URLs as list pages write them: made absolute, judged as article or column by shape (DOMAIN.md section 6.5)."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from urllib.parse import urldefrag, urljoin, urlsplit

from crawler.page import Page

_YEAR = r"(?:19|20)\d{2}"

# Article URLs by family, most telling first. Groups year, month, day are hints of the day the page was made.
ARTICLE_PATTERNS: dict[str, re.Pattern[str]] = {
    "t-date": re.compile(rf"/t(?P<year>{_YEAR})(?P<month>\d\d)(?P<day>\d\d)_\d+(?:_\d+)?\.s?html?$", re.I),
    "art": re.compile(rf"/art/(?P<year>{_YEAR})/(?P<month>\d\d?)/(?P<day>\d\d?)/art_\w+\.html?$", re.I),
    "art-hex": re.compile(rf"/art/(?P<year>{_YEAR})/art_[0-9a-f]{{32}}\.html?$", re.I),
    "content-date": re.compile(
        rf"/(?P<year>{_YEAR})-?(?P<month>\d\d)[-/]?(?P<day>\d\d)?/(?:content_|c_)\d+(?:_\d+)?\.s?html?$", re.I
    ),
    "content": re.compile(r"/(?:content|c)_\d+\.s?html?$|/c\d+/content\.s?html?$", re.I),
    "post": re.compile(r"/m?post_\d+\.html?$", re.I),
    "info": re.compile(r"/info/\d+/\d+\.html?$", re.I),
    "hexday": re.compile(rf"/(?P<year>{_YEAR})(?P<month>\d\d)(?P<day>\d\d)/[0-9a-f]{{32}}\.s?html?$", re.I),
    "hexmonth": re.compile(rf"/(?P<year>{_YEAR})(?P<month>\d\d)/[0-9a-f]{{32}}\.s?html?$", re.I),
    "hex-ymd": re.compile(
        rf"/(?P<year>{_YEAR})/(?P<month>\d\d?)/(?P<day>\d\d?)/(?:[0-9a-f]{{32}}|[\w-]+)\.s?html?$", re.I
    ),
    "date-path": re.compile(
        rf"/(?P<year>{_YEAR})-(?P<month>\d\d?)-?(?P<day>\d\d?)?/[\w-]+\.s?html?$|"
        rf"/{_YEAR}-?\d{{2}}/\d{{1,2}}/[\w-]+\.s?html?$",
        re.I,
    ),
    "month-path": re.compile(rf"/(?P<year>{_YEAR})-?(?P<month>0[1-9]|1[0-2])/\w*\d\w*\.s?html?$", re.I),
    "day-path": re.compile(rf"/(?P<year>{_YEAR})(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)/\w*\d\w*\.s?html?$", re.I),
    "public": re.compile(r"/(?:public|content)(?:/\w+)?/\d{4,}\.s?html?$", re.I),
    "uuid": re.compile(r"/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.s?html?$", re.I),
    "numbered-folder": re.compile(r"/(?:20\d{6}\d{4,}|\d{5,9})/index\.s?html?$", re.I),
    "numbered": re.compile(
        r"/(?!(?:node|col|column|list|channel|index|lm)_?\d)\w*?\d{4,}(?:[_-]\d+)*\.(?:[sj]?html?|jspx?|aspx?|php|do)$",
        re.I,
    ),
    "query": re.compile(
        r"[?&](?:id|newsid|articleid|infoid|contentid|wbnewsid|docid|aid|nid|art_?id|xxid|guid)=[\w-]+", re.I
    ),
}
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar|pptx?|ceb|jpe?g|png|gif|mp4|mp3)$", re.I)
_COLUMN = re.compile(
    r"(?:^|/)$|/(?:index|default|list|node|channel|col|column|more|lm|home)(?:[_-]?\d*)(?:_\d+)?\.(?:[sj]?html?|jspx?|aspx?|php)$"
    r"|/(?:col|column|channel|list|node)[\w/-]*(?:/|index\.[sj]?html?)?$|(?:urltype=tree\.|action=list\b|catid=|cid=|lanmuid=)",
    re.I,
)
_NO_PAGE = re.compile(r"^(?:javascript|mailto|tel|data|about|ftp|file|blob|sms|weixin|mqqwpa|tencent)\s*:", re.I)


def base_of(page: Page) -> str:
    """What relative URLs of the page are relative to: `<base href>` where it is given, else the page's own URL."""
    if "<base" not in page.text and "<BASE" not in page.text and "<Base" not in page.text:
        return page.url
    found = page.root.xpath("string((//base/@href)[1])").strip()
    return join(page.url, found) or page.url if found else page.url


def join(base: str, href: str) -> str | None:
    """`href` as an absolute http(s) URL without fragment, or None when it leads to no page (script, mail, broken)."""
    cleaned = re.sub(r"[\t\r\n]", "", href).strip(" \u3000\xa0").replace("\\", "/")
    if not cleaned or cleaned.startswith("#") or _NO_PAGE.match(cleaned):
        return None
    try:
        joined = urldefrag(urljoin(base, cleaned)).url
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if parts.scheme in {"http", "https"} and parts.netloc else None


def key(url: str) -> str:
    """Two spellings of one URL that never differ in what they lead to: for merging image and text links."""
    bare = urldefrag(url).url.replace("https://", "http://", 1)
    return re.sub(r"(?<=/)index\.s?html?$", "", bare)


@lru_cache(maxsize=8192)
def article_pattern(url: str) -> str | None:
    """The name of the article URL pattern that `url` follows, or None."""
    path = urlsplit(url).path
    for name, pattern in ARTICLE_PATTERNS.items():
        if pattern.search(url if name == "query" else path):
            return name
    return None


def is_file(url: str) -> bool:
    """Whether the URL names a document or picture file rather than a page."""
    return bool(_FILE.search(urlsplit(url).path))


def is_column(url: str) -> bool:
    """Whether the URL has the shape of a column page: a folder, an index or a numbered page of one."""
    if article_pattern(url) is not None:
        return False
    parts = urlsplit(url)
    return bool(_COLUMN.search(parts.path or "/") or (parts.query and _COLUMN.search("?" + parts.query)))


def _year_month(url: str) -> tuple[int, int | None] | None:
    path = urlsplit(url).path
    for pattern in ARTICLE_PATTERNS.values():
        found = pattern.search(path)
        parts = found.groupdict() if found else {}
        if parts.get("year"):
            return int(parts["year"]), int(parts["month"]) if parts.get("month") else None
    bare = re.search(rf"(?<!\d)({_YEAR})(0[1-9]|1[0-2])?(?:[0-3]\d)?(?!\d)", path)
    return (int(bare[1]), int(bare[2]) if bare[2] else None) if bare else None


def year_of(url: str, month: int) -> int | None:
    """The year of a row that shows only a month, from the URL's path; None when the path names no year.

    A URL may be days off what the page shows (DOMAIN.md section 6.5): a December URL of a January row means the
    next year.
    """
    found = _year_month(url)
    if found is None or not 1990 <= found[0] <= date.today().year + 1:
        return None
    year, url_month = found
    if url_month is not None and abs(url_month - month) > 6:
        return year + 1 if url_month > month else year - 1
    return year


def folder(url: str) -> str:
    """The URL up to its last slash, scheme folded: what entries of a column usually lie under."""
    return key(url).split("?")[0].rsplit("/", 1)[0] + "/"
