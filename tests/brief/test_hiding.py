"""The page as one party may see it: no number of another party stands anywhere in the file."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest

from briefcases import HARBOUR, HARBOUR_STEPS, plan_of
from detente.brief.brief import Brief
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


@pytest.fixture(scope="module")
def found() -> Brief:
    """The harbour, in which every number of a party has four decimals that no other has; without plays, which take long."""
    data = copy.deepcopy(HARBOUR)
    for n, party in enumerate(PARTIES):
        spec, mark = data["parties"][party], 0.0113 + n / 100
        for key in ("stalemate", "breakdown"):
            spec[key] = marked(spec[key], mark)
        spec["discount"] = round(0.95 + mark / 10, 4)
        spec["trust"] = {j: marked(p, mark) for j, p in spec["trust"].items()}
        if "red_line" in spec:
            spec["red_line"] = marked(spec["red_line"], mark)
        for k, m in enumerate(data["measures"].values()):
            for key in ("value", "once"):
                if party in m.get(key, {}):
                    m[key][party] = marked(m[key][party], mark + k / 10000)
    case = load(data)
    plan = held(case, plan_of(case, HARBOUR_STEPS), draws=200, seed=0)
    return Brief(case, plan, diagnose(case, plan=plan))


def numbers(case: Case, party: str) -> set[str]:
    """What the case says of a party in numbers, as a page may have it: with all digits, and trust in per cent too."""
    spec = case.parties[party]
    said: list[Value] = [spec.discount, spec.stalemate, spec.breakdown, *spec.trust.values()]
    said += [m.value[party] for m in case.measures.values() if party in m.value]
    said += [m.once[party] for m in case.measures.values() if party in m.once]
    every = [float(abs(x)) for v in said for x in (v.low, v.likely, v.high) if x]
    every += [float(spec.red_line)] if spec.red_line is not None else []
    return {f"{x:.4f}".rstrip("0") for x in every} | {f"{100 * float(p.likely):.2f}" for p in spec.trust.values()}


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
    assert own & seen == own & whole


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
