"""The marks of pages that stand in for another: challenge, refusal, removal, maintenance (DOMAIN.md section 7).

Only data. A mark in the markup (a cookie name, a script variable) is the product's own name for itself and hardly
occurs elsewhere; a phrase in the text is common Chinese and counts only where `crawler.blocking` finds no document.
"""

from __future__ import annotations

import re

# Products that answer with a script to be solved: reason, product, and what only its own markup holds.
CHALLENGES = (
    ("blocked:ruishu", "瑞数", re.compile(r"\$_ts\b|_\$[a-zA-Z0-9]{2,4}\(\)\s*;\s*</script|\br=['\"]m['\"]")),
    ("blocked:jsl", "加速乐", re.compile(r"__jsl_?clearance|__jsluid|\bjsl_clearance|/cdn-cgi/jsl", re.IGNORECASE)),
    ("blocked:c3vk", "C3VK", re.compile(r"\bC3VK\b")),
    ("blocked:waf", "雷池 SafeLine", re.compile(r"safeline|sl-challenge|leading_zero_bit|/\.safeline", re.IGNORECASE)),
    ("blocked:waf", "云锁", re.compile(r"yunsuo|security_verify_data|security_session_(?:verify|high)", re.IGNORECASE)),
    ("blocked:waf", "安全狗", re.compile(r"safedog|404\.safedog\.cn", re.IGNORECASE)),
    ("blocked:waf", "创宇盾", re.compile(r"yunaq\.com|jiasule\.com|cdn\.365cyd|创宇盾|知道创宇云")),
    ("blocked:waf", "360", re.compile(r"wangzhan\.360|webscan\.360|wangzhan\.qianxin|anyu\.qianxin|_{0,2}qianxin_waf")),
    ("blocked:waf", "阿里云", re.compile(r"acw_sc__v[23]|aliyun_waf|errors\.aliyun\.com|AliyunCaptcha|_waf_is_mobile")),
    ("blocked:waf", "腾讯云", re.compile(r"EO_Bot_Ssid|__tst_status|TencentCaptcha|waf\.tencent")),
    ("blocked:waf", "华为云", re.compile(r"HWWAFSES|hwclouds\.com/waf")),
    ("blocked:waf", "网宿", re.compile(r"wangsu-?waf|__wsuid|ws-captcha|waf_captcha")),
    ("blocked:waf", "CDNFly", re.compile(r"/_guard/(?:auto|slide|click|delay)\.js|guardret")),
    (
        "blocked:waf",
        "Cloudflare",
        re.compile(r"/cdn-cgi/challenge-platform|cf-(?:browser-verification|chl|error-details)"),
    ),
    ("blocked:waf", "Imperva", re.compile(r"_Incapsula_Resource|Incapsula incident ID")),
    (
        "blocked:waf",
        "滑块",
        re.compile(r"nc_1_n1z|AWSC|captcha-?slider|slide-?verify|geetest|initGeetest", re.IGNORECASE),
    ),
)

# Status codes that a product answers its challenge with, whatever the page says.
CHALLENGE_STATUS = {512: "blocked:jsl", 521: "blocked:jsl"}
REFUSAL_STATUS = frozenset({401, 403, 405, 406, 412, 418, 429, 444, 493})
GONE_STATUS = frozenset({404, 410})

REFUSAL = re.compile(
    r"(?:您|你)的(?:请求|访问|IP|操作).{0,20}(?:被(?:拦截|拒绝|阻断|阻止|限制|禁止|封)|威胁|不合法|非法|异常)"
    r"|(?:访问|请求)(?:已)?被(?:拦截|拒绝|阻断|阻止|限制|禁止|防火墙)|(?:拦截|阻断)(?:提示|原因|页面)"
    r"|网站防火墙|(?:Web)?应用防火墙|云防护|云锁|安全狗|创宇盾|护卫神|玄武盾|雷池"
    r"|访问(?:异常|受限|过于频繁|频率过高|太频繁)|操作过于频繁|请求过于频繁|疑似(?:黑客)?攻击|可疑(?:的)?(?:访问|请求)"
    r"|对网站造成安全威胁|禁止(?:该|此|您的)?(?:IP|访问)|(?:没有|无)权限?访问(?:该|此|本)(?:页面|网站|资源)"
    r"|Access Denied|Request (?:blocked|rejected)|requested URL was rejected|you have been blocked|403 Forbidden"
    r"|405 Not Allowed|Too Many Requests|Attention Required",
    re.IGNORECASE,
)
CAPTCHA = re.compile(
    r"(?:请|需要?)(?:输入|完成|通过|进行|先).{0,10}(?:验证码|安全验证|人机验证|身份验证|滑块|滑动验证)|(?:安全|人机|滑动|滑块)验证"
    r"|(?:拖动|按住).{0,6}滑块|点击.{0,6}(?:完成|进行)验证|访问验证|正在(?:检查|检测|验证)您?的?(?:浏览器|访问环境|访问)"
    r"|浏览器安全检查|Just a moment|Checking your browser|verify (?:that )?you are (?:a )?human",
    re.IGNORECASE,
)
# Whoever holds the name now sells it: the site that was there is gone, and its pages are not at fault.
PARKED = re.compile(
    r"(?:域名|domain)(?:name)?.{0,20}(?:出售|转让|待售|求购|可售|拍卖|for sale|is parked|parking)"
    r"|(?:出售|转让|购买|求购)(?:该|此|这个|本)?域名|(?:this|the) domain .{0,30}(?:for sale|parked|expired|available)"
    r"|buy this domain|sedoparking|域名停放|域名(?:已|已经)?(?:过期|到期)|domain (?:has |name )?expired",
    re.IGNORECASE,
)
# The provider stands before the site: 工信部 rules forbid serving one without an ICP filing, and unpaid ones are shut.
UNFILED = re.compile(
    r"(?:网站|域名|站点).{0,16}(?:未(?:进行)?(?:ICP)?备案|没有备案|备案(?:已)?(?:被)?(?:注销|取消)|未取得备案)"
    r"|(?:未备案|备案).{0,20}(?:暂时|暂)?(?:无法|不能|禁止)(?:提供)?访问|未备案提示|备案信息(?:核查|不符).{0,12}(?:关停|关闭|阻断)"
    r"|(?:网站|主机|空间|虚拟主机|服务器)(?:已|已经)?(?:到期|过期|欠费|停用)|没有找到站点|站点创建成功",
    re.IGNORECASE,
)
MISSING = re.compile(
    r"^\s*404\b|(?:页面|网页|文章|信息|内容|资源|链接|栏目|稿件|地址|网址)(?:已经?|可能)?(?:不存在|被删除|已删除|丢失|未找到|找不到|无法找到"
    r"|不见了|已?下线|已?移除|已撤(?:销|回|下)|走丢)|(?:页面|网页|链接|地址|网址)(?:已经?)?失效"
    r"|(?:无法|没有|未能?|找不到)(?:找到|打开|访问|显示)?(?:您|你)?(?:要|所|想要?)?(?:请求|访问|查找|浏览|查看|找)?的?(?:该|此)?"
    r"(?:页面|网页|文章)"
    r"|(?:您|你)(?:要|所|想)?(?:访问|请求|查找|浏览|查看|找)的?.{0,12}(?:不存在|被删除|已删除|找不到|不在了|丢失)"
    r"|页面(?:出错|错误)|出错[了啦]|\b404\b.{0,12}(?:错误|not found|页面|error)|(?:错误|error|HTTP) ?404"
    r"|\bnot found\b|page (?:does not exist|cannot be found)",
    re.IGNORECASE,
)
MAINTENANCE = re.compile(
    r"(?:网站|页面|栏目|频道|系统|站点|服务器?|平台|内容)(?:正在|正处于|目前正在|正进行|临时|暂时)(?:进行)?.{0,4}(?:维护|升级|改版|建设|调试|完善|关闭)"
    r"|(?:网站|系统|站点|服务器?)(?:升级)?(?:维护|升级|改版|建设)(?:之?中|期间|[，,。！!…]|$)|正在(?:建设|维护|升级|改版)(?:之?中|[，,。！!…]|$)"
    r"|(?:网站|站点|服务)已?(?:关闭|关停|停用|停止服务|暂停(?:服务|访问))|敬请期待"
    r"|under (?:construction|maintenance)|service (?:is )?(?:temporarily )?unavailable|temporarily unavailable",
    re.IGNORECASE,
)
