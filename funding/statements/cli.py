"""Reading a statement from the command line; it needs no server and no settings."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from funding.statements import rules
from funding.statements.formats import choosing, mapped
from funding.statements.formats.amounts import shown
from funding.statements.formats.statement import NotReadable, Statement, Told

FORMATS = "\n".join(f"{name}: {words}" for name, words in choosing.NAMES.items())
HELP = f"""Read a statement of a bank or a mobile-money service and print what stands in it.

Lines come oldest first (a file that begins with the latest is turned round); the date is the day of booking. A statement that
does not add up is read and says so in its warnings. Several statements in a file give one JSON object a line.

\b
Formats (found out when not given):
{FORMATS}"""


@click.group()
def funding() -> None:
    """Money: what banks and mobile money say."""


@funding.command("read-statement", help=HELP)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "format_name", help="the file's format: one of those below")
@click.option("--json", "as_json", is_flag=True, help="as JSON, amounts in minor units")
@click.option(
    "--map",
    "columns",
    multiple=True,
    help="for any CSV, what its columns hold: date=Day,amount=Sum,text=Payee+Memo (names or numbers from 1), or as JSON",
)
@click.option("--currency", help="the currency, for files that name none")
def read_statement(
    file: Path,
    format_name: str | None,
    as_json: bool,  # noqa: FBT001 - a flag of the command line
    columns: tuple[str, ...],
    currency: str | None,
) -> None:
    known = choosing.named(format_name) if format_name else None
    if format_name and not known:
        raise click.ClickException(
            f"We know no format “{format_name}”; we know: {', '.join(choosing.NAMES)}."
        )
    if columns and known not in {None, "csv"}:
        raise click.ClickException("Only the columns of --format csv are mapped.")
    if currency and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):  # noqa: PLR2004 - as ISO 4217 has it
        raise click.ClickException("A currency is three letters, for example KES.")
    try:
        content = file.read_bytes()
        statements = choosing.read(
            content,
            format_name=known,
            columns=mapped.mapping(columns),
            currency=currency.upper() if currency else None,
        )
    except (OSError, ValueError):
        raise click.ClickException(f"{file} cannot be opened.") from None
    except choosing.NotKnown as refused:
        raise click.ClickException(f"{refused} (--format csv --map date=NAME,amount=NAME)") from None
    except NotReadable as refused:
        raise click.ClickException(str(refused)) from None
    warnings = rules.warnings(statements)
    for statement, told in zip(statements, warnings, strict=True):
        click.echo(
            json.dumps(_told(statement, told), ensure_ascii=False) if as_json else _in_words(statement, told)
        )


def _told(statement: Statement, warnings: Sequence[Told]) -> dict[str, Any]:
    return {
        "format": statement.format,
        "account": statement.account,
        "currency": statement.currency,
        "opening": statement.opening,
        "closing": statement.closing,
        "lines": [
            {
                "date": line.date.isoformat(),
                "amount": line.amount,
                "reference": line.reference,
                "text": line.text,
                "status": line.status.value,
            }
            for line in statement.lines
        ],
        "warnings": [str(warning) for warning in warnings],
    }


def _in_words(statement: Statement, warnings: Sequence[Told]) -> str:
    def money(amount: int | None) -> str:
        return "not told" if amount is None else shown(amount, statement.currency)

    lines = [
        f"{choosing.NAMES[statement.format]}, account {statement.account or 'not told'}, in {statement.currency}",
        f"{'Opening':<12}{money(statement.opening):>18}",
    ]
    lines += [
        f"{line.date.isoformat():<12}{money(line.amount):>18}  {line.status:<8}{line.reference:<18}{line.text}"
        for line in statement.lines
    ]
    lines.append(f"{'Closing':<12}{money(statement.closing):>18}")
    lines += [f"Note: {warning}" for warning in warnings]
    return "\n".join([*lines, ""])
