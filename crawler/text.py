"""The only module that knows trafilatura: it writes the text of a document's node, under guard, and reads whole pages.

trafilatura turns a node into clean text well, but drops link-only paragraphs and repeats, joins the paragraphs of a
layout cell into one line and marks up tables (2.3.1; DOMAIN.md section 7). So what it writes is held against our own
walk over the node, which loses and adds nothing: where the two agree, two writers vouch for the text; where they do
not, the walk's text stands and the evidence says what trafilatura made of it.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

from lxml import etree, html

from crawler.walk import to_text

# trafilatura's walk is recursive and costs some 10 ms on an ordinary node, so huge or deep trees are not shown to it.
SHOWN = 20_000  # elements


@dataclass(frozen=True, slots=True)
class Written:
    """The text of a node, and a sentence on who vouches for it."""

    text: str
    how: str


def write(node: html.HtmlElement) -> Written:
    """The text of a pruned node: one paragraph a line, data tables one row a line with cells separated by a tab."""
    walked = to_text(node)
    if not walked:
        return Written("", "no text in the node")
    if _large(node):
        return Written(walked, f"the walk alone: more than {SHOWN} elements")
    written = _written(node)
    if written == walked:
        return Written(written, "trafilatura and the walk agree to the letter")
    squeezed = _squeezed(written)
    if squeezed == _squeezed(walked):
        return Written(walked, "trafilatura and the walk agree on every character, the walk keeps paragraphs apart")
    lost = [line for line in walked.splitlines() if _squeezed(line) not in squeezed]
    first = f", first {lost[0][:30]!r}" if lost else ""
    return Written(
        walked, f"the walk: trafilatura lost or altered {len(lost)} of {walked.count(chr(10)) + 1} lines{first}"
    )


def witness(root: html.HtmlElement) -> str | None:
    """The main text of a whole page as trafilatura reads it, or None when it finds none or it is no page for it."""
    return None if _large(root) else _extract(copy.deepcopy(root), precise=True)


def _written(node: html.HtmlElement) -> str:
    page, body = html.Element("html"), html.Element("body")
    page.append(body)
    article = copy.deepcopy(node)
    article.tag = "article"  # the whole node is the document: nothing of it is for trafilatura to judge
    body.append(article)
    return _extract(page, precise=False) or ""


def _extract(tree: html.HtmlElement, *, precise: bool) -> str | None:
    import trafilatura  # half a second to import, and lists never ask for it

    try:
        return trafilatura.extract(tree, include_comments=False, favor_precision=precise, favor_recall=not precise)
    except (ValueError, RecursionError, etree.LxmlError):  # a writer that gives up; the walk does not
        return None


def _large(node: html.HtmlElement) -> bool:
    return any(count >= SHOWN for count, _ in enumerate(node.iter()))


def _squeezed(text: str) -> str:
    return "".join(text.replace("|", "").split())
