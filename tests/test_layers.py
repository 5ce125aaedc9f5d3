"""The layer rule: one direction of imports, read from the source without running it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# What the archive must open without, in ten years.
FOREIGN = {"crawler", "scrapy", "parsel", "lxml", "lxml_html_clean", "trafilatura", "twisted", "protego", "w3lib"}
# Inside the crawler, from the network to the page: a layer imports those below it, never those above.
ABOVE_CMS = {
    "registry",
    "loader",
    "spider",
    "run",
    "landing",
    "replay",
    "middlewares",
    "settings",
    "commands",
    "verdict",
}
READERS = {"reading", "page", "decoding", "body", "text", "fields", "metadata", "lists", "cms", "integrity", "blocking"}


def imports(path: Path) -> set[str]:
    """Full dotted names of everything a file imports, relative imports resolved."""
    package = path.relative_to(ROOT).with_suffix("").parts
    package = package[:-1]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            found |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return found


def modules(folder: str) -> list[Path]:
    found = sorted((ROOT / folder).rglob("*.py"))
    assert found, folder
    return found


@pytest.mark.parametrize("path", modules("archive"), ids=lambda path: path.name)
def test_the_archive_imports_nothing_of_the_crawl(path: Path) -> None:
    assert not {name for name in imports(path) if name.split(".")[0] in FOREIGN}


def reader_files() -> list[Path]:
    def part(path: Path) -> str:
        return path.relative_to(ROOT / "crawler").with_suffix("").parts[0].split("_")[0]

    return [path for path in modules("crawler") if part(path) in READERS]


@pytest.mark.parametrize("path", reader_files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_page_is_read_without_knowing_whose_it_is(path: Path) -> None:
    crossed = {name for name in imports(path) if name.startswith("crawler.") and name.split(".")[1] in ABOVE_CMS}
    assert not crossed
    assert not {name for name in imports(path) if name.split(".")[0] in {"scrapy", "twisted"}}


@pytest.mark.parametrize("path", modules("crawler"), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_only_one_module_knows_trafilatura(path: Path) -> None:
    knows = {name for name in imports(path) if name.split(".")[0] == "trafilatura"}
    assert not knows or path == ROOT / "crawler" / "text.py"


def test_commands_are_imported_by_nobody() -> None:
    for path in [*modules("crawler"), *modules("archive")]:
        if path.parent.name != "commands":
            assert not {name for name in imports(path) if name.startswith("crawler.commands")}, path
