"""Made-up announcements with a label: one text gone through many hands, or several filled into one template."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from archive.hanzi import SIMPLIFIED
from archive.model import Record

PLACES = [
    "临江",
    "安平",
    "怀远",
    "长宁",
    "青山",
    "永丰",
    "清河",
    "东湖",
    "西岭",
    "南陵",
    "北川",
    "和顺",
    "石泉",
    "龙潭",
    "凤台",
    "金沙",
    "银川",
    "白水",
    "黑山",
    "红寺",
]
KINDS = ["县", "区", "市", "经济技术开发区", "高新区"]
TITLES = ["{agency}{year}年法治政府建设年度报告", "关于{year}年度法治政府建设情况的报告", "法治政府建设情况报告"]
OFFICES = ["人民政府", "司法局", "教育局", "民政局", "交通运输局", "水利局", "应急管理局", "统计局"]
TOPICS = [
    "行政审批",
    "执法监督",
    "普法宣传",
    "规范性文件",
    "合同审查",
    "行政复议",
    "人民调解",
    "信息公开",
    "学法用法",
    "案卷评查",
    "公平竞争",
    "证明事项",
]
VERBS = [
    "持续推进",
    "着力抓好",
    "全面梳理",
    "严格落实",
    "不断完善",
    "深入开展",
    "统筹安排",
    "及时总结",
    "认真组织",
    "稳步扩大",
]
ENDS = [
    "，形成了上下联动的工作格局",
    "，群众满意度有了明显提高",
    "，有关做法在全系统作了交流",
    "，为下一阶段工作打下基础",
    "，发现的问题已经逐项整改到位",
    "，责任落实到岗到人",
    "，各项指标完成情况良好",
]


@dataclass(frozen=True)
class Pair:
    """Two records, what was done to the second, and whether they are the same text."""

    kind: str
    one: Record
    two: Record
    same: bool


@dataclass(frozen=True)
class Report:
    """A report before it is written out: the skeleton is what a template fixes, the rest is filled in."""

    place: str
    office: str
    year: int
    skeleton: int
    numbers: int | None
    title: str = "{agency}{year}年法治政府建设年度报告"

    @property
    def agency(self) -> str:
        return self.place + self.office

    def record(self) -> Record:
        shape, facts = random.Random(self.skeleton), random.Random(self.numbers)
        lines = [f"{self.year}年，{self.agency}按照统一部署，把依法履职贯穿各项工作，现将有关情况报告如下。"]
        for number, heading in enumerate(["主要做法和成效", "存在的不足和原因", "履行职责有关情况", "来年的工作安排"]):
            lines.append("一二三四"[number] + "、" + heading)
            lines += [self._paragraph(shape, facts) for _ in range(shape.randrange(3, 6))]
        lines += [self.agency, f"{self.year + 1}年1月{facts.randrange(5, 29)}日"]
        title = self.title.format(agency=self.agency, year=self.year)
        return Record(url="http://www.source.example/a.html", title=title, text="\n".join(lines))

    def _paragraph(self, shape: random.Random, facts: random.Random) -> str:
        sentences = []
        for _ in range(shape.randrange(2, 5)):
            sentence = shape.choice(VERBS) + shape.choice(TOPICS) + "和" + shape.choice(TOPICS) + shape.choice(ENDS)
            if shape.random() < 0.6 and self.numbers is not None:
                sentence += f"，共办理{facts.randrange(3, 900)}件、培训{facts.randrange(20, 3000)}人次"
            if shape.random() < 0.2:
                sentence += "，“互联网+政务服务”和APP办理、ISO评价同步推开"
            if shape.random() < 0.15:
                sentence += f"，{self.place}的经验由{self.agency}汇编成册"
            sentences.append(sentence)
        return "。".join(sentences) + "。"


def pairs(count: int, seed: int) -> Iterator[Pair]:
    """`count` rounds of one positive of every kind and one negative of every kind, all different."""
    rng = random.Random(seed)
    for _ in range(count):
        base = _report(rng)
        for name, change in COPIES.items():
            record = base.record()
            yield Pair(name, record, change(record, rng), same=True)
        for name, other in _others(base, rng):
            poor = replace(base, numbers=None) if "no numbers" in name else base
            yield Pair(name, poor.record(), other.record(), same=False)


def _report(rng: random.Random) -> Report:
    place, kind = rng.choice(PLACES), rng.choice(KINDS)
    office = "管委会" if kind.endswith("区") and len(kind) > 1 else rng.choice(OFFICES)
    years, seeds, title = rng.randrange(2009, 2025), (rng.randrange(10**9), rng.randrange(10**9)), rng.choice(TITLES)
    return Report(place + kind, office, years, *seeds, title)


def _others(base: Report, rng: random.Random) -> Iterator[tuple[str, Report]]:
    year = base.year + rng.choice([-1, 1, 2])
    place = rng.choice([name for name in PLACES if name not in base.place]) + base.place[2:]
    office = rng.choice([name for name in OFFICES if name != base.office])
    refilled = replace(base, numbers=rng.randrange(10**9))
    poor = replace(base, numbers=None)
    yield "template, other year", replace(refilled, year=year)
    yield "template, other place", replace(refilled, place=place)
    yield "template, other office", replace(refilled, office=office)
    yield "template, other year, no numbers", replace(poor, year=year)
    yield "template, other place, no numbers", replace(poor, place=place)
    yield "template, other office, no numbers", replace(poor, office=office)
    yield "other text", replace(base, skeleton=rng.randrange(10**9), numbers=rng.randrange(10**9))


def _first_line(record: Record, rng: random.Random) -> Record:
    line = rng.choice(
        ["（此文由市政府办公室转发）", "按：现将有关报告刊登如下，供参考。", "来源：本网　发布时间：2024-03-05 10:22"]
    )
    return replace(record, text=f"{line}\n{record.text}")


def _date(record: Record, rng: random.Random) -> Record:
    day = f"{rng.randrange(2, 12)}月{rng.randrange(1, 29)}日"
    return replace(record, text=re.sub(r"1月\d+日$", day, record.text or ""))


def _traditional(record: Record, rng: random.Random) -> Record:
    table = {ord(simple): chr(old) for old, simple in SIMPLIFIED.items()}
    text = (record.text or "").translate(table)
    pinyin = iter(range(10**6))
    text = re.sub("[開關設]", lambda match: match[0] + ("(kāi)" if next(pinyin) % 3 == 0 else ""), text)
    return replace(record, title=(record.title or "").translate(table), text=text, integrity="cloned")


def _keywords(record: Record, rng: random.Random) -> Record:
    text = (record.text or "").lower().replace("+", " ")
    return replace(record, title=f"{record.title} -某某app平台", text=text, integrity="suspect")


def _chrome(record: Record, rng: random.Random) -> Record:
    info = f"来源：本站　浏览次数：{rng.randrange(9999)}　字体：[大 中 小]"
    head = f"当前位置：首页 > 政务公开 > 公告公示\n{record.title}\n{info}\n"
    foot = (
        "\n【打印】【关闭】\n上一篇：关于开展节前安全检查的通知\n下一篇：2019年第3号公告\n分享到：微信 微博\n"
        "版权所有：青石市人民政府　主办：青石市人民政府办公室\n"
        "地址：青石市解放路88号　邮编：300000\n网站标识码：1200000001　津ICP备05000000号"
    )
    return replace(record, text=head + (record.text or "") + foot)


def _related(record: Record, rng: random.Random) -> Record:
    days = (f"{rng.randrange(2015, 2026)}-{rng.randrange(10, 13)}-{rng.randrange(10, 29)}" for _ in range(12))
    lines = [f"{rng.choice(PLACES)}县{rng.choice(TOPICS)}工作的通知 {day}" for day in days]
    return replace(record, text="\n".join([record.text or "", "相关文章：", *lines]))


def _punctuation(record: Record, rng: random.Random) -> Record:
    text = (record.text or "").replace("，", ",").replace("、", "､").replace("。", "。 ")
    return replace(record, text="\n\n".join("　　" + line for line in text.splitlines()))


def _edited(record: Record, rng: random.Random) -> Record:
    lines = (record.text or "").splitlines()
    del lines[rng.randrange(2, len(lines) - 3)]
    return replace(record, text="\n".join(lines))


COPIES: dict[str, Callable[[Record, random.Random], Record]] = {
    "added first line": _first_line,
    "changed date": _date,
    "traditional characters": _traditional,
    "keywords replaced": _keywords,
    "chrome left in": _chrome,
    "punctuation and spaces": _punctuation,
    "one paragraph less": _edited,
    "list of other notices left in": _related,
}
