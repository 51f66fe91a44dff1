"""What a command says of a result, the brief's annexes say in the same words and figures."""

from __future__ import annotations

import html
import inspect
import re
from collections.abc import Iterable, Iterator

import pytest

import smallcases
from briefcases import recommended
from detente.assess.telling import show_assessment
from detente.base.parts import Part, Table
from detente.brief.brief import Brief, brief
from detente.case.load import load
from detente.compare.telling import show_comparison
from detente.diagnose.telling import show_diagnosis
from detente.plan.draws.telling import show_held
from detente.prepare.telling import show_preparation
from detente.recommend.plan import plan
from detente.recommend.result import Recommendation
from detente.recommend.telling import show_recommendation


@pytest.fixture(scope="module")
def found() -> Brief:
    return recommended()


@pytest.fixture(scope="module")
def page(found: Brief) -> str:
    return plain(html.unescape(re.sub("<(?!/?data)[^>]+>", " ", re.sub("</?data[^>]*>", "", found.html))))


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def rows(parts: Iterable[Part], title: str) -> list[tuple[str, ...]]:
    """The rows of the table with this title."""
    (table,) = (p for p in parts if isinstance(p, Table) and p.title.startswith(title))
    assert table.rows
    return table.rows


def sentences(parts: Iterable[Part]) -> Iterator[str]:
    return (line for p in parts if isinstance(p, str) for line in p.strip("\n").split("\n"))


def test_one_basis_of_shares() -> None:
    """Catches a plan and a brief that count the share of one roadmap on different draws, 88% and 87%."""
    usual = inspect.signature(brief).parameters["draws"].default
    terms = plan(load(smallcases.swap()), reasons=False).terms
    assert terms is not None
    assert terms.draws == usual


def test_the_roadmaps_and_their_prices(found: Brief, page: str) -> None:
    """Catches a command that gives other figures of the named roadmaps than the page, or calls them otherwise."""
    assert isinstance(found.plan, Recommendation)
    told = list(show_recommendation(found.plan, found.case))
    for row in rows(told, "The roadmaps side by side"):
        assert " ".join(row) in page
    for row in rows(told, "Expected gain"):
        assert " ".join(row) in page
    late = [s for s in sentences(told) if s.startswith("If one step comes late")]
    assert len(late) == 1
    assert late[0] in page


def test_why_no_step_comes_sooner(found: Brief, page: str) -> None:
    """Catches a reason for the place of a step, or for what does not enter, that only one of them gives or words otherwise."""
    unnumbered = re.sub(r" \(step \d+\)", "", page)  # the command's steps have no numbers
    told = list(show_recommendation(found.plan, found.case))
    tables = [p for p in told if isinstance(p, Table) and p.heads[-1] in ("Why not sooner", "What stops it")]
    reasons = [row[-1] for table in tables for row in table.rows]
    assert {why for why in reasons if why} > {"Among the first steps."}
    assert all(why in unnumbered for why in reasons)


def test_how_sure_it_is(found: Brief, page: str) -> None:
    """Catches a share, an interval or a value that decides which the command rounds or names otherwise."""
    assert found.plan.holds is not None
    told = list(show_held(found.plan.holds, found.case))
    (verdict, drawn, *breaks) = sentences(told)
    assert all(said in page for said in (verdict, drawn, breaks[0]))
    assert all(cell in page for row in rows(told, "What decides it")[:2] for cell in row)


def test_why_it_is_stuck(found: Brief, page: str) -> None:
    """Catches a verdict, finding, demand or break of an order that the command counts or words otherwise."""
    told = list(show_diagnosis(found.diagnosis, found.case))
    assert next(sentences(told)).removesuffix(".") in page
    questions = next(p for p in told if isinstance(p, Table))
    for answer, asked, finding in questions.rows:
        assert f"{asked} {answer} . {finding}" in page.replace(f"{answer}.", f"{answer} .")
    assert all(said in page for _, said, _ in rows(told, "Who waits for whom"))
    assert all(why in page for *_, why in rows(told, "Stated orders"))


def test_if_it_goes_wrong(found: Brief, page: str) -> None:
    """Catches counts and deposits of other events than the page has, and another date of no return."""
    assert found.preparation is not None
    told = list(show_preparation(found.preparation, found.case))
    said = list(sentences(told))
    chosen = [s for s in said if s.startswith(("Missing a step", "In ", "By an automatic")) or s.endswith("none.")]
    assert len(chosen) > 1
    assert all(s in page for s in chosen)


def test_what_is_ahead(found: Brief, page: str) -> None:
    """Catches shares of plays, causes or weakest steps that the command gives otherwise."""
    assert found.assessment is not None
    told = list(show_assessment(found.assessment, found.case))
    ends = {row[0]: row for row in rows(told, "Why it ends")}
    assert all(cell in page for cell in ends["The recommended roadmap"][:3])
    said = list(sentences(told))
    weakest = said[said.index("Weakest steps: The recommended roadmap") + 1]
    assert weakest in page
    assert any(s.startswith("Under these values and this profile") and s in page for s in said)


def test_speed_against_safety(found: Brief, page: str) -> None:
    """Catches another choice of points, other digits, and limits of the search that only one of them tells."""
    assert found.comparison is not None
    told = list(show_comparison(found.comparison, found.case))
    assert all(" ".join(row) in page for row in rows(told, "Speed against safety"))
    assert all(s in page for s in sentences(told) if "Gains over no deal" in s)
