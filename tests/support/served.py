"""The service in a process of its own, so that a test can look through its memory: `python -m tests.support.served`.

With NAIVE=1 it keeps what people send, as no service should: in a list, in the log, in Redis and in a table. A search that
does not find it there does not search.
"""

import logging
import os
import sys
from urllib.parse import urlencode

import psycopg
from flask import Flask, current_app, request
from werkzeug.serving import make_server

NAIVE_TABLE = "create table if not exists naive_bodies (id serial primary key, body text)"
kept: list[bytes] = []


def keep_what_is_sent() -> None:
    if request.method != "POST":
        return
    body = urlencode(request.form.to_dict()).encode()
    kept.append(body)
    current_app.logger.warning("somebody sent %s", body.decode())
    current_app.extensions["redis"].set("naive", body)
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"].replace("+psycopg", "")) as sql:
        sql.execute(NAIVE_TABLE)
        sql.execute("insert into naive_bodies (body) values (%s)", (body.decode(),))


def main() -> None:
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    from wsgi import create_app

    app: Flask = create_app()
    if os.environ.get("NAIVE"):
        app.before_request_funcs.setdefault(None, []).insert(0, keep_what_is_sent)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    print(server.server_port, flush=True)  # noqa: T201 - the test reads where it listens
    server.serve_forever()


if __name__ == "__main__":
    main()
