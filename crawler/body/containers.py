"""Where Chinese government CMSs put the document: their containers and begin/end marks (DOMAIN.md sections 1 and 6)."""

from __future__ import annotations

import re
from typing import Final

# Names that mean "the text an editor typed" and nothing else; lower case, matched as whole id or whole class token.
_EDITOR_WORDS = """
    arc_body art-content art_content artcon artcontent arti_content artibody article-body article-con
    article-content article-detail-content article-text article_body article_con article_content article_text
    articlebody articlecontent articletext bodylabel bt-content bt_content center_xilan ck-content
    cmsarticlecontent con-txt con_con con_text con_txt content-text content-txt content_area content_text
    content_txt contentbody contentdisplay contenttext contenttxt contxt detail-con detail-content detail_con
    detail_content detailcon detailcont detailcontent details-content detailscontent detialcon doc-content
    doc_content doccontent dochtmlcon easysite-news-text easysitetext editor-content edui-editor-body
    ewb-article-content ewb-info-content fontzoom founder-content gk_content gkcontent htmlcon htmlcontent
    info-cont info-content info_content infocontent ivs_content j-fontcontent j-show-body js_content
    m-txt-article main-text main-txt main_text maincontent_text maintext news-article-para news-con news-content
    news-text news_con news_cont_d_wrap news_content news_text newscon newscontent newstext newstxt
    notice_content nrcontent pages-content pages_content printcontent ql-editor rich-text rich_media_content
    rich_text richtext rm_txt_con scroll_cont t_text textcontent trs_editor trs_editor_view trs_paper_default
    trs_preappend trs_ueditor txt_txt txtcontent ucap-content ucapcontent ue_table v_news_content view-content
    vsbcontent wenzhang wp_articlecontent wz_content wz_nr wzcon wznr xilan_con xl_content xlcontent xw_box
    xwxl_cont xxgk_content xxgkcontent zhengwen zoom zoomcon zsy_comain zw_content zwcontent zwnr
"""
EDITORS: Final = frozenset(_EDITOR_WORDS.split())
# The part of them no template uses for anything else; a page's other prose must be overwhelming to overrule them.
_SURE_WORDS = """
    bodylabel fontzoom founder-content ivs_content j-fontcontent js_content trs_editor trs_editor_view
    trs_paper_default trs_preappend trs_ueditor ucap-content ucapcontent v_news_content zoom
"""
SURE: Final = frozenset(_SURE_WORDS.split())
# What template authors compose on their own: news-cont, artText, detail_nr, xxgk-detail-content ...
COMPOSED: Final = re.compile(
    r"^(?:[a-z]{1,8}[-_])?(?:article|arti|art|news|detail|details|info|xl|zw|wz|xw|doc|txt|main)[-_]?"
    r"(?:content|contents|cont|con|txt|text|body|nr|para|main)$"
)
# vsb_content, vsb_content_2, vsb_content_501, vsb_newscontent: 博达 numbers its editors by template.
EDITOR_PATTERN: Final = re.compile(r"^(?:vsb_(?:news)?content\w*|trs_editor\w*|zoom\d*|ucap-content\w*|mycontent\w*)$")
# Names that often, but not always, hold the document; they need the agreement of the text.
_GENERIC_WORDS = """
    article article-box article-main article_box article_main articlemain articles body con cont content
    content-box content-main content_area content_box content_main contentarea contentbox contentmain contents
    conts detail details info infobox main-content main_content maincon maincontent news news-detail news_detail
    newsdetail newsdetial nr text text-box textbox txt wz xl xq xxnr zw
"""
GENERIC: Final = frozenset(_GENERIC_WORDS.split())
# Boxes that are about the site, by id or class token; only believed while the rest of the page outweighs them.
_BOX_PREFIXES = "site|page|web|wrap|public|common|m|pc|g|w|j"
_BOX_PARTS = (
    "foot(?:er)?|bottom|copyright|copy|nav(?:bar|igation)?|menu|header|head|top(?:bar|nav|er)?|crumbs?|breadcrumbs?|bread"
    "|position|location|dqwz|wzdh|mbx|side(?:bar)?|aside|friend(?:ly)?links?|yqlj|flink|links?|search|sousuo|login|banner"
    "|logo|share|bdsharebuttonbox|fenxiang|qrcode|qr|ewm|erweima|related|xgwz|xgxx|xglj|xgbd|xgjd|xgzc|xgyd|recommend"
    "|tuijian|hot|rank|phb|paihang|rdtj|rdxw|tools?|toolbar|print|dayin|weixin|wechat|weibo|comment|pinglun|prevnext"
    "|pre-next|pages?nav|sxp"
)
_BOX_SUFFIXES = (
    "box|wrap|wrapper|con|cont|content|list|main|area|bar|nav|in|inner|left|right|l|r|pc|wap|btn|div|[0-9]{1,4}"
)
SITE_BOX: Final = re.compile(rf"^(?:{_BOX_PREFIXES})?[-_]?(?:{_BOX_PARTS})[-_]?(?:{_BOX_SUFFIXES})?$")
SITE_TAGS: Final = frozenset(("footer", "nav", "header", "aside"))

# Comments by which a CMS brackets the text and nothing but the text; `content begin` and its like wrap whole columns.
BEGIN_MARK: Final = re.compile(
    r"^\s*(?:<\$\[信息内容\]>\s*begin|ZJEG_RSS\.content\.begin|enpcontent|(?:文章)?正文(?:内容)?(?:开始|begin|start))\s*$",
    re.IGNORECASE,
)
END_MARK: Final = re.compile(
    r"^\s*(?:<\$\[信息内容\]>\s*end|ZJEG_RSS\.content\.end|/enpcontent|(?:文章)?正文(?:内容)?(?:结束|end))\s*$",
    re.IGNORECASE,
)
