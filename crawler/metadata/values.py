"""Dates, origin, issuer and numbers: every place a page may state them, as ranked candidates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from crawler.fields import (
    Moment,
    clean,
    document_number,
    index_number,
    number_of_line,
    number_of_title,
    organisation,
    parse_date,
)
from crawler.metadata.blocks import EDGE, Block, names
from crawler.metadata.found import Candidate
from crawler.metadata.labels import Pair, before_label, has_label
from crawler.metadata.metatags import DEFAULT_ORIGINS

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
_ORIGIN_METAS = (("contentsource", 3.0), ("source", 2.8), ("article:source", 2.6), ("contentsource_name", 2.6))
_ORIGIN_MARK = re.compile(r"(?:^|[\s_-])(?:source|laiyuan|ly|origin|wzly|xxly|docsource|cont-?source)\d*(?:$|[\s_-])")
_DATE_MARK = re.compile(r"date|time|(?:^|[\s_-])(?:fbsj|fbrq|rq|sj|riqi|shijian|info)\d*(?:$|[\s_-])")
_CONTROLS = re.compile(
    r"[【\[〖]|\s[|｜]\s|[|｜](?=\s)|字号|字体|浏览|点击数|打印|分享|关闭|收藏|扫一扫|小\s*中\s*大|大\s*中\s*小|A[+-]|责任编辑|我要纠错|语音|返回|微信|微博|朋友圈|评论|QQ|复制|【|打 印"
)
_WIDE_GAP = re.compile(rf"(?:[ \t\r\n\xa0\u3000{EDGE}]*[\xa0\u3000\u2002\u2003]){{2}}|\s{{4,}}|\t|\n|{EDGE}\s+{EDGE}")


@dataclass(frozen=True, slots=True)
class Zone:
    """Which blocks are the head of the document: from `title` to the first paragraph at `body`."""

    title: int
    body: int
    last: int = -1  # the last block of the title itself

    def of(self, n: int) -> str:
        """`head`, `above` (shortly before the title) or `elsewhere`."""
        if self.title <= n < self.body:
            return "head"
        return "above" if self.title - 60 <= n < self.title else "elsewhere"


def find_zone(blocks: list[Block], title: tuple[int, int] | None, labelled: list[Pair]) -> Zone:
    """The head of the document, from its title (blocks first to last) or else its first dated label on."""
    if title is None:
        first = next((p.block for p in labelled if p.field in {"published", "dated", "origin"}), 0)
        title = (max(first - 3, 0), max(first - 3, 0))
    n = title[1] + 1
    while n < len(blocks) and n < title[1] + 60 and not _is_paragraph(blocks[n]):
        n += 1
    return Zone(title[0], n, title[1])


def _is_paragraph(block: Block) -> bool:
    if len(block.text) < 12 or block.linked > 0.5 * len(block.text):
        return False
    text = block.plain
    if has_label(text[:60]):
        return False
    return (len(text) >= 45 and any(stop in text for stop in "。，；")) or (text[-1] in "：:" and len(text) <= 120)


def place(pair: Pair, zone: Zone, blocks: list[Block], tables: set[int]) -> str:
    """Where a pair stands, for people: `索引号 table row 2` or `info line 发布日期`."""
    if pair.block in tables:
        row = blocks[pair.block].element
        while row is not None and row.tag not in {"tr", "li", "dl", "p"}:
            row = row.getparent()
        number = 1 + sum(1 for _ in row.itersiblings(row.tag, preceding=True)) if row is not None else 1
        return f"索引号 table row {number} {pair.label}"
    return f"{'info line' if zone.of(pair.block) == 'head' else 'line'} {pair.label}"


def disclosure(labelled: Iterable[Pair], blocks: list[Block]) -> set[int]:
    """Blocks of the 政府信息公开 table: pairs around an 索引号, as far as they share its table or neighbourhood."""
    anchors = [pair.block for pair in labelled if pair.field == "index_number"]
    marked = {pair.block for pair in labelled if any(abs(pair.block - anchor) <= 40 for anchor in anchors)}
    return marked


def plain(raw: str) -> str:
    """A value without EDGE marks."""
    return raw.replace(EDGE, "")


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
    return moment if moment and moment.precision in {"day", "time"} and not re.search(r"[\u4e00-\u9fff]{3}", text[: moment.start]) else None  # fmt: skip


def shown(moment: Moment) -> str:
    """ISO with the precision the page shows; exact midnight with seconds is the database's filler, not a time."""
    return moment.day if moment.iso.endswith("T00:00:00+08:00") else moment.iso


def meta_dates(metas: dict[str, str]) -> list[Candidate[str]]:
    """Dates of the meta tags; one made when the page was generated ranks last."""
    made = parse_date(metas.get("maketime", ""))
    out = []
    for name, rank in _DATE_METAS:
        moment = parse_date(metas.get(name, ""))
        if moment is None or moment.precision not in {"day", "time"}:
            continue
        if name == "others" and "发布" not in metas[name]:
            continue
        generated = made is not None and made.precision == "time" and moment.iso == made.iso
        where = f"meta {name}" + (" (time of generation)" if generated else "")
        out.append(Candidate(shown(moment), metas[name], where, 4.0 if generated else rank))
    return out


def unlabelled_dates(blocks: list[Block], zone: Zone) -> list[Candidate[str]]:
    """Dates without a label in the head: alone in their block, or in front of the first label of the info line."""
    out = []
    for block in blocks[zone.title : zone.body]:
        if len(block.text) > 300:
            continue
        text = plain(before_label(block.text))
        if block.order <= zone.last:
            text = _shared_date(text)
        moment = parse_date(text)
        if moment is None or moment.precision not in {"day", "time"}:
            continue
        rest = re.sub(r"[\s\xa0\u3000|｜\[\]【】()（）·•,，]+", "", text[: moment.start] + text[moment.end :])
        marked = any(_DATE_MARK.search(words) for words in _words_of(block))
        written_out = "年" in moment.raw and moment.precision == "day"
        if len(rest) > (20 if marked else 12) or re.search(r"[。；:：]|通过|施行|公布|印发", rest):
            continue
        # 2012年6月24日 under a title is as likely the document's own first line.
        rank = 8.0 if marked or not written_out or has_label(block.text) else 4.5
        out.append(Candidate(shown(moment), moment.raw, "date under the title", rank))
    return out


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


def origin_of(raw: str) -> str | None:
    """A labelled 来源 value without what stands behind it on the line: controls, counters, a date; None where empty.

    >>> origin_of("新华社\\x1f \\x1f【字体：大 中 小】"), origin_of(" 市教育局   2024-01-02"), origin_of("字体")
    ('新华社', '市教育局', None)
    """
    text = raw.lstrip(" \t\r\n\xa0\u3000" + EDGE)
    text = _WIDE_GAP.split(text, maxsplit=1)[0]
    control = _CONTROLS.search(plain(text))
    text = plain(text)[: control.start()] if control else plain(text)
    moment = parse_date(text)
    if moment and moment.precision in {"day", "time"}:
        text = text[: moment.start] if moment.start else ""
    text = re.split(r"[\s\xa0\u3000]+[\u4e00-\u9fff]{2,8}[:：]", text, maxsplit=1)[0]
    value = clean(text)
    if value and value[-1] in "）)" and value.count("（") + value.count("(") < value.count("）") + value.count(")"):
        value = clean(value[:-1])
    if value is None or len(value) > 100 or not re.search(r"[\u4e00-\u9fffA-Za-z]", value):
        return None
    return None if re.match(r"https?://", value) or re.search(r"[。！？]", value) else value


def origin_candidates(
    labelled: list[Pair], blocks: list[Block], zone: Zone, metas: dict[str, str]
) -> list[Candidate[str]]:
    """Origins: info line, marked element, a closing 来源 line, meta tags unless the page shows an empty 来源."""
    out, empty = [], False
    for pair in labelled:
        if pair.field != "origin":
            continue
        head = zone.of(pair.block) in {"head", "above"}
        value = origin_of(pair.raw)
        if head:
            empty = empty or value is None
            rank = 10.0 if zone.of(pair.block) == "head" else 8.0
            out += [Candidate(value, plain(pair.raw).strip(), f"info line {pair.label}", rank)] if value else []
        elif pair.whole and value and len(value) <= 30:
            out.append(Candidate(value, plain(pair.raw).strip(), f"line {pair.label}", 2.0))
    out += _marked_origins(blocks, zone)
    metas_say = [
        Candidate(metas[name], metas[name], f"meta {name}", rank)
        for name, rank in _ORIGIN_METAS
        if name in metas and metas[name] not in DEFAULT_ORIGINS and origin_of(metas[name])
    ]
    return out if empty and not out else out + metas_say


def _marked_origins(blocks: list[Block], zone: Zone) -> list[Candidate[str]]:
    out = []
    for block in blocks[zone.title + 1 : zone.body]:
        if len(block.text) > 200 or has_label(block.text):
            continue
        spans = [block.text[a:b] for a, b, words in block.marks if _ORIGIN_MARK.search(words)]
        if not spans and _ORIGIN_MARK.search(names(block.element)):
            spans = [block.text]
        values = [(origin_of(span), span) for span in spans]
        out += [Candidate(v, plain(raw).strip(), "source under the title", 7.0) for v, raw in values if v]
    return out


def issuer_of(raw: str) -> str | None:
    """A labelled 发文机关 value, or None for a dash, a date or a sentence."""
    value = organisation(_WIDE_GAP.split(raw.strip(" \t\r\n\xa0\u3000" + EDGE), maxsplit=1)[0].replace(EDGE, ""))
    if value is None or len(value) > 100 or parse_date(value) or re.search(r"[。！？]|https?:", value):
        return None
    return value


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
