"""The evidence bundle: every digest in it can be checked with nothing but a zip and a gzip reader."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest

from archive import Archive
from archive.bundle import surt
from archive.cli import run as run_command
from archive.records import document_key
from archive.warc import decode
from tests.archive.made import RECORD, SOURCE, URL, another_text, read

BODY = "<html>公报</html>".encode()


@pytest.fixture
def bundle(path: Path, tmp_path: Path) -> Path:
    with Archive(path, write=True) as archive:
        read(archive, archive.start_run(SOURCE), RECORD, n=0, body=BODY)
        run = archive.start_run(SOURCE)
        read(archive, run, RECORD, n=1, body=BODY, issuer="青石区人民政府")
        read(archive, run, RECORD, n=1, url="http://www.qingshi.example/2.html", text=another_text("车库"))
    target = tmp_path / "evidence.wacz"
    arguments = ["export", "--format", "wacz", "--query", "行政复议", "--output", str(target), "--archive", str(path)]
    assert run_command(arguments) == 0
    return target


def test_every_file_has_the_digest_the_manifest_says(bundle: Path) -> None:
    with ZipFile(bundle) as zipped:
        manifest = zipped.read("datapackage.json")
        package = json.loads(manifest)
        assert (
            json.loads(zipped.read("datapackage-digest.json"))["hash"]
            == f"sha256:{hashlib.sha256(manifest).hexdigest()}"
        )
        named = {resource["path"] for resource in package["resources"]}
        assert named == set(zipped.namelist()) - {"datapackage.json", "datapackage-digest.json"}
        for resource in package["resources"]:
            blob = zipped.read(resource["path"])
            assert (resource["hash"], resource["bytes"]) == (f"sha256:{hashlib.sha256(blob).hexdigest()}", len(blob))


def test_the_index_leads_to_the_very_records(bundle: Path, path: Path) -> None:
    with ZipFile(bundle) as zipped:
        warc = zipped.read("archive/data.warc.gz")
        assert zipped.getinfo("archive/data.warc.gz").compress_type == ZIP_STORED
        lines = gzip.decompress(zipped.read("indexes/index.cdx.gz")).decode().splitlines()
        rows = [json.loads(line) for line in zipped.read("records/announcements.jsonl").decode().splitlines()]
    assert [row["id"] for row in rows] == [document_key(URL)], "what the query does not find is not in it"
    kinds = []
    for line in lines:
        facts = json.loads(line.split(" ", 2)[2])
        record = decode(warc[int(facts["offset"]) :][: int(facts["length"])])
        assert (record.problems, record.url) == ((), URL)
        kinds.append(record.type)
        if record.type == "response":
            assert record.payload == BODY
            assert facts["digest"] == f"sha256:{hashlib.sha256(BODY).hexdigest()}"
    assert sorted(kinds) == ["response", "revisit"]


def test_standard_tools_read_its_warc(bundle: Path, tmp_path: Path) -> None:
    with ZipFile(bundle) as zipped:
        zipped.extract("archive/data.warc.gz", tmp_path)
    warc = str(tmp_path / "archive" / "data.warc.gz")
    subprocess.run(["gunzip", "-t", warc], check=True)
    subprocess.run([str(Path(sys.executable).with_name("warcio")), "check", warc], check=True)


def test_a_bundle_is_never_written_over_a_file(bundle: Path, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = bundle.read_bytes()
    assert run_command(["export", "--format", "wacz", "--output", str(bundle), "--archive", str(path)]) == 3
    assert bundle.read_bytes() == before
    assert run_command(["export", "--format", "wacz", "--archive", str(path)]) == 2
    assert run_command(["export", "--output", "/nowhere/x.jsonl", "--archive", str(path)]) == 3
    assert capsys.readouterr().err.count("\n") == 3


def test_export_of_a_query_goes_to_a_file(path: Path, bundle: Path, tmp_path: Path) -> None:
    target = tmp_path / "rows.csv"
    arguments = ["export", "--format", "csv", "--query", "车库", "--output", str(target), "--archive", str(path)]
    assert run_command(arguments) == 0
    assert target.read_text(encoding="utf-8").count("qingshi.example/2.html") >= 1
    assert URL not in target.read_text(encoding="utf-8")


def test_surt_reverses_the_host() -> None:
    assert surt("https://www.jl.gov.cn:8443/A?b=1") == "cn,gov,jl:8443)/a?b=1"
