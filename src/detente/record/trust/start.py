"""A case that starts from the record: its trust replaced by what the record makes of it.

    parties.I.trust.J   <-   the posterior of the pair, [low, likely, high] to six decimals

Planning takes the likely one; draws of uncertain values take it from the range.

The record becomes a source of the case, `trust-record`, and evidence of each party whose trust it moves, so that whatever is
made of the case can say where its trust is from. The rest stays as it is, comments and all. A pair that the record does not
move keeps its number. The planner then multiplies the odds by the signals of steps that its roadmap has done and seen; module
`bayes` says how it is kept from counting a step twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from detente.base.plain import told
from detente.case.case import Case
from detente.case.edit import changed
from detente.case.instance import Instance
from detente.case.value import Value
from detente.errors import RecordError
from detente.record.trust.trust import SOURCE, TrustRecord, trust

__all__ = ["Started", "start_from", "started"]

_DIGITS = 6


@dataclass(frozen=True)
class Started:
    """A case whose trust is from the record, and the record that it is from. `stated`: the case as it was."""

    case: Case
    stated: Case
    record: TrustRecord

    @property
    def at_low(self) -> Instance:
        """The planning problem with every trust at the low end of its interval."""
        instance = self.case.instance
        ends = {(p.party, p.toward): _rounded(p.posterior[0]) for p in self.record.paths}
        parties = tuple(replace(p, trust={j: ends.get((p.id, j), x) for j, x in p.trust.items()}) for p in instance.parties)
        return replace(instance, parties=parties)

    def to_dict(self) -> dict[str, object]:
        """Where the trust came from.

        profile : by which profile
        entries : on how many entries it rests
        trust.stated : as the case states it (the likely value of a range)
        trust.posterior : as it was planned with: low, likely, high
        """
        return {
            **told(self.record, "source as_of profile=profile.name entries"),
            "trust": [
                {
                    "party": p.party,
                    "toward": p.toward,
                    "stated": float(self.stated.parties[p.party].trust[p.toward].likely),
                    "posterior": list(p.posterior),
                }
                for p in self.record.paths
            ],
        }


def started(case: Case, source: str, workspace: str | Path | None = None, *, profile: str = "plain") -> Started:
    """The case with its trust from the record, as of its own date.

    source : "record". workspace : the folder of the record; None: the default folder, else the bundled record of the case.

    Raises
    ------
    RecordError
        If there is no record to take it from, or the case has taken it already.
    """
    if source != "record":
        raise RecordError(f"trust: got {source!r}, wanted record; leave it out for the trust that the case states")
    return start_from(case, trust(case, workspace, profile=profile))


def start_from(case: Case, record: TrustRecord) -> Started:
    """The case with the likely trust of a record.

    Raises
    ------
    RecordError
        If the record is of another case, or of a later day than the case.
    """
    if record.case != case.case:
        raise RecordError(f"trust: got the record of {record.case}, wanted that of {case.case}")
    if record.as_of > case.as_of:
        raise RecordError(
            f"trust: got the record as of {record.as_of}, and the case is as of {case.as_of} "
            "(take it as of the date of the case, or bring the case up to date)"
        )
    entries: dict[str, object] = {}
    for path in record.paths:
        if path.posterior != path.prior or (path.party, path.toward) in record.profile.trust:
            entries[f"parties.{path.party}.trust.{path.toward}"] = Value.of([_rounded(p) for p in path.posterior])
    return Started(changed(case, {**entries, **_sourced(case, record, entries)}) if entries else case, case, record)


def _sourced(case: Case, record: TrustRecord, moved: Mapping[str, object]) -> dict[str, object]:
    """The record as a source of the case, and as evidence of every party whose trust it moves."""
    where = "bundled with the case" if record.source == "bundled" else f"in {record.source}"
    source = {"title": f"Record of commitments, {where}", "date": record.as_of.isoformat()}
    stated = "; ".join(
        f"{case.parties[i].name} in {case.parties[j].name} {case.parties[i].trust[j].text}"
        for i, j in (path.split(".")[1::2] for path in moved)
    )
    said = {
        "source": SOURCE,
        "says": f"Trust is what {record.entries} readings of commitments make of the trust that the analyst stated ({stated}), "
        f"with the likelihood ratios of the profile {record.profile.name}.",
    }
    out: dict[str, object] = {}
    for block, entry in (("sources", source), ("evidence", said)):
        out |= {f"{block}.{SOURCE}": entry} if getattr(case, block) else {block: {SOURCE: entry}}
    for party in dict.fromkeys(path.split(".")[1] for path in moved):
        out[f"parties.{party}.evidence"] = list(dict.fromkeys((*case.parties[party].evidence, SOURCE)))
    return out


def _rounded(p: float) -> Fraction:
    least = Fraction(1, 10**_DIGITS)
    return min(max(Fraction(round(p * 10**_DIGITS), 10**_DIGITS), least), 1 - least)
