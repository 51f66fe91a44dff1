"""Arguments and options that several commands share."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer

__all__ = [
    "CaseArgument",
    "DrawsOption",
    "ForecastProfileOption",
    "GapOption",
    "JsonOption",
    "ObjectiveOption",
    "PageOption",
    "RecordOption",
    "SeedOption",
    "TimeOption",
    "TrustOption",
    "TrustProfileOption",
    "WholeTimeOption",
    "argument",
    "folder_option",
    "option",
]

_WRITTEN = ("--output -o", "--page")


def option(names: str, metavar: str, said: str, *, shown: bool = False, formats: list[str] | None = None) -> Any:
    """An option with a value. names : with blanks between them. shown : whether help tells its default. formats : of dates.

    What names a file to write is refused before any work is done if no file can have that name.
    """
    written = _a_file if names in _WRITTEN else None
    return typer.Option(*names.split(), metavar=metavar, show_default=shown, formats=formats, help=said, callback=written)


def _a_file(given: str | None) -> str | None:
    if given == "":
        raise typer.BadParameter("got '', wanted the name of a file")
    if given == "-":
        raise typer.BadParameter("got -, wanted the name of a file (standard output has one: /dev/stdout)")
    if given is not None and (given.endswith("/") or os.path.isdir(given)):  # noqa: PTH112 (too long a name is for who writes it to refuse)
        raise typer.BadParameter(f"got {given}, a folder; wanted the name of a file in it")
    return given


def argument(metavar: str, said: str) -> Any:
    """An argument whose default, if it has one, is told in words."""
    return typer.Argument(metavar=metavar, show_default=False, help=said)


def folder_option(said: str) -> Any:
    """The option that names the folder of a record, or DETENTE_RECORD does. said : what it is for, and what holds without."""
    return typer.Option("--workspace", metavar="FOLDER", show_default=False, envvar="DETENTE_RECORD", help=said)


CaseArgument = Annotated[
    str, argument("CASE", "A bundled case (see `detente cases`), the path of a case file, or - for standard input.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
PageOption = Annotated[str | None, option("--page", "FILE", "Write the answer as an HTML page, with pictures, as well.")]
GapOption = Annotated[
    float, option("--gap", "SHARE", "Stop when no roadmap can be better by more than this share.", shown=True)
]
ObjectiveOption = Annotated[str, typer.Option("--objective", help="What a roadmap is chosen for: nash, sum or min.")]
TimeOption = Annotated[
    float | None,
    option(
        "--time-limit",
        "SECONDS",
        "End the search after this time. Without it work is counted, the same on every machine.",
    ),
]
WholeTimeOption = Annotated[
    float | None,
    option(
        "--time-limit",
        "SECONDS",
        "End the search after this time. Without it work is counted, the same on every machine.",
    ),
]
DrawsOption = Annotated[
    int, option("--draws", "N", "Draws of the uncertain values in which each roadmap is tried; 0: none.", shown=True)
]
WidenOption = Annotated[
    float,
    option("--widen", "X", "Multiply every range about its likely value; 1: as given.", shown=True),
]
SeedOption = Annotated[int, option("--seed", "N", "Where the draws start.", shown=True)]
ForecastProfileOption = Annotated[
    str, option("--profile", "NAME|FILE", "What is taken for granted: a bundled profile or a file.", shown=True)
]
TrustProfileOption = Annotated[
    str | None,
    option(
        "--trust-profile",
        "NAME|FILE",
        "How much evidence says about trust: plain, fading, pam-34 or a file. Without it: plain.",
    ),
]
TrustOption = Annotated[
    str | None, option("--trust", "record", "Start from the trust that the record has earned, as of the date of the case.")
]
RecordOption = Annotated[
    str | None,
    folder_option("The folder of the record. Without it: detente-record, else the record bundled with the case."),
]
