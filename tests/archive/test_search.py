"""Search finds every substring and nothing else, in any spelling of width, case and script; the right hit is first."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import index, search
from archive.folding import sequence
from archive.index import Entry
from archive.model import Record
from archive.query import QueryError
from tests.archive.near_cases import pairs

Fill = Callable[..., sqlite3.Connection]


def connect() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    index.schema(db)
    return db


def entry(document: int, text: str | None = None, **fields: object) -> Entry:
    source = fields.pop("source", "anping")
    hosts = fields.pop("hosts", ("www.anping.example",))
    record = replace(Record(url="http://www.anping.example/a.html", text=text), **fields)  # type: ignore[arg-type]
    return Entry(document, record, source=str(source), hosts=hosts)  # type: ignore[arg-type]


def filled(entries: Iterable[Entry]) -> sqlite3.Connection:
    db = connect()
    index.index(db, entries)
    return db


def found(db: sqlite3.Connection, query: str) -> set[int]:
    answer = search.find(db, query, limit=None)
    assert answer.total == len(answer.documents) == len(set(answer.documents))
    return set(answer.documents)


def refusal(db: sqlite3.Connection, query: str) -> str:
    """What search says instead of results; empty when there are results, be they none."""
    try:
        search.find(db, query)
    except QueryError as error:
        return str(error)
    return ""


@pytest.fixture(scope="module")
def reports() -> Iterator[tuple[sqlite3.Connection, dict[int, str]]]:
    """Some hundred made-up reports, and their text as plain SQL sees it."""
    records = [record for pair in pairs(8, seed=11) for record in (pair.one, pair.two)]
    db = filled(Entry(document, record) for document, record in enumerate(records))
    db.execute("CREATE TABLE plain (document INTEGER PRIMARY KEY, folded TEXT)")
    texts = {
        document: f"{sequence(record.title or '')}\n{sequence(record.text or '')}"
        for document, record in enumerate(records)
    }
    db.executemany("INSERT INTO plain VALUES (?, ?)", texts.items())
    yield db, texts
    db.close()


def like(db: sqlite3.Connection, term: str) -> set[int]:
    rows = db.execute("SELECT document FROM plain WHERE instr(folded, ?)", [sequence(term)])
    return {row[0] for row in rows}


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 8, 20])
def test_every_substring_is_found_exactly_where_a_scan_finds_it(
    reports: tuple[sqlite3.Connection, dict[int, str]], length: int
) -> None:
    db, texts = reports
    rng = random.Random(length)
    terms = set()
    while len(terms) < 40:
        text = texts[rng.choice(list(texts))]
        start = rng.randrange(len(text) - length)
        term = text[start : start + length]
        if not any(character.isspace() for character in term):
            terms.add(term)
    assert {term: found(db, term) for term in terms} == {term: like(db, term) for term in terms}


def test_a_phrase_the_index_counts_by_one_token_is_found_like_any_other(
    reports: tuple[sqlite3.Connection, dict[int, str]],
) -> None:
    db, _ = reports
    listed = [word for word in sorted(index.words(db)) if like(db, word)]
    assert len(listed) > 5
    assert {word: found(db, word) for word in listed} == {word: like(db, word) for word in listed}


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet="法治政府 依，。()（）\"“”'*:-+^AaＡ12０\n\t\u3000\u200b發发😀é", min_size=1, max_size=30),
    st.data(),
)
def test_a_term_in_quotes_is_found_in_any_text_that_holds_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    term = text[start : data.draw(st.integers(start + 1, len(text)))]
    if not sequence(term) or '" ' in term + " " or "”" in term or '"' in term:
        return
    assert found(filled([entry(1, text)]), f'"{term}"') == {1}


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("國務院辦公廳關於徵收補償的決定", "国务院办公厅关于征收补偿的决定"),
        ("国务院办公厅", "國務院辦公廳"),
        ("手机ＡＰＰ办理", "app"),
        ("共１２件", "12件"),
        ("依法行政（试行）", "(试行)"),
        ("“放管服”改革", '"放管服"改革'),
        ("依\u200b法行政", "依法"),
        ("⽂化⼯作", "文化工作"),
        ("国办发〔2024〕12号", "国办发[2024]12号"),
        ("（一）加强组织领导", "（一）加强"),
        ("比值a:b为3", "a:b"),
        ("互联网+监管", "互联网+"),
        ("第三章", "章"),
        ("x", "X"),
    ],
)
def test_spellings_find_each_other(text: str, query: str) -> None:
    assert found(filled([entry(1, text), entry(2, "别的内容")]), query) == {1}


def test_words_of_two_paragraphs_or_of_title_and_text_are_not_one_term() -> None:
    db = filled([entry(1, "坚持依法\n行政公开", title="关于法"), entry(2, "治理")])
    assert found(db, "法行") == set()
    assert found(db, "法坚") == set()
    assert found(db, '"依法 行政"') == {1}


DOCUMENTS = [
    entry(
        1,
        "推进依法行政",
        title="安平县法治政府建设报告",
        issuer="安平县司法局",
        report_year=2021,
        published="2022-01-15",
    ),
    entry(
        2,
        "优化营商环境",
        title="怀远县法治政府建设报告",
        issuer="怀远县人民政府",
        report_year=2020,
        published="2021-03-04T10:00:00+08:00",
        source="huaiyuan",
        hosts=("www.huaiyuan.example", "m.huaiyuan.example"),
    ),
    entry(
        3, "依法公开，优化服务", title="关于印发要点的通知", document_number="安政办发〔2021〕7号", written="2021-05-06"
    ),
    entry(4, "推进依法行政", title="安平县法治政府建设报告-某平台", integrity="cloned", published="2022-02"),
]


@pytest.mark.parametrize(
    ("query", "documents"),
    [
        ("依法 优化", {3}),
        ("依法 AND 优化", {3}),
        ("营商环境 OR 公开", {2, 3}),
        ("依法 NOT 公开", {1, 4}),
        ("NOT 依法", {2}),
        ("(营商 OR 公开) NOT 服务", {2}),
        ("依法 (营商 OR 公开)", {3}),
        ("title:法治 NOT integrity:cloned", {1, 2}),
        ("title:依法", set()),
        ("text:法治", set()),
        ("issuer:司法局", {1}),
        ("title:(要点 OR 怀远县)", {2, 3}),
        ("year:2021", {1}),
        ("year:2019..2020", {2}),
        ("published:2021-03", {2}),
        ("published:2021-03-04", {2}),
        ("published:2021-03-05..2022-01", {1}),
        ("published:2022", {1, 4}),
        ("published:2022-02", {4}),
        ("published:..2021", {2}),
        ("written:2021-05-01..2021-05-06", {3}),
        ("source:huaiyuan", {2}),
        ("site:huaiyuan.example", {2}),
        ("site:example", {1, 2, 3, 4}),
        ("site:yuan.example", set()),
        ("integrity:cloned", {4}),
        ("document_number:安政办发〔2021〕7号", {3}),
        ("number:安政办发(2021)第7號", {3}),
        ("安政办发[2021]7号", {3}),
        ("document_number:安政办发〔2021〕", {3}),
        ("安政办发〔2021〕1号", set()),
        ("ISSUER：司法局", {1}),
        ("“依法行政”", {1, 4}),
    ],
)
def test_operators_and_fields(query: str, documents: set[int]) -> None:
    assert found(filled(DOCUMENTS), query) == documents


ODD = [
    *['"', "*", "^", "\x00", "😀", "", "   ", "\\", "％", "\ud800", "\u200b", "␣", "ａ", "ｔ法治", "ｆyear=2021"],
    *[
        "NEAR(",
        "NEAR(a b, 3)",
        "a:b",
        "{text}: a",
        "text : a",
        "-a",
        "+a",
        '"a" + "b"',
        "a\nb",
        "'; DROP TABLE search; --",
    ],
    *["AND", "OR OR", "NOT", "a AND", "NOT NOT NOT a", "NOT " * 200 + "a"],
    *["(((", ")))", "()", "( )", "(a", "(a b) " * 100, "(" * 400 + "a b" + ") " * 300],
    *["title:", "title::", "title:title:a", "year:x", "year:2021..2019", "published:2021-13", "published:2021-02-30"],
    *["published:..", "integrity:good", "法" * 100_000, "a " * 400],
]


@pytest.mark.parametrize("query", ODD, ids=range(len(ODD)))
def test_an_odd_query_gives_results_or_one_line(query: str) -> None:
    db = filled(DOCUMENTS)
    assert refusal(db, query).count("\n") == 0


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="法 ()（）\"“”*:ANDORT.^'-_titlexyear2021\x00\ud800␣ａ", max_size=40) | st.text(max_size=40))
def test_no_query_whatever_raises_anything_else(query: str) -> None:
    assert refusal(_SHARED, query).count("\n") == 0


_SHARED = filled(DOCUMENTS)


def test_titles_come_before_texts_and_clones_last() -> None:
    db = filled(
        [
            entry(1, "行政复议", published="2024-01-01"),
            entry(2, "本年度办理情况", title="行政复议年报", published="2019-01-01"),
            entry(3, "行政复议" * 9, title="行政复议", integrity="cloned", published="2024-02-02"),
        ]
    )
    assert search.find(db, "行政复议").documents == (2, 1, 3)


@pytest.mark.parametrize("ranked", [0, 1000])
def test_pages_follow_each_other_without_gap_or_repeat_in_either_order(
    monkeypatch: pytest.MonkeyPatch, ranked: int
) -> None:
    monkeypatch.setattr(search, "RANKED", ranked)
    rng = random.Random(3)
    db = filled(
        entry(
            number,
            "推进依法行政" + "工作" * rng.randrange(9),
            title=rng.choice(["依法行政报告", "通知"]),
            integrity=rng.choice(["clean", "clean", "clean", "suspect"]),
            published=rng.choice([None, f"20{rng.randrange(10, 24)}-03-{rng.randrange(1, 29):02d}"]),
        )
        for number in range(1, 120)
    )
    for query in ["依法行政", "政", "依法 NOT 通知", "published:2010..2030"]:
        whole = search.find(db, query, limit=None)
        pages = [search.find(db, query, limit=7, offset=start).documents for start in range(0, whole.total + 7, 7)]
        assert tuple(one for page in pages for one in page) == whole.documents
        assert len(set(whole.documents)) == whole.total


def test_among_many_hits_the_newest_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "RANKED", 0)
    days = {1: "2019-05-01", 2: "2024-01-01T08:30:00+08:00", 3: None, 4: "2021-12-31", 5: "1998-07-01"}
    db = filled(entry(number, "依法行政", published=day) for number, day in days.items())
    assert search.find(db, "依法行政").documents == (2, 4, 1, 5, 3)


def test_a_day_with_more_documents_than_places_overflows_and_loses_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "DAY_SLOTS", 4)
    db = filled(entry(number, "依法行政", published="2021-12-31") for number in range(30))
    assert found(db, "依法") == set(range(30))


def test_a_document_taken_out_is_found_no_more_and_the_index_stays_sound() -> None:
    db = filled(DOCUMENTS)
    index.unindex(db, [DOCUMENTS[0], entry(99, "从未入库")])
    changed = replace(DOCUMENTS[1], record=replace(DOCUMENTS[1].record, text="改为公开透明"))
    index.unindex(db, [DOCUMENTS[1]])
    index.index(db, [changed])
    assert found(db, "推进") == {4}
    assert found(db, "营商") == set()
    assert found(db, "透明") == {2}
    db.execute("INSERT INTO search (search) VALUES ('integrity-check')")


def test_taking_out_other_words_than_were_put_in_is_refused() -> None:
    db = filled(DOCUMENTS)
    other = replace(DOCUMENTS[0], record=replace(DOCUMENTS[0].record, text="另一段文字"))
    with pytest.raises(index.IndexMismatchError, match="reindex"):
        index.unindex(db, [other])
    assert found(db, "推进") == {1, 4}


def test_after_a_takedown_and_compaction_no_pair_of_the_text_is_left_in_the_file() -> None:
    db = filled([entry(1, "某甲之隐私"), entry(2, "公开内容")])
    index.unindex(db, [entry(1, "某甲之隐私")])
    index.compact(db)
    blocks = b"".join(bytes(row[0]) for row in db.execute("SELECT block FROM search_data"))
    assert "隐私".encode() not in blocks
    assert "公开".encode() in blocks


def test_the_index_is_the_same_whether_built_at_once_or_one_by_one() -> None:
    db = connect()
    for one in DOCUMENTS:
        index.index(db, [one])
    index.clear(db)
    index.index(db, DOCUMENTS)
    assert found(db, "依法") == found(filled(DOCUMENTS), "依法")


def test_plain_sql_can_ask_the_index_without_this_code() -> None:
    rows = filled(DOCUMENTS).execute(
        "SELECT document FROM search JOIN search_document ON place = search.rowid WHERE search MATCH ?",
        ['"依法 法行 行政"'],
    )
    assert {row[0] for row in rows} == {1, 4}
