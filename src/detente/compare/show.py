"""A comparison as tables for the terminal: a line a roadmap, then provisions by date."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from detente.case.case import Case
from detente.case.show import ruled
from detente.compare.result import Compared, Comparison
from detente.compare.trust import level_of, reference
from detente.plan.show import row_in_words

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["show_comparison"]


def show_comparison(comparison: Comparison, case: Case) -> Iterator[RenderableType]:
    """Whether each holds and how far it goes, what it is worth, what it risks, when each provision is complete."""
    from rich.text import Text

    name = {i: spec.name for i, spec in case.parties.items()}
    yield _reach(comparison)
    yield _gains(comparison, name)
    yield _peaks(comparison, case, name)
    if comparison.roadmaps[0].provisions:
        yield _provisions(comparison, case)
    failing = [r for r in comparison.roadmaps if r.first_failure is not None]
    if failing:
        out = ruled("First failure", "Roadmap", "From", "Row")
        for r in failing:
            row = r.first_failure
            assert row is not None
            out.add_row(r.title, str(case.phase_date(row.phase)), row_in_words(row, case, name))
        yield out
    pair = reference(case.instance)
    if pair is not None:
        stated = case.instance.party[pair[0]].trust[pair[1]]
        parts = [f"{r.title}: {_needed(r, case)}" for r in comparison.roadmaps]
        yield Text(
            f"Trust that each needs, all pairs changed alike on the odds, told by that of {name[pair[0]]} in {name[pair[1]]} "
            f"(stated: {float(100 * stated):g} %): {'; '.join(parts)}.",
            style="dim",
        )


def _needed(r: Compared, case: Case) -> str:
    if r.first_failure is not None and any(b.row != "trust" for b in r.certificate.broken):
        return "no trust would do, other rows break"
    if r.strain is None:
        return "no trust would do"
    return f"{float(100 * level_of(case.instance, r.strain)):.2g} %" if r.strain else "none"


def _reach(comparison: Comparison) -> RenderableType:
    draws = any(r.held is not None for r in comparison.roadmaps)
    columns = ["Roadmap", "Holds", "Measures", "Provisions", "Last step in phase", "Smallest slack"]
    out = ruled("How far each goes, and whether it holds", *columns, *(["Share of draws held"] if draws else []))
    for r in comparison.roadmaps:
        far, slack = r.reach, r.certificate.smallest
        part = f" and {far.in_part} in part" if far.in_part else ""
        out.add_row(
            r.title,
            "yes" if r.holds else "no",
            f"{far.measures}{part} of {far.of_measures}",
            f"{far.provisions} of {far.of_provisions}",
            "-" if far.last_step is None else str(far.last_step),
            "-" if slack is None else f"{float(slack.slack):+.2g}",
            *([] if not draws else ["-" if r.held is None or r.interval is None else _share(r.held, r.interval)]),
        )
    return out


def _share(held: float, interval: tuple[float, float]) -> str:
    low, high = (f"{100 * x:.0f}" for x in interval)
    return f"{100 * held:.0f} % ({low} to {high})"


def _gains(comparison: Comparison, name: dict[str, str]) -> RenderableType:
    out = ruled("Gain over no deal if all keep to it, each in its own units", "Roadmap", *(name[i] for i in comparison.no_deal))
    for r in comparison.roadmaps:
        out.add_row(r.title, *(f"{float(r.gain[i]):+.3g}" for i in comparison.no_deal))
    return out


def _peaks(comparison: Comparison, case: Case, name: dict[str, str]) -> RenderableType:
    out = ruled("Peak exposure, each in its own units", "Roadmap", *(name[i] for i in comparison.no_deal))
    for r in comparison.roadmaps:
        cells = []
        for i in comparison.no_deal:
            peak = r.peaks[i]
            if peak.toward is None or peak.phase is None:
                cells.append("nothing at risk")
            else:
                allowed = float(peak.allowed or Fraction(0))
                when = f"phase {peak.phase} ({case.phase_date(peak.phase)})"
                cells.append(f"{float(peak.exposure):.3g} to {name[peak.toward]}, {when}; trust allows {allowed:.3g}")
        out.add_row(r.title, *cells)
    return out


def _provisions(comparison: Comparison, case: Case) -> RenderableType:
    out = ruled("Provisions, complete from", "Agreement", "Provision", *(r.title for r in comparison.roadmaps))
    for n, first in enumerate(comparison.roadmaps[0].provisions):
        phases = [r.provisions[n].phase for r in comparison.roadmaps]
        cells = ["never" if t is None else "already" if t < 0 else str(case.phase_date(t)) for t in phases]
        out.add_row(case.agreements[first.agreement].title, first.title, *cells)
    return out
