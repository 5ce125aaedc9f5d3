"""Near-duplicates: copies of one text are linked, reports of one template are not, and a link is never a merge."""

from __future__ import annotations

import random
import re
import sqlite3
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import near
from archive.model import Record
from archive.wording import _names, particulars
from tests.archive.near_cases import COPIES, pairs


@pytest.fixture
def db() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    near.schema(connection)
    return connection


def test_copies_are_linked_and_templates_are_not_in_98_of_100_cases(db: sqlite3.Connection) -> None:
    cases = list(pairs(25, seed=7))
    for place, pair in enumerate(cases):
        near.add(db, 2 * place, pair.one)
        near.add(db, 2 * place + 1, pair.two)
    missed, wrong = Counter[str](), Counter[str]()
    for place, pair in enumerate(cases):
        linked = any(found.document == 2 * place + 1 for found in near.links(db, 2 * place))
        missed[pair.kind] += pair.same and not linked
        wrong[pair.kind] += linked and not pair.same
    positives = sum(pair.same for pair in cases)
    hits = positives - missed.total()
    assert hits / positives >= 0.98, missed
    assert hits / (hits + wrong.total()) >= 0.98, wrong


def appointments(rng: random.Random) -> str:
    """Who is to become what, on one form: other people and days of birth, the same sentences around them."""
    people = [
        f"{rng.choice('王李张刘陈杨赵黄')}{rng.choice(['建国', '志强', '丽华', '海燕', '文斌', '秀英'])}，"
        f"{rng.choice('男女')}，19{rng.randrange(65, 99)}年{rng.randrange(1, 13)}月生，现任"
        f"{rng.choice(['城关镇', '柳林乡', '石桥镇'])}{rng.choice(['副镇长', '党委委员'])}，拟任县司法局副局长。"
        for _ in range(8)
    ]
    form = "凡对公示内容有异议的，可在公示期内以书面形式向县委组织部反映，并提供真实姓名和联系方式；逾期不予受理。" * 3
    return "\n".join([*people, form, "中共阳信县委组织部", f"2023年{rng.randrange(1, 13)}月{rng.randrange(1, 28)}日"])


def test_one_form_filled_in_about_other_people_is_not_near(db: sqlite3.Connection) -> None:
    rng = random.Random(11)
    for document in range(40):
        found = near.add(db, document, Record(url="http://a.example/", title="干部任前公示", text=appointments(rng)))
        assert found == []


def test_the_frame_a_copy_kept_around_the_text_is_no_wording() -> None:
    text = appointments(random.Random(1))
    framed = f"当前位置：首页 > 公示\n发布时间：2023-05-06 浏览次数：132\n{text}\n【打印】【关闭】\n上一篇：值班"
    one, two = (particulars(Record(url="http://a.example/", text=one)) for one in (text, framed))
    assert (one.shingles, one.numbers) == (two.shingles, two.numbers)


@pytest.mark.parametrize("kind", COPIES)
def test_a_link_is_seen_from_both_documents_with_its_similarity(db: sqlite3.Connection, kind: str) -> None:
    pair = next(pair for pair in pairs(1, seed=3) if pair.kind == kind)
    assert near.add(db, 1, pair.one) == []
    [found] = near.add(db, 2, pair.two)
    assert found.document == 1
    assert 0.5 < found.similarity <= 1
    assert near.links(db, 2) == [found]
    assert near.links(db, 1) == [near.Near(2, found.similarity)]


def test_a_document_that_changed_is_signed_again_and_one_removed_is_forgotten(db: sqlite3.Connection) -> None:
    same, other = (pair for pair in pairs(1, seed=5) if pair.kind in {"changed date", "other text"})
    near.add(db, 1, same.one)
    near.add(db, 2, same.two)
    assert near.add(db, 2, other.two) == []
    assert near.links(db, 1) == []
    near.add(db, 2, same.two)
    near.remove(db, 1)
    assert near.links(db, 2) == []
    assert db.execute("SELECT count(*) FROM near_band WHERE document = 1").fetchone() == (0,)


def test_a_text_that_says_almost_nothing_is_a_copy_of_nothing(db: sqlite3.Connection) -> None:
    for document, text in enumerate([None, "", "详见附件。", "详见附件。"]):
        assert near.add(db, document, Record(url="http://www.source.example/a.html", title="公告", text=text)) == []


def test_adding_a_document_costs_the_same_among_hundreds_and_among_thousands(db: sqlite3.Connection) -> None:
    rng = random.Random(1)

    def record() -> Record:
        return Record(
            url="http://www.source.example/a.html", text="".join(chr(rng.randrange(0x4E00, 0x6000)) for _ in range(150))
        )

    def steps(documents: range) -> float:
        """Instructions of SQLite's virtual machine per document, which no busy machine disturbs."""
        ticks = 0

        def tick() -> int:
            nonlocal ticks
            ticks += 1
            return 0

        db.set_progress_handler(tick, 10)
        for document in documents:
            near.add(db, document, record())
        db.set_progress_handler(None, 0)
        return ticks / len(documents)

    early = steps(range(200, 300))
    for document in range(300, 4000):
        near.add(db, document, record())
    assert steps(range(4000, 4100)) < 1.3 * early


def test_links_are_read_where_the_signing_library_is_not_installed(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = next(pairs(1, seed=9))
    near.add(db, 1, pair.one)
    near.add(db, 2, pair.two)
    monkeypatch.setitem(sys.modules, "rensa", None)
    assert [found.document for found in near.links(db, 1)] == [2]


# The rule as one expression, which is looked for at every character: right, and four times slower.
PLAIN_NAME = re.compile(
    r"(?=([\u4e00-\u9fff]{2})(?:经济|技术|高新|高技术|高|产业|工业|开发|示范|试验|旅游|度假|保税|自治|人民|新){0,6}"
    r"[省市区县旗州盟镇乡村府局厅委办室处院署部会司所站队])"
)
WORDS = ["安平", "火", "炬", "a", "1", "区", "局", "县", "经济", "技术", "高新", "高", "开发", "人民", "新", "自治"]


@given(st.lists(st.sampled_from(WORDS), max_size=30).map("".join))
def test_names_found_from_their_end_are_those_the_plain_rule_finds(wording: str) -> None:
    assert Counter(_names(wording)) == Counter(PLAIN_NAME.findall(wording))
