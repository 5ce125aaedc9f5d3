"""A site that answers by http only is read whole, also where its templates link to it by https."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.scheme import SchemeMiddleware

LIST, NOTICE = "http://www.qinghe.gov.cn/tzgg/", "https://www.qinghe.gov.cn/tzgg/1.html?a=%E6%B3%95"


def heard(url: str = LIST, **headers: str) -> SchemeMiddleware:
    """One that has had an answer from this URL."""
    middleware = SchemeMiddleware()
    middleware.process_response(Request(url), Response(url, headers=headers))
    return middleware


def test_https_that_gives_no_answer_is_asked_by_http_and_from_then_on_at_once() -> None:
    middleware = heard()
    assert middleware.process_request(Request(NOTICE)) is None
    again = middleware.process_exception(Request(NOTICE, priority=5), ConnectionRefusedError("refused"))
    assert again is not None
    assert (again.url, again.priority) == (NOTICE.replace("https", "http"), 5)
    following = middleware.process_request(Request(NOTICE.replace("1.html", "2.html")))
    assert following is not None
    assert following.url.startswith("http://")
    assert middleware.process_request(Request(again.url)) is None


@pytest.mark.parametrize(
    ("middleware", "url", "error"),
    [
        (SchemeMiddleware(), NOTICE, OSError("never heard of by http")),
        (heard("http://www.other.gov.cn/"), NOTICE, OSError("another host")),
        (heard(Location=LIST.replace("http", "https")), NOTICE, OSError("sends its visitors to https")),
        (heard(), LIST, OSError("it was http that failed")),
        (heard(), "https://www.qinghe.gov.cn:8443/1.html", OSError("a port of its own")),
        (heard(), NOTICE, IgnoreRequest("we refused it ourselves")),
    ],
)
def test_nothing_else_is_asked_another_way(middleware: SchemeMiddleware, url: str, error: Exception) -> None:
    assert middleware.process_exception(Request(url), error) is None
    assert middleware.process_request(Request(url)) is None
