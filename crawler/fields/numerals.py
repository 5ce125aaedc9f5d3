"""Chinese numerals to numbers and back: 二十三, 二〇〇八, 一百零五; used by dates, 令 numbers and headings."""

from __future__ import annotations

# Zero is written in many ways; Latin O and Greek Ο come from typists (DOMAIN.md section 2.5).
ZEROS = "〇○零OoＯｏΟО◯０0"
DIGITS = {**dict.fromkeys(ZEROS, 0), **{char: n for n, char in enumerate("一二三四五六七八九", start=1)}, "两": 2}
DIGITS |= {char: n for n, char in enumerate("壹贰叁肆伍陆柒捌玖", start=1)}
UNITS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
NUMERAL = f"[{ZEROS}一二两三四五六七八九壹贰叁肆伍陆柒捌玖十百千拾佰仟廿卅]"


def from_numeral(text: str) -> int | None:
    """The number a Chinese numeral below 10,000 stands for, or None when it is none.

    >>> from_numeral("二十三"), from_numeral("二〇〇八"), from_numeral("二OO八"), from_numeral("一百零五")
    (23, 2008, 2008, 105)
    >>> from_numeral("廿三"), from_numeral("38"), from_numeral("甲") is None, from_numeral("") is None
    (23, 38, True, True)
    """
    text = text.replace("廿", "二十").replace("卅", "三十")
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or any(char not in DIGITS and char not in UNITS for char in text):
        return None
    if not any(char in UNITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    return _with_units(text)


def _with_units(text: str) -> int | None:
    total, digit, smallest = 0, -1, 10_000
    for char in text:
        if char in DIGITS:
            if digit > 0:
                return None  # two digits in a row: neither 二十三 nor 二三
            digit = DIGITS[char]
            continue
        unit = UNITS[char]
        if unit >= smallest:
            return None
        total, digit, smallest = total + (digit if digit > 0 else 1) * unit, -1, unit
    return total + max(digit, 0)


def to_numeral(number: int) -> str:
    """The usual Chinese numeral of 0 to 9,999.

    >>> to_numeral(23), to_numeral(10), to_numeral(105), to_numeral(110), to_numeral(2008)
    ('二十三', '十', '一百零五', '一百一十', '二千零八')
    """
    if not 0 <= number < 10_000:
        raise ValueError(f"a numeral of 0 to 9,999 was expected, found {number}")
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    out, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            out += ("零" if gap else "") + digits[digit] + name
            gap = False
        elif out:
            gap = True
    return out[1:] if 10 <= number < 20 else out
