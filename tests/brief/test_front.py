"""The two pages in front of the annexes: how much is on them, where their links lead, and whose their figures are."""

from __future__ import annotations

import pytest

from briefcases import harbour, nothing, recommended, unsure
from detente.base.words import percent
from detente.brief.brief import brief
from detente.brief.page import page
from detente.brief.parts.breaking import breaking
from detente.brief.parts.confidence import confidence, likelihood
from detente.brief.parts.judged import judged
from fronts import Front, short


def test_it_stays_short_with_a_recommended_roadmap() -> None:
    """Catches a front that outgrows two pages, a link to an annex that there is not, and an id that occurs twice."""
    short(recommended().html)


@pytest.mark.parametrize("slug", ["us-dprk-2019", "supplier-dispute"])
def test_it_stays_short_with_the_likely_roadmap(slug: str) -> None:
    """Catches the same where there are many steps, demands and questions."""
    short(brief(slug, likely=True, draws=200, time_limit=5).html)


@pytest.mark.nightly
@pytest.mark.parametrize("slug", ["us-dprk-2019", "supplier-dispute"])
def test_it_stays_short_as_it_is_written_for_a_reader(slug: str) -> None:
    """Catches the same beside alternatives, which take a minute or more to find."""
    short(brief(slug).html)


def test_without_a_roadmap_nothing_is_advised() -> None:
    """Catches an empty promise, or a picture of nothing."""
    text = nothing().html
    short(text)
    assert 'id="do"' not in text
    assert Front(text).pictures == 0


@pytest.mark.parametrize(
    ("share", "words"),
    [
        *((0, "a remote chance"), (0.05, "a remote chance"), (0.2, "highly unlikely"), (0.3, "unlikely"), (0.37, "unlikely")),
        *((0.38, "a realistic possibility"), (0.45, "a realistic possibility"), (0.6, "likely"), (0.88, "highly likely")),
        *((0.95, "almost certain"), (1, "almost certain")),
    ],
)
def test_a_share_in_words(share: float, words: str) -> None:
    """Catches another word than that of the published yardstick, and in its gaps than that of the nearer range."""
    assert likelihood(share) == words


def test_how_sure_it_is_agrees_with_the_draws() -> None:
    """Catches a figure of other draws, and a claim of draws where nothing was drawn."""
    found = unsure()
    told, held = confidence(found._context), found.plan.holds
    assert told is not None
    assert held is not None
    assert told.figure == percent(held.shares.share)
    assert told.of.startswith(f"of {held.shares.draws:,} draws ")
    assert held.shares.widened is not None
    assert any(percent(held.shares.widened.share) in s for s in told.said)
    assert [j.what for j in judged(found._context)] != []
    assert len(judged(found._context)) == min(5, len(held.shares.deciding))


def test_each_break_has_its_own_answer() -> None:
    """Catches an answer to another party's miss, or to steps that are not those that fall."""
    found = harbour()
    told, preparation, assessment = breaking(found._context), found.preparation, found.assessment
    assert told is not None
    assert preparation is not None
    assert assessment is not None
    events = assessment.fared["plan"].first_refused.events[:3]
    assert [percent(e.chance) in f.said for e, f in zip(events, told.events, strict=True)] == [True] * 3
    names = {"tolerate": "Go on", "repair": "Change", "suspend": "Suspend", "take_back": "Take back", "step_out": "Step out"}
    for e, f in zip(events, told.events, strict=True):
        fitting = {
            names[c.answer]
            for c in preparation.contingencies
            if c.event.event in ("late", "not_done") and e.party in c.event.parties and set(c.event.measures) & set(e.steps)
        }
        assert any(f.todo.startswith(name) for name in fitting)


def test_annexes_are_folded_and_printed_on_request_only() -> None:
    """Catches an annex that is open on the screen, and a printout that is whole though nobody asked."""
    context = nothing()._context
    plain, printed = page(context), page(context, annexes=True)
    for text in (plain, printed):
        assert text.count('<details class="annex') == 4
        assert " open>" not in text
    assert 'class="annex printed"' in printed
    assert 'class="annex printed"' not in plain
    assert "--annexes" in plain
    assert "--annexes" not in printed
