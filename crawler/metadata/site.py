"""What a page says of its site: name, 网站标识码, ICP and police numbers, division (DOMAIN.md section 5)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.fields import clean, division, icp_number, police_number, site_id, site_ids
from crawler.metadata.blocks import Block
from crawler.metadata.found import Candidate, Found, choose
from crawler.metadata.headings import same

_CODES = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 51 52 52 53 53 54 61 62 62 63 64 65"
_PROVINCE_OF = dict(
    zip(
        "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀贵黔云滇藏陕甘陇青宁新",
        _CODES.split(),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Site:
    """The site as the page states it, and `conflict`, a sentence when site id and ICP number name two provinces."""

    name: Found[str] | None
    id: Found[str] | None
    ids: tuple[str, ...]
    icp: Found[str] | None
    police: Found[str] | None
    division: Found[str] | None
    conflict: str | None


def read_site(blocks: list[Block], metas: dict[str, str], tag: str | None, title: str | None, markup: str) -> Site:
    """Meta tags first, then footer lines, then the 找错 badge in the markup."""
    stated = metas.get("siteidcode")
    codes = [Candidate(code, stated or "", "meta SiteIDCode", 3.0) for code in [site_id(stated)] if code]
    footer = "\n".join(b.plain for b in blocks if len(b.text) < 2000 and re.search(r"标识码|ICP|备案|安备", b.text))
    codes += [Candidate(code, code, "网站标识码 in the footer", 2.0) for code in site_ids(footer)]
    codes += [Candidate(code, code, "找错 badge", 1.0) for code in site_ids(_badges(markup))]
    icp, police = icp_number(footer), police_number(footer)
    found = choose(codes)
    area = division(found.value) if found else None
    conflict = None
    if area and icp and _PROVINCE_OF[icp[0]] != area[:2]:
        conflict = f"site id {found.value if found else ''} is of province {area[:2]}, ICP number {icp} is of {icp[0]}"
    return Site(
        _site_name(metas, tag, title),
        found,
        tuple(dict.fromkeys(c.value for c in codes)),
        Found(icp, icp, "footer") if icp else None,
        Found(police, police, "footer") if police else None,
        Found(area, found.value, "first six digits of the site id") if area and found else None,
        conflict,
    )


def _badges(markup: str) -> str:
    """The surroundings of the 找错 badge's address or call, wherever the markup holds them."""
    out: list[str] = []
    for mark in ("site_code", "sitecode", "Link("):
        at = markup.find(mark)
        while at >= 0 and len(out) < 20:
            out.append(markup[at : at + 60])
            at = markup.find(mark, at + 1)
    return "\n".join(out)


def _site_name(metas: dict[str, str], tag: str | None, title: str | None) -> Found[str] | None:
    candidates = [
        Candidate(metas[key], metas[key], f"meta {shown}", rank)
        for key, shown, rank in (("sitename", "SiteName", 3.0), ("og:site_name", "og:site_name", 2.0))
        if key in metas
    ]
    suffix = _suffix(tag, title)
    if suffix and tag:
        candidates.append(Candidate(suffix, tag, "<title> suffix", 1.0))
    return choose(candidates)


def _suffix(tag: str | None, title: str | None) -> str | None:
    """What follows the title in <title>: its last part, when the title is all that stands in front."""
    if not tag or not title or not same(tag.lstrip("【 ")).startswith(same(title)[:12]):
        return None
    name = clean(re.split(r"[-_|｜－–—]+", tag)[-1].strip("】 "))
    if name is None or not 2 <= len(name) <= 40 or len(same(tag)) < len(same(title)) + len(same(name)):
        return None
    return name
