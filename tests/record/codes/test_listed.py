"""What the codes of events mean, and which is meant by a wording that is not known."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from detente.cli import app
from detente.errors import RecordError
from detente.record.codes import cameo, weis
from detente.record.codes.listed import codes, nearest


@pytest.mark.parametrize(("ontology", "known"), [("cameo", cameo()), ("weis", weis())])
def test_every_code_has_words_and_the_intensity_of_the_list(ontology: str, known: dict[str, float]) -> None:
    """Catches a code without a meaning, a meaning of a code that is none, and a code told in the words of another root."""
    listed = {code.code: code for code in codes(ontology)}
    assert set(known) <= set(listed)
    assert all(len(code) == 2 for code in set(listed) - set(known))
    for code in listed.values():
        assert code.words
        assert code.intensity == known.get(code.code)
        assert code.code.startswith(code.above)
        assert code.quad == listed[code.code[:2]].quad


@pytest.mark.parametrize(
    ("wording", "code"),
    [
        ("Ease economic sanctions, boycott, or embargo", "085"),
        ("Use conventional military force, not specified below", "190"),
        ("Sign formal agreements", "057"),
        ("criticize or denounce", "111"),
        ("04", "04"),
    ],
)
def test_a_near_miss_is_told(wording: str, code: str) -> None:
    """Catches a list in which the nearest is not the first."""
    assert nearest("cameo", wording)[0].code == code


def test_what_is_near_to_nothing() -> None:
    """No code is better than any: exit 1 and an empty list; a list that there is not is a fault."""
    done = CliRunner().invoke(app, ["record", "codes", "--like", "zzzz qqqq", "--json"])
    assert (done.exit_code, json.loads(done.output)["codes"]) == (1, [])
    with pytest.raises(RecordError, match="did you mean 'plover'"):
        codes("plovr")
