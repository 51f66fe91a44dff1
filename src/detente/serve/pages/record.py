"""The record of the workspace: how commitments stand, one more reading of one, and files of events to import.

It is the folder that every command takes where none is named (`detente-record`), here in the workspace. The record that comes
with a bundled case is put into it before the first entry, so that nothing of it is lost.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from detente.base.bounds import limit
from detente.errors import DetenteError, InputError
from detente.record.schema import DEFAULT
from detente.serve.bench import Workbench
from detente.serve.pages.questions import found_about
from detente.serve.pages.render import render
from detente.serve.routes import Bench, Who

__all__ = ["begun", "name_of_upload", "record_of", "router", "take_upload"]

router = APIRouter(include_in_schema=False)

_NAME = 150  # bytes of the name of an upload
_LATEST = 200  # commitments that a page lists


def record_of(bench: Workbench) -> Path | None:
    """The record of the workspace; None: there is none yet."""
    folder = bench.folder.root / DEFAULT
    return folder if folder.is_dir() and not folder.is_symlink() else None


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
    with tempfile.TemporaryDirectory(prefix="detente-") as folder:
        try:
            path = Path(folder) / name_of_upload(file.filename or "")
            take_upload(file, path)
            record = Workspace.create(begun(bench, slug))
            done = import_files(record, [path], actors=actors_of(case))
        except DetenteError as err:
            return _page(request, bench, slug, status=422, said=str(err).replace(f"{folder}/", ""))
    bench.audit.note(who.name, "import", f"{slug} {path.name}")
    return RedirectResponse(
        f"/cases/{slug}/record?added={done.added}&known={done.known}&aside={sum(done.rejected.values())}", 303
    )


def take_upload(file: UploadFile, path: Path) -> None:
    """Write what is uploaded, as far as a file may be long."""
    most = limit("table-bytes")
    if file.size is not None and file.size > most:
        raise InputError(
            f"{path.name}: got {file.size:,} bytes, wanted at most {most:,} (import it with `detente record import`)"
        )
    with path.open("wb") as out:
        shutil.copyfileobj(file.file, out)


def name_of_upload(given: str) -> str:
    """The last part of a file's name, as far as it is plain: by its ending a packed file is known."""
    plain = "".join(c for c in Path(given.replace("\\", "/")).name if c.isalnum() or c in "._- ")
    short = plain.encode("utf-8", "ignore")[-_NAME:].decode("utf-8", "ignore")  # its end, which has the ending
    return short.lstrip(".- ") or "events"


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

    told, case, folder = found_about(bench, slug), bench.read(slug), record_of(bench)
    ledger = None
    if folder is not None or slug in records():
        with contextlib.suppress(DetenteError):  # there is a record, and nothing of this case in it
            ledger = commitments(case, folder, sort="read")
    return render(
        request, "record.html.j2", status=status, **told, page="happened", title="Enter what has happened", ledger=ledger,
        rows=ledger.rows[:_LATEST] if ledger else (), items=items(case), states=STATES, case=case, said=said, done=done,
        typed=typed or {}, record=DEFAULT, bundled=folder is None,
    )  # fmt: skip
