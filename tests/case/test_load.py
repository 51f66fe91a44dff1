"""Reading a case that is right: every block, every way in, what it becomes for the planner."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from detente.case.case import Case
from detente.case.instance import Requirement
from detente.case.load import load, read_case
from detente.case.risk import GovernmentRisk, PerformanceRisk, ShockRisk
from detente.errors import CaseError
from smallcases import swap

FARMS = Path(__file__).parent / "data" / "two-farms.yaml"


@pytest.fixture(scope="module")
def farms() -> Case:
    return load(FARMS)


def test_every_block_is_kept(farms: Case) -> None:
    """A block that is read but dropped would be missed by no planner, and by every later part."""
    assert farms.title == "Two farms at one well"
    assert farms.as_of == datetime.date(2020, 1, 31)
    assert (farms.phases.length, farms.phases.count) == ("1 month", 6)
    assert farms.demands[0].first == ("open-gate",)
    assert farms.agreements["well-2019"].provisions[0].measures == ("share-water", "measure-flow")
    assert farms.orders[0].steps == (("open-gate",), (), ("share-water/1", "share-water/2"), ("measure-flow",))
    assert (farms.comparisons[0].prefers, farms.comparisons[0].to) == ("share-water", "meet")
    government, shock, performance = farms.risks
    assert isinstance(government, GovernmentRisk)
    assert government.value["share-water"].likely == -4
    assert isinstance(shock, ShockRisk)
    assert shock.ratio == Fraction(1, 2)
    assert isinstance(performance, PerformanceRisk)
    assert performance.late is not None
    assert performance.late.high == 6
    assert [s.lag for s in farms.supports] == [1, None]
    assert farms.sources["diary"].date == "2019-01"
    assert farms.evidence["d1"].at == "page 3"


def test_numbers_are_the_decimals_of_the_file(farms: Case) -> None:
    """Through a float 0.15 would become 0.1499999..., and the certificate would certify another case."""
    assert farms.parties["east"].discount.likely == Fraction(9, 10)
    assert {j: p.likely for j, p in farms.parties["east"].trust.items()} == {"west": Fraction(3, 20)}
    assert farms.parties["village"].breakdown.likely == Fraction(1, 100)
    assert farms.measures["share-water"].irreversible.likely == Fraction(1, 4)


def test_grades_and_their_negatives(farms: Case) -> None:
    """The negative of a range turns it round; forgetting that puts low above high."""
    assert farms.parties["east"].breakdown.text == "large"
    stalemate = farms.parties["west"].stalemate
    assert (stalemate.low, stalemate.likely, stalemate.high) == (Fraction(-1, 2), Fraction(-3, 10), Fraction(-1, 10))
    assert stalemate.text == "-small"


def test_slices(farms: Case) -> None:
    """Known answers for a measure of 4 slices: shares, chain, root of the signal, windows, references to the whole."""
    instance = farms.instance
    assert instance.slices["share-water"] == tuple(f"share-water/{n}" for n in range(1, 5))
    first, second, *_ = (instance.measure[m] for m in instance.slices["share-water"])
    assert first.value == {"east": Fraction(1, 2), "west": Fraction(-3, 40)}
    assert first.once == {"west": Fraction(-1, 8)}
    assert first.signal == Fraction(1414213, 10**6)  # the fourth root of 4 is 1.41421356...
    assert first.signal**4 <= 4 < (first.signal + Fraction(1, 10**6)) ** 4
    assert first.requires == (Requirement(("open-gate",), 1), Requirement(("measure-flow", "meet"), 2))
    assert second.requires == (Requirement(("share-water/1",), 0),)
    assert (first.not_before, first.not_after) == (1, 5)  # 40 in the file, capped at the last phase
    assert first.excludes == ("sell-water",)
    assert second.excludes == ()
    assert instance.measure["sell-water"].excludes == ("share-water/1",)
    assert first.title == "Share the water (1 of 4)"


def test_a_whole_that_is_required_means_its_last_slice() -> None:
    """If it meant the first, a step could follow on a quarter of what it rests on."""
    text = FARMS.read_text().replace("any: [open-gate, meet], after: 3", "any: [share-water, share-water/2], after: 3")
    text = text.replace("    excludes: [sell-water]\n", "").replace("count: 6}", "count: 9}")
    assert read_case(text).instance.measure["sell-water"].requires == (Requirement(("share-water/4", "share-water/2"), 3),)


def test_a_whole_signal_is_not_rounded() -> None:
    """Only roots are rounded: a signal in the file with more than six decimals stays exact."""
    text = FARMS.read_text().replace("    signal: 2\n", "    signal: 2.12345678901\n")
    assert read_case(text).instance.measure["open-gate"].signal == Fraction(212345678901, 10**11)


@pytest.mark.parametrize(
    ("length", "phase", "date"),
    [
        ("1 month", 1, "2020-02-29"),
        ("1 month", 2, "2020-03-31"),
        ("1 month", 6, "2020-07-31"),
        ("2 months", 1, "2020-03-31"),
        ("1 quarter", 1, "2020-04-30"),
        ("1 year", 5, "2025-01-31"),
        ("2 weeks", 1, "2020-02-14"),
        ("30 days", 2, "2020-03-31"),
    ],
)
def test_phase_dates(length: str, phase: int, date: str) -> None:
    """Months are counted from `as_of` each time: counted one by one, the 31st would slip to the 29th for good."""
    case = read_case(FARMS.read_text().replace("length: 1 month", f"length: {length}"))
    assert case.phase_date(phase).isoformat() == date


def test_titles_and_places(farms: Case) -> None:
    """Errors and briefs point with these at a line of the file and at a name."""
    assert farms.measure_title("share-water") == "Share the water"
    assert farms.measure_title("share-water/2") == "Share the water (2 of 4)"
    with pytest.raises(KeyError):
        farms.measure_title("share-water/5")
    lines = FARMS.read_text().splitlines()
    assert lines[farms.where("measures.share-water.lag")[0] - 1].strip() == "lag: 2"
    assert farms.where("demands[0].by") == farms.where(("demands", 0, "by"))
    assert farms.where("measures.share-water.nothing") == farms.where("measures.share-water")


def test_every_way_in_gives_the_same_case(farms: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Path, text of a path, open files, standard input, plain data."""
    assert load(str(FARMS)) == farms
    with FARMS.open("rb") as binary, FARMS.open() as text:
        assert load(binary) == load(text) == farms
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(FARMS.read_bytes())))
    assert load("-") == farms
    with_mark = tmp_path / "two-farms.yaml"
    with_mark.write_bytes(b"\xef\xbb\xbf" + FARMS.read_bytes())
    assert load(with_mark) == farms
    assert load(farms.model_dump(mode="python", exclude_unset=True)) == farms


def test_cases_are_frozen_and_comparable(farms: Case) -> None:
    """Two readings are equal whatever their comments; another value makes another case; nothing can be set."""
    assert read_case("# another comment\n" + farms.text) == farms
    assert read_case(farms.text.replace("discount: 0.90", "discount: 0.91")) != farms
    with pytest.raises(ValueError, match="frozen"):
        farms.title = "Another"  # type: ignore[misc]


def test_unknown_slug_and_missing_file(tmp_path: Path) -> None:
    """The next step is the nearest name and the list of names, not a traceback."""
    with pytest.raises(CaseError, match=r"there is no such case and no such file.*bundled cases: ") as err:
        load("no-such-case-anywhere")
    assert "did you mean" not in str(err.value)
    with pytest.raises(CaseError, match="there is no such file"):
        load(tmp_path / "absent.yaml")


def test_a_misspelt_slug_gets_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hint of the loader, on a list that this test knows."""
    monkeypatch.setattr("detente.case.load.slugs", lambda: ("toy-exchange", "supplier-dispute"))
    with pytest.raises(CaseError, match="did you mean 'toy-exchange'"):
        load("toy-exchagne")


def test_the_notebook_shows_every_measure_escaped() -> None:
    """A title is text, not markup."""
    case = read_case(FARMS.read_text().replace("Open the gate", "Open <the> gate"))
    html = case._repr_html_()
    assert "Open &lt;the&gt; gate" in html
    assert "Open <the>" not in html
    assert html.count("<tr>") == 1 + len(case.measures)


@pytest.mark.parametrize(
    ("given", "exactly"),
    [
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.333333333333333"),
        (np.float64(0.5), "0.5"),
        (np.float32(0.1), "0.1"),
        (np.int64(2), "2"),
        (Decimal("0.1"), "0.1"),
        (Fraction(1, 3), "0.333333333333333"),
        (Fraction(-3, 4), "-0.75"),
        (np.array([0.1, 0.2, 0.3]), "0.2"),
        ((0.1, np.float64(0.2), Fraction(1, 3)), "0.2"),
    ],
)
def test_numbers_of_any_kind_in_plain_data(given: object, exactly: str) -> None:
    """Catches a case built in Python from computed numbers that is refused for the way they were computed."""
    data = swap()
    data["measures"]["give-a"]["value"]["b"] = given
    assert load(data).measures["give-a"].value["b"].likely == Fraction(exactly)


@pytest.mark.parametrize("given", [Decimal("1e-400"), 1j, float("nan"), np.bool_(True), 10**30, object()])
def test_numbers_that_are_none(given: object) -> None:
    """Catches what is no value, rounded to one."""
    data = swap()
    data["measures"]["give-a"]["value"]["b"] = given
    with pytest.raises(CaseError, match="<mapping>"):
        load(data)


def test_plain_data_that_refers_to_itself_stays_small() -> None:
    """Lists of lists of lists, each named twice: 2 ** 40 entries if they were written out."""
    bomb: list[object] = [1]
    for _ in range(40):
        bomb = [bomb, bomb]
    data = swap()
    data["title"] = bomb
    with pytest.raises(CaseError):
        load(data)
