"""`detente record fetch`: bring published files of events here."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import JsonOption, argument, option
from detente.cli.output import print_aside, print_json, print_rich, print_text
from detente.cli.record.options import WorkspaceOption, day, record
from detente.record.schema import DEFAULT


@record.command("fetch", epilog="Example: detente record fetch gdelt --from 2018-06-01 --to 2018-06-30 --import")
def fetch_events(
    source: Annotated[str, argument("SOURCE", "Whose files: gdelt.")],
    start: Annotated[str, option("--from", "DATE", "The first day, in UTC.")],
    end: Annotated[str, option("--to", "DATE", "The last day, included.")],
    version: Annotated[
        int, option("--version", "N", "GDELT 1.0 (1: a file a day) or 2.0 (2: a file every 15 minutes).", shown=True)
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

    What is here already and right is not fetched again, and what is half here is continued. Every file is checked against the
    publisher's list. Exit code 1 if some files could not be had; they are named, and the others are kept.
    """
    from detente.errors import RecordError
    from detente.record.fetching.adding import add_fetched
    from detente.record.fetching.fetch import fetch
    from detente.record.fetching.patience import Patience
    from detente.record.fetching.published import check_days, edition
    from detente.record.fetching.show import show_fetched
    from detente.record.show import show_imported
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
        say=_say,
    )
    added = add_fetched(record_folder, found, lambda name: _say(f"{name} ...")) if record_folder else None
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


def _say(text: str) -> None:
    print_aside(text)
