"""A run against its source's own past: what is usual raises nothing, what is not is told until somebody mended it."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive
from archive.answers import RunSummary
from tests.crawler.driven import crawl, expecting, on, source
from tests.serving import Answer, listing, notice

Answers = dict[str, Answer]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "a.db", write=True)


def day(n: int) -> str:
    """The day of publication of the n-th notice: one a week, up to the first of the crawls."""
    return f"2026-0{1 + n // 4}-{1 + 7 * (n % 4):02}"


def page(n: int, *, views: int = 0, folder: str = "art") -> Answer:
    text = notice(f"关于开展第{n}批行政执法案卷评查的通知", n=n, day=day(n), site_id="2101020031")
    return Answer(text.replace("来源：", f"浏览次数：{views} 来源："))


def site(*numbers: int, folder: str = "art") -> Answers:
    """A site with these notices, the newest first, on list pages of six."""
    rows = [(f"/{folder}/{n}.html", f"关于开展第{n}批行政执法案卷评查的通知") for n in sorted(numbers, reverse=True)]
    pages = [rows[i : i + 6] for i in range(0, len(rows), 6)] or [[]]
    paths = ["/tzgg/", *(f"/tzgg/index_{i}.html" for i in range(1, len(pages)))]
    lists = {
        path: Answer(listing(one, next_page=paths[i + 1] if i + 1 < len(pages) else None))
        for i, (path, one) in enumerate(zip(paths, pages, strict=True))
    }
    return lists | {f"/{folder}/{n}.html": page(n) for n in numbers}


def undated(answers: Answers) -> Answers:
    """The site after a redesign that shows no date where the reader looks for one."""

    def without(body: str) -> str:
        body = body.replace('name="PubDate"', 'name="x"').replace("发布日期：", "")
        return body.replace("2026-0", "第").replace("2021年3月", "")

    return {
        path: Answer(without(str(answer.body))) if path.startswith("/art/") else answer
        for path, answer in answers.items()
    }


def test_thirty_runs_without_a_change_are_quiet_and_only_a_long_silence_is_told(archive: Archive) -> None:
    runs, answers = [], site(*range(6))
    for n in range(31):
        with on(2 * n):
            runs.append(crawl(archive, source(), answers))
    assert [run.verdict for run in runs] == ["healthy", *["quiet"] * 30]
    # The last notice is of 8 February, one came every week: that is remarked from the middle of March on.
    told = [run.evidence for run in runs]
    assert told[:3] == [(), (), ()]
    assert told[-1] == ("nothing newer than 2026-02-08, 82 days ago; usual gap 7 days",)


def test_thirty_runs_of_a_site_that_lives_raise_nothing(archive: Archive) -> None:
    numbers, runs = set(range(6)), []
    for n in range(31):
        if n % 5 == 4:
            numbers.add(max(numbers) + 1)
        if n in {9, 23}:
            numbers.remove(min(numbers))  # off the list, and 404
        answers = site(*numbers)
        busy = sorted(numbers)[n % len(numbers)]
        answers[f"/art/{busy}.html"] = page(busy, views=100 + n)
        if n == 15:
            other = notice(f"关于第{busy}批评查结果的通报", n=busy + 40, site_id="2101020031")
            answers[f"/art/{busy}.html"] = Answer(other)
        with on(n):
            runs.append(crawl(archive, source(), answers))
    assert {run.verdict for run in runs} <= {"healthy", "quiet"}, [(run.verdict, run.evidence) for run in runs]
    with on(40):
        states = [one.state for one in archive.documents("qingling")]
    assert states.count("gone") == 2, "single pages that left are gone"


def test_a_redesign_is_told_by_every_run_until_the_reader_learns_it_or_a_person_accepts_it(archive: Archive) -> None:
    answers = site(*range(8))
    with on(0):
        assert crawl(archive, source(), answers).verdict == "healthy"
    for n in (7, 14):
        with on(n):
            run = crawl(archive, source(), undated(answers))
        assert run.verdict == "layout_changed", run.evidence
        assert any(one.startswith("published: 8 of 8") for one in run.evidence), run.evidence
    with on(21):
        accepted = crawl(archive, expecting(fields={"published": 0}), undated(answers))
    assert accepted.verdict == "quiet", accepted.evidence


def test_new_notices_that_lack_what_the_held_ones_say_are_told_too(archive: Archive) -> None:
    with on(0):
        crawl(archive, source(), site(*range(4)))
    answers = site(*range(9))
    redesigned = undated(answers)
    with on(7):
        run = crawl(archive, source(), answers | {f"/art/{n}.html": redesigned[f"/art/{n}.html"] for n in range(4, 9)})
    assert run.verdict == "layout_changed"
    assert any("0 of 5 new notices say it" in one for one in run.evidence), run.evidence


def test_one_new_notice_without_a_date_is_no_redesign(archive: Archive) -> None:
    with on(0):
        crawl(archive, source(), site(*range(4)))
    answers = site(*range(5))
    with on(7):
        run = crawl(archive, source(), answers | {"/art/4.html": undated(answers)["/art/4.html"]})
    assert run.verdict == "healthy", run.evidence


def test_half_a_site_that_stays_away_is_gone_after_a_fortnight_not_at_once(archive: Archive) -> None:
    answers = site(*range(8))
    away = {path: answer for path, answer in answers.items() if path not in {f"/art/{n}.html" for n in range(4)}}

    def gone() -> int:
        return sum(one.state == "gone" for one in archive.documents("qingling"))

    with on(0):
        crawl(archive, source(), answers)
    told = []
    for n in (7, 8, 14, 21):
        with on(n):
            told.append((crawl(archive, source(), away).verdict, gone()))
    assert told == [("layout_changed", 0), ("layout_changed", 0), ("layout_changed", 0), ("healthy", 4)]


def test_pages_that_come_back_were_never_gone(archive: Archive) -> None:
    answers = site(*range(8))
    with on(0):
        crawl(archive, source(), answers)
    with on(7):
        crawl(archive, source(), {path: one for path, one in answers.items() if not path.startswith("/art/")})
    with on(14):
        assert crawl(archive, source(), answers).verdict == "quiet"
    assert all(one.state == "present" for one in archive.documents("qingling"))


def test_a_site_that_changed_all_its_addresses_is_told_as_such(archive: Archive) -> None:
    with on(0):
        crawl(archive, source(), site(*range(8)))
    with on(7):
        run = crawl(archive, source(), site(*range(8)) | site(*range(8), folder="zwgk/content"))
    assert run.verdict == "layout_changed"
    assert any("held under other addresses" in one for one in run.evidence), run.evidence


def test_half_a_site_that_moved_is_told_though_its_old_addresses_left_the_list_too(archive: Archive) -> None:
    with on(0):
        crawl(archive, source(), site(*range(8)))
    moved = site(*range(4), folder="zwgk/content")
    rows = [(f"/art/{n}.html", f"第{n}批") for n in range(4, 8)] + [
        (f"/zwgk/content/{n}.html", f"第{n}批") for n in range(4)
    ]
    answers = site(*range(4, 8)) | moved | {"/tzgg/": Answer(listing(rows))}
    with on(7):
        run = crawl(archive, source(), answers)
    assert run.verdict == "layout_changed", run.evidence
    assert any("all at once" in one for one in run.evidence), run.evidence
    assert all(one.state == "present" for one in archive.documents("qingling"))


@pytest.mark.parametrize(
    ("there", "verdict"),
    [("http://www.kaixin88.example/", "identity_mismatch"), ("http://www.qingling.example/", "layout_changed")],
)
def test_a_list_that_leads_elsewhere_is_somebody_else_s_unless_the_name_is_the_same(
    archive: Archive, there: str, verdict: str
) -> None:
    with on(0):
        crawl(archive, source(), site(*range(4)))
    with on(7):
        run = crawl(archive, source(), {"/tzgg/": Answer("", 302, {"Location": there})})
    assert run.verdict == verdict, run.evidence
    assert any(there in one for one in run.evidence)


def named(answers: Answers, name: str, site_id: str = "") -> Answers:
    """The site as somebody else's: the same pages under another name, and another number or none."""

    def other(body: str) -> str:
        return body.replace("青岭区司法局", name).replace('content="2101020031"', f'content="{site_id}"')

    return {path: Answer(other(str(answer.body))) for path, answer in answers.items()}


def test_who_a_site_used_to_be_is_known_without_the_registry_s_word(archive: Archive) -> None:
    answers = site(*range(6))
    with on(0):
        assert crawl(archive, source(), named(answers, "青岭区司法局")).verdict == "healthy"
    with on(7):
        run = crawl(archive, source(), named(answers, "金色家园装饰公司"))
    assert run.verdict == "identity_mismatch", run.evidence
    assert any("site name 金色家园装饰公司, the held ones 青岭区司法局" in one for one in run.evidence), run.evidence


def test_a_longer_name_of_the_same_site_is_no_stranger(archive: Archive) -> None:
    answers = site(*range(6))
    with on(0):
        crawl(archive, source(), named(answers, "青岭区司法局"))
    with on(7):
        run = crawl(archive, source(), named(answers, "青岭区司法局门户网站"))
    assert run.verdict in {"healthy", "quiet"}, run.evidence


def test_a_page_that_was_never_readable_is_no_layout_change(archive: Archive) -> None:
    answers = site(*range(3)) | {f"/art/{n}.html": Answer("") for n in range(2)}
    with on(0):
        crawl(archive, source(), answers)
    with on(7):
        assert crawl(archive, source(), site(*range(3)) | {"/art/0.html": Answer("")}).verdict == "healthy"


def first(archive: Archive, **floors: object) -> RunSummary:
    with on(0):
        return crawl(archive, expecting(**floors), site(*range(4)))


@pytest.mark.parametrize(
    ("floors", "verdict", "sentence"),
    [
        ({"notices": 50}, "incomplete", "[expect] notices: expected 50 held at least, found 4"),
        ({"rows": 15}, "layout_changed", "[expect] rows: expected 15 entries at least"),
        ({"text": 5000}, "layout_changed", "[expect] text: expected a median of 5000 characters at least, found "),
        (
            {"fields": {"document_number": 0.9}},
            "layout_changed",
            "[expect] fields.document_number: expected 0.9 of the notices at least, found 0.00 (0 of 4)",
        ),
        ({"notices": 4, "rows": 4, "text": 50, "fields": {"published": 1.0}}, "healthy", None),
    ],
)
def test_a_floor_that_is_not_reached_is_told_in_the_first_run(
    archive: Archive, floors: dict[str, object], verdict: str, sentence: str | None
) -> None:
    run = first(archive, **floors)
    assert run.verdict == verdict, run.evidence
    assert sentence is None or any(one.startswith(sentence) for one in run.evidence), run.evidence
