"""What a reader of official documents sees at a glance comes out, with offsets that lead back to the text."""

from __future__ import annotations

import json
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.outline import outline
from crawler.outline_nodes import chinese_number

REPORT = """各县（市、区）人民政府，市政府各部门、各直属机构：
2019年，我市持续推进简政放权，现将有关情况报告如下：
一、主要做法
（一）健全工作机制
1.压实责任。市政府成立专班，每月调度一次。
2、明确分工
（1）办公室负责协调
①日报制度
（二）优化服务流程。全年压减事项42项，其中许可12.5%。
二、存在问题
主要表现在:一是窗口人员不足；二是系统互通不够，办件超期；三是宣传不到位。
三、下一步打算
附件：1.任务清单
2.责任分工表
青川市行政审批服务局
2019年12月3日
（此件公开发布）
附件1
任务清单
一、总体要求
"""


def test_the_layers_of_gbt_9704_come_out_with_level_number_and_title() -> None:
    headings = [(n["level"], n["number"], n["title"], n["run_in"]) for n in outline(REPORT) if n["kind"] == "heading"]
    assert headings == [
        (1, 1, "主要做法", False),
        (2, 1, "健全工作机制", False),
        (3, 1, "压实责任", True),
        (3, 2, "明确分工", False),
        (4, 1, "办公室负责协调", False),
        (5, 1, "日报制度", False),
        (2, 2, "优化服务流程", True),
        (1, 2, "存在问题", False),
        (1, 3, "下一步打算", False),
        (1, 1, "总体要求", False),
    ]
    assert all(n["seq_ok"] for n in outline(REPORT))


def test_what_frames_the_document_is_told_apart_from_its_headings() -> None:
    frame = [(n["kind"], n["number"], n["title"]) for n in outline(REPORT) if n["kind"] not in {"heading", "item"}]
    assert frame == [
        ("salutation", None, "各县（市、区）人民政府，市政府各部门、各直属机构"),
        ("attachment", 1, "任务清单"),
        ("attachment", 2, "责任分工表"),
        ("signature", None, "青川市行政审批服务局"),
        ("date", None, "2019年12月3日"),
        ("note", None, "（此件公开发布）"),
        ("attachment", 1, ""),
    ]


def test_inline_members_are_items_with_their_own_extent() -> None:
    items = [n for n in outline(REPORT) if n["kind"] == "item"]
    assert [(n["number"], n["title"]) for n in items] == [
        (1, "窗口人员不足"),
        (2, "系统互通不够，办件超期"),
        (3, "宣传不到位"),
    ]
    assert REPORT[items[1]["start"] : items[1]["end"]] == "二是系统互通不够，办件超期；"  # type: ignore[misc]


def test_items_on_paragraphs_of_their_own_carry_the_row_on() -> None:
    nodes = outline("\u3000\u3000一是抓学习。全员轮训。\n\u3000\u3000二是抓督办。\n这二是个数字，三是另一回事。")
    assert [(n["kind"], n["number"]) for n in nodes] == [("item", 1), ("item", 2), ("item", 3)]


def test_a_number_out_of_its_row_is_kept_and_marked() -> None:
    assert [(n["number"], n["seq_ok"]) for n in outline("一、甲\n三、乙\n四、丙\n（二）丁")] == [
        (1, True),
        (3, False),
        (4, True),
        (2, False),
    ]


def test_decimals_dates_and_ordinals_never_open_a_heading() -> None:
    assert outline("12.4宪法日活动\n1.5亿元投入到位\n2021.3.4\n第一，加强领导\n1至11月完成投资") == ()


def test_a_heading_may_begin_with_a_year() -> None:
    assert [n["title"] for n in outline("一、2021年工作\n1.2021年完成情况\n2、2022年计划")] == [
        "2021年工作",
        "2021年完成情况",
        "2022年计划",
    ]


def test_long_numbered_prose_and_enumerations_are_items_not_headings() -> None:
    long = "1.申请人应当自收到通知之日起十五个工作日内，" + "向所在地县级以上主管部门提出书面申请并附具材料，" * 3
    nodes = outline(f"{long}\n2.身份证复印件；\n3.营业执照副本；")
    assert [(n["kind"], n["number"]) for n in nodes] == [("item", 1), ("item", 2), ("item", 3)]


def test_the_last_member_of_an_enumeration_is_an_item_like_those_before_it() -> None:
    nodes = outline("（一）营业执照；\n（二）法定代表人身份证明；\n（三）其他材料。\n（一）受理\n（二）审查")
    assert [n["kind"] for n in nodes] == ["item", "item", "item", "heading", "heading"]


def test_numbers_may_run_on_across_a_higher_heading() -> None:
    nodes = outline("一、甲\n（一）乙\n（二）丙\n二、丁\n（三）戊\n（五）己")
    assert [(n["number"], n["seq_ok"]) for n in nodes if n["level"] == 2] == [
        (1, True),
        (2, True),
        (3, True),
        (5, False),
    ]


def test_an_annex_may_be_announced_in_short() -> None:
    assert [(n["kind"], n["title"]) for n in outline("附：《青川市裁量基准》\n附 件：清单")] == [
        ("attachment", "《青川市裁量基准》"),
        ("attachment", "清单"),
    ]


def test_numerals_up_to_a_hundred_and_more_are_read() -> None:
    read = [
        chinese_number(numeral) for numeral in ("三", "十", "十一", "二十", "三十五", "一百零二", "１２", "⑫", "人")
    ]
    assert read == [3, 10, 11, 20, 35, 102, 12, 12, 0]


def test_rows_of_a_table_are_not_headings() -> None:
    assert outline("1.\t桥梁\t3座\n2.\t隧道\t1座") == ()


def test_a_run_in_heading_ends_before_its_stop() -> None:
    text = "\u3000\u3000（一）强化监管。开展检查30次。"
    (node,) = outline(text)
    assert text[node["start"] : node["end"]] == "（一）强化监管"  # type: ignore[misc]


def test_organ_and_date_may_share_a_line_and_be_stamped() -> None:
    assert [n["kind"] for n in outline("特此通告。\n河口县水利局（盖章） 二〇二一年三月二日")] == ["signature", "date"]


def test_a_person_signs_an_order() -> None:
    nodes = outline("现予公布，自2020年5月1日起施行。\n市\u3000长\u3000王某某\n局长：李 某\n2020年4月2日")
    assert ("signature", "局长：李 某") in [(n["kind"], n["title"]) for n in nodes]


def test_joint_issuers_all_sign() -> None:
    nodes = outline(
        "请遵照执行。\n白河市财政局\n国家税务总局白河市税务局\n2022年1月5日\n（联系人：赵某，电话：0000-1234567）"
    )
    assert [n["kind"] for n in nodes] == ["signature", "signature", "date", "note"]


def test_the_organ_and_the_date_inside_prose_sign_nothing() -> None:
    text = "市司法局\n2020年1月2日\n" + "各项工作有序推进，取得了明显成效，群众满意度持续提升。\n" * 12
    assert [n["kind"] for n in outline(text)] == ["date"]  # the date under a title, no signature


def test_a_colon_that_announces_is_no_salutation() -> None:
    assert outline("现将有关事项通知如下：\n请认真落实。") == ()


def test_the_numbering_starts_anew_in_an_annex() -> None:
    nodes = outline("一、甲\n二、乙\n附件2\n一、丙\n二、丁")
    assert [(n["kind"], n["number"], n["seq_ok"]) for n in nodes if n["kind"] == "heading"] == [
        ("heading", 1, True),
        ("heading", 2, True),
        ("heading", 1, True),
        ("heading", 2, True),
    ]


MARKERS = "一、 二、 （一） (三) 1. 2、 （1） ① 一是 二是 。 ； ： 附件 附件：1. 市局 （此件） 各区： 𠮷 ٣、 百"
PIECES = st.sampled_from([*MARKERS.split(" "), "2020年3月2日", "加强领导", "\n", "\t", "\u3000", "\u200b"])


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join)))
def test_no_text_raises_and_every_offset_leads_back(text: str) -> None:
    nodes = outline(text)
    json.dumps(nodes)
    for node in nodes:
        start, end, title = node["start"], node["end"], node["title"]
        assert isinstance(start, int)
        assert isinstance(end, int)
        assert 0 <= start <= end <= len(text)
        assert str(title) in text[start:end]
    starts = [node["start"] for node in nodes]
    assert starts == sorted(starts)  # type: ignore[type-var]


def test_a_huge_text_takes_time_in_proportion() -> None:
    """A hundred thousand characters of every marker there is, in one line and in many, end in seconds."""
    began = time.process_time()
    for text in (
        "一是" * 50_000,
        "附件1\n一、甲\n" * 12_000,
        "\u3000" * 200_000 + "一是",
        "附件：1.甲\n2.乙\n" * 12_000,
    ):
        outline(text)
    assert time.process_time() - began < 10
