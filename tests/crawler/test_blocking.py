"""What stands in for a page is told from the page, and a document is never taken for a stand-in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.blocking import Block, check
from crawler.page import Page, open_page

URL = "http://www.qinghe.gov.cn/zwgk/tzgg/202103/t20210302_1.html"
MENU = "".join(f'<a href="/c{n}/">栏目之{n}</a> ' for n in range(20))
PROSE = "市政务服务中心对窗口办理事项逐项梳理，压减材料、缩短时限，办事群众少跑腿，评价良好。" * 8


def page(markup: str, status: int = 200, **headers: str) -> Page:
    return open_page(markup.encode(), URL, status=status, headers=headers)


def reason(markup: str, status: int = 200, **known: int) -> str | None:
    block = check(page(markup, status), **known)
    return block.reason if block else None


CHALLENGES = [
    (
        412,
        "<html><head><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=1;</script></head></html>",
        "blocked:ruishu",
    ),
    (202, "<html><script>$_ts=window['$_ts'];</script><script src='/a1b2.js' r='m'></script></html>", "blocked:ruishu"),
    (400, "<script r='m'>var $_ts={}</script>", "blocked:ruishu"),
    (412, "<html><script src='/x.js'></script><body></body></html>", "blocked:ruishu"),
    (521, "<script>document.cookie='__jsl_clearance_s=1';location.href=location.pathname</script>", "blocked:jsl"),
    (512, "", "blocked:jsl"),
    (200, "<script>document.cookie=('__jsl_clearance=')+1;location.reload()</script>", "blocked:jsl"),
    (200, "<script>var c='C3VK=1f2e3d; path=/';document.cookie=c;window.location.reload()</script>", "blocked:c3vk"),
    (200, "<script>document.cookie='ab=1';location.reload(true)</script>", "blocked:cookie"),
    (200, "<html><script src='/.safeline/static/a.js'></script><div id='sl-box'></div></html>", "blocked:waf"),
    (200, "<script>self.location='/?security_verify_data=313238'</script>", "blocked:waf"),
    (200, "<title>拦截提示</title><p>您的请求带有不合法参数，已被网站管理员设置拦截！</p>", "blocked:waf"),
    (403, "<h1>网站防火墙</h1><p>您的请求可能存在威胁，已被拦截</p>", "blocked:waf"),
    (405, "<p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p>", "blocked:waf"),
    (418, "<html><body></body></html>", "blocked:http418"),
    (403, "<html><body><h1>403</h1></body></html>", "blocked:http403"),
    (200, "<title>安全验证</title><p>请完成安全验证后继续访问</p><input name=code>", "blocked:captcha"),
    (200, "<p>按住滑块，拖动到最右边</p>", "blocked:captcha"),
]


@pytest.mark.parametrize(("status", "markup", "wanted"), CHALLENGES)
def test_a_challenge_or_refusal_is_blocked_whatever_its_status(status: int, markup: str, wanted: str) -> None:
    block = check(page(markup, status))
    assert block is not None
    assert (block.kind, block.reason, block.reading) == ("blocked", wanted, "blocked")


STAND_INS = [
    (404, "<html><body>" + PROSE + "</body></html>", "gone:http404"),
    (410, "", "gone:http410"),
    (200, "<title>404</title><p>抱歉</p>", "gone:soft404"),
    (200, "<p>对不起，您访问的页面不存在！</p><a href='/'>返回首页</a>", "gone:soft404"),
    (200, "<div>该信息已被删除</div>", "gone:soft404"),
    (200, "<p>页面丢失，3秒后返回首页</p><script>location.href='/'</script>", "gone:soft404"),
    (200, "<h1>系统维护中</h1><p>给您带来不便，敬请谅解。</p>", "maintenance"),
    (200, "<p>网站正在升级改版，请稍后访问。</p>", "maintenance"),
    (503, "<p>Service temporarily unavailable</p>", "maintenance"),
    (502, "<h1>Bad Gateway</h1>", "error:http502"),
    (200, "", "empty:blank"),
    (200, "  \r\n ", "empty:blank"),
    (200, "<html><head><title>青禾市人民政府</title></head><body></body></html>", "empty:blank"),
    (200, "<div id='app'></div><script src='/static/app.js'></script>", "script_shell"),
]


@pytest.mark.parametrize(("status", "markup", "wanted"), STAND_INS)
def test_a_page_without_a_document_says_why(status: int, markup: str, wanted: str) -> None:
    block = check(page(markup, status))
    assert block is not None
    assert (block.reason, block.reading) == (wanted, "empty")


@pytest.mark.parametrize(
    ("markup", "target"),
    [
        ('<meta http-equiv="refresh" content="0;url=/zwgk/index.html">', "http://www.qinghe.gov.cn/zwgk/index.html"),
        ("<META HTTP-EQUIV=Refresh CONTENT='2; URL=../a.shtml'>正在跳转", "http://www.qinghe.gov.cn/zwgk/tzgg/a.shtml"),
        ("<script>window.location.href = 'http://www.example.cn/x';</script>", "http://www.example.cn/x"),
        ('<script>top.location.replace("t2.html")</script>', "http://www.qinghe.gov.cn/zwgk/tzgg/202103/t2.html"),
        ("<script>location='./t3.html'</script>", "http://www.qinghe.gov.cn/zwgk/tzgg/202103/t3.html"),
    ],
)
def test_a_redirect_shell_tells_where_it_leads(markup: str, target: str) -> None:
    assert check(page(markup)) == Block("redirect", "redirect_shell", check(page(markup)).evidence, target)  # type: ignore[union-attr]


def test_a_page_of_frames_tells_where_its_content_is() -> None:
    block = check(page("<frameset cols='20%,*'><frame src='tree.jsp'><frame src='list.jsp'></frameset>"))
    assert block is not None
    assert (block.reason, block.target) == ("frame_shell", "http://www.qinghe.gov.cn/zwgk/tzgg/202103/tree.jsp")


def test_a_soft_404_inside_the_whole_site_frame_is_gone() -> None:
    markup = f"<div>{MENU * 3}</div><div class=main><p>您访问的页面不存在或已删除</p></div><div>{MENU}</div>"
    assert reason(markup, body_chars=14) == "gone:soft404"


@pytest.mark.parametrize(
    "sentence",
    [
        "因系统维护中，窗口办理时间顺延",
        "抽查发现3个网站页面不存在或无法打开",
        "您访问的页面不存在",
        "请输入验证码后查询",
        "您的请求已被拦截",
        "网站正在升级改版",
        "404错误页面整改到位",
    ],
)
def test_a_document_that_speaks_of_it_is_not_it(sentence: str) -> None:
    """A report quotes the phrases in its body, as prose and on a line of their own."""
    for inner in (f"<p>{sentence}</p>", f"<p>{PROSE}{sentence}。</p>"):
        markup = f"<h1>青禾市2020年政府网站检查情况</h1><p>{PROSE}</p>{inner}<p>{PROSE}</p>"
        assert reason(markup, body_chars=len(PROSE) * 2) is None
        assert reason(markup) is None
        assert reason(markup.replace("<h1>", f"{MENU}<h1>")) is None


@pytest.mark.parametrize(
    "markup",
    [
        "<h1>关于网站系统维护的公告</h1><p>网站系统维护期间暂停服务，请相互转告。</p>",
        "<h1>停机公告</h1><p>发布日期：2021-03-02</p><p>平台正在升级。</p>",
        "<meta name=PubDate content='2021-03-02 09:00'><p>因机房搬迁，网站正在维护，请谅解。</p>",
        "<h1>关于公布部分文件内容不存在的通知</h1><p>详见附件</p>",
    ],
)
def test_a_short_notice_about_maintenance_is_a_notice(markup: str) -> None:
    assert reason(markup) is None
    assert reason(markup, body_chars=20) is None


def test_a_real_page_behind_a_protecting_product_is_read() -> None:
    markup = f"<script>$_ts={{}}</script><h1>年度报告</h1><p>{PROSE}</p>"
    assert reason(markup) is None
    assert reason(f"{markup}<input name=code placeholder=请输入验证码>", body_chars=200) is None
    assert reason(f"<script>$_ts={{}}</script>{MENU}", entries=20) is None


def test_a_page_of_one_picture_or_one_file_is_left_to_the_reader() -> None:
    assert reason("<h1>任免名单</h1><img src='P01.jpg'>", body_chars=0) is None
    assert (
        reason("<h1>部门预算</h1><a href='P01.pdf'>预算表.pdf</a><a href='P02.pdf'>决算表.pdf</a>", body_chars=0)
        is None
    )


def test_a_page_that_reloads_itself_now_and_then_is_no_redirect() -> None:
    assert reason(f'<meta http-equiv="refresh" content="300;url=/">{MENU}') is None


def test_short_texts_beside_scripts_and_links_are_counted_as_text() -> None:
    markup = (
        "<h1>公示</h1><script>count()</script><a style='display:none' href=x>甲</a><p>详<!-- x -->见附件三份材料</p>"
    )
    assert reason(markup, body_chars=11) is None


def test_a_script_for_telephones_does_not_make_a_redirect() -> None:
    search = "<script>function go(){location.href='/so?q='+q.value}</script>"
    assert reason(f"{search}<h1>关于公布权责清单的通知</h1><p>清单见附件</p>", body_chars=5) is None
    markup = f"<script>if(/Android/.test(navigator.userAgent))location.href='/m/'</script>{MENU}<p>{PROSE}</p>"
    assert reason(markup) is None


def test_text_in_scripts_and_hidden_nodes_is_not_what_the_page_says() -> None:
    markup = (
        f"<div style='display:none'>您访问的页面不存在</div><script>var t='系统维护中'</script>{MENU}<p>详见附件</p>"
    )
    assert reason(markup, body_chars=4) is None


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from([200, 202, 302, 403, 412, 503]), st.none() | st.integers(0, 500))
def test_no_answer_raises(body: str, status: int, chars: int | None) -> None:
    check(page(f"<meta http-equiv=refresh content='0;url=[{body}'><p>{body}", status), body_chars=chars)
    check(page(body, status, location=body), body_chars=chars)
