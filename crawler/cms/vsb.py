"""博达 VSB (Visual SiteBuilder): pages are numbered downwards, so 下页 is followed (DOMAIN.md section 6.4)."""

from __future__ import annotations

from crawler.cms import addresses, pager
from crawler.cms.base import Family, Turn
from crawler.page import Page


class Vsb(Family):
    name = "vsb"
    containers = (
        "//*[@id='vsb_content']//*[contains(@class, 'v_news_content')]",
        "//*[contains(@class, 'v_news_content')]",
        "//*[starts-with(@id, 'vsb_content')]",
    )
    article_url = (addresses.ARTICLE_PATTERNS["info"],)

    def fingerprint(self, page: Page) -> str | None:
        for mark in (
            "Visual SiteBuilder",
            "/_sitegray/",
            "_sitegray.js",
            "/system/resource/js/",
            "<!-- CustomerNO:",
            "vsb_content",
            "_showDynClicks",
        ):
            if mark in page.text:
                return mark
        return None

    def next_page(self, page: Page) -> Turn | None:
        following = page.root.xpath("//a[contains(@class, 'Next') and not(contains(@class, 'Disabled'))]")
        for node in following:
            url = addresses.join(addresses.base_of(page), node.get("href") or "")
            if (
                url is not None
                and addresses.key(url) != addresses.key(page.url)
                and node.text_content().strip() in {"下页", "下一页"}
            ):
                return Turn(f"下页 -> {url}", url=url)
        if page.root.xpath("//*[contains(@class, 'NextDisabled')]"):
            return Turn("NextDisabled", stop_reason="last page: 下页 is disabled")
        return pager.plain(page) if self.fingerprint(page) else None
