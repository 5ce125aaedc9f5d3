"""Who asks: the User-Agent of every request, with a contact for the operator of the site."""

from __future__ import annotations

import sys
from typing import Self

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.useragent import UserAgentMiddleware
from scrapy.settings import BaseSettings

PLACE = "{contact}"
NOBODY = "contact-not-set@gongbao.example"  # a name that is reserved: nobody else gets the mail
_told = False


def user_agent(settings: BaseSettings) -> str:
    """USER_AGENT with the contact of this archive where it says `{contact}`.

    >>> from scrapy.settings import Settings
    >>> user_agent(Settings({"USER_AGENT": "Gongbao/0.1 ({contact})", "CONTACT": "archive@lib.example"}))
    'Gongbao/0.1 (+mailto:archive@lib.example)'
    """
    contact = str(settings["CONTACT"] or NOBODY)
    # A header is one line of ASCII, and a parenthesis would end the comment it stands in.
    plain = "".join(char for char in contact if char.isascii() and char.isprintable() and char not in "()\\")
    return str(settings["USER_AGENT"]).replace(PLACE, f"+{plain}" if "://" in plain else f"+mailto:{plain}")


class WhoMiddleware(UserAgentMiddleware):
    """Scrapy's own, which says once on stderr that nobody can be asked when there is no contact."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        global _told  # once a process, however many crawls
        settings = crawler.settings
        unknown = PLACE in str(settings["USER_AGENT"]) and not settings["CONTACT"]
        if unknown and not _told and not settings.getbool("REPLAY"):
            _told = True
            print("no contact is set; the sites will want one: export GONGBAO_CONTACT=you@your.org", file=sys.stderr)
        return cls(user_agent(settings))
