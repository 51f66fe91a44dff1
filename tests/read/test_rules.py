"""Claims by rules: who goes first, who says so, what is only told."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import InputError
from detente.read.actors import gazetteer
from detente.read.claim import Claim
from detente.read.orders import order_in
from detente.read.read import read
from detente.read.text import Text
from detente.record.codes.actors import read_actors


@pytest.mark.parametrize(
    ("sentence", "first", "before"),
    [
        ("Arden wants the guards withdrawn before it signs.", "guards withdrawn", "signs"),
        ("Arden will sign only after the guards have left.", "guards have left", "sign"),
        ("Arden will sign once the guards have left.", "guards have left", "sign"),
        ("Once the guards have left, Arden will sign.", "guards have left", "sign"),
        ("Arden will not sign until the guards have left.", "guards have left", "sign"),
        ("Unless the guards leave, Arden will not sign.", "guards leave", "sign"),
        ("Arden offered to sign in return for a withdrawal of the guards.", "withdrawal", "sign"),
        ("Arden would sign, provided that the guards leave.", "guards leave", "sign"),
        ("The signature will be delayed, pending the withdrawal of the guards.", "withdrawal", "signature"),
        ("If the guards leave, Arden will sign.", "guards leave", "sign"),
        ("A withdrawal is necessary for a signature.", "withdrawal", "signature"),
        ("Arden will not sign before the guards have left.", "guards have left", "sign"),
        ("No paper will be signed until the guards leave, the envoy replied.", "guards leave", "signed"),
        ("Until the guards leave, Arden said, there can be no signature.", "guards leave", "there can be no signature"),
        ("Arden would be willing to sign, but only if the guards leave.", "guards leave", "sign"),
        ("Arden no longer insists on a withdrawal before talks.", "withdrawal", "talks"),
        ("Arden threatened to sign if the guards leave.", "guards leave", "sign"),
    ],
)
def test_the_order_is_read_the_right_way_round(sentence: str, first: str, before: str) -> None:
    """Catches a connective that is read backwards: the stand-off would be turned about."""
    found = order_in(sentence)
    assert found is not None
    assert first in found.first
    assert before in found.before
    assert first not in found.before


@pytest.mark.parametrize(
    "sentence",
    [
        "The envoy arrived before noon.",
        "He died shortly after his release from prison.",
        "The town was once a market.",
        "After the war the two cities traded again.",
        "The talks ended before the storm began.",
        "She left when the music stopped.",
        "They met once a week.",
        "Arden suspended its strike after the board reinstated two drivers.",
        "Arden wants the dam opened before the winter.",
        "Arden must pay no later than 14 days after the ruling.",
    ],
)
def test_what_only_happened_in_order_is_no_condition(sentence: str) -> None:
    """Catches a narrative taken for a demand: every "before" and "after" would be one."""
    assert order_in(sentence) is None


def claims(text: str, *kinds: str) -> list[Claim]:
    """The claims of these kinds."""
    return [c for c in read(Text("given", text)).claims if c.type in kinds]


def test_demands_are_by_the_one_who_insists() -> None:
    """Catches the object of a demand taken for the one who makes it."""
    (claim,) = claims("France demands that Italy withdraw its fleet.", "demand")
    assert (claim.by, claim.to) == ("FRA", "ITA")


def test_a_duty_is_upon_the_one_named() -> None:
    """Catches "must" read as a wish of its subject: the one who has to act would be the one who insists."""
    (claim,) = claims('The spokesman of Italy said: "France must withdraw its fleet."', "demand")
    assert claim.to == "FRA"
    assert claim.modality == "obliged"


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("France proposed a meeting in June.", "proposal"),
        ("France promised to withdraw its fleet.", "promise"),
        ("France complained that Italy had broken its word.", "complaint"),
        ("France should withdraw its fleet.", "proposal"),
        ("France will withdraw its fleet.", "promise"),
    ],
)
def test_what_is_said_is_no_event(sentence: str, kind: str) -> None:
    """Catches a proposal or promise that is also told as done."""
    found = claims(sentence, "proposal", "promise", "complaint", "event", "demand", "condition")
    assert [c.type for c in found] == [kind]
    assert found[0].by == "FRA"


def test_negation_and_report_are_kept_apart() -> None:
    """Catches a refusal told as an offer, and a speaker's words told as the text's own."""
    (claim,) = claims("The envoy of Italy said that France was not ready to withdraw.", "proposal")
    assert claim.negated
    assert claim.reported_by == "ITA"


@pytest.mark.parametrize(
    ("sentence", "by", "to"),
    [
        ("Italy was accused by France of bad faith.", "FRA", "ITA"),
        ("Italy, which France accuses of bad faith, kept silent.", "FRA", "ITA"),
        ("France expects Italy to publish the code.", "FRA", "ITA"),
        ("Italy was urged to settle.", None, "ITA"),
        ("Italy rejected France's demand that the dam be opened.", "FRA", "ITA"),
        ("Italy must pay for the nets first, France replied.", "FRA", "ITA"),
        ("Anna Roy, the foreign minister of France, demanded that Italy pay.", "FRA", "ITA"),
        ('"We will never give up the islands," the mayor of France said.', "FRA", None),
    ],
)
def test_who_acts_upon_whom_in_each_voice(sentence: str, by: str | None, to: str | None) -> None:
    """Catches the accused taken for the accuser, a speaker taken for the one spoken to, and words of "we" that are nobody's."""
    (claim,) = claims(sentence, "demand", "promise", "complaint")
    assert (claim.by, claim.to) == (by, to)


@pytest.mark.parametrize(
    ("sentence", "negated"),
    [
        ("France denied that it had ever promised to withdraw.", True),
        ("It is not true that France threatened Italy with war.", True),
        ("Neither France nor its neighbour has agreed to withdraw.", True),
        ("France promised nothing.", True),
        ("France agreed not to shell the town.", False),
        ("France has promised, not for the first time, to withdraw.", False),
        ("France promised to withdraw.", False),
        ("France will not withdraw until Italy pays.", False),
        ("France promised to withdraw no later than in May 2021.", False),
    ],
)
def test_what_is_denied_is_told_so(sentence: str, negated: bool) -> None:
    """Catches a denial told as a promise, and a refusal until something is done told as no demand."""
    (claim,) = claims(sentence, "demand", "promise", "event")
    assert claim.negated is negated


def test_a_day_belongs_to_the_act_that_is_claimed() -> None:
    """Catches the day of what comes first told as that of what follows, and a deadline that is lost."""
    (claim,) = claims("If France pays by 30 June 2025, Italy will sign within ten days.", "condition")
    assert claim.due == "within ten days"
    (claim,) = claims("France promised to withdraw by 30 June 2025.", "promise")
    assert claim.due == "2025-06-30"


def test_who_says_what_should_be_done_proposes_it() -> None:
    """Catches a proposal without a party since its subject is the thing, and an act without that thing."""
    (claim,) = claims("The envoy of Peru said that a joint survey should be held.", "proposal")
    assert claim.by == "PER"
    assert claim.act is not None
    assert "survey" in claim.act


def test_what_cannot_be_ruled_out_is_no_proposal() -> None:
    """Catches every "could not" taken for an offer."""
    assert not claims("France could not rule out that the lake would be filled.", "proposal")
    assert not claims("Whether France will release the water is unclear.", "promise")
    assert not claims("Had France released the water, Italy would have sent gas.", "event", "promise")


def test_names_lead_to_parties() -> None:
    """Catches aliases that are not followed: the capital, the adjective, the person whom a title introduces, "the North"."""
    text = (
        "South Korean President Lee Jin-ho met the North Korean envoy in Seoul. Lee called the North a neighbour. "
        "Pyongyang did not answer Lee."
    )
    named = {(c.quote, c.by) for c in read(Text("given", text)).claims if c.type == "party"}
    assert {("Seoul", "KOR"), ("North Korean", "PRK"), ("Lee", "KOR"), ("North", "PRK"), ("Pyongyang", "PRK")} <= named


def test_a_name_of_two_parties_stands_for_none() -> None:
    """Catches a guess between two who bear the same name."""
    text = "French President Marc Roy met Italian President Anna Roy. Roy demanded that the fleet leave the harbour."
    assert not [
        c for c in read(Text("given", text)).claims if c.type == "party" and c.quote == "Roy" and c.by in ("FRA", "ITA")
    ]


def test_a_list_of_actors_goes_before_all_else(tmp_path: Path) -> None:
    """Catches names that a user brings and the reader overlooks, small letters among them."""
    (tmp_path / "actors.csv").write_text("name,also\nRiver League,the league|Bargemen|boatmen's union\n")
    for name in ("The Bargemen", "Yesterday the league", "In June the boatmen's union"):
        found = read(Text("given", f"{name} demanded that Italy open the lock."), actors=tmp_path / "actors.csv").claims
        assert {c.by for c in found if c.type == "demand"} == {"River League"}


def test_the_table_of_a_record_names_actors_here_too(tmp_path: Path) -> None:
    """Catches a table with codes whose names are read as parties of their own, for a country, a movement and a case's party."""
    korea = tmp_path / "korea.csv"
    korea.write_text("name,code\nMarc Vane,KOR\n")
    (tmp_path / "actors.csv").write_text("name;code;also\nMarc Vane;FRA;the Fox\nRiver League;RIVERS\nBargemen;RIVERS\n")
    names = read_actors(str(tmp_path / "actors.csv")).given
    assert names == {"Marc Vane": "FRA", "River League": "RIVERS", "Bargemen": "RIVERS"}
    text = " ".join(f"{name} demanded that Italy open the lock." for name in ("Marc Vane", "The Fox", "France", "The Bargemen"))
    found = read(Text("given", text), actors=tmp_path / "actors.csv")
    assert [c.by for c in found.claims if c.type == "demand"] == ["FRA", "FRA", "FRA", "RIVERS"]
    assert (found.names["FRA"], found.names["RIVERS"]) == ("France", "River League")
    found = read(Text("given", "Marc Vane demanded a meeting."), case="us-dprk-2019", actors=korea)
    assert [c.by for c in found.claims if c.type == "demand"] == ["rok"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "no column `name`"),
        ("who\nx\n", "no column `name`"),
        ("name,also\n,x\n", "no name in"),
        ("name\n" + "x" * 1_000_001, "cell"),
    ],
)
def test_a_list_of_actors_that_cannot_be_used_is_told(tmp_path: Path, content: str, said: str) -> None:
    """Catches a list that is passed over in silence, and a fault of ours where a cell has no end."""
    (tmp_path / "actors.csv").write_text(content)
    with pytest.raises(InputError, match=said):
        gazetteer(actors=tmp_path / "actors.csv")


def test_figures_keep_number_and_unit() -> None:
    """Catches thousands read as decimals, and years and days told as figures."""
    found = claims(
        "In 2019 some 5,000 visitors came, 20 per cent fewer than in May 2018, and paid 3 million dollars.", "figure"
    )
    assert [(c.value, c.unit) for c in found] == [(5000.0, "visitors"), (20.0, "per cent"), (3e6, "dollars")]
