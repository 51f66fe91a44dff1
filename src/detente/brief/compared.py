"""A comparison as a page of its own: roadmaps side by side, speed against safety, what trust makes possible.

One self-contained file without a script: nothing in it is sorted or opened.
"""

from __future__ import annotations

from detente.base.words import count, full_date
from detente.brief.page import _environment
from detente.brief.parts.possible import possible
from detente.brief.parts.speed import speed
from detente.case.case import Case
from detente.case.naming import Naming
from detente.compare.result import Comparison
from detente.compare.telling import expected, first_failure, gains, letter, provisions, reach

__all__ = ["compared_page"]


def compared_page(case: Case, comparison: Comparison) -> str:
    """The whole file. The same comparison gives the same text."""
    naming = Naming(case)
    return _environment().get_template("comparedpage.html.j2").render(
        case=case,
        names=naming.names,
        as_of=full_date(case.as_of),
        many=count(len(comparison.roadmaps), "roadmap"),
        rows=[(letter(n), r.title, r.holds, first_failure(r, naming)) for n, r in enumerate(comparison.roadmaps)],
        reach=tuple(reach(comparison, naming)),
        gains=tuple(gains(comparison, naming)),
        expected=tuple(expected(comparison, naming)),
        provisions=tuple(provisions(comparison, naming)),
        speed=speed(naming, comparison),
        possible=possible(naming, comparison),
    )  # fmt: skip
