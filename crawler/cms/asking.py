"""A list page that a GET of its URL does not give: the whole request written as one URL, for the ledger.

`http://HOST/list.do#!POST&Content-Type=application%2Fjson&body=%7B...%7D`: what follows `#!` is never sent. It makes
every page of a POST pager a URL of its own, which an interrupted run leaves to the next one like any other; the
archive keeps such a fragment when it spells a URL (archive.dedup.canonical_url).
"""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode

from crawler.cms.base import NextPage

# The only headers a list's pager is known to insist on; a page that names another does not make us send it.
HEADERS = ("Content-Type", "Referer", "X-Requested-With")
_MARKS = {"#!GET&": "GET", "#!POST&": "POST"}


def address(request: NextPage) -> str:
    """`request` as a URL; one that is no more than a GET of its URL comes back as that.

    >>> address(NextPage("http://a.example/list", "POST", b"page=2"))
    'http://a.example/list#!POST&body=page%3D2'
    """
    fields: list[tuple[str, str | bytes]] = [(name, value) for name, value in request.headers if name in HEADERS]
    if request.body:
        fields.append(("body", request.body))
    if request.method == "GET" and not fields:
        return request.url
    return f"{plain(request.url)}#!{request.method}&{urlencode(fields, quote_via=quote, safe='')}"


def asked(url: str) -> NextPage:
    """The request that a URL stands for: what `address` wrote, else a GET of it."""
    for mark, method in _MARKS.items():
        bare, found, rest = url.partition(mark)
        if found:
            fields = parse_qsl(rest, keep_blank_values=True, errors="surrogateescape")
            headers = tuple((name, value) for name, value in fields if name in HEADERS)
            body = dict(fields).get("body", "").encode("utf-8", "surrogateescape")
            return NextPage(bare, "POST" if method == "POST" else "GET", body, headers)
    return NextPage(url)


def plain(url: str) -> str:
    """The URL without a written request; any other fragment stays (gkmlpt names its category there)."""
    for mark in _MARKS:
        url = url.partition(mark)[0]
    return url


def same_request(url: str, as_in: str) -> str:
    """`url` asked for the way `as_in` says; where a redirect led to, or the address of an answer."""
    bare = plain(as_in)
    return plain(url) + as_in[len(bare) :] if bare != as_in else url
