"""The brief as one HTML file: every part rendered into a template that escapes what it is given.

The page needs no script and no other file. Its policy forbids every request, and names the one style and the one script that
it may use by their hash: whatever else got into the page could neither run nor repaint it. The script sorts tables,
and opens the annex that a link leads to. Characters that would steer a reader's eye, or that no page may hold, are shown as
escapes.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from string import ascii_uppercase
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from detente.base.keyed import FIGURE
from detente.base.legible import visible
from detente.base.words import full_date, sentence
from detente.brief.charts.marks import kind_mark, party_mark
from detente.brief.charts.svg import tag
from detente.brief.context import Context
from detente.brief.hiding import seen_by
from detente.brief.parts.advice import advice
from detente.brief.parts.ahead import ahead
from detente.brief.parts.beyond import beyond
from detente.brief.parts.breaking import breaking
from detente.brief.parts.choice import choice
from detente.brief.parts.confidence import confidence
from detente.brief.parts.conflict import conflict
from detente.brief.parts.contingencies import contingencies
from detente.brief.parts.course import course
from detente.brief.parts.figures import rests_on, units
from detente.brief.parts.forecast import forecasts
from detente.brief.parts.happened import happened
from detente.brief.parts.holding import holding
from detente.brief.parts.judged import judged
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

__all__ = ["body", "page"]


class Annex(NamedTuple):
    """`id`: its anchor; `part`: what it tells, absent where that is None or empty; `template`: the file that lays it out."""

    id: str
    title: str
    part: str
    template: str


ANNEXES = tuple(
    Annex(id_, title, part, f"{template}.html.j2")
    for id_, title, part, template in (
        ("steps", "Each step, and why it does not come sooner", "reasoned", "steps"),
        ("choice", "The roadmaps side by side, and at what price", "choice", "choice"),
        ("demands", "Four questions, and who demands what", "stuck", "demands"),
        ("holding", "How it holds", "holding", "holding"),
        ("draws", "In how many draws of the values it holds", "sure", "draws"),
        ("orders", "What each stated order would do", "orders", "orders"),
        ("speed", "Speed against safety", "speed", "speed"),
        ("possible", "What trust makes possible", "possible", "possible"),
        ("conflict", "What each side could do by itself", "conflict", "conflict"),
        ("beyond", "What is not reached, and why", "unreached", "beyond"),
        ("provisions", "What was signed, and which steps carry it out", "agreements", "provisions"),
        ("happened", "What has happened", "happened", "happened"),
        ("ahead", "What is ahead", "ahead", "ahead"),
        ("forecast", "The coming months", "forecasts", "forecasts"),
        ("contingencies", "If it goes wrong", "contingencies", "contingencies"),
        ("positions", "Where a bargain may end", "bargains", "positions"),
        ("values", "Values and sources", "values", "values"),
        ("method", "Method and limits", "method", "method"),
    )
)


def page(context: Context, *, annexes: bool = False, party: str | None = None) -> str:
    """The whole file. The same context gives the same text.

    annexes : print them too, not only the two pages and their list. party : the page as this party of the case may see it.
    """
    return _rendered("brief", replace(context, keyed=True), annexes, party)


def body(context: Context, *, annexes: bool = False, party: str | None = None) -> str:
    """What the page says, as well-formed elements, for those who make another file of it."""
    return _rendered("body", context, annexes, party)


def _rendered(template: str, context: Context, annexes: bool, party: str | None) -> str:
    parts = _parts(context)
    if party is not None:
        parts = seen_by(context, party, parts)
    told = [a for a in ANNEXES if parts[a.part]]
    return _environment().get_template(f"{template}.html.j2").render(
        **parts,
        annexes=told,
        linked={a.id: ascii_uppercase[n] for n, a in enumerate(told)},
        whose="" if party is None else context.party(party),
        printed=annexes,
        case=context.case,
        names=context.names,
        per=context.pace.per,
        as_of=full_date(context.case.as_of),
    )  # fmt: skip


def _parts(context: Context) -> dict[str, Any]:
    """Every part by the name that the templates have for it; None where there is nothing to tell."""
    beyond_it, course_of = beyond(context), course(context)
    return {
        "verdict": verdict(context),
        "advice": advice(context),
        "confidence": confidence(context),
        "breaking": breaking(context),
        "judged": judged(context),
        "rests_on": rests_on(context),
        "units": units(context),
        "stuck": stuck(context),
        "conflict": conflict(context),
        "course": course_of,
        "reasoned": course_of,
        "choice": choice(context),
        "holding": holding(context),
        "sure": sure(context),
        "orders": orders(context),
        "speed": speed(context, context.comparison),
        "beyond": beyond_it,
        "unreached": () if beyond_it is None else beyond_it.measures,
        "possible": possible(context, context.comparison),
        "agreements": provisions(context),
        "happened": happened(context, context.account),
        "ahead": ahead(context),
        "forecasts": forecasts(context),
        "contingencies": contingencies(context),
        "bargains": bargains(context),
        "questions": questions(context),
        "values": values(context),
        "method": method(context),
    }


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("detente.brief"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    folder = files("detente.brief") / "templates"
    style, script = ((folder / name).read_text(encoding="utf-8") for name in ("style.css", "sort.js"))
    environment.finalize = lambda given: _shown(given) if isinstance(given, str) and not isinstance(given, Markup) else given
    environment.filters["visible"] = _shown  # for what a filter joins
    environment.filters["sentence"] = sentence
    environment.filters["lines"] = lambda text: Markup("<br/>").join(map(_shown, text.split("\n")))
    environment.globals |= {
        "style": Markup(style),
        "script": Markup(script),
        "policy": Markup(_policy(style)),
        "policy_with_script": Markup(_policy(style, script)),
        "kind_sign": _kind_sign,
        "party_sign": _party_sign,
    }
    return environment


def _shown(text: str) -> Markup | str:
    """A text in which nothing steers any more, its figures with their keys."""
    if FIGURE.search(text) is None:
        return visible(text)
    between = FIGURE.split(text)  # text, key, figure, text, ...
    pieces = [escape(visible(x)) if n % 3 == 0 else x for n, x in enumerate(between)]
    for n in range(1, len(pieces), 3):
        pieces[n] = Markup('<data data-of="{}">').format(pieces[n])
        pieces[n + 1] = escape(visible(pieces[n + 1])) + Markup("</data>")
    return Markup("").join(pieces)


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
