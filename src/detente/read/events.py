"""What was done: sentences that tell an act of one actor, with its class by PLOVER, its date and whom it touched.

A sentence tells an act if a verb in the past or perfect follows a party, and nothing makes it a wish, a duty or a possibility.
With a parser the verb is that which governs the party; without one, the form of the words decides. A sentence from which a
demand, proposal, promise or complaint was taken tells no event besides: a proposal is not an event. Nor does one of whose
class the models are not sure (`LEAST`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from detente.read.actors import Mention
from detente.read.claim import Claim, quoted
from detente.read.classes import classed
from detente.read.coding import parsed
from detente.read.dates import dates
from detente.read.rules import GOVERNS, Sentence, denied, speaker
from detente.read.text import Text

__all__ = ["LEAST", "events"]

LEAST = 0.4
"""The least share of a class at which a sentence is told as an event (judged: below it most classes were wrong)."""

_PAST = re.compile(
    r"\b(?:(?:has|have|had) (?:\w+ly |also |now |already |since )?(?:been )?\w+|\w{3,}ed|met|held|told|said|took|gave|sent|"
    r"sold|built|broke|brought|began|came|went|left|led|"
    r"made|put|set|shot|fought|won|lost|struck|hit|cut|fell|fled|flew|kept|killed|launched|withdrew|drew|spoke|rose|grew|sought|froze|swore|shut|let|ran|paid)\b"
)
_OPEN = re.compile(r"\b(?:will|would|shall|should|must|(?-i:may)|might|could|can|if|whether|unless)\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|never|no longer)\b|n't\b", re.IGNORECASE)
_GAP = 70  # characters between a party and its verb, without a parser


def events(text: Text, number: int, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """The events that sentences tell, one each at most."""
    view = text.view.text
    telling = [(s, hit) for s in sentences if (hit := _telling(view, s)) is not None]
    for (sentence, (source, target, at)), doc in zip(telling, parsed([view[s.start : s.end] for s, _ in telling]), strict=True):
        if doc is not None and not _past(doc, source.start - sentence.start):
            continue
        words = view[sentence.start : sentence.end]
        if words.startswith("Had ") and " would " in words:
            continue  # it was not done
        kind = classed(words, view[source.start : source.end], view[target.start : target.end] if target else "", doc)
        if kind.share < LEAST:
            continue
        day = next((d for _, _, d in dates(view, sentence.start, sentence.end)), None)
        who = speaker(view, sentence, at)
        yield quoted(
            text, number, sentence.start, sentence.end, "event", by=source.party, to=target.party if target else None,
            root=kind.root, date=day, confidence=kind.share,
            negated=_NOT.search(view, source.end, min(sentence.end, at + 30)) is not None or denied(words, at - sentence.start),
            reported_by=who if who != source.party else None,
        )  # fmt: skip


def _telling(view: str, sentence: Sentence) -> tuple[Mention, Mention | None, int] | None:
    """The party that acts, the one that it touches, and the place of the verb; None if the sentence tells no act."""
    for n, source in enumerate(sentence.names):
        verb = _PAST.search(view, source.end, min(sentence.end, source.end + _GAP))
        if verb is None or (
            source.kind == "other" and len(sentence.names) > 1 and n == 0 and sentence.names[1].start < verb.start()
        ):
            continue
        if GOVERNS.search(view, max(sentence.start, source.start - 40), source.start):
            continue
        if _OPEN.search(view, max(sentence.start, source.start - 30), verb.start()):
            continue
        if view[source.end : source.end + 2] == "'s" and not re.match(r"'s (?:\w+ ){1,4}$", view[source.end : verb.start()]):
            continue
        target = next((m for m in sentence.names if m.start > verb.end() and m.party != source.party), None)
        return source, target, verb.start()
    return None


def _past(doc: Any, at: int) -> bool:
    """Whether the verb that governs what stands at a place tells of the past."""
    token = next((t for t in doc if t.idx <= at < t.idx + len(t) + 1), None)
    while token is not None and token.head.i != token.i:
        token = token.head
        if token.pos_ in ("VERB", "AUX"):
            kinds = {token.tag_, *(c.tag_ for c in token.children if c.dep_ in ("aux", "auxpass"))}
            return "MD" not in kinds and bool(kinds & {"VBD", "VBN"})
    return token is not None and token.tag_ in ("VBD", "VBN")
