"""From claims to a draft case that loads, and from reports to what is said of a case."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from detente.case.case import Case
from detente.case.load import load, read_case
from detente.cli.app import app
from detente.cli.ending import run
from detente.errors import InputError
from detente.read.draft import draft, write_draft
from detente.read.read import read
from detente.read.reports import Likeness, reported, standing, write_entries
from detente.read.text import Text
from detente.record.commitments.commit import commit_file

QUARREL = Text(
    "quarrel.txt",
    "On 3 May 2021 France demanded that Italy withdraw its fleet before the harbour is opened. "
    "Italy insists on the opening of the harbour before it withdraws its fleet. "
    "France promised to publish its survey. Somebody should do something. Remove the nets from the harbour.",
)


def test_a_draft_loads_and_says_who_insists_on_what() -> None:
    """Catches a draft that does not load, a demand turned about, and an act given to the one who asks for it."""
    case = read_case(draft(read(QUARREL), "quarrel").text, "quarrel.yaml", slug="quarrel")
    assert {p.name for p in case.parties.values()} == {"France", "Italy"}
    assert case.as_of.isoformat() == "2021-05-03"
    by = {d.by: d for d in case.demands}
    first = case.measures[by["france"].first[0]]
    assert first.by == ("italy",)
    assert "fleet" in first.title
    assert case.measures[by["italy"].first[0]].by == ("france",)
    assert case.evidence[by["italy"].evidence[0]].says in QUARREL.text


def test_what_cannot_be_placed_is_listed_and_stays_out() -> None:
    """Catches an act of nobody that is given to somebody, and one that a person would have to write again."""
    made = draft(read(QUARREL), "quarrel")
    case = read_case(made.text, "quarrel.yaml", slug="quarrel")
    assert not [m for m in case.measures.values() if "nets" in m.title]
    assert any("Remove the nets" in line for line in made.said)
    taken_in = made.text.replace("  # ", "  ").replace("WHO", "italy").replace("OTHER", "france").replace("  Acts", "  # Acts")
    case = read_case(taken_in, "quarrel.yaml", slug="quarrel")
    assert [m.by for m in case.measures.values() if "nets" in m.title] == [("italy",)]


def drafted(text: str) -> Case:
    """The draft of a text."""
    return read_case(draft(read(Text("given.txt", text)), "given").text, "given.yaml", slug="given")


def test_one_of_a_kind_is_told_as_one() -> None:
    """Catches "1 demands"."""
    text = "Norland demands that the Rebels withdraw first. The Rebels will not withdraw before Norland lifts its sanctions."
    told = " ".join(draft(read(Text("given.txt", text)), "given").said)
    assert not re.search(r"\b1 (?:demands|measures|parties|acts)\b", told), told
    assert re.search(r"\b1 [a-z]+\b", told), told


def test_an_act_is_that_of_the_party_that_its_words_begin_with() -> None:
    """Catches an act given to the most often named party, where the text says whose it is, and its name left in the title."""
    case = drafted(
        "France demands that Spain open the port before it signs. France demands that Italy leave the bay before it pays. "
        "Spain promised to publish its charts. Italy promised to mend the nets."
    )
    by = {m.title: m.by for m in case.measures.values()}
    assert by["Open the port"] == ("spain",)
    assert by["Leave the bay"] == ("italy",)


def test_what_two_have_agreed_on_is_an_act_of_both() -> None:
    """Catches an agreement that is one party's promise."""
    case = drafted("France and Italy have agreed to a joint survey. France promised to publish its charts.")
    assert [set(m.by) for m in case.measures.values() if "survey" in m.title] == [{"france", "italy"}]


def test_denials_and_threats_are_no_offers() -> None:
    """Catches a refusal or a threat that a plan would count as a step of a roadmap."""
    case = drafted(
        "France rejected a proposal to open the port. France denied that it had promised to publish its charts. "
        "Italy threatened to close the strait if France fills the lake. Italy promised to mend the nets. "
        "France promised to count the boats."
    )
    assert {m.title for m in case.measures.values()} == {"Mend the nets", "Count the boats"}


def test_a_demand_that_is_made_twice_stands_once() -> None:
    """Catches a demand for each time that a text repeats it, and an act called after the process that it begins."""
    case = drafted(
        "France wants disarmament before lifting its sanctions. Italy promised to mend the nets. "
        "France insists that disarmament proceed before lifting its sanctions."
    )
    assert [len(d.evidence) for d in case.demands] == [2]
    assert sum("isarmament" in m.title for m in case.measures.values()) == 1


ARTICLE = Path(__file__).resolve().parents[3] / "shared" / "us-dprk-2019" / "article.txt"


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """The draft of the article."""
    if not ARTICLE.exists():
        pytest.skip("ARTICLE ABSENT: article.txt is not in shared/us-dprk-2019 beside the clone")
    write_draft(read(ARTICLE), tmp_path / "article.yaml")
    return tmp_path / "article.yaml"


def test_the_draft_of_an_article_is_planned_at_once(article: Path) -> None:
    """Catches a draft that a person has to mend before anything can be done with it."""
    assert len(load(article).measures) >= 8
    assert {d.by for d in load(article).demands} == {"united-states", "north-korea"}
    assert run(app, ["plan", str(article), "--likely"]) in (0, 1)


@pytest.mark.nightly
def test_the_draft_of_an_article_has_a_roadmap_to_recommend(article: Path) -> None:
    """Catches a draft that ends the search for a recommendation as bad input."""
    assert run(app, ["plan", str(article)]) in (0, 1)


def test_a_text_without_two_parties_makes_no_draft(tmp_path: Path) -> None:
    """Catches an empty success, and a file that is written all the same."""
    with pytest.raises(InputError, match="two parties"):
        write_draft(
            read(Text("x", "It was raining in the valley, and nobody said a word about the road.")), tmp_path / "x.yaml"
        )
    assert not (tmp_path / "x.yaml").exists()


def test_only_what_was_accepted_goes_in(tmp_path: Path) -> None:
    """Catches a struck or undecided claim in the draft."""
    reading = read(QUARREL)
    decided = [
        {
            "text": c.text,
            "start": c.start,
            "end": c.end,
            "type": c.type,
            "decision": "struck" if c.type == "promise" else "accepted",
        }
        for c in reading.claims
        if c.type in ("demand", "promise")
    ]
    (tmp_path / "review.json").write_text(json.dumps({"claims": decided}))
    made = draft(reading, "quarrel", reviewed=tmp_path / "review.json")
    case = read_case(made.text, "quarrel.yaml", slug="quarrel")
    assert len(case.demands) == 2
    assert not any("survey" in m.title for m in case.measures.values())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[]", "no review"),
        ('{"claims": [{}]}', "no review"),
        ('{"claims": [{"text": 0, "start": 0, "end": 9, "type": "demand", "decision": ["accepted"]}]}', "no review"),
        ('{"claims": [{"text": 0, "start": 0, "end": 9, "type": "demand", "decision": "yes"}]}', "no review"),
        ('{"claims": []}', "accepts no claim of these texts"),
        ('{"claims": [{"text": 0, "start": 0, "end": 9, "type": "demand", "decision": "accepted"}]}', "accepts no claim"),
        ("{", "cannot be read as a review"),
    ],
)
def test_a_review_that_cannot_be_used_is_told(tmp_path: Path, content: str, said: str) -> None:
    """Catches a fault of ours, and a review of other texts that is told as one of nobody."""
    (tmp_path / "review.json").write_text(content)
    with pytest.raises(InputError, match=said):
        draft(read(QUARREL), "quarrel", reviewed=tmp_path / "review.json")


def test_passages_become_entries_that_the_record_takes(tmp_path: Path) -> None:
    """Catches a passage put to another measure, a state that is not said, and a table that `record commit` refuses."""
    case = load("us-dprk-2019")
    report = Text(
        "report.txt",
        "Inter-Korean liaison sessions were held on 18 January 2019. On 20 January 2019 inter-Korean liaison sessions were "
        "held by South Korea. It rained.",
    )
    found = reported(read(report, case=case), case)
    assert [p.item for p in found.passages if "liaison" in p.quote] == ["liaison-sessions"] * 2
    assert [why for _, why in found.left] == ["do not say whose act it is"]
    assert not [p for p in found.passages if "rained" in p.quote]
    write_entries(found, tmp_path / "entries.csv")
    rows = list(csv.DictReader((tmp_path / "entries.csv").open()))
    assert [(r["item"], r["party"], r["as_of"], r["state"]) for r in rows] == [
        ("liaison-sessions", "rok", "2019-01-20", "full")
    ]
    assert commit_file(case, tmp_path / "entries.csv", workspace=tmp_path / "record").added == 1


@pytest.mark.parametrize(
    ("passage", "said"),
    [
        ("The withdrawal was completed on Monday.", "done"),
        ("The withdrawal has begun.", "begun"),
        ("The withdrawal has been postponed.", "late"),
        ("Shelling was heard again in violation of the ceasefire.", "broken"),
        ("The ministry denied that the withdrawal was completed.", "disputed"),
        ("The weather was fine.", ""),
    ],
)
def test_what_is_said_of_an_act(passage: str, said: str) -> None:
    """Catches a breach told as done because both words stand in the passage."""
    assert standing(passage) == said


def test_what_is_not_shown_of_a_report_is_counted() -> None:
    """Catches a table that ends at its limit as if that were all, and an empty one in the place of a word."""
    case = load("us-dprk-2019")
    shown = {
        n: [
            str(piece)
            for piece in reported(read(Text("r", "Liaison sessions were held by both. " * n + "It rained.")), case).shown()
        ]
        for n in (0, 3, 63)
    }
    assert ["No passage" in lines[0] for lines in shown.values()] == [True, False, False]
    assert [any("and 3 more" in line for line in lines) for lines in shown.values()] == [False, False, True]


def test_an_act_is_looked_for_and_no_place() -> None:
    """Catches passages that are like a provision only in the names of places."""
    like = Likeness(
        {"a": "Withdrawal of heavy weapons from the towns of Orsa and Lenn", "b": "Release of prisoners held in Orsa"}
    )
    scores = like.of("The mission saw prisoners released near Lenn and Dorn")
    assert scores["b"] > 2 * scores["a"]
