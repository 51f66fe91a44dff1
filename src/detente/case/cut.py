"""From the case file to the planning instance: likely values, slices cut, references to wholes resolved.

A reference to a divisible measure means, by its bare id: in `requires` its last slice (all of it must be there), in `excludes`
its first (none of it may be). Exclusions hold both ways, whoever names them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from detente.case.instance import Instance, Measure, Party, Requirement
from detente.case.model import CaseFile, MeasureSpec, PartySpec
from detente.case.value import Value

__all__ = ["cut", "cut_measures"]

_MICRO = 10**6


def cut(case: CaseFile) -> Instance:
    """The case as the planner sees it."""
    parties = tuple(_party(i, spec) for i, spec in case.parties.items())
    return Instance(case.case, case.phases.count, parties, cut_measures(case.measures, case.phases.count))


def cut_measures(measures: Mapping[str, MeasureSpec], phases: int) -> tuple[Measure, ...]:
    """The measures of the instance, slices in their order; ids that are not in `measures` are left as they are."""
    slices = {whole: _slice_ids(whole, spec.slices) for whole, spec in measures.items()}
    excludes = _both_ways(measures, slices)
    return tuple(
        _slice(whole, spec, n, slices, excludes, phases) for whole, spec in measures.items() for n in range(spec.slices)
    )


def _party(party: str, spec: PartySpec) -> Party:
    trust = dict(spec.trust)
    return Party(party, spec.name, spec.discount, spec.stalemate.likely, spec.breakdown.likely, trust, spec.red_line)


def _slice_ids(whole: str, count: int) -> tuple[str, ...]:
    return (whole,) if count == 1 else tuple(f"{whole}/{n}" for n in range(1, count + 1))


def _slice(
    whole: str,
    spec: MeasureSpec,
    n: int,
    slices: Mapping[str, tuple[str, ...]],
    excludes: Mapping[str, Iterable[str]],
    phases: int,
) -> Measure:
    count, name = spec.slices, slices[whole][n]
    if n == 0:
        requires = tuple(Requirement(tuple(slices.get(m, (m,))[-1] for m in q.any), q.after) for q in spec.requires)
    else:
        requires = (Requirement((slices[whole][n - 1],), 0),)
    last = phases - 1
    return Measure(
        id=name,
        whole=whole,
        title=spec.title if count == 1 else f"{spec.title} ({n + 1} of {count})",
        kind=spec.kind,
        actors=spec.by,
        value=_share(spec.value, count),
        once=_share(spec.once, count),
        irreversible=spec.irreversible,
        lag=spec.lag,
        signal=_root(spec.signal, count),
        requires=requires,
        excludes=tuple(excludes.get(name, ())),
        not_before=spec.window.not_before,
        not_after=last if spec.window.not_after is None else min(spec.window.not_after, last),
        in_force=spec.in_force,
    )


def _share(values: Mapping[str, Value], count: int) -> dict[str, Fraction]:
    return {party: value.likely / count for party, value in values.items() if value.likely}


def _both_ways(measures: Mapping[str, MeasureSpec], slices: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for whole, spec in measures.items():
        for other in spec.excludes:
            pair = (slices[whole][0], slices.get(other, (other,))[0])
            for one, two in (pair, pair[::-1]):
                if two not in out.setdefault(one, []):
                    out[one].append(two)
    return out


def _root(signal: Fraction, count: int) -> Fraction:
    """signal ** (1 / count), rounded down to six decimals; exact for a whole measure."""
    if count == 1:
        return signal
    k = int(float(signal) ** (1 / count) * _MICRO)
    while Fraction(k + 1, _MICRO) ** count <= signal:
        k += 1
    while Fraction(k, _MICRO) ** count > signal:
        k -= 1
    return Fraction(k, _MICRO)
