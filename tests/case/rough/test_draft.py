"""What a draft in words becomes as a file: names that make trouble, and the same case by every way."""

from __future__ import annotations

import pytest

from detente.case.load import load, read_case
from detente.case.rough.draft import Draft, DraftDemand, DraftMeasure, DraftParty, ids_of, slug_of, unfit, written
from detente.case.rough.redraft import redrafted
from detente.case.rough.template import case_file
from detente.plan.solve import plan

AWKWARD = ("Null", "1984", 'The "North": a town # of many', "Nörd-Öst", "北町", "  yes", "{a: b}")


def draft(names: tuple[str, ...]) -> Draft:
    """Each party gives something that it names as itself."""
    parties = tuple(DraftParty(i, "fair", "nothing", "light", {j: "some" for j in names if j != i}) for i in names)
    measures = tuple(DraftMeasure(i, (i,), "pledge", {i: "slight cost", names[0]: "unclear"}) for i in names)
    return Draft(
        "awkward",
        'Names: "awkward"',
        "2024-02-29",
        "2 weeks",
        12,
        parties,
        measures,
        (DraftDemand(names[0], names[1], names[0], ""),),
    )


def test_awkward_names_come_back_as_they_were() -> None:
    """Catches a name that YAML reads as something else, and an id that is none."""
    case = read_case(written(draft(AWKWARD)))
    assert [p.name for p in case.parties.values()] == list(AWKWARD)
    assert [m.title for m in case.measures.values()] == list(AWKWARD)
    assert [case.parties[m.by[0]].name for m in case.measures.values()] == list(AWKWARD)
    assert case.demands[0].firm is None


def test_ids_are_short_and_all_different() -> None:
    """Catches two measures that become one because their titles begin alike."""
    long = "Withdraw all heavy weapons behind the line that was agreed on in the year before"
    found = ids_of((long, f"{long} (2)", "北", "Relief!", "relief"), "measure")
    assert len(set(found.values())) == 5
    assert all(len(name) <= 42 for name in found.values())
    assert found["北"] == "measure-3"
    assert {found["Relief!"], found["relief"]} == {"relief", "relief-2"}


def test_an_id_that_gets_a_number_is_not_another_ones() -> None:
    """Catches a second `a` that becomes the `a-2` which is there."""
    assert len(set(ids_of(("A-2", "a", "A", "a 2"), "x").values())) == 4


@pytest.mark.parametrize("text", ["", " \u200b", "a\x1b[31m", "a\nb", "a\u202eb"])
def test_what_can_be_no_name(text: str) -> None:
    """Catches a name that a case refuses only once it is written."""
    assert unfit(text)


def test_a_slug_is_made_of_any_title() -> None:
    """Catches a title without Latin letters that leaves a file without a name."""
    assert (slug_of("Two towns & a Spring"), slug_of("北町"), slug_of("Éire")) == ("two-towns-a-spring", "case", "eire")


def test_the_template_is_a_case_with_a_roadmap() -> None:
    """Catches a template that does not load, or of which nothing can be seen."""
    case = read_case(case_file("own"), slug="own")
    assert case.rough is not None
    found = plan(case)
    assert found.roadmap is not None
    assert found.certificate.holds


def test_the_words_of_a_draft_are_the_words_of_the_file() -> None:
    """Catches a cost that is written as a gain, and a gain of nothing that is written at all."""
    made = draft(("North", "South"))
    case = load(read_case(written(made)).written())
    assert case.measures["south"].value["south"].text == "-slight"
    assert case.measures["south"].value["north"].text == "unclear"
    assert case.parties["north"].stalemate.is_zero


def test_an_article_that_is_typed_is_the_article_of_the_name() -> None:
    """Catches a party typed as `the Rebels` whose table heads begin with an article, a sentence with two, and a workbook from
    which it does not come back."""
    case = read_case(written(draft(("the Rebels", "Theodora", "The Hague"))))
    assert [(p.name, p.article) for p in case.parties.values()] == [("Rebels", "the"), ("Theodora", None), ("The Hague", None)]
    assert case.parties[case.measures[next(iter(case.measures))].by[0]].name == "Rebels"
    again = read_case(written(redrafted(case)))
    assert again.to_dict() == case.to_dict()
