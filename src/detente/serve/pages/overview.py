"""The first page: the cases of the workspace, each with what was worked out about it last."""

from __future__ import annotations

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from detente.case.library import slugs
from detente.serve.api.cases import summary
from detente.serve.bench import Workbench
from detente.serve.pages.render import render
from detente.serve.routes import Bench, Who

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/")
def show_overview(request: Request, bench: Bench, who: Who) -> Response:
    """The cases."""
    if who.role == "party":
        return RedirectResponse("/mine/", 303)
    found = [summary(bench, slug) for slug in bench.slugs()]
    bundled = [slug for slug in slugs() if slug not in {one["slug"] for one in found}]
    return render(
        request, "overview.html.j2", cases=found, bundled=bundled, strangers=bench.strangers(), removed=_removed(bench),
        folder=bench.folder.root.name,
    )  # fmt: skip


@router.post("/link")
def show_link(request: Request, bench: Bench) -> HTMLResponse:
    """An address for another browser on this machine, to be opened once."""
    return render(request, "link.html.j2", address=f"{request.base_url}?token={bench.access.link()}")


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
