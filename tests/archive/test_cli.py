"""The command line: what programs parse, what people read, and one line with a documented exit code for the rest."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace as with_changes
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.cli import run
from archive.display import width
from archive.export import write_csv
from archive.model import Attachment, Visit
from archive.records import document_key
from tests.archive.made import RECORD, SOURCE, URL, another_text, day, read

ROOT = Path(__file__).parents[2]
MIRROR = "http://mirror.qingshi.example/news/88.html"
ID = document_key(URL)


@dataclass
class Said:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Ask = Callable[..., Said]


@pytest.fixture
def held(path: Path) -> Path:
    """An archive of two documents, one with a copy and an edit, one with a formula for a title."""
    with Archive(path, write=True) as archive:
        first = archive.start_run(SOURCE)
        read(archive, first, RECORD, n=0)
        read(archive, first, RECORD, n=1, url=MIRROR)
        formula = with_changes(RECORD, url="http://www.qingshi.example/2.html", title='=HYPERLINK("http://x")')
        read(
            archive,
            first,
            formula,
            n=1,
            text=another_text("档案"),
            attachments=(Attachment("http://a.example/a.pdf", "附件"),),
        )
        archive.finish_run(first, requests=4, verdict="healthy")
        second = archive.start_run(SOURCE)
        read(archive, second, RECORD, n=2, text=str(RECORD.text).replace("4120", "4210"))
        archive.save(second, Visit("http://www.qingshi.example/3.html", "notice", "failed", reason="timeout"))
        archive.finish_run(second, requests=2, verdict="quiet")
    return path


@pytest.fixture
def ask(held: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    def asking(*arguments: str) -> Said:
        code = run([*arguments, "--archive", str(held)])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return asking


def test_search_json_has_the_promised_keys(ask: Ask) -> None:
    said = ask("search", "行政复议", "--json")
    assert said.code == 0
    assert said.json["total"] == 1
    (hit,) = said.json["hits"]
    assert set(hit) == {"id", "url", "title", "issuer", "published", "source", "snippet"}
    assert (hit["id"], hit["url"], hit["source"]) == (ID, URL, SOURCE)
    assert "【行政复议】" in hit["snippet"]


def test_search_pages_through_and_zero_is_all(ask: Ask) -> None:
    everything = ask("search", "组织 OR 报告", "--json", "--limit", "0").json
    assert (everything["total"], len(everything["hits"])) == (2, 2)
    second = ask("search", "组织 OR 报告", "--json", "--limit", "1", "--offset", "1").json
    assert (second["total"], second["hits"]) == (2, everything["hits"][1:])


def test_search_finds_what_an_edit_says_now_not_what_it_said(ask: Ask) -> None:
    assert ask("search", "4210", "--json").json["total"] == 1
    assert ask("search", "4120", "--json").json["total"] == 0


def test_search_for_people_fits_eighty_columns_and_counts_on_stderr(ask: Ask) -> None:
    said = ask("search", "法治")
    assert max(width(line) for line in said.out.splitlines()) <= 80
    assert said.err == "1 hit\n"
    nothing = ask("search", "没有这样的词")
    assert (nothing.code, nothing.out, nothing.err) == (0, "", "0 hits\n")


def test_show_tells_metadata_versions_and_where_the_bytes_are(ask: Ask) -> None:
    said = ask("show", ID)
    assert said.code == 0
    for part in (
        "青石区2021年法治政府建设年度报告",
        URL,
        MIRROR,
        "发布日期",
        "2022-01-18",
        "2 versions",
        "Payload",
    ):
        assert part in said.out
    lines = said.out.splitlines()
    assert max(width(line) for line in lines if not line.startswith("  tail ")) <= 80
    command = next(line for line in lines if line.startswith("  tail "))
    record = subprocess.run(["sh", "-c", command], capture_output=True, check=True).stdout
    digest = next(line for line in lines if line.startswith("  sha256 ")).split()[-1]
    assert hashlib.sha256(record.split(b"\r\n\r\n", 2)[2][:-4]).hexdigest() == digest


def test_show_of_a_time_tells_what_it_said_then(ask: Ask) -> None:
    assert "4120" in ask("show", f"{ID}@20260102T000000Z").out
    assert "4210" in ask("show", f"{ID}@20260401T000000Z").out
    early = ask("show", f"{ID}@20250101T000000Z")
    assert (early.code, early.err.count("\n")) == (1, 1)


def test_show_json_is_the_record_and_all_about_it(ask: Ask) -> None:
    told = ask("show", ID, "--json").json
    assert told["title"] == RECORD.title
    assert [one["url"] for one in told["appearances"]] == [URL, MIRROR]
    assert [one["cause"] for one in told["versions"] if one["url"] == URL] == ["publisher", "publisher"]
    assert {one["sha256"] for one in told["captures"]}


def test_history_tells_visits_and_captures(ask: Ask) -> None:
    told = ask("history", URL, "--json").json
    assert [one["state"] for one in told["visits"]] == ["new", "changed"]
    assert [one["fetched"] for one in told["captures"]] == [day(0), day(2)]
    assert "changed" in ask("history", URL + "#top").out, "any spelling of the URL will do"


def test_runs_json_adds_up(ask: Ask) -> None:
    second, first = ask("runs", "--json").json
    assert {"id", "source", "started", "finished", "verdict", "requests", "counts"} <= set(first)
    assert (first["counts"], first["verdict"], first["requests"]) == ({"duplicate": 1, "new": 2}, "healthy", 4)
    assert (second["counts"], second["verdict"]) == ({"changed": 1, "failed": 1}, "quiet")
    assert ask("runs", "--source", "nobody", "--json").json == []
    assert "healthy" in ask("runs").out


def test_stats_count(ask: Ask) -> None:
    told = ask("stats", "--json").json
    assert (told["documents"], told["appearances"], told["captures"], told["years"]) == (2, 3, 4, {"2021": 2})
    assert ask("stats").out.startswith("documents")
    parts = ask("stats", "--bytes", "--json").json["parts"]
    assert sum(parts.values()) == told["database_bytes"] + told["segment_bytes"], "the parts make up the whole"
    assert ask("stats", "--bytes").out.startswith("part")


def test_export_jsonl_is_one_record_a_line(ask: Ask) -> None:
    rows = [json.loads(line) for line in ask("export", "--format", "jsonl").out.splitlines()]
    assert [row["id"] for row in rows] == [ID, document_key("http://www.qingshi.example/2.html")]
    assert (rows[0]["url"], rows[0]["title"], rows[0]["source"]) == (URL, RECORD.title, SOURCE)
    assert (rows[0]["appearances"], rows[0]["versions"]) == ([URL, MIRROR], 2)
    assert (rows[0]["first_seen"], rows[0]["last_seen"]) == (day(0), day(2))
    assert "4210" in rows[0]["text"]


def test_export_csv_runs_no_formula_in_a_spreadsheet(ask: Ask) -> None:
    said = ask("export", "--format", "csv", "--bom")
    assert said.out.startswith("\ufeffid,")
    rows = list(csv.DictReader(io.StringIO(said.out[1:], newline="")))
    assert rows[1]["title"] == '\'=HYPERLINK("http://x")'
    assert rows[1]["attachments"] == "附件 http://a.example/a.pdf"
    assert rows[0]["appearances"].splitlines() == [URL, MIRROR]
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_of_a_csv_starts_like_a_formula_in_any_language(mark: str, held: Path) -> None:
    with Archive(held) as archive:
        (first, *_) = archive.documents()
    out = io.StringIO(newline="")
    write_csv([with_changes(first, record=with_changes(first.record, title=f"{mark}1+1"))], out)
    (row,) = csv.DictReader(io.StringIO(out.getvalue(), newline=""))
    assert row["title"] == f"'{mark}1+1"


def test_export_parquet_holds_the_rows_of_the_other_formats(ask: Ask, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the optional extra `parquet`")
    target = tmp_path / "announcements.parquet"
    said = ask("export", "--format", "parquet", "--output", str(target))
    assert (said.code, said.err) == (0, f"{target}: 2 announcements\n")
    rows = parquet.read_table(target).to_pylist()
    expected = [json.loads(line) for line in ask("export").out.splitlines()]
    assert rows == [{name: one[name] for name in rows[0]} for one in expected]
    assert rows[0]["appearances"] == [URL, MIRROR]
    assert rows[0]["report_year"] == 2021


def test_parquet_without_pyarrow_or_without_a_file_is_told_in_one_line(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask("export", "--format", "parquet").code == 2
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    said = ask("export", "--format", "parquet", "--output", str(tmp_path / "x.parquet"))
    assert said.code == 3
    assert said.err == "gongbao: Parquet needs pyarrow, which is not installed; run: pip install 'gongbao[parquet]'\n"


def test_parquet_that_cannot_be_written_is_told(ask: Ask, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    said = ask("export", "--format", "parquet", "--output", str(tmp_path / "nowhere" / "x.parquet"))
    assert said.code == 3
    assert said.err.count("\n") == 1
    assert "x.parquet: cannot be written" in said.err


def test_verify_is_clean_then_finds_one_flipped_bit(ask: Ask, held: Path) -> None:
    said = ask("verify")
    assert (said.code, said.out.startswith("clean: 4 captures")) == (0, True)
    assert ask("verify", ID).code == 0
    place = ask("history", URL, "--json").json["captures"][0]
    segment = held.with_name("archive.db.warc") / place["segment"]
    blob = bytearray(segment.read_bytes())
    blob[place["offset"] + place["length"] - 30] ^= 1
    segment.write_bytes(blob)
    broken = ask("verify", "--json")
    assert (broken.code, broken.json["ok"]) == (1, False)
    assert URL in broken.json["problems"][0]
    assert ask("verify", ID).code == 1


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["search", ""], 2, "the query is empty"),
        (["search", "   "], 2, "the query is empty"),
        (["search", "year:soon"], 2, "year"),
        (["search", "法治", "--limit", "-1"], 2, "--limit"),
        (["search", "法治", "--limit", "many"], 2, "--limit"),
        (["search"], 2, "Missing argument"),
        (["frobnicate"], 2, "No such command"),
        (["show", "000000000000"], 1, "no announcement 000000000000"),
        (["show", "\x1b[31m'; DROP TABLE page"], 1, "no announcement"),
        (["history", "http://never.example/"], 1, "was never met"),
        (["verify", "000000000000"], 1, "no document"),
        (["export", "--format", "xlsx"], 2, "xlsx"),
    ],
)
def test_bad_questions_get_one_line_and_a_documented_code(ask: Ask, arguments: list[str], code: int, says: str) -> None:
    said = ask(*arguments)
    assert (said.code, said.out) == (code, "")
    assert said.err.startswith("gongbao: ")
    assert said.err.count("\n") == 1
    assert says in said.err
    assert "\x1b" not in said.err


@pytest.mark.parametrize(
    "command", [["search", "法治"], ["show", ID], ["runs"], ["stats"], ["export"], ["verify"], ["history", URL]]
)
@pytest.mark.parametrize("damage", ["missing", "rubbish", "newer", "empty"])
def test_every_command_tells_an_archive_it_cannot_open(
    tmp_path: Path, command: list[str], damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "archive.db"
    if damage == "rubbish":
        path.write_text("no database " * 200)
    elif damage == "empty":
        path.touch()
    elif damage == "newer":
        with Archive(path, write=True) as archive, archive.db.conn:
            archive.db.conn.execute("INSERT INTO _sqlite_migrations VALUES (99, 'archive', 'm9999_later', '')")
    assert run(["--archive", str(path), *command]) == 3
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n"), said.err.startswith(f"gongbao: {path}: ")) == ("", 1, True)


def test_the_archive_is_found_by_option_then_environment_then_default(
    held: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(held.parent)
    monkeypatch.delenv("GONGBAO_ARCHIVE", raising=False)
    assert run(["runs"]) == 3
    assert "data/archive.db: no archive there" in capsys.readouterr().err
    monkeypatch.setenv("GONGBAO_ARCHIVE", str(held))
    assert run(["runs"]) == 0
    monkeypatch.setenv("GONGBAO_ARCHIVE", "/nowhere.db")
    assert run(["--archive", str(held), "runs"]) == run(["runs", "--archive", str(held)]) == 0
    assert run(["--archive", "/nowhere.db", "runs", "--archive", str(held)]) == 0


def test_help_tells_the_exit_codes_and_every_command_has_an_example_or_a_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["--help"]) == 0
    told = capsys.readouterr().out
    for code in (0, 1, 2, 3, 130, 141):
        assert re.search(rf"^ +{code} +\S", told, re.MULTILINE)
    from archive.cli import gongbao

    for name, command in gongbao.commands.items():
        assert name in told
        assert command.help
        assert run([name, "--help"]) == 0


def test_python_m_archive_is_the_same_command(held: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "archive", "runs", "--json", "--archive", str(held)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    assert len(json.loads(done.stdout)) == 2


def test_a_reader_that_stops_reading_is_no_error(held: Path) -> None:
    command = f"{sys.executable} -m archive export --archive {held} | head -c 20; exit $(( ${{PIPESTATUS[0]}} ))"
    with Archive(held, write=True) as archive:
        run_id = archive.start_run(SOURCE)
        for n in range(30):
            text = another_text(f"第{n}事") * 20
            read(archive, run_id, RECORD, url=f"http://www.qingshi.example/long/{n}.html", text=text)
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (141, "")


def test_ctrl_c_ends_with_one_line(held: Path) -> None:
    code = "import archive.console as c, time, archive.cli\nc.open_archive = None\n"
    code += "import archive.cli_read as r\nr.open_archive = lambda p: (print('ready', flush=True), time.sleep(30))\n"
    code += f"import sys; sys.exit(archive.cli.run(['runs', '--archive', {str(held)!r}]))"
    child = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    time.sleep(0.1)
    os.kill(child.pid, signal.SIGINT)
    _, err = child.communicate(timeout=30)
    assert (child.returncode, err.splitlines()[-1]) == (130, "gongbao: interrupted")
    assert "Traceback" not in err


def test_search_works_while_a_crawl_is_writing_and_within_a_second(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Archive(path, write=True) as archive:
        run_id = archive.start_run(SOURCE)
        for n in range(5):
            read(archive, run_id, RECORD, url=f"http://www.qingshi.example/{n}.html", text=another_text(f"第{n}事"))
        deadline = time.monotonic() + 5  # the promise is one second; a busy machine may be slower
        while time.monotonic() < deadline:
            assert run(["search", "解释", "--json", "--archive", str(path)]) == 0
            if json.loads(capsys.readouterr().out)["total"] == 5:
                break
            time.sleep(0.1)
        else:
            pytest.fail("what was saved is not found")


def test_a_page_cannot_send_escape_sequences_to_the_terminal(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Archive(path, write=True) as archive:
        title, text = "\x1b]0;x\x07题", "\x1b[2J法治" + str(RECORD.text)
        read(archive, archive.start_run(SOURCE), RECORD, title=title, text=text)
    for command in (["show", ID], ["search", "法治"]):
        assert run([*command, "--archive", str(path)]) == 0
        assert "\x1b" not in capsys.readouterr().out
