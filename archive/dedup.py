"""When two URLs name one page, and when two texts are one document: pure functions, no database.

`canonical_url` is the identity of a page, `fingerprint` the identity of a text. Both fold only what never distinguishes
two publications; what merely resembles another text is the business of near.py.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from typing import Literal
from urllib.parse import quote

Twin = Literal["scheme", "www"]

_PARTS = re.compile(r"(https?)://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.I | re.S)
_STRIPPED = re.compile(r"[\x00-\x1f\x7f]+")
_GATE = re.compile(r"/gate/big5/([a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?)(?=/|$)", re.I)
_AUTHORITY = re.compile(r"(\[[^\]]*\]|[^:]*)(?::(.*))?|.*", re.S)
_HOST = re.compile(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|%")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_AMP = re.compile(r"&(?:amp;)+")  # a link escaped once too often in the page's source
_DEFAULT_PORT = {"http": "80", "https": "443"}

# A folder's own page. Only with an extension: `/gkmlpt/index` is an application, `/index_2.html` the second list page.
_DEFAULT_PAGE = re.compile(r"(?<=/)(?:index|default)\.(?:s?html?|jsp|php|aspx?)$", re.I)
# Java and ASP.NET put the session into the path: `;jsessionid=1F2E`, `/(S(k2j4...))/`.
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sessionid)=[^/;]*|(?<=/)\([saf]\([0-9a-z-]+\)\)/", re.I)

# Parameters that never choose the page. `sid` is not among them: gkmlpt calls its site number so.
_SESSION = re.compile(r"(?:jsessionid|phpsessid|sessionid|session_id|aspsessionid\w*|cfid|cftoken)", re.I)
_TRACKING = re.compile(
    r"(?:utm_\w+|spm|gclid|fbclid|bd_vid|bdmk|hmsr|hmpl|hmcu|hmkw|hmci|isappinstalled|nsukey|wxshare_count|share_token|sudaref)",
    re.I,
)
# WeChat marks how a link was passed on; elsewhere `from` is a date or a column and stays.
_WECHAT_FROM = frozenset({"singlemessage", "groupmessage", "timeline", "message"})
# Names that defeat a cache, but only while the value looks like a clock or a dice roll.
_BUSTER = re.compile(r"(?:_|_t|t|ts|time|timestamp|r|rnd|rand|random|nocache|v)", re.I)
_MOVING = re.compile(r"1\d{12}|0\.\d{6,}")
_MOVING_OBVIOUS = re.compile(r"\d{10,17}|0?\.\d+")


def canonical_url(url: str, *, twins: Collection[Twin] = ()) -> str:
    """The one spelling of a URL that names the page: what the archive keys pages by.

    Idempotent, and never raises: what is no http(s) URL comes back trimmed. `twins` are the source's own rules:
    "scheme" when it answers the same on http and https (https is written), "www" when www.HOST and HOST are the same
    (HOST is written). The fragment goes, except where it chooses the content: `#!`, `#/` and the category numbers of
    gkmlpt (DOMAIN.md section 6.4). A query is sorted by name, because order never chose a page.

    >>> canonical_url("HTTP://www.Hexian.gov.cn:80/a/../zwgk/index.html;jsessionid=9A?utm_source=wx#top")
    'http://www.hexian.gov.cn/zwgk/'
    >>> canonical_url("http://big5.hexian.gov.cn/gate/big5/www.hexian.gov.cn/art/%e6%b3%95.html?t=1650000000000")
    'http://www.hexian.gov.cn/art/%E6%B3%95.html'
    >>> canonical_url("http://www.hexian.gov.cn/?b=2&a=1", twins=["scheme", "www"])
    'https://hexian.gov.cn/?a=1&b=2'
    """
    spelled = _STRIPPED.sub("", url).strip()
    # Undoing one disguise can bare another (an escaped session id, a gate behind a gate): go on until nothing changes.
    while (simpler := _once(spelled, twins)) != spelled:
        spelled = simpler
    return spelled


def _once(url: str, twins: Collection[Twin]) -> str:
    match = _PARTS.fullmatch(url)
    if match is None:
        return url.strip()
    scheme, authority, path, query, fragment = match.groups()
    scheme = scheme.lower()
    path = path.replace("\\", "/")
    for gate in list(_GATE.finditer(path))[-1:]:  # of gates behind gates, the last leads to the page
        authority, path = gate[1], path[gate.end() :]
    host = _host(authority, scheme)
    if not host:
        return url
    if "scheme" in twins and ":" not in host.rpartition("]")[2]:
        scheme = "https"
    if "www" in twins and host.count(".") > 1:
        host = host.removeprefix("www.")
    path = _path(path)
    query = _query(query or "")
    if not query:
        path = _DEFAULT_PAGE.sub("", path)
    route = _route(path, fragment or "")
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "") + (f"#{route}" if route else "")


def _host(authority: str, scheme: str) -> str:
    # Credentials never choose a page and have no place in an archive.
    name, port = _AUTHORITY.fullmatch(authority.rpartition("@")[2]).groups()  # type: ignore[union-attr]  # matches any
    name = name.lower()
    if not name.isascii():
        try:
            ascii_name = name.encode("idna").decode("ascii").lower()
        except UnicodeError:
            ascii_name = ""
        name = ascii_name if _HOST.fullmatch(ascii_name) else name
    name = name.rstrip(".")
    return name if port in (None, "", _DEFAULT_PORT[scheme]) else f"{name}:{port}"


def _path(path: str) -> str:
    path = _PATH_SESSION.sub("", _escapes(path, "/:@!$&'()*+,;=[]|"))
    kept: list[str] = []
    parts = path.split("/")
    for part in parts[1:]:
        if part == "..":
            del kept[-1:]
        # A doubled slash is a typing slip, except in an address inside the path (`/web/http://...`).
        elif part not in ("", ".") or (part == "" and kept and kept[-1].endswith(":")):
            kept.append(part)
    folder = "/" if parts[-1] in ("", ".", "..") and kept and kept[-1] else ""
    return "/" + "/".join(kept) + folder


def _query(query: str) -> str:
    query = _AMP.sub("&", query)
    pairs = [_escapes(pair.replace("+", "%20"), "/:@!$'()*,;=?[]|") for pair in query.split("&") if pair]
    return "&".join(sorted((pair for pair in pairs if not _is_noise(pair)), key=lambda pair: pair.partition("=")[0]))


def _is_noise(pair: str) -> bool:
    name, equals, value = pair.partition("=")
    if _SESSION.fullmatch(name) or _TRACKING.fullmatch(name):
        return bool(equals)
    if name == "from":
        return value.lower() in _WECHAT_FROM
    if not _BUSTER.fullmatch(name):
        return False
    obvious = name.lower() in {"_", "_t", "ts", "timestamp", "rnd", "rand", "random", "nocache"}
    return (_MOVING_OBVIOUS if obvious else _MOVING).fullmatch(value) is not None


def _route(path: str, fragment: str) -> str:
    if fragment.startswith(("!", "/")) and len(fragment) > 1:
        return _escapes(fragment, "/:@!$&'()*+,;=?[]|#")
    if "/gkmlpt/" in path and fragment.isascii() and fragment.isdecimal():
        return fragment
    return ""


def _escapes(text: str, safe: str) -> str:
    """Percent-escapes in one spelling: unreserved characters plain, all else upper-case hex; a stray % becomes %25."""

    def one(match: re.Match[str]) -> str:
        if match[1] is None:
            return "%25"
        character = chr(int(match[1], 16))
        return character if character in _UNRESERVED else "%" + match[1].upper()

    # surrogatepass: bytes of a broken link must not raise here.
    return quote(_ESCAPE.sub(one, text), safe=safe + "%", encoding="utf-8", errors="surrogatepass")


# Full-width ASCII only: NFKC of a whole text would turn ① into 1 and ㎡ into m2 (DOMAIN.md section 8).
WIDTH: dict[int, int] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# Spellings of one mark. 〔2024〕, ［2024］ and [2024] stand for the same bracket of a 文号.
PAIRS: dict[int, int] = str.maketrans(
    "“”„‟〝〞＂‘’‚‛〔﹝〕﹞–—―─﹣－·•‧・｡､﹐﹑﹔﹕﹖﹗﹙﹚", '"""""""\'\'\'\'[[]]------····。、,、;:?!()'
)
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]+")

_LATIN = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_FOLDED = {chr(code): chr(folded) for code, folded in {**WIDTH, **PAIRS}.items()}
# Lines that move while the document stands still: counters, clocks, the buttons around them (DOMAIN.md section 8).
_MOVING_LINE = re.compile(
    r"\s*(?:(?:浏览|阅读|访问|点击)(?:次数|人次|量|数)?\s*[:：]?\s*\d*\s*(?:人?次)?"
    r"|(?:今天是|当前时间|现在时间)\s*[:：]?.{0,30}"
    r"|[\[【]?\s*(?:打印(?:本页)?|关闭(?:本页|窗口)?|分享到?|返回顶部|收藏本页)\s*[:：]?\s*[\]】]?\s*)+"
)


def normalize(text: str) -> str:
    """A text as the fingerprint sees it: one width, one punctuation, spaces only between Latin words and numbers.

    >>> normalize("\\u3000\\u3000２０２１年，我区（市）\\n浏览次数：37\\n共办理 12 34 件")
    '2021年,我区(市)共办理12 34件'
    """
    lines = (line for line in INVISIBLE.sub("", text).splitlines() if not _moves(line))
    folded = "\n".join(lines)
    for character, plain in _FOLDED.items():  # a third of the time of str.translate: a text holds few of them
        if character in folded:
            folded = folded.replace(character, plain)
    return "".join(_spaced(folded.split())).replace("\0", " ")


def _spaced(words: list[str]) -> Iterator[str]:
    """The words with a space between two that are Latin or numbers at that place."""
    last = ""
    for word in words:
        if last in _LATIN and word[0] in _LATIN:
            yield " "
        yield word
        last = word[-1]


def _moves(line: str) -> bool:
    # The length is asked first: on a line of ten thousand spaces the expression would take minutes.
    return len(line) <= 60 and _MOVING_LINE.fullmatch(line) is not None


def fingerprint(text: str) -> str:
    """SHA-256 (hex) of the normalized text: equal exactly when two pages hold the same document.

    >>> fingerprint("依法行政，") == fingerprint(" 依法行政,\\n")
    True
    """
    return hashlib.sha256(normalize(text).encode("utf-8", "surrogatepass")).hexdigest()
