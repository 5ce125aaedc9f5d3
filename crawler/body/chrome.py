"""What a line that is not the document looks like: the site's furniture by its wording (DOMAIN.md section 8).

Every pattern is matched against a whole line with its white space taken out, so a sentence that merely mentions one of these
words is never chrome.
"""

# ruff: noqa: E501 -- a list of words reads better on one line than cut at a column
from __future__ import annotations

import functools
import re
from typing import Final, Literal

Kind = Literal["crumb", "info", "label", "tool", "editor", "related", "neighbour", "widget", "footer", "sponsor"]

_DATE = r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\d{1,2}[:：时]\d{1,2}分?(?:[:：]\d{1,2}秒?)?)?"
_DATE_LABEL = "(?:发布|更新|上传|录入|公开|发表|上网|生成|时间|日期|发稿|添加|编辑|刊登){1,2}(?:时间|日期)?"
_COUNT_LABEL = "(?:浏览|阅读|访问|点击|查看|点阅|阅览)(?:次数|人数|量|数|率|人次|次)?"
_FROM_LABEL = "(?:(?:文章|信息|稿件|内容|新闻|文件|本文)?(?:来源|出处|来自)|稿源|转[贴载]自|作者|发布(?:机构|单位|者|人|部门)|信息提供|供稿(?:单位|部门)?)"
_STAFF = "(?:文章录入|责任编辑|责编|编辑|审核|审签|审稿|初审|复审|终审|复核|校对|校审|供稿|撰稿|撰文|录入|录入人|录入者|信息员|编审|值班编辑|值班主任|监制|签发|发布人|网站编辑|一审|二审|三审)(?:人|员|者)?"
_SIZE_LABEL = "(?:字体大小|文字大小|字号大小|字体|字号|文字|字体调整)"
_SIZES = "[\\[【(（]?(?:(?:超?大|特大|更大|标准|默认|中|小|A\\+?|A-|\\+|-)[号]?[\\]】)）|/、,，]?[\\[【(（]?){0,5}[\\]】)）]?"
_SHARE = "(?:分享(?:到|至|给好友|本页|按钮)?|微信|新浪微博|微博|腾讯微博|QQ空间|QQ好友|QQ|人人网|豆瓣|百度贴吧|复制链接|一键分享|更多|朋友圈|转发)"
_TOOL = (
    "(?:(?:我要)?打印(?:本页|此页|页面|文章|当前页|内容)?|(?:点击)?关闭(?:本页|此页|窗口|页面|当前页面?|当前窗口)?|返回(?:顶部|上一?页|列表|首页|主页|页面顶部)?|(?:我要|内容|网站|在线)?纠错|"
    "(?:加入|添加)?收藏(?:本页|本站|网页|此页)?|推荐给好友|保存(?:本页|网页)?|(?:全文|word|pdf|图解|文本)下载|下载(?:word|pdf)?(?:文档|文本|版)?|TOP|"
    "(?:点击)?(?:语音)?(?:播报|朗读|朗读全文)|(?:繁|简)体(?:中文|版)?|复制(?:本页|网址|链接)|顶一下|踩一下|双击(?:鼠标)?(?:自动)?滚(?:屏|动)|适老化?|无障碍(?:浏览|阅读)?)"
)

_INFO_LABEL: Final = re.compile(
    rf"(?P<source>{_FROM_LABEL})[:：]|(?P<staff>{_STAFF})[:：]|(?P<date>{_DATE_LABEL})[:：]|(?P<count>{_COUNT_LABEL})(?:[:：]|(?=[\d\[(（]|$))"
    rf"|(?P<size>{_SIZE_LABEL})(?:[:：]|(?=[\[【(（大小])|$)|(?P<share>分享(?:到|至)?)[:：]?|[\[【(（]?(?P<tool>{_TOOL})[\]】)）]?",
    re.IGNORECASE,
)
_EDGE = "|｜•·∣/,，;；[]【】()（）-"
_VALUES: Final = {
    "source": re.compile(r"[^。！？；]{0,40}"),
    "staff": re.compile(r"[^。！？；，]{0,16}"),
    "date": re.compile(rf"(?:{_DATE})?"),
    "count": re.compile(r"[\d,]*(?:次|人次|人)?"),
    "size": re.compile(_SIZES.replace("{0,5}", "{0,6}")),
    "share": re.compile(rf"(?:{_SHARE}|[、,，])*+"),
    "tool": re.compile(""),
}
_DATE_LAST: Final = re.compile(rf"[\[【(（]?{_DATE}[\]】)）]?$")
_DATE_FIRST: Final = re.compile(rf"^{_DATE}")
_DATE_ALONE: Final = re.compile(rf"[\[【(（]?{_DATE}[\]】)）]?")

_LABELS: Final = (
    "索引号|信息索引号?|索取号|名称|标题|信息名称|文件名称|公文名称|文号|发文字号|文件编号|文件字号|发文文号|公文文号|主题分类|主题词|目录分类|公开目录|分类|信息分类|信息类别|所属主题|栏目|"
    "体裁分类|体裁|文种|公文种类|服务对象分类|发文机关|发文机构|发文单位|发布机构|发布机关|发布单位|制发机构|制发机关|公开主体|责任单位|公开单位|信息来源|来源|公开责任部门|成文日期|生成日期|产生日期|发文日期|印发日期|成文时间|"
    "发文时间|签发日期|发布日期|公开日期|公开时间|发布时间|更新时间|上网时间|生效日期|生效时间|实施日期|施行日期|废止日期|失效日期|失效时间|废止时间|终止日期|有效性|时效性|时效状态|是否有效|效力状态|效力|文件状态|有效期|有效范围|"
    "公开方式|公开属性|公开类别|公开形式|公开范围|公开程序|公开类型|内容概述|内容概要|信息概述|内容摘要|摘要|关键词|关键字|主题|组配分类|信息格式|语种|所属机构|所属栏目|主办单位|统一编号|规范性文件编号|登记号|统一登记号|解读"
)
_LABEL: Final = re.compile(rf"^[\[【(（]?(?:{_LABELS})[\]】)）]?[:：]")
_LABEL_ALONE: Final = re.compile(rf"^[\[【(（]?(?:{_LABELS})[\]】)）]?[:：]?$")

_KINDS: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    ("crumb", re.compile(
        r"^(?:箭头|图标|[^\u4e00-\u9fff]{0,4})(?:(?:[您你]的?|[您你]?(?:现在|当前|目前)的?|[您你]?(?:现在|当前|目前)?(?:所在|所处)的?)(?:页面|网页|栏目)?的?位置|当前栏目|当前页面)(?:是|为|在)?[:：].{0,120}$")),
    ("crumb", re.compile(r"^[^\u4e00-\u9fff]{0,4}位置[:：](?:网站)?首页.{0,120}$")),
    ("crumb", re.compile(r"^(?:网站|门户)?(?:首页|主页)(?:[>＞»›→/\\|-].{1,120}|>>.*)$")),
    ("tool", re.compile(rf"^(?:[\[【(（<《]?{_TOOL}[\]】)）>》]?[|｜/]?){{1,6}}$", re.IGNORECASE)),
    ("tool", re.compile(rf"^{_SHARE}(?:[:：]|{_SHARE})*$")),
    ("tool", re.compile(r"^(?:请?(?:打开|使用)?微信[，,“\"]*|手机|用手机)?(?:[“\"]?扫一扫[”\"]?|扫码|扫描二维码)[，,]?(?:即可)?(?:将|在|用|到|把)?(?:手机|移动端|微信|网页|本页|页面)?(?:端|上)?"
        r"(?:打开|查看|浏览|分享|关注|阅读|继续阅读)?(?:当前|本|该|此)?(?:网页|页面|页|文章|至朋友圈|我们|公众号)?.{0,10}$")),
    ("tool", re.compile(r"^(?:(?:本页|手机|微信|文章|页面)?二维码|手机(?:扫描|查看|浏览|版).{0,12}|使用微信.{0,20}|(?:政务)?微信公众号|官方微信|官方微博)$")),
    ("tool", re.compile(rf"^{_SIZE_LABEL}[:：]?{_SIZES}(?:{_TOOL}|[\[\]【】|])*$", re.IGNORECASE)),
    ("editor", re.compile(rf"^[\[【(（]?(?:{_STAFF}[:：][^。；]{{0,14}}?){{1,5}}[\]】)）]?$")),
    ("neighbour", re.compile(r"^[\[【]?(?:上一?|下一?|前一?|后一?)(?:篇|条|页|则|个)(?:文章|信息|新闻|内容)?[\]】]?(?:[:：].{0,100}|没有.{0,6})?$")),
    ("related", re.compile(
        r"^[\[【]?(?:(?:相关|关联|延伸|推荐|热点|热门|最新|更多|本类|同类|精彩|您可能|猜你)(?:链接|文档|文章|稿件|解读|报道|文件|阅读|新闻|信息|政策|内容|推荐|专题|资讯|附件信息|图解|"
        r"政策解读|政策文件|政策与解读|喜欢|浏览|点击|关注|排行|信息公开|公告){1,3}|延伸阅读|(?:往期|历史|历届|精彩)(?:回顾|访谈|视频|节目|图解|内容)|近期文章|猜你喜欢|阅读排行|点击排行|排行榜|政策解读|解读链接|原文链接|图文解读|一图读懂|友情链接|网友评论|发表评论|最新评论|评论|我要评论)"
        r"(?:[>»更多]*)?[\]】]?[:：]?$")),
    ("widget", re.compile(r"^[\[【]?(?:可下载附件|附件下载|相关附件|文件下载|资料下载|相关下载|附件列表|下载附件|附件信息|点击下载|正文下载)[\]】]?[:：]?$")),
    ("footer", re.compile(
        r"^.{0,60}?(?:技术支持[:：]|版权所有|[Cc]opyright|COPYRIGHT|©|ICP[备证](?:\d|$)|公网安备|公安备案|网站标识码|网站声明|法律声明|隐私声明|建议使用.{0,20}(?:分辨率|浏览器)|网站支持IPv6|本站.{0,10}访问量).{0,160}$")),
    ("footer", re.compile(r"^(?:(?:网站地图|联系我们|关于我们|技术支持|网站声明|法律声明|免责声明|使用帮助|投稿邮箱|隐私声明|网站帮助|设为首页|加入收藏|网站首页)[|｜•·-]?){1,8}[:：]?$")),
    ("tool", re.compile(r"^[-—_=]*(?:分割线|分隔线)?[-—_=]{10,}$")),
    ("sponsor", re.compile(r"^[^:：，。]{4,24}(?:主办|承办)[|｜,，]?(?:(?:电话|地址|邮编|邮箱|联系)[^:：]{0,4}[:：].{0,80})?$")),
    ("sponsor", re.compile(r"^(?:[^:：]{0,12}网站)?(?:主办|承办|协办|主管|维护|运维|管理|建设|制作|设计|运行)(?:单位|方|部门)?[:：].{0,120}$")),
)  # fmt: skip
_LONGEST = 220


def squeeze(text: str) -> str:
    """A line without white space and without the bullet a list may have given it, as the patterns want it."""
    return "".join(text.split()).lstrip("·•▪●■◆※>›»")


@functools.lru_cache(maxsize=8192)  # the furniture of a site is the same on all its pages
def kind(text: str) -> Kind | None:
    """What sort of chrome a line is by its wording alone, or None; `text` is one line, white space allowed."""
    tight = squeeze(text)
    if len(tight) > _LONGEST:
        return None
    if _LABEL_ALONE.match(tight) and tight[-1] in ":：":
        return "label"
    if len(tight) <= 160 and (fields := info_fields(tight)):
        return "editor" if fields == {"staff"} else "info"
    for name, pattern in _KINDS:
        if pattern.match(tight):
            return name
    return "label" if len(tight) <= 120 and _LABEL.match(tight) else None


def is_label(text: str) -> bool:
    """Whether a cell holds only the label of a 政府信息公开 table, with or without its colon."""
    return bool(_LABEL_ALONE.match(squeeze(text)))


@functools.lru_cache(maxsize=8192)
def info_fields(tight: str) -> frozenset[str]:
    """The sorts of fields (source, date, count, size, ...) of an info line, or an empty set when the line is anything else.

    The line is cut at its labels and every value must be what its label announces, so `时间：另行通知` is no info line.
    """
    if _DATE_ALONE.fullmatch(tight):
        # A bare 2018年1月4日 is how documents date themselves; with a clock time, or as 2018-01-04, it is the site's.
        return frozenset() if "年" in tight and ":" not in tight and "：" not in tight else frozenset({"date"})
    marks = list(_INFO_LABEL.finditer(tight))
    if not marks or not _is_lead(tight[: marks[0].start()], len(marks)):
        return frozenset()
    fields: set[str] = set()
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        value = tight[mark.end() : following.start() if following else None].strip(_EDGE)
        sort = str(mark.lastgroup)
        if not _VALUES[sort].fullmatch(value) and not _DATE_ALONE.fullmatch(value):
            # 编辑：周楠 2021-09-17 15:20: a date without a label closes the line.
            bare = _DATE_LAST.sub("", value).strip(_EDGE)
            if bare == value or len(bare) > 20 or not _VALUES[sort].fullmatch(bare):
                return frozenset()
            fields.add("date")
        fields.add(sort)
    return frozenset(fields) if fields != {"tool"} else frozenset()


def _is_lead(before: str, marks: int) -> bool:
    # Before the first of several labels a bare date or the name of the site may stand; before one alone, nothing:
    # 申请时间：2020年1月1日 is a line of a document.
    before = before.strip(_EDGE)
    if not before or _DATE_ALONE.fullmatch(before):
        return True
    # 2019-05-29 08:30 某办公室 阅读：23次: behind a date of the site's own making a name needs no label.
    name = _DATE_FIRST.sub("", before)
    if name != before and len(name) <= 20 and "年" not in before and not set(name) & set("。！？；：:，、《》"):
        return True
    return marks > 1 and len(before) <= 30 and not set(before) & set("。！？；：:，、《》")
