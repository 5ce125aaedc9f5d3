"""来源 and 发文机关: who is named as origin or issuer, without what stands behind the name on the line."""

from __future__ import annotations

import re

from crawler.fields import clean, organisation, parse_date
from crawler.metadata.blocks import EDGE, Block, names
from crawler.metadata.found import Candidate
from crawler.metadata.labels import Pair, has_label
from crawler.metadata.metatags import DEFAULT_ORIGINS
from crawler.metadata.zones import Zone, plain

_ORIGIN_METAS = (("contentsource", 3.0), ("source", 2.8), ("article:source", 2.6), ("contentsource_name", 2.6))
_ORIGIN_MARK = re.compile(r"(?:^|[\s_-])(?:source|laiyuan|ly|origin|wzly|xxly|docsource|cont-?source)\d*(?:$|[\s_-])")
_CONTROLS = re.compile(
    r"[【\[〖】\]〗]|\s[|｜]\s|[|｜](?=\s)|字号|字体|浏览|点击数|扫一扫|小\s*中\s*大|大\s*中\s*小|A[+-]|责任编辑|我要纠错|语音播报|"
    # A control's name alone: 微信公众号 and 评论员 are parts of origins.
    r"(?:^|\s)(?:微信|微博|朋友圈|评论|QQ|复制|返回|分享|打\s*印|关闭|收藏|保存|下载|语音)(?=\s|$)|打印本?页|关闭(?:窗口|本页)|分享到"
)
_WIDE_GAP = re.compile(rf"(?:[ \t\r\n\xa0\u3000{EDGE}]*[\xa0\u3000\u2002\u2003]){{2}}|\s{{4,}}|\t|\n|{EDGE}\s+{EDGE}")


def origin_of(raw: str) -> str | None:
    """A labelled 来源 value without what stands behind it on the line: controls, counters, a date; None where empty.

    >>> origin_of("新华社\\x1f \\x1f【字体：大 中 小】"), origin_of(" 市教育局   2024-01-02"), origin_of("字体")
    ('新华社', '市教育局', None)
    """
    text = raw.lstrip(" \t\r\n\xa0\u3000" + EDGE)
    text = _WIDE_GAP.split(text, maxsplit=1)[0]
    control = _CONTROLS.search(text.replace(EDGE, " "))
    text = plain(text[: control.start()] if control else text)
    moment = parse_date(text)
    if moment and moment.precision in {"day", "time"}:
        text = text[: moment.start].rstrip("（([【〖 \u3000") if moment.start else ""
    text = re.split(r"[\s\xa0\u3000]+[\u4e00-\u9fff]{2,8}[:：]", text, maxsplit=1)[0]
    value = clean(text.rstrip(" /|｜┊┆│¦，,、；;·\xa0\u3000"))
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
