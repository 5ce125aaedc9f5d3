"""The guard: nothing inside is dialled, however it is spelled, and no request arrives there."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive
from crawler.guard import allowed, internal, refusal, spelled
from tests.serving import BRISK, Answer, listing, notice, scrapy, serving, write_source

OPEN = tuple(setting for setting in BRISK if not setting.startswith("GUARD_ALLOW"))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "10.1", "0", "localhost", "a.localhost", "::1"],
)
def test_every_spelling_of_an_internal_address_is_refused(host: str) -> None:
    assert refusal(host, 80, spelled(host), frozenset()) is not None


@given(st.ip_addresses())
def test_what_is_not_global_is_internal_also_inside_ipv6(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if isinstance(address, ipaddress.IPv4Address):
        outside = address.is_global and not address.is_multicast
        assert (internal(str(address)) is None) == outside
        for cover in ("::ffff:{}", "64:ff9b::{}"):
            assert (internal(cover.format(address)) is None) == outside
    elif not address.is_global:
        assert internal(str(address)) is not None


def test_one_internal_address_among_several_refuses_the_name() -> None:
    told = refusal("rebind.example", 80, ["47.95.49.163", "192.168.1.1"], frozenset())
    assert told is not None
    assert "192.168.1.1" in told
    assert "GUARD_ALLOW=rebind.example:80" in told


def test_only_the_named_host_and_port_are_exempt() -> None:
    places = allowed("127.0.0.1:8080,intranet.example")
    assert refusal("127.0.0.1", 8080, ["127.0.0.1"], places) is None
    assert refusal("127.0.0.1", 8081, ["127.0.0.1"], places) is not None
    assert refusal("Intranet.example", 1, ["10.0.0.9"], places) is None


@pytest.mark.parametrize("wrong", ["http://127.0.0.1", "127.0.0.1:port", "a/b", "user@host"])
def test_a_guard_allow_that_is_no_host_is_an_error_of_use(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"expected host\[:port\]"):
        allowed(wrong)


def test_nothing_inside_is_dialled_by_literal_number_or_name(tmp_path: Path) -> None:
    with serving({"/tzgg/": Answer(listing([("/art/1.html", "关于开展案卷评查的通知")]))}) as site:
        port = site.url.rpartition(":")[2]
        hosts = {
            "literal": "127.0.0.1",
            "decimal": "2130706433",
            "hex": "0x7f000001",
            "octal": "0177.0.0.1",
            "short": "127.1",
            "mapped": "[::ffff:127.0.0.1]",
            "byname": "localhost",
        }
        for source, host in hosts.items():
            write_source(tmp_path / "sources", source, [f"http://{host}:{port}/tzgg/"])
        places = (f"SOURCES={tmp_path / 'sources'}", f"ARCHIVE={tmp_path / 'a.db'}", "GUARD_ALLOW=127.0.0.1:1")
        done = scrapy("crawl", *hosts, settings=(*OPEN, *places))
        assert site.asked == [], "a request arrived inside"
    assert done.returncode == 1
    with Archive(tmp_path / "a.db") as archive:
        runs = {run.source: run for run in archive.runs()}
        for source, host in hosts.items():
            assert runs[source].counts["failed"] == 1
            told = " ".join(runs[source].evidence)
            assert "an internal address (loopback)" in told, told
            assert host.strip("[]") in told or "::ffff:7f00:1" in told, told


RESOLVES = """
import socket
real = socket.getaddrinfo
def getaddrinfo(host, *more, **named):
    return real("127.0.0.1" if host == "sfj.qingling.example" else host, *more, **named)
socket.getaddrinfo = getaddrinfo
real_name = socket.gethostbyname
socket.gethostbyname = lambda host: "127.0.0.1" if host == "sfj.qingling.example" else real_name(host)
"""


def test_a_name_that_dns_sends_inside_is_refused_unless_it_is_allowed(tmp_path: Path) -> None:
    titles = {f"/art/{n}.html": f"关于开展第{n}批案卷评查工作的通知" for n in range(1, 5)}
    answers = {path: Answer(notice(title, n=n)) for n, (path, title) in enumerate(titles.items())}
    answers["/tzgg/"] = Answer(listing(list(titles.items())))
    with serving(answers) as site:
        port = site.url.rpartition(":")[2]
        write_source(tmp_path / "sources", "qingling", [f"http://sfj.qingling.example:{port}/tzgg/"])
        places = (*OPEN, f"SOURCES={tmp_path / 'sources'}", f"ARCHIVE={tmp_path / 'a.db'}")
        refused = scrapy("crawl", "qingling", settings=places, code=RESOLVES)
        assert site.asked == []
        assert "sfj.qingling.example is 127.0.0.1, an internal address" in refused.stderr, refused.stderr
        let = scrapy("crawl", "qingling", settings=(*places, f"GUARD_ALLOW=sfj.qingling.example:{port}"), code=RESOLVES)
        assert let.returncode == 0, let.stderr
        assert "/art/1.html" in site.asked


def test_a_redirect_into_the_house_is_refused(tmp_path: Path) -> None:
    with serving() as inside, serving() as site:
        secret = inside.url.replace("127.0.0.1", "localhost")
        site.answers |= {
            "/robots.txt": Answer("", 302, {"Location": f"{secret}/robots.txt"}),
            "/tzgg/": Answer("", 302, {"Location": f"{secret}/tzgg/"}),
        }
        host = secret.removeprefix("http://")
        write_source(tmp_path / "sources", "qingling", [f"{site.url}/tzgg/"], f'[identity]\nhosts = ["{host}"]')
        places = (f"SOURCES={tmp_path / 'sources'}", f"ARCHIVE={tmp_path / 'a.db'}")
        done = scrapy("crawl", "qingling", settings=(*BRISK, *places))
        assert inside.asked == []
        assert "localhost is 127.0.0.1, an internal address" in done.stderr, done.stderr


def test_the_proxy_of_the_environment_is_exempt_and_no_door_to_the_inside(tmp_path: Path) -> None:
    host = "http://sfj.qingling.example"  # does not exist: only the proxy can answer for it
    titles = {f"/art/{n}.html": f"关于开展第{n}批案卷评查工作的通知" for n in range(1, 5)}
    answers = {host + path: Answer(notice(title, n=n)) for n, (path, title) in enumerate(titles.items())}
    answers[f"{host}/tzgg/"] = Answer(listing(list(titles.items())))
    with serving(answers) as proxy:
        write_source(tmp_path / "sources", "qingling", [f"{host}/tzgg/"])
        write_source(tmp_path / "sources", "inside", ["http://169.254.169.254/tzgg/", "http://127.1:9/tzgg/"])
        places = (*OPEN, f"SOURCES={tmp_path / 'sources'}", f"ARCHIVE={tmp_path / 'a.db'}")
        for through in (proxy.url, proxy.url.replace("127.0.0.1", "localhost")):
            done = scrapy("crawl", "qingling", settings=places, env={"http_proxy": through})
            assert done.returncode == 0, done.stderr
        asked = len(proxy.asked)
        inside = scrapy("crawl", "inside", settings=places, env={"http_proxy": proxy.url})
        assert len(proxy.asked) == asked
    assert "169.254.169.254 is an internal address (link-local)" in inside.stderr, inside.stderr


REBINDS = """
import ipaddress, socket
import crawler.guard as guard
# 127.0.0.2 stands for an address of the public internet; whoever asks a second time is sent inside.
sound = guard.internal
guard.internal = lambda address: None if address == "127.0.0.2" else sound(address)
real, asked = socket.getaddrinfo, []
def getaddrinfo(host, *more, **named):
    if host != "sfj.qingling.example":
        return real(host, *more, **named)
    asked.append(host)
    return real("127.0.0.2" if len(asked) == 1 else "127.0.0.1", *more, **named)
socket.getaddrinfo = getaddrinfo
socket.gethostbyname = lambda host: getaddrinfo(host, None)[0][4][0]
"""


def test_a_name_that_points_inside_at_the_second_look_is_refused_then(tmp_path: Path) -> None:
    # Each request is a connection of its own, and so a look of its own at where the name points.
    apart = Answer("", 404, {"Connection": "close"})
    with serving({"/robots.txt": apart, "/tzgg/": Answer(listing([]))}, host="127.0.0.2") as outside:
        port = int(outside.url.rpartition(":")[2])
        with serving(host="127.0.0.1", port=port) as inside:
            write_source(tmp_path / "sources", "qingling", [f"http://sfj.qingling.example:{port}/tzgg/"])
            places = (f"SOURCES={tmp_path / 'sources'}", f"ARCHIVE={tmp_path / 'a.db'}", "GUARD_ALLOW=127.0.0.1:1")
            more = ("DNSCACHE_ENABLED=0", "PROGRESS=1")
            done = scrapy("crawl", "qingling", settings=(*OPEN, *places, *more), code=REBINDS)
            assert outside.asked == ["/robots.txt"], done.stderr
            assert inside.asked == [], "a request arrived inside"
    assert "sfj.qingling.example is 127.0.0.1, an internal address" in done.stderr, done.stderr
