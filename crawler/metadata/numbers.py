"""文号, 索引号 and the other labelled values of a disclosure table, and a 文号 the document states without a label."""

from __future__ import annotations

import re

from crawler.fields import clean, document_number, index_number, number_of_line, number_of_title, parse_date
from crawler.metadata.blocks import Block
from crawler.metadata.dates import shown
from crawler.metadata.found import Candidate
from crawler.metadata.labels import has_label
from crawler.metadata.origins import issuer_of
from crawler.metadata.zones import Zone, plain


def value_of(field: str, raw: str) -> str | None:
    """The value of a labelled pair as its field's grammar reads it."""
    text = clean(plain(raw))
    if text is None:
        return None
    if field == "index_number":
        found = index_number(re.split(r"\s{2,}|[\xa0\u3000]{2,}", plain(raw).strip())[0])
        return found.value if found else None
    if field == "document_number":
        return document_number(text)
    if field == "issuer":
        return issuer_of(raw)
    if field == "written":
        moment = parse_date(text[:80])
        return shown(moment) if moment and moment.start <= 4 and moment.precision != "year" else None
    limit = 20 if field == "validity" else 100
    return text if len(text) <= limit and not has_label(text) else None


def document_numbers(title: str | None, body_text: str | None, blocks: list[Block], zone: Zone) -> list[Candidate[str]]:
    """文号 the document states without a label: in its title, or alone on one of its first lines."""
    out = []
    in_title = number_of_title(title) if title else None
    if in_title and title:
        out.append(Candidate(in_title, title, "title", 6.0))
    lines = body_text.splitlines()[:14] if body_text else []
    under = [b.plain for b in blocks[zone.title + 1 : zone.body + 10] if len(b.text) < 200]
    for k, line in enumerate((lines or under)[:14]):
        number = number_of_line(line)
        if number:
            out.append(Candidate(number, line, f"line {k + 1} of the document", 5.0))
            break
        joined = _order_over_lines((lines or under)[max(k - 1, 0) : k + 1])
        if joined:
            out.append(Candidate(joined, line, f"line {k + 1} of the document", 4.0))
            break
        if len(line) > 60 and "。" in line:
            break
    if not out:
        out += [Candidate(n, line, "line above the body", 4.5) for line in under[:20] if (n := number_of_line(line))]
    return out


def _order_over_lines(lines: list[str]) -> str | None:
    """某某令 on one line and 第40号 on the next."""
    if len(lines) < 2:
        return None
    order, number = (re.sub(r"\s+", "", line) for line in lines)
    if not re.fullmatch(r"[\u4e00-\u9fff、]{2,60}(?:令|公告|通告)", order):
        return None
    return (
        order + number
        if re.fullmatch(r"[（(]?(?:\d{4}年)?第?[〇零一二三四五六七八九十百\d]+号[）)]?", number)
        else None
    )
