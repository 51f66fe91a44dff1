"""`detente record import`: add files of events."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import JsonOption, argument, option
from detente.cli.output import print_answer, print_aside
from detente.cli.record.files import read_actors, read_text
from detente.cli.record.options import WorkspaceOption, record
from detente.record.schema import DEFAULT


@record.command("import", epilog="Example: detente record import events.csv --as csv --map columns.yaml")
def import_events(
    files: Annotated[list[str], argument("FILE...", "Files of events: plain, .gz, .bz2, .xz or .zip.")],
    format: Annotated[
        str | None,
        option(
            "--as",
            "FORMAT",
            "gdelt1, gdelt2, icews, plover, keds, ucdp, acled or csv; left out, it is recognised from each file.",
        ),
    ] = None,
    column_map: Annotated[str | None, option("--map", "FILE", "For csv: what the columns are (YAML or JSON).")] = None,
    actors: Annotated[str | None, option("--actors", "FILE", "A table (name, country) of actors that name no country.")] = None,
    ontology: Annotated[str | None, option("--ontology", "NAME", "For keds: whose codes they are, cameo or weis.")] = None,
    workspace: WorkspaceOption = DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Add events to the record, which is begun if there is none.

    What is in the record already is not added again. Rows that cannot be used are counted by reason and written aside. Exit
    code 1 if no row of any file could be used.
    """
    from detente.record.formats.mapped import read_map
    from detente.record.importing.importing import import_files
    from detente.record.show import show_imported
    from detente.record.workspace import Workspace

    columns = read_map(read_text(column_map), column_map) if column_map else None
    names = read_actors(actors) if actors else None
    done = import_files(
        Workspace.create(workspace),
        files,
        format=format,
        column_map=columns,
        actors=names,
        ontology=ontology,
        progress=_told if len(files) > 1 and not as_json else None,
    )
    print_answer(as_json, done.to_dict, lambda: show_imported(done, workspace))
    if not done:
        raise typer.Exit(1)


def _told(name: str) -> None:
    print_aside(f"{name} ...")
