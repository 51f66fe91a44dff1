"""Trust from the record as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from detente.base.parts import Part, Table, quiet, strong
from detente.base.words import figure, level_percent, rounded
from detente.case.case import Case
from detente.record.trust.calibration import Calibration
from detente.record.trust.silence import Triple
from detente.record.trust.start import Started
from detente.record.trust.trust import Change, Evidence, TrustPath, TrustRecord

__all__ = ["changes_in_words", "show_started", "show_trust"]

_KIND = {
    "kept": "kept",
    "late": "kept, late",
    "part": "in part, not due",
    "silent": "not yet done",
    "overdue": "overdue",
    "reversed": "taken back",
    "disputed": "disputed",
}
_BY = {"signal": "signal of the case", "item": "own ratio", "profile": "profile", "planner": "profile"}


def show_trust(found: TrustRecord, case: Case, *, course: bool = False, left_out: bool = False) -> Iterator[Part]:
    """Every pair before and after, then what each party's record says; with `course` day by day, with `left_out` what not."""
    name = {i: spec.name for i, spec in case.parties.items()}
    where = "the bundled record" if found.source == "bundled" else found.source
    yield strong(f"{case.title}: trust from the record")
    later = f" {found.later} entries for later days are left out." if found.later else ""
    how = f"profile {found.profile.name}: {found.profile.title}"
    yield quiet(f"From {where}, {found.entries} entries, as of {found.as_of}; {how}.{later}\n")
    out = Table(
        "Trust before the record and with it; in brackets from the low to the high end",
        "Of",
        "In",
        "Before",
        "With it",
        "Moved most by",
    )
    for path in found.paths:
        out.add(name[path.party], name[path.toward], _span(path.prior), _span(path.posterior), _moved(path))
    yield out
    told: set[str] = set()
    for path in found.paths:
        if path.toward in told:
            continue
        told.add(path.toward)
        if path.evidence:
            yield _evidence(f"{name[path.toward]}: what the record says, what says most first", path)
    for path in found.paths if course else ():
        out = Table(f"Trust of {name[path.party]} in {name[path.toward]}", "From", "Trust", "Because")
        out.add("before", _span(path.prior), "")
        for point in path.path:
            clock = "time goes by" if found.calibration is not None else ""
            out.add(str(point.date), _span(point.trust), changes_in_words(point.changes, {}) or clock)
        yield out
    if left_out and found.left_out:
        out = Table("On record and not counted", "Item", "Owed by", "Why")
        for x in found.left_out:
            out.add(x.item, name[x.party], x.reason)
        yield out
    elif found.left_out:
        yield quiet(f"{len(found.left_out)} commitments on record do not count (--left-out says why).")
    if found.calibration is not None and any(look.count or look.unknown for look in found.calibration.looks):
        yield _calibration(found.calibration)
        yield quiet(_baseline(found.calibration))
    if any(e.silent for path in found.paths for e in path.evidence):
        yield quiet("Time gone: in brackets how many of the sincere have delivered by then, as the profile has it.")
    yield quiet("The interval holds for every figure within the ranges of the profile. Odds are multiplied by the ratios.")


def changes_in_words(changes: Sequence[Change], titles: Mapping[str, str]) -> str:
    """What changed on a day: each item, by its title where one is given, and how it stands since."""
    return "; ".join(f"{titles.get(c.item, c.item)}: {_KIND.get(c.after, 'no longer counts')}" for c in changes)


def _calibration(found: Calibration) -> Part:
    """A line for each tenth, and the scores of the look in its first."""
    title = "Curves of delivery: what was forecast, and what was delivered by then"
    out = Table(title, "Time gone", "Commitments", "Forecast", "Delivered", "Brier score", "Baseline")
    for look in found.looks:
        unknown = f" ({look.unknown} not known)" if look.unknown else ""
        scores = [rounded(x, 3) if x is not None else "" for x in (look.brier, look.baseline)]
        part = "" if look.delivered is None else level_percent(look.delivered)
        out.add(level_percent(look.share), f"{look.count}{unknown}", "", part, *scores)
        for t in look.tenths:
            out.add("", str(t.count), level_percent(t.forecast), level_percent(t.delivered), "", "")
    return out


def _baseline(found: Calibration) -> str:
    share = "the share delivered of all of them"
    if found.accords > 1:
        share = "the share delivered of those from the other agreements"
    return f"Baseline: {share}; lower scores are better. A forecast is made from the trust before the record."


def show_started(found: Started) -> Iterator[Part]:
    """In a few lines, where the trust came from."""
    record, case = found.record, found.stated
    where = "the record bundled with the case" if record.source == "bundled" else f"the record in {record.source}"
    pairs = "; ".join(
        f"{case.parties[p.party].name} in {case.parties[p.toward].name} {level_percent(p.posterior[1])} "
        f"(stated {level_percent(float(case.parties[p.party].trust[p.toward].likely))})"
        for p in record.paths
        if abs(p.posterior[1] - float(case.parties[p.party].trust[p.toward].likely)) > 5e-7
    )
    told = pairs or "nothing in it moves the trust that the case states"
    yield quiet(f"Trust from {where}, as of {record.as_of}, profile {record.profile.name}: {told}.")


def _evidence(title: str, path: TrustPath) -> Part:
    timed = any(e.silent for e in path.evidence)
    clock = ("Time gone",) if timed else ()
    out = Table(
        title, "Item", "How it stands", *clock, "Since", "Odds times", "Ratio from", "Read by", whole=(0, 1) if timed else (0,)
    )
    for e in path.evidence:
        readers = ", ".join(f"{r.reader}: {r.state}" if e.kind == "disputed" else r.reader for r in e.readings)
        gone = (_gone(e),) if timed else ()
        out.add(e.item, _KIND[e.kind], *gone, str(e.since), _ratio(e), _BY[e.by], readers)
    return out


def _gone(e: Evidence) -> str:
    """The share of its time that has gone, and how many of the sincere have delivered by then."""
    return "" if e.silent is None else f"{level_percent(e.silent.gone)} ({level_percent(e.silent.delivered[1])})"


def _moved(path: TrustPath) -> str:
    if not path.evidence:
        return "nothing on record"
    first = path.evidence[0]
    return f"{first.item} ({level_percent(first.without)} without)"


def _ratio(e: Evidence) -> str:
    low, likely, high = e.ratio
    return figure(likely) if low == high else f"{figure(likely)} ({figure(low)} to {figure(high)})"


def _span(p: Triple) -> str:
    return f"{level_percent(p[1])} ({level_percent(p[0])} to {level_percent(p[2])})"
