"""Codes with a grammar: 索引号, organisation codes, 网站标识码, ICP and police numbers (DOMAIN.md sections 2.3, 5)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.fields.documents import tidy

_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODES = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82"
_PROVINCES = frozenset(_CODES.split())
_ICP = re.compile(
    r"[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀贵黔云滇藏陕甘陇青宁新]\s*ICP\s*[备证]"
    r"\s*\d{6,10}\s*号?(?:\s*-\s*\d+)?"
)
_POLICE = re.compile(r"[\u4e00-\u9fff]?公[网安][安网]?备[案号]*\s*[:：]?\s*(\d{13,15})\s*号?")
_SITE_ID = re.compile(r"网站标识码\s*[:：]?\s*((?:bm|BM)?\d{8,10})(?!\d)")
_BADGE = re.compile(r"(?:site_?code|Link\()\s*=?\s*['\"]?([0-9a-zA-Z]{10})\b")


@dataclass(frozen=True, slots=True)
class IndexNumber:
    """索引号 without spaces; its organisation code where it carries one, and whether the check digit fits."""

    value: str
    org_code: str | None = None
    check_ok: bool | None = None


def organisation_code_ok(code: str) -> bool:
    """Whether nine characters are an organisation code with the right check character (GB 11714).

    >>> organisation_code_ok("000014349"), organisation_code_ok("01527918X"), organisation_code_ok("000014348")
    (True, True, False)
    """
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code):
        return False
    total = sum(weight * int(char, 36) for weight, char in zip(_ORG_WEIGHTS, code, strict=False))
    return "0123456789X0"[11 - total % 11] == code[8]


def credit_code_ok(code: str) -> bool:
    """Whether eighteen characters are a 统一社会信用代码 with the right check character (GB 32100).

    >>> credit_code_ok("114403006955506492"), credit_code_ok("114403006955506493")
    (True, False)
    """
    if len(code) != 18 or any(char not in _USCC_ALPHABET for char in code):
        return False
    total = sum(_USCC_ALPHABET.index(char) * pow(3, n, 31) for n, char in enumerate(code[:17]))
    return _USCC_ALPHABET[-total % 31] == code[17]


def index_number(text: str | None) -> IndexNumber | None:
    """A value labelled 索引号, or None when it holds no number; there is no national format, so the label decides.

    >>> index_number("011336714 / 2020-12972")
    IndexNumber(value='011336714/2020-12972', org_code='011336714', check_ok=True)
    >>> index_number("SY310107202603028").check_ok, index_number("无")
    (None, None)
    """
    if not text:
        return None
    value = tidy(text).strip("：:；;，,。.").replace("／", "/").replace("－", "-")
    if not 5 <= len(value) <= 80 or sum(char.isdigit() for char in value) < 4:
        return None
    if re.fullmatch(r"(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?", value):
        return None
    head = re.match(r"[0-9A-Za-z]+", value)
    code = head[0].upper() if head else ""
    if len(code) == 18:
        return IndexNumber(value, code[8:17], credit_code_ok(code))
    if len(code) == 9:
        return IndexNumber(value, code, organisation_code_ok(code))
    return IndexNumber(value)


def site_id(text: str | None) -> str | None:
    """网站标识码: ten digits, or `bm` and eight; placeholders such as 0000000000 are None.

    >>> site_id("BM01000001"), site_id("2205030001"), site_id("XXXXXXXXXX"), site_id("0000000000")
    ('bm01000001', '2205030001', None, None)
    """
    value = tidy(text or "").lower()
    if not re.fullmatch(r"bm\d{8}|\d{10}", value) or len(set(value[2:])) == 1 or value in {"1234567890", "0123456789"}:
        return None
    return value


def site_ids(text: str) -> list[str]:
    """Every 网站标识码 a page's text or markup states, in order: footer line and 找错 badge (they may differ)."""
    seen = [site_id(code) for form in (_SITE_ID, _BADGE) for code in form.findall(text)]
    return list(dict.fromkeys(code for code in seen if code))


def icp_number(text: str) -> str | None:
    """The ICP filing number in a text.

    >>> icp_number("备案号：粤ICP备 18023326号-36"), icp_number("ICP备案")
    ('粤ICP备18023326号-36', None)
    """
    match = _ICP.search(text)
    return tidy(match[0]) if match else None


def police_number(text: str) -> str | None:
    """The digits of the 公安备案号 in a text: 13 to 15, the first six are the division of the police unit.

    >>> police_number("吉公网安备 22050302000102号"), police_number("公安")
    ('22050302000102', None)
    """
    match = _POLICE.search(text)
    return match[1] if match else None


def division(code: str | None) -> str | None:
    """The 行政区划代码 a local site id starts with, or None for central sites and unknown provinces.

    >>> division("2205030001"), division("bm01000001"), division("9900000001")
    ('220503', None, None)
    """
    if code is None or not re.fullmatch(r"\d{10}", code) or code[:2] not in _PROVINCES:
        return None
    return code[:6]
