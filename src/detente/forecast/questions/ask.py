"""Will it happen again by a day? A resolvable question, asked of the days on which an indicator was recorded.

The question is resolved with yes if a row of the indicator bears a day after `as_of` and up to `by`, that day included.
Several rows of one day are one event. Observation begins with the table's first day (of any indicator) or with `since`; an
event on that very day only opens it. A row whose date is a month without its day can be used only where that month is over
before `since`: it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from detente.base.dates import APART_HINT, apart
from detente.base.frozen import Frozen
from detente.base.plain import FIGURES, told
from detente.case.profile import Judgements
from detente.errors import Fault, InputError
from detente.forecast.profile import forecast_profile, plain_profile
from detente.forecast.questions.days import day_of
from detente.forecast.questions.hazard import Chance, chances, past_scores

__all__ = ["QuestionForecast", "ask"]

MANY = 100  # events of which one more or less is not worth the while of trying each
_SHOWN = 5
_FORMS = "6/30/19, month first, is read too; a month without its day only where it is over before --from"


@dataclass(frozen=True)
class QuestionForecast(Frozen):
    """A question with its chance.

    indicator : what is asked about. as_of, by : first day not looked at is the one after `as_of`; `by` is the last day that
    counts. events, days : event days and days observed. last : the last event. model : what answers; models : all of them;
    past : their past Brier scores over `windows` past windows. without_one : the lowest and the highest chance of the same
    model had any one of the events not been recorded; None without events, or with more than `MANY`. profile : what was taken
    for granted.
    """

    text: str
    indicator: str
    as_of: date
    by: date
    since: date
    events: int
    days: int
    last: date | None
    model: str
    models: dict[str, Chance]
    past: dict[str, float]
    windows: int
    without_one: tuple[float, float] | None = None
    notes: tuple[str, ...] = field(default=(), repr=False)
    profile: Judgements = field(default_factory=plain_profile, repr=False)

    @property
    def chance(self) -> Chance:
        """That of the model that answers."""
        return self.models[self.model]

    def to_dict(self) -> dict[str, object]:
        """The keys of ``detente forecast ask --json``.

        as_of : the last day known
        by : the last day that counts
        since : the first day observed
        events : days with an event after the first
        days : days observed
        windows : how many those were
        without_one : the lowest and highest chance had any one event not been recorded; `null` without events, or
            with more than 100
        chance : its probability
        models : by model
        models.ID.chance, models.ID.interval : the same by each model
        """
        return {
            **told(self, "text indicator as_of by since events days last model"),
            **self.chance.to_dict(),
            **told(self, "models past windows without_one notes profile", figures=FIGURES),
        }


def ask(
    table: str | Path,
    indicator: str | None = None,
    *,
    by: str,
    date: str = "date",
    column: str | None = None,
    as_of: str | None = None,
    since: str | None = None,
    text: str = "",
    seed: int = 0,
    profile: str | Path | Mapping[str, Any] | Judgements = "plain",
) -> QuestionForecast:
    """The chance that an indicator is recorded again by a day.

    Parameters
    ----------
    table : a file with a row an event; `date` and `column` name its columns of days and of indicators.
    indicator : which rows count; None, with no `column`: all.
    by, as_of, since : days such as 2019-06-30. as_of None: the table's last day. since None: its first.
    profile : what is taken for granted, by name, path or as it is.

    Raises
    ------
    InputError
        If the table or a day cannot be used, or the indicator never occurs.
    """
    if (indicator is None) != (column is None):
        raise InputError("ask: give both the column of indicators and the indicator, or neither where every row counts")
    start = _day(since, "since") if since is not None else None
    rows = _rows(str(table), date, column, start)
    if not rows:
        raise InputError(f"{table}: got no row from {start} on")
    begin = start if start is not None else min(d for d, _ in rows)
    today = _day(as_of, "as-of") if as_of is not None else max(d for d, _ in rows)
    end = _day(by, "by")
    if end <= today:
        raise InputError(f"by: got {end}, wanted a day after {today}, the last one that is known (or an earlier --as-of)")
    if begin >= today:
        raise InputError(f"since: got {begin}, wanted a day before {today}, the last one that is known")
    mine = sorted({d for d, name in rows if indicator is None or name == indicator})
    if not mine:
        from detente.base.wording import suggestion

        known = sorted({name for _, name in rows})
        hint = suggestion(str(indicator), known[:10_000]) or f"the first are {', '.join(known[:5])}"
        raise InputError(f"{table}: got the indicator {indicator!r}, which stands in no row ({hint})")
    ahead, length = (end - today).days, (today - begin).days
    seen = [(d - begin).days for d in mine if begin < d <= today]
    judged = forecast_profile(profile)
    scores, windows = past_scores(seen, length, ahead, judged)
    few = windows < judged["fewest_windows"]
    best = "base-rate" if few else min(scores, key=lambda n: scores[n])
    if length < ahead:
        best = "rate"
    notes = []
    if few:
        notes.append(
            f"Only {windows} past windows of {ahead} days can be scored, too few to choose by: the answer is that of "
            f"the model {best}."
        )
    if not seen:
        notes.append(f"Nothing was recorded from {begin} to {today}: the chance rests on the prior.")
    fewer = (
        [
            chances(seen[:n] + seen[n + 1 :], length, ahead, intervals=False, judged=judged)[best].chance
            for n in range(len(seen))
        ]
        if len(seen) <= MANY
        else []
    )
    what = indicator if indicator is not None else "an event"
    return QuestionForecast(
        text or f"Is there another record of {what} after {today}, by {end}?", what, today, end, begin, len(seen), length,
        max((d for d in mine if d <= today), default=None), best, chances(seen, length, ahead, seed, judged=judged), scores,
        windows, (min(fewer), max(fewer)) if fewer else None, tuple(notes), judged,
    )  # fmt: skip


def _day(text: str, name: str) -> date:
    found = day_of(text)
    if found is None:
        raise InputError(f"{name}: got {text!r}, wanted a day such as 2019-06-30")
    return found


def _month_before(text: str, since: date | None) -> bool:
    """Whether a text is a month, without its day, that is over before observation begins."""
    return since is not None and re.fullmatch(r"\d{4}-\d{2}", text) is not None and text < since.isoformat()[:7]


def _rows(source: str, day: str, column: str | None, since: date | None) -> list[tuple[date, str]]:
    from detente.forecast.questions.sheet import read_sheet

    sheet = read_sheet(source, [day, *([column] if column is not None else [])])
    out, places, faults = [], [], []
    for n, row in enumerate(sheet, 1):
        found = day_of(row[day])
        if found is None and _month_before(row[day], since):
            continue
        if found is None:
            faults.append(Fault(0, 0, f"row {n}, {day}", f"got {row[day]!r}, wanted a day such as 2019-06-30", _FORMS))
        else:
            out.append((found, row[column] if column is not None else ""))
            places.append(n)
    far = set(apart([found for found, _ in out]))
    faults += [
        Fault(0, 0, f"row {n}, {day}", f"got {found}, wanted a day near the others", APART_HINT)
        for n, (found, _) in zip(places, out, strict=True)
        if found in far
    ]
    if faults:
        more = [Fault(0, 0, day, f"and {len(faults) - _SHOWN:,} more rows like these")] if len(faults) > _SHOWN else []
        raise InputError(f"{source}: cannot be used as a table of events", source=source, faults=[*faults[:_SHOWN], *more])
    return out
