"""This reader against the other tools, on the same pages in the same run: `make bench-reading CORPUS=DIR`.

DIR holds pages, `gold.jsonl`, `score.py` (its `score` and `summary` are used) and perhaps `lists/` with the same and
`score_lists.py`. CPU is process time per page, best of three rounds, as a ratio to trafilatura with metadata: absolute
figures on a shared machine mean nothing.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urljoin

Row = dict[str, Any]
Tool = Callable[[bytes, str], Row]
ROUNDS = 3


def ours(body: bytes, url: str) -> Row:
    from crawler.commands.read import as_json
    from crawler.reading import read

    return as_json("", read(body, url, as_kind="notice"))


def trafilatura_default(body: bytes, url: str, **options: Any) -> Row:
    import trafilatura

    found = trafilatura.bare_extraction(body, url=url, with_metadata=True, **options)
    return {"title": found.title, "text": found.text, "published": found.date} if found else {}


def trafilatura_precision(body: bytes, url: str) -> Row:
    return trafilatura_default(body, url, favor_precision=True)


def gne(body: bytes, url: str) -> Row:
    from gne import GeneralNewsExtractor

    found = GeneralNewsExtractor().extract(_decoded(body))
    return {"title": found["title"], "text": found["content"], "published": found["publish_time"]}


def readability(body: bytes, url: str) -> Row:
    from lxml import html
    from readability import Document

    document = Document(_decoded(body))
    text = html.fromstring(document.summary()).text_content()
    return {"title": document.title(), "text": text}


def resiliparse(body: bytes, url: str) -> Row:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse(_decoded(body))
    return {"title": tree.title, "text": extract_plain_text(tree, main_content=True)}


def magic_html(body: bytes, url: str) -> Row:
    from lxml import html
    from magic_html import GeneralExtractor

    found = GeneralExtractor().extract(_decoded(body), base_url=url)
    return {"title": found.get("title"), "text": html.fromstring(found["html"]).text_content()}


TOOLS: dict[str, tuple[str, Tool]] = {
    "gongbao": ("crawler", ours),
    "trafilatura": ("trafilatura", trafilatura_default),
    "trafilatura precision": ("trafilatura", trafilatura_precision),
    "GNE": ("gne", gne),
    "readability-lxml": ("readability", readability),
    "resiliparse": ("resiliparse", resiliparse),
    "magic-html": ("magic_html", magic_html),
}


def _decoded(body: bytes) -> str:
    """What a careful user of the other tools would hand them: they do not decide encodings themselves."""
    from crawler.decoding import decode

    return decode(body).text


def main(corpus: Path) -> None:
    scorer = _module(corpus / "score.py")
    gold = scorer.load(corpus)
    pages = [(g["file"], (corpus / g["file"]).read_bytes(), g.get("url") or "") for g in gold]
    print(f"{len(pages)} notices of {len({g['site'] for g in gold})} sites in {corpus.name}")
    head = "tool                     F1 exact leaky | title  date origin doc.no index issuer | made up (most) | CPU"
    print(head)
    base = None
    for name, (package, tool) in TOOLS.items():
        if importlib.util.find_spec(package) is None:
            print(f"{name:21} not installed here")
            continue
        rows, seconds = _run(tool, pages)
        if name == "trafilatura":
            base = seconds
        _print(name, scorer.summary(scorer.score(rows, gold)), seconds)
        if name == "gongbao":
            attachments = _attachments(rows, gold)
            mine = seconds
    if base:
        times = f"gongbao {mine * 1000:.1f} ms, trafilatura with metadata {base * 1000:.1f} ms"
        print(f"CPU per page: {times}: ratio {mine / base:.2f}")
    print("attachments (URL + text): precision {:.3f}, recall {:.3f}, {} in gold".format(*attachments))
    if (corpus / "lists" / "gold.jsonl").is_file():
        _lists(corpus)


def _run(tool: Tool, pages: list[tuple[str, bytes, str]]) -> tuple[dict[str, Row], float]:
    """Results by file name, and CPU seconds per page (best round); a tool that raises on a page gets an empty row."""
    rows: dict[str, Row] = {}
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for name, body, url in pages:
            try:
                rows[name] = tool(body, url)
            except Exception as error:  # noqa: BLE001 - other tools raise what they like; the row then scores zero
                print(f"  {tool.__name__} raised on {name}: {type(error).__name__}", file=sys.stderr)
                rows[name] = {}
        best = min(best, (time.process_time() - start) / len(pages))
    return rows, best


def _print(name: str, found: dict[str, float | None], seconds: float) -> None:
    def cell(key: str, width: int) -> str:
        value = found[key]
        return f"{'-' if value is None else format(value, '.3f'):>{width}}"

    fields = ("title", "date", "origin", "document_number", "index_number", "issuer")
    made_up = max(found[f"{field}_invented"] or 0 for field in fields)
    cells = " ".join(cell(field, 6) for field in fields)
    body = f"{cell('f1', 6)} {cell('exact', 5)} {cell('leaky', 5)}"
    print(f"{name:21} {body} | {cells} | {made_up:14.3f} | {seconds * 1000:.1f} ms")


def _attachments(rows: dict[str, Row], gold: list[Row]) -> tuple[float, float, int]:
    def plain(text: str) -> str:
        return "".join(text.split())

    hits = got = want = 0
    for g in gold:
        wanted = {(urljoin(g.get("url") or "", a["href"]), plain(a["text"])) for a in g.get("attachments") or []}
        found = {(a["url"], plain(a["text"] or "")) for a in rows[g["file"]].get("attachments") or []}
        hits, got, want = hits + len(found & wanted), got + len(found), want + len(wanted)
    return (hits / got if got else 1.0), (hits / want if want else 1.0), want


def _lists(corpus: Path) -> None:
    from crawler.commands.read import as_json
    from crawler.reading import read

    folder = corpus / "lists"
    results = Path(".bench-lists.jsonl")
    with results.open("w", encoding="utf-8") as out:
        for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines():
            g = json.loads(line)
            row = as_json(g["file"], read((folder / g["file"]).read_bytes(), g.get("base") or g["url"], as_kind="list"))
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    try:
        _module(corpus / "score_lists.py").main(folder, results)
    finally:
        results.unlink()


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None or not path.is_file():
        sys.exit(f"bench-reading: {path} is not there: CORPUS must be a folder with gold.jsonl and score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: bench_reading.py CORPUS")
    main(Path(sys.argv[1]))
