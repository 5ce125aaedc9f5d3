"""Where Chinese government CMSs put the document: their containers and begin/end marks (DOMAIN.md sections 1 and 6)."""

from __future__ import annotations

import re
from typing import Final

# Names that mean "the text an editor typed" and nothing else; lower case, matched as whole id or whole class token.
EDITORS: Final = frozenset(
    "trs_editor trs_ueditor trs_editor_view trs_preappend trs_paper_default ucap-content ucapcontent founder-content v_news_content zoom"
    " zoomcon fontzoom j-fontcontent wzcon bodylabel articlecontent article-content article_content artibody"
    " art_content artcontent article-con article_con article-body article_body articlebody articletext article-text article_text"
    " news_content newscontent news-content newscon news_con news-con news-text newstext news_text newstxt pages_content pages-content"
    " txtcontent contenttext content-text content_text contenttxt content-txt content_txt ivs_content"
    " detail-content detail_content detailcontent details-content detailscontent xl_content xlcontent xxgk_content"
    " info-content infocontent info_content bt_content bt-content textcontent zwnr zwcontent zw_content nrcontent"
    " conTxt contxt con_txt con-txt con_text main-txt maintext main-text main_text maincontent_text wznr wz_nr wz_content js_content"
    " dochtmlcon doccontent doc-content doc_content htmlcontent htmlcon vsbcontent printcontent zhengwen ue_table"
    " xxgkcontent gkcontent gk_content view-content wenzhang detailcon detail-con detail_con detialcon article-detail-content"
    " xw_box con_con easysitetext easysite-news-text xilan_con center_xilan artcon info-cont news_cont_d_wrap cmsarticlecontent j-show-body"
    " detailcont rm_txt_con content_area txt_txt arc_body editor-content art-content notice_content wp_articlecontent arti_content contentbody"
    " contentdisplay xwxl_cont scroll_cont ewb-article-content ewb-info-content news-article-para m-txt-article t_text zsy_comain"
    " rich_media_content rich-text richtext rich_text ql-editor edui-editor-body ck-content".lower().split()
)
# The part of them no template uses for anything else; a page's other prose must be overwhelming to overrule them.
SURE: Final = frozenset(
    "trs_editor trs_ueditor trs_editor_view trs_preappend trs_paper_default ucap-content ucapcontent founder-content v_news_content zoom"
    " j-fontcontent bodylabel js_content ivs_content fontzoom".split()
)
# What template authors compose on their own: news-cont, artText, detail_nr, xxgk-detail-content ...
COMPOSED: Final = re.compile(
    r"^(?:[a-z]{1,8}[-_])?(?:article|arti|art|news|detail|details|info|xl|zw|wz|xw|doc|txt|main)[-_]?(?:content|contents|cont|con|txt|text|body|nr|para|main)$"
)
# vsb_content, vsb_content_2, vsb_content_501, vsb_newscontent: 博达 numbers its editors by template.
EDITOR_PATTERN: Final = re.compile(r"^(?:vsb_(?:news)?content\w*|trs_editor\w*|zoom\d*|ucap-content\w*|mycontent\w*)$")
# Names that often, but not always, hold the document; they need the agreement of the text.
GENERIC: Final = frozenset(
    "content contents contentbox content-box content_box article articles article-box article_box detail details text txt con zw nr wz body"
    " main-content main_content maincontent maincon news newsdetail news-detail news_detail newsdetial xl xq xxnr info infobox cont conts"
    " contentarea content_area text-box textbox article-main article_main articlemain contentmain content_main content-main".split()
)
# Boxes that are about the site, by id or class token; only believed when their text does not outweigh the rest of the page.
SITE_BOX: Final = re.compile(
    r"^(?:site|page|web|wrap|public|common|m|pc|g|w|j)?[-_]?(?:foot(?:er)?|bottom|copyright|copy|nav(?:bar|igation)?|menu|header|head|top(?:bar|nav|er)?|crumbs?|breadcrumbs?|bread|position|location|dqwz"
    r"|wzdh|mbx|side(?:bar)?|aside|friend(?:ly)?links?|yqlj|flink|links?|search|sousuo|login|banner|logo|share|bdsharebuttonbox|fenxiang|qrcode|qr|ewm|erweima|related|xgwz|xgxx|xglj|xgbd|xgjd|xgzc"
    r"|xgyd|recommend|tuijian|hot|rank|phb|paihang|rdtj|rdxw|tools?|toolbar|print|dayin|weixin|wechat|weibo|comment|pinglun|pinglun|prevnext|pre-next|pages?nav|sxp)"
    r"[-_]?(?:box|wrap|wrapper|con|cont|content|list|main|area|bar|nav|in|inner|left|right|l|r|pc|wap|btn|div|\d{1,4})?$"
)
SITE_TAGS: Final = frozenset(("footer", "nav", "header", "aside"))

BEGIN_MARK: Final = re.compile(
    r"^\s*(?:<\$\[信息内容\]>\s*begin|ZJEG_RSS\.content\.begin|enpcontent|正文(?:内容)?(?:开始|begin|start)|(?:article|content|news)[ _-]?(?:content[ _-]?)?(?:begin|start)|begin[ _-]?(?:content|article)|文章(?:正文|内容)开始|内容开始)\s*$",
    re.IGNORECASE,
)
END_MARK: Final = re.compile(
    r"^\s*(?:<\$\[信息内容\]>\s*end|ZJEG_RSS\.content\.end|/enpcontent|正文(?:内容)?(?:结束|end)|(?:article|content|news)[ _-]?(?:content[ _-]?)?end|end[ _-]?(?:content|article)|文章(?:正文|内容)结束|内容结束)\s*$",
    re.IGNORECASE,
)
