"""The bundled cases: what must stay true of them whenever a figure is changed."""

from __future__ import annotations

import itertools
import re
from fractions import Fraction

import pytest

from detente.case.case import Case
from detente.case.library import slugs
from detente.case.load import load, read_case
from detente.case.to_instance import opened_by
from detente.case.unsaid import unsaid
from detente.plan.certificate import STRUCTURAL, Certificate, Row, certify
from detente.plan.roadmap import Roadmap, roadmap_from_steps

CASES = {slug: load(slug) for slug in slugs()}
KOREA, TOY, FIRMS = CASES["us-dprk-2019"], CASES["toy-exchange"], CASES["supplier-dispute"]
each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def tried(case: Case, order: str) -> Certificate:
    steps = next(o.steps for o in case.orders if o.id == order)
    return certify(case.instance, roadmap_from_steps(steps, case.instance))


def first_broken(case: Case, order: str) -> tuple[int, set[str | None]]:
    """The first phase in which an order breaks a row, and the parties whose rows break in it."""
    broken: tuple[Row, ...] = tried(case, order).broken
    phase = min(row.phase for row in broken)
    return phase, {row.party for row in broken if row.phase == phase}


# every case


@each_case
def test_every_measure_rests_on_a_source_and_on_a_stated_judgement(case: Case) -> None:
    """Would catch a figure that came in without saying why it is what it is, or a fact without its source."""
    for name, measure in case.measures.items():
        assert f"j-{name}" in measure.evidence
        assert any(case.evidence[e].source != "judgement" for e in measure.evidence), name
        judged = [e for e in measure.evidence if case.evidence[e].source == "judgement"]
        assert judged == [f"j-{name}"]


@each_case
def test_every_party_risk_and_support_has_its_reason(case: Case) -> None:
    """Would catch a trust, a chance or a cost that nobody answers for. (The toy's parties are explained at its top.)"""
    named = [*(() if case is TOY else case.parties), *(r.id for r in case.risks), *(s.id for s in case.supports)]
    assert [x for x in named if f"j-{x}" not in case.evidence] == []


@each_case
def test_no_evidence_lies_about_unused(case: Case) -> None:
    """Would catch a renamed measure whose reason stayed behind, and evidence that supports nothing."""
    of_an_id = {f"j-{x}" for x in [*case.parties, *(r.id for r in case.risks), *(s.id for s in case.supports)]}
    once = [e for e in case.evidence if len(re.findall(rf"(?<![\w-]){re.escape(e)}(?![\w-])", case.text)) < 2]
    assert [e for e in once if e not in of_an_id] == []


@each_case
def test_nothing_is_cited_from_after_the_date_of_the_case(case: Case) -> None:
    """Would catch hindsight."""
    late = [s for s, source in case.sources.items() if source.date and source.date > case.as_of.isoformat()[: len(source.date)]]
    assert late == []


@each_case
def test_what_is_in_force_today_holds_by_itself(case: Case) -> None:
    """Would catch values under which the parties would already have walked away."""
    assert certify(case.instance, Roadmap.empty(case.instance)).holds


@each_case
def test_no_stated_order_fails_on_a_formality(case: Case) -> None:
    """Would catch an order that names a step before its prerequisite: refuted for a slip of ours, not on its merits."""
    for order in case.orders:
        assert [row for row in tried(case, order.id).broken if row.row in STRUCTURAL] == [], order.id


@each_case
def test_comparisons_agree_with_the_likely_values(case: Case) -> None:
    """Would catch a value tuned past a ranking that a source states."""
    for c in case.comparisons:
        value = {m: case.measures[m].value[c.by].likely for m in (c.prefers, c.to)}
        assert value[c.prefers] > value[c.to], c


@each_case
def test_demands_block_each_other(case: Case) -> None:
    """Would catch a stand-off in which no two principals wait for each other: there would be nothing to explain."""
    blocked = [
        (d, e) for d in case.demands for e in case.demands if set(d.first) & set(e.before) and set(d.before) & set(e.first)
    ]
    assert blocked
    assert all(d.by != e.by for d, e in blocked)
    assert {d.by for d, _ in blocked} == {d.by for d in case.demands}


@pytest.mark.parametrize("case", [KOREA, FIRMS], ids=["us-dprk-2019", "supplier-dispute"])
def test_a_case_says_why_a_step_may_not_be_carried_out(case: Case) -> None:
    """Would catch a measure that came in without its class, a chance that claims to be certain, and a cause left unsaid."""
    assert [m for m, spec in case.measures.items() if spec.class_ is None] == []
    governments = [p.governments for p in case.parties.values() if p.governments is not None]
    chances = [n.chance for spec in case.measures.values() for n in spec.needs] + [a.chance for a in case.answers]
    chances += [x for g in governments for x in (g.chance, g.undoes)]
    assert [x.text for x in chances if not x.is_range] == []
    assert ["long steps take" in line for line in unsaid(case)] == [True]  # no duration is known well enough to be stated


@each_case
def test_no_cause_is_told_twice(case: Case) -> None:
    """Would catch an election that is drawn once as a risk and once more as a government."""
    told = {i for i, p in case.parties.items() if p.governments is not None}
    assert [r.id for r in case.risks if r.kind == "government" and r.party in told] == []


# the United States and North Korea


def test_the_korean_case_is_as_broad_as_promised() -> None:
    """Would catch measures, parties or provisions that got lost."""
    assert len(KOREA.measures) >= 24
    assert KOREA.instance.acting == ("us", "dprk", "rok")
    assert all(any(m.by == (p,) for m in KOREA.measures.values()) for p in KOREA.parties)
    (singapore,) = KOREA.agreements.values()
    assert singapore.date.isoformat() == "2018-06-12"
    assert [p.id for p in singapore.provisions] == ["new-relations", "peace-regime", "denuclearisation", "war-remains"]
    assert all(p.measures for p in singapore.provisions)
    assert all(sum(d.by == p for d in KOREA.demands) >= 2 for p in ("us", "dprk"))
    assert KOREA.as_of.isoformat() == "2019-01-30"


def test_what_is_in_force_is_what_was_in_force() -> None:
    """Would catch a step that is planned although it was taken, or taken for granted although it was not."""
    in_force = {name for name, m in KOREA.measures.items() if m.in_force}
    assert in_force == {"liaison-sessions", "exercises-suspended", "military-agreement", "test-moratorium"}


def test_every_party_has_its_unit_of_value() -> None:
    """Would catch a change of the measures that the top of the file names as worth 1."""
    worth = {"us": "test-moratorium", "dprk": "relief-coal", "rok": "kaesong-reopened"}
    for party, measure in worth.items():
        assert KOREA.measures[measure].value[party].likely == 1
        assert f"({measure})" in KOREA.text.partition("\ncase:")[0]


@pytest.mark.parametrize("case", [KOREA, FIRMS], ids=["us-dprk-2019", "supplier-dispute"])
def test_judged_values_are_ranges(case: Case) -> None:
    """Would catch a judgement that claims to be certain. Only the units of account and a plain 0 are single numbers."""
    for name, measure in case.measures.items():
        for value in (*measure.value.values(), *measure.once.values()):
            assert value.low < value.likely < value.high or value.likely in (0, 1), name


def test_the_sides_orders_differ_in_the_sequence_alone() -> None:
    """Would catch an order that is made to look worse by leaving something out."""
    new = set(KOREA.instance.slices) - {m for m, spec in KOREA.measures.items() if spec.in_force}  # none that a support opens
    for order in KOREA.orders:
        if order.id in ("disarm-first", "relief-first", "all-at-once"):
            assert {m for step in order.steps for m in step} == new, order.id


def test_alternation_gives_each_side_its_turn() -> None:
    """Would catch a month in which both principals act, each by itself, or the wrong one does."""
    (order,) = (o for o in KOREA.orders if o.id == "alternation")
    for month, step in enumerate(order.steps):
        leads = {KOREA.measures[m].by[0] for m in step if not {"us", "dprk"} <= set(KOREA.measures[m].by)} - {"rok"}
        assert leads == {("us", "dprk")[month % 2]}, month


def test_whoever_is_to_go_first_has_reason_not_to() -> None:
    """Would catch values under which either side's own order is safe for the other: the stand-off would be a mistake."""
    assert first_broken(KOREA, "disarm-first") == (0, {"dprk"})
    phase, parties = first_broken(KOREA, "relief-first")
    assert (phase, "us" in parties) == (0, True)
    phase, parties = first_broken(KOREA, "all-at-once")
    assert (phase, {"us", "dprk"} <= parties) == (0, True)


def test_strict_alternation_breaks_late_where_one_step_is_too_large() -> None:
    """Would catch values under which taking turns is unsafe from the start, or safe although a turn is a whole programme.

    Two turns are too large: to declare the programme, of which a false one is found out late, in phase 9, and to give up
    Yongbyon, in phase 13. In phase 9 a false declaration, with L = 4, spares North Korea 21.28 if it is being cheated itself,
    which the odds times what is lost by it, 20.75, do not outweigh.
    """
    broken = tried(KOREA, "alternation").broken
    assert {(row.row, row.party, row.phase, row.found) for row in broken} == {
        ("doubt", "dprk", 9, 4),
        ("red_line", "dprk", 13, None),
    }
    (doubt,) = (row for row in broken if row.row == "doubt")
    assert [round(float(x), 2) for x in (doubt.left, doubt.right)] == [21.28, 20.75]


def test_starting_small_holds_and_claims_no_more_than_it_reaches() -> None:
    """Would catch values under which the article's way breaks too, or under which it is said to end in disarmament."""
    assert tried(KOREA, "start-small").holds
    placed = {m for o in KOREA.orders if o.id == "start-small" for step in o.steps for m in step}
    assert not {"arsenal-surrendered", "sanctions-lifted"} & placed


def test_the_supports_are_of_every_kind() -> None:
    """Would catch a catalogue that lost what the issue of unlocking is about: cuts, payments, measures to open."""
    for kind in ("lag", "slices", "value", "breakdown", "opens"):
        assert any(getattr(s, kind) for s in KOREA.supports), kind
    assert opened_by(KOREA.supports) == {"electricity-supply", "missiles-destroyed"}
    assert opened_by(KOREA.supports).isdisjoint(KOREA.instance.slices)


# the exchange that is worked out by hand


def parts(case: Case, *levels: int, trust: bool = True) -> Certificate:
    """So many tenths of each side in force in phase 0, 1, .., and then all."""
    ends = [(below, level) for below, level in itertools.pairwise([0, *levels, 10])]
    steps = [[f"{m}/{n}" for m in ("give-a", "give-b") for n in range(below + 1, level + 1)] for below, level in ends]
    return certify(case.instance, roadmap_from_steps(steps, case.instance), trust=trust)


def test_the_exchange_in_one_step_gains_the_cheater_one_unit() -> None:
    """Would catch a deviation that forgets the irreversible share, or a file whose r fell to the threshold.

    V - D = -1, and a cheat is spared 3 if the other gives nothing either: at odds of 1.5 the doubt row lacks 1.5 + 3.
    """
    d, lam, r = TOY.instance.parties[0].discount, Fraction(2), TOY.instance.measures[0].irreversible
    assert r > 1 - 1 / (d * lam)
    broken = tried(TOY, "all-at-once").broken
    assert [(row.row, row.phase, row.slack) for row in broken] == [("incentive", 0, -1), ("doubt", 0, Fraction("-4.5"))] * 2


def test_the_exchange_in_two_steps_holds_from_four_to_eight_tenths_if_trust_is_no_matter() -> None:
    """Would catch an error of one slice or one phase in the rows, and a comment that no longer fits its figures."""
    assert [first for first in range(11) if parts(TOY, first, trust=False).holds] == [4, 5, 6, 7, 8]
    assert tried(TOY, "two-steps").value == {"a": Fraction("4.8"), "b": Fraction("4.8")}


def test_the_exchange_in_two_steps_breaks_under_doubt_and_in_three_it_holds() -> None:
    """Would catch doubt that is forgotten, and thresholds of the comment that are off by a slice.

    From 0 to c: c <= 4/7. From c to 1: c >= 18/25. In the order of the file, c = 0.8, V = D = 4.8: nothing that the
    odds could weigh against the 3 c = 2.4 that a cheat is spared.
    """
    broken = tried(TOY, "two-steps").broken
    assert [(row.row, row.party, row.phase, row.slack) for row in broken] == [("doubt", i, 0, Fraction("-2.4")) for i in "ab"]

    def safe(phase: int) -> list[int]:
        return [first for first in range(11) if all(row.phase != phase for row in parts(TOY, first).broken)]

    assert safe(0) == [0, 1, 2, 3, 4, 5]
    assert safe(1) == [8, 9, 10]
    assert tried(TOY, "three-steps").holds
    three = [(c, e) for c, e in itertools.combinations(range(1, 10), 2) if parts(TOY, c, e).holds]
    assert three == [(4, 8), (5, 8)]


def test_with_less_trust_only_six_tenths_are_dared_at_first() -> None:
    """Would catch trust rows that do not bind where the file's own arithmetic says that they do.

    At p = 0.3, odds 3/7, against stopping. Phase 0: 3 c <= 3/7 (4 + c), so c <= 2/3. Phase 1: 3 - 2.5 c <= 3/7 (5 - 2.5 c), so
    c >= 0.6. But not to cheat takes c <= 1/3 and c >= 0.96.
    """
    less = read_case(TOY.text.replace("{b: 0.6}", "{b: 0.3}").replace("{a: 0.6}", "{a: 0.3}"))
    phases = {
        (first, kind): {row.phase for row in parts(less, first).broken if row.row == kind}
        for first in range(1, 10)
        for kind in ("trust", "doubt")
    }
    assert [first for first in range(1, 10) if not phases[first, "trust"]] == [6]
    assert (phases[7, "trust"], phases[5, "trust"]) == ({0}, {1})
    assert [first for first in range(1, 10) if 0 not in phases[first, "doubt"]] == [1, 2, 3]
    assert all(1 in phases[first, "doubt"] for first in range(1, 10))


def test_a_level_held_for_ever_has_the_slack_of_the_formula() -> None:
    """Would catch a steady state that is valued otherwise than (1 - r) / (1 - d) (d lam - 1)."""
    course = parts(TOY, 5).courses["a"]
    assert course.deviation[-1] is not None
    assert course.continuation[-1] - course.deviation[-1] == Fraction("1.5")


# the two firms


def test_the_dispute_of_firms_is_said_to_be_invented() -> None:
    """Would catch figures that could be taken for those of a real firm."""
    assert FIRMS.text.startswith("# INVENTED")
    assert "(invented)" in FIRMS.title
    assert {s.author for s in FIRMS.sources.values()} == {"Détente project"}


def test_each_firms_own_order_leaves_the_other_exposed() -> None:
    """Would catch values under which one firm could simply go first.

    To stop at once would bring back the stand-off, at 1 / 0.07 = 14.3 for the supplier, which therefore would still begin to
    deliver. But in phase 1, with everything given and nothing received, it would rather cheat than wait.
    """
    assert first_broken(FIRMS, "pay-first") == (0, {"manufacturer"})
    assert first_broken(FIRMS, "deliver-first") == (1, {"supplier"})
    assert not tried(FIRMS, "all-at-once").holds


def test_taking_it_in_parts_holds() -> None:
    """Would catch values under which the firms' dispute has no way out that one can state in a few lines."""
    assert tried(FIRMS, "in-parts").holds
