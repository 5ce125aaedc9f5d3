"""What frames a document: addressees, signature and date, notes and 附件 (GB/T 9704-2012, 7.3).

The phrases are those of DOMAIN.md section 3. Only the first and the last lines of a part are asked, so that an
organ or a date inside the prose is never taken for a signature.
"""

from __future__ import annotations

import re

from crawler.outline_nodes import BLANK, LEVELS, LONGEST_HEADING, NUMERAL, Kind, Line, Node, chinese_number

LONGEST_ORGAN = 30
LONGEST_NOTE = 120
HEAD_LINES = 6  # a salutation stands among the first lines: after a title, a 文号, a line of brackets
TAIL_LINES = 8  # signature, date and notes stand among the last lines of the document or of the part before an annex

DATE = re.compile(
    r"(?:\d{4}|[一二三四五六七八九〇○零OＯ]{4})[ \u3000]?年[ \u3000]?"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})[ \u3000]?月"
    r"(?:[ \u3000]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[ \u3000]?日)?"
)
STAMP = re.compile(r"[(（](?:盖章|印章|公章|印|章)[)）]$")
ORGAN = re.compile(
    r"[\w、()（）“”· \u3000]*"
    r"(?:政府|委员会|常委会|管委会|办公室|办公厅|街道办事处|领导小组|指挥部|联席会议|代表大会|协会|学会|总会|联合会|基金会|法院|检察院"
    r"|研究院|科学院|总局|分局|支队|总队|大队|中心|银行|集团|公司|学院|大学|局|厅|委|办|部|司|处|署|站|所|院|科|馆|组)"
)
# 令 are signed by a person: office, then name, often letter-spaced.
SIGNATORY = re.compile(
    r"(?:主任|局长|部长|厅长|省长|市长|县长|区长|州长|盟长|旗长|镇长|乡长|总理|主席|署长|行长|院长|会长|委员长|审计长)"
    r"[ \u3000]*[:：]?[ \u3000]*[\u4e00-\u9fff·][\u4e00-\u9fff· \u3000]{1,11}"
)
SALUTATION = re.compile(
    r"(?:政府|委员会|办公室|办公厅|办事处|管委会|局|厅|委|办|部|司|处|署|院|行|会|社|中心|站|所|队|馆|机构|机关|单位|部门|公司|企业|集团"
    r"|学校|院校|高校|大学|学院|团体|组织|商户|农户|用户|业主|纳税人|申请人|当事人|群众|居民|市民|村民|家长|考生|同志们?|先生们?|女士们?"
    r"|朋友们?|代表们?|委员们?|老师们|同学们|人员)(?:[(（][^()（）]{1,40}[)）])?[:：]$"
)
NOTE = re.compile(
    r"[(（](?:此件|本件|此文|本文|联系人|联系电话|联系方式|咨询电话|公开方式|公开属性|信息公开|主动公开|依申请公开)"
    r".*[)）]$"
)
ATTACHMENT = re.compile(
    rf"附[ \u3000]?[:：]|附[ \u3000]?件[ \u3000]{{0,4}}(\d{{1,2}}|[{NUMERAL}]{{1,3}})?(?:-\d{{1,2}})?"
    r"[ \u3000]{0,4}(?:[:：.．、]|$|[ \u3000](?=\S))"
)
ATTACHMENT_NUMBER = re.compile(r"[ \u3000]{0,4}(\d{1,2})[.．、](?!\d)[ \u3000]?")


def opens_annex(node: Node) -> bool:
    """An 附件 that stands alone on its line begins the annex itself; `附件：1.…` only announces it."""
    return node.kind == "attachment" and node.run_in is False


def attachments(lines: list[Line]) -> list[Node]:
    """The 附件 list (one node a name, also where names follow on lines of their own) and the heads of annexes."""
    nodes: list[Node] = []
    expected = 0
    for line in lines:
        mark = ATTACHMENT.match(line.text)
        if mark is not None and len(line.text) <= 2 * LONGEST_HEADING:
            rest = line.text[mark.end() :]
            inner = ATTACHMENT_NUMBER.match(rest)
            name = rest[inner.end() :] if inner else rest
            number = chinese_number((inner or mark).group(1) or "") or None
            announced = bool(inner) or (mark.group(1) is None and bool(name))
            nodes.append(Node("attachment", None, number, name.strip(BLANK), line.start, line.end, announced))
            expected = (number or 0) + 1 if announced or mark.group(0).endswith((":", "：")) else 0
            continue
        row = ATTACHMENT_NUMBER.match(line.text) if expected else None
        if row is not None and chinese_number(row.group(1)) == expected and len(line.text) <= 2 * LONGEST_HEADING:
            nodes.append(Node("attachment", None, expected, line.text[row.end() :], line.start, line.end, True))
            expected += 1
        else:
            expected = 0
    return nodes


def salutation(lines: list[Line]) -> list[Node]:
    """The 主送机关: among the first lines, before any numbering, an address that ends in a colon."""
    for line in lines[:HEAD_LINES]:
        if any(pattern.match(line.text) for _, pattern in LEVELS):
            break
        if "。" not in line.text and "\t" not in line.text and SALUTATION.search(line.text[-60:]):
            return [Node("salutation", None, None, line.text[:-1].strip(BLANK), line.start, line.end)]
    return []


def closing(lines: list[Line], attachments: list[Node]) -> list[Node]:
    """Signature, date and notes at the end of every part before an annex, and the date under a title."""
    nodes: list[Node] = []
    annexes = {node.start for node in attachments if opens_annex(node)}
    announced = {node.start for node in attachments} - annexes
    part: list[Line] = []
    for line in [*lines, None]:
        if line is None or line.start in annexes:
            nodes += _tail([member for member in part if member.start not in announced])
            part = []
        else:
            part.append(line)
    starts = {node.start for node in nodes}
    return nodes + [
        _plain("date", line) for line in lines[:3] if DATE.fullmatch(line.text) and line.start not in starts
    ]


def _tail(part: list[Line]) -> list[Node]:
    """What closes one part: notes, the date, and the organs or the person that sign above it."""
    nodes: list[Node] = []
    dated = False
    for line in reversed(part[-TAIL_LINES:]):
        if len(line.text) <= LONGEST_NOTE and NOTE.match(line.text):
            nodes.append(_plain("note", line))
        elif not dated and DATE.fullmatch(STAMP.sub("", line.text)):
            nodes.append(_plain("date", line))
            dated = True
        elif not dated and (ends := _signed_and_dated(line)):
            nodes += ends
            dated = True
        elif dated and _signs(line.text):
            nodes.append(_plain("signature", line))
        elif dated or (not nodes and len(line.text) > LONGEST_NOTE):
            break
    return nodes


def _signs(text: str) -> bool:
    name = STAMP.sub("", text)
    return (len(name) <= LONGEST_ORGAN and bool(ORGAN.fullmatch(name))) or bool(SIGNATORY.fullmatch(name))


def _signed_and_dated(line: Line) -> list[Node]:
    """Organ and date on one line, as `某某市司法局 2021年3月2日`."""
    if len(line.text) > LONGEST_ORGAN + 20:
        return []
    found = DATE.search(line.text)
    organ = line.text[: found.start()].rstrip(BLANK) if found else ""
    if found is None or found.end() != len(line.text) or not organ or not _signs(organ):
        return []
    when = Node("date", None, None, found.group(0), line.start + found.start(), line.end)
    return [Node("signature", None, None, organ, line.start, line.start + len(organ)), when]


def _plain(kind: Kind, line: Line) -> Node:
    return Node(kind, None, None, line.text, line.start, line.end)
