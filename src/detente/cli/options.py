"""Arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated, Any

import typer

__all__ = [
    "CaseArgument",
    "DrawsOption",
    "JsonOption",
    "ObjectiveOption",
    "ProfileOption",
    "RecordOption",
    "SeedOption",
    "TimeOption",
    "TrustOption",
    "TrustProfileOption",
    "WholeTimeOption",
    "folder_option",
]


def folder_option(said: str) -> Any:
    """The option that names the folder of a record, or DETENTE_RECORD does. said : what it is for, and what holds without."""
    return typer.Option("--workspace", metavar="DIR", show_default=False, envvar="DETENTE_RECORD", help=said)


CaseArgument = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        show_default=False,
        help="A bundled case (see `detente cases`), the path of a case file, or - for standard input.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
ObjectiveOption = Annotated[str, typer.Option("--objective", help="What a roadmap is chosen for: nash, sum or min.")]
TimeOption = Annotated[
    float, typer.Option("--time-limit", metavar="SECONDS", help="End the search after this time; the gap is reported.")
]
WholeTimeOption = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        metavar="SECONDS",
        show_default=False,
        help="End after this time, and say what is left out. Without it: 60 for the plan, no limit for the rest.",
    ),
]
DrawsOption = Annotated[
    int, typer.Option("--draws", metavar="N", help="Draws of the uncertain values in which each roadmap is tried; 0: none.")
]
SeedOption = Annotated[int, typer.Option("--seed", metavar="N", help="Where the draws start.")]
ProfileOption = Annotated[
    str,
    typer.Option("--profile", metavar="PROFILE", help="How much evidence says: a bundled profile, plain or fading, or a file."),
]
TrustProfileOption = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="PROFILE",
        show_default=False,
        help="With --trust: how much evidence says, a bundled profile or a file. Without it: plain.",
    ),
]
TrustOption = Annotated[
    str | None,
    typer.Option(
        "--trust",
        metavar="record",
        show_default=False,
        help="Start from the trust that the record has earned, as of the date of the case.",
    ),
]
RecordOption = Annotated[
    str | None,
    folder_option("With --trust: the folder of the record. Without it: detente-record, else the record bundled with the case."),
]
