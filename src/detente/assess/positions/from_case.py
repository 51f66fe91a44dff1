"""The questions under `positions:` in a case, forecast one by one, each with the profile that it names."""

from __future__ import annotations

from dataclasses import replace

from detente.assess.positions.challenge import Variant
from detente.assess.positions.forecast import positions
from detente.assess.positions.noise import Noise
from detente.assess.positions.profile import Profile
from detente.assess.positions.result import Forecast, Positions
from detente.assess.positions.table import Issue, Row, Table
from detente.case.case import Case
from detente.case.question import Question
from detente.case.wording import suggestion
from detente.errors import CaseError, PositionsError

__all__ = ["positions_of_case"]


def positions_of_case(
    case: Case,
    *,
    profile: str | Profile | None = None,
    issue: str | None = None,
    noise: Noise | None = None,
    challenge: Variant | None = None,
) -> Positions:
    """Forecast the questions of a case; stated ranges of positions become a spread.

    Parameters
    ----------
    profile : in place of what the questions name. issue : the id of one question. noise, challenge : as for a table.

    Raises
    ------
    PositionsError
        If the case has no such question, or none at all.
    CaseError
        If a question names a profile that there is not.
    """
    if not case.positions:
        hint = "add the block `positions:`, or give a table"
        raise PositionsError(f"{case.case}: the case has no question of positions ({hint})", source=case.source)
    known = [q.id for q in case.positions]
    if issue is not None and issue not in known:
        hint = suggestion(issue, known) or f"it has {', '.join(known)}"
        raise PositionsError(f"{case.case}: has no question {issue} ({hint})", source=case.source)
    found: list[Forecast] = []
    notes: list[str] = []
    profiles = []
    for q in case.positions:
        if issue is None or q.id == issue:
            try:
                one = positions(_table(q), profile=profile or q.profile, noise=noise, challenge=challenge)
            except PositionsError as err:
                line, column = case.where(f"positions[{case.positions.index(q)}].profile")
                message = f"{case.source}:{line}:{column}: positions.{q.id}: {err}"
                raise (PositionsError if profile else CaseError)(message, source=case.source) from None
            found.append(replace(one.forecasts[0], title=q.title))
            profiles.append(one.profile)
            notes += [n for n in one.notes if n not in notes]
    alike = all(p == profiles[0] for p in profiles)
    if not alike:
        notes += [f"{f.title}: coefficients {p['profile']}." for f, p in zip(found, profiles, strict=True) if p]
    return Positions(tuple(found), profiles[0] if alike else None, tuple(notes))


def _table(q: Question) -> Table:
    rows = tuple(
        Row(
            h.actor,
            float(h.position.likely),
            None if h.salience is None else float(h.salience),
            float(h.capability),
            within=(float(h.position.low), float(h.position.high)) if h.position.is_range else None,
        )
        for h in q.actors
    )
    low, high = (float(x) for x in q.range)
    return Table((Issue(q.id, rows, low, high, q.id, q.id),), q.id)
