"""Labels of info lines and 政府信息公开 tables, and the pairs they cut a line into (DOMAIN.md sections 2.1, 8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.metadata.blocks import EDGE, Block

# Field: its labels. `other` labels only end the value before them.
_LABELS = {
    "index_number": "索引号 信息索引号 索取号 索引号码 信息索引 公开索引号 索引编号 索引",
    "title": "名称 标题 信息名称 文件名称 文件标题 信息标题 公文名称 文档标题",
    "document_number": "文号 发文字号 文件编号 文件字号 发文文号 文件文号 公文文号 发文号 文件号 公文字号 规范性文件文号",
    "topic": "主题分类 目录分类 公开目录 分类 信息类别 主题类别 信息分类 所属主题",
    "issuer": "发文机关 发文机构 发文单位 发文部门 发布机构 制发机构 制发机关 制定机关 公开主体 责任单位 公开单位 信息发布单位 信息提供单位 "
    "公开责任部门 发布机关 公开机构 发布部门 公开部门 印发机关 发布单位 公开责任单位 信息公开单位 制发单位 发布主体 所属机构 制文单位 "
    "责任部门 发文主体 联合发文单位 信息发布机构 公开机关",
    "written": "成文日期 生成日期 产生日期 发文日期 印发日期 制发日期 文件日期 落款日期 签发日期 成文时间 生成时间 产生时间 发文时间 "
    "印发时间 制发时间 签发时间 制文日期 形成日期",
    "published": "发布日期 发布时间 公开日期 公开时间 公布日期 公布时间 发表时间 发表日期 发稿时间 发稿日期 刊发时间 刊发日期 登载日期 上网日期 "
    "上网时间 信息时间 信息日期 发布于 信息发布时间 信息发布日期 发布日 文章发布时间 上传日期 上传时间 录入时间 录入日期 添加时间 添加日期 "
    "稿件时间 网站发布日期 网上发布日期 首次发布时间 加入时间 创建时间 发稿日 PubDate",
    "dated": "日期 时间",
    "updated": "更新时间 更新日期 最后更新 最后更新时间 最近更新 修改时间 编辑时间",
    "origin": "来源 文章来源 信息来源 稿件来源 新闻来源 消息来源 内容来源 文稿来源 稿源 出处 转载来源 发布来源 来源单位 来源部门 来源网站 "
    "文件来源 转自 信息源",
    "validity": "有效性 时效状态 是否有效 效力状态 时效性 有效状态 文件状态 文件有效性 信息有效性",
    "other": "内容分类 文章类型 文章分类 信息分类号 浏览次数 浏览量 浏览 阅读次数 阅读量 阅读数 阅读 点击次数 点击数 点击量 点击率 点击 访问次数 访问量 人气 字体 字体大小 文字大小 "
    "文章字号 字号 字号大小 大小 视力保护色 保护视力色 背景色 责任编辑 责编 编辑 文字编辑 作者 撰稿 撰稿人 供稿 供稿单位 供稿人 审核 审核人 审签 签发 "
    "签发人 校对 初审 复审 终审 一审 二审 三审 分享到 分享至 分享 打印 关闭 收藏 语音播报 语音 公开方式 公开属性 公开类别 公开形式 公开范围 "
    "公开程序 公开时限 公开期限 公开程度 公开状态 生效日期 实施日期 施行日期 生效时间 实施时间 施行时间 废止日期 失效日期 失效时间 废止时间 "
    "终止日期 有效期 有效期至 有效期限 截止日期 截止时间 体裁分类 体裁 文种 信息体裁 主题词 关键词 关键字 内容概述 内容摘要 摘要 概述 简介 "
    "信息格式 语种 服务对象 服务对象分类 服务类别 服务主题 服务导航 附件 下载 附件下载 相关链接 导读 统一编号 登记号 统一登记号 规范性文件统一编号 "
    "登记编号 联系方式 联系人 联系电话 记者 通讯员 摄影 图片来源 资料来源 数据来源 监制 信息员 扫一扫 载体类型 记录形式 获取方式 备注 "
    "行业分类 组配分类 政策分类 栏目 所属栏目 所在栏目 发布栏目 频道 当前位置 您的位置 位置 您现在的位置 信息编号 文章编号 编号 流水号 "
    "保密审查 解读 标签 评论 我要纠错 纠错 二维码 手机扫一扫 发布人 发布者 发布员 录入 录入人 页数 份数 密级 缓急 期号 公文种类 公文类型 文件类型 "
    "文件类别 信息类型 公开目录分类 所属分类 适用范围 生命周期 所属地区 施行状态 地区 行政区划 办理部门 承办部门 主办部门 牵头部门 政策类型 "
    "重要程度 是否公开 公开依据 更新频率 更新周期 责任人 信息公开责任人",
}
FIELD_OF = {label: name for name, labels in _LABELS.items() for label in labels.split()}
_GAP = frozenset(" \t\r\n\xa0\u3000\u2002\u2003\u200b\ufeff" + EDGE)
# Traditional forms of label characters, for /gate/big5/ copies and mirrors.
_SIMPLE = str.maketrans(
    "來發佈時間號機關構單題類瀏覽點擊閱讀體責編輯標稱開內錄轉數訪問處佔審圖採門構產聯絡導過長級",
    "来发布时间号机关构单题类浏览点击阅读体责编辑标称开内录转数访问处占审图采门构产联络导过长级",
)
_LONGEST_LABEL = max(map(len, FIELD_OF))
# A label ends in a colon, or fills a pair of brackets.
_DATED = re.compile(rf"[\s\xa0{EDGE}]*(?:19|20)\d\d")
_END = re.compile(r"[:：】\]〗]")
_OPENING = {"】": "【", "]": "[", "〗": "〖"}
_BARE = re.compile(rf"[\s{EDGE}]*([\u4e00-\u9fff][\u4e00-\u9fff\s\xa0]*?)[\s\xa0]*{EDGE}[\s{EDGE}]*(?=[^\s{EDGE}])")
_SQUEEZE = re.compile(r"[\s\xa0\x1f\u200b\ufeff:：\[\]【】〖〗]+")
_BLANK = " \t\r\n\xa0\u3000" + EDGE
# No info line is longer; longer text is the document.
LONGEST = 600


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and what stands after it: `field` of the record, the `label` without spaces, the `raw` value with EDGE marks.

    `whole`: the label opens its block and the value ends it. `block` is where the label stands.
    """

    field: str
    label: str
    raw: str
    block: int
    whole: bool
    before_place: bool = False  # a 地点 stands on this line or the next: the pair is about a meeting


def squeeze(text: str) -> str:
    """A label as it is looked up: no spaces, colons or brackets.

    >>> squeeze("【索 引 号】："), squeeze("文\u3000\u3000号 :")
    ('索引号', '文号')
    """
    return _SQUEEZE.sub("", text)


@dataclass(frozen=True, slots=True)
class _Label:
    name: str
    start: int
    end: int  # behind the colon or bracket


def _labels(text: str) -> list[_Label]:
    """Every label of a line, found from its colon backwards: trying 300 labels forwards at every character is slow."""
    out: list[_Label] = []
    for match in _END.finditer(text):
        if out and match.start() < out[-1].end:
            continue
        label = _before_colon(text, match.start()) if match[0] in ":：" else _in_brackets(text, match)
        if label and not (out and label.start < out[-1].end):
            out.append(label)
    return out


def _before_colon(text: str, colon: int) -> _Label | None:
    spots: list[int] = []
    n = colon - 1
    while n >= 0 and len(spots) < _LONGEST_LABEL:
        if text[n] not in _GAP:
            if not ("\u4e00" <= text[n] <= "\u9fff" or text[n].isalpha()):
                break
            spots.append(n)
        n -= 1
    name = "".join(text[spot] for spot in reversed(spots)).translate(_SIMPLE)
    for size in range(len(spots), 1, -1):
        if name[-size:] in FIELD_OF:
            start = spots[size - 1]
            # A short word such as 来源 also ends longer ones (资料来源); a longer label is itself wherever it stands.
            # 来源：某局日期：2024-01-02 without any space is an info line all the same.
            glued = (
                name[-size:] in {"日期", "时间"} and _DATED.match(text, colon + 1) is not None and "：" in text[:start]
            )
            if size > 3 or glued or start == 0 or not (text[start - 1].isalpha() or text[start - 1] in "【[〖"):
                return _Label(name[-size:], start, colon + 1)
            # 【字体：大 中 小】: the bracket opens a control, yet it ends the value before it.
            if text[start - 1] in "【[〖":
                return _Label("字体", start - 1, colon + 1)
    return None


def _in_brackets(text: str, close: re.Match[str]) -> _Label | None:
    start = text.rfind(_OPENING[close[0]], max(0, close.start() - 24), close.start())
    name = squeeze(text[start + 1 : close.start()]) if start >= 0 else ""
    if name not in FIELD_OF:
        return None
    after = re.compile(rf"[\s\xa0{EDGE}]*[:：]").match(text, close.end())
    return _Label(name, start, after.end() if after else close.end())


def has_label(text: str) -> bool:
    """Whether a label with its colon stands in the text."""
    return bool(_labels(text))


def before_label(text: str) -> str:
    """What stands in front of the first label."""
    found = _labels(text)
    return text[: found[0].start] if found else text


def pairs(blocks: list[Block]) -> Iterator[Pair]:
    """Every labelled pair of the page, in page order."""
    disclosure = [
        n for n, block in enumerate(blocks) if len(block.text) < 200 and "索" in block.text and _is_index(block)
    ]
    for n, block in enumerate(blocks):
        text = block.text
        if len(text) > LONGEST:
            continue
        found = list(_in_line(blocks, n))
        if found:
            yield from found
            continue
        # Without a colon only a disclosure table vouches for a label; a data table heads its columns with the same words.
        if disclosure and any(abs(n - m) <= 40 for m in disclosure):
            yield from _bare(blocks, n)


def _is_index(block: Block) -> bool:
    return re.match(r"(?:信息|公开)?索[引取]", squeeze(block.text)) is not None


def _in_line(blocks: list[Block], n: int) -> Iterator[Pair]:
    text = blocks[n].text
    labels = _labels(text)
    for k, label in enumerate(labels):
        last = k + 1 == len(labels)
        raw = text[label.end :] if last else text[label.end : labels[k + 1].start]
        if last and not raw.strip(_BLANK):
            raw = _neighbour(blocks, n) or ""
        whole = k == 0 and last and not text[: label.start].strip(_BLANK + "（(【[")
        meeting = label.name == "时间" and any("地点" in other.text for other in blocks[n : n + 2])
        yield Pair(FIELD_OF[label.name], label.name, raw, n, whole, meeting)


def _bare(blocks: list[Block], n: int) -> Iterator[Pair]:
    text = blocks[n].text
    label = squeeze(text)
    if label in FIELD_OF:
        raw = _neighbour(blocks, n)
        if raw is not None:
            yield Pair(FIELD_OF[label], label, raw, n, True)
        return
    match = _BARE.match(text)
    if match and squeeze(match[1]) in FIELD_OF:
        yield Pair(FIELD_OF[squeeze(match[1])], squeeze(match[1]), text[match.end() :], n, True)


def _neighbour(blocks: list[Block], n: int) -> str | None:
    """The text of the next block when it is the label's value: the next cell, or the next box in the same small parent."""
    if n + 1 >= len(blocks):
        return None
    element, other = blocks[n].element, blocks[n + 1].element
    text = blocks[n + 1].text
    if len(text) > LONGEST or _starts_with_label(text) or squeeze(text) in FIELD_OF:
        return None
    if element is other:
        return None  # a line break ends the value
    tag, parent = element.tag, element.getparent()
    if tag in {"td", "th", "dt"} or (parent is not None and parent.tag in {"td", "th", "dt"}):
        cell = element if tag in {"td", "th", "dt"} else parent
        return text if _next_cell(cell) is _cell(other) else None
    if _inside(other, element):
        return text
    if tag == "li":
        return None
    if parent is not None and (other.getparent() is parent or _inside(other, parent)) and len(parent) <= 4:
        return text
    return None


def _starts_with_label(text: str) -> bool:
    found = _labels(text)
    return bool(found) and not text[: found[0].start].strip(_BLANK)


def _cell(element: object) -> object:
    while element is not None and getattr(element, "tag", None) not in {"td", "th", "dd"}:
        element = element.getparent()  # type: ignore[attr-defined]  # an lxml element, typed loosely by its stubs
    return element


def _next_cell(cell: object) -> object:
    following = cell.getnext()  # type: ignore[attr-defined]  # as above
    while following is not None and not isinstance(following.tag, str):
        following = following.getnext()
    return following


def _inside(element: object, ancestor: object) -> bool:
    for _ in range(3):
        element = element.getparent()  # type: ignore[attr-defined]  # as above
        if element is None:
            return False
        if element is ancestor:
            return True
    return False
