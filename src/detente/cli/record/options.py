"""Arguments and options that commands on the record share."""

from __future__ import annotations

import datetime
import re
from typing import Annotated

import typer

from detente.cli.options import argument, folder_option, option

__all__ = [
    "ACountry",
    "AsOfOption",
    "BCountry",
    "FormatOption",
    "PeriodOption",
    "ReadWorkspaceOption",
    "WorkspaceOption",
    "day",
]

WorkspaceOption = Annotated[
    str, typer.Option("--workspace", metavar="FOLDER", help="The folder of the record.", envvar="DETENTE_RECORD")
]

ReadWorkspaceOption = Annotated[
    str | None,
    folder_option("The folder of the record. Without it: detente-record, else the record bundled with the case."),
]
AsOfOption = Annotated[str | None, option("--as-of", "DATE", "How things stood on this day. Without it: the date of the case.")]
ACountry = Annotated[str, argument("A", "A country or another party: its code, or its name.")]
BCountry = Annotated[str, argument("B", "The other one.")]
PeriodOption = Annotated[str, option("--period", "PERIOD", "day, week or month.", shown=True)]
FormatOption = Annotated[list[str] | None, option("--format", "FORMAT", "Only events of this format; may be repeated.")]


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
