"""Is this the page that was asked for, or something that stands in for it: a challenge, a refusal, an empty frame?

A stand-in is never archived as content. Marks and phrases are in `crawler.blocking_marks`; the rule here is that a page
with a document or a list on it is never a stand-in, whatever it says: reports do mention 系统维护 and 页面不存在.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin

from crawler.blocking_marks import (
    CAPTCHA,
    CHALLENGE_STATUS,
    CHALLENGES,
    GONE_STATUS,
    MAINTENANCE,
    MISSING,
    PARKED,
    REFUSAL,
    REFUSAL_STATUS,
    UNFILED,
)
from crawler.blocking_sight import Sight, look
from crawler.page import Page

# What every reason of a page that left begins with; whoever keeps the ledger goes by it.
GONE = "gone:"
PARKED_REASON = "blocked:parked"  # the name was sold or lapsed: nobody refuses us, somebody else is there

Stand = Literal["blocked", "gone", "maintenance", "redirect", "shell", "empty", "error"]

# Characters of text (CJK, letters and digits). A body of DOCUMENT is a document; a page of NOTE in all is one message
# and no site frame; a phrase counts only on a line of LINE at most, so that prose about a phrase is not the phrase.
DOCUMENT = 150
NOTE = 250
LINE = 90
BARE = 40
BLANK = 8
LINKS = 12  # a message page has a way home and a telephone number, not a menu
LISTED = 3  # entries that make a list
STUB = 4096  # characters of markup: scripts that only set a cookie and reload fit in this

# What only an article shows: a date line, or a title in the form that official documents have.
ARTICLE_LINE = re.compile(
    r"(?:发布|发文|成文|公开|更新)?(?:日期|时间)\s*[:：]\s*(?:19|20)\d\d"
    r"|关于.{2,60}的(?:通知|公告|通告|通报|公示|函|报告|批复|决定|意见|办法|复函|提示|说明)|^(?:公告|通告|通知|公示)$"
)
COOKIE_STUB = re.compile(r"document\s*(?:\.|\[['\"])cookie")
RELOAD = re.compile(r"location\s*\.\s*(?:reload|replace|href|assign)|location\s*(?:=|\[)")
LOCATION = re.compile(
    r"location(?:\s*\.\s*href)?\s*=\s*(?P<a>['\"])(?P<to>[^'\"\s]{1,2000})(?P=a)"
    r"|location\s*\.\s*(?:replace|assign)\(\s*(?P<b>['\"])(?P<go>[^'\"\s]{1,2000})(?P=b)"
)
REFRESH = re.compile(r"^\s*(\d{1,4})\s*[;,]\s*url\s*=\s*['\"]?\s*([^'\"\s]+)", re.IGNORECASE)
MOUNT = re.compile(r"<(?:div|main)\s[^>]{0,200}\bid=['\"]?(?:app|root|__next|__nuxt)\b|<i?frame\b", re.IGNORECASE)
SOON = 10  # seconds: a page that refreshes later than this is read before it leaves


@dataclass(frozen=True, slots=True)
class Block:
    """Why a page is not what was asked for: a kind, a reason such as `blocked:ruishu`, and what on the page says so."""

    kind: Stand
    reason: str
    evidence: str
    target: str | None = None  # where a redirect or frame leads, absolute

    @property
    def reading(self) -> Literal["blocked", "empty"]:
        """The kind of reading it makes: a refusal may be asked again later, the rest holds no document."""
        return "blocked" if self.kind == "blocked" else "empty"


def check(page: Page, *, entries: int = 0, body_chars: int | None = None) -> Block | None:
    """What `page` is when it is not a document or list; None when it is, or when nothing says otherwise.

    `entries`: how many list entries the reader found; `body_chars`: length of the document (None: not looked for).
    """
    if page.status in GONE_STATUS:
        return Block("gone", f"{GONE}http{page.status}", f"status {page.status}")
    by_status = CHALLENGE_STATUS.get(page.status)
    if by_status is not None:
        return Block("blocked", by_status, f"status {page.status}")
    if _holds_a_document(page, entries, body_chars):
        return None
    sight = look(page)
    found = _challenge(page, sight) or _message(page, sight, body_chars is not None) or _by_status(page)
    if found is None and body_chars is not None and body_chars > max(BARE, sight.words):
        return None  # a short document that stands in a script, while the page itself shows nothing
    return found or _redirect(page, sight) or _nothing(page, sight)


def _holds_a_document(page: Page, entries: int, body_chars: int | None) -> bool:
    if page.status >= 400:
        return False
    return entries >= LISTED or (body_chars is not None and body_chars >= DOCUMENT)


def _by_status(page: Page) -> Block | None:
    target = page.headers.get("location")
    if 300 <= page.status < 400 and target:
        return _sent_on(page, target, f"status {page.status}")
    if page.status in REFUSAL_STATUS:
        return Block("blocked", f"blocked:http{page.status}", f"status {page.status}")
    if page.status >= 400:
        return Block("error", f"error:http{page.status}", f"status {page.status}")
    return None


def _challenge(page: Page, sight: Sight) -> Block | None:
    """A script or picture to be solved before the page is given."""
    if sight.words > NOTE or sight.links > LINKS:
        return None
    for reason, product, mark in CHALLENGES:
        found = mark.search(page.text)
        if found:
            return Block("blocked", reason, f"{product}: {found.group(0)[:40]}")
    if page.status == 412:  # 瑞数 answers so and renames its variables from time to time
        return Block("blocked", "blocked:ruishu" if "<script" in page.text.lower() else "blocked:waf", "status 412")
    bare = sight.words <= BARE and len(page.text) <= STUB
    if bare and COOKIE_STUB.search(page.text) and RELOAD.search(page.text):
        return Block("blocked", "blocked:cookie", "a script that sets a cookie and loads the page again")
    return None


def _message(page: Page, sight: Sight, searched: bool) -> Block | None:
    """One message instead of a page; a phrase counts in the title or on a short line, and never beside an article.

    `searched`: a reader looked for a document and found none, so that a message may stand inside the whole site frame.
    """
    if _is_article(page, sight):
        return None
    alone = sight.words <= NOTE and sight.links <= LINKS
    kinds: tuple[tuple[Stand, str, re.Pattern[str], bool], ...] = (
        ("blocked", PARKED_REASON, PARKED, sight.words <= NOTE),
        ("blocked", "blocked:unfiled", UNFILED, alone),
        ("blocked", "blocked:waf", REFUSAL, alone),
        ("blocked", "blocked:captcha", CAPTCHA, alone),
        ("gone", f"{GONE}soft404", MISSING, alone or searched),
        ("maintenance", "maintenance", MAINTENANCE, alone),
    )
    for kind, reason, phrase, applies in kinds:
        found = _says(sight, phrase) if applies else None
        if found:
            return Block(kind, reason, found)
    return None


def _says(sight: Sight, phrase: re.Pattern[str]) -> str | None:
    for line in (sight.title, *sight.lines):
        if len(line) <= LINE and phrase.search(line):
            return line
    return None


def _is_article(page: Page, sight: Sight) -> bool:
    """Does the page carry the title or the date of an article, in its text or in the meta tags of 网页设计规范?"""
    if any(ARTICLE_LINE.search(line[:LINE]) for line in (sight.title, *sight.lines)):
        return True
    wanted = {"articletitle", "pubdate"}
    metas = (meta for meta in page.root.iter("meta") if str(meta.get("name", "")).lower() in wanted)
    return any(str(meta.get("content", "")).strip() for meta in metas)


def _redirect(page: Page, sight: Sight) -> Block | None:
    """A page that only sends the visitor on."""
    if sight.words > NOTE or sight.links > LINKS:
        return None
    for meta in page.root.iter("meta"):
        refresh = REFRESH.match(str(meta.get("content", ""))) if _lower(meta.get("http-equiv")) == "refresh" else None
        if refresh and int(refresh[1]) <= SOON:
            return _sent_on(page, refresh[2], "meta refresh")
    # A function of a short page may set a location too; a page without any text has no other purpose.
    if sight.words > BARE or sight.media > 1 or (sight.words > BLANK and _is_article(page, sight)):
        return None
    onload = [str(body.get("onload") or "") for body in page.root.iter("body")]
    for script in [*(str(one.text or "") for one in page.root.iter("script")), *onload]:
        found = LOCATION.search(script)
        if found:
            return _sent_on(page, found["to"] or found["go"], "script location")
    return None


def _sent_on(page: Page, target: str, how: str) -> Block:
    try:
        absolute: str | None = urljoin(page.url, target)
    except ValueError:  # not a URL at all, e.g. an unclosed [ of an IPv6 address
        absolute = None
    return Block("redirect", "redirect_shell", f"{how} to {target[:200]}", absolute)


def _nothing(page: Page, sight: Sight) -> Block | None:
    """Nothing to see: an empty answer, a frameset, or an application that draws itself with scripts."""
    if sight.words > (BARE if MOUNT.search(page.text) else BLANK) or sight.links > 1 or sight.media:
        return None
    frame = next((f for f in page.root.iter("frame", "iframe") if _points_somewhere(f.get("src"))), None)
    if frame is not None:
        block = _sent_on(page, str(frame.get("src")), str(frame.tag))
        return Block("shell", "frame_shell", block.evidence, block.target)
    if any(True for _ in page.root.iter("script")):
        return Block("shell", "script_shell", "scripts and no text")
    return Block("empty", "empty:blank", f"{sight.words} characters of text")


def _points_somewhere(src: object) -> bool:
    return bool(src) and not _lower(src).startswith(("javascript:", "about:", "data:"))


def _lower(value: object) -> str:
    return str(value or "").strip().lower()
