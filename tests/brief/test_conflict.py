"""What each side could do by itself: figures that are the analysis's own, names and never ids, absent where there is
nothing."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from briefcases import ARABIC, HARBOUR, HOSTILE
from detente.brief.context import Context
from detente.brief.parts.conflict import Conflict, conflict
from detente.case.case import Case
from detente.case.load import load
from detente.graph.from_case import from_case
from detente.graph.solve import graph


def section(case: Case) -> Conflict | None:
    """The section needs the case alone, not the plan."""
    nothing: Any = None
    return conflict(Context(case, nothing, nothing))


@pytest.mark.parametrize("slug", ["toy-exchange", "us-dprk-2019", "supplier-dispute"])
def test_the_figures_are_those_of_the_analysis(slug: str) -> None:
    """Catches a number of combinations that is said of another set, and an outcome that does not hold as the table says."""
    case = load(slug)
    made, found = section(case), graph(from_case(case))
    assert made is not None
    text = " ".join(made.lead)
    today = (found.status_quo or 0) - 1
    level = np.array([x.level for x in found.levels])
    better = (level > level[:, [today]]).all(axis=0)
    assert f"{found.count:,} combinations" in text
    many = int(better.sum())
    assert f"Yet {'one combination' if many == 1 else f'{many:,} combinations'} would be better for every side" in text
    by = {"by itself": "nash", "by the answers": "seq", "by threats": "gmr"}
    rows = {o.id: n for n, o in enumerate(found.conflict.options)}
    assert len(made.rows) == len(rows)
    for k, how in enumerate(made.holds):
        number = found.number("".join("Y" if row.taken[k] else "N" for row in made.rows))
        assert number is not None
        assert number in found.equilibria(by[how])
        assert k == 0 or better[number - 1]
    assert made.heads[0] == "Today"
    assert not any(i in " ".join((text, *made.steps)) for i in case.measures if "-" in i)


def test_the_picture_has_an_arrow_for_each_sentence() -> None:
    """Catches a sentence without its arrow, an arrow without its number, and a picture that says nothing to who cannot see
    it."""
    made = section(load("us-dprk-2019"))
    assert made is not None
    for picture in (made.medium, made.narrow):
        assert re.findall(r'class="number">(\d+)<', picture) == [str(n) for n in range(1, len(made.steps) + 1)]
        assert "would gain most" in picture[picture.index("<desc") : picture.index("</desc>")]
    assert len(made.steps) == 4
    assert made.steps[1].startswith("Then North Korea would gain if it took back")
    assert made.steps[1].endswith("and the United States would be worse off than in Outcome B.")


def test_absent_where_there_is_nothing_to_say() -> None:
    """One side that can act, or more choices than are analysed: no chapter, and no error."""
    alone = {**HARBOUR, "demands": [], "agreements": {}, "orders": [], "comparisons": []}
    alone["measures"] = {"licences": {**HARBOUR["measures"]["licences"], "slices": 1}}
    alone.pop("risks", None)
    alone.pop("supports", None)
    assert section(load(alone)) is None
    many = {**alone, "measures": {f"m{n}": {**HARBOUR["measures"]["licences"], "slices": 1} for n in range(40)}}
    assert section(load(many)) is None


def test_today_may_be_what_somebody_would_leave() -> None:
    """A party that bears a cost for nothing would stop; the picture then starts from today. Titles from the case are
    escaped."""
    data = {**HARBOUR, "demands": [], "agreements": {}, "orders": [], "comparisons": []}
    data.pop("risks", None)
    data.pop("supports", None)
    licences, patrols = HARBOUR["measures"]["licences"], HARBOUR["measures"]["patrols"]
    data["measures"] = {
        "licences": {**licences, "title": HOSTILE, "slices": 1, "in_force": True},
        "patrols": {**patrols, "title": ARABIC, "requires": []},
    }
    made = section(load(data))
    assert made is not None
    assert "the United Isles would gain by changing its own part" in " ".join(made.lead)
    assert made.steps[0].startswith("The United Isles would gain most if it took back")
    assert "<script>" not in made.medium


def test_the_same_case_gives_the_same_picture() -> None:
    """Catches an order that depends on hashing or on the machine."""
    assert section(load("us-dprk-2019")) == section(load("us-dprk-2019"))
