"""Is a page an official page, or a copy that a stranger serves and rewrites (DOMAIN.md section 7.1)?

Signs are weighed, not counted: what a mirror must change to earn money (its title, the name of the home page, the
links) weighs most; what a careless editor may do too (small letters, a lost plus sign) weighs least and never alarms
alone. A host is a sign only when the page contradicts it: a file from disk or from a test server is not suspected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from archive.model import Integrity
from crawler.integrity_host import OFFICIAL, Standing, host_of, host_signs, standing_of, within
from crawler.integrity_marks import (
    ADDRESS,
    BRAND,
    COME_ON,
    DOUBLED,
    GAMES,
    HOME,
    JUNK_TAGS,
    LATIN,
    PINYIN,
    PLUS_LOST,
    SIMPLIFIED,
    SUPERVISION,
    TITLE_IN_ENTITIES,
    TRADITIONAL,
    TRADITIONAL_EDITION,
    UNITS,
    Sign,
)
from crawler.page import Page

SUSPECT, CLONED = 3, 5  # sums of weights
NAME = 80  # characters: longer than any name of a site, a crumb or a link that is read for brands
ENOUGH = 30  # characters that differ between the two scripts, before their share says anything
LONGEST = 200_000  # characters: what rewriting does shows long before
TITLE_PARTS = re.compile(r"[-_|—–－]+")
CAPITAL = re.compile(r"[A-Z]")
EDGE = 5  # lines at either end of a text, where mirrors leave their own
HIDDEN = 300  # characters: less is a menu or a tooltip


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far a page can be trusted, and why not further; a clean page has no reasons."""

    level: Integrity
    reasons: tuple[str, ...] = ()


def judge(
    page: Page,
    *,
    title: str | None,
    breadcrumb: Sequence[str],
    site_name: str | None,
    body_text: str | None,
    hidden_chars: int = 0,
    source_hosts: Sequence[str] = (),
) -> Verdict:
    """Weigh the signs on `page`; the rest is what the reader read in it, and `source_hosts` the hosts of its source.

    A page under an official host is never called cloned: what is wrong there was put into it (`suspect`).
    """
    host = host_of(page.url)
    standing = standing_of(host, source_hosts)
    text = (body_text or "")[:LONGEST]
    signs = [*_names(page, title, breadcrumb, site_name), *_wording(page, text, standing)]
    signs += _markup(page, text, hidden_chars)
    if host is not None and standing == "stranger":
        signs += host_signs(page, host, site_name)
    total = sum(sign.weight for sign in signs)
    if total < SUSPECT or max(sign.weight for sign in signs) == 1:
        return Verdict("clean")
    level: Integrity = "cloned" if total >= CLONED and standing != "official" else "suspect"
    return Verdict(level, tuple(sign.reason for sign in signs))


def _spam(name: str | None, *, games: bool = True) -> str | None:
    """The brand (or the game of chance) in a name, unless the name is about supervision."""
    if not name:
        return None
    lowered = name[:NAME].lower()
    found = BRAND.search(lowered) or (GAMES.search(lowered) if games else None)
    return found.group(0) if found and not SUPERVISION.search(name) else None


def _names(page: Page, title: str | None, breadcrumb: Sequence[str], site_name: str | None) -> Iterator[Sign]:
    """Brands where a site says its name: title, first crumb, the link home, site name, keywords, and links abroad."""
    head = " ".join((page.root.findtext(".//title") or "")[:LONGEST].split())[: 10 * NAME]
    main, *suffixes = TITLE_PARTS.split(head)
    titles = [main, *suffixes, *TITLE_PARTS.split(title or "")]
    # News may have a game of chance in its title, a brand hardly.
    if found := next((spam for part in titles if (spam := _spam(part, games=False))), None):
        yield Sign(3, f"brand in the title: {found}")
    elif found := next((offer[0] for part in suffixes if (offer := COME_ON.search(part.lower()))), None):
        yield Sign(2, f"an offer in the title: {found}")
    home, abroad, offer_home = _anchors(page)
    crumb = breadcrumb[0] if breadcrumb else ""
    if found := _spam(crumb) or home:
        yield Sign(3, f"brand in place of the home page: {found}")
    elif offer_home or COME_ON.search(crumb.lower()):
        yield Sign(2, f"an offer in place of the home page: {offer_home or crumb}")
    if found := _spam(site_name):
        yield Sign(3, f"brand in the site name: {found}")
    if abroad:
        yield Sign(3, f"link to another site for {abroad}")
    if found := next((spam for part in _keywords(page) if (spam := _spam(part, games=False))), None):
        yield Sign(2, f"brand in the keywords: {found}")


def _keywords(page: Page) -> Iterator[str]:
    for meta in page.root.iter("meta"):
        if str(meta.get("name", "")).lower() in {"keywords", "description"}:
            content = str(meta.get("content", ""))
            yield from (content[start : start + NAME] for start in range(0, min(len(content), 10 * NAME), NAME))


def _anchors(page: Page) -> tuple[str | None, str | None, str | None]:
    """The first brand in a link home, the first in a link to a host of neither kind, the first offer in a link home."""
    home = abroad = offer = None
    here = host_of(page.url)
    for anchor in page.root.iter("a"):
        href = (anchor.get("href") or "").strip()
        is_home = bool(href) and HOME.fullmatch(href) is not None
        there = host_of(href) if href.lower().startswith("http") else None
        foreign = there is not None and there != here and not within(there, OFFICIAL)
        if foreign or is_home:
            name = "".join(piece[:NAME] for piece in islice(anchor.itertext(), 8)).strip()
            found = _spam(name)
            home, abroad = (home, abroad or found) if foreign else (home or found, abroad)
            if is_home and not foreign and COME_ON.search(name[:NAME].lower()):
                offer = offer or name[:NAME]
    return home, abroad, offer


def _wording(page: Page, text: str, standing: Standing) -> Iterator[Sign]:
    """What rewriting does to letters: traditional characters, pinyin in brackets, small letters, lost plus signs."""
    pinyin = len(PINYIN.findall(text))
    traditional = _traditional(page, text) if standing != "official" else 0.0
    rewritten = traditional > 0.3 and (pinyin >= 3 or standing == "stranger")
    if rewritten:
        yield Sign(2, f"{traditional:.0%} of the characters that tell are traditional")
    if pinyin >= 3:
        # Lists of place names explain rare characters so; nobody writes them in traditional characters on the mainland.
        yield Sign(2 if rewritten else 1, f"pinyin in brackets after {pinyin} characters")
        if len(DOUBLED.findall(text)) >= 3:
            yield Sign(1, "doubled punctuation")
    small = "" if CAPITAL.search(text) else ADDRESS.sub(" ", text)
    lines = [line for line in text.split("\n") if line.strip()]
    edges = [line for line in (*lines[:EDGE], *lines[-EDGE:]) if len(line) <= NAME]
    if found := next((spam for line in edges if (spam := _spam(line, games=False))), None):
        yield Sign(2, f"brand in the first or last lines: {found}")
    words = [word for word in LATIN.findall(small) if not UNITS.fullmatch(word)]
    if len(words) >= 3:
        yield Sign(1, f"{len(words)} Latin words and no capital letter")
    if lost := PLUS_LOST.search(text):
        yield Sign(1, f"a plus sign turned into a space: {text[max(0, lost.start() - 4) : lost.end() + 4].strip()}")


def _traditional(page: Page, text: str) -> float:
    """The share of traditional characters where the page does not present itself as a traditional edition."""
    lang = " ".join((page.url, page.root.get("lang") or "", page.root.get("xml:lang") or ""))
    traditional = len(TRADITIONAL.findall(text))
    known = traditional + len(SIMPLIFIED.findall(text))
    return 0.0 if known < ENOUGH or TRADITIONAL_EDITION.search(lang) else traditional / known


def _markup(page: Page, text: str, hidden_chars: int) -> Iterator[Sign]:
    """What was put into the page: wrappers under one random id, hidden text, a title written in character entities."""
    tags: dict[str, list[str]] = {}
    for node in page.root.iter(*JUNK_TAGS):
        if name := node.get("id"):
            tags.setdefault(str(name), []).append(str(node.tag))
    junk = next((name for name, used in tags.items() if len(used) >= 3 and len(set(used)) >= 2), None)
    if junk is not None:
        yield Sign(3, f"{len(tags[junk])} junk wrappers share the id {junk[:20]}")
    if hidden_chars >= HIDDEN and hidden_chars > len(text):
        yield Sign(1, f"{hidden_chars} hidden characters beside {len(text)} shown")
    if TITLE_IN_ENTITIES.search(page.text[:20_000]) and len(re.findall("&#", page.text)) < 200:
        yield Sign(1, "title written in character entities")
