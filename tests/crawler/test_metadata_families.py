"""Metadata on templates of CMS families and on awkward pages, each with what a person reads in it."""

from __future__ import annotations

import pytest

from crawler.metadata import read
from crawler.page import open_page

TITLE = "关于进一步优化营商环境的若干措施"
TEXT = (
    "<p>各区人民政府，市政府各委办局：</p>"
    "<p>为深入贯彻落实决策部署，进一步优化营商环境，现将有关事项通知如下，请认真贯彻执行。</p>"
    "<p>一、总体要求。坚持问题导向，到2025年12月31日前完成。</p>"
)
FIELDS = "title published written origin issuer index_number document_number topic validity"

# §T stands for the title, §P for the text of the document.
PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "a news page of the central portal": (
        '<title>§T_滚动新闻_中国政府网</title><div class="article oneColumn"><h1 id="ti">§T</h1>'
        '<div class="pages-date">2023-10-23 11:23 <span class="font">来源： 新华社</span>'
        '<span class="font" id="zt">【字体：<a>大</a> <a>中</a> <a>小</a>】</span>'
        '<div class="mhide" id="sharebtn">打印</div></div><div class="pages_content" id="UCAP-CONTENT">§P'
        "</div>",
        {"title": "§T", "published": "2023-10-23T11:23:00+08:00", "origin": "新华社"},
    ),
    "a policy page with its number above the text": (
        '<title>§T_国务院文件_中国政府网</title><table class="bd1"><tr><td><b>索 引 号：</b></td><td>'
        "000014349/2024-00012</td><td><b>主题分类：</b></td><td>国民经济管理、国有资产监管\\其他</td></tr>"
        "<tr><td><b>发文机关：</b></td><td>国务院办公厅</td><td><b>成文日期：</b></td><td>2024年03月01日"
        "</td></tr><tr><td><b>标　　题：</b></td><td colspan=3>§T</td></tr><tr><td><b>发文字号：</b></td>"
        "<td>国办发〔2024〕5号</td><td><b>发布日期：</b></td><td>2024年03月05日</td></tr><tr><td><b>"
        '主 题 词：</b></td><td colspan=3></td></tr></table><td id="UCAP-CONTENT"><p align=center>'
        "关于进一<br>步优化营商环境的若干措施</p><p align=center>国办发〔2024〕5号</p>§P</td>",
        {
            "title": "§T",
            "published": "2024-03-05",
            "written": "2024-03-01",
            "issuer": "国务院办公厅",
            "index_number": "000014349/2024-00012",
            "document_number": "国办发〔2024〕5号",
            "topic": "国民经济管理、国有资产监管\\其他",
        },
    ),
    "a date in small print inside the heading": (
        '<title>§T</title><h2 id="ivs_title">§T<small class="PBtime">（2023年10月08日）</small></h2>'
        '<div id="ivs_content">§P</div>',
        {"title": "§T", "published": "2023-10-08"},
    ),
    "a list of facts in brackets above the title": (
        '<title>§T_政策文件_首都之窗_北京市人民政府门户网站</title><div class="container">'
        '<ol class="doc-info"><li>[主题分类] <span>财政/税务</span></li><li>[发文机构] <span>'
        "北京市人民政府</span></li><li>[联合发文单位] <span></span></li><li>[实施日期] <span>2024-01-01"
        "</span></li><li>[成文日期] <span>2023-12-20</span></li><li>[发文字号] <span>京政发〔2023〕25号"
        "</span></li><li>[废止日期] <span>-</span></li><li>[发布日期] <span>2023-12-28</span></li><li>"
        '[有效性] <span>是</span></li></ol><div class="header"><p>§T</p></div><div id="mainText">§P</div>',
        {
            "title": "§T",
            "published": "2023-12-28",
            "written": "2023-12-20",
            "issuer": "北京市人民政府",
            "document_number": "京政发〔2023〕25号",
            "topic": "财政/税务",
            "validity": "是",
        },
    ),
    "labels in italics without colons": (
        '<title>§T_中华人民共和国生态环境部</title><ul class="a"><li class="first"><i>名　　称</i><div>'
        "<p>§T</p></div></li><li><i>索 引 号</i><div>000014672/2021-00001</div></li><li><i>分　　类</i>"
        "<div>综合</div></li><li><i>发布机关</i><div>生态环境部办公厅</div></li><li><i>生成日期</i><div>"
        "2021-01-05</div></li><li><i>文　　号</i><div>环办综合〔2021〕1号</div></li><li><i>主 题 词</i>"
        '<div></div></li></ul><h2 class="neiright_Title">§T</h2>§P',
        {
            "title": "§T",
            "written": "2021-01-05",
            "issuer": "生态环境部办公厅",
            "index_number": "000014672/2021-00001",
            "document_number": "环办综合〔2021〕1号",
            "topic": "综合",
        },
    ),
    "a table that calls the index 信息索引": (
        '<title>§T - 中华人民共和国教育部政府门户网站</title><div class="moe-policy-table"><table><tr>'
        "<td>信息名称：</td><td colspan=3>§T</td></tr><tr><td>信息索引：</td><td>360A02-07-2023-0012-1"
        "</td><td>生成日期：</td><td>2023-11-01</td><td>发文机构：</td><td>教育部</td></tr><tr><td>"
        "发文字号：</td><td>教政法〔2023〕1号</td><td>信息类别：</td><td>教育综合管理</td></tr><tr><td>"
        '内容概述：</td><td colspan=3>教育部发布。</td></tr></table></div><div id="moe-detail-box"><h1>§T'
        "</h1><h2>教政法〔2023〕1号</h2>§P</div>",
        {
            "title": "§T",
            "written": "2023-11-01",
            "issuer": "教育部",
            "index_number": "360A02-07-2023-0012-1",
            "document_number": "教政法〔2023〕1号",
            "topic": "教育综合管理",
        },
    ),
    "scripts that write date and origin": (
        '<title>§T</title><script>var v_ti="§T"; source="商务部政策研究室"; tm = "2021-01-08 17:09:17";'
        '</script><h4 id="artitle">§T</h4><div class="head-info"><script>document.write(tm);</script>'
        '&nbsp; 文章来源：<script>document.write("<a href=x>"+source+"</a>")</script>'
        ' 文章类型：原创 内容分类：新闻</div><div id="zoom">§P</div>',
        {"title": "§T", "published": "2021-01-08T17:09:17+08:00", "origin": "商务部政策研究室"},
    ),
    "a form around the article": (
        '<title>§T-云溪区司法局</title><form name="_newscontent_fromname"><div class="content-title"><h3>'
        '§T</h3><i>时间：2022-01-01  作者：办公室&nbsp;&nbsp;点击数：<span id="dynclicks_wbnews_1_2">'
        '</span></i></div><div id="vsb_content"><div class="v_news_content">§P</div></div></form>',
        {"title": "§T", "published": "2022-01-01"},
    ),
    "spaces before and after colons": (
        '<title>§T  广东省人民政府门户网站</title><h3 class="zw-title">§T</h3><div class="zw-info">'
        '<span class="time">时间  :  2021-01-01 10:00:00</span><span class="ly">来源  :  本网</span>'
        '<span>【打印】</span></div><div class="zw">§P</div>',
        {"title": "§T", "published": "2021-01-01T10:00:00+08:00", "origin": "本网"},
    ),
    "a table and an info line that agree": (
        '<title>§T_云溪区人民政府</title><table class="table_suoyin"><tr><th>索引号：</th><td>'
        "113418/202201-00012</td><th>组配分类：</th><td>其他</td></tr><tr><th>发布机构：</th><td>"
        "云溪区司法局</td><th>主题分类：</th><td>司法 / 公民</td></tr><tr><th>名称：</th><td>§T</td><th>"
        "文号：</th><td>无</td></tr><tr><th>生成日期：</th><td>2022-01-05</td><th>发布日期：</th><td>"
        '2022-01-06</td></tr></table><h1 class="newstitle">§T</h1><div class="newsinfo"><span>'
        "发布时间：2022-01-06 10:12</span><span>来源：云溪区司法局</span><span>阅读：<b></b>次</span>"
        '<span>字体：【<a>大</a> <a>中</a> <a>小</a>】</span></div><div class="wzcon">§P</div>',
        {
            "title": "§T",
            "published": "2022-01-06T10:12:00+08:00",
            "written": "2022-01-05",
            "origin": "云溪区司法局",
            "issuer": "云溪区司法局",
            "index_number": "113418/202201-00012",
            "topic": "司法 / 公民",
        },
    ),
    "cells with bracketed labels": (
        '<title>§T_云溪区人民政府</title><table class="zwxl-table"><tr><td class="t1">[ 索引号 ]</td>'
        '<td class="t2">11500000009275780L/2022-00123</td><td class="t1">[ 发文字号 ]</td><td class="t2">'
        "渝府发〔2022〕3号</td></tr><tr><td>[ 主题分类 ]</td><td>其他</td><td>[ 体裁分类 ]</td><td>通知"
        "</td></tr><tr><td>[ 发布机构 ]</td><td>市政府</td><td>[ 有效性 ]</td><td></td></tr><tr><td>"
        "[ 成文日期 ]</td><td>2022-01-01</td><td>[ 发布日期 ]</td><td>2022-01-03</td></tr></table>"
        '<p class="tit">§T</p>§P',
        {
            "title": "§T",
            "published": "2022-01-03",
            "written": "2022-01-01",
            "issuer": "市政府",
            "index_number": "11500000009275780L/2022-00123",
            "document_number": "渝府发〔2022〕3号",
            "topic": "其他",
        },
    ),
    "the site before the title in <title>": (
        '<title>云溪区人民政府-§T</title><div class="con"><p style="text-align:center"><b>§T</b></p>§P</div>',
        {"title": "§T"},
    ),
    "a title with a dash": (
        '<title>砥砺前行——2021年法治政府建设综述-云溪区人民政府</title><div class="bt">'
        "砥砺前行——2021年法治政府建设综述</div><div>2022-01-03 云溪日报</div>§P",
        {"title": "砥砺前行——2021年法治政府建设综述", "published": "2022-01-03"},
    ),
    "a title with a dash that only <title> states": (
        "<title>砥砺前行——2021年法治政府建设综述-云溪区人民政府</title>§P",
        {"title": "砥砺前行——2021年法治政府建设综述"},
    ),
    "columns behind the title in <title>": (
        "<title>§T_通知公告_政务公开_云溪区人民政府门户网站</title><div>§P</div>",
        {"title": "§T"},
    ),
    "no <title>, a section heading near by": (
        '<div class="main"><div class="left"><h2>最新公告</h2><ul><li><a>某公告发布2020-01-01</a></li>'
        '</ul></div><div class="right"><div class="a1">§T</div><div class="a2">'
        "发布时间：2021-05-06 09:00 &nbsp;&nbsp; 来源：<a href=x>云溪区发改局</a> &nbsp; 分享：<a>微信"
        "</a></div>§P</div></div>",
        {"title": "§T", "published": "2021-05-06T09:00:00+08:00", "origin": "云溪区发改局"},
    ),
    "a number between title and info line": (
        "<title>§T</title><h1>§T</h1><p>云政办发〔2021〕15号</p><p>2021-05-06 来源：区政府办</p>§P",
        {"title": "§T", "published": "2021-05-06", "origin": "区政府办", "document_number": "云政办发〔2021〕15号"},
    ),
    "headings above and below the title": (
        '<title>§T-云溪区人民政府</title><h3 class="fbt">云溪区印发</h3><h1>§T</h1><h4>——惠及十万企业'
        "</h4><p>2021-05-06 来源：区政府办</p>§P",
        {"title": "§T", "published": "2021-05-06", "origin": "区政府办"},
    ),
    "editor and author on the info line": (
        "<title>§T</title><h1>§T</h1><p>2021-05-06 10:00 来源：区政府办 责任编辑：张三 作者：李四</p>§P",
        {"title": "§T", "published": "2021-05-06T10:00:00+08:00", "origin": "区政府办"},
    ),
    "a date behind the origin": (
        "<title>§T</title><h1>§T</h1><p>来源：<a>中国政府网</a> <em>2021年5月6日 10:00</em></p>§P",
        {"title": "§T", "published": "2021-05-06T10:00:00+08:00", "origin": "中国政府网"},
    ),
    "only a date of update": (
        "<title>§T</title><h1>§T</h1><p>更新时间：2021-05-06 来源：区政府办  浏览：12</p>§P",
        {"title": "§T", "published": "2021-05-06", "origin": "区政府办"},
    ),
    "dates of publication and of update": (
        "<title>§T</title><h1>§T</h1><p>发布时间：2021-05-06 更新时间：2021-06-07 来源：区政府办</p>§P",
        {"title": "§T", "published": "2021-05-06", "origin": "区政府办"},
    ),
    "a meeting time under the title": (
        '<title>会议通知-云溪区</title><meta name="PubDate" content="2021-05-06"><h1>关于召开座谈会的通知'
        "</h1><div><p>时间：2021年5月20日14:30</p><p>地点：区政府301</p>§P</div>",
        {"title": "关于召开座谈会的通知", "published": "2021-05-06"},
    ),
    "a centred title and nothing else": (
        "<title>正文</title><div><p align=center>§T</p>§P</div>",
        {"title": "§T"},
    ),
    "the origin under the text": (
        "<title>§T-云溪区</title><h1>§T</h1><p>2021-05-06</p>§P<p>来源：云溪日报</p><p>责任编辑：张三</p>",
        {"title": "§T", "published": "2021-05-06", "origin": "云溪日报"},
    ),
    "the date under the text": (
        '<title>§T-云溪区</title><h1>§T</h1>§P<div class="fb">发布日期：2021-05-06</div>',
        {"title": "§T", "published": "2021-05-06"},
    ),
    "one box parted by line breaks": (
        '<title>§T-云溪区</title><div class="c">§T<br>发布时间：2021-05-06 来源：区政府办<br><br>'
        "各区人民政府：<br>为深入贯彻落实党中央、国务院决策部署，进一步优化营商环境。</div>",
        {"title": "§T", "published": "2021-05-06", "origin": "区政府办"},
    ),
    "a layout table with bracketed facts": (
        "<title>云溪区人民政府网站</title><table><tr><td align=center><font size=5><b>§T</b></font></td>"
        "</tr><tr><td align=right>[区政府办] [2021-5-6] [阅读：<script>c()</script>]</td></tr><tr><td>§P"
        "</td></tr></table>",
        {"title": "§T", "published": "2021-05-06"},
    ),
    "a date behind the author": (
        "<title>§T</title><h3>§T</h3><div>作者：张三&nbsp;&nbsp;2021-05-06 09:10&nbsp;&nbsp;浏览：23</div>§P",
        {"title": "§T", "published": "2021-05-06T09:10:00+08:00"},
    ),
    "a publishing unit on the info line": (
        "<title>§T</title><h3>§T</h3><div>发布单位：区财政局 发布时间：2021-05-06 09:10 访问次数：23</div>§P",
        {"title": "§T", "published": "2021-05-06T09:10:00+08:00", "issuer": "区财政局"},
    ),
    "a public account as origin": (
        "<title>§T</title><h3>§T</h3><div>来源：“云溪发布”微信公众号 2021-05-06</div>§P",
        {"title": "§T", "published": "2021-05-06", "origin": "“云溪发布”微信公众号"},
    ),
    "the info line above the title": (
        "<title>§T</title><div>发布日期：2021-05-06 来源：区政府办</div><h3>§T</h3>§P",
        {"title": "§T", "published": "2021-05-06", "origin": "区政府办"},
    ),
    "a date over several elements": (
        "<title>§T</title><h3>§T</h3><div><span>发布日期：</span><span>2021</span>-<span>05</span>-<span>"
        "06</span></div>§P",
        {"title": "§T", "published": "2021-05-06"},
    ),
    "the date of today in the masthead": (
        "<title>§T</title><div>今天是：2026年3月3日 星期二</div><div>首页 | 新闻</div><h3>§T</h3><div>"
        "2021-05-06</div>§P",
        {"title": "§T", "published": "2021-05-06"},
    ),
    "a dated list in front of the article": (
        '<title>§T-云溪区</title><div class="left"><ul><li><a>甲公告</a> 2024-01-01</li><li><a>乙公告</a>'
        " 2024-01-02</li></ul></div><h3>§T</h3><div>时间：2021-05-06</div>§P",
        {"title": "§T", "published": "2021-05-06"},
    ),
    "the title as last crumb": (
        '<title>§T-云溪区</title><div class="location">当前位置：<a>首页</a> > <a>政府信息公开</a> > <a>'
        '§T</a></div><div class="con_tit">§T</div><div class="con_xx">'
        "信息来源：区司法局 发布时间：2021-05-06</div>§P",
        {"title": "§T", "published": "2021-05-06", "origin": "区司法局"},
    ),
    "site and column before the title": (
        "<title>云溪区人民政府 通知公告 §T</title><h3>§T</h3><div>时间：2021-05-06</div>§P",
        {"title": "§T", "published": "2021-05-06"},
    ),
    "tags alone for date and origin": (
        '<title>§T</title><meta name="PubDate" content="2021-05-06 10:00:00">'
        '<meta name="ContentSource" content="区政府办"><h3>§T</h3>§P',
        {"title": "§T", "published": "2021-05-06T10:00:00+08:00", "origin": "区政府办"},
    ),
    "a disclosure line with empty values": (
        "<title>§T</title><div>"
        "索引号：  011336714/2020-12972   发布机构： 区政府办公室   生效日期： 2020-01-01   废止日期：    "
        "文号： 云政〔2020〕3号   主题词："
        "</div><h3>§T</h3>§P",
        {
            "title": "§T",
            "issuer": "区政府办公室",
            "index_number": "011336714/2020-12972",
            "document_number": "云政〔2020〕3号",
        },
    ),
    "a disclosure list with empty values": (
        '<title>§T</title><ul class="xxgk"><li>索引号：011336714/2020-12972</li><li>信息分类：其他;通知'
        "</li><li>发布机构：</li><li>文　　号：</li><li>名　　称：§T</li><li>发文日期：2020-09-03</li>"
        "<li>有 效 性：</li></ul><h3>§T</h3><div>发布时间：2020-09-05</div>§P",
        {
            "title": "§T",
            "published": "2020-09-05",
            "written": "2020-09-03",
            "index_number": "011336714/2020-12972",
            "topic": "其他;通知",
        },
    ),
    "a short title": (
        "<title>警情通报-云溪公安</title><h2>警情通报</h2><div>来源：云溪公安 2021-05-06</div>§P",
        {"title": "警情通报", "published": "2021-05-06", "origin": "云溪公安"},
    ),
    "a column heading above the title": (
        '<title>§T_云溪区人民政府</title><div class="lanmu_title">政策法规</div><div class="list"><h4>'
        '相关文件</h4></div><div class="wz_title">§T</div><div class="wz_info">2021年05月06日</div>§P',
        {"title": "§T", "published": "2021-05-06"},
    ),
    "a number inside the heading": (
        "<title>§T_云溪区人民政府</title><h1>§T<br>云政发〔2021〕3号</h1><div>2021-05-06</div>§P",
        {"title": "§T", "published": "2021-05-06", "document_number": "云政发〔2021〕3号"},
    ),
    "a number on the info line": (
        "<title>§T</title><h1>§T</h1><div>发文字号：云政发〔2021〕3号 发布日期：2021-05-06 有效性：有效</div>§P",
        {"title": "§T", "published": "2021-05-06", "document_number": "云政发〔2021〕3号", "validity": "有效"},
    ),
    "JSON-LD for the date": (
        '<title>§T</title><script type="application/ld+json">'
        '{"title":"§T","pubDate":"2021-05-06T10:00:00"}</script><h1>§T</h1>§P',
        {"title": "§T", "published": "2021-05-06T10:00:00+08:00"},
    ),
    "a Unix time in the tag": (
        '<title>§T</title><meta name="PubDate" content="1620266400000"><h1>§T</h1>§P',
        {"title": "§T", "published": "2021-05-06T10:00:00+08:00"},
    ),
    "a masthead as h1": (
        '<title>§T-云溪区人民政府</title><div class="mobile-head"><h1>云溪区人民政府</h1></div>'
        '<div class="nav"><h3>政务公开</h3><h3>办事服务</h3></div><div class="xl"><p class="xl_bt">§T</p>'
        '<p class="xl_xx">来源：区府办 2021-05-06</p>§P</div>',
        {"title": "§T", "published": "2021-05-06", "origin": "区府办"},
    ),
    "the site in ArticleTitle": (
        '<title>§T-云溪区人民政府</title><meta name="ArticleTitle" content="§T-云溪区人民政府"><div>§T'
        "</div><div>2021-05-06</div>§P",
        {"title": "§T", "published": "2021-05-06"},
    ),
    "duties in short lines": (
        "<title>§T</title><h1>§T</h1><div>2021-05-06</div><p>一、任务清单</p><p>责任单位：区发改局</p><p>"
        "完成时限：2021年12月</p><p>牵头单位：区商务局</p>§P",
        {"title": "§T", "published": "2021-05-06"},
    ),
    "a penalty notice with names and numbers of its own": (
        "<title>行政处罚信息公示</title><h1>行政处罚信息公示</h1><div>发布时间：2021-05-06</div><p>"
        "名称：云溪某某有限公司</p><p>行政处罚决定书文号：云市监罚〔2021〕5号</p><p>"
        "处罚机关：云溪区市场监管局</p><p>处罚日期：2021-04-01</p>",
        {"title": "行政处罚信息公示", "published": "2021-05-06"},
    ),
    "times and origins of applicants": (
        "<title>公开招聘公告_云溪区人社局</title><h1>云溪区2021年公开招聘公告</h1><div>"
        "日期：2021-05-06 来源：人事科</div><p>报名时间：2021年5月10日至20日</p><p>来源：各类毕业生</p>§P",
        {"title": "云溪区2021年公开招聘公告", "published": "2021-05-06", "origin": "人事科"},
    ),
    "a span of years in the title": (
        "<title>2018—2020年行动计划 - 云溪区人民政府</title><h2>2018—2020年行动计划</h2><div>2021-05-06</div>§P",
        {"title": "2018—2020年行动计划", "published": "2021-05-06"},
    ),
    "a title in two headings": (
        "<title>“放管服”改革再出发——云溪区优化营商环境纪实-云溪新闻网</title><h1>“放管服”改革再出发</h1>"
        "<h2>——云溪区优化营商环境纪实</h2><div>2021-05-06 来源：云溪日报</div>§P",
        {"title": "“放管服”改革再出发——云溪区优化营商环境纪实", "published": "2021-05-06", "origin": "云溪日报"},
    ),
    "a time element": (
        '<title>§T</title><article><header><h2>§T</h2><time datetime="2021-05-06">2021年5月6日</time> '
        "<address>区府办</address></header>§P</article>",
        {"title": "§T", "published": "2021-05-06"},
    ),
    "a trail that starts at the government": (
        '<title>§T</title><div class="weizhi">您所在的位置：<a>云溪区人民政府</a> &gt; <a>部门</a> &gt; '
        "<a>区司法局</a></div><h1>§T</h1><div>2021-05-06</div>§P",
        {"title": "§T", "published": "2021-05-06"},
    ),
    "a date in brackets": (
        "<title>§T</title><h1>§T</h1><div>(2021.5.6)</div>§P",
        {"title": "§T", "published": "2021-05-06"},
    ),
    "a date at the right edge": (
        "<title>§T</title><h1>§T</h1><div align=right>2021/5/6 9:08:07</div>§P",
        {"title": "§T", "published": "2021-05-06T09:08:07+08:00"},
    ),
    "commas between pairs": (
        "<title>§T</title><h1>§T</h1><div>发布时间：2021-05-06，来源：区府办，作者：张三</div>§P",
        {"title": "§T", "published": "2021-05-06", "origin": "区府办"},
    ),
    "slashes between pairs": (
        "<title>§T</title><h1>§T</h1><div>2021-05-06 / 来源：区府办 / 浏览</div>§P",
        {"title": "§T", "published": "2021-05-06", "origin": "区府办"},
    ),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_read_as_a_person_reads_it(page: str) -> None:
    markup, expected = PAGES[page]
    markup = f"<html><body>{markup}</body></html>".replace("§T", TITLE).replace("§P", TEXT)
    metadata = read(open_page(markup.encode(), "http://www.yunxi.gov.cn/a/1.html"))
    got = {name: found.value for name in FIELDS.split() if (found := getattr(metadata, name)) is not None}
    assert got == {name: value.replace("§T", TITLE) for name, value in expected.items()}
