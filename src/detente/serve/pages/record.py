"""The record of the workspace: how commitments stand, one more reading of one, and files of events to import.

It is the folder that every command takes where none is named (`detente-record`), here in the workspace. The record that comes
with a bundled case is put into it before the first entry, so that nothing of it is lost.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from detente.errors import DetenteError, InputError
from detente.record.schema import DEFAULT
from detente.serve.bench import Workbench
from detente.serve.pages.questions import found_about
from detente.serve.pages.render import render
from detente.serve.pages.upload import uploaded
from detente.serve.routes import Bench, Who

__all__ = ["begun", "router"]

router = APIRouter(include_in_schema=False)

_LATEST = 200  # commitments that a page lists


@router.get("/cases/{slug}/record")
def show_record(
    request: Request, slug: str, bench: Bench, added: int | None = None, known: int = 0, aside: int = 0
) -> Response:
    """How commitments stand, and what can be entered. added, known, aside : what an entry or import just now came to."""
    said = "" if added is None else f"{added} added, {known} known already, {aside} put aside."
    return _page(request, bench, slug, done=said)


@router.post("/cases/{slug}/record/commit")
def commit_reading(
    request: Request,
    slug: str,
    bench: Bench,
    who: Who,
    item: str = Form(),
    state: str = Form(),
    as_of: str = Form(),
    party: str = Form(""),
    due: str = Form(""),
    evidence: str = Form(""),
    note: str = Form(""),
) -> Response:
    """One more reading of one commitment, by whoever is logged in."""
    from detente.record.commitments.commit import commit

    case = bench.read(slug)
    typed = {"item": item, "state": state, "as_of": as_of, "party": party, "due": due, "evidence": evidence, "note": note}
    try:
        folder = begun(bench, slug)
        done = commit(
            case, item, state=state.strip(), as_of=as_of, by=who.name, party=party or None, due=due or None,
            evidence=evidence, note=note, workspace=folder,
        )  # fmt: skip
    except InputError as err:
        return _page(request, bench, slug, status=422, typed=typed, said=str(err))
    bench.audit.note(who.name, "commit", f"{slug} {item} {state}")
    return RedirectResponse(f"/cases/{slug}/record?added={done.added}&known={done.known}", 303)


@router.post("/cases/{slug}/record/import")
def import_events(request: Request, slug: str, bench: Bench, who: Who, file: UploadFile) -> Response:
    """Add a file of events."""
    from detente.record.codes.actors import actors_of
    from detente.record.importing.importing import import_files
    from detente.record.workspace import Workspace

    case = bench.read(slug)
    try:
        with uploaded(file) as path:
            done = import_files(Workspace.create(begun(bench, slug)), [path], actors=actors_of(case))
    except InputError as err:
        return _page(request, bench, slug, status=422, said=str(err))
    bench.audit.note(who.name, "import", f"{slug} {path.name}")
    return RedirectResponse(
        f"/cases/{slug}/record?added={done.added}&known={done.known}&aside={sum(done.rejected.values())}", 303
    )


def begun(bench: Workbench, slug: str) -> Path:
    """The record, begun where there is none: with what is bundled for the case, if anything is."""
    from detente.record.library import records, start
    from detente.record.workspace import Workspace

    folder = bench.folder.root / DEFAULT
    if folder.is_symlink():
        raise InputError(f"{DEFAULT}: is a link, wanted a folder (replace it by what it leads to)", source=DEFAULT)
    if not folder.exists():
        if slug in records():
            start(slug, folder)
        else:
            Workspace.create(folder)
    return folder


def _page(
    request: Request,
    bench: Workbench,
    slug: str,
    *,
    status: int = 200,
    said: str = "",
    done: str = "",
    typed: dict[str, str] | None = None,
) -> Response:
    from detente.record.commitments.items import items
    from detente.record.commitments.ledger import commitments
    from detente.record.commitments.scale import STATES
    from detente.record.library import records

    told, case, place = found_about(bench, slug), bench.read(slug), bench.folder.root / DEFAULT
    folder = place if place.is_dir() and not place.is_symlink() else None
    ledger = None
    if folder is not None or slug in records():
        with suppress(DetenteError):  # there is a record, and nothing of this case in it
            ledger = commitments(case, folder, sort="read")
    return render(
        request, "record.html.j2", status=status, **told, page="happened", title="Enter what has happened", ledger=ledger,
        rows=ledger.rows[:_LATEST] if ledger else (), items=items(case), states=STATES, case=case, said=said, done=done,
        typed=typed or {}, record=DEFAULT, bundled=folder is None,
    )  # fmt: skip
