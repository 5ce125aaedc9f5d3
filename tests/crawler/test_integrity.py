"""Mirrors, clones and injected pages are told from genuine ones, and no genuine page is suspected."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.blocking import check
from crawler.integrity import Verdict, judge
from crawler.integrity_host import host_of, standing_of
from crawler.page import open_page

OFFICIAL = "http://www.qinghe.gov.cn/zwgk/202203/t20220301_7.html"
STRANGER = "http://m.qhwzjs.com/zwgk/202203/t20220301_7.html"
TITLE = "青禾市2021年法治政府建设年度报告"
BODY = (
    "2021年，青禾市推进“互联网+政务服务”，完善“1+1+N”治理体系，评定A级单位12家，办理ICP核查30件，推广“禾政通”APP，与EMS合作寄递。\n"
    "一、主要举措\n（一）健全机制。市司法局对规范性文件进行合法性审查，组织执法人员培训，开展案卷评查，对发现的问题限期整改。\n"
    "（二）优化服务。设立综合窗口，推行告知承诺，减少申请材料，压缩办理时限，企业群众办事更加方便。"
)
META = '<meta name="SiteName" content="青禾市人民政府"><meta name="SiteDomain" content="www.qinghe.gov.cn">'
CODE = '<meta name="SiteIDCode" content="4112000001">'


def markup(
    title: str = f"{TITLE}-青禾市人民政府",
    home: str = "首页",
    head: str = META + CODE,
    extra: str = "",
    body: str = BODY,
) -> str:
    paragraphs = "".join(f"<p>{line}</p>" for line in body.split("\n"))
    return (
        f"<html><head><title>{title}</title>{head}</head><body>"
        f"<div>当前位置：<a href='/'>{home}</a> > <a href='/zwgk/'>政务公开</a>"
        f"</div><h1>{TITLE}</h1><div class='TRS_Editor'>{paragraphs}</div>{extra}</body></html>"
    )


def verdict(
    page: str,
    url: str = OFFICIAL,
    *,
    title: str = TITLE,
    home: str = "首页",
    body: str = BODY,
    hidden: int = 0,
    hosts: tuple[str, ...] = (),
) -> Verdict:
    opened = open_page(page.encode(), url)
    name = re.search(r'SiteName" content="([^"]*)', page)
    return judge(
        opened,
        title=title,
        breadcrumb=(home, "政务公开"),
        site_name=name[1] if name else None,
        body_text=body,
        hidden_chars=hidden,
        source_hosts=hosts,
    )


def test_a_genuine_page_is_clean_wherever_it_is_read_from() -> None:
    for url in (
        OFFICIAL,
        OFFICIAL.replace("http:", "https:").replace(".cn/", ".cn:8080/"),
        "file:///tmp/page.html",
        "page.html",
        "",
        "http://127.0.0.1:8899/a.html",
        "http://[::1]/a.html",
        "http://[broken/a.html",
        "http://localhost/a.html",
        "http://qinghe.example/a.html",
        "http://www.qinghe.test/a.html",
        f"https://web.archive.org/web/20220305000000/{OFFICIAL}",
    ):
        assert verdict(markup(), url) == Verdict("clean"), url


def test_a_keyword_mirror_is_a_clone() -> None:
    """Kind A: brand in the title and in place of 首页, letters small, plus signs lost; told even without its URL."""
    body = BODY.lower().replace("+", " ")
    page = markup(title=f"{TITLE} -凯发app平台", home="凯发k8官网登录入口", head="", body=body)
    for url in (STRANGER, "file:///tmp/page.html", "http://mirror.example/1.html"):
        found = verdict(page, url, home="凯发k8官网登录入口", body=body)
        assert found.level == "cloned"
        assert any("title" in reason for reason in found.reasons)
        assert any("home page" in reason for reason in found.reasons)
        assert any("plus sign" in reason for reason in found.reasons)
        assert any("capital" in reason for reason in found.reasons)


@pytest.mark.parametrize(
    "brand",
    [
        "开云(中国)体育官网",
        "必威betway官网",
        "kb体育app下载",
        "半岛体育app官网",
        "ag真人",
        "威廉希尔娱乐",
        "江南体育官网",
    ],
)
def test_a_brand_in_the_title_alone_is_suspect(brand: str) -> None:
    assert verdict(markup(title=f"{TITLE}_{brand}"), STRANGER.replace("qhwzjs.com", "x.example")).level == "suspect"


def test_an_unknown_brand_is_told_by_its_offers() -> None:
    page = markup(title=f"{TITLE}-盈盈app官网", home="盈盈-官网登录入口", head="")
    assert verdict(page, STRANGER, home="盈盈-官网登录入口").level == "suspect"


def test_a_brand_left_at_the_end_of_the_text_speaks_against_a_page() -> None:
    head = '<meta name="keywords" content="凯发娱乐,凯发k8官网">'
    body = f"{BODY}\n凯发k8娱乐官网 手机版"
    found = verdict(markup(head=head, body=body), "file:///x.html", body=body)
    assert found.reasons == ("brand in the keywords: 凯发娱乐", "brand in the first or last lines: 凯发k8娱乐")
    report = f"{BODY}\n民警在现场查获“凯发k8”赌博网站充值卡12张。"
    assert verdict(markup(body=report), body=report).level == "clean"


def test_a_copy_that_keeps_the_identity_of_the_original_is_a_clone() -> None:
    found = verdict(markup(), STRANGER)
    assert found.level == "cloned"
    assert "served by m.qhwzjs.com, but the page says www.qinghe.gov.cn" in found.reasons


def test_a_squatter_that_put_its_own_domain_in_is_suspect_by_what_it_forgot() -> None:
    head = META.replace("www.qinghe.gov.cn", "www.qhwzjs.com").replace("青禾市人民政府", "青禾县林业局-林业局") + CODE
    page = markup(head=f"{head}<script src='https://zxcv.net.cn/js/kb.js'></script>")
    assert verdict(page, STRANGER).level == "suspect"


@pytest.mark.parametrize(
    "canonical", ['<link rel="canonical" href="{}">', '<meta property="og:url" content="{}">', '<base href="{}">']
)
def test_a_canonical_address_elsewhere_contradicts_the_host(canonical: str) -> None:
    assert verdict(markup(head=canonical.format(OFFICIAL)), STRANGER).level == "suspect"


def test_an_owner_may_hold_two_domains() -> None:
    assert verdict(markup(head=META), "http://www.qinghe.cn/a.html").level == "clean"
    assert verdict(markup(), "http://www.qhxc.org.cn/a.html", hosts=("qhxc.org.cn",)).level == "clean"


def test_a_host_alone_is_no_sign() -> None:
    assert verdict(markup(head=""), STRANGER).level == "clean"
    assert (
        verdict(markup(head='<meta name="SiteIDCode" content="bm48000002">'), "http://www.qhky.cn/a.html").level
        == "clean"
    )


def test_another_official_domain_in_the_meta_tags_is_the_neglect_of_a_template() -> None:
    for domain in ("www.heyuan.gov.cn", "gov.cn", "http://10.1.2.3/", "www.qinghe.com", "", "[", "网址"):
        assert verdict(markup(head=META.replace("www.qinghe.gov.cn", domain) + CODE)).level == "clean"


def traditional(text: str) -> str:
    pairs = dict(
        zip("务设规审组织员训开对问题发现优办时众业报进", "務設規審組織員訓開對問題發現優辦時眾業報進", strict=True)
    )
    return "".join(pairs.get(character, character) for character in text)


def test_a_traditional_mirror_with_pinyin_is_told_even_without_its_url() -> None:
    """Kind B: the whole text turned into traditional characters, pinyin after some, wrappers under one random id."""
    body = traditional(BODY * 2).replace("設", "設(shè)").replace("開", "開(kāi)")
    junk = "<noframes id='skqig'></noframes><bdo id='skqig'></bdo><pre id='skqig'></pre>"
    assert verdict(markup(head="", body=body), "file:///x.html", body=body).level == "suspect"
    assert verdict(markup(head="", body=body, extra=junk), "file:///x.html", body=body).level == "cloned"
    assert verdict(markup(head="", body=body), STRANGER, body=body).level != "clean"


def test_a_traditional_edition_is_no_clone() -> None:
    body = traditional(BODY * 2)
    for url in (
        "http://www.qinghe.gov.cn/gate/big5/www.qinghe.gov.cn/a.html",
        "http://big5.qinghe.gov.cn/a.html",
        "http://www.qinghe.gov.hk/tc/a.html",
        "file:///a.html",
        "http://www.qinghe.org.tw/a.html",
    ):
        assert verdict(markup(head="", body=body), url, body=body).level == "clean", url


def test_injected_links_make_an_official_page_suspect_but_never_a_clone() -> None:
    """Kind C: the page is genuine and stays the best copy there is."""
    links = "".join(f"<a href='http://v{n}.example.net/'>凯发娱乐官网</a>" for n in range(9))
    for extra in (f"<div style='display:none'>{links}</div>", f"<marquee width=1 height=1>{links}</marquee>", links):
        found = verdict(markup(title="凯发娱乐官网-凯发app下载", extra=extra))
        assert found.level == "suspect"
        assert any("link to another site" in reason for reason in found.reasons)


@pytest.mark.parametrize(
    "title",
    [
        "青禾市公安局通报一起利用百家乐网站聚众赌博案",
        "关于严厉打击六合彩等网络赌博违法犯罪的通告",
        "男子沉迷老虎机输光家产",
        "青禾市体育彩票管理中心2022年部门预算",
        "关于规范棋牌室经营活动的公告",
        "开云镇人民政府2022年工作报告",
        "金沙县、米兰镇、半岛社区对口协作座谈会召开",
        "澳门真抓实干推进横琴建设",
        "K8s云平台运维服务采购公告",
        "全市青少年电子竞技棋牌运动会开幕",
        "政务服务APP下载及注册说明",
        "全国统一考试报名官网登录入口",
        "江南体育中心平台建设项目批复",
        "依法关停彩票平台“一元购”网站",
    ],
)
def test_a_title_with_words_of_gambling_or_sport_is_clean(title: str) -> None:
    page = markup(title=f"{title}_青禾市人民政府")
    body = f"{BODY}\n经查，嫌疑人通过“凯发app平台”“ag真人”等参与百家乐、老虎机赌博，涉案金额320万元。"
    for url in (OFFICIAL, "file:///x.html", "http://www.qinghe.cn/1.html"):
        assert verdict(page, url, title=title, body=body).level == "clean"


def test_links_of_a_genuine_footer_are_clean() -> None:
    extra = (
        "<a href='http://www.lottery.example.org/'>中国体育彩票</a><a href='http://www.firefox.com.cn/'>火狐浏览器官方下载</a>"
        "<a href='http://www.gov.cn/'>中国政府网</a><a href='http://ks.example.com/'>考试报名官网入口</a>"
        "<a href='javascript:;'>网站地图</a><a href='http://['>坏链接</a><a>空</a>"
    )
    assert verdict(markup(extra=extra)).level == "clean"


@pytest.mark.parametrize(
    "body",
    [
        "详见 www.qinghe.gov.cn/zwgk，邮箱 qhsf@qinghe.gov.cn，附件 list.docx、table.xlsx、scan.pdf",
        "面积320 km，重 40 kg，长 5 mm，功率 30 kw",
        "互联网 政务服务 监管，采用 git、linux、mysql 部署",
        "垰（qiǎ）、堃（kūn）、峁（mǎo）、塬（yuán）等地名用字",
        "垰(qiǎ)、堃(kūn)、峁(mǎo)、塬(yuán)等地名用字",
        "按照1 1 n模式推进",
    ],
)
def test_small_letters_and_lost_signs_alone_never_alarm(body: str) -> None:
    for url in (OFFICIAL, "file:///x.html", "http://www.qinghe.cn/1.html"):
        assert verdict(markup(body=body), url, body=body, hidden=4000).level == "clean"


def test_standing_of_hosts() -> None:
    assert standing_of("www.gov.cn", ()) == standing_of("gov.cn", ()) == standing_of("a.b.gov.cn", ()) == "official"
    assert standing_of("www.notgov.cn", ()) == standing_of("www.gov.cn.evil.com", ()) == "stranger"
    assert standing_of("10.0.0.1", ()) == standing_of("intranet", ()) == standing_of(None, ()) == "unknown"
    assert host_of("ftp://www.gov.cn/") is None


def test_a_page_made_to_be_slow_is_judged_in_time() -> None:
    began = time.process_time()
    for body, extra in (
        ("a" * 500_000, ""),
        ("值班", "<a href='http://x.cn/'>凯</a>" * 5_000),
        ("值班", "<a href='/'>" * 3_000),
    ):
        verdict(markup(body=body, extra=extra, title="-" * 100_000), body=body)
        check(open_page(markup(body=body, extra=extra).encode(), OFFICIAL))
    assert time.process_time() - began < 10


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=60), st.sampled_from([OFFICIAL, STRANGER, ""]))
def test_no_page_raises_and_a_clean_page_has_no_reasons(text: str, address: str, url: str) -> None:
    page = markup(
        title=text,
        head=f"<meta name=SiteDomain content='{address}'><base href='{address}'>",
        extra=f"<a href='http://{address}'>{text}",
    )
    found = verdict(page, url or address, title=text, body=text)
    assert (found.level == "clean") == (found.reasons == ())
