"""The first page: the cases of the workspace, each with what was worked out about it last."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from detente.base.bounds import read_text
from detente.case.load import cases
from detente.errors import InputError
from detente.serve.bench import Workbench
from detente.serve.pages.questions import found_about, html_of
from detente.serve.pages.render import render
from detente.serve.pages.told import verdict_of
from detente.serve.pages.upload import uploaded
from detente.serve.routes import Bench, Who

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/")
def show_overview(request: Request, bench: Bench, who: Who) -> Response:
    """The cases."""
    if who.role == "party":
        return RedirectResponse("/mine/", 303)
    return _page(request, bench)


@router.post("/take")
def take_case(request: Request, bench: Bench, who: Who, file: UploadFile) -> Response:
    """Take a case of one's own: its file, or the spreadsheet of `detente case template`, filled in."""
    try:
        with uploaded(file) as path:
            slug = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "case"
            text, reason = _text_of(path, slug), f"taken from {path.name}"
            made = bench.versions.save(f"{slug}.yaml", text, base=0, author=who.name, reason=reason, kind="new")
    except InputError as err:
        return _page(request, bench, status=422, said=str(err))
    bench.note_version(who.name, made)
    return RedirectResponse(f"/cases/{slug}", 303)


def _text_of(path: Path, slug: str) -> str:
    """The text of a case from its file or a spreadsheet; a file of another name is called as the case in it."""
    if path.suffix.lower() == ".xlsx":
        from detente.case.rough.sheets import read_sheets

        return read_sheets(str(path), slug)
    return read_text(path)


def _page(request: Request, bench: Workbench, *, status: int = 200, said: str = "") -> Response:
    found = [found_about(bench, slug) for slug in bench.slugs()]
    for one in found:
        one |= {"verdict": verdict_of(html_of(one["job"])), "asides": bench.versions.conflicts(one["version"].path)}
    taken = {one["slug"] for one in found}
    bundled = {slug: title for slug, title in _bundled().items() if slug not in taken}
    return render(
        request, "overview.html.j2", status=status, cases=found, bundled=bundled, strangers=bench.strangers(),
        removed=_removed(bench), folder=bench.folder.root.name, said=said,
    )  # fmt: skip


@router.post("/link")
def show_link(request: Request, bench: Bench) -> HTMLResponse:
    """An address for another browser on this machine, to be opened once."""
    return render(request, "link.html.j2", address=f"{request.base_url}?token={bench.access.link()}")


@lru_cache(maxsize=1)
def _bundled() -> Mapping[str, str]:
    """The titles of the bundled cases by their slugs."""
    return {case.slug: case.title for case in cases()}


def _removed(bench: Workbench) -> list[dict[str, object]]:
    """Cases that were removed, with the revision that would bring each back."""
    heads = [bench.versions.head(path) for path in bench.versions.removed()]
    told = [(head, bench.versions.steps(head.path)[0]) for head in heads if head is not None]
    return [{"slug": head.path.removesuffix(".yaml"), "head": head, "before": before} for head, before in told if before]


@router.post("/begin")
def begin(bench: Bench, who: Who, slug: str = Form()) -> Response:
    """Put a bundled case into the workspace."""
    bench.begin(slug, author=who.name)
    return RedirectResponse(f"/cases/{slug}", 303)


@router.get("/template.xlsx")
def show_template() -> Response:
    """The empty spreadsheet."""
    from detente.case.rough.template import workbook

    kept = {"content-disposition": 'attachment; filename="case.xlsx"'}
    return Response(workbook(()), media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", headers=kept)
