"""The standard meta tags of government sites: names in any case, markup inside, template defaults (DOMAIN.md 1)."""

from __future__ import annotations

import html as entities
import re

from lxml import html

from crawler.fields import clean

_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
# Values every article of a site carries because nobody changed the template.
DEFAULT_ORIGINS = frozenset(
    {"本网", "本站", "原创", "网络", "互联网", "转载", "其他", "本网站", "未知", "管理员", "admin"}
)


def read_metas(root: html.HtmlElement) -> dict[str, str]:
    """Lower-case name (or property) to its first content that says something."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").strip().lower()
        value = plain(meta.get("content"))
        if name and value and name not in metas:
            metas[name] = value
    return metas


def plain(content: str | None) -> str | None:
    """A tag's content as text: `<br/>` and double-escaped entities undone, None where nothing is left.

    >>> plain("关于某事<br/>的通知"), plain("甲&amp;ldquo;乙&amp;rdquo;"), plain(" - ")
    ('关于某事的通知', '甲“乙”', None)
    """
    if not content:
        return None
    text = content
    for _ in range(2):
        if "&" in text:
            text = entities.unescape(text)
    # A template variable nobody filled is no value.
    if re.search(r"\$\{|\{\{|<%|\$\w+\.|\[!--", text):
        return None
    # A break in a title is layout: dropped, while any other tag parts words.
    return clean(_TAG.sub(" ", _BREAK.sub("", text)))
