"""`detente record`: what has happened. One module a command."""

from __future__ import annotations

import datetime
import re
from typing import Annotated

import typer

from detente.cli.app import app

__all__ = ["AsOfOption", "ReadWorkspaceOption", "WorkspaceOption", "day", "record"]

record = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(record, name="record", help="What has happened: events, commitments, and the trust that they have earned.")

WorkspaceOption = Annotated[
    str, typer.Option("--workspace", metavar="DIR", help="The folder of the record.", envvar="DETENTE_RECORD")
]

ReadWorkspaceOption = Annotated[
    str | None,
    typer.Option(
        "--workspace",
        metavar="DIR",
        show_default=False,
        envvar="DETENTE_RECORD",
        help="The folder of the record. Without it: detente-record, where there is one, else the record bundled with the case.",
    ),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", show_default=False, help="How things stood on this day. Without it: the date of the case."
    ),
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


# isort: off
# in the order in which `detente record --help` lists them
from detente.cli.record import start, importing, fetch, contents, retract, check, head, migrate  # noqa: E402, F401
from detente.cli.record import show, dyad  # noqa: E402, F401
from detente.cli.record import commit, commitments, trust  # noqa: E402, F401
from detente.cli.record import unanswered, contacts, changes, reciprocity  # noqa: E402, F401

# isort: on
