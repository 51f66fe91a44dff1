"""The page as one party may see it: no number of another party stands anywhere in the file."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from briefcases import HARBOUR, HARBOUR_STEPS, in_other_units, plan_of, recommended
from detente.brief.brief import Brief, brief
from detente.brief.page import page
from detente.brief.paper.kinds import made
from detente.brief.parts.stuck import stuck
from detente.case.case import Case
from detente.case.load import load
from detente.case.value import Value
from detente.diagnose.verdict import diagnose
from detente.errors import InputError
from detente.plan.draws.robust import held
from paperfiles import inside

PARTIES = ("isles", "coast")


def marked(number: Any, digits: float) -> Any:
    """A number, or range, with digits of its own behind it."""
    if isinstance(number, list):
        return [marked(x, digits + n / 1000) for n, x in enumerate(number)]
    return round(number + digits * (-1 if number < 0 else 1), 4)


def every_where(data: dict[str, Any], party: str, mark: float) -> None:
    """Numbers of a party where the harbour has none, and texts that speak of them."""
    spec, (act, loss) = data["parties"][party], {"isles": ("patrols", "flag"), "coast": ("licences", "buoys")}[party]
    texts = [f"{where}-{party}" for where in ("terms", "demand", "measure", "vote", "bond", "better")]
    data["evidence"] |= {e: {"source": "log", "says": f"Put at {marked(30 + n, mark)} by {e}."} for n, e in enumerate(texts)}
    spec["evidence"] = [*spec.get("evidence", []), texts[0]]
    spec["governments"] = {
        "first": 2, "every": 6, "chance": marked(0.2, mark), "undoes": marked(0.3, mark), "value": {loss: marked(-3, mark)}
    }  # fmt: skip
    data["demands"].append({"id": texts[1], "by": party, "first": ["hotline"], "before": ["count"], "evidence": [texts[1]]})
    data["measures"][loss]["evidence"] = [*data["measures"][loss].get("evidence", []), texts[2]]
    data["risks"].append(
        {"id": f"vote-{party}", "kind": "government", "party": party, "at": 3, "chance": marked(0.2, mark),
         "evidence": [texts[3]], "value": {loss: marked(-2, mark)}, "trust": {j: marked(0.1, mark) for j in spec["trust"]}}
    )  # fmt: skip
    data["supports"].append(
        {"id": f"bond-{party}", "title": "A bond", "party": party, "breakdown": marked(5, mark), "evidence": [texts[4]],
         "cost": {party: marked(0.4, mark)}}
    )  # fmt: skip
    data["answers"].append({"if": act, "by": party, "holds": ["hotline"], "chance": marked(0.5, mark)})
    data["comparisons"].append({"by": party, "prefers": "hotline", "to": "flag", "evidence": [texts[5]]})


def made_of(case: Case, steps: Sequence[Sequence[str]]) -> Brief:
    """A brief without plays, which take long."""
    plan = held(case, plan_of(case, steps), draws=50, seed=0)
    return Brief(case, plan, diagnose(case, plan=plan))


@pytest.fixture(scope="module")
def found() -> Brief:
    """The harbour, in which every number of a party has four decimals that no other has, wherever the format has room for one,
    and an order that breaks for each; without plays, which take long."""
    data = copy.deepcopy(HARBOUR)
    data["orders"].append({"id": "gift", "by": "coast", "title": "Licences first", "steps": [["licences/1", "licences/2"]]})
    data |= {"supports": [], "answers": [], "comparisons": []}
    for n, party in enumerate(PARTIES):
        spec, mark = data["parties"][party], 0.0113 + n / 100
        for key in ("stalemate", "breakdown"):
            spec[key] = marked(spec[key], mark)
        spec["discount"] = round(0.95 + mark / 10, 4)
        spec["trust"] = {j: marked(p, mark) for j, p in spec["trust"].items()}
        if "red_line" in spec:
            spec["red_line"] = marked(spec["red_line"], mark)
        every_where(data, party, mark)
        for k, m in enumerate(data["measures"].values()):
            for key in ("value", "once"):
                if party in m.get(key, {}):
                    m[key][party] = marked(m[key][party], mark + k / 10000)
    case = load(data)
    return made_of(case, HARBOUR_STEPS)


def numbers(case: Case, party: str) -> set[str]:
    """What the case says of a party in numbers, as a page may have it: with all digits, and trust in per cent too."""
    spec = case.parties[party]
    said: list[Value] = [spec.discount, spec.stalemate, spec.breakdown, *spec.trust.values()]
    said += [m.value[party] for m in case.measures.values() if party in m.value]
    said += [m.once[party] for m in case.measures.values() if party in m.once]
    said += [*spec.governments.value.values(), spec.governments.chance, spec.governments.undoes] if spec.governments else []
    for risk in case.risks:
        said += [risk.chance, *risk.value.values()] if risk.kind == "government" and risk.party == party else []
    said += [v for s in case.supports if s.party == party for v in (s.breakdown, *s.cost.values()) if v is not None]
    said += [a.chance for a in case.answers if a.by == party]
    every = [float(abs(x)) for v in said for x in (v.low, v.likely, v.high) if x]
    every += [float(spec.red_line)] if spec.red_line is not None else []
    every += [
        float(x) for e in case.evidence.values() if e.says.endswith(f"-{party}.") for x in re.findall(r"\d+\.\d+", e.says)
    ]
    exact = {f"{x:.4f}".rstrip("0") for x in every} | {f"{100 * float(p.likely):.2f}" for p in spec.trust.values()}
    return exact | {
        short for x in exact for n in (2, 3) if len((short := f"{float(x):.{n}f}").strip("0.")) > 2 and short[-1] != "0"
    }


def texts(case: Case, *where: str) -> list[str]:
    """What the evidence says that is cited in a place for a party, in the fixture."""
    return [e.says for key, e in case.evidence.items() if key.partition("-")[0] in where]


def tokens(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", text))


@pytest.mark.parametrize("party", PARTIES)
def test_no_number_of_another_party_is_in_the_file(found: Brief, party: str) -> None:
    """Catches a table, sentence, picture or attribute that gives away a number; and a page that hides what is the reader's."""
    (other,) = set(PARTIES) - {party}
    own, hidden = numbers(found.case, party), numbers(found.case, other)
    assert not own & hidden
    whole, seen = tokens(found.html), tokens(page(found._context, party=party, annexes=True))
    assert len(hidden & whole) > 12
    assert hidden & seen == set()
    assert own & seen == own & whole - tokens(" ".join(texts(found.case, "measure", "vote", "bond")))


@pytest.mark.parametrize("name", ["x.pdf", "x.docx"])
@pytest.mark.parametrize("party", PARTIES)
def test_no_number_of_another_party_is_in_a_file_for_paper(found: Brief, party: str, name: str) -> None:
    """Catches a picture, a description, a stream or a member of a PDF or Word file that gives away what its text does not."""
    (other,) = set(PARTIES) - {party}
    own, hidden = numbers(found.case, party), numbers(found.case, other)
    told = {seen: made(found._context, name, annexes=True, party=seen) for seen in (None, party)}
    whole, seen = (
        tokens("\n".join(c.decode("utf-8", "replace") for n, c in inside(bytes(file)).items() if not n.startswith("drawn")))
        for file in told.values()
    )
    assert len(hidden & whole) > 12
    assert hidden & seen == set()
    assert len(own & seen) > 12


@pytest.mark.parametrize("party", PARTIES)
def test_no_sentence_or_picture_of_another_partys_gains(found: Brief, party: str) -> None:
    """Catches a reason, a finding or a curve that is reckoned from the values of the other."""
    (other,) = set(PARTIES) - {party}
    seen = page(found._context, party=party)
    places = list(found.case.parties)
    assert f'id="holding-{places.index(party)}-title"' in seen
    assert f'id="holding-{places.index(other)}-title"' not in seen
    gains = stuck(found._context).questions[0].finding
    assert "units" in gains
    assert gains in found.html
    assert gains not in seen
    for part in ("steps", "beyond", "speed", "possible", "conflict", "ahead", "contingencies", "positions"):
        assert f'id="{part}"' not in seen
    assert "This copy is for" in seen


def test_evidence_on_others_is_left_out_and_counted(found: Brief) -> None:
    """Catches a text that speaks of the values of others, one of the reader's own that is lost, a source that is listed for
    nothing, a number that leads to another text, and a copy that does not say that something is missing."""
    whole, seen = found.html, page(found._context, party="coast", annexes=True)
    kept = [e.says for key, e in found.case.evidence.items() if key in ("terms-coast", "demand-coast", "better-coast")]
    assert len(kept) == 3
    for e in found.case.evidence.values():
        assert e.says in whole.replace("The buoys", "the buoys")
        assert (e.says in seen) == (e.says in kept), e.says
    assert re.findall(r'<li id="evidence-(\d+)"><bdi>(.*?)</bdi>', seen) == [(str(n), e) for n, e in enumerate(kept, 1)]
    assert f": {len(found.case.evidence) - 3} of {len(found.case.evidence)} entries" in seen
    assert "Left out of the evidence" not in whole
    assert "Log of the harbour" in seen


@pytest.mark.parametrize("slug", ["toy-exchange", "supplier-dispute", pytest.param("us-dprk-2019", marks=pytest.mark.nightly)])
def test_a_bundled_case_told_to_one_party_is_the_same_in_whatever_units_another_counts(slug: str) -> None:
    """Catches any figure in the units of another party, exact, rounded or reckoned, and any picture that is drawn from one: in
    a text, a description, an attribute, the metadata or a stream of the page, the Word file or the PDF."""
    case = load(slug)
    steps = case.orders[-1].steps
    one = made_of(case, steps)
    for other in case.parties:
        two = made_of(in_other_units(case, other), steps)
        assert page(one._context) != page(two._context)
        for n, party in enumerate(i for i in case.parties if i != other):
            assert page(one._context, party=party) == page(two._context, party=party), (party, other)
            for name in ("x.docx", "x.pdf") if n == 0 else ():
                first, second = (made(b._context, name, annexes=True, party=party) for b in (one, two))
                assert first == second, (party, other, name)


def test_a_recommendation_told_to_one_party_is_the_same_in_whatever_units_another_counts() -> None:
    """Catches the same in what only a recommended roadmap with its plays has: prices, answers, deposits, what is ahead."""
    one, case = recommended(), load("toy-exchange")
    two = brief(in_other_units(case, "b"), draws=300)
    assert one.html != two.html
    assert page(one._context, party="a") == page(two._context, party="a")


def test_every_link_of_it_leads_somewhere(found: Brief) -> None:
    """Catches a link to an annex that is left out."""
    seen = page(found._context, party="coast")
    assert set(re.findall(r'href="#([^"]+)"', seen)) <= set(re.findall(r' id="([^"]+)"', seen))


def test_it_does_not_take_the_place_of_the_whole_brief(found: Brief, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a copy for one side under the name of the page that holds the numbers of all."""
    monkeypatch.chdir(tmp_path)
    assert found.save(party="coast") == Path("harbour-coast.html")
    assert Path("harbour-coast.html").read_text(encoding="utf-8") == page(found._context, party="coast")


def test_nobody_else_is_a_party(found: Brief, tmp_path: Any) -> None:
    """Catches a page for a name that is mistyped, in which everything would be hidden or nothing."""
    with pytest.raises(InputError, match="party: got 'cost', wanted one of isles, coast"):
        found.save(tmp_path / "x.html", party="cost")
    assert list(tmp_path.iterdir()) == []
