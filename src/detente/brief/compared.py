"""A comparison as a page of its own: roadmaps side by side, speed against safety, what trust makes possible.

One self-contained file without a script: nothing in it is sorted or opened.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from detente.base.words import count, full_date, level_percent, number, percent, signed
from detente.brief.page import _environment
from detente.brief.parts.possible import possible
from detente.brief.parts.speed import LETTERS, speed
from detente.brief.parts.sure import times_as_wide
from detente.case.case import Case
from detente.case.naming import Naming
from detente.compare.result import Compared, Comparison
from detente.plan.certificate import Row
from detente.plan.sentences import row_sentence

__all__ = ["compared_page", "save_compared_page"]


def compared_page(case: Case, comparison: Comparison) -> str:
    """The whole file. The same comparison gives the same text."""
    naming = Naming(case)
    return _environment().get_template("comparedpage.html.j2").render(
        case=case,
        names=naming.names,
        as_of=full_date(case.as_of),
        many=count(len(comparison.roadmaps), "roadmap"),
        over=naming.pace.span(case.phases.count),
        rows=[_row(naming, n, r) for n, r in enumerate(comparison.roadmaps)],
        drawn="" if comparison.draws is None else f"{comparison.draws['draws']:,}",
        wider=next((times_as_wide(r.widened) for r in comparison.roadmaps if r.widened is not None), ""),
        varied="" if comparison.varied is None else f"Draws: {comparison.varied}.",
        provisions=_provisions(naming, comparison),
        letters=[_letter(n) for n in range(len(comparison.roadmaps))],
        speed=speed(naming, comparison),
        possible=possible(naming, comparison),
    )  # fmt: skip


def save_compared_page(case: Case, comparison: Comparison, path: str | Path) -> None:
    """Write the page, whole or not at all.

    Raises
    ------
    OutputError
        If the place cannot be written to.
    """
    from detente.base.atomic import write_atomic

    write_atomic(path, compared_page(case, comparison))


def _letter(n: int) -> str:
    return LETTERS[n] if n < len(LETTERS) else str(n + 1)


def _row(naming: Naming, n: int, r: Compared) -> dict[str, object]:
    far, failure = r.reach, r.first_failure
    part = f" and part of {far.in_part}" if far.in_part else ""
    return {
        "letter": _letter(n),
        "title": r.title,
        "holds": r.holds,
        "why": "" if failure is None else row_sentence(failure, naming, r.roadmap, trust=_trust(r, failure)),
        "measures": f"{far.measures}{part} of {far.of_measures}",
        "speed": number(r.speed),
        "last": "no step" if far.last_step is None else naming.date(far.last_step),
        "needs": "no trust would do" if r.needs is None else level_percent(r.needs),
        "held": "" if r.held is None else percent(r.held),
        "widened": "" if r.widened is None else percent(r.widened.share),
        "gains": [signed(x) for x in r.gain.values()],
        "expected": _expected(r),
        "peaks": [number(p.exposure) for p in r.peaks.values()],
    }


def _expected(r: Compared) -> dict[str, object] | None:
    """What may be expected of it, and what it costs whom; None where nothing was played."""
    e = r.expected
    if e is None:
        return None
    gains, said = (e.gain, number) if e.is_first else (e.gain_behind, signed)
    return {
        "score": percent(max(0.0, e.score[0])),
        "collapse": percent(e.collapse[0]),
        "given_up": len(e.given_up),
        "gains": [f"{said(x)} ± {number(1.96 * se)}" for x, se in gains.values()],
        "by_condition": e.by_condition,
        "plays": count(e.plays, "play"),
    }


def _trust(r: Compared, row: Row) -> Fraction | None:
    if row.row not in ("trust", "doubt") or row.party is None or row.toward is None:
        return None
    return r.certificate.pairs[row.party, row.toward].trust[row.phase]


def _provisions(naming: Naming, comparison: Comparison) -> list[tuple[str, str, list[str]]]:
    """Each provision with its agreement and the date from which on each roadmap carries it out."""
    out, case = [], naming.case
    for k, first in enumerate(comparison.roadmaps[0].provisions):
        phases = [r.provisions[k].phase for r in comparison.roadmaps]
        dates = ["never" if t is None else "already" if t < 0 else naming.pace.tick(case.phase_date(t)) for t in phases]
        out.append((case.agreements[first.agreement].title, first.title, dates))
    return out
