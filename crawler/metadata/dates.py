"""Dates of publication: labelled, bare, in scripts and in meta tags, as ranked candidates."""

from __future__ import annotations

import re

from crawler.fields import Moment, from_epoch, parse_date
from crawler.metadata.blocks import Block, names
from crawler.metadata.found import Candidate
from crawler.metadata.labels import Pair, before_label, has_label
from crawler.metadata.zones import Zone, plain

# How sure a label is that its date is the day of publication.
_DATE_RANK = {"published": 10.0, "dated": 9.0, "updated": 7.0}
_DATE_METAS = (
    ("pubdate", 6.0),
    ("publishdate", 5.8),
    ("firstpublishedtime", 5.8),
    ("article:published_time", 5.6),
    ("og:release_date", 5.4),
    ("publish_time", 5.4),
    ("publishtime", 5.4),
    ("pubtime", 5.4),
    ("publish-date", 5.4),
    ("weibo: article:create_at", 5.2),
    ("dc.date", 5.0),
    ("date", 5.0),
    ("datepublished", 5.0),
    ("others", 0.5),  # 页面生成时间: a rival worth showing, hardly a date of the document
)
_GAP = re.compile(r"[\s\xa0\u3000|｜]")
_DATE_MARK = re.compile(r"date|time|(?:^|[\s_-])(?:fbsj|fbrq|rq|sj|riqi|shijian|info)\d*(?:$|[\s_-])")


def date_candidates(pair: Pair, where: str, zone: Zone, tables: set[int]) -> list[Candidate[str]]:
    """The date of a labelled pair for `published`; below the head only a line of its own counts, and less."""
    moment = _leading_date(pair.raw)
    if moment is None:
        return []
    rank = _DATE_RANK[pair.field]
    place_of = zone.of(pair.block)
    if pair.field == "dated":
        # 时间： far under the title, or on a line of its own above 地点, is when a meeting is held.
        if place_of == "elsewhere" or pair.block > zone.title + 12 or pair.before_place:
            return []
        if pair.whole and "年" in moment.raw and pair.label == "时间":
            rank = 5.5
    if pair.block in tables or place_of == "above":
        rank -= 0.5 if pair.field == "published" else 2.0
    elif place_of == "elsewhere":
        if not pair.whole:
            return []
        rank -= 3.5
    return [Candidate(shown(moment), plain(pair.raw).strip(), where, rank)]


def _leading_date(raw: str) -> Moment | None:
    text = plain(raw)
    moment = parse_date(text[:120])
    if moment is None or moment.precision not in {"day", "time"}:
        return None
    return None if re.search(r"[\u4e00-\u9fff]{3}", text[: moment.start]) else moment


def shown(moment: Moment) -> str:
    """ISO with the precision the page shows; exact midnight with seconds is the database's filler, not a time."""
    return moment.day if moment.iso.endswith("T00:00:00+08:00") else moment.iso


def parse_stamp(text: str) -> Moment | None:
    """A date as machines hold it: written, or a Unix time in seconds or milliseconds."""
    stamp = text.strip()
    return from_epoch(int(stamp)) if stamp.isdecimal() and len(stamp) in {10, 13} else parse_date(text)


def meta_dates(metas: dict[str, str]) -> list[Candidate[str]]:
    """Dates of the meta tags; one made when the page was generated ranks last."""
    made = parse_date(metas.get("maketime", ""))
    out = []
    for name, rank in _DATE_METAS:
        moment = parse_stamp(metas.get(name, ""))
        if moment is None or moment.precision not in {"day", "time"}:
            continue
        if name == "others" and "发布" not in metas[name]:
            continue
        generated = made is not None and made.precision == "time" and moment.iso == made.iso
        where = f"meta {name}" + (" (time of generation)" if generated else "")
        out.append(Candidate(shown(moment), metas[name], where, 4.0 if generated else rank))
    return out


def unlabelled_dates(blocks: list[Block], zone: Zone, title: str | None) -> list[Candidate[str]]:
    """Dates without a label in the head: alone in their block, or in front of the first label of the info line."""
    out = []
    for block in blocks[zone.title : zone.body]:
        if len(block.text) > 300 or _of_link(blocks, block):
            continue
        text = plain(before_label(block.text))
        if block.order <= zone.last:
            text = _shared_date(text)
            if title and text.strip() in title:
                continue
        moment = parse_date(text)
        if moment is None or moment.precision not in {"day", "time"}:
            continue
        rest = re.sub(r"[\s\xa0\u3000|｜\[\]【】()（）·•,，]+", "", text[: moment.start] + text[moment.end :])
        marked = any(_DATE_MARK.search(words) for words in _words_of(block))
        written_out = "年" in moment.raw and moment.precision == "day"
        labelled = has_label(block.text)
        # On a line with 来源 the site may sign first: 某市政府门户网站 www.example.gov.cn 2006年05月18日 来源：某社.
        most = 40 if labelled and _GAP.match(text[: moment.start][-1:]) else 20 if marked else 12
        if len(rest) > most or re.search(r"[。；:：，]|通过|施行|公布|印发", rest):
            continue
        # 2012年6月24日 alone under a title is as likely the document's own first or last line.
        if marked or not written_out or labelled or block.order <= zone.last:
            out.append(Candidate(shown(moment), moment.raw, "date under the title", 8.0))
    return out


def _of_link(blocks: list[Block], block: Block) -> bool:
    """Whether the block belongs to a link: in its row, or in the box next to it; such a date is the other page's."""
    if block.linked > 8 and not re.search(
        r"打印|关闭|收藏|分享|字[号体]|大\s*中\s*小|返回|微信|微博|来源", block.plain
    ):
        return True
    previous = blocks[block.order - 1] if block.order else None
    if previous is None or previous.linked < 0.6 * len(previous.plain) or previous.linked < 6:
        return False
    near = {block.element, block.element.getparent()}
    return not near.isdisjoint({previous.element, previous.element.getparent()} - {None})


def trailing_dates(labelled: list[Pair], zone: Zone) -> list[Candidate[str]]:
    """Dates behind an origin or an author on the info line, without a label of their own."""
    out = []
    for pair in labelled:
        mute = pair.field == "origin" or (pair.field == "other" and not re.search(r"[日时]|期", pair.label))
        if not mute or zone.of(pair.block) != "head" or len(pair.raw) > 120:
            continue
        moment = parse_date(plain(pair.raw))
        if moment and moment.precision in {"day", "time"} and not re.search(r"[。；]", pair.raw):
            out.append(Candidate(shown(moment), moment.raw, f"info line behind {pair.label}", 8.0))
    return out


def _shared_date(heading: str) -> str:
    """The bracketed date at the end of a heading's box, or nothing: a date inside a title is the title's."""
    match = re.search(r"[（(\[【]\s*(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\s\d:]*)[)）\]】]\s*$", heading)
    return match[1] if match else ""


def _words_of(block: Block) -> list[str]:
    parent = block.element.getparent()
    around = [names(block.element), names(parent) if parent is not None else ""]
    return around + [words for _, _, words in block.marks]
