"""Contacts by level and month."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from detente.record.library import bundled_record
from detente.record.relation.contacts import contacts, level

sys.path.insert(0, str(Path(__file__).parent))
from made import event, record_of


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("Head of Government (China)", "Shinzo Abe", "leaders"),
        ("Donald Trump", "Kim Jong-Un", "leaders"),
        ("Minister (leader of a party)", "Head of State (France)", "leaders"),
        ("Foreign Affairs (China)", "Prime Minister", "ministers"),
        ("Mike Pompeo", "Kim Jong-Un", "ministers"),
        ("Vice Foreign Minister", "Secretary of State", "officials"),
        ("Deputy Prime Minister", "King of Spain", "officials"),
        ("an envoy, minister level", "Chancellor", "ministers"),
        ("Ambassador", "President", "officials"),
        ("USAGOV", "President", "not recorded"),
        ("President", None, "not recorded"),
    ],
)
def test_levels(source: str | None, target: str | None, expected: str) -> None:
    """Catches a deputy taken for a minister, a rank read into a code, and a contact placed by its higher side."""
    assert level(source, target) == level(target, source) == expected


def test_days_are_counted_once_and_months_have_no_gap(tmp_path: Path) -> None:
    """Catches a meeting that counts for each side and publisher, a talk that is no contact, a month left out."""
    meeting = {"quad": 1, "intensity": 2.5, "code": "044"}
    a, b = {"source": "President", "target": "Prime Minister"}, {"source": "Prime Minister", "target": "President"}
    workspace = record_of(
        tmp_path,
        [
            event("2018-01-05", "AUT", "BEL", **meeting, **a),
            event("2018-01-05", "BEL", "AUT", **meeting, **b),
            event("2018-01-07", "BEL", "AUT", **{**meeting, "code": "0411"}, source="BELGOV", target="AUTGOV"),
            event("2018-01-08", "BEL", "AUT", 1, 3.4, code="051", **b),
            event("2018-01-09", "BEL", "CHE", **meeting, **b),
            event("2018-03-01", "AUT", "BEL", 1, 1.0, code="CONSULT", **{**a, "ontology": "plover"}),
        ],
    )
    found = contacts(workspace, "AUT", "BEL")
    assert [(f"{m.month:%m}", m.days, m.events) for m in found.months] == [
        ("01", (1, 0, 0, 1), (2, 0, 0, 1)),
        ("02", (0, 0, 0, 0), (0, 0, 0, 0)),
        ("03", (1, 0, 0, 0), (1, 0, 0, 0)),
    ]
    assert found.to_dict()["days"] == {"leaders": 2, "ministers": 0, "officials": 0, "not recorded": 1}


def test_no_contact_is_an_answer(tmp_path: Path) -> None:
    """Catches an error, or a month of zeros, where two sides have events and never met."""
    assert contacts(record_of(tmp_path, [event("2018-01-01", "AUT", "BEL", code="0841")]), "AUT", "BEL").months == ()


def test_the_bundled_record() -> None:
    """Catches a summit that is not seen: Singapore, and the three meetings of the leaders of the two Koreas."""
    with bundled_record("us-dprk-2019") as workspace:
        assert contacts(workspace, "USA", "PRK").total("leaders") == 1
        assert contacts(workspace, "KOR", "PRK").total("leaders") == 4  # and the visit to the Olympics
