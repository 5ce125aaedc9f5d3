"""Which lines of a node are the site's furniture: by their wording, and by where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lxml import html

from crawler.body import chrome
from crawler.body.search import Found
from crawler.body.weights import is_file, is_prose
from crawler.walk import Line, Tables

_SENTENCE: Final = re.compile("[。！？；]")
_LONG_TITLE = 120
_CATALOGUE = 4  # labels from which a group of them is the 索引号 table
_FILES_LABEL: Final = re.compile(r"^(?:相关|文件|可下载)?(?:附件|下载)(?:下载|列表|信息)?[:：]?$")
_STEM = 10  # characters two beginnings must share for one to be a summary of the other
_FORGOTTEN = 6  # lines at either end in which a lone editor's or source line is furniture


@dataclass(frozen=True, slots=True)
class Above:
    """What stands on the page above the document's node: the title, and the fields of the info line below that."""

    titled: bool = False
    told: frozenset[str] = frozenset()


NOTHING: Final = Above()


def furniture(
    page: list[Line], found: Found, titles: frozenset[str], above: Above, pictured: bool
) -> list[tuple[str, Line]]:
    kinds: list[str | None] = [chrome.kind(_untitled(line.text, titles)) for line in page]
    _values_of_labels(page, kinds)
    _trust_tables(page, kinds, found.editor)
    prose = [at for at, line in enumerate(page) if kinds[at] is None and is_prose(line)]
    last = prose[-1] if prose else -1
    text = (at for at in prose if _is_sentence(page[at], titles) or (found.editor and not _is_title(page[at], titles)))
    first = next(text, len(page))
    out: dict[int, str] = {}
    _head(page, kinds, first, found, titles, above, pictured, out)
    _preview(page, out)
    _tail(page, kinds, last, found.editor, out)
    if not found.sure:
        _trailing_links(page, out)
        _trailing_files(page, out)
    for at, sort in enumerate(kinds):
        if sort == "tool" or (sort == "info" and not found.editor and len(_fields(page[at])) > 1):
            out.setdefault(at, sort)
    return [(out[at], page[at]) for at in sorted(out)]


def _fields(line: Line) -> frozenset[str]:
    return chrome.info_fields(chrome.squeeze(line.text))


def _trust_tables(page: list[Line], kinds: list[str | None], editor: bool) -> None:
    """In a table of some rows no cell is furniture but those of the 索引号 table and, outside an editor, of info."""
    tables = Tables()
    catalogue = sum(kind in ("label", "value") for kind in kinds) >= _CATALOGUE
    for at, sort in enumerate(kinds):
        if sort is None or (catalogue and sort in ("label", "value")) or not (editor or sort == "tool"):
            continue
        place = tables.place(page[at].block, None)
        if place is not None and len(place[0].getparent()) > 2:
            kinds[at] = None


def _is_title(line: Line, titles: frozenset[str]) -> bool:
    return chrome.squeeze(line.text) in titles


def _is_sentence(line: Line, titles: frozenset[str]) -> bool:
    """Prose that is no long title: the titles of joint orders of many agencies run to 100 characters and more."""
    return (bool(_SENTENCE.search(line.text)) or len(line.text) > _LONG_TITLE) and not _is_title(line, titles)


def _values_of_labels(page: list[Line], kinds: list[str | None]) -> None:
    """The cell after a bare label belongs to it."""
    for at in range(len(page) - 1):
        if kinds[at] == "label" and chrome.is_label(page[at].text) and kinds[at + 1] is None:
            row = next(page[at].block.iterancestors("tr", "dl", "li", "ul"), None)
            if row is not None and row in set(page[at + 1].block.iterancestors()):
                kinds[at + 1] = "value"


def _untitled(text: str, titles: frozenset[str]) -> str:
    """A line without the title it begins with: some templates set title and info line as one paragraph."""
    tight = chrome.squeeze(text)
    title = max((title for title in titles if len(title) >= 6 and tight.startswith(title)), key=len, default="")
    return tight[len(title) :] or text if title else text


def _head(
    page: list[Line],
    kinds: list[str | None],
    first: int,
    found: Found,
    titles: frozenset[str],
    above: Above,
    pictured: bool,
    out: dict[int, str],
) -> None:
    """Everything down to the info line or 索引号 table; of an editor's text only those lines themselves."""
    labels = sum(kind == "label" for kind in kinds[:first])
    wanted = {"crumb", "info", "tool", "editor"}
    if labels >= _CATALOGUE or not found.editor:
        wanted |= {"label", "value"}
    # Something must be left below; on a page of pictures nothing need be.
    foot = max((at for at, kind in enumerate(kinds) if kind is None), default=0) if not pictured else len(page)
    marks = [at for at in range(min(first, foot)) if kinds[at] in wanted]
    if found.editor:
        marks = [at for at in marks if at < _FORGOTTEN + labels * 2]
        # 时间：5月8日 alone at the head may be the notice's own; the site's line says more than one thing.
        if len({field for at in marks for field in _fields(page[at])}) < 2:
            marks = [at for at in marks if kinds[at] != "info" or not _fields(page[at]) <= {"date"}]
    end = _head_ends(page, kinds, [at for at in marks if kinds[at] != "tool"], labels >= _CATALOGUE, titles, above.told)
    titled = above.titled
    for at in range(end + 1):
        same = chrome.squeeze(page[at].text) in titles
        titled = titled or same
        if not found.editor or same or at in marks:
            out[at] = kinds[at] or ("title" if same else "above the info line")
    after = end + 1
    untitled = not found.sure and not titled and after < min(foot, len(page))
    if untitled and chrome.squeeze(page[after].text) in titles:
        out[after] = "title"


def _preview(page: list[Line], out: dict[int, str]) -> None:
    """A first line that breaks off with … and is how the text below begins: the list's summary of the document."""
    start = next((at for at in range(len(page)) if at not in out), len(page))
    if start == len(page) or not page[start].text.rstrip().endswith(("…", "...")):
        return
    stem = chrome.squeeze(page[start].text).rstrip(".…")
    below = "".join(chrome.squeeze(line.text) for line in page[start + 1 : start + 8])
    if len(stem) >= _STEM and below.startswith(stem):
        out[start] = "summary"


def _head_ends(
    page: list[Line],
    kinds: list[str | None],
    marks: list[int],
    catalogue: bool,
    titles: frozenset[str],
    told: frozenset[str],
) -> int:
    """The last line of the head: below an info line of two fields 时间：5月20日 and 审核人： are the document's own."""
    end = -1
    for at in marks:
        fields = _fields(page[at])
        between = range(end + 1, at)
        text = any(kinds[k] is None and chrome.squeeze(page[k].text) not in titles for k in between)
        strong = kinds[at] == "crumb" or len(fields) > 1 or (catalogue and kinds[at] in ("label", "value"))
        if not strong and len(told) > 1 and (text or fields == {"date"} <= told):
            break
        end, told = at, told | fields
    return end


def _tail(page: list[Line], kinds: list[str | None], last: int, editor: bool, out: dict[int, str]) -> None:
    """What follows the document: from the first list of other pages on everything, before that single lines."""
    cut: str | None = None
    footed = any(kind == "footer" for kind in kinds[last + 1 :])
    for at in range(last + 1, len(page)):
        sort = kinds[at]
        if at in out:
            continue
        if sort in ("related", "neighbour", "footer") or (
            not editor and (sort == "widget" or (sort == "sponsor" and footed))
        ):
            cut = sort
        if cut and (sort is not None or not editor or page[at].linked * 2 > len(page[at].text)):
            out[at] = cut
        elif at < len(page) - _FORGOTTEN:
            continue
        elif sort in ("editor", "crumb", "tool") or (sort == "info" and not _fields(page[at]) <= {"date"}):
            out[at] = sort


def _trailing_links(page: list[Line], out: dict[int, str]) -> None:
    """A list of links to other pages at the very end, with no heading of its own."""
    trail = []
    for at in range(len(page) - 1, -1, -1):
        if at in out:
            continue
        if page[at].linked < 0.8 * len(page[at].text) or _has_file(page[at]):
            break
        trail.append(at)
    if len(trail) > 2 and len(trail) < sum(at not in out for at in range(len(page))):
        out.update(dict.fromkeys(trail, "links"))


def _trailing_files(page: list[Line], out: dict[int, str]) -> None:
    """A list of files at the very end in a box of its own: the site's; an editor's would be paragraphs."""
    kept = [at for at in range(len(page)) if at not in out]
    trail = 0
    for at in reversed(kept):
        if not _has_file(page[at]) and not _FILES_LABEL.match(chrome.squeeze(page[at].text)):
            break
        trail += 1
    if not 0 < trail < len(kept):
        return
    beside = page[kept[-trail - 1]].block.getparent()
    if beside is not None and not any(above is beside for at in kept[-trail:] for above in _boxes(page[at])):
        out.update(dict.fromkeys(kept[-trail:], "files"))


def _boxes(line: Line) -> list[html.HtmlElement]:
    return [line.block, *line.block.iterancestors()]


def _has_file(line: Line) -> bool:
    return any(is_file(link.get("href", "")) for link in line.links)
