"""Words and characters that tell a hijacked or cloned page (DOMAIN.md section 7.1); only data.

The names are those of betting and casino brands seen on mirrors of government sites. Hardly one is a word of its own:
半岛 is a peninsula, 米兰 and 金沙 are places, 彩票 has an office in every province, and the police write about 百家乐.
So a name counts with a come-on beside it, and never beside a word of supervision.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that speaks against a page."""

    weight: int
    reason: str


_NAMES = (
    "凯发|开云|必威|威廉希尔|杏彩|明陞|亚博|乐鱼|华体会|九游会|新葡京|凯时|博天堂|bet365|365bet|betway|manbetx|fun88"
    "|18luck|m88|kb体育|bob体育|bob综合"
)
_COME_ON = (
    "app|k8|娱乐|体育|棋牌|电竞|真人|官网|官方|平台|入口|登录|登陆|注册|下载|手机版|在线|投注|彩票|游戏|旗舰厅|首页"
)
# These are also places, firms, browsers and letters: only an unmistakable come-on makes them a brand.
_COMMON_NAMES = (
    "半岛|米兰|开元|金沙|永利|太阳城|威尼斯人|澳门|皇冠|江南|星空|云顶|银河|雷火|大发|德赢|尊龙|爱游戏|欧宝|火狐|竞博|天博|万博|伟德|九游|龙8"
    "|kb|k8|bob|ag|pg|ng|cq9|pt"
)
_HARD_COME_ON = (
    "娱乐城|娱乐场|娱乐官网|棋牌|真人|投注|老虎机|注册送|体育app|体育官网|体育登录|体育入口|体育下载|电子游戏|app官网|app下载|官网登录|官网入口"
    "|官网下载|官网app|旗舰厅"
)
_BETWEEN = r"(?:[\s·(（-]{0,2}(?:中国|国际|集团|手机|综合)[)）]?)?[a-z0-9]{0,8}"
# All are asked of lower-case text. BRAND counts wherever a site says a name, GAMES only where no news is told, and
# COME_ON alone is something that offices write too.
BRAND = re.compile(
    rf"(?:{_NAMES}){_BETWEEN}(?:{_COME_ON})|(?<![a-z])(?:{_COMMON_NAMES}){_BETWEEN}(?:{_HARD_COME_ON})"
    r"|真人(?:娱乐|百家乐|视讯)|(?:网上|线上|在线)(?:娱乐城|赌场|博彩|投注)|注册送\d|开户送\d|博彩(?:网|公司|平台)|现金棋牌"
)
GAMES = re.compile(
    r"老虎机|百家乐|时时彩|六合彩|北京赛车|幸运飞艇|(?<![a-z])pk10|彩票(?:平台|app|网址|注册)|棋牌(?:平台|游戏|app|官网|下载|娱乐)"
)
COME_ON = re.compile(r"官网登录入口|登录入口官网|官网入口|app官网|官网app|官方app下载")

# Who writes of gambling in order to fight it, or runs the two lotteries the state allows.
SUPERVISION = re.compile(
    r"打击|查处|查获|整治|严禁|禁止|取缔|治理|管控|管理|监管|规范|赌博|涉赌|诈骗|反诈|警|案|犯罪|违法|违规|非法|处罚|判|法院|检察|公安|侦|抓获|团伙"
    r"|窝点|风险|防范|举报|通告|通报|公告|通知|体彩|福彩|体育彩票|福利彩票|发行|开奖|倡议|宣传|抵制|拒绝|远离|沉迷|危害|提醒|黑名单"
)

# Where a page's own home is named: `/`, `../../index.html`, `http://host/`.
HOME = re.compile(r"(?:https?://[^/?#\s]+)?/?(?:\.\.?/)*(?:(?:index|default|main)\.[a-z]{3,5})?", re.IGNORECASE)

PINYIN = re.compile(r"[\u4e00-\u9fff]\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}\)")
DOUBLED = re.compile(r"，,|,，|。\.|、,|,、|：:|:：|；;|\?！|！\?")
# Only characters whose two forms differ, so that either one tells which the text is in.
TRADITIONAL = re.compile(
    "[國為會這個發業務經對員長關開時來東見問間門車馬書與學實應當動進過現電產種體總議設計記認證該說話請讓論講許試資質貿費負責財貨規觀視親區縣廣場報"
    "導農醫藥衛環節約結級組織統續維護補貼輸運輕軍單雙歲勞勢勝協處備夠獎勵劃創則機構權辦黨項題類點築數據標準條檢驗調優價]"
)
SIMPLIFIED = re.compile(
    "[国为会这个发业务经对员长关开时来东见问间门车马书与学实应当动进过现电产种体总议设计记认证该说话请让论讲许试资质贸费负责财货规观视亲区县广场报"
    "导农医药卫环节约结级组织统续维护补贴输运轻军单双岁劳势胜协处备够奖励划创则机构权办党项题类点筑数据标准条检验调优价]"
)
# Editions in traditional characters that official sites offer themselves.
TRADITIONAL_EDITION = re.compile(
    r"big5|/(?:tw|hk|ft|fanti|cht|tc)(?:/|$)|zh[-_]?(?:hant|tw|hk)|//(?:tw|hk|tc)\.", re.IGNORECASE
)

LATIN = re.compile(r"(?<![A-Za-z@./_-])[A-Za-z]{1,20}(?![A-Za-z@./_-])")
ADDRESS = re.compile(
    r"(?:https?://|www\.)[!-~]{1,500}|[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9.-]{1,64}"
    r"|[A-Za-z0-9_-]{1,64}\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar|html?|cn|com|net|org)\b",
    re.IGNORECASE,
)
# Written small in correct texts too.
UNITS = re.compile(
    r"[kcmn]?m|[km]?g|m?l|t|[km]?w|[km]wh|[km]?pa|h|min|s|k?hz|k?v|m?a|j|ph|dn|db|mol|ppm|[xyznipru]", re.IGNORECASE
)
PLUS_LOST = re.compile(r"\b\d \d n\b|(?<=互联网) (?=[政监教医农旅税养健])|[“\"]互联网 [”\"]")

TITLE_IN_ENTITIES = re.compile(r"<title[^>]{0,200}>\s*(?:&#x?[0-9a-f]{4,6};\s*){4}", re.IGNORECASE)

# Tags nobody writes by hand around a paragraph of a notice; mirrors wrap text in them under one random id.
JUNK_TAGS = frozenset(
    {"noframes", "bdo", "pre", "acronym", "tt", "dfn", "dir", "legend", "optgroup", "rt", "ruby", "kbd", "samp", "code"}
    | {"var", "cite", "abbr", "listing", "xmp", "menu", "ins", "del", "strike", "small"}
)

# Places that serve official pages their counters, maps, fonts, share buttons and badges.
SERVICES = re.compile(
    r"(?:.*\.)?(?:baidu\.com|bdstatic\.com|bcebos\.com|baidustatic\.com|qq\.com|gtimg\.c(?:om|n)|weixin\.com|sina\.com\.cn"
    r"|sinaimg\.cn|sinajs\.cn|weibo\.com|jiathis\.com|bshare\.cn|cnzz\.com|umeng\.com|51\.la|conac\.cn|jsdelivr\.net"
    r"|bootcdn\.net|bootcss\.com|staticfile\.(?:org|net)|unpkg\.com|cdnjs\.cloudflare\.com|aliyun\.com|aliyuncs\.com"
    r"|alicdn\.com|amap\.com|autonavi\.com|tianditu\.com|people\.com\.cn|xinhuanet\.com|news\.cn|cctv\.com|cntv\.cn"
    r"|google-analytics\.com|googletagmanager\.com|googleapis\.com|jquery\.com|iconfont\.cn|youku\.com|polyv\.net"
    r"|ipv6ipv4\.com\.cn|kaipuyun\.cn|trs\.(?:com\.)?cn|hanweb\.com|yunaq\.com|jiasule\.com)"
)
