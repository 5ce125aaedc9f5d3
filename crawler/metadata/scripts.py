"""What inline scripts write or hold: `document.write(csource)`, `pubdata="..."`, gkmlpt's `_CONFIG.DETAIL`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from lxml import html

_STRING = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`$]*`"
_VARIABLE = re.compile(rf"\b(?:var|let|const)?\s*([A-Za-z_$][\w$]*)\s*=\s*({_STRING})\s*(?=[;,\n\r}}]|$)")
_WRITE = re.compile(r"document\s*\.\s*write(?:ln)?\s*\(")
_TOKEN = re.compile(rf"\s*(?:({_STRING})|([A-Za-z_$][\w$]*))\s*")
# Templates cut a moment down to its day: s.substring(0,10), s.split(" ")[0]. substr() is meant where it starts at 0.
_CUT = re.compile(
    rf"\.(?:(?:substring|substr|slice)\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)|split\(\s*({_STRING})\s*\)\s*\[\s*0\s*\]|trim\(\))\s*"
)
_TAG = re.compile(r"<[^<>]*>")
_DATE_KEY = re.compile(
    r"\b(pub_?date|pubdata|pub_?time|publish_?(?:date|time)|publishedtime|docreltime|docpubtime|fbsj|fbrq|releasetime|"
    r"datepublished)\b"
    rf"[\"']?\s*[=:]\s*(?:new\s+Date\s*\(\s*)?({_STRING})",
    re.IGNORECASE,
)
_DATE_HINT = re.compile(r"[pP]ub|PUB|dateP|fbsj|fbrq|FBSJ|FBRQ|release")
# A script longer than this is a library, not a template's line.
LONGEST = 20_000


def unquote(literal: str) -> str:
    """The text of a JavaScript string literal, escapes undone where they are simple."""
    body = literal[1:-1]
    body = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), body)
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": " ", "r": " "}.get(m[1], m[1]), body)


def written(script: str | None, known: dict[str, str] | None = None) -> str | None:
    """The text a script's first `document.write` puts on the page, if it joins only literals and known variables.

    `known` holds the variables of earlier scripts and takes up this one's.

    >>> written('var a="新华社"; if(a){document.write("来源：" + a);} else {document.write("本网")}')
    '来源：新华社'
    >>> written('var t="2023-05-06 12:00";document.write(t.substring(0,10))')
    '2023-05-06'
    >>> written('document.write(count())') is None, written('document.write("<script src=x>")') is None
    (True, True)
    """
    if not script or len(script) > LONGEST:
        return None
    variables = known if known is not None else {}
    variables |= {name: unquote(value) for name, value in _VARIABLE.findall(script)}
    for match in _WRITE.finditer(script):
        text = _joined(script, match.end(), variables)
        if text and "<script" not in text.lower():
            plain = _TAG.sub(" ", text).replace("&nbsp;", " ")
            if plain.strip():
                return plain
    return None


def _joined(script: str, position: int, variables: dict[str, str]) -> str | None:
    out = ""
    while match := _TOKEN.match(script, position):
        literal, name = match.groups()
        if literal is not None:
            piece = unquote(literal)
        elif name in variables:
            piece = variables[name]
        else:
            return None
        position = match.end()
        while cut := _CUT.match(script, position):
            start, end, sign = cut.groups()
            piece = piece.split(unquote(sign))[0] if sign else piece[int(start or 0) : int(end) if end else None]
            position = cut.end()
        out += piece
        if script[position : position + 1] != "+":
            return out if script[position : position + 1] in {")", ","} else None
        position += 1
    return None


def dates_held(root: html.HtmlElement) -> Iterator[tuple[str, str]]:
    """(variable, string) of every publication date an inline script keeps."""
    for script in root.iter("script"):
        text = script.text
        if text and len(text) <= LONGEST and _DATE_HINT.search(text):
            for key, literal in _DATE_KEY.findall(text):
                yield key, unquote(literal)


def gkmlpt_detail(root: html.HtmlElement) -> dict[str, object]:
    """The document object of a Guangdong gkmlpt page (`window._CONFIG = {... DETAIL: {...}}`), or an empty one."""
    for script in root.iter("script"):
        text = script.text or ""
        match = re.search(r"""["']?DETAIL["']?\s*:\s*(?=\{)""", text) if "_CONFIG" in text else None
        if match:
            try:
                detail, _ = json.JSONDecoder(strict=False).raw_decode(text, match.end())
            except (json.JSONDecodeError, RecursionError):
                continue  # a script that is no JSON says nothing; other sources of the page still do
            if isinstance(detail, dict):
                return detail
    return {}
