"""`detente record migrate`: bring an older record to the version of today."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import JsonOption, option
from detente.cli.output import print_json, print_text
from detente.cli.record.options import record
from detente.record.schema import DEFAULT


@record.command("migrate", epilog="Example: detente record migrate detente-record")
def migrate_record(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The folder of the record.")] = DEFAULT,
    copy: Annotated[
        str | None, option("--copy", "DIR", "Where the folder is copied to first. Without it: beside it, as DIR-version-1.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a record of version 1 to version 2: copy the folder, then give it its chain.

    Each part is sealed as it is today; what was changed before cannot be told.
    """
    from detente.record.migrate import migrate

    done = migrate(folder, copy)
    if as_json:
        print_json(done.to_dict())
    elif done.copy is None:
        print_text(f"{done.workspace} is of version 2 already.")
    else:
        print_text(f"{done.workspace} is of version 2 now, with {done.parts} parts. As it was: {done.copy}")
        if done.retracted:
            print_text(f"{done.retracted} rows were retracted: their dates are none that a record can hold.")
