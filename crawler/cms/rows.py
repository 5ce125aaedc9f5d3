"""One row of a list: the element that is the row, its title, its date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from lxml import html

from crawler.cms import addresses
from crawler.cms.dates import full_date, row_date
from crawler.cms.links import Link, ancestors
from crawler.cms.titles import is_cut, squeeze, tidy, visible_texts

_PLACES = 4  # of one announcement on a page that are told apart
_ROW_LENGTH = 800  # characters; what holds more is a region of the page, not a row


@dataclass(slots=True)
class Row:
    """One line of a list: its element, its link, and what was read from them."""

    node: html.HtmlElement
    link: Link
    title: str | None = None
    date: str | None = None


def read(bucket: list[Link], base: str) -> list[Row]:
    """The rows of like links; of several links of a row to one URL the one that says most gives the title."""
    owners = _owners(bucket)
    found: dict[str, list[Row]] = {}
    for link in bucket:
        places = found.setdefault(link.key, [])
        # The same announcement in a side box is a row of its own: it must not draw the list's row over there.
        node = _row_node(link, owners) if len(places) < _PLACES else places[-1].node
        held = next((row for row in places if row.node is node), None)
        if held is None:
            places.append(Row(node, link))
        elif (is_cut(held.link.text), -len(held.link.text)) > (is_cut(link.text), -len(link.text)):
            held.link = link
    rows = [row for places in found.values() for row in places]
    _read_dates(rows, base)
    for row in rows:
        _by_table_head(row)
    return rows


def _owners(bucket: list[Link]) -> dict[html.HtmlElement, str | None]:
    """For every element around the links the one entry it holds, None when it holds several."""
    owners: dict[html.HtmlElement, str | None] = {}
    for link in bucket:
        for ancestor in ancestors(link.node):
            owners[ancestor] = link.key if owners.get(ancestor, link.key) == link.key else None
    return owners


def _row_node(link: Link, owners: dict[html.HtmlElement, str | None]) -> html.HtmlElement:
    """The largest element that holds this entry and no other of its group, and is no more than a row."""
    node = link.node
    for ancestor in ancestors(link.node):
        if owners.get(ancestor) != link.key:
            break
        length = len(squeeze(ancestor.text_content()))
        # Around a whole row only wrappers that add nothing are still the row (a table of its own for each row).
        if length > _ROW_LENGTH or (node.tag in {"li", "tr"} and length > len(squeeze(node.text_content())) + 2):
            break
        node = ancestor
    return node


def _own_texts(row: Row, base: str) -> list[str]:
    """The row's texts except its title and what other links in it say."""
    texts: list[str] = []
    for parent, text in visible_texts(row.node):
        anchor = parent if parent.tag == "a" else next(parent.iterancestors("a"), None)
        if anchor is not None and anchor is not row.link.node:
            other = addresses.join(base, anchor.get("href") or "")
            if other is not None and addresses.key(other) != row.link.key:
                continue
        if anchor is None or text != row.link.text:
            texts.append(text)
    return texts


def _beside(node: html.HtmlElement, rows: set[html.HtmlElement], *, before: bool) -> list[str]:
    """Texts between a row and the next (or the one before): where rows are no element of their own."""
    texts = [] if before else [node.tail or ""]
    for count, sibling in enumerate(node.itersiblings(preceding=before)):
        if sibling in rows or count > 6:
            break
        if before:
            texts.append(sibling.tail or "")
        if isinstance(sibling.tag, str) and sibling.tag not in {"script", "style", "ul", "ol"}:
            texts.extend(text for _, text in visible_texts(sibling)[:12])
        if not before:
            texts.append(sibling.tail or "")
    parent = node.getparent()
    if before and node.getprevious() is None and parent is not None:
        texts.append(parent.text or "")
    return [text for text in map(squeeze, texts) if text]


def _script_date(row: Row) -> str | None:
    """A date an inline script of the row writes."""
    for script in row.node.iter("script"):
        found = re.findall(r"['\"]\s*((?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2})", script.text or "")
        if found:
            return full_date(found[0])
    return None


def _year(row: Row, month: int) -> int | None:
    """The year of a row that shows month and day only: a heading above it, else what its URL says."""
    return _heading_year(row.node) or addresses.year_of(row.link.url, month)


def _heading_year(node: html.HtmlElement) -> int | None:
    for ancestor in [node, *ancestors(node)][:4]:
        for count, sibling in enumerate(ancestor.itersiblings(preceding=True)):
            if count > 30:
                break
            if isinstance(sibling.tag, str) and sibling.tag != "script":
                found = re.match(r"^\W*((?:19|20)\d{2})\s*年?(?:度)?\W*$", squeeze(sibling.text_content()[:20]))
                if found:
                    return int(found[1])
    return None


def _read_dates(rows: list[Row], base: str) -> None:
    """Titles and dates of rows; where rows are no elements of their own, from the texts between them."""
    for row in rows:
        row.title, glued = tidy(row.link.text)
        row.date = row_date(_own_texts(row, base), partial(_year, row)) or glued or _script_date(row)
    if sum(row.date is not None for row in rows) * 2 >= len(rows):
        return
    nodes = {row.node for row in rows}
    readings = [
        [row_date(_beside(row.node, nodes, before=before), partial(_year, row)) for row in rows]
        for before in (False, True)
    ]
    best = max(readings, key=lambda days: sum(day is not None for day in days))
    for row, day in zip(rows, best, strict=True):
        row.date = row.date or day


def _by_table_head(row: Row) -> None:
    """In a table with a header row, the column headed 发布日期 beats the one headed 成文日期."""
    table = next(row.node.iterancestors("table"), None) if row.node.tag == "tr" else None
    if table is None:
        return
    first = next(table.iter("tr"))
    heads = [squeeze(cell.text_content()) for cell in first if cell.tag in {"td", "th"}]
    cells = [cell for cell in row.node if cell.tag in {"td", "th"}]
    for place, head in enumerate(heads):
        if len(heads) == len(cells) and re.search(r"(?:发布|公开|公布).{0,2}(?:日期|时间)", head):
            row.date = full_date(squeeze(cells[place].text_content())) or row.date
            return
