"""Arguments and options that commands on the relation of two countries share."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["ACountry", "BCountry", "ByOption"]

ACountry = Annotated[
    str, typer.Argument(metavar="A", show_default=False, help="A country by its three letters of ISO 3166-1: USA.")
]
BCountry = Annotated[str, typer.Argument(metavar="B", show_default=False, help="The other country.")]
ByOption = Annotated[str, typer.Option("--by", metavar="PERIOD", help="day, week or month.")]
