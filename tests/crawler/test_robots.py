"""robots.txt as RFC 9309 has it: what the server cannot say is no permission."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.middlewares import RobotsDisallowedError, RobotsMiddleware, RobotsUnreachableError

SITE = "http://sfj.qingling.example"
PAGE = f"{SITE}/secret/1.html"


class Engine:
    """Stands for the network: an answer by URL, or an error to raise."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers, self.asked = answers, []

    async def download_async(self, request: Request) -> Response:
        self.asked.append(request.url)
        answer = self.answers[request.url]
        if isinstance(answer, Exception):
            raise answer
        return answer


def ask(answers: dict[str, Any], *urls: str) -> Engine:
    crawler = get_crawler(settings_dict={"ROBOTSTXT_OBEY": True, "ROBOTSTXT_USER_AGENT": "Gongbao"})
    crawler._engine = engine = Engine(answers)  # type: ignore[assignment]

    async def run() -> None:
        middleware = RobotsMiddleware.from_crawler(crawler)
        for url in urls or (PAGE,):
            await middleware.process_request(Request(url))

    asyncio.run(run())
    return engine


def robots(status: int = 200, text: str = "", url: str = f"{SITE}/robots.txt", **headers: str) -> dict[str, Response]:
    return {url: Response(url, status=status, body=text.encode(), headers=headers)}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_no_rules_means_no_restriction(status: int) -> None:
    ask(robots(status))


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_server_error_means_stay_away(status: int) -> None:
    with pytest.raises(RobotsUnreachableError, match=str(status)):
        ask(robots(status))


def test_no_answer_means_stay_away() -> None:
    with pytest.raises(RobotsUnreachableError, match="ConnectionRefused"):
        ask({f"{SITE}/robots.txt": ConnectionRefusedError("connection refused")})


def test_our_own_group_of_rules_comes_before_the_general_one() -> None:
    rules = "User-agent: *\nDisallow: /\n\nUser-agent: gongbao\nDisallow: /secret/\n"
    with pytest.raises(RobotsDisallowedError):
        ask(robots(text=rules))
    ask(robots(text=rules), f"{SITE}/open/1.html")


def test_a_redirect_of_robots_is_followed_five_times_at_most() -> None:
    moved = robots(301, Location="/static/robots.txt")
    moved |= robots(text="User-agent: *\nDisallow: /secret/\n", url=f"{SITE}/static/robots.txt")
    with pytest.raises(RobotsDisallowedError):
        ask(moved)
    circle = ask(robots(301, Location="/robots.txt"))
    assert len(circle.asked) == 6


def test_robots_is_asked_once_for_a_host_however_many_pages() -> None:
    assert len(ask(robots(404), PAGE, f"{SITE}/a.html", f"{SITE}/b.html").asked) == 1
