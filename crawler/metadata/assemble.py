"""Reading a page's metadata: candidates of every field from all places, the best chosen, conflicts told."""

from __future__ import annotations

from itertools import islice

from lxml import html

from archive.model import Link
from crawler.fields import (
    Moment,
    clean,
    date_in_url,
    document_number,
    from_epoch,
    index_number,
    parse_date,
    report_year,
)
from crawler.metadata import dates as day
from crawler.metadata.blocks import Block, collect
from crawler.metadata.crumbs import read_breadcrumb, without_title
from crawler.metadata.found import Candidate, Found, Metadata, choose
from crawler.metadata.labels import Pair, pairs
from crawler.metadata.metatags import read_metas
from crawler.metadata.numbers import document_numbers, value_of
from crawler.metadata.origins import origin_candidates
from crawler.metadata.scripts import dates_held, gkmlpt_detail
from crawler.metadata.site import read_site
from crawler.metadata.titles import read_title
from crawler.metadata.zones import Zone, disclosure, find_zone, place, plain
from crawler.page import Page

_TABLE_FIELDS = ("issuer", "index_number", "document_number", "topic", "validity", "written")
_LONGEST_TITLE = 300
# More labels than any document has: the page is a list or an attack.
_MOST_PAIRS = 3000
# Outside a disclosure table these name who has to do something.
_DUTIES = frozenset({"责任单位", "责任部门", "公开单位", "所属机构"})
# gkmlpt's own names for the fields (DOMAIN.md section 6.4).
_DETAIL = {
    "issuer": "publisher",
    "index_number": "identifier",
    "document_number": "document_number",
    "topic": "classify_theme_name",
    "origin": "source",
}


def read(
    page: Page,
    *,
    body_text: str | None = None,
    body_node: html.HtmlElement | None = None,
    list_hint: Link | None = None,
) -> Metadata:
    """Everything the page says of its document; `body_text` is its clean text, for a 文号 on the first lines.

    Pure: the page's tree is not changed. `body_node` is accepted so callers need not know that it is not needed.
    """
    blocks = collect(page.root)
    metas = read_metas(page.root)
    tag = clean(page.root.findtext(".//title"))
    if tag and len(tag) > _LONGEST_TITLE:
        tag = None  # a <title> nobody closed holds the whole page
    detail = gkmlpt_detail(page.root) if "_CONFIG" in page.text else {}
    labelled = list(islice(pairs(blocks), _MOST_PAIRS))
    tables = disclosure(labelled)
    crumbs = read_breadcrumb(blocks)
    columns = crumbs.value if crumbs else ()
    title, heading = read_title(blocks, metas, tag, labelled, tables, columns, _other_titles(detail, list_hint))
    zone = find_zone(blocks, (heading.first, heading.last) if heading else None, labelled)
    fields = _table_fields(labelled, blocks, zone, tables, detail)
    name = title.value if title else None
    fields["document_number"] += document_numbers(name, body_text, blocks, zone)
    origins = origin_candidates(labelled, blocks, zone, metas) + _detail(detail, "origin")
    dates = _dates(page, blocks, labelled, zone, tables, metas, detail, name)
    site = read_site(blocks, metas, tag, name, page.text)
    year = report_year(name, body_text)
    return Metadata(
        title=title,
        published=_published(dates),
        origin=choose(origins),
        breadcrumb=without_title(crumbs, name),
        report_year=Found(year, name or "", "title" if report_year(name) else "first sentence") if year else None,
        site_name=site.name,
        site_id=site.id,
        site_ids=site.ids,
        icp=site.icp,
        police=site.police,
        division=site.division,
        disagreements=_disagreements(page.url, dates, list_hint, site.conflict),
        **{field: choose(found) for field, found in fields.items()},
    )


def _other_titles(detail: dict[str, object], hint: Link | None) -> list[Candidate[str]]:
    stated = detail.get("title")
    out = (
        [Candidate(stated.strip(), stated, "_CONFIG.DETAIL title", 7.0)]
        if isinstance(stated, str) and stated.strip()
        else []
    )
    if hint and hint.title:
        out.append(Candidate(hint.title, hint.title, "list page", 2.0))
    return out


def _detail(detail: dict[str, object], field: str) -> list[Candidate[str]]:
    stated = detail.get(_DETAIL.get(field, ""))
    text = clean(stated) if isinstance(stated, str) else None
    if text and field == "index_number":
        found = index_number(text)
        text = found.value if found else None
    elif text and field == "document_number":
        text = document_number(text)
    return [Candidate(text, str(stated), f"_CONFIG.DETAIL {_DETAIL[field]}", 12.0)] if text else []


def _table_fields(
    labelled: list[Pair], blocks: list[Block], zone: Zone, tables: set[int], detail: dict[str, object]
) -> dict[str, list[Candidate[str]]]:
    fields: dict[str, list[Candidate[str]]] = {field: _detail(detail, field) for field in _TABLE_FIELDS}
    fields["written"] += [
        Candidate(day.shown(m), m.raw, "_CONFIG.DETAIL date", 12.0) for m in [_epoch(detail.get("date"))] if m
    ]
    for pair in labelled:
        if pair.field not in fields:
            continue
        in_table = pair.block in tables
        # Far from the head and from any 索引号 the same words are part of a document or of another one's teaser.
        if not in_table and (zone.of(pair.block) == "elsewhere" or pair.block > zone.last + 15):
            continue
        if not in_table and pair.label in _DUTIES:
            continue
        value = value_of(pair.field, pair.raw)
        if value:
            where = place(pair, zone, blocks, tables)
            fields[pair.field].append(Candidate(value, plain(pair.raw).strip(), where, 10.0 if in_table else 9.0))
    return fields


def _epoch(stated: object) -> Moment | None:
    if isinstance(stated, int | float) and not isinstance(stated, bool):
        return from_epoch(stated)
    return parse_date(stated) if isinstance(stated, str) else None


def _dates(
    page: Page,
    blocks: list[Block],
    labelled: list[Pair],
    zone: Zone,
    tables: set[int],
    metas: dict[str, str],
    detail: dict[str, object],
    title: str | None,
) -> list[Candidate[str]]:
    out: list[Candidate[str]] = []
    for pair in labelled:
        if pair.field in {"published", "dated", "updated"}:
            out += day.date_candidates(pair, place(pair, zone, blocks, tables), zone, tables)
    out += day.unlabelled_dates(blocks, zone, title) + day.trailing_dates(labelled, zone)
    for key in ("display_publish_time", "created_at"):
        moment = _epoch(detail.get(key))
        if moment:
            out.append(Candidate(day.shown(moment), str(detail[key]), f"_CONFIG.DETAIL {key}", 9.2))
            break
    for key, text in dates_held(page.root):
        moment = day.parse_stamp(text)
        if moment and moment.precision in {"day", "time"}:
            out.append(Candidate(day.shown(moment), text, f"script {key}", 6.5))
    return out + day.meta_dates(metas)


def _published(dates: list[Candidate[str]]) -> Found[str] | None:
    """The best date; another one the page shows of the same day lends it the hour."""
    found = choose(dates)
    if found is None or len(found.value) > 10:
        return found
    visible = [c for c in dates if c.rank >= 7.0 and len(c.value) > 10 and c.value[:10] == found.value]
    return choose([Candidate(c.value, c.raw, c.where, 99.0) for c in visible[:1]] + dates) if visible else found


def _disagreements(url: str, dates: list[Candidate[str]], hint: Link | None, site_conflict: str | None) -> list[str]:
    """Sentences on places that name different days, the cheapest sign of a template fault or a tampered page."""
    out = [site_conflict] if site_conflict else []
    found = choose(dates)
    if found is None:
        return out
    day = found.value[:10]
    others = [(c.value[:10], c.where) for c in dates if c.value[:10] != day]
    in_url = date_in_url(url)
    if in_url and in_url.day != day:
        others.append((in_url.day, "URL"))
    if hint and hint.date and hint.date[:10] != day:
        others.append((hint.date[:10], "list page"))
    return out + [f"{where} says {other}, {found.where} says {day}" for other, where in dict.fromkeys(others)]
