"""The whole way from a page to its document: locate, copy, prune, judge."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import html

from archive.model import Attachment
from crawler.body import chrome
from crawler.body.attachments import attachments, files_in, goes_on
from crawler.body.bare import bare
from crawler.body.embedded import embedded
from crawler.body.furniture import Above
from crawler.body.prune import Removed, prune
from crawler.body.search import Found, locate
from crawler.body.shell import flags as shell_flags
from crawler.body.shell import scripted
from crawler.body.weights import Weights, weigh
from crawler.page import Page
from crawler.walk import lines

_STUB = 60  # characters up to which a text beside files or pictures is only a pointer to them


@dataclass(frozen=True, slots=True)
class Body:
    """What of a page is the document.

    `node` is a pruned copy, or None when there is no document to read. `flags` may hold `image_only`,
    `attachment_only`, `link_only`, `hidden_text`, `multi_page` (the rest stands at other URLs), and where there
    is no document `redirect`, `frames`, `script_shell` or `empty`. `how` is the evidence, one sentence;
    `removed` lists (reason, text) of what was taken out.
    """

    node: html.HtmlElement | None
    flags: tuple[str, ...] = ()
    hidden_chars: int = 0
    attachments: tuple[Attachment, ...] = ()
    how: str = ""
    removed: tuple[Removed, ...] = ()


def find(page: Page, containers: Sequence[str] = ()) -> Body:
    """Find the document of a page; `containers` are XPath or CSS expressions a CMS family knows its text by."""
    root = page.root
    claimed = titles(root)
    weights = weigh(root, claimed)
    found = locate(root, weights, containers)
    if found is None or (weights.of(found.node) <= 0 and not found.sure):
        written = scripted(page)
        if written is not None:
            found = Found(written, "HTML in a script or textarea", editor=True)
    if found is None:
        how = "no container is filled and no prose stands out"
        if shown := files_in([root], weights, page.url) if any(embedded([root])) else ():
            return Body(None, ("attachment_only",), attachments=shown, how=f"{how}; a file is shown in a frame")
        files, picture = bare(weights, claimed, page.url)
        if files or picture:
            how += "; only a file or a picture stands below the heading"
            return Body(None, ("attachment_only" if files else "image_only",), attachments=files, how=how)
        return Body(None, tuple(shell_flags(page)), how=how)
    node = copy.deepcopy(found.node)
    node.tail = None
    removed, hidden = prune(node, found, claimed, _above(found.node, weights, claimed))
    files = attachments(found.node, weights, page.url)
    flags = _flags(node, files, hidden) + (("multi_page",) if goes_on(found.node, page.url) else ())
    return Body(node, flags, hidden, files, found.how, tuple(removed))


def titles(root: html.HtmlElement) -> frozenset[str]:
    """Every title the page claims for itself, squeezed: ArticleTitle, headings, <title> with and without its suffix."""
    claimed = [
        meta.get("content") or "" for meta in root.iter("meta") if (meta.get("name") or "").lower() == "articletitle"
    ]
    claimed += ["".join(heading.itertext()) for heading in root.iter("h1", "h2")]
    for title in root.iter("title"):
        text = "".join(title.itertext())
        claimed += [
            text,
            *(text[: text.rfind(sign)] for sign in "-_|—–－" if sign in text),
            *(text.split(sign)[0] for sign in "-_|—–－"),
        ]
    return frozenset(filter(None, map(chrome.squeeze, claimed)))


def _above(node: html.HtmlElement, weights: Weights, claimed: frozenset[str]) -> Above:
    """Whether the title stands on the page above the node, and what the info line below it says."""
    inside = set(node.iter())
    told: frozenset[str] | None = None
    for line in itertools.takewhile(lambda line: line.block not in inside, weights.lines):
        tight = chrome.squeeze(line.text)
        if tight in claimed:
            told = frozenset()
        elif told is not None:
            told |= chrome.info_fields(tight)
    return Above(told is not None, told or frozenset())


def _flags(node: html.HtmlElement, files: tuple[Attachment, ...], hidden: int) -> tuple[str, ...]:
    shown = list(lines(node))
    size = sum(len(line.text) for line in shown)
    linked = sum(line.linked for line in shown)
    flags = []
    if not size and node.find(".//img") is not None:
        flags.append("image_only")
    elif files and size - linked <= _STUB and not any("。" in line.text for line in shown):
        flags.append("attachment_only")
    elif not size:
        flags.append("empty")
    elif linked > 0.9 * size:
        flags.append("link_only")
    if hidden:
        flags.append("hidden_text")
    return tuple(flags)
