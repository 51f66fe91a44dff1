"""What answers say: ranges, comparisons, contradictions, several people; and the case that they are written into."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from askcase import TEXT, case, session
from detente.ask.answers import Answer
from detente.ask.session import Session
from detente.ask.together import differences
from detente.case.draws.draw import uncertainty
from detente.errors import InputError

FISH, BOATS, WOOD = "measures.fish.value.a", "measures.boats.value.a", "measures.wood.value.b"


def said(name: str, answer: Any, by: str = "ana", n: int = 0) -> Answer:
    if isinstance(answer, tuple):
        answer = dict(zip(("low", "best", "high", "sure"), answer, strict=True))
    return Answer(name, answer, by, at=f"2020-01-01T00:00:{n:02d}Z", line=n + 2)


def column(s: Session, values: np.ndarray[Any, Any], name: str) -> np.ndarray[Any, Any]:
    return np.asarray(values[:, [q.name for q in s.quantities].index(name)])


@pytest.mark.parametrize("sure", [0.5, 0.8, 1.0])
def test_a_range_holds_what_its_author_said(tmp_path: Path, sure: float) -> None:
    """Catches a range that is taken for hard ends, or widened by another rule: worlds lie in it as often as was said."""
    s = session(tmp_path)
    state = s.state([said(FISH, (1.5, 2, 3.5, sure))])
    x = column(s, state.worlds, FISH)
    assert ((x >= 1.5) & (x <= 3.5)).mean() == pytest.approx(sure, abs=0.003)
    if sure == 1.0:
        expected = stats.beta(1 + 4 * 0.25, 1 + 4 * 0.75, 1.5, 2).ppf([0.1, 0.5, 0.9])
        assert np.quantile(x, [0.1, 0.5, 0.9]) == pytest.approx(expected, abs=0.01)


def test_a_comparison_is_kept_to_and_moves_nothing_else(tmp_path: Path) -> None:
    """Catches worlds against a comparison, and a density other than that of the ranges within it, 1.3 times as wide as the case
    has them: by rejection of our own."""
    s = session(tmp_path)
    state = s.state([said("compare.a.fish.boats", "fish")])
    x, y = column(s, state.worlds, FISH), column(s, state.worlds, BOATS)
    assert (x >= y).all()
    rng = np.random.default_rng(1)
    u, v = (2 + 1.3 * half * (2 * rng.beta(3, 3, 200_000) - 1) for half in (2, 1))
    assert [x.mean(), y.mean()] == pytest.approx([u[u >= v].mean(), v[u >= v].mean()], abs=0.03)
    assert (column(s, state.worlds, WOOD) == column(s, s.kept.worlds, WOOD)).all()


def test_a_circle_of_comparisons_stands_aside_with_the_smallest_set(tmp_path: Path) -> None:
    """Catches a contradiction that stops everything, takes an innocent answer with it, or does not say what clashes."""
    text = TEXT + "  nets: {title: Nets, by: b, kind: economic, value: {a: [0, 2, 4], b: -1}}\n"
    s = session(tmp_path, case(text=text))
    circle = [
        said("compare.a.fish.boats", "fish", n=0),
        said(WOOD, (1, 2, 3, 0.8), n=1),
        said("compare.a.boats.nets", "boats", n=2),
        said("compare.a.fish.nets", "nets", n=3),
    ]
    state = s.state(circle)
    assert [x.answer.id for x in state.aside] == ["compare.a.fish.nets"]
    why = state.aside[0].because
    assert why.count("is worth at least") == 3
    assert "lies from" not in why
    assert len(state.made.answered) == 3
    fewer = s.state([a for a in circle if a.id != "compare.a.fish.boats"])
    assert not fewer.aside, "what clashed counts again once the others are taken back"


def test_a_number_outside_what_comparisons_leave_stands_aside(tmp_path: Path) -> None:
    """Catches a number that is believed against a comparison, or a message that does not name the number."""
    s = session(tmp_path)
    state = s.state([said("compare.a.fish.boats", "fish"), said(BOATS, (4.5, 5, 6, 1.0), n=1)])
    assert [x.answer.id for x in state.aside] == [BOATS]
    assert BOATS in state.aside[0].because
    assert FISH in state.aside[0].because


def test_hardly_any_room_is_drawn_all_the_same(tmp_path: Path) -> None:
    """Catches worlds that run out under answers that leave little room, and yet some: the case is drawn anew with them."""
    s = session(tmp_path, worlds=1000)
    answers = [
        said("compare.a.fish.boats", "fish"),
        said(BOATS, (2.999, 3, 3.001, 1.0), n=1),
        said(FISH, (0, 1, 3.1, 1.0), n=2),
    ]
    state = s.state(answers)
    assert not state.aside
    assert len(state.worlds) == 1000
    assert (column(s, state.worlds, FISH) >= column(s, state.worlds, BOATS) - 1e-6).all()


def test_people_who_differ_are_less_sure_together(tmp_path: Path) -> None:
    """Catches a pool that averages the numbers, or takes the last: it is the mean of the distributions."""
    s = session(tmp_path)
    one, other = said(FISH, (0, 1, 2, 1.0)), said(FISH, (2, 3, 4, 1.0), "bo", 1)
    x = column(s, s.state([one, other]).worlds, FISH)
    assert x.mean() == pytest.approx(2.0, abs=0.01)
    assert x.var() == pytest.approx(4 / 28 + 1.0, rel=0.02)  # of each a beta(3, 3) over 2, and of the means
    assert ((x > 0.9) & (x < 1.1)).mean() > 2 * ((x > 1.9) & (x < 2.1)).mean()
    state = s.state([one, other, said("compare.a.fish.boats", "fish", n=2), said("compare.a.fish.boats", "boats", "bo", 3)])
    assert len(state.made.preferences) == 0, "a comparison that they differ on decides nothing"


def test_differences_are_ordered_by_what_they_matter(tmp_path: Path) -> None:
    """Catches an order by how far apart people are alone: about wood they differ more, and it makes no difference."""
    s = session(tmp_path)
    answers = [said(FISH, (1, 2, 3, 0.8)), said(FISH, (1.2, 2.2, 3.2, 0.8), "bo", 1)]
    answers += [said(WOOD, (0, 0.5, 1, 0.8), n=2), said(WOOD, (3, 3.5, 4, 0.8), "bo", 3), said(BOATS, (1, 2, 3, 0.8), n=4)]
    found = differences(s, s.state(answers))
    assert [d.question.id for d in found] == [FISH, WOOD]
    assert found[1].share > found[0].share
    assert found[1].saves == 0


CALIBRATION = """
calibration:
""" + "".join(f"  - {{text: 'How many? ({n})', answer: {n}, source: counted}}\n" for n in range(6))


def test_misses_make_ranges_wider(tmp_path: Path) -> None:
    """Catches known answers that are shown and change nothing, or that widen the ranges of somebody else."""
    s = session(tmp_path, case(CALIBRATION))
    known = [said(f"calibration[{n}]", (n + 1, n + 2, n + 3, 0.8), n=n) for n in range(6)]
    known += [said(f"calibration[{n}]", (n - 1, n, n + 1, 0.8), "bo", 10 + n) for n in range(6)]
    s._answers = lambda: list(known)  # type: ignore[method-assign]
    rates = s.calibrated()
    assert [(r.held, r.asked) for r in rates.values()] == [(0, 6), (6, 6)]
    z = stats.norm.ppf
    assert rates["ana"].wider == pytest.approx(z(0.9) / z((1 + 4 / 11) / 2))  # 5 more, 4 of which hold
    assert rates["bo"].wider == 1.0
    spread = [column(s, s.state([*known, said(FISH, (1, 2, 3, 0.8), by, 30)]).worlds, FISH).std() for by in ("ana", "bo")]
    assert spread[0] / spread[1] == pytest.approx(rates["ana"].wider, rel=0.02)


# -- the case with the answers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("confidence", ["", "ranges: {confidence: 0.7}\n"])
def test_the_case_is_written_with_what_is_believed(tmp_path: Path, confidence: str) -> None:
    """Catches a file that says something else than was answered, or loses a comment or who said it."""
    s = session(tmp_path, case(confidence))
    answers = [said(FISH, (1.5, 2, 3.5, 0.8)), said("compare.a.fish.boats", "fish", "bo", 1), said(BOATS, (1, 2, 3, 1.0), n=3)]
    state = s.state([*answers, said(WOOD, None, n=2)])
    made = s.written(state)
    assert "# A case that somebody wrote by hand." in made.text
    assert "# B's own words" in made.text
    drawn = uncertainty(made).draw(4000, 3)
    at = {q.name: drawn.values[:, n] for n, q in enumerate(drawn.quantities)}
    x = column(s, state.worlds, FISH)
    assert np.quantile(at[FISH], [0.1, 0.5, 0.9]) == pytest.approx(np.quantile(x, [0.1, 0.5, 0.9]), abs=0.06)
    assert (at[FISH] >= at[BOATS]).all()
    assert [(c.by, c.prefers, c.to) for c in made.comparisons] == [("a", "fish", "boats")]
    cited = [made.evidence[e] for e in (*made.measures["fish"].evidence, *made.comparisons[0].evidence)]
    assert [made.sources[e.source].author for e in cited] == ["ana", "bo"]
    assert made.measures["wood"] == s.case.measures["wood"], "who cannot say changes nothing"


def test_each_person_is_a_source_of_their_own(tmp_path: Path) -> None:
    """Catches an answer that is put down to somebody else, whose name makes the same id."""
    s = session(tmp_path)
    people = ("Zoë B.", "zoe-b", "李", "王")
    given = [(FISH, (1, 2, 3, 0.8)), (BOATS, (1, 2, 3, 0.8)), (WOOD, (1, 2, 3, 0.8)), ("compare.a.fish.boats", "fish")]
    answers = [said(*answer, by, n) for n, (answer, by) in enumerate(zip(given, people, strict=True))]
    made = s.written(s.state(answers))
    judged = {e.says.split(" on ")[0]: made.sources[e.source].author for e in made.evidence.values()}
    assert judged == {f"Judged by {by}": by for by in people}


def test_lists_that_are_there_are_added_to(tmp_path: Path) -> None:
    """Catches evidence or comparisons of the author that the answers replace."""
    more = """
comparisons:
  - {by: a, prefers: boats, to: wood} # known
sources: {talk: {title: A talk}}
evidence: {heard: {source: talk, says: Heard.}}
"""
    text = TEXT.replace("value: {a: [0, 2, 4], b: -1}", "value: {a: [0, 2, 4], b: -1}\n    evidence: [heard]")
    s = session(tmp_path, case(more, text))
    made = s.written(s.state([said(FISH, (1, 2, 3, 0.8)), said("compare.a.fish.boats", "boats", n=1)]))
    assert [c.to for c in made.comparisons] == ["wood", "fish"]
    assert made.measures["fish"].evidence[0] == "heard"
    assert len(made.measures["fish"].evidence) == 2
    assert {"talk", "answers-ana"} == set(made.sources)
    assert "# known" in made.text


def test_an_anchor_that_stands_for_several_is_refused(tmp_path: Path) -> None:
    """Catches an answer about one value that changes another, which nobody was asked about."""
    text = TEXT.replace("value: {a: [0, 2, 4], b: -1}", "value: &same {a: [0, 2, 4], b: -1}").replace(
        "value: {a: [1, 2, 3], b: -1}", "value: *same"
    )
    s = session(tmp_path, case(text=text))
    with pytest.raises(InputError, match=r"measures\.boats\.value\.a"):
        s.written(s.state([said(FISH, (1, 2, 3, 0.8))]))


def test_an_answer_about_what_is_no_more_stands_aside(tmp_path: Path) -> None:
    """Catches answers that make a case unusable once the case was changed."""
    s = session(tmp_path)
    state = s.state([said("measures.gone.value.a", (1, 2, 3, 0.8)), said(FISH, (1, 2, 3, 0.8), n=1)])
    assert [x.answer.id for x in state.aside] == ["measures.gone.value.a"]
    assert [a.id for a in state.made.answered] == [FISH]
