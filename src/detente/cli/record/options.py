"""The group of commands on the record, and the arguments and options that they share."""

from __future__ import annotations

import datetime
import re
from typing import Annotated

import typer

from detente.cli.app import app
from detente.cli.options import folder_option

__all__ = [
    "ACountry",
    "AsOfOption",
    "BCountry",
    "ByOption",
    "FormatOption",
    "ReadWorkspaceOption",
    "WorkspaceOption",
    "day",
    "record",
]

record = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(record, name="record", help="What has happened: events, commitments, and the trust that they have earned.")

WorkspaceOption = Annotated[
    str, typer.Option("--workspace", metavar="DIR", help="The folder of the record.", envvar="DETENTE_RECORD")
]

ReadWorkspaceOption = Annotated[
    str | None,
    folder_option(
        "The folder of the record. Without it: detente-record, where there is one, else the record bundled with the case."
    ),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", show_default=False, help="How things stood on this day. Without it: the date of the case."
    ),
]
ACountry = Annotated[str, typer.Argument(metavar="A", show_default=False, help="A country: its ISO 3166-1 code, or its name.")]
BCountry = Annotated[str, typer.Argument(metavar="B", show_default=False, help="The other country.")]
ByOption = Annotated[str, typer.Option("--by", metavar="PERIOD", help="day, week or month.")]
FormatOption = Annotated[
    list[str] | None,
    typer.Option("--format", metavar="FORMAT", show_default=False, help="Only events of this format; may be repeated."),
]


def day(text: str | None) -> datetime.date | None:
    """A day that was given on the command line."""
    if text is None:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise ValueError
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"got {text!r}, wanted a date such as 2019-01-30") from None
