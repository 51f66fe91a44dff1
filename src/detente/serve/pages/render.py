"""Templates: each is given who asks and the token that a form has to bring, and escapes whatever else it is given."""

from __future__ import annotations

from functools import lru_cache

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from detente.base.legible import visible
from detente.base.words import count, figure, level_percent, signed_figure, the

__all__ = ["render"]


def render(request: Request, template: str, *, status: int = 200, **context: object) -> HTMLResponse:
    """A page from a template of `pages/templates`. In it `who` is who asks, `csrf` the token of the session."""
    given = {"who": request.state.person, "csrf": request.state.csrf, "local": request.app.state.bench.access.local}
    return HTMLResponse(_templates().get_template(template).render(**given, **context), status)


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("detente.serve.pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=lambda value: visible(value) if type(value) is str else value,
    )  # fmt: skip
    environment.filters |= {
        "day": lambda at: f"{at[:10]} {at[11:16]}",
        "count": count,
        "figure": figure,
        "signed": signed_figure,
        "share": level_percent,
        "the": the,
    }
    return environment
