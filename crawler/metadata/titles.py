"""The document's title: headings, meta tags and <title> as candidates that vouch for one another."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.fields import clean
from crawler.metadata.blocks import EDGE, Block
from crawler.metadata.found import Candidate, Found, choose
from crawler.metadata.headings import GENERIC, ORGAN, Heading, headings_of, near_info, same, spelled
from crawler.metadata.labels import Pair

_SEPARATOR = re.compile(r"\s*[_|｜]+\s*|\s*[-－–—]{1,2}\s*|[\s\u3000]+|\s*[,，]\s*")
_SITE_WORD = re.compile(
    r"(?:网|网站|门户|政府|委员会|局|厅|部|办公室|平台|管委会|公众网|信息网|政务网|中心|公报|频道|专栏|栏目|首页|正文|新闻|动态|公告|"
    r"\.cn|\.com|\.gov)$|^中国|^欢迎|网$|政务公开|信息公开"
)
# How a site calls itself; words a title may also end in (公告, 新闻) or hold (政务公开) do not make a name.
_SITE_NAME = re.compile(r"^.{0,16}(?:网|网站|门户|政府|委员会|局|厅|部|办公室|平台|管委会|中心|\.cn|\.com)$|^欢迎")
_SPACES = re.compile(r"\s+")


def read_title(
    blocks: list[Block],
    metas: dict[str, str],
    tag: str | None,
    labelled: list[Pair],
    tables: set[int],
    crumbs: tuple[str, ...],
    extra: list[Candidate[str]],
) -> tuple[Found[str] | None, Heading | None]:
    """The title and the visible heading that shows it; `tag` is the text of <title>, `extra` other witnesses."""
    columns = {same(metas[key]) for key in ("columnname", "sitename", "columntype", "lanmu") if key in metas}
    columns |= {same(crumb) for crumb in crumbs if len(crumb) <= 14 and not _ends_in_title(crumbs, crumb, tag)}
    columns |= _mastheads(tag)
    stated = _stated(metas, tag, columns) + extra
    # 名称 outside the disclosure table may be the name of anything.
    rows = ((pair, text, 4.0 if pair.block in tables else 1.0) for pair, text in _labelled(labelled))
    stated += [Candidate(text, pair.raw, f"table {pair.label}", rank) for pair, text, rank in rows]
    near = near_info(blocks, labelled)
    headings = headings_of(blocks, near, columns)
    headings += [run for want in _wanted(stated, tag, columns) for run in spelled(blocks, want, near)]
    candidates = stated + [Candidate(h.text, h.text, h.where, h.weight) for h in headings]
    candidates += _of_tag(tag, headings, columns)
    found = _best(candidates) or choose(_terse(blocks, tag, near))
    if found is None:
        return None, None
    shown = [h for h in headings if same(h.text) == same(found.value)]
    return found, max(shown, key=lambda h: h.weight, default=None)


def _ends_in_title(crumbs: tuple[str, ...], crumb: str, tag: str | None) -> bool:
    """Whether the breadcrumb ends in the title itself: what <title> begins with, too long for most columns."""
    first = next((part for part in _SEPARATOR.split(tag or "") if part), "")
    return crumb == crumbs[-1] and len(crumbs) > 1 and len(crumb) >= 8 and same(first) == same(crumb)


def _best(candidates: list[Candidate[str]]) -> Found[str] | None:
    support = _support(candidates)
    found = choose([Candidate(c.value, c.raw, c.where, support[same(c.value)]) for c in candidates])
    if found is None:
        return None
    # A line break or a template's indent is no space of the title: the rendition with the fewest spaces is meant.
    renditions = [c.value for c in candidates if same(c.value) == same(found.value)]
    return replace(found, value=min(renditions, key=lambda value: len(_SPACES.findall(value))))


def _terse(blocks: list[Block], tag: str | None, near: dict[int, float]) -> list[Candidate[str]]:
    """公告 or 讣告 as a whole title: too short to trust unless <title> begins with it above the info line."""
    first = next((part for part in _SEPARATOR.split(tag or "") if part), "")
    if not 2 <= len(first) < 4:
        return []
    shown = any(near.get(n, 0.0) >= 2.0 and block.plain == first for n, block in enumerate(blocks))
    return [Candidate(first, tag or first, "<title>", 1.0)] if shown else []


def _mastheads(tag: str | None) -> set[str]:
    """Names of the site when <title> is nothing else."""
    parts = [part for part in _SEPARATOR.split(tag or "") if part]
    if not tag or not parts or not all(ORGAN.fullmatch(part) or _SITE_NAME.search(part) for part in parts):
        return set()
    return {same(tag), *map(same, parts)}


def _labelled(labelled: list[Pair]) -> list[tuple[Pair, str]]:
    rows = ((pair, clean(pair.raw.replace(EDGE, ""))) for pair in labelled if pair.field == "title")
    return [(pair, text) for pair, text in rows if text and 4 <= len(text) <= 200]


def _stated(metas: dict[str, str], tag: str | None, columns: set[str]) -> list[Candidate[str]]:
    """Titles that no reader sees: meta tags, without those the column's template left behind."""
    out = []
    for name, weight in (
        ("articletitle", 5.0),
        ("article_title", 5.0),
        ("title", 2.5),
        ("og:title", 2.5),
        ("dc.title", 2.5),
    ):
        text = metas.get(name)
        if text and 2 <= len(text) <= 300 and same(text) not in columns and same(text) not in GENERIC:
            rank = weight if name.startswith("article") or tag is None or same(text) != same(tag) else 1.0
            out.append(Candidate(text, text, f"meta {name}", rank))
    return out


def _of_tag(tag: str | None, headings: list[Heading], columns: set[str]) -> list[Candidate[str]]:
    """<title> without its site: cut where a visible heading ends, else where only site and column names follow."""
    text = clean(tag.strip("【】") if tag else None)
    if text is None or same(text) in columns | GENERIC:
        return []
    shown = {same(h.text) for h in headings if h.weight > 0}
    marks = list(_SEPARATOR.finditer(text))
    # The site's name follows, seldom leads.
    cuts = [text, *(text[: m.start()] for m in reversed(marks)), *(text[m.end() :] for m in marks)]
    cuts = [cut.strip("【】 ") for cut in cuts]
    for cut in cuts:
        if len(cut) >= 4 and same(cut) in shown and same(cut) not in columns:
            return [Candidate(cut, text, "<title>", 3.0)]
    rest = _without_site(text, columns)
    return [Candidate(rest, text, "<title>", 3.0)] if rest else []


def _without_site(text: str, columns: set[str]) -> str | None:
    while True:
        ends = [m for m in _SEPARATOR.finditer(text) if m.start() >= 2]
        strong = [m for m in ends if m[0].strip(" \u3000")]
        cut = ends[-1] if ends and same(text[ends[-1].end() :]) in columns else strong[-1] if strong else None
        tail = text[cut.end() :].strip("【】 ") if cut else ""
        if cut is None or not (same(tail) in columns or _SITE_WORD.search(tail) or not tail):
            break
        text = text[: cut.start()].strip("【】 ")
    if len(text) < 4 or same(text) in columns or same(text) in GENERIC:
        return None
    # What is left may be the site's name alone.
    return None if len(text) <= 20 and re.search(r"(?:网|网站|门户|政府|委员会|局|厅|管委会)$", text) else text


def _wanted(stated: list[Candidate[str]], tag: str | None, columns: set[str]) -> list[str]:
    """Titles to look for on the page: those stated, and what stands before or after each separator of <title>."""
    wants = [c.value for c in stated]
    if tag:
        cuts = list(_SEPARATOR.finditer(tag))
        wants += [tag[: m.start()] for m in cuts] + [tag[m.end() :] for m in cuts] + [tag]
    wants = [want for want in wants if len(same(want)) >= 6 and same(want) not in columns and not ORGAN.fullmatch(want)]
    return list(dict.fromkeys(wants))[:40]


def _support(candidates: list[Candidate[str]]) -> dict[str, float]:
    """Rank of each distinct title: its best witness, and six tenths of every further kind of witness."""
    best: dict[str, dict[str, float]] = {}
    for candidate in candidates:
        kinds = best.setdefault(same(candidate.value), {})
        kind = "page" if candidate.where.endswith("of the page") else candidate.where
        kinds[kind] = max(kinds.get(kind, 0.0), candidate.rank)
    totals = {}
    for key, kinds in best.items():
        ranks = sorted(kinds.values(), reverse=True)
        totals[key] = ranks[0] + 0.6 * sum(ranks[1:])
    for key in totals:
        stem = re.sub(r"(?:\.{2,}|…+)$", "", key)
        longer = [
            other for other in totals if stem != key and len(stem) >= 8 and other != key and other.startswith(stem)
        ]
        for other in longer:
            totals[other] += totals[key]
            totals[key] = 0.0
            break
    return totals
