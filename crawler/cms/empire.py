"""帝国CMS (EmpireCMS): plain links, `index_2.html` upwards, 下一页 among them."""

from __future__ import annotations

from crawler.cms import addresses, pager
from crawler.cms.base import Family, Turn
from crawler.page import Page


class Empire(Family):
    name = "empire"
    containers = ("//*[@id='text']", "//*[contains(@class, 'showtxt')]", "//*[contains(@class, 'news-content')]")
    article_url = (addresses.ARTICLE_PATTERNS["date-path"],)

    def fingerprint(self, page: Page) -> str | None:
        for mark in (
            "/e/public/onclick",
            "/e/public/ViewClick",
            "/e/search/index.php",
            "/e/data/js/",
            "/e/member/",
            "Powered by EmpireCMS",
            "[!--empirenews",
        ):
            if mark in page.text:
                return mark
        return None

    def next_page(self, page: Page) -> Turn | None:
        return pager.plain(page) if self.fingerprint(page) else None
