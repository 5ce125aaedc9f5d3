"""The stored files of a document in the reading room: told with their kind, saved and never opened, hidden with it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from archive import Archive, takedown
from archive.model import Attachment, Capture, Extract, Record, Visit
from tests.archive.made import another_text, day
from tests.web.conftest import Room, close_room, open_room

HOST = "http://www.qingshi.example"
BODY = b"%PDF-1.4 <script>alert(1)</script>"
FILES = {"mulu": "附件1：目录.pdf", "sao": "附件2：扫描件.pdf", "mei": "附件3：没有了.pdf"}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    path, ids = tmp_path_factory.mktemp("files") / "archive.db", {}
    with Archive(path, write=True) as archive:
        run = archive.start_run("qingshi")
        for name, links in {"open": FILES, "hidden": {"yin": "附件：名单.pdf", "mulu": "附件：目录.pdf"}}.items():
            url = f"{HOST}/{name}.html"
            linked = tuple(Attachment(f"{HOST}/{link}.pdf", text) for link, text in links.items())
            record = Record(url, title=f"关于公布目录的通知（{name}）", text=another_text(name), attachments=linked)
            stored = archive.keep(Capture(url, day(0), 200, (), name.encode()))
            ids[name] = archive.save(run, Visit(url, "notice", stored=stored, record=record)).document_id or ""
        for link, extract in {
            "mulu": Extract("pdf", "重大行政决策事项目录正文", None, "r"),
            "sao": Extract("pdf", None, "pdf: <b>3</b> pages without text", "r"),
            "yin": Extract("pdf", "隐去的名单", None, "r"),
        }.items():
            url = f"{HOST}/{link}.pdf"
            stored = archive.keep(Capture(url, day(1), 200, (("Content-Type", "text/html"),), BODY + link.encode()))
            archive.save(run, Visit(url, "attachment", stored=stored, extract=extract))
            ids[link] = str(archive.history(url)[-1].id)
        archive.save(run, Visit(f"{HOST}/mei.pdf", "attachment", "gone", reason="HTTP 404"))
        takedown.hide(archive, ids["hidden"], "个人信息")
    server, base = open_room(path)
    yield Room(base, path, ids)
    close_room(server)


def test_a_document_names_its_files_with_kind_size_and_whether_words_are_found(room: Room) -> None:
    page = room.get(f"/document/{room.ids['open']}").text
    assert f'href="/file/{room.ids["mulu"]}"' in page
    assert "pdf 38 B" in page
    assert "its words are found by search" in page
    assert "its words cannot be read" in page
    assert "pdf: &lt;b&gt;3&lt;/b&gt; pages without text" in page
    assert "HTTP 404" in page


def test_a_stored_file_is_saved_and_never_opened(room: Room) -> None:
    answer = room.get(f"/file/{room.ids['mulu']}")
    assert (answer.status, answer.body) == (200, BODY + b"mulu")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == f'attachment; filename="file-{room.ids["mulu"]}.pdf"'
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_only_files_are_given_and_none_of_hidden_documents_alone(room: Room) -> None:
    assert room.get("/file/1").status == 404, "a page is no file"
    assert room.get("/file/999999").status == 404
    for path in (f"/file/{room.ids['yin']}", f"/original/{room.ids['yin']}", f"/original/{room.ids['yin']}/bytes"):
        assert room.get(path).status == 404, path
    assert room.get(f"/file/{room.ids['mulu']}").status == 200, "the other document shows it"


def test_a_run_counts_files_apart_and_names_none_of_a_hidden_document_alone(room: Room) -> None:
    page = room.get("/run/1").text
    assert '<a href="/run/1?state=gone">gone</a> 1' in page
    told = room.get("/run/1?state=new").text
    assert f"{HOST}/mulu.pdf" in told
    assert f"{HOST}/yin.pdf" not in told


def test_search_finds_a_document_by_its_file_and_says_so(room: Room) -> None:
    page = room.get(f"/search?q={quote('重大行政决策')}").text
    assert "〔附件：附件1：目录.pdf〕<mark>重大行政决策</mark>" in page
    assert "（hidden）" not in room.get(f"/search?q={quote('隐去的名单')}").text
    told = room.get("/sql?sql=select+name,text+from+files").text
    assert "重大行政决策事项目录正文" in told
    assert "隐去的名单" not in told
