"""Archives written by every released version open with this code: migrated, searched, verified, and no schema changed.

A release adds its own: `python -m tests.archive.released fixtures/archives/VERSION`.
"""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from archive import Archive
from archive.records import document_key
from tests.archive.made import RECORD, SOURCE, URL
from tests.archive.released import MIRROR, OTHER

ROOT = Path(__file__).parents[2]
RELEASED = sorted((ROOT / "fixtures" / "archives").iterdir())


@pytest.fixture(params=RELEASED, ids=lambda folder: folder.name)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a released version's archive."""
    shutil.copytree(request.param, tmp_path / "old")
    return tmp_path / "old" / "archive.db"


def test_this_version_has_its_archive() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert version in {folder.name for folder in RELEASED}, (
        f"python -m tests.archive.released fixtures/archives/{version}"
    )


def test_an_archive_of_every_release_is_migrated_searched_and_verified(old: Path) -> None:
    with Archive(old, write=True) as archive:
        result = archive.verify()
        assert (result.problems, result.captures) == ([], 6)
        assert archive.db.conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with Archive(old) as archive:
        [hit] = archive.search("行政复议申请").hits
        assert hit.id == document_key(URL)
        assert archive.search("source:baihe 户口").total == 1
        assert archive.verify(hit.id).ok
        document = archive.document(hit.id)
        assert document is not None
        assert next(one.record.title for one in document.versions if one.url == URL) == RECORD.title
        assert document.record.title == "青石区2021年法治政府建设年度报告（更正）"
        assert {one.url: one.gone is None for one in document.appearances} == {URL: True, MIRROR: False}
        assert [run.verdict for run in archive.runs(SOURCE)] == ["healthy", "healthy"]
        [page] = archive.history(OTHER.url)
        assert archive.body(page.id)[:2] == b"\x1f\x8b"


def test_a_migrated_archive_has_the_very_schema_of_a_new_one(old: Path, tmp_path: Path) -> None:
    """Migrations are only ever appended: one that was changed afterwards would make the two differ."""
    assert _schema(old) == _schema(tmp_path / "new.db")


def test_an_old_archive_goes_on_growing(old: Path) -> None:
    with Archive(old, write=True) as archive:
        run = archive.start_run(SOURCE)
        assert archive.unfinished(run) == []
        for capture in archive.captures(SOURCE, role="notice", latest=True):
            assert archive.body(capture) == capture.capture.body
        archive.finish_run(run, verdict="quiet")
        assert archive.verify().ok


def _schema(path: Path) -> dict[str, str | None]:
    with Archive(path, write=True) as archive:
        return dict(archive.db.conn.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall())
