"""The brief as one HTML file: every part rendered into a template that escapes what it is given.

The page needs no script and no other file. Its policy forbids every request, and names the one style and the one script that
it may use by their hash: whatever else got into the page could neither run nor repaint it. The script only sorts tables.
Characters that would steer a reader's eye, or that no page may hold, are shown as escapes.
"""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from detente.base.legible import visible
from detente.brief.charts.marks import kind_mark, party_mark
from detente.brief.charts.svg import tag
from detente.brief.context import Context
from detente.brief.parts.ahead import ahead
from detente.brief.parts.beyond import beyond
from detente.brief.parts.choice import choice
from detente.brief.parts.conflict import conflict
from detente.brief.parts.contingencies import contingencies
from detente.brief.parts.course import course
from detente.brief.parts.figures import figures, units
from detente.brief.parts.forecast import forecasts
from detente.brief.parts.happened import happened
from detente.brief.parts.holding import holding
from detente.brief.parts.method import method
from detente.brief.parts.orders import orders
from detente.brief.parts.positions import bargains
from detente.brief.parts.possible import possible
from detente.brief.parts.provisions import provisions
from detente.brief.parts.questions import questions
from detente.brief.parts.speed import speed
from detente.brief.parts.stuck import stuck
from detente.brief.parts.sure import sure
from detente.brief.parts.values import values
from detente.brief.parts.verdict import verdict
from detente.brief.words import full_date

__all__ = ["page"]


def page(context: Context) -> str:
    """The whole file. The same context gives the same text."""
    return _environment().get_template("brief.html.j2").render(
        case=context.case,
        names=context.names,
        per=context.pace.per,
        as_of=full_date(context.case.as_of),
        verdict=verdict(context),
        figures=figures(context),
        units=units(context),
        stuck=stuck(context),
        conflict=conflict(context),
        course=course(context),
        choice=choice(context),
        holding=holding(context),
        sure=sure(context),
        orders=orders(context),
        speed=speed(context, context.comparison),
        beyond=beyond(context),
        possible=possible(context, context.comparison),
        agreements=provisions(context),
        happened=happened(context, context.account),
        ahead=ahead(context),
        forecasts=forecasts(context),
        contingencies=contingencies(context),
        bargains=bargains(context),
        questions=questions(context),
        values=values(context),
        method=method(context),
    )  # fmt: skip


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("detente.brief"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    folder = files("detente.brief") / "templates"
    style, script = ((folder / name).read_text(encoding="utf-8") for name in ("style.css", "sort.js"))
    environment.finalize = lambda given: visible(given) if type(given) is str else given
    environment.filters["visible"] = visible  # for what a filter joins
    environment.globals |= {
        "style": Markup(style),
        "script": Markup(script),
        "policy": Markup(_policy(style)),
        "policy_with_script": Markup(_policy(style, script)),
        "kind_sign": _kind_sign,
        "party_sign": _party_sign,
    }
    return environment


def _policy(style: str, script: str = "") -> str:
    """The content security policy of a page that holds this style and this script."""
    allowed = [("style-src", style), *([("script-src", script)] if script else [])]
    hashes = [f"{what} 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for what, text in allowed]
    return "; ".join(["default-src 'none'", *hashes, "img-src data:", "base-uri 'none'", "form-action 'none'"])


def _kind_sign(kind: str) -> Markup:
    """A kind's sign within a line of text."""
    return tag("svg", kind_mark(kind, 7, 7), width=14, height=14, viewBox="0 0 14 14", class_="sign", aria_hidden="true")


def _party_sign(place: int) -> Markup:
    """A party's swatch within a line of text."""
    return tag(
        "svg", party_mark(place, 1, 1, 9, 14), width=11, height=16, viewBox="0 0 11 16", class_="sign", aria_hidden="true"
    )
