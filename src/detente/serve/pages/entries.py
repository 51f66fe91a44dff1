"""The numbers of a case, one field each: its range, a slider for what is likely, its evidence, and what is wrong beside it.

An entry is written as the case file writes it: ``0.3``, ``[0.1, 0.3, 0.5]``, ``small``. What is saved is a change of the file
itself, whose comments and layout stay, checked as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict

from detente.case.case import Case
from detente.case.edit import document_of
from detente.case.value import Value, plain
from detente.errors import CaseError, InputError
from detente.serve.bench import Workbench
from detente.serve.pages.questions import found_about
from detente.serve.pages.render import render
from detente.serve.routes import Bench, Who
from detente.serve.store.versions import ConflictError

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_MOST = 300  # characters of an entry
_STEPS = 200  # of a slider


@dataclass(frozen=True)
class Entry:
    """A number of the case. path : in the file; text : as it is written; low, likely, high, first, last : for its slider."""

    path: str
    label: str
    text: str
    low: float
    likely: float
    high: float
    first: float
    last: float

    @property
    def id(self) -> str:
        """Its anchor."""
        return _anchor(self.path)

    @property
    def step(self) -> float:
        """By how much the slider moves."""
        return (self.last - self.first) / _STEPS if self.last > self.first else 1.0


@dataclass(frozen=True)
class Group:
    """The entries of a party or a measure, with what the sources say. about : who acts, of what kind."""

    id: str
    title: str
    about: str
    entries: tuple[Entry, ...]
    evidence: tuple[tuple[str, str], ...]


def _anchor(path: str) -> str:
    return "entry-" + "".join(c if c.isalnum() else "-" for c in path)


def groups_of(case: Case) -> tuple[list[Group], list[Group]]:
    """The parties and the measures of a case, each with its numbers."""
    most = {i: max([_size(i, case), *map(_reach, (p.stalemate, p.breakdown))]) for i, p in case.parties.items()}
    parties = [
        Group(
            i,
            party.name,
            "",
            tuple(_of_party(case, i, most[i])),
            _evidence(case, party.evidence),
        )
        for i, party in case.parties.items()
    ]
    measures = [
        Group(
            m,
            spec.title,
            f"{', '.join(case.parties[i].name for i in spec.by)} · {spec.kind}",
            tuple(_of_measure(case, m, most)),
            _evidence(case, spec.evidence),
        )
        for m, spec in case.measures.items()
    ]
    return parties, measures


def _of_party(case: Case, i: str, most: float) -> Iterator[Entry]:
    party, at = case.parties[i], f"parties.{i}"
    for j, belief in party.trust.items():
        yield _entry(f"{at}.trust.{j}", f"Trust in {case.parties[j].name}", belief, 0, 1)
    yield _entry(f"{at}.discount", "Weight of the next phase", party.discount, 0, 1)
    yield _entry(f"{at}.stalemate", "No deal, per phase", party.stalemate, -most, most)
    yield _entry(f"{at}.breakdown", "Lost at a collapse", party.breakdown, 0, max(most, _reach(party.breakdown) * 2))


def _of_measure(case: Case, m: str, most: dict[str, float]) -> Iterator[Entry]:
    spec, at = case.measures[m], f"measures.{m}"
    for i, value in spec.value.items():
        yield _entry(f"{at}.value.{i}", f"{case.parties[i].name}, per phase", value, -most[i], most[i])
    for i, value in spec.once.items():
        yield _entry(f"{at}.once.{i}", f"{case.parties[i].name}, once", value, -most[i], most[i])
    yield _entry(f"{at}.irreversible", "Share that remains when it is broken off", spec.irreversible, 0, 1)
    yield _entry(f"{at}.lag", "Phases until a breach is known", spec.lag, 1, max(12, _reach(spec.lag)))
    yield _entry(f"{at}.takes", "Phases from the start of the work", spec.takes, 0, max(12, _reach(spec.takes)))
    yield _entry(f"{at}.signal", "How much likelier from the sincere", spec.signal, 1, max(10, _reach(spec.signal)))


def _entry(path: str, label: str, value: Value, first: float, last: float) -> Entry:
    low, likely, high = (float(x) for x in (value.low, value.likely, value.high))
    return Entry(path, label, value.text, low, likely, high, float(first), float(last))


def _size(party: str, case: Case) -> float:
    """The largest value that a party has in a measure; at least 1."""
    return max(
        [1.0, *(_reach(v) for m in case.measures.values() for of in (m.value, m.once) for i, v in of.items() if i == party)]
    )


def _reach(value: Value) -> float:
    return float(max(abs(value.low), abs(value.high)))


def _evidence(case: Case, ids: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    found = [case.evidence[e] for e in ids]
    return tuple((e.says, ", ".join(filter(None, (case.sources[e.source].title, e.at)))) for e in found)


@router.get("/cases/{slug}/entries")
def show_entries(request: Request, slug: str, bench: Bench) -> Response:
    """The numbers."""
    return _page(request, bench, slug)


@router.post("/cases/{slug}/entries")
def save_entry(
    request: Request,
    slug: str,
    bench: Bench,
    who: Who,
    path: str = Form(),
    value: str = Form(),
    base: int = Form(),
    reason: str = Form(""),
) -> Response:
    """Save one of them; with a fault the page again, with what was typed and what is wrong with it."""
    name = f"{slug}.yaml"
    try:
        begun = bench.versions.at(name, base)
        made = bench.versions.change(begun, {path: parsed(value)}, author=who.name, reason=reason or f"{path}: {value}")
    except ConflictError as err:
        return _page(request, bench, slug, status=409, typed={path: value}, said={path: str(err)})
    except InputError as err:
        return _page(request, bench, slug, status=422, typed={path: value}, said={path: first_fault(err)})
    bench.note_version(who.name, made)
    return RedirectResponse(f"/cases/{slug}/entries#{_anchor(path)}", 303)


class Trial(BaseModel):
    """One entry as it is typed."""

    model_config = ConfigDict(extra="forbid")
    path: str
    value: str


@router.post("/cases/{slug}/entries/try")
def try_entry(slug: str, given: Trial, bench: Bench) -> dict[str, Any]:
    """What would be wrong with an entry, without saving it; empty: nothing."""
    try:
        bench.try_change(slug, {given.path: parsed(given.value)})
    except InputError as err:
        return {"error": first_fault(err)}
    return {"error": ""}


def parsed(text: str) -> Any:
    """What is typed for an entry, as the case file has it: a number, a range, a word, true or false.

    Raises
    ------
    InputError
        If it is longer than an entry, or anything else.
    """
    from ruamel.yaml.error import YAMLError

    wanted = "a number, a range such as [0.1, 0.3, 0.5], or a word of the case"
    shown = f"{text[:40]!r}{'…' if len(text) > 40 else ''}"
    try:
        found = document_of(text) if len(text) <= _MOST and text.isprintable() and text.strip() else None
    except YAMLError:
        found = None
    if isinstance(found, list) and all(_is_number(x) for x in found):
        return [plain(Fraction(str(x))) for x in found]
    if isinstance(found, bool):
        return found
    if _is_number(found):
        return plain(Fraction(str(found)))
    if isinstance(found, str) and "\n" not in found:
        return str(found)
    raise InputError(f"got {shown}, wanted {wanted}")


def _is_number(x: object) -> bool:
    from math import isfinite

    return isinstance(x, int | float) and not isinstance(x, bool) and isfinite(x)


def first_fault(err: InputError) -> str:
    """What is wrong, in one line, without the place in the file, which is beside the field."""
    if isinstance(err, CaseError) and err.faults:
        fault = err.faults[0]
        return fault.message + (f" ({fault.hint})" if fault.hint else "")
    return str(err).splitlines()[0]


def _page(
    request: Request,
    bench: Workbench,
    slug: str,
    *,
    status: int = 200,
    typed: dict[str, str] | None = None,
    said: dict[str, str] | None = None,
) -> Response:
    told = found_about(bench, slug)
    case = bench.read(slug)
    parties, measures = groups_of(case)
    shown = {entry.path: entry.id for group in (*parties, *measures) for entry in group.entries}
    return render(
        request,
        "entries.html.j2",
        status=status,
        **told,
        page="entries",
        title="Its values",
        blocks=(("Parties", parties, True), ("Measures", measures, False)),
        demands=case.demands,
        evidence_of=partial(_evidence, case),
        case=case,
        typed=typed or {},
        said=said or {},
        shown=shown,
    )
