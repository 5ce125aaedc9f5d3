"""A site on loopback for crawl tests, pages that look like the field's, and the commands in child processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.child import Child

ROOT = Path(__file__).resolve().parent.parent
# No pauses on loopback, and a site that does not answer is given up within the test's patience.
# Loopback is an internal address, so the guard has to be told.
BRISK = ("GUARD_ALLOW=127.0.0.1", "DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=0", "RETRY_TIMES=1", "DOWNLOAD_TIMEOUT=2")


@dataclass(frozen=True)
class Answer:
    """What the site sends for a path; `wait` seconds before it does, `turns` what it sends at first, once each."""

    body: str | bytes = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    turns: Sequence[Answer] = ()


class Site:
    """Answers of a test site by path; `asked` logs the paths in order. Change `answers` between crawls at will."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = dict(answers)
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.times: list[tuple[float, float]] = []  # when each request came and when its answer was sent
        self.log: list[tuple[float, float, str, int]] = []  # the same, with path and status
        self.url = ""

    def answer(self, path: str) -> Answer:
        found = self.answers.get(path, Answer("<html><body>404</body></html>", 404))
        before = self.asked.count(path) - 1
        return found.turns[before] if before < len(found.turns) else found


@contextmanager
def serving(answers: Mapping[str, Answer] | None = None, host: str = "127.0.0.1", port: int = 0) -> Iterator[Site]:
    """Serve a site on a free port of loopback; `host` may be another of its addresses, to be another host."""
    site = Site(answers or {})

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            came = time.monotonic()
            site.asked.append(self.path)
            site.headers.append(dict(self.headers))
            answer = site.answer(self.path)
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            if answer.wait:
                time.sleep(answer.wait)
            site.times.append((came, time.monotonic()))
            site.log.append((*site.times[-1], self.path, answer.status))
            try:
                self.send_response(answer.status)
                for name, value in ({"Content-Type": "text/html"} | dict(answer.headers)).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the crawler was killed or gave up: part of the test

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            self.path = f"POST {self.path} {sent}"
            self.do_GET()

        def log_message(self, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            if not isinstance(sys.exception(), ConnectionError):  # a killed crawler hangs up: part of the test
                super().handle_error(request, client_address)  # type: ignore[arg-type]  # socketserver's own types

    server = Server((host, port), Door)
    server.daemon_threads = True
    site.url = f"http://{host}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


PARAGRAPHS = (
    "{when}以来，{who}坚持把法治建设摆在全局工作的突出位置，全年召开专题会议{n}次，研究解决重点难点问题{m}项。",
    "一是规范行政决策程序。凡涉及群众切身利益的事项，一律经过征求意见、专家论证和合法性审查，共审查文件{m}件。",
    "二是严格规范公正文明执法。组织执法人员{n}人参加业务培训，评查案卷{m}宗，对发现的问题逐条督促整改到位。",
    "下一步，{who}将继续完善制度、压实责任，把各项任务落到实处，不断提升依法办事的能力和水平。",
)


def notice(
    title: str, *, n: int, who: str = "青岭区司法局", day: str = "2021-03-15", site_id: str | None = None
) -> str:
    """A notice page with chrome; `n` makes its text differ from any other."""
    body = "".join(
        f"<p>　　{line.format(when=f'20{10 + n % 10}年', who=who, n=n + 3, m=n * 7 + 11)}</p>" for line in PARAGRAPHS
    )
    code = f'<meta name="SiteIDCode" content="{site_id}">' if site_id else ""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}-{who}</title>
<meta name="SiteName" content="{who}">{code}<meta name="ColumnName" content="通知公告">
<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{day} 09:30"></head>
<body><div class="nav"><a href="/">首页</a> <a href="/tzgg/">通知公告</a> <a href="/zwgk/">政务公开</a></div>
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/tzgg/">通知公告</a></div>
<div class="article"><h1>{title}</h1><div class="info">发布日期：{day} 来源：{who}</div>
<div class="TRS_Editor">{body}<p style="text-align:right">{who}</p>
<p style="text-align:right">2021年3月{n % 28 + 1}日</p></div></div>
<div class="footer">主办单位：{who} 版权所有</div></body></html>"""


def listing(rows: Sequence[tuple[str, str]], *, next_page: str | None = None, total: int | None = None) -> str:
    """A list page of (href, title) rows, with 下一页 and 共N条 where given."""
    items = "".join(
        f'<li><span>2021-03-{i % 28 + 1:02}</span><a href="{href}" title="{title}">{title}</a></li>'
        for i, (href, title) in enumerate(rows)
    )
    pager = f'<a href="{next_page}">下一页</a>' if next_page else ""
    count = f"<span>共{total}条</span>" if total is not None else ""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>通知公告-青岭区司法局</title>
<meta name="SiteName" content="青岭区司法局"><meta name="ColumnName" content="通知公告"></head>
<body><div class="nav"><a href="/">首页</a> <a href="/zwgk/">政务公开</a></div>
<div class="list"><ul class="news-list">{items}</ul><div class="page">{count}{pager}</div></div>
<div class="footer">主办单位：青岭区司法局</div></body></html>"""


def write_source(folder: Path, source: str, lists: Sequence[str], extra: str = "") -> None:
    """A registry entry `source` in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    urls = ", ".join(json.dumps(url) for url in lists)
    (folder / f"{source}.toml").write_text(f'name = "青岭区司法局"\nlists = [{urls}]\n{extra}\n', encoding="utf-8")


def scrapy(
    *args: str, settings: Sequence[str] = (), code: str | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command of ours to its end; `code` is Python run before it in the child, to break something there."""
    return start(*args, settings=settings, code=code, env=env).end()


def start(
    *args: str, settings: Sequence[str] = (), code: str | None = None, env: Mapping[str, str] | None = None
) -> Child:
    """Start a command of ours."""
    options = [part for setting in settings for part in ("-s", setting)]
    return Child([*args, *options], env=clean_env(env), code=code)


def gongbao(*args: str) -> subprocess.CompletedProcess[str]:
    """Run the archive's own command, as a person would."""
    return subprocess.run(
        [sys.executable, "-m", "archive", *args],
        cwd=ROOT, env=clean_env(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def clean_env(env: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without a proxy or an archive of the person who runs the tests."""
    drop = {"http_proxy", "https_proxy", "all_proxy", "no_proxy", "gongbao_archive"}
    return {name: value for name, value in os.environ.items() if name.lower() not in drop} | dict(env or {})
