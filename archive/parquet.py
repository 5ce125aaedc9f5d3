"""Documents as Parquet, for DuckDB, pandas and R; needs pyarrow, the optional extra `parquet`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from archive.answers import Document
from archive.errors import ArchiveError
from archive.export import COLUMNS, row

ROW_GROUP = 1000  # documents held in memory at a time

_NUMBERS = frozenset({"report_year", "versions"})
_LISTS = frozenset({"breadcrumb", "integrity_reasons", "appearances"})


def write_parquet(documents: Iterable[Document], path: Path) -> int:
    """Write the columns of the CSV to a new or old file, lists as lists; give how many documents.

    Raises ArchiveError when pyarrow is not installed, or the file cannot be written.
    """
    try:
        # Imported here: 150 MB that nothing else of an archive needs.
        import pyarrow as pa  # type: ignore[import-untyped]  # ships no type information
        from pyarrow import parquet
    except ImportError as error:
        raise ArchiveError(
            "Parquet needs pyarrow, which is not installed; run: pip install 'gongbao[parquet]'"
        ) from error
    schema = pa.schema([(name, _type(pa, name)) for name in COLUMNS])
    count = 0
    try:
        with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
            for rows in _groups(documents):
                writer.write_table(pa.Table.from_pylist(rows, schema))
                count += len(rows)
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be written ({error.strerror or error}); name another file") from error
    return count


def _type(pa: Any, name: str) -> Any:
    if name == "attachments":
        return pa.list_(pa.struct([("url", pa.string()), ("text", pa.string())]))
    if name in _LISTS:
        return pa.list_(pa.string())
    return pa.int32() if name in _NUMBERS else pa.string()


def _groups(documents: Iterable[Document]) -> Iterator[list[dict[str, Any]]]:
    rows = ({name: value for name, value in row(one).items() if name in COLUMNS} for one in documents)
    while group := list(islice(rows, ROW_GROUP)):
        yield group
