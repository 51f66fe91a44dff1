"""How a question names whom and what it is about."""

from __future__ import annotations

import re

import pytest

from detente.ask.questions import Questions
from detente.case.draws.quantities import quantities
from detente.case.draws.widen import Spans
from detente.case.load import load
from detente.errors import InputError
from smallcases import Data, swap


def awkward(data: Data) -> None:
    """A party in the plural, one whose name takes an article, and titles with quotes and a space that does not break."""
    data["draws"] = {"spread": 0.2}
    data["parties"]["a"] |= {"name": "Rebels", "article": "the", "number": "plural", "stalemate": -1, "breakdown": 2}
    data["parties"]["b"] |= {"name": "Upper district", "article": "the"}
    data["measures"]["give-a"] |= {
        "title": 'L\'aide\u00a0: "tout"',
        "once": {"a": -1},
        "irreversible": 0.5,
        "lag": 3,
        "signal": 2,
    }
    data["measures"]["give-b"] |= {"title": "Back\\slash", "by": "b", "needs": [{"id": "n", "by": "The board", "chance": 0.5}]}
    data["answers"] = [{"if": "give-b", "by": "a", "holds": ["give-a"], "chance": 0.5}]
    data["risks"] = [{"id": "r", "kind": "performance", "of": ["give-a", "give-b"], "fails": 0.5}]


def test_parties_and_titles_are_named_as_everywhere_else() -> None:
    """Catches a party in the plural that is spoken of as it, a name without its article inside a sentence, and a title that is
    shown as code would show it (`\\xa0`, `\\'`, `\\\\`)."""
    case = load(swap(awkward))
    questions = Questions(case, quantities(case, Spans.of(case)))
    texts = {name: questions.named(name).text for name in questions.place} | {
        q.id: q.text for q in questions.pairs(list(questions.place.values()))
    }
    assert len(texts) > 12
    for text in texts.values():
        for wrong in ("\\x", "\\'", "\\\\", "of Upper", "that Rebels"):
            assert wrong not in text, text
        if text.startswith("Rebels:"):
            for wrong in ("to it ", "for it ", "does it ", "costs it "):
                assert wrong not in text, text
    per = {
        x
        for name, text in texts.items()
        if ".value." in name or name.startswith("compare.")
        for x in re.findall(r"\bper \w+", text)
    }
    assert len(per) == 1, "one length of time, in one word, in a question and in the comparison of the same values"
    assert "the Upper district keeps its word although it" in texts["parties.a.trust.b"]
    assert "the Rebels keep their word although they" in texts["parties.b.trust.a"]


def test_what_an_answer_lacks_is_named() -> None:
    """Catches a number without one of its four parts that is refused by its kind, in words that do not say which is missing."""
    case = load(swap(awkward))
    questions = Questions(case, quantities(case, Spans.of(case)))
    whole = {"low": 0.1, "high": 0.9, "best": 0.5, "sure": 0.8}
    question = questions.named("parties.a.trust.b")
    for lacking in whole:
        with pytest.raises(InputError) as refused:
            questions.read(question, {part: x for part, x in whole.items() if part != lacking})
        got = str(refused.value).partition("wanted")[0]
        assert [part for part in whole if part in got.split("got")[1]] == [lacking]
    with pytest.raises(InputError, match="'hight'"):
        questions.read(question, {**whole, "hight": 1})
