"""Reading what a browser sent: bytes that are no letters are neither guessed at nor answered with a broken page."""

from typing import IO
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.formparser import FormDataParser


class _PlainFormParser(FormDataParser):
    def _parse_urlencoded(
        self,
        stream: IO[bytes],
        mimetype: str,  # noqa: ARG002 - the library's signature
        content_length: int | None,  # noqa: ARG002 - the library's signature
        options: dict[str, str],  # noqa: ARG002 - the library's signature
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        sent = stream.read().decode(errors="replace")
        return stream, self.cls(parse_qsl(sent, keep_blank_values=True, errors="replace")), self.cls()


class PlainRequest(Request):
    """A request whose form holds the sign for a letter that did not arrive, where one did not; fields refuse it."""

    form_data_parser_class = _PlainFormParser
