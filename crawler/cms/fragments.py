"""Sites whose further pages are fragments numbered backwards: `maxPageNum` on the first page, then max-1 to 1."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.cms import addresses
from crawler.cms.base import Family, Turn
from crawler.cms.pager import scripts
from crawler.page import Page

_NUMBERED = re.compile(r"^(.*/\w+_\d{3,}_)(\d{1,4})(\.s?html?)$")


class Fragments(Family):
    name = "fragments"
    containers = ("//*[@id='con_con']", "//*[contains(@class, 'zsy_comain')]", "//*[contains(@class, 'article-con')]")
    article_url = (addresses.ARTICLE_PATTERNS["content"],)

    def fingerprint(self, page: Page) -> str | None:
        if "maxPageNum" in page.text and re.search(r"\bmaxPageNum\s*=\s*\d", page.text):
            return "maxPageNum"
        if "<!--start component" in page.text:
            return "<!--start component"
        return None

    def next_page(self, page: Page) -> Turn | None:
        """From the whole page to fragment max-1; from fragment n to n-1; fragment 1 holds the oldest rows."""
        if "maxPageNum" not in page.text:
            return _from_fragment(page)
        code = scripts(page)
        pages = re.findall(r"(?<![\w.])maxPageNum\s*=\s*(\d+)", code)
        prefix = re.search(r"\bpurl\s*=\s*['\"]([^'\"]+)['\"]", code)
        if pages and prefix is not None:
            count = max(int(value) for value in pages)
            if count < 2:
                return Turn("maxPageNum", stop_reason="last page: maxPageNum is 1", page_count=max(count, 1))
            url = addresses.join(addresses.base_of(page), f"{prefix[1]}_{count - 1}.html")
            return Turn(f"maxPageNum = {count}, purl {prefix[1]}", url=url, page_count=count)
        return _from_fragment(page)


def _from_fragment(page: Page) -> Turn | None:
    """A fragment is known by having links but no `<head>` of its own, whatever comments its component leaves."""
    found = _NUMBERED.match(urlsplit(page.url).path)
    if (
        found is None
        or not re.search(r"<a\s", page.text, re.I)
        or re.search(r"<(?:head|html|body)[\s>]", page.text, re.I)
    ):
        return None
    number = int(found[2])
    if number <= 1:
        return Turn(f"fragment {number}", stop_reason="last page: fragments count down to 1")
    url = addresses.join(page.url, f"{found[1]}{number - 1}{found[3]}")
    return Turn(f"fragment {number} of a list that counts down", url=url)
