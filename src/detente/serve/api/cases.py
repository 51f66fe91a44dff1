"""Cases and their versions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from detente.errors import InputError
from detente.serve.api.answers import REFUSALS, Aside, Case, Checked, Listed, Text, Version, told
from detente.serve.api.listed import USUAL, Count, page
from detente.serve.bench import NotThereError, Workbench
from detente.serve.routes import Bench, Who
from detente.serve.store.database import LARGEST
from detente.serve.store.versions import Version as Made

__all__ = ["router"]

router = APIRouter(prefix="/api/cases", tags=["cases"], responses=REFUSALS)

Revision = Annotated[int, Path(ge=1, le=LARGEST)]


class Whole(BaseModel):
    """A whole new text. base : the revision that it was begun from, 0: none."""

    model_config = ConfigDict(extra="forbid")
    content: str
    base: int = Field(ge=0, lt=LARGEST)
    reason: str = Field("", max_length=500)


class Entries(BaseModel):
    """Some entries by path, such as ``{"parties.us.trust.dprk": 0.3}``. base : the revision that they were begun from."""

    model_config = ConfigDict(extra="forbid")
    entries: dict[str, Any]
    base: int = Field(ge=1, lt=LARGEST)
    reason: str = Field("", max_length=500)


class Base(BaseModel):
    """A step. base : the newest revision that was seen."""

    model_config = ConfigDict(extra="forbid")
    base: int = Field(ge=1, lt=LARGEST)
    reason: str = Field("", max_length=500)


class Content(BaseModel):
    """A text to be looked at."""

    model_config = ConfigDict(extra="forbid")
    content: str


@router.get("", responses=told(list[Listed]))
def list_cases(bench: Bench) -> list[dict[str, Any]]:
    """The cases of the workspace: slug, newest revision, and the newest diagnosis and plan."""
    return [_listed(bench, slug) for slug in bench.slugs()]


def _listed(bench: Workbench, slug: str) -> dict[str, Any]:
    version = bench.versions.head(f"{slug}.yaml")
    assert version is not None
    title, faults = bench.about(slug, version.content or "")
    late = {task: bench.jobs.latest(task, slug) for task in ("diagnose", "plan")}
    return {
        "slug": slug,
        "title": title,
        "version": version.to_dict(),
        "faults": [fault.__dict__ for fault in faults],
        "jobs": {task: {**job.to_dict(), "stale": job.input != version.digest} for task, job in late.items() if job},
        "asides": bench.versions.conflicts(version.path),
    }


@router.post("/{slug}/begin", status_code=201, responses=told(Version, 201))
def begin_case(slug: str, bench: Bench, who: Who) -> dict[str, Any]:
    """Put a bundled case into the workspace."""
    return bench.begin(slug, author=who.name).to_dict()


@router.get("/{slug}", responses=told(Case))
def show_case(slug: str, bench: Bench) -> dict[str, Any]:
    """The newest version of a case, with its text, the revisions that undo and redo would show, and of the texts kept aside the
    newest 200, the oldest of them first; all are at /asides."""
    version = bench.case(slug)
    undo, redo = bench.versions.steps(version.path)
    asides = [aside.to_dict() for aside in bench.versions.asides(version.path, count=USUAL)[::-1]]
    return {**version.to_dict(content=True), "undo": undo, "redo": redo, "asides": asides}


@router.post("/{slug}/check", responses=told(Checked))
def check_case(slug: str, given: Content, bench: Bench) -> dict[str, Any]:
    """The faults of a text, with line and column, without saving it."""
    try:
        bench.versions.check(f"{slug}.yaml", given.content)
    except InputError as err:
        return {"error": str(err), "faults": [fault.__dict__ for fault in err.faults]}
    return {"error": "", "faults": []}


@router.put("/{slug}", responses=told(Version))
def save_case(slug: str, given: Whole, bench: Bench, who: Who) -> dict[str, Any]:
    """Save a whole new text; 409 with both versions where somebody has changed the same entries since."""
    _there(bench, slug)
    text = as_on_disk(bench, slug, given.content)
    kind = "edit" if given.base else "new"
    made = bench.versions.save(f"{slug}.yaml", text, base=given.base, author=who.name, reason=given.reason, kind=kind)
    return _saved(bench, who.name, made)


@router.patch("/{slug}", responses=told(Version))
def change_case(slug: str, given: Entries, bench: Bench, who: Who) -> dict[str, Any]:
    """Change some entries in the file itself, comments and layout kept."""
    _there(bench, slug)
    begun = bench.versions.at(f"{slug}.yaml", given.base)
    made = bench.versions.change(begun, given.entries, author=who.name, reason=given.reason)
    return _saved(bench, who.name, made)


@router.delete("/{slug}", responses=told(Version))
def remove_case(slug: str, base: Annotated[int, Query(ge=0, lt=LARGEST)], bench: Bench, who: Who) -> dict[str, Any]:
    """Remove a case; its versions stay, and each can be restored."""
    path = bench.case(slug).path
    made = bench.versions.save(path, None, base=base, author=who.name, reason="removed", kind="delete")
    return _saved(bench, who.name, made)


@router.get("/{slug}/versions", responses=told(list[Version]))
def list_versions(
    request: Request, response: Response, slug: str, bench: Bench,
    count: Count = USUAL, before: Annotated[int, Query(ge=1, le=LARGEST)] = LARGEST,
) -> list[dict[str, Any]]:  # fmt: skip
    """The versions of a case, the newest first, without their text; before : of those before this revision."""
    _there(bench, slug)
    path = f"{slug}.yaml"
    if bench.versions.head(path) is None:
        raise NotThereError(f"{slug}: there is no such case here")
    found = page(
        request, response, lambda n: bench.versions.history(path, count=n, before=before)[::-1], count, lambda v: v.revision
    )
    return [version.to_dict() for version in found]


@router.get("/{slug}/versions/{revision}", responses=told(Text))
def show_version(slug: str, revision: Revision, bench: Bench) -> dict[str, Any]:
    """One version, with its text."""
    _there(bench, slug)
    return bench.versions.at(f"{slug}.yaml", revision).to_dict(content=True)


@router.post("/{slug}/versions/{revision}/restore", responses=told(Version))
def restore_version(slug: str, revision: Revision, given: Base, bench: Bench, who: Who) -> dict[str, Any]:
    """Make an older version the newest."""
    _there(bench, slug)
    made = bench.versions.restore(f"{slug}.yaml", revision, base=given.base, author=who.name, reason=given.reason)
    return _saved(bench, who.name, made)


@router.post("/{slug}/undo", responses=told(Version))
def undo(slug: str, given: Base, bench: Bench, who: Who) -> dict[str, Any]:
    """Go back behind the last change that is not undone."""
    _there(bench, slug)
    return _saved(bench, who.name, bench.versions.undo(f"{slug}.yaml", base=given.base, author=who.name))


@router.post("/{slug}/redo", responses=told(Version))
def redo(slug: str, given: Base, bench: Bench, who: Who) -> dict[str, Any]:
    """Take the last undo back."""
    _there(bench, slug)
    return _saved(bench, who.name, bench.versions.redo(f"{slug}.yaml", base=given.base, author=who.name))


@router.get("/{slug}/asides", responses=told(list[Aside]))
def list_asides(
    request: Request, response: Response, slug: str, bench: Bench, count: Count = USUAL, before: str | None = None
) -> list[dict[str, Any]]:
    """The texts that conflicted and are not settled, the newest first; before : of those that came before this one."""
    _there(bench, slug)
    path = f"{slug}.yaml"
    found = page(
        request, response, lambda n: bench.versions.asides(path, count=n, before=before), count, lambda aside: aside.id
    )
    return [aside.to_dict() for aside in found]


@router.post("/{slug}/asides/{aside}/drop", responses=told(Aside))
def drop_aside(slug: str, aside: str, bench: Bench, who: Who) -> dict[str, Any]:
    """Note that a text kept aside is settled: what stands, stands. The text stays in the database."""
    _there(bench, slug)
    _aside_of(bench, slug, aside)
    bench.versions.settle(aside, "dropped")
    bench.audit.note(who.name, "drop", f"{slug}.yaml aside {aside}")
    return bench.versions.aside(aside).to_dict()


@router.post("/{slug}/asides/{aside}/take", responses=told(Version))
def take_aside(slug: str, aside: str, given: Base, bench: Bench, who: Who) -> dict[str, Any]:
    """Make a text kept aside the newest version, in place of what stands at `base`."""
    _there(bench, slug)
    kept = _aside_of(bench, slug, aside)
    reason = given.reason or f"the text of {kept.author} from revision {kept.base}"
    kind = "edit" if kept.content is not None else "delete"
    made = bench.versions.save(kept.path, kept.content, base=given.base, author=who.name, reason=reason, kind=kind)
    bench.versions.settle(aside, "taken")
    return _saved(bench, who.name, made)


def _aside_of(bench: Workbench, slug: str, aside: str) -> Any:
    kept = bench.versions.aside(aside)
    if kept.path != f"{slug}.yaml":
        raise NotThereError(f"{slug}: there is no text {aside[:40]!r} kept aside")
    return kept


def _there(bench: Workbench, slug: str) -> None:
    """Refuse a name that no case can have."""
    try:
        bench.folder.place(f"{slug}.yaml")
    except InputError as err:
        raise NotThereError(str(err)) from None


def as_on_disk(bench: Workbench, slug: str, text: str) -> str:
    """A text with the line ends of the file that it replaces: forms send others."""
    plain = text.replace("\r\n", "\n")
    head = bench.versions.newest(f"{slug}.yaml")
    return plain.replace("\n", "\r\n") if head and head.content and "\r\n" in head.content else plain


def _saved(bench: Workbench, who: str, made: Made) -> dict[str, Any]:
    bench.note_version(who, made)
    return made.to_dict()
