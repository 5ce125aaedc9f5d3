"""The id of a new source: from the host, then the path, then a number. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from crawler.registry import ID, host_of

_SAY_NOTHING = {"www", "cn", "gov", "com", "net", "org", "edu"}


def new_id(url: str, taken: Iterable[str]) -> str:
    """An id nobody has, from the host, then the path, then a number.

    >>> new_id("http://sfj.xianning.gov.cn/xxgk/fzzf/index.html", [])
    'sfj-xianning'
    >>> new_id("http://www.xianning.gov.cn/xxgk/fzzf/index.html", ["xianning"])
    'xianning-fzzf'
    """
    taken = set(taken)
    labels = [label for label in (host_of(url) or "").split(".") if label not in _SAY_NOTHING]
    host = _ascii("-".join(labels)) or "site"
    steps = [step for step in urlsplit(url).path.split("/") if step and "." not in step]
    ways = [host, *([f"{host}-{_ascii(steps[-1])}"] if steps and _ascii(steps[-1]) else [])]
    ways += [f"{ways[-1]}-{n}" for n in range(2, len(taken) + 3)]
    return next(way for way in ways if way not in taken and ID.fullmatch(way))


def _ascii(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40]
