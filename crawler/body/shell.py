"""Pages whose HTML is a shell: the document stands in a script, behind a redirect, or in a frame."""

from __future__ import annotations

import json
import re
from typing import Final

from lxml import etree, html

from crawler.page import Page

# JSON in an inline script: gkmlpt's _CONFIG.DETAIL and the state objects of script-built sites.
_HTML_VALUE: Final = re.compile(
    r"[\"']?(?:content|contents|contentHtml|articleContent|content_html|html_content|newsContent|txt|infocontent|doccontent|body)[\"']?"
    r"\s*[:=]\s*(\"(?:[^\"\\]|\\.)*\")",
    re.IGNORECASE,
)
_HANZI: Final = re.compile("[\u3400-\u9fff]")
_JUMP: Final = re.compile(
    r"(?:window|document|self|top|parent)?\.?location(?:\.href)?\s*=\s*[\"']|location\.(?:replace|assign)\("
)
_LONGEST = 4_000_000  # characters of script looked through
_ENOUGH = 10  # Hanzi from which a string is a document rather than a label


def scripted(page: Page) -> html.HtmlElement | None:
    """The longest piece of Chinese HTML in a script (as a JSON string) or textarea, parsed; or None."""
    typed = ["".join(area.itertext()) for area in page.root.iter("textarea")]
    best = max((text for text in typed if "<" in text and len(_HANZI.findall(text)) >= _ENOUGH), key=len, default="")
    for script in page.root.iter("script"):
        source = script.text or ""
        if script.get("src") or len(source) > _LONGEST:
            continue
        for match in _HTML_VALUE.finditer(source):
            try:
                value = json.loads(match[1], strict=False)
            except ValueError:
                continue
            if len(value) > len(best) and len(_HANZI.findall(value)) >= _ENOUGH:
                best = value
    if not best:
        return None
    try:
        return html.fragment_fromstring(best, create_parent="div")
    except (etree.ParserError, ValueError):
        return None


def flags(page: Page) -> list[str]:
    """What a page without a document is: `redirect`, `frames`, `script_shell` or `empty`."""
    root = page.root
    refresh = any((meta.get("http-equiv") or "").lower() == "refresh" for meta in root.iter("meta"))
    scripts = list(root.iter("script"))
    if refresh or any(_JUMP.search((script.text or "")[:5000]) for script in scripts):
        return ["redirect"]
    if next(root.iter("frame", "iframe"), None) is not None:
        return ["frames"]
    return ["script_shell"] if scripts else ["empty"]
