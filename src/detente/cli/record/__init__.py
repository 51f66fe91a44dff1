"""`detente record`: what has happened. One module a command."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.app import app

__all__ = ["WorkspaceOption", "record"]

record = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(record, name="record", help="What has happened: events, commitments, and the trust that they have earned.")

WorkspaceOption = Annotated[
    str, typer.Option("--workspace", metavar="DIR", help="The folder of the record.", envvar="DETENTE_RECORD")
]

# isort: off
# in the order in which `detente record --help` lists them
from detente.cli.record import start, importing, contents, show, dyad  # noqa: E402, F401
from detente.cli.record import unanswered, contacts, changes, reciprocity  # noqa: E402, F401

# isort: on
