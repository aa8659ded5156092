"""A service with nothing in it, for tests of what starts and stops services."""

import json
import os
import time

import click
import psycopg
from flask import Flask

app = Flask(__name__)
demo = click.Group("demo")
app.cli.add_command(demo)


@app.get("/healthz")
def healthz() -> str:
    with psycopg.connect(os.environ["DATABASE_URL"]) as db:
        db.execute("SELECT 1")
    return "well"


@app.get("/told")
def told() -> dict[str, str]:
    return {name: os.environ.get(name, "") for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "PUBLIC_URL")}


@app.cli.command()
def migrate() -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as db:
        db.execute("CREATE TABLE IF NOT EXISTS loads (id int)")
        db.execute("GRANT SELECT ON loads TO pamoja_web")


@app.cli.command()
def worker() -> None:
    while True:
        time.sleep(1)


@demo.command()
def load() -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as db:
        db.execute("INSERT INTO loads VALUES (1)")


@demo.command("sign-ins")
@click.option("--json", "as_json", is_flag=True)
def sign_ins(*, as_json: bool) -> None:
    people = [
        {"role": "chairperson", "name": "Amani", "sign_in": "amani", "password": "a-b-c", "home": "/g/1/"}
    ]
    click.echo(json.dumps(people) if as_json else str(people))
