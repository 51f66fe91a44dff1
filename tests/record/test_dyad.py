"""Two countries over time, against counts made in Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import RecordError
from detente.record.dyad import PERIODS, dyad
from detente.record.workspace import Workspace
from eventfiles import ACLED, GDELT2, acled_row, add, gdelt_row, table, written

START = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
    "year": lambda day: day.replace(month=1, day=1),
}
NAME = {"day": 10, "week": 10, "month": 7, "year": 4}
ROWS = st.lists(
    st.tuples(
        st.dates(date(2017, 12, 1), date(2019, 2, 1)),
        st.sampled_from(["PRK", "USA", "KOR"]),
        st.sampled_from(["PRK", "USA", "KOR"]),
        st.integers(1, 4),
        st.sampled_from(["", "-10", "2.5", "1"]),
    ),
    max_size=40,
)


@settings(max_examples=6)
@given(rows=ROWS)
def test_every_series_against_counts_in_python(
    rows: list[tuple[date, str, str, int, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """All periods, both directions and one, gaps filled. Catches a week that begins on Sunday and a direction exchanged."""
    folder = tmp_path_factory.mktemp("dyad")
    workspace = Workspace.create(folder / "record")
    fields = ("SQLDATE", "Actor1CountryCode", "Actor2CountryCode", "QuadClass", "GoldsteinScale")
    texts = [(day.strftime("%Y%m%d"), *rest) for day, *rest in rows]
    table_rows = [gdelt_row(n, **dict(zip(fields, row, strict=True))) for n, row in enumerate(texts)]
    if rows:
        add(workspace, written(folder / "x.CSV", table(GDELT2, table_rows, header=False)))
    for by in PERIODS:
        for pair, directed in ((("USA", "PRK"), False), (("USA", "PRK"), True), (("KOR", "KOR"), False)):
            periods = defaultdict(list)
            for day, source, target, quad, intensity in rows:
                if (source, target) == pair or ((target, source) == pair and not directed):
                    periods[START[by](day)].append((quad, intensity))
            found = dyad(workspace, *pair, by=by, directed=directed)
            assert bool(found) == bool(periods)
            for period in found.series:
                events = periods.pop(period.start, [])
                assert period.period == period.start.isoformat()[: NAME[by]]
                assert period.events == len(events)
                assert period.cooperation == sum(quad <= 2 for quad, _ in events)
                assert period.conflict == sum(quad >= 3 for quad, _ in events)
                given_values = [float(value) for _, value in events if value]
                wanted = pytest.approx(sum(given_values) / len(given_values)) if given_values else None
                assert period.intensity == wanted
            assert not periods
            starts = [period.start for period in found.series]
            assert starts == sorted(set(starts))
            if starts:
                steps = {START[by](starts[0] + timedelta(days=n)) for n in range((starts[-1] - starts[0]).days + 1)}
                assert set(starts) == steps


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Three events of GDELT and one of ACLED between the Koreas."""
    workspace = Workspace.create(tmp_path / "record")
    koreas = {"Actor1CountryCode": "PRK", "Actor2CountryCode": "KOR"}
    rows = [gdelt_row(n, SQLDATE=day, **koreas) for n, day in enumerate(("20180131", "20180201", "20181231"))]
    add(workspace, written(tmp_path / "x.CSV", table(GDELT2, rows, header=False)))
    row = acled_row(actor1="Military Forces of North Korea (2011-)", actor2="Civilians (South Korea)", fatalities=2)
    add(workspace, written(tmp_path / "acled.csv", table(ACLED, [row], ",")))
    return workspace


def test_several_sources_are_noted(workspace: Workspace) -> None:
    """Their counts cannot be compared: which they are is said; deaths never enter the mean of Goldstein's scale."""
    found = dyad(workspace, "PRK", "KOR")
    assert found.formats == (("acled", 1), ("gdelt2", 3))
    assert {period.period: period.intensity for period in found.series if period.events} == {
        "2018-01": 1.0,
        "2018-02": 1.0,
        "2018-06": None,
        "2018-12": 1.0,
    }
    one = dyad(workspace, "PRK", "KOR", formats=["gdelt2"])
    assert one.formats == (("gdelt2", 3),)
    assert sum(period.events for period in one.series) == 3


def test_bounds_include_their_days(workspace: Workspace) -> None:
    """From and to: both days count."""
    found = dyad(workspace, "KOR", "PRK", start=date(2018, 2, 1), end=date(2018, 12, 31), formats=["gdelt2"])
    assert [(found.series[0].period, found.series[-1].period)] == [("2018-02", "2018-12")]
    assert dyad(workspace, "KOR", "PRK", start=date(2018, 2, 2), end=date(2018, 5, 31)).series == ()


def test_names_and_codes_are_the_same_country(workspace: Workspace) -> None:
    """Names, alpha-2 and small letters."""
    wanted = dyad(workspace, "PRK", "KOR").series
    assert dyad(workspace, "north korea", "South Korea").series == wanted
    assert dyad(workspace, "kp", "kor").series == wanted


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"a": "Atlantis"}, "Atlantis: is not the code or the name of a country"),
        ({"b": "PRX"}, "PRX: is not the code"),
        ({"a": "'; drop view events; --"}, "is not the code"),
        ({"by": "decade"}, "--period decade: there is no such period (known: day, week, month, year)"),
        ({"formats": ["icews"]}, "icews: the record has no events of this format (it has: acled, gdelt2)"),
        ({"start": date(2019, 1, 1), "end": date(2018, 1, 1)}, "--from 2019-01-01 lies after --to 2018-01-01"),
    ],
)
def test_what_cannot_be_asked(arguments: dict[str, object], said: str, workspace: Workspace) -> None:
    """Each with what was got and what is known. Catches an empty answer to a misspelt question."""
    with pytest.raises(RecordError) as raised:
        dyad(workspace, **{"a": "PRK", "b": "KOR", **arguments})  # type: ignore[arg-type]
    assert said in str(raised.value)


def test_an_empty_record_has_no_series(tmp_path: Path) -> None:
    """Nothing was imported: no event, and no crash."""
    assert not dyad(Workspace.create(tmp_path / "record"), "USA", "PRK")
