"""Who the actors of a record are: the options that commands which read events share, and what they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from detente.cli.options import option
from detente.cli.output import print_aside

if TYPE_CHECKING:
    from detente.record.codes.actors import Actors
    from detente.record.workspace import Workspace

__all__ = ["ActorsOption", "PartiesOption", "opened", "read_who"]

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


def opened(workspace: str, actors: Sequence[str] | None, case: str | None) -> Workspace:
    """The record in a folder, its events read with these actors."""
    from detente.record.workspace import Workspace

    return Workspace.open(workspace).read_with(read_who(actors, case))
