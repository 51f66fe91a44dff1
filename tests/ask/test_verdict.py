"""Verdicts on the decision and what an answer may settle, against sums over worlds and the exact certificate."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from askcase import TEXT, session
from detente.ask.answers import Answer
from detente.ask.candidates import gains_in
from detente.ask.session import Session
from detente.ask.verdict import AHEAD, HOLDS, Verdict, holds_in
from detente.case.load import read_case
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap

Floats = NDArray[np.float64]
FISH, BOATS, WOOD = "measures.fish.value.a", "measures.boats.value.a", "measures.wood.value.b"
GRID = np.tile(np.array(list(itertools.product([-1.3, 0.1, 2.0, 0.4], [0.0, 1.0, -2.0], [0.5, -0.7]))), (2000, 1))
YES = Verdict(HOLDS, GRID[:, 0] + GRID[:, 1] * GRID[:, 2] > 0.2)


def fall(weights: list[Floats], believed: list[Floats] | None = None) -> float:
    """4 ( E (y - p)^2 - E (y - p(answer))^2 ) from the definition, at least 0. weights : by answer, how likely it is in each
    world. believed : by answer, how likely each world is held to be after it; by Bayes's rule if None."""
    y = YES.yes
    held = [(b * y).sum() / b.sum() for b in believed or weights]
    errors = sum((w * (y - p) ** 2).mean() for w, p in zip(weights, held, strict=True))
    return max(0.0, 4 * float(y.var() - errors))


def test_an_answer_settles_what_the_sum_over_worlds_says() -> None:
    """Catches a wrong conditional mean, an error of the answer that is forgotten, and doubt that is no variance."""
    p = YES.share
    assert YES.doubt == pytest.approx(4 * p * (1 - p))
    for q in range(3):
        parts = [(GRID[:, q] == x).astype(float) for x in np.unique(GRID[:, q])]
        expected = fall(parts)
        assert YES.number(GRID[:, q], 0.0) == pytest.approx(expected, abs=1e-3)
        assert YES.number(GRID[:, q], 0.25) == pytest.approx(0.75 * expected, abs=1e-3)
        levels = np.unique(GRID[:, q])
        which = np.searchsorted(levels, GRID[:, q])
        for right, meant in itertools.product((1.0, 0.8), (levels[:, None], np.stack([levels] * len(levels)))):
            said = [right * w + (1 - right) * w.mean() for w in parts]
            expected = fall(said, [sum(1.0 * (GRID[:, q] == v) for v in row) for row in meant])
            assert YES.choice(GRID[:, q], which, meant, right) == pytest.approx(expected, abs=1e-3)
    above = GRID[:, 0] >= GRID[:, 1]
    for right in (1.0, 0.8, 0.5):
        said = np.where(above, right, 1 - right)
        expected = fall([said, 1 - said], [1.0 * above, 1.0 * ~above])
        assert YES.comparison(above, right) == pytest.approx(expected, abs=1e-3)


def test_luck_settles_nothing() -> None:
    """Catches questions that are asked for what few worlds make of nothing: on average no fall is left."""
    rng = np.random.default_rng(1)
    found = [Verdict(HOLDS, rng.random(400) < 0.5).number(rng.normal(size=400), 0.0) for _ in range(300)]
    plain = 4 * 3 / 400 * 0.25
    assert np.mean(found) < plain / 2  # floored at 0, so not nothing
    assert np.mean([x == 0 for x in found]) > 0.4


def test_a_world_holds_where_its_certificate_does(tmp_path: Path) -> None:
    """Catches worlds that are read in another order than the quantities', and rows that are looked at in the wrong roadmap."""
    s = session(tmp_path)
    xs, ys = (0.5, 1.2, 1.3, 2.0, 4.0), (1.0, 1.4, 1.45, 3.0)
    names = [q.name for q in s._of_rows]
    worlds = np.zeros((len(xs) * len(ys), len(names)))
    for n, q in enumerate(s._of_rows):
        worlds[:, n] = float(q.likely)
    worlds[:, [names.index(FISH), names.index(WOOD)]] = list(itertools.product(xs, ys))
    found = holds_in(s.case.instance, s._of_rows, s.candidates[0], worlds)
    assert found is not None
    exact = []
    for x, y in itertools.product(xs, ys):
        text = TEXT.replace("[0, 2, 4], b: -1", f"{x}, b: -1").replace("[0, 2, 4]} #", f"{y}}} #")
        it = read_case(text, "barter.yaml").instance
        exact.append(certify(it, Roadmap(it.case, it.phases, {"wood": 0, "fish": 1, "boats": None})).holds)
    assert found.tolist() == exact
    assert 0 < sum(exact) < len(exact)
    assert holds_in(s.case.instance, s._of_rows, s.candidates[-1], worlds) is None, "no deal is no roadmap"


def clear(folder: Path) -> Session:
    """One candidate is ahead of all others by far in every world; whether its rows hold hangs on wood and fish."""
    s = session(folder)
    model = s.kept.played.surrogate
    mean, linear = np.array([[9.0, 9.0], [1.0, 1.0], [0.0, 0.0]]), np.zeros_like(model.linear)
    surrogate = dataclasses.replace(model, mean=mean, linear=linear)
    s._kept = dataclasses.replace(s.kept, played=dataclasses.replace(s.kept.played, surrogate=surrogate))
    return s


def test_a_verdict_is_asked_about_where_the_choice_is_clear(tmp_path: Path) -> None:
    """Catches asking that ends before the first question because one candidate is ahead, though it holds in half of the
    worlds."""
    s = clear(tmp_path)
    state = s.state([])
    assert state.doubt.regret == 0
    verdicts = {v.name: v for v in state.verdicts}
    assert verdicts[AHEAD].share == 1
    assert 0.1 < verdicts[HOLDS].share < 0.9
    assert s.open(state) == (HOLDS,)
    asked = s.next(state)
    assert asked is not None
    assert asked.about == HOLDS
    assert s.in_doubt(state) == pytest.approx(0.02 * verdicts[HOLDS].doubt)
    best = {x.question.id: x.saves for x in state.scored}
    assert BOATS not in best or best[BOATS] < min(best[FISH], best[WOOD]) / 20, "boats never enter"
    could = s.effect(state, s.questions.named(FISH))
    assert could.best == (0,)
    low, high = could.shares[HOLDS]
    assert low < 0.05, "below 1.25 fish is worth less than wood costs"
    assert high > verdicts[HOLDS].share


@pytest.mark.parametrize(("best", "share"), [(3.0, 1.0), (0.5, 0.0)])
def test_asking_ends_where_the_verdict_is_settled(tmp_path: Path, best: float, share: float) -> None:
    """Catches a rule that goes on when all worlds agree, or takes a settled no for a doubt; and no word on why it ended."""
    s = clear(tmp_path)
    answers = [
        Answer(name, {"low": best - 0.2, "high": best + 0.2, "best": best, "sure": 0.9}, "ana", at=f"{n}", line=n + 2)
        for n, name in enumerate((FISH, WOOD))
    ]
    state = s.state(answers)
    assert state.verdicts[0].share == share
    assert s.settled(state)
    assert s.next(state) is None
    told = s.to_dict(state)
    assert (told["question"], told["unsettled"], told["asked"]) == (None, [], 2)


def test_what_is_left_can_be_asked_all_the_same(tmp_path: Path) -> None:
    """Catches an end at which nothing can be asked although answers could still change a verdict, and one that does not say
    which question would have been next and what its answer could do."""
    s = clear(tmp_path)
    answers = [Answer(FISH, {"low": 1.9, "high": 2.1, "best": 2, "sure": 0.9}, "ana", at="0", line=2)]
    answers += [Answer(WOOD, {"low": 1.5, "high": 2.5, "best": 2, "sure": 0.8}, "ana", at="1", line=3)]
    state = s.state(answers)
    assert 0.9 < state.verdicts[0].share < 1
    assert s.settled(state)
    told = s.to_dict(s.state(answers[:1]))
    assert told["question"] is not None
    compared = [Answer("compare.a.fish.boats", "same", "ana", at="2", line=4)]
    ended = s.to_dict(s.state([*answers[1:], *compared, Answer(FISH, {**answers[1].answer}, "ana", at="3", line=5)]))
    assert ended["question"] is None
    assert ended["next"] is None, "every quantity that matters was answered"
    s.profile = s.profile.changed(spread=0.0)
    early = s.to_dict(s.state([]))
    assert early["question"] is None
    assert isinstance(early["next"], dict)
    assert {FISH, WOOD} & set(early["next"]["about"])
    assert early["next"]["best"] == ["one"]
    low, high = early["next"][HOLDS]
    assert low < s.state([]).verdicts[0].share < high


LAGGED = TEXT.replace("value: {a: [0, 2, 4], b: -1}", "value: {a: [0, 2, 4], b: -1}\n    lag: [1, 1, 2]")


def test_a_lag_beyond_the_range_of_the_case_is_that_lag(tmp_path: Path) -> None:
    """Catches an answer, or a range that was made wider, that reads past the tables which rows and plays are laid out in."""
    s = session(tmp_path, read_case(LAGGED, "barter.yaml"))
    names = [q.name for q in s._of_rows]
    lags = (1, 2, 3, 5)
    worlds = np.tile([float(q.likely) for q in s._of_rows], (len(lags), 1))
    worlds[:, names.index(FISH)] = 1.5
    worlds[:, names.index("measures.fish.lag")] = lags
    found = holds_in(s.case.instance, s._of_rows, s.candidates[0], worlds)
    exact = []
    for lag in lags:
        it = read_case(LAGGED.replace("[1, 1, 2]", str(lag)).replace("[0, 2, 4], b: -1", "1.5, b: -1"), "barter.yaml").instance
        exact.append(certify(it, Roadmap(it.case, it.phases, {"wood": 0, "fish": 1, "boats": None})).holds)
    assert found is not None
    assert found.tolist() == exact
    assert len(set(exact)) == 2
    wide = read_case(LAGGED.replace("[1, 1, 2]", "[1, 1, 5]"), "barter.yaml")
    values = np.resize(worlds, (200, len(names)))
    narrow, other = (gains_in(c, s.candidates[:1], values, s.plays) for c in (s.case, wide))
    assert narrow.tolist() == other.tolist()
