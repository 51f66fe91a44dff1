"""Comparisons: what they tie, what they contradict, and which lines that takes, against every subset."""

from __future__ import annotations

import itertools
import json
from collections.abc import Collection, Sequence
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente as dt
from detente.case.draws.draw import uncertainty
from detente.case.draws.polytope import contradiction
from detente.case.draws.quantities import Preference, Quantity
from detente.errors import CaseError
from smallcases import Data, swap

ONE = Fraction(1)


def quantity(name: str, span: tuple[int, int] | None) -> Quantity:
    low, high = (None, None) if span is None else (Fraction(span[0]), Fraction(span[1]))
    return Quantity("value", "p", name, low, low or Fraction(0), high, ("measures", name, "value", "p"))


def has_room(pairs: Collection[tuple[str, str]], spans: dict[str, tuple[int, int] | None]) -> bool:
    """Whether values exist that satisfy every preference and range with room to spare, worked out from chains alone.

    Along every chain a > .. > z the top of a must lie above the bottom of z; a preference between two fixed values may be an
    equality; no circle has room.
    """
    names = list(spans)
    above = {(a, b): False for a in names for b in names}
    for a, b in pairs:
        above[a, b] = True
    for k, a, b in itertools.product(names, repeat=3):
        above[a, b] = above[a, b] or (above[a, k] and above[k, b])
    if any(above[a, a] for a in names):
        return False
    for a, b in itertools.product(names, repeat=2):
        if not above[a, b] or spans[a] is None or spans[b] is None:
            continue
        top, bottom = spans[a][1], spans[b][0]  # type: ignore[index]
        fixed = spans[a][0] == top and spans[b][1] == bottom  # type: ignore[index]
        direct = fixed and not any(above[a, k] and above[k, b] for k in names)
        if top < bottom or (top == bottom and not direct):
            return False
    return True


@st.composite
def rankings(draw: st.DrawFn) -> tuple[list[tuple[str, str]], dict[str, tuple[int, int] | None]]:
    names = list("abcd")
    spans: dict[str, tuple[int, int] | None] = {}
    for n in names:
        low = draw(st.integers(0, 4))
        spans[n] = draw(st.sampled_from([None, (low, low), (low, low + 2), (low, low + 1)]))
    every = [(a, b) for a in names for b in names if a != b]
    return draw(st.lists(st.sampled_from(every), min_size=1, max_size=5, unique=True)), spans


@settings(max_examples=150, deadline=None)
@given(rankings())
def test_the_contradictory_set_is_one_that_no_subset_of_it_is(ranking: tuple[list, dict]) -> None:
    """Catches a contradiction that is missed or invented, and a set that names more lines than it takes.

    Held against chains of preferences worked out by hand, over every subset of comparisons and ranges.
    """
    pairs, spans = ranking
    of = {name: quantity(name, span) for name, span in spans.items()}
    given_ = [Preference(n, of[a], ONE, of[b], ONE) for n, (a, b) in enumerate(pairs)]
    found = contradiction(given_)
    assert (found is None) == has_room(pairs, spans)
    if found is None:
        return
    chosen = [(str(p.upper.measure), str(p.lower.measure)) for p in found[0]]
    ranges = [str(q.measure) for q in found[1]]

    def room(some: Sequence[tuple[str, str]], kept: Collection[str]) -> bool:
        return has_room(some, {n: spans[n] if n in kept else None for n in spans})

    assert not room(chosen, ranges)
    for count in range(len(chosen)):
        assert all(room(some, ranges) for some in itertools.combinations(chosen, count))
    for count in range(len(ranges)):
        assert all(room(chosen, kept) for kept in itertools.combinations(ranges, count))


def ranked(folder: Path, spans: dict[str, object], comparisons: list[tuple[str, str]]) -> str:
    """A case of measures m0, m1, .. whose values to b are these, with comparisons by b; a key a line."""

    def change(data: Data) -> None:
        for m, span in spans.items():
            value = {"a": -1} if span is None else {"a": -1, "b": span}
            data["measures"][m] = {"title": m, "by": "a", "kind": "other", "value": value}
        data["comparisons"] = [{"by": "b", "prefers": x, "to": y} for x, y in comparisons]

    path = folder / "swap.yaml"
    path.write_text(json.dumps(swap(change), indent=1), encoding="utf-8")
    return str(path)


def test_a_contradiction_is_refused_with_its_lines(tmp_path: Path) -> None:
    """Catches a refusal that does not say which lines to look at, or that stops at the first of two contradictions."""
    path = ranked(
        tmp_path,
        {"m0": [0, 1, 2], "m1": [3, 4, 5], "m2": [0, 1, 2], "m3": [0, 1, 2], "m4": [0, 5, 9]},
        [("m0", "m1"), ("m2", "m3"), ("m3", "m2"), ("m4", "m0")],
    )
    with pytest.raises(CaseError) as caught:
        uncertainty(dt.load(path))
    first, second = caught.value.faults
    assert first.key == "comparisons[0]"
    assert "b prefers m0 to m1" in first.message
    assert "measures.m0.value.b lies from 0 to 2" in first.message
    assert "measures.m1.value.b lies from 3 to 5" in first.message
    assert "m4" not in first.message
    assert second.key == "comparisons[2]"
    assert "lies from" not in second.message, "a circle needs no ranges to be impossible"
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    named = [int(text.partition(":")[0]) for text in first.message.split("line ")[1:]]
    assert [lines[n - 1].strip()[:4] for n in named] == ["{", '"b":', '"b":']


def test_a_value_that_is_only_compared_is_drawn_over_what_is_left(tmp_path: Path) -> None:
    """Catches a missing value that is drawn as the planner's 0, or over more than the comparisons leave to it.

    m1 lies between m0 (4 to 6) and m2 (fixed, 1): uniform on [1, m0], so its mean is half of 1 + E[m0] or so, near 3.
    """
    known = uncertainty(dt.load(ranked(tmp_path, {"m0": [4, 5, 6], "m1": None, "m2": 1}, [("m0", "m1"), ("m1", "m2")])))
    assert [q.name for q in known.quantities] == ["measures.m0.value.b", "measures.m1.value.b"]
    drawn = known.draw(2000).values
    assert (drawn[:, 1] > 1).all()
    assert (drawn[:, 1] < drawn[:, 0]).all()
    assert 2.9 < drawn[:, 1].mean() < 3.15


@pytest.mark.parametrize(
    ("comparisons", "side"), [([("m0", "m1")], "below"), ([("m1", "m0")], "above"), ([("m1", "m2")], "below or above")]
)
def test_a_value_that_nothing_bounds_is_a_fault(tmp_path: Path, comparisons: list[tuple[str, str]], side: str) -> None:
    """Catches an endless range that is drawn from all the same, and a message without line or next step."""
    with pytest.raises(CaseError) as caught:
        uncertainty(dt.load(ranked(tmp_path, {"m0": [4, 5, 6], "m1": None, "m2": None}, comparisons)))
    fault = caught.value.faults[0]
    assert f"compared and not given, and nothing bounds it from {side}" in fault.message
    assert fault.line > 1
    assert "measures.m1.value.b a range" in fault.hint


def test_slices_are_compared_at_their_part(tmp_path: Path) -> None:
    """Catches a slice that is compared as if it were the whole: one of four slices of [4, 6, 8] lies from 1 to 2."""
    data = json.loads(Path(ranked(tmp_path, {"m0": [4, 6, 8], "m1": [0, 1, 3]}, [("m0/1", "m1")])).read_text())
    data["measures"]["m0"]["slices"] = 4
    drawn = uncertainty(dt.load(data)).draw(1000).values
    assert (drawn[:, 0] / 4 >= drawn[:, 1]).all()
    assert drawn[:, 1].max() > 1.5


def test_what_the_ranges_imply_ties_nothing(tmp_path: Path) -> None:
    """Catches chains for quantities that could be drawn directly."""
    path = ranked(tmp_path, {"m0": [4, 5, 6], "m1": [1, 2, 4], "m2": 1}, [("m0", "m1"), ("m1", "m2")])
    assert uncertainty(dt.load(path)).sets == ()
