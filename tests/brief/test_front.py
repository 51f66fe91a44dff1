"""The two pages in front of the annexes: how much is on them, where their links lead, and whose their figures are."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from briefcases import harbour, nothing, recommended, unsure
from detente.base.words import percent
from detente.brief.brief import brief
from detente.brief.context import Context
from detente.brief.page import page
from detente.brief.parts.breaking import breaking
from detente.brief.parts.changes import answer_in_full
from detente.brief.parts.confidence import confidence, likelihood
from detente.brief.parts.judged import judged
from detente.plan.draws.telling import would
from detente.prepare.contingency import Contingency
from detente.prepare.wording import ANSWER
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


def numbers_of(text: str) -> set[int]:
    """The steps that an answer names: "steps 9, 12 and 21 to 26 (...)"."""
    out: set[int] = set()
    for listed in re.findall(r"\bsteps? ((?:\d+(?: to \d+)?(?:, | and )?)+)", text):
        for first, last in re.findall(r"(\d+)(?: to (\d+))?", listed):
            out |= set(range(int(first), int(last or first) + 1))
    return out


def test_each_answer_names_the_steps_that_it_moves_and_no_other() -> None:
    """Catches an answer to another step than the one that is told, a step that is left out, and one that stays as it is."""
    found = harbour()
    told, context = breaking(found._context), found._context
    assert told is not None
    assert told.events
    assert {w.what.split(":")[0] for w in told.weighty} == {"United Isles", "Coastland"}
    answers = {(*c.event.measures, c.event.event): c for c in found.misses}
    texts = {("buoys", "late"): "", ("buoys", "not_done"): "", ("patrols", "late"): "", ("patrols", "not_done"): ""}
    for w, measure in zip(told.weighty, ("patrols", "buoys"), strict=True):  # 0.8 of 7.5 is more than 0.6 of 12.65
        said = dict(w.answers)
        texts |= {(measure, "late"): next(iter(said.values())), (measure, "not_done"): list(said.values())[-1]}
    for key, text in texts.items():
        c = answers[key]
        entry = c.answers[c.answer].entry or {}
        moved = {
            s.number
            for s in context.steps
            for m in s.measures
            if m not in c.event.measures and c.answer != "step_out" and entry.get(m, s.phase) != s.phase
        }
        assert numbers_of(text) == moved, (key, text)


def test_a_first_break_is_answered_for_its_own_step() -> None:
    """Catches the answer of all that a party owes on a date where only one step of it is told."""
    found = harbour()
    told, assessment = breaking(found._context), found.assessment
    assert told is not None
    assert assessment is not None
    entry = found.plan.roadmap.entry
    for e, f in zip(assessment.fared["plan"].first_refused.events[:3], told.events, strict=True):
        coming = [m for m in e.steps if (entry[m] or 0) >= 0 and entry[m] is not None]
        kinds = ("late", "not_done")
        own = [c for c in found.misses if c.event.event in kinds and coming and coming[0] in c.event.measures]
        assert all(set(c.event.measures) <= set(e.steps) for c in own if e.party in (None, *c.event.parties)), f.why


def test_a_miss_and_a_collapse_are_told_apart() -> None:
    """Catches the chance of a first miss beside that of a collapse without how one goes with the other."""
    found = harbour()
    told, assessment = breaking(found._context), found.assessment
    assert told is not None
    assert assessment is not None
    fared = assessment.fared["plan"]
    chances = sum(e.chance for e in fared.first_refused.events)
    assert percent(chances) in told.said
    assert percent(fared.collapse[0]) in told.said


def test_each_break_has_its_own_answer() -> None:
    """Catches an answer to another party's miss."""
    found = harbour()
    told, assessment = breaking(found._context), found.assessment
    assert told is not None
    assert assessment is not None
    events = assessment.fared["plan"].first_refused.events[:3]
    assert [percent(e.chance) in f.said for e, f in zip(events, told.events, strict=True)] == [True] * 3
    names = {"tolerate": "go on", "repair": "change", "suspend": "suspend", "take_back": "suspend more", "step_out": "step out"}
    for e, f in zip(events, told.events, strict=True):
        fitting = {
            names[c.answer]
            for c in found.misses
            if c.event.event in ("late", "not_done")
            and e.party in (None, *c.event.parties)
            and set(c.event.measures) & set(e.steps)
        }
        assert any(f.todo.startswith(name) for name in fitting)


def answers_told() -> list[tuple[Context, Contingency, str]]:
    """The answers of two briefs with how each is told."""
    contexts = [found._context for found in (harbour(), recommended())]
    return [(context, c, answer_in_full(context, c)) for context in contexts for c in context.misses]


def test_an_answer_has_one_name_and_a_step_that_is_held_off_one_word() -> None:
    """Catches a page that suspends, pauses and holds back without saying whether that is the same, and an answer that has
    another name on the pages than in their annex and in the command."""
    told = answers_told()
    assert {c.answer for _, c, _ in told} >= {"repair", "suspend", "take_back"}
    for _, c, text in told:
        assert text.removeprefix(ANSWER[c.answer])[:1] in ("*", ":", " ", "."), text
        assert re.findall(r"paus|hold back|held back|take back", text) == []


def test_it_is_told_how_much_longer_is_suspended() -> None:
    """Catches "until the step has been seen" of an answer that by itself would not deter, and lasts longer."""
    for context, c, text in answers_told():
        if c.answer in ("suspend", "take_back"):
            longer = replace(c, answers={**c.answers, c.answer: replace(c.answers[c.answer], longer=3)})
            assert context.pace.span(3) in answer_in_full(context, longer)
            assert "longer" not in text


def test_a_changed_roadmap_says_why() -> None:
    """Catches a change whose reason is another party's, the share of trust of another answer, and either on a page for one
    party: both are reckoned from the values of single ones."""
    changed = [(context, c, text) for context, c, text in answers_told() if c.answer == "repair"]
    assert changed
    for context, c, text in changed:
        row = c.answers["tolerate"].row
        assert row is not None
        assert row.slack < 0
        assert c.break_even is not None
        assert would(row.row, row.party or "", context) in text
        assert percent(c.break_even) in text
        assert ("gains nothing" in text) == (c.ruling.deters is True)
        hidden = answer_in_full(context, c, numbers=False)
        assert text.startswith(hidden)
        assert "Why" not in hidden


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
