"""Writing letters and seeing them off."""

import smtplib
import ssl
import uuid
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale
from marshmallow import Schema, fields

from network.config import THIS_MACHINE
from network.db import db
from network.messages.models import Letter
from network.outbox import commands as outbox
from network.web.languages import language_of

LETTER = "letter"


class LetterPayload(Schema):
    """A letter is named, never quoted."""

    letter_id = fields.UUID(required=True)


def write(*, to: str, template: str, language: str, now: datetime, **context: object) -> None:
    """Write a letter from `<template>.subject.txt` and `<template>.txt` in the reader's language; it leaves after the commit."""
    with force_locale(language_of(language).babel):
        # Without what every page knows: a letter is also written by a job, where there is no page.
        written = current_app.jinja_env.get_template
        subject = " ".join(written(f"{template}.subject.txt").render(context).split())
        body = written(f"{template}.txt").render(context)
    letter = Letter(id=uuid.uuid4(), recipient=to, subject=subject, body=body, created_at=now)
    db.session.add(letter)
    outbox.put(LETTER, now=now, letter_id=letter.id)


def forget_letters(addresses: set[str]) -> None:
    """Letters of the group in scope to any of these that have not left do not leave."""
    wanted = {address.strip().casefold() for address in addresses}
    for letter in db.session.scalars(sa.select(Letter)) if wanted else ():
        if letter.recipient.strip().casefold() in wanted:
            db.session.delete(letter)
    db.session.flush()


def send(letter_id: uuid.UUID) -> None:
    """See a letter off, and forget it."""
    letter = db.session.get(Letter, letter_id)
    if letter is None:
        return
    message = EmailMessage()
    message["To"], message["Subject"] = letter.recipient, letter.subject
    message["From"] = f"pamoja@{urlsplit(current_app.config['PUBLIC_URL']).hostname}"
    message["Message-ID"] = f"<{letter.id}@pamoja>"
    message.set_content(letter.body)
    if current_app.config["SMTP_URL"]:
        _by_mail(message)
    else:
        _into_folder(message, letter_id)
    db.session.delete(letter)


def _by_mail(message: EmailMessage) -> None:
    where = urlsplit(current_app.config["SMTP_URL"])
    host, port = where.hostname or "localhost", where.port or 0
    checked = ssl.create_default_context()  # without it, the library takes any certificate
    with (
        smtplib.SMTP_SSL(host, port, timeout=20, context=checked)
        if where.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=20)
    ) as post:
        if where.scheme != "smtps" and host not in THIS_MACHINE:
            post.starttls(context=checked)  # letters and passwords do not travel in the open
        if where.username:
            post.login(unquote(where.username), unquote(where.password or ""))
        post.send_message(message)


def _into_folder(message: EmailMessage, letter_id: uuid.UUID) -> None:
    """Where no post is set up, as on a laptop, letters land in a folder instead of with people."""
    folder = Path(current_app.config["LETTERS_FOLDER"])
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / f"{letter_id}.eml").write_bytes(message.as_bytes())
