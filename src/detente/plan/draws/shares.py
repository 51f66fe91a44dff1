"""In what share of the draws a roadmap holds: `shares(case, roadmap, draws=1000, seed=0)`.

1. Draw the uncertain values of the case (`case/draws`): from their ranges, or the range that its spread gives them, within what
   the comparisons leave.
2. Check every row of the roadmap in every draw (`tables.party_rows`). The schedule's own rows (prerequisites, windows,
   exclusions) do not depend on values; they come from the certificate. So do the rows of coalitions, which do: they are looked
   at for the likely values, and where one breaks there the roadmap counts as broken in every draw.
3. Count: in how many draws all rows hold; up to which phase; which party's rows of which kind break first.
4. Ask which values decide it (`deciding`).
5. Count once more with every range wider about its likely value, by the factor of `case.draws.widen.wider`: the same draws,
   each the same quantile of the wider range.

Discounts, irreversible shares, lags and signals are drawn as values are. Parties know their own values: a draw is a world in
which every party's values are these, and the roadmap is checked as the parties would see it there. But what each does alone,
and who has to do what for whom, is told at the likely values (module `tables.worth`); `turned` says in how many draws some
party would do otherwise alone."""

from __future__ import annotations

import os
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from detente.case.draws import USUAL_DRAWS
from detente.case.draws.draw import Uncertainty, check_count, uncertainty
from detente.case.draws.widen import wider
from detente.plan.certificate import STRUCTURAL, Certificate, certify
from detente.plan.draws.deciding import deciding
from detente.plan.draws.interval import wilson
from detente.plan.draws.result import Break, Shares, Widened
from detente.plan.draws.trial import Trial
from detente.plan.roadmap import Roadmap
from detente.plan.tables.party_rows import KINDS, Ints, entries

if TYPE_CHECKING:
    from detente.case.case import Case

__all__ = ["shares"]


def shares(
    case: Case,
    roadmap: Roadmap,
    *,
    draws: int = USUAL_DRAWS,
    seed: int = 0,
    stream: int = 0,
    trust: bool = True,
    red_lines: bool = True,
    indices: bool = True,
    widen: float = 1.0,
    widened: bool = True,
    cores: int | None = None,
) -> Shares:
    """Count the draws of the case's uncertain values in which every row of a roadmap holds.

    Parameters
    ----------
    roadmap : any roadmap of the case, also one that does not hold at the likely values.
    draws : how many, at least 1. seed : 0 or more; the same case, roadmap, number and seed give the same result.
    stream : other streams of a seed are fresh draws.
    trust, red_lines : False leaves these rows out.
    indices : also say which values decide it; takes longer than the count itself.
    widen : by what every range is multiplied. widened : also count it with ranges that are wider still.
    cores : on how many to run, all if None; the result is the same.

    Raises
    ------
    InputError
        On a number of draws, a seed or a factor out of range.
    CaseError
        If comparisons contradict each other or the ranges, or if a value is only compared and nothing bounds it.
    SolverError
        If hit-and-run misses its standard of convergence.
    """
    check_count(draws, seed)
    cores = (os.cpu_count() or 1) if cores is None else max(1, cores)
    known = uncertainty(case, widen, risks=False)
    instance = case.instance
    certificate = certify(instance, roadmap, trust=trust, red_lines=red_lines)
    further = float(known.spans.widen * Fraction(str(wider()))) if widened else None
    if not known.quantities:
        return _certain(case, certificate, seed, known, further)
    drawn = known.draw(draws, seed, stream=stream, cores=cores)
    trial = Trial(instance, drawn, trust, red_lines, cores)
    key = partial(case.key, str(widen), draws, stream)
    entry = entries(instance, roadmap)
    structural = [r for r in certificate.broken if r.row in (*STRUCTURAL, "coalition")]
    first = trial.first(entry)
    phase = first.min(axis=(1, 2))
    faulty = min((r.phase for r in structural), default=instance.phases + 1)
    overall = np.minimum(phase, faulty)
    worth = drawn.effective
    held = [float((overall > t).mean()) for t in range(instance.phases + 1)]
    breaks = _breaks(first, overall, [p.id for p in instance.parties], instance.phases, worth)
    at_fault = float((overall == faulty).mean()) if structural else 0.0
    if at_fault:
        kinds = sorted({(r.party, r.row) for r in structural if r.phase == faulty}, key=str)
        breaks += [Break(faulty, party, kind, at_fault, wilson(at_fault, worth)) for party, kind in kinds]
    return Shares(
        case=case.case,
        share=held[-1],
        interval=wilson(held[-1], worth),
        by_phase=tuple(held),
        breaks=tuple(sorted(breaks, key=lambda b: (-b.share, b.phase, b.party or "", b.row))),
        deciding=deciding(known, trial, entry, seed, key) if indices and not structural else (),
        draws=draws,
        seed=seed,
        effective=worth,
        varied=known.varied,
        distribution=known.to_dict(),
        r_hat=drawn.r_hat,
        turned=trial.turned(),
        widened=None if further is None else _widened(case, trial, entry, not structural, further, seed, stream),
    )


def _widened(case: Case, trial: Trial, entry: Ints, sound: bool, by: float, seed: int, stream: int) -> Widened:
    """The share of the same draws under wider ranges. sound : no row is broken that values do not move."""
    known, count = uncertainty(case, by, risks=False), len(trial.draws.values)
    drawn = known.draw(count, seed, stream=stream, cores=trial.cores)
    held = 1 - replace(trial, draws=drawn).breaks(entry, range(len(trial.instance.parties)), count) / count
    share = held if sound else 0.0
    return Widened(by, share, wilson(share, drawn.effective))


def _breaks(first: Ints, overall: Ints, parties: list[str], phases: int, worth: float) -> list[Break]:
    """Each phase, party and kind of row with which some draw breaks first."""
    out = []
    for n, party in enumerate(parties):
        for k, kind in enumerate(KINDS):
            here = first[:, n, k]
            for t in np.unique(here[(here == overall) & (here <= phases)]):
                share = float(((here == t) & (overall == t)).mean())
                out.append(Break(int(t), party, kind, share, wilson(share, worth)))
    return out


def _certain(case: Case, certificate: Certificate, seed: int, known: Uncertainty, further: float | None) -> Shares:
    """Nothing is uncertain: one draw, checked exactly."""
    broken = certificate.broken
    first = min((r.phase for r in broken), default=case.phases.count + 1)
    kinds = sorted({(r.party, r.row) for r in broken if r.phase == first}, key=str)
    share = float(certificate.holds)
    return Shares(
        case=case.case,
        share=share,
        interval=(share, share),
        by_phase=tuple(float(t < first) for t in range(case.phases.count + 1)),
        breaks=tuple(Break(first, party, row, 1.0, (1.0, 1.0)) for party, row in kinds),
        deciding=(),
        draws=1,
        seed=seed,
        effective=1.0,
        varied=known.varied,
        distribution=known.to_dict(),
        widened=None if further is None else Widened(further, share, (share, share)),
    )
