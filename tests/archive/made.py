"""Made-up captures and records for the archive's tests; sentences of our own, hosts reserved."""

from __future__ import annotations

import gzip
from dataclasses import replace
from typing import Any

from archive import Archive
from archive.answers import Outcome
from archive.model import Capture, Record, Visit

SOURCE = "qingshi"
URL = "http://www.qingshi.example/zwgk/202201/t20220118_1.html"
TEXT = "\n".join(
    [
        "2021年，青石区在上级党委政府领导下，扎实推进法治政府建设，现将有关情况报告如下：",
        "一、主要举措和成效",
        "（一）依法全面履行政府职能。全年办理行政许可4120件，网上可办率达到98.5%，群众跑动次数明显减少。",
        "（二）健全行政决策制度。区政府常务会议学法6次，法律顾问审查合同37份，出具意见52条。",
        "（三）化解社会矛盾纠纷。受理行政复议申请21件，审结19件；行政机关负责人出庭应诉率为百分之百。",
        "二、存在的不足和下一步打算",
        "执法力量向基层倾斜不够，下一步将加强业务培训，完善监督机制。",
        "青石区人民政府",
        "2022年1月18日",
    ]
)
RECORD = Record(URL, title="青石区2021年法治政府建设年度报告", text=TEXT, published="2022-01-18", report_year=2021)


def another_text(topic: str) -> str:
    """A text of full length on another matter, so that no two topics are the same work."""
    return "\n".join(
        f"第{n}条 关于{topic}的第{n}项具体规定，由主管部门会同有关单位负责解释并组织实施。" for n in range(1, 9)
    )


def capture(
    url: str = URL, body: bytes = b"<html>page</html>", at: str = "2026-01-01T00:00:00Z", **more: Any
) -> Capture:
    return Capture(url, at, more.pop("status", 200), (("Content-Type", "text/html; charset=utf-8"),), body, **more)


def zipped(url: str = URL, body: bytes = b"<html>page</html>", at: str = "2026-01-01T00:00:00Z") -> Capture:
    headers = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))
    return Capture(url, at, 200, headers, gzip.compress(body, mtime=0), request_headers=(("User-Agent", "test"),))


def day(n: int) -> str:
    """Noon of the n-th day of the tests' own year."""
    return f"2026-{1 + n // 28:02}-{1 + n % 28:02}T12:00:00Z"


def read(
    archive: Archive, run: int, record: Record, *, n: int = 0, body: bytes | None = None, **changes: Any
) -> Outcome:
    """Fetch and save one notice; the page's bytes follow from the record unless `body` says otherwise."""
    record = replace(record, **changes)
    page = body if body is not None else repr(record).encode()
    stored = archive.keep(capture(record.url, page, day(n)))
    return archive.save(run, Visit(record.url, "notice", stored=stored, record=record))
