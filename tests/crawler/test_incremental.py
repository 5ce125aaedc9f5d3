"""Runs of a big source against a real site: little is asked for, and what was added, removed or left is found."""

from __future__ import annotations

from pathlib import Path

from archive import Archive
from archive.answers import RunSummary
from tests.serving import BRISK, Answer, Site, gongbao, listing, notice, scrapy, serving, write_source

PER_PAGE = 10
SMALL = "import crawler.planning as planning; planning.SMALL = 20"  # so that sixty notices are many


def publish(site: Site, numbers: list[int], *, total: bool) -> None:
    """Make the site show these notices, and no others."""
    site.answers.clear()
    for start in range(0, len(numbers), PER_PAGE):
        page = start // PER_PAGE
        rows = [(f"/art/{n}.html", f"关于第{n}号事项处理结果的公示") for n in numbers[start : start + PER_PAGE]]
        more = f"/tzgg/index_{page + 1}.html" if start + PER_PAGE < len(numbers) else None
        path = f"/tzgg/index_{page}.html" if page else "/tzgg/"
        site.answers[path] = Answer(listing(rows, next_page=more, total=len(numbers) if total else None))
    for n in numbers:
        site.answers[f"/art/{n}.html"] = Answer(notice(f"关于第{n}号事项处理结果的公示", n=n))


def crawl(folder: Path, site: Site, *settings: str) -> tuple[RunSummary, list[str]]:
    """One run; gives its summary and the paths it asked for, without robots.txt."""
    before = len(site.asked)
    places = (f"SOURCES={folder / 'sources'}", f"ARCHIVE={folder / 'a.db'}")
    done = scrapy("crawl", "qingling", settings=(*BRISK, *places, *settings), code=SMALL)
    assert done.returncode == 0, done.stderr
    with Archive(folder / "a.db") as archive:
        return archive.runs("qingling")[0], [path for path in site.asked[before:] if path != "/robots.txt"]


def test_a_big_source_is_not_read_whole_again_and_misses_nothing(tmp_path: Path) -> None:
    with serving() as site:
        write_source(tmp_path / "sources", "qingling", [f"{site.url}/tzgg/"], 'every = "1d"')
        numbers = list(range(60))
        publish(site, numbers, total=True)
        first, asked = crawl(tmp_path, site)
        assert (first.counts["new"], len(asked)) == (60, 60 + 6 + 1)
        assert (first.lists[0].stop_reason, first.lists[0].round) == ("end", "complete")

        quiet, asked = crawl(tmp_path, site)
        assert asked[0] == "/tzgg/"
        assert len(asked) == 3, asked  # the first page, a page of the round, a notice in its turn
        assert (quiet.verdict, quiet.lists[0].stop_reason) == ("quiet", "known")
        assert quiet.counts["known"] + quiet.counts["unchanged"] == 20

        numbers.insert(37, 99)  # a late entry, on the fourth page
        publish(site, numbers, total=True)
        late, asked = crawl(tmp_path, site)
        assert late.counts["new"] == 1
        assert "/art/99.html" in asked
        assert "1 more than we know of" in (late.lists[0].note or "")

        numbers.remove(44)  # gone from list and site
        publish(site, numbers, total=True)
        gone, asked = crawl(tmp_path, site, "WHOLE=1")
        assert (gone.counts["gone"], gone.counts["unchanged"]) == (1, 60)
        assert any("left the list" in sentence for sentence in gone.evidence)
    told = gongbao("--archive", str(tmp_path / "a.db"), "runs", "--run", str(late.id)).stdout
    assert f"{site.url}/tzgg/" in told
