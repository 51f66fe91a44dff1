"""What a change to a roadmap does, as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from detente.case.case import Case
from detente.case.show import ruled
from detente.plan.show import show_certificate
from detente.plan.whatif import Break, WhatIf

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["show_places", "show_whatif"]

_VERDICTS = {
    "impossible": "It cannot be.",
    "breaks": "The changed roadmap does not hold.",
    "loses": "The changed roadmap holds, and helps no more: somebody is worse off than without any deal, or nobody better.",
    "holds": "The changed roadmap holds.",
}
_PLACES = {"impossible": "cannot be", "breaks": "does not hold", "loses": "helps no more", "holds": "holds"}
_SHOWN = 5  # rows that were broken before, or are mended, and are told one by one


def show_whatif(found: WhatIf, case: Case) -> Iterator[RenderableType]:
    """What a change does: whether it can be, which rows it breaks and mends, what it is worth to whom, and the demands."""
    from rich.text import Text

    counts = f" {found.certificate.rows} rows checked: {len(found.broken)} broken by the change, {len(found.mended)} mended, "
    counts += f"{len(found.still)} broken before it and still."
    yield Text(_VERDICTS[found.verdict] + (counts if found.change else " It changes nothing."), style="bold")
    if found.reasons:
        yield Text("\n".join(b.words for b in found.reasons))
    changes = ruled("The change", "Step", "Phase", "From", "Now phase", "From")
    for m, (old, new) in found.change.items():
        changes.add_row(found.instance.measure[m].title, *_when(case, old), *_when(case, new))
    yield changes
    if found.reasons:
        return
    if found.broken:
        yield Text("Broken by the change", style="bold")
        by_change = replace(found.certificate, broken=tuple(sorted((b.row for b in found.broken), key=lambda r: r.phase)))
        _, *table = show_certificate(by_change, case, found.instance)
        yield from table
    for title, breaks in (("Broken before it and still", found.still), ("Mended by it", found.mended)):
        if breaks:
            yield Text(title, style="bold")
            yield Text("\n".join(_lines(breaks)))
    gains = ruled("Gain over no deal, each in its own units", "Party", "Before", "Now", "Difference")
    for i, now in found.gain.items():
        before = found.gain_before[i]
        gains.add_row(case.parties[i].name, f"{float(before):+.3g}", f"{float(now):+.3g}", f"{float(now - before):+.3g}")
    yield gains
    for verb, demands in (("given up", found.gives_up), ("met", found.meets)):
        if demands:
            yield Text(f"Demands that are now {verb}: {', '.join(demands)}")


def show_places(found: Sequence[WhatIf], case: Case) -> Iterator[RenderableType]:
    """Every place of a step in turn, with the worst that it breaks or the reason against it."""
    out = ruled("", "Phase", "From", "The roadmap", "Rows broken", "Why, or the worst of them")
    for t, place in enumerate(found):
        when = _when(case, t if t < place.instance.phases else None)
        here = "" if place.change else " (as it is)"
        count = "" if place.reasons else str(len(place.broken) or "")
        out.add_row(*when, _PLACES[place.verdict] + here, count, place.broken[0].words if place.broken else "")
    yield out


def _lines(breaks: Sequence[Break]) -> Iterator[str]:
    """The worst of some rows, a line each."""
    yield from (f"phase {b.row.phase}: {b.words}" for b in breaks[:_SHOWN])
    if len(breaks) > _SHOWN:
        yield f"and {len(breaks) - _SHOWN} more"


def _when(case: Case, phase: int | None) -> tuple[str, str]:
    """A phase and the date from which it runs."""
    return ("never", "") if phase is None else ("in force", "") if phase < 0 else (str(phase), str(case.phase_date(phase)))
