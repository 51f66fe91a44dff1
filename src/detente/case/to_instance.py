"""From the case file to the planning instance: likely values, slices cut, references to wholes resolved.

A reference to a divisible measure means, by its bare id: in `requires` its last slice (all of it must be there), in `excludes`
its first (none of it may be). Exclusions hold both ways, whoever names them.

A step that takes n phases, at most, starts n phases before it enters. What it requires binds the start; the slices of one
measure do not wait for each other with theirs.

Measures that a support opens are left out, unless it is chosen (`opened`): without it nobody can take them. A prerequisite that
names one of them loses that alternative; the check of the case sees to it that another one is left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction

from detente.base.bounds import within
from detente.case.instance import Instance, Measure, Party, Requirement
from detente.case.model import CaseFile, MeasureSpec, PartySpec
from detente.case.risk import Support
from detente.case.value import Value
from detente.errors import CaseError, Fault

__all__ = ["cut_measures", "opened_by", "shared_signal", "to_instance"]

_MICRO = 10**6


def to_instance(case: CaseFile, *, opened: Collection[str] = (), slices: Mapping[str, int] | None = None) -> Instance:
    """The case as the planner sees it.

    Parameters
    ----------
    opened : measures that a support has opened. slices : finer cuts, by measure: multiples of the slices of the case.
    """
    parties = tuple(_party(i, spec) for i, spec in case.parties.items())
    measures = _finer(_available(case, opened), slices or {})
    many = Fault(0, 0, "measures", "")
    within("slices", sum(spec.slices for spec in measures.values()), case.case, error=CaseError, fault=many)
    return Instance(case.case, case.phases.count, parties, cut_measures(measures, case.phases.count))


def opened_by(supports: Iterable[Support]) -> frozenset[str]:
    """The measures that can enter only with one of these supports."""
    return frozenset(m for support in supports for m in support.opens or ())


def _available(case: CaseFile, opened: Collection[str]) -> dict[str, MeasureSpec]:
    """The measures that can be taken, each with the prerequisites that can be met."""
    closed = set(opened_by(case.supports) - set(opened))
    if not closed:
        return dict(case.measures)
    while True:  # an opened measure may itself wait for one that is not
        left = {m: spec for m, spec in case.measures.items() if m not in closed}
        waiting = {m for m, spec in left.items() if not spec.in_force and any(_wholes(q.any) <= closed for q in spec.requires)}
        if not waiting:
            return {m: _without(spec, closed) for m, spec in left.items()}
        closed |= waiting


def _wholes(measures: Iterable[str]) -> set[str]:
    return {m.partition("/")[0] for m in measures}


def _without(spec: MeasureSpec, closed: Collection[str]) -> MeasureSpec:
    """A measure that no longer names what is closed."""
    named = {m for q in spec.requires for m in q.any} | set(spec.excludes)
    if _wholes(named).isdisjoint(closed):
        return spec
    requires = tuple(
        q.model_copy(update={"any": tuple(m for m in q.any if m.partition("/")[0] not in closed)})
        for q in spec.requires
        if not _wholes(q.any) <= set(closed)
    )
    return spec.model_copy(
        update={"requires": requires, "excludes": tuple(m for m in spec.excludes if m.partition("/")[0] not in closed)}
    )


def _finer(measures: dict[str, MeasureSpec], slices: Mapping[str, int]) -> dict[str, MeasureSpec]:
    """The measures with some of them cut finer; a prerequisite that names a slice names the last of its parts,
    an exclusion the first."""
    times = {m: n // measures[m].slices for m, n in slices.items() if m in measures}

    def part(name: str, before: int = 0) -> str:
        whole, _, number = name.partition("/")
        return f"{whole}/{(int(number) - before) * times[whole] + before}" if number and whole in times else name

    out = {}
    for m, spec in measures.items():
        changes: dict[str, object] = {"slices": slices[m]} if m in times else {}
        if any("/" in n for q in spec.requires for n in q.any):
            changes["requires"] = tuple(q.model_copy(update={"any": tuple(map(part, q.any))}) for q in spec.requires)
        if any("/" in n for n in spec.excludes):
            changes["excludes"] = tuple(part(n, 1) for n in spec.excludes)
        out[m] = spec.model_copy(update=changes) if changes else spec
    return out


def cut_measures(measures: Mapping[str, MeasureSpec], phases: int) -> tuple[Measure, ...]:
    """The measures of the instance, slices in their order; ids that are not in `measures` are left as they are."""
    slices = {whole: _slice_ids(whole, spec.slices) for whole, spec in measures.items()}
    excludes = _both_ways(measures, slices)
    return tuple(
        _slice(whole, spec, n, slices, excludes, phases) for whole, spec in measures.items() for n in range(spec.slices)
    )


def _party(party: str, spec: PartySpec) -> Party:
    trust = {j: p.likely for j, p in spec.trust.items()}
    return Party(party, spec.name, spec.discount.likely, spec.stalemate.likely, spec.breakdown.likely, trust, spec.red_line)


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
    takes = 0 if spec.in_force else int(spec.takes.high)
    if n == 0:
        requires = tuple(Requirement(tuple(slices.get(m, (m,))[-1] for m in q.any), q.after + takes) for q in spec.requires)
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
        irreversible=spec.irreversible.likely,
        lag=int(spec.lag.likely),
        signal=shared_signal(spec.signal.likely, count),
        requires=requires,
        excludes=tuple(excludes.get(name, ())),
        not_before=max(spec.window.not_before, takes),
        not_after=last if spec.window.not_after is None else min(spec.window.not_after, last),
        in_force=spec.in_force,
        takes=takes,
    )


def _share(values: Mapping[str, Value], count: int) -> dict[str, Fraction]:
    return {party: value.likely / count for party, value in values.items() if value.likely}


def _both_ways(measures: Mapping[str, MeasureSpec], slices: Mapping[str, tuple[str, ...]]) -> dict[str, dict[str, None]]:
    out: dict[str, dict[str, None]] = {}
    for whole, spec in measures.items():
        for other in spec.excludes:
            pair = (slices[whole][0], slices.get(other, (other,))[0])
            for one, two in (pair, pair[::-1]):
                out.setdefault(one, {})[two] = None
    return out


def shared_signal(signal: Fraction, count: int) -> Fraction:
    """signal ** (1 / count), rounded down to six decimals; exact for a whole measure."""
    if count == 1:
        return signal
    k = int(float(signal) ** (1 / count) * _MICRO)
    while Fraction(k + 1, _MICRO) ** count <= signal:
        k += 1
    while Fraction(k, _MICRO) ** count > signal:
        k -= 1
    return Fraction(k, _MICRO)
