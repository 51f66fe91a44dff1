"""A case of an earlier format: it is read as it is, and `detente case --migrate` writes it in today's."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.case.load import load, read_case
from detente.case.migrate import migrated
from detente.errors import CaseError

FARMS = (Path(__file__).parent / "data" / "two-farms.yaml").read_text()


def earlier(key: str = "on") -> str:
    assert FARMS.count(", of: [") == 2  # a risk and a support
    return FARMS.replace(", of: [", f", {key}: [")


@pytest.mark.parametrize("key", ["on", "'on'", '"on"'])
def test_the_earlier_key_is_read_and_migrated(key: str) -> None:
    """Catches a file that is not read any more, and a comment or a quote that is lost on the way."""
    assert read_case(earlier(key)) == read_case(FARMS)
    found, changes = migrated(earlier(key), "farms.yaml")
    assert changes == 2
    assert found == earlier(key).replace(f", {key}: [", f", {key.replace('on', 'of')}: [")
    assert read_case(found) == read_case(FARMS)


def test_a_file_of_today_stays_as_it_is() -> None:
    """Catches a converter that rewrites what it need not."""
    assert migrated(FARMS, "farms.yaml") == (FARMS, 0)


def test_what_a_yaml_1_1_tool_made_of_it() -> None:
    """`on` was read as true and written as a key: refused with what happened, and mended by the converter."""
    with pytest.raises(CaseError, match="made that of `on`"):
        read_case(earlier("true"))
    assert read_case(migrated(earlier("true"), "farms.yaml")[0]) == read_case(FARMS)


def test_both_keys_at_once_are_refused() -> None:
    """Catches one of the two being dropped without a word."""
    with pytest.raises(CaseError, match="it is `of` now: keep one"):
        read_case(FARMS.replace(", of: [", ", on: [meet], of: ["))


@pytest.mark.parametrize("key", ["&a on", "!!str on"])
def test_a_key_that_cannot_be_renamed_in_place(key: str) -> None:
    """Catches a file that is broken by the converter."""
    with pytest.raises(CaseError):
        migrated(earlier(key), "farms.yaml")


def test_faults_are_told_before_anything_is_written() -> None:
    """A case that is none has nothing to be migrated to."""
    with pytest.raises(CaseError, match="discount"):
        migrated(earlier().replace("discount: ", "discount: 7"), "farms.yaml")


def test_underscores_in_an_id() -> None:
    """The corrected id is offered. Catches an analyst left alone with a pattern."""
    with pytest.raises(CaseError, match="did you mean 'two-farms'"):
        read_case(FARMS.replace("case: two-farms", "case: Two_Farms"))


def test_stalemate_may_be_left_out() -> None:
    """It is 0 then. Catches a key that has to be given to say nothing."""
    case = load("toy-exchange")
    without = "\n".join(line for line in case.text.splitlines() if "stalemate" not in line)
    assert "stalemate" in case.text
    assert {p.stalemate.likely for p in read_case(without).parties.values()} == {0}
