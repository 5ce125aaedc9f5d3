"""Search as people use it: the documents that match a query, with the place of the hit marked in the original text."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from archive import attachments, search
from archive.errors import QuestionError
from archive.query import QueryError
from archive.snippet import PLAIN, Marks, snippet, spans


@dataclass(frozen=True, slots=True)
class Hit:
    """One document that matches; `snippet` shows where, in the publisher's own words or in those of a file of it."""

    id: str
    url: str
    title: str | None
    issuer: str | None
    published: str | None
    source: str
    snippet: str
    in_attachment: str | None = None  # the name of the file the snippet is from, where the document itself says nothing


@dataclass(frozen=True, slots=True)
class Answer:
    """How many documents match in all, and one page of them."""

    total: int
    hits: tuple[Hit, ...]


def answer(
    db: sqlite3.Connection,
    query: str,
    *,
    limit: int | None = 20,
    offset: int = 0,
    marks: Marks = PLAIN,
) -> Answer:
    """The documents that match, `limit` of them (None: all) from `offset` on; QuestionError for what is no query."""
    if not query.strip():
        raise QuestionError("the query is empty; say what to look for, such as: gongbao search 行政复议")
    try:
        found = search.find(db, query, limit=limit, offset=offset)
    except QueryError as error:
        raise QuestionError(str(error)) from error
    hits = tuple(hit(db, document, found.query.terms, marks) for document in found.documents)
    return Answer(found.total, hits)


def hit(db: sqlite3.Connection, document: int, terms: tuple[str, ...], marks: Marks) -> Hit:
    """One found document with the place where the terms stand."""
    id, url, title, issuer, published, source, version, text = db.execute(
        "SELECT d.key, p.url, v.title, v.issuer, v.published, p.source, v.id, t.body FROM document d "
        "JOIN page p ON p.id = d.owner JOIN version v ON v.id = d.version LEFT JOIN text t ON t.id = v.text "
        "WHERE d.id = ?",
        [document],
    ).fetchone()
    told = text or title or ""
    if terms and not spans(told, terms) and not spans(title or "", terms):
        for file in attachments.of_version(db, version):
            if file.text and spans(file.text, terms):
                shown = f"〔附件：{marks.plain(file.name)}〕{snippet(file.text, terms, marks)}"
                return Hit(id, url, title, issuer, published, source, shown, file.name)
    return Hit(id, url, title, issuer, published, source, snippet(told, terms, marks))
