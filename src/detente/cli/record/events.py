"""`detente record start`, `import` and `fetch`: events brought into the record."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.actors import ActorsOption, PartiesOption, read_who
from detente.cli.app import command
from detente.cli.options import JsonOption, argument, option
from detente.cli.output import print_answer, print_aside, print_json, print_rich, print_text
from detente.cli.record.options import WorkspaceOption, day
from detente.record.schema import DEFAULT


@command("record start", "us-dprk-2019 --workspace korea")
def start_record(
    case: Annotated[str, argument("CASE", "A bundled case that has a record.")],
    workspace: WorkspaceOption = DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Put the bundled record of a case into a workspace, to go on from.

    What is there already is not added again.
    """
    from detente.record.library import start

    made = start(case, workspace)
    if as_json:
        print_json(made.to_dict())
        return
    parts = ", ".join(f"{n} {table}" for table, n in made.added.items() if n)
    before = ", ".join(f"{n} {table}" for table, n in made.known.items() if n)
    said = [f"added {parts}"] if parts else []
    said += [f"there already: {before}"] if before else []
    print_text(f"{made.workspace}: {'; '.join(said)}.")


@command("record import", "events.csv --format csv --map columns.yaml")
def import_events(
    files: Annotated[
        list[str], argument("FILE...", "Files of events: plain, .xlsx, .gz, .bz2, .xz or .zip; - for standard input.")
    ],
    format: Annotated[
        str | None,
        option(
            "--format",
            "FORMAT",
            "gdelt1, gdelt2, gdelt-reduced, icews, plover, keds, ucdp, acled or csv; left out: recognised from each file.",
        ),
    ] = None,
    column_map: Annotated[str | None, option("--map", "FILE", "For csv: what the columns are (YAML or JSON).")] = None,
    actors: ActorsOption = None,
    case: PartiesOption = None,
    ontology: Annotated[str | None, option("--ontology", "NAME", "For keds: whose codes they are, cameo or weis.")] = None,
    workspace: WorkspaceOption = DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Add events to the record, which is begun if there is none.

    What is in the record already is not added again. Rows that cannot be used are counted by reason and written aside. Exit
    code 1 if no row of any file could be used, 2
    if a file could not be read; what was added of others is told.
    """
    from detente.base.bounds import read_text
    from detente.errors import RecordError
    from detente.record.formats.mapped import read_map
    from detente.record.importing.importing import import_files
    from detente.record.importing.result import PartlyImportedError
    from detente.record.telling import show_imported

    columns = read_map(read_text(column_map, error=RecordError), column_map) if column_map else None
    names = read_who(actors, case)
    try:
        done = import_files(
            workspace,
            files,
            format=format,
            column_map=columns,
            actors=names,
            ontology=ontology,
            progress=_announce if len(files) > 1 and not as_json else None,
        )
    except PartlyImportedError as err:
        added = err.done
        print_answer(as_json, added.to_dict, lambda: show_imported(added, workspace))
        raise
    print_answer(as_json, done.to_dict, lambda: show_imported(done, workspace))
    if not done:
        raise typer.Exit(1)


def _announce(name: str) -> None:
    print_aside(f"{name} ...")


@command("record fetch", "gdelt --from 2018-06-01 --to 2018-06-30 --import")
def fetch_events(
    source: Annotated[str, argument("SOURCE", "Whose files: gdelt.")],
    start: Annotated[str, option("--from", "DATE", "The first day, in UTC.")],
    end: Annotated[str, option("--to", "DATE", "The last day, included.")],
    version: Annotated[
        int, option("--edition", "N", "GDELT 1.0 (1: a file a day) or 2.0 (2: a file every 15 minutes).", shown=True)
    ] = 1,
    into: Annotated[str, option("--into", "FOLDER", "Where the files go.", shown=True)] = "gdelt",
    add: Annotated[bool, typer.Option("--import", help="Add the files to the record when they are here.")] = False,
    tries: Annotated[int, option("--tries", "N", "How often a file is tried.", shown=True)] = 5,
    pause: Annotated[
        float, option("--pause", "SECONDS", "Before the second try; twice as long before each further one.", shown=True)
    ] = 2.0,
    timeout: Annotated[
        float, option("--timeout", "SECONDS", "A connection that is silent for so long is given up.", shown=True)
    ] = 60.0,
    file_limit: Annotated[
        float, option("--file-limit", "SECONDS", "For a file or list, with all its tries.", shown=True)
    ] = 1_800.0,
    time_limit: Annotated[float, option("--time-limit", "SECONDS", "For all of them together.", shown=True)] = 86_400.0,
    base_url: Annotated[
        str | None,
        option("--base-url", "URL", "A mirror of what is published; else GDELT's own, at storage.googleapis.com.", shown=True),
    ] = None,
    plain_http: Annotated[
        bool, typer.Option("--plain-http", help="Ask by http, not https: whoever is on the way can read and change what comes.")
    ] = False,
    workspace: WorkspaceOption = DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Download the published files of the GDELT Project for a span of days.

    What is half here is continued. Every file is checked against the publisher's list. Exit code 1 if some files could not be
    had; they are named, and the others are kept.
    """
    from detente.errors import RecordError
    from detente.record.fetching.adding import add_fetched
    from detente.record.fetching.fetch import fetch
    from detente.record.fetching.patience import Patience
    from detente.record.fetching.published import check_days, edition
    from detente.record.fetching.telling import show_fetched
    from detente.record.telling import show_imported
    from detente.record.workspace import Workspace

    if source != "gdelt":
        raise RecordError(f"{source}: files of this publisher cannot be fetched (known: gdelt)")
    first, last = day(start), day(end)
    assert first is not None
    assert last is not None
    patience = Patience(tries, pause, file_limit=file_limit, time_limit=time_limit)
    check_days(edition(version), first, last, patience.now().date())
    record_folder = Workspace.create(workspace) if add else None  # a folder that is no record is told before the download
    found = fetch(
        first,
        last,
        into,
        version=version,
        base_url=base_url,
        plain_http=plain_http,
        patience=patience,
        timeout=timeout,
        say=print_aside,
    )
    added = add_fetched(record_folder, found, _announce) if record_folder else None
    if as_json:
        print_json({**found.to_dict(), **({"imported": added.to_dict()} if added is not None else {})})
    else:
        print_text("\n".join(show_fetched(found)))
        if added is not None and added.imported.files:
            print_rich("", *show_imported(added.imported, workspace))
        for name, reason in (added.refused if added is not None else {}).items():
            print_text(f"{name}: was not added: {reason}")
    if not found or (added is not None and not added):
        raise typer.Exit(1)
