"""The interface in English and Chinese. The documents are Chinese either way; this is about what we say around them."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("zh", "en")
COOKIE = "language"


def choose(parameter: str | None, cookie: str | None, accepted: str | None) -> str:
    """The language asked for, else the one chosen before, else the browser's first that we speak.

    >>> choose(None, None, "fr, zh-CN;q=0.9, en;q=0.8")
    'zh'
    """
    for wish in (parameter, cookie):
        if wish in LANGUAGES:
            return wish
    wishes = []
    for place, part in enumerate((accepted or "").split(",")[:20]):
        tag, _, parameters = part.strip().partition(";")
        wishes.append((-_quality(parameters), place, tag.split("-")[0].lower()))
    return next((tag for quality, _, tag in sorted(wishes) if tag in LANGUAGES and quality < 0), "en")


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


def words(language: str) -> Mapping[str, str]:
    """Every string of the interface in one language."""
    place = LANGUAGES.index(language)
    return {key: both[place] for key, both in _WORDS.items()}


# key: (Chinese, English)
_WORDS: dict[str, tuple[str, str]] = {
    "name": ("公报档案", "Gongbao"),
    "tagline": (
        "政府公告的存档：可查、可引、可证",
        "An archive of Chinese government announcements, to read, cite and check",
    ),
    "skip": ("跳到正文", "Skip to content"),
    "home": ("首页", "Home"),
    "search": ("检索", "Search"),
    "coverage": ("公开情况", "Coverage"),
    "health": ("采集状况", "Health"),
    "runs": ("采集记录", "Runs"),
    "series": ("文号序列", "Series"),
    "sql": ("SQL", "SQL"),
    "other_language": ("English", "中文"),
    "search_label": ("检索公告全文", "Search the announcements"),
    "search_hint": (
        "字、词、文号皆可；也可用 title:法治、year:2021、published:2021-01..2022-04、OR、NOT",
        "Any Chinese word, number or 文号; also title:法治, year:2021, published:2021-01..2022-04, OR, NOT",
    ),
    "holds": ("馆藏", "What the archive holds"),
    "documents": ("文件", "documents"),
    "sources": ("来源站点", "sources"),
    "gone_documents": ("已从网上消失", "gone from the web"),
    "seen": ("采集时段", "seen"),
    "by_year": ("法治政府建设报告，按报告年度", "Reports by report year"),
    "lately": ("新近入藏", "Lately added"),
    "last_runs": ("最近采集", "Last runs"),
    "all_sources": ("全部来源", "all sources"),
    "all_runs": ("全部记录", "all runs"),
    "source": ("来源站点", "source"),
    "year": ("报告年度", "report year"),
    "type": ("文种", "type"),
    "integrity": ("真伪", "integrity"),
    "division": ("行政区划", "division"),
    "clean": ("正常", "clean"),
    "suspect": ("存疑", "suspect"),
    "cloned": ("仿冒镜像", "cloned"),
    "results": ("条结果", "results"),
    "result": ("条结果", "result"),
    "no_results": ("没有找到", "Nothing found"),
    "no_results_hint": (
        "少写一个条件，或换一个更短的词；简体、繁体、全角、半角均可互查。",
        "Ask for less, or for a shorter word. Simplified and traditional characters find each other.",
    ),
    "sort": ("排序", "sort"),
    "relevance": ("相关度", "relevance"),
    "date": ("日期", "date"),
    "narrow": ("缩小范围", "Narrow"),
    "counted": ("按前 {n} 条统计", "counted in the first {n}"),
    "drop": ("去掉这个条件", "drop this condition"),
    "export": ("导出", "take away"),
    "export_limit": ("至多 {n} 条", "at most {n}"),
    "before": ("上一页", "previous"),
    "after": ("下一页", "next"),
    "of": ("共", "of"),
    "untitled": ("（无题名）", "(no title)"),
    "no_text": (
        "此件没有可读的正文；请看附件或存档原页。",
        "This one has no text that could be read; see its attachments or the archived page.",
    ),
    "undated": ("无日期", "undated"),
    "outline": ("目录", "Outline"),
    "particulars": ("著录信息", "Particulars"),
    "read_at": ("取自", "read at"),
    "as": ("原作", "as"),
    "rivals": ("其他读法", "other readings"),
    "attachments": ("附件", "Attachments"),
    "stored_file": ("存档文件", "archived file"),
    "file_searched": ("文字可检索", "its words are found by search"),
    "file_unread": ("文字无法读取", "its words cannot be read"),
    "file_missing": ("未存档", "not archived"),
    "copies": ("出现之处", "Where it was seen"),
    "main_copy": ("主本", "main copy"),
    "gone": ("已消失", "gone"),
    "versions": ("版本", "Versions"),
    "first": ("初次采集", "first seen"),
    "edit": ("发布者修改", "edited by the publisher"),
    "reader": ("重新读取（页面未变）", "read again by newer code; the page did not change"),
    "compare": ("比较", "compare"),
    "compare_last": ("看改了什么", "see what changed"),
    "neighbours": ("近似文件", "Near-duplicates"),
    "side_by_side": ("对照", "side by side"),
    "cite": ("引用", "Cite"),
    "copy_it": ("复制", "copy"),
    "copied": ("已复制", "copied"),
    "proof": ("凭据", "Proof"),
    "original": ("存档原页", "archived page"),
    "original_why": (
        "下面是当时服务器送来的页面。为安全起见，脚本、图片、样式和一切会自动运行的东西都已去掉。",
        "This is the page as the server sent it, without scripts, images, style sheets and all that runs by itself.",
    ),
    "not_shown": (
        "此件不是网页，或过大，不能在此显示；可保存原始字节。",
        "This capture is no page, or too large to be shown here; its bytes can be saved.",
    ),
    "bytes": ("原始字节", "its bytes"),
    "live": ("现网页面", "the page on the web"),
    "bundle": ("证据包", "evidence bundle"),
    "verify": ("核验", "verify now"),
    "verified": ("核验无误", "Sound"),
    "verified_text": (
        "正文、记录、字节与 WARC 记录逐一相符。",
        "Text, record, bytes and WARC record agree, link by link.",
    ),
    "broken": ("核验发现问题", "Something does not agree"),
    "captured": ("采集时间", "captured"),
    "digest": ("摘要", "digest"),
    "place": ("位置", "place"),
    "extract": ("用通用工具取出", "get it with standard tools"),
    "warned": ("谨慎使用", "Handle with care"),
    "warned_suspect": ("这一页可能不是它自称的那个机关发布的：", "This page may not come from whom it says:"),
    "warned_cloned": (
        "这一页来自仿冒或被劫持的镜像，并非原发布机关的网站：",
        "This page comes from a cloned or hijacked mirror, not from the publisher's own site:",
    ),
    "page_gone": (
        "发布者已撤下此页；存档仍可阅读。",
        "The publisher's page is gone; the archived text stays readable.",
    ),
    "earlier_version": ("您在看较早的版本。", "You are reading an earlier version."),
    "to_current": ("看当前版本", "read the current one"),
    "back": ("返回文件", "back to the document"),
    "changed_fields": ("改动的著录项", "Fields that differ"),
    "old": ("旧", "old"),
    "new": ("新", "new"),
    "skipped": ("略去未改动的 {n} 段", "{n} unchanged paragraphs left out"),
    "no_difference": ("两者没有差别。", "There is no difference."),
    "similar": ("相似度", "common wording"),
    "publisher": ("发布机关", "publisher"),
    "province": ("省份", "province"),
    "all": ("全部", "all"),
    "none": ("未知", "unknown"),
    "show": ("查看", "show"),
    "coverage_why": (
        "2018 年度及以前的报告应于次年 3 月 31 日前公开，其后的应于次年 4 月 1 日前公开。没有找到，不等于没有发布。",
        "Reports of years up to 2018 are due by 31 March of the next year, later ones before 1 April. "
        "Not found is not the same as not published.",
    ),
    "ontime": ("按时", "on time"),
    "late": ("逾期", "late"),
    "days": ("天", "days"),
    "undated_report": ("有报告，无日期", "found, without a date"),
    "missing": ("未找到", "not found"),
    "blocked": ("被拒绝访问", "blocked"),
    "unsearched": ("未曾采集", "never searched"),
    "searched": ("采集 {n} 次，最近 {last}，结果 {verdict}", "searched in {n} runs, last {last}, verdict {verdict}"),
    "coverage_caption": ("各机关各年度报告的公开情况", "Reports by publisher and report year"),
    "no_coverage": ("还没有带报告年度的文件。", "There is no document with a report year yet."),
    "health_caption": ("各来源的采集状况", "Sources and how their crawls go"),
    "verdict": ("结论", "verdict"),
    "last_run": ("最近采集", "last run"),
    "news": ("近次新增", "news by run"),
    "last_new": ("最近新增", "last new document"),
    "usual_gap": ("通常间隔（天）", "usual gap (days)"),
    "lists_read": ("栏目读完", "lists read"),
    "next_step": ("下一步", "next thing to do"),
    "pages": ("页面", "pages"),
    "well_of": ("{n} 个来源中 {well} 个正常", "{well} of {n} sources are well"),
    "run": ("采集", "run"),
    "started": ("开始", "started"),
    "finished": ("结束", "finished"),
    "requests": ("请求数", "requests"),
    "urls": ("网址数", "URLs"),
    "ended_as": ("结局", "ended as"),
    "ledger": ("账目", "Ledger"),
    "ledger_why": (
        "这次采集遇到的每个网址恰有一个结局，合计相符。",
        "Every URL this run met ended in exactly one way, and the sum is the number met.",
    ),
    "sum": ("合计", "sum"),
    "lists": ("栏目列表", "Lists"),
    "lists_why": (
        "每个列表读了几页几条（斜线后为页面自称的总数）、为何停下",
        "Pages and rows read of each list (after the stroke: what it states of itself), and why it stopped",
    ),
    "list": ("列表", "list"),
    "list_pages": ("页数", "pages"),
    "list_rows": ("条数", "rows"),
    "list_fresh": ("新条目", "fresh"),
    "list_stopped": ("停止原因", "stopped"),
    "evidence": ("依据", "Evidence"),
    "troubled": ("未正常结束的网址", "URLs that did not end well"),
    "urls_ended": ("结局为 {state} 的网址", "URLs that ended {state}"),
    "at_most": ("至多列 {n} 个", "at most {n} are listed"),
    "reason": ("原因", "reason"),
    "open": ("进行中", "open"),
    "no_runs": ("还没有采集过。", "There was no run yet."),
    "series_why": (
        "同一机关代字、同一年的文号应当连续。空缺可能是未公开，也可能是没有找到。",
        "The numbers of one issuer and year should be continuous. A gap may be unpublished, or not found.",
    ),
    "word": ("机关代字", "issuer's word"),
    "held": ("已藏", "held"),
    "range": ("范围", "range"),
    "irregular": ("空缺、重号、失序", "gaps, duplicates, order"),
    "gap": ("空缺", "gap"),
    "duplicate": ("重号", "duplicate"),
    "order": ("失序", "out of order"),
    "only_gaps": ("只看有空缺的", "only those with gaps"),
    "no_series": ("还没有带文号的文件。", "There is no document with a 文号 yet."),
    "regular": ("连续", "continuous"),
    "problem": ("不能这样查", "This cannot be answered"),
    "not_here": ("这里没有", "Not here"),
    "too_long": ("这个问题要算太久，请缩小范围再试。", "This takes too long to answer. Ask for less."),
    "something": ("出错了", "Something went wrong"),
    "sql_why": (
        "给愿意写 SQL 的人：只读，每次至多一秒、一千行，只查下面的视图。",
        "For those who want plain SQL: read-only, a second and a thousand rows at most, over the views below.",
    ),
    "run_sql": ("运行", "Run SQL"),
    "views": ("视图", "Views"),
    "rows": ("行", "rows"),
    "truncated": ("只显示前 {n} 行", "only the first {n} rows are shown"),
    "footer": ("每个文件都能追溯到当时收到的字节。", "Every document leads back to the bytes it was read from."),
    "present": ("在网", "present"),
    # Fields of a record.
    "issuer": ("发文机关", "issuer"),
    "document_number": ("文号", "document number"),
    "index_number": ("索引号", "index number"),
    "written": ("成文日期", "written"),
    "published": ("发布日期", "published"),
    "origin": ("信息来源", "origin"),
    "topic": ("主题分类", "topic"),
    "validity": ("有效性", "validity"),
    "report_year": ("报告年度", "report year"),
    "site_name": ("网站名称", "site"),
    "site_id": ("网站标识码", "site id"),
    "breadcrumb": ("栏目", "breadcrumb"),
    "title": ("题名", "title"),
    "text": ("正文", "text"),
}
