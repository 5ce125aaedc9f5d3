"""CMS families: how the vendors of government sites write articles, lists and pagers; and which one a page is of.

A family is a module with one class. To add one: write the module, add it to FAMILIES before the ones it resembles.
"""

from __future__ import annotations

from crawler.cms.base import Entry, Family, NextPage, Turn
from crawler.cms.empire import Empire
from crawler.cms.epoint import Epoint
from crawler.cms.feeds import Feed
from crawler.cms.fragments import Fragments
from crawler.cms.gkmlpt import Gkmlpt
from crawler.cms.hanweb import Hanweb
from crawler.cms.jpaas import Jpaas
from crawler.cms.jsonlist import JsonList
from crawler.cms.longxun import Longxun
from crawler.cms.trs import Trs
from crawler.cms.truecms import Truecms
from crawler.cms.vsb import Vsb
from crawler.cms.xxgk import Xxgk
from crawler.page import Page

__all__ = ["FAMILIES", "GENERIC", "Entry", "Family", "NextPage", "Turn", "family_named", "recognise"]

GENERIC = Family()
# Order matters: the first whose fingerprint is on the page wins; the most telling marks come first.
FAMILIES: tuple[Family, ...] = (
    Feed(),
    Gkmlpt(),
    Jpaas(),
    Truecms(),
    Xxgk(),
    Hanweb(),
    Vsb(),
    Longxun(),
    Fragments(),
    Epoint(),
    Empire(),
    Trs(),
    JsonList(),
)


def recognise(page: Page) -> Family:
    """The family whose fingerprint the page bears; the generic family when it bears none."""
    return next((family for family in FAMILIES if family.fingerprint(page) is not None), GENERIC)


def family_named(name: str) -> Family:
    """The family of that name. Raises KeyError with the names there are."""
    known = {family.name: family for family in (GENERIC, *FAMILIES)}
    if name not in known:
        raise KeyError(f"no CMS family {name!r}; known: {', '.join(sorted(known))}")
    return known[name]
