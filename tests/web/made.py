"""A small archive with something of everything a page can show; sentences of our own, hosts reserved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from archive import Archive, takedown
from archive.model import Attachment, Capture, Link, Record, Visit

OUTLINED = "北河区2021年法治政府建设年度报告"
HIDDEN_WORD = "某当事人姓名"

PLACES = (
    ("北河区", "110188", "beihe"),
    ("青石区", "130199", "qingshi"),
    ("临溪县", "220522", "linxi"),
    ("南屏市司法局", "320701", "nanping"),
    ("东浦经济技术开发区", "330281", "dongpu"),
    ("长桥区", "420705", "changqiao"),
    ("白塔县", "510722", "baita"),
    ("云岭市", "530601", "yunling"),
)
# How late each place published the report of a year, in days after the end of March; None: not found; "?": no date.
LAG: dict[str, dict[int, int | str]] = {
    "beihe": {2016: -20, 2017: -12, 2018: -3, 2019: -30, 2020: -41, 2021: -70, 2022: -18, 2023: -9},
    "qingshi": {2017: 5, 2018: 33, 2020: -5, 2021: -60, 2022: 12, 2023: -2},
    "linxi": {2018: 140, 2019: 95, 2021: 61, 2022: "?"},
    "nanping": {2017: 887, 2019: -30, 2020: -22, 2021: -14, 2022: -8, 2023: 3},
    "dongpu": {2018: "?", 2020: 410, 2021: "?", 2022: -38},
    "changqiao": {2019: -1, 2020: -11, 2021: -10, 2022: -9, 2023: -8},
    "baita": {2022: 19, 2023: 25},
    "yunling": {2016: -45, 2017: -33, 2018: -28, 2019: -26, 2020: -31, 2021: -30, 2022: -29, 2023: -27},
}
_MATTERS = ("行政审批", "执法监督", "行政复议", "普法宣传", "营商环境", "矛盾化解", "政务公开", "队伍建设")


def report_text(place: str, year: int, seed: int) -> str:
    """A report in three parts, each matter with numbers of its own."""
    lines = [
        f"{year}年，{place}在上级党委政府领导下，坚持依法行政，深入推进法治政府建设。现将有关情况报告如下：",
        "一、主要举措和成效",
    ]
    for n, matter in enumerate(_MATTERS[seed % 3 :], 1):
        lines.append(f"（{'一二三四五六七八'[n - 1]}）扎实做好{matter}工作")
        lines.append(
            f"围绕{matter}，{place}全年召开专题会议{seed * 3 + n}次，办理相关事项{seed * 417 + n * 89}件，按时办结率"
            f"达到{90 + (seed + n) % 10}.{n}%；组织培训{n + seed}期，参训{seed * 61 + n * 23}人次，群众满意度稳步提高。"
        )
    lines += [
        "二、存在的不足和原因",
        f"个别单位对{_MATTERS[seed % 8]}重视不够，基层力量偏弱，主要是由于人员更替较快、培训没有及时跟上。",
        "三、下一年度工作安排",
        f"{year + 1}年，{place}将继续完善工作机制，把{_MATTERS[(seed + 3) % 8]}作为重点，持续提升依法行政水平。",
        f"{place}人民政府" if not place.endswith(("局", "开发区")) else place,
        f"{year + 1}年3月2日",
    ]
    return "\n".join(lines)


def outline_of(text: str) -> tuple[dict[str, object], ...]:
    """The nodes a reader would have found."""
    nodes: list[dict[str, object]] = []
    start, lines = 0, text.split("\n")
    for place, line in enumerate(lines):
        kind, level = None, None
        if line[1:2] == "、":
            kind, level = "heading", 1
        elif line.startswith("（"):
            kind, level = "heading", 2
        elif place == len(lines) - 2:
            kind = "signature"
        elif place == len(lines) - 1:
            kind = "date"
        if kind:
            title = line.partition("、")[2] or line.partition("）")[2] or line
            node = {"kind": kind, "level": level, "number": None, "title": title, "start": start}
            nodes.append({**node, "end": start + len(line), "run_in": False, "seq_ok": True})
        start += len(line) + 1
    return tuple(nodes)


def published(year: int, lag: int | str) -> str | None:
    """The day that is `lag` days after the end of March."""
    if isinstance(lag, str):
        return None
    return (date(year + 1, 3, 31) + timedelta(days=lag)).isoformat()


def page_of(record: Record, more: str = "") -> bytes:
    body = "".join(f"<p>{line}</p>" for line in (record.text or "").split("\n"))
    head = f"<html><head><meta charset='utf-8'><title>{record.title}</title></head>"
    return f"{head}<body><h1>{record.title}</h1>{body}{more}</body></html>".encode()


class Filling:
    """Saves notices of one source, each in a run of its own or in one that is open."""

    def __init__(self, archive: Archive, source: str) -> None:
        self.archive, self.source = archive, source
        self.run = archive.start_run(source)

    def read(self, record: Record, at: str, more: str = "") -> str:
        """Save a notice; give the document's id."""
        body = page_of(record, more)
        stored = self.archive.keep(Capture(record.url, at, 200, (("Content-Type", "text/html; charset=utf-8"),), body))
        outcome = self.archive.save(self.run, Visit(record.url, "notice", stored=stored, record=record))
        assert outcome.document_id is not None
        return outcome.document_id

    def end(self, url: str, state: str, reason: str) -> None:
        self.archive.meet(self.run, [Link(url, "notice")])
        self.archive.save(self.run, Visit(url, "notice", state=state, reason=reason))  # type: ignore[arg-type]  # as told

    def finish(self, verdict: str = "healthy", evidence: tuple[str, ...] = ()) -> None:
        self.archive.finish_run(self.run, verdict=verdict, evidence=evidence)


def reports() -> dict[str, list[Record]]:
    """The annual reports, by source."""
    found: dict[str, list[Record]] = {}
    for number, (place, division, source) in enumerate(PLACES, 2):
        found[source] = []
        for year, lag in LAG[source].items():
            text = report_text(place, year, number + year % 7)
            url = f"http://www.{source}.example/zwgk/fzzf/{year}/t{year + 1}0302_{number}.html"
            name = place if place.endswith(("局", "区", "市", "县")) else place + "管委会"
            found[source].append(
                Record(
                    url,
                    title=f"{place}{year}年法治政府建设年度报告",
                    text=text,
                    published=published(year, lag),
                    issuer=name,
                    site_name=f"{name}门户网站",
                    site_id=division + "0001",
                    division=division,
                    report_year=year,
                    breadcrumb=("首页", "政务公开", "法治政府建设"),
                    outline=outline_of(text),
                    encoding="utf-8",
                    evidence={
                        "title": {
                            "value": f"{place}{year}年法治政府建设年度报告",
                            "raw": f"{place}{year}年法治政府建设年度报告_{name}门户网站",
                            "where": "<title>",
                            "rivals": [{"value": "法治政府建设", "raw": "法治政府建设", "where": "h2 of the page"}],
                        },
                        "published": {
                            "value": published(year, lag),
                            "raw": "发布时间：" + str(published(year, lag)),
                            "where": "info line 发布时间",
                            "rivals": [],
                        },
                    },
                )
            )
    return found


def fill(path: Path) -> dict[str, str]:
    """Build the archive; give the ids of the documents that tests look for, by name."""
    ids: dict[str, str] = {}
    with Archive(path, write=True) as archive:
        for source, records in reports().items():
            filling = Filling(archive, source)
            for record in records:
                ids[f"{source} {record.report_year}"] = filling.read(record, "2026-01-05T02:00:00Z")
            if source == "dongpu":
                url = "http://www.dongpu.example/zwgk/fzzf/2019/t20200302_6.html"
                filling.end(url, "blocked", "a script challenge instead of the page")
                filling.finish("blocked", ("list http://www.dongpu.example/zwgk/: blocked after page 1",))
            else:
                filling.finish()
        _edited(archive, ids)
        _kinds(archive, ids)
        _numbered(archive)
        _hidden(archive, ids)
    return ids


def _edited(archive: Archive, ids: dict[str, str]) -> None:
    record = reports()["beihe"][5]
    assert record.title == OUTLINED
    assert record.text is not None
    text = record.text.replace("群众满意度稳步提高。", "群众满意度为百分之九十六。", 2).replace(
        "按时办结率", "限时办结率", 1
    )
    edited = replace(record, text=text, published="2022-01-25", outline=outline_of(text))
    filling = Filling(archive, "beihe")
    ids["edited"] = filling.read(edited, "2026-02-09T03:30:00Z")
    filling.end("http://www.beihe.example/zwgk/fzzf/2015/t20160302_2.html", "gone", "404")
    filling.finish()
    mirror = replace(
        edited,
        url="http://www.beihe-bet.example/zwgk/2022/post_77.html",
        title=OUTLINED + "_彩票平台",
        integrity="cloned",
        integrity_reasons=("brand in the title: 彩票平台", "host names no government site"),
    )
    filling = Filling(archive, "mirror")
    filling.read(mirror, "2026-02-10T03:30:00Z")
    own = "本页由合作网站转载，页眉已经改动，只作参考之用。\n" + text.replace("召开专题会议", "举行专题会议", 1)
    copy = replace(mirror, url="http://www.beihe-bet.example/zwgk/2022/post_78.html", text=own, outline=outline_of(own))
    ids["near"] = filling.read(copy, "2026-02-10T03:31:00Z")
    filling.finish("identity_mismatch", ("2 pages name another site: 北河区门户网站",))


def _kinds(archive: Archive, ids: dict[str, str]) -> None:
    filling = Filling(archive, "qingshi")
    table = "现将2023年第二季度行政复议案件受理情况公示如下：\n" + "\n".join(
        [
            "序号\t申请人\t被申请人\t事项\t结果",
            *(f"{n}\t某{n}号公司\t青石区市场监管局\t行政处罚\t维持" for n in range(1, 9)),
        ]
    )
    ids["table"] = filling.read(
        Record(
            "http://www.qingshi.example/gs/202307/t20230706_9.html",
            title="青石区2023年第二季度行政复议案件公示",
            text=table + "\n青石区司法局\n2023年7月6日",
            published="2023-07-06T09:12:00+08:00",
            issuer="青石区司法局",
            division="130199",
            attachments=(
                Attachment("http://www.qingshi.example/gs/202307/P020230706.xlsx", "附件1：行政复议案件明细表.xlsx"),
                Attachment("javascript:alert(document.domain)", "附件2：下载"),
            ),
        ),
        "2026-01-06T02:00:00Z",
    )
    ids["image"] = filling.read(
        Record("http://www.qingshi.example/tj/t1.html", title="一图读懂青石区行政复议", flags=("image_only",)),
        "2026-01-06T02:05:00Z",
    )
    filling.finish()


def _numbered(archive: Archive) -> None:
    filling = Filling(archive, "linxi")
    for number in (1, 2, 3, 6, 7, 10):
        text = f"各乡镇人民政府，县直各单位：\n现将第{number}号文件有关规范性文件清理事项通知如下，请认真贯彻执行，" * 4
        record = Record(f"http://www.linxi.example/wj/2022/{number}.html", title=f"关于做好第{number}批文件清理的通知")
        filling.read(
            replace(
                record,
                text=text,
                issuer="临溪县人民政府",
                document_number=f"临政发〔2022〕{number}号",
                published=f"2022-0{1 + number % 9}-03",
            ),
            "2026-01-07T02:00:00Z",
        )
    filling.finish("quiet")


def _hidden(archive: Archive, ids: dict[str, str]) -> None:
    filling = Filling(archive, "nanping")
    text = f"{HIDDEN_WORD}，身份证件号码某某某，因违反规定受到处罚，现予公告。" * 3
    record = Record(
        "http://www.nanping.example/cf/t66.html",
        title=f"关于{HIDDEN_WORD}的处罚公告",
        text=text,
        issuer="南屏市司法局",
        report_year=2021,
    )
    ids["hidden"] = filling.read(replace(record, document_number="南司罚〔2022〕5号"), "2026-01-08T02:00:00Z")
    filling.finish()
    takedown.hide(archive, ids["hidden"], "names a private person")
