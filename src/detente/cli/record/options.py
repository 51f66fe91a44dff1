"""The group of commands on the record, and the arguments and options that they share."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.app import app
from detente.cli.options import argument, folder_option, option
from detente.cli.output import print_aside

if TYPE_CHECKING:
    from detente.record.codes.actors import Actors

__all__ = [
    "ACountry",
    "ActorsOption",
    "AsOfOption",
    "BCountry",
    "ByOption",
    "FormatOption",
    "PartiesOption",
    "ReadWorkspaceOption",
    "WorkspaceOption",
    "day",
    "read_who",
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
AsOfOption = Annotated[str | None, option("--as-of", "DATE", "How things stood on this day. Without it: the date of the case.")]
ACountry = Annotated[str, argument("A", "A country or another party: its code, or its name.")]
BCountry = Annotated[str, argument("B", "The other one.")]
ActorsOption = Annotated[
    list[str] | None,
    option(
        "--actors",
        "FILE",
        "Who the actors are: a table (name, code; perhaps from, to), or a PETRARCH dictionary; may be repeated.",
    ),
]
PartiesOption = Annotated[
    str | None, option("--case", "CASE", "Take the names that this case gives its parties (`also_called`), too.")
]
ByOption = Annotated[str, option("--by", "PERIOD", "day, week or month.", shown=True)]
FormatOption = Annotated[list[str] | None, option("--format", "FORMAT", "Only events of this format; may be repeated.")]


_LISTED = 3
"""How many entries of a dictionary that are left out are printed."""


def read_who(files: Sequence[str] | None, case: str | None = None) -> Actors:
    """Who the actors are by some files, the first one first, and by a case. What cannot be read of a dictionary is told."""
    from detente.case.load import load
    from detente.record.codes.actors import Actors, actors_of, read_actors

    found = Actors()
    for file in files or ():
        found = found.then(read_actors(file))
    if found.left_out:
        listed = ", ".join(found.left_out[:_LISTED]) + (" ..." if len(found.left_out) > _LISTED else "")
        print_aside(f"detente: entries of a dictionary left out, for they cannot be read: {len(found.left_out)} ({listed})")
    return found if case is None else found.then(actors_of(load(case)))


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
