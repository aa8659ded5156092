"""Handing a document over: shown where a browser can, never kept on the way, and with a name that tells nothing."""

import re
from enum import StrEnum

from flask import Response

NEUTRAL = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Kind(StrEnum):
    """What kind of file it is, by the end of its name."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"
    BLT = "blt"
    TEXT = "txt"
    DOCX = "docx"
    JPEG = "jpg"
    ZIP = "zip"


MIMETYPES = {
    Kind.PDF: "application/pdf",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.CSV: "text/csv; charset=utf-8",
    Kind.JSON: "application/json",
    Kind.BLT: "text/plain; charset=utf-8",
    Kind.TEXT: "text/plain; charset=utf-8",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.JPEG: "image/jpeg",
    Kind.ZIP: "application/zip",
}


def answer(content: bytes, kind: Kind, *, name: str) -> Response:
    """A view's answer. The name stays on a shared phone: what it is and when, such as `sheet-2026-10`; never whose."""
    if not NEUTRAL.fullmatch(name):
        raise ValueError("a file is named with small letters, numbers and single dashes")
    response = Response(content, content_type=MIMETYPES[kind])
    how = "inline" if kind is Kind.PDF else "attachment"
    response.headers["Content-Disposition"] = f'{how}; filename="{name}.{kind}"'
    response.headers["Cache-Control"] = "no-store"
    return response
