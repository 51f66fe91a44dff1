"""`detente record codes`: what the codes of events mean."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.base.parts import Table
from detente.base.words import as_written
from detente.cli.app import command
from detente.cli.options import JsonOption, argument, option
from detente.cli.output import print_json, print_rich, print_text

_QUADS = ("", "verbal cooperation", "material cooperation", "verbal conflict", "material conflict")


@command("record codes", "cameo --like 'ease sanctions'")
def show_codes(
    ontology: Annotated[str, argument("ONTOLOGY", "Whose codes: cameo, weis or plover.")] = "cameo",
    like: Annotated[str | None, option("--like", "WORDING", "Only the codes nearest to this wording.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the codes of events with what they mean, their class and their intensity.

    With --like the nearest to a wording that an import did not know, or all that begin with a code. Exit code 1 if none is
    near.
    """
    from detente.record.codes.listed import codes, nearest

    found = codes(ontology) if like is None else nearest(ontology, like)
    if as_json:
        print_json({"ontology": ontology, "codes": [code.to_dict() for code in found]})
    elif found:
        table = Table("", "Code", "Meaning", "Class", "Intensity")
        for code in found:
            value = "" if code.intensity is None else ("+" if code.intensity > 0 else "") + as_written(code.intensity)
            table.add(code.code, f"as {code.above}: {code.words}" if code.above else code.words, _QUADS[code.quad], value)
        print_rich(table)
    else:
        print_text(f"No code of {ontology} is near to that.")
    if not found:
        raise typer.Exit(1)
