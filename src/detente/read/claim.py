"""A claim: what a passage says, who says it of whom, and the passage itself, which is the text at that span or no claim at all.

type       demand       somebody insists on an act: `first`, and what is withheld until then: `before`
           condition    an act of one depends on another: `before` only after, in return for, unless, once `first`
           proposal     somebody offers, suggests or recommends an act
           promise      somebody binds itself to an act
           event        something was done: `root` the class of PLOVER
           complaint    somebody finds fault with another
           provision    a clause of an agreement: `clause` its number, `first` what it waits for, `by` whom it alone binds
           figure       a number with its unit
           party        a name, and whose it is
due        the day, or the words, by which the act falls due that is demanded, promised, proposed or provided
modality   asserted, wanted, obliged (shall, must), intended (will), recommended (should), possible (may, might, could)
negated    whether what is claimed is denied: a refusal to act, an act not done; a refusal until something is done is a demand
reported_by  the party or speaker whose words they are; a claim without it is the text's own

`start`, `end`: the span in characters of the text, 0 <= start < end <= n. `confidence`: the share of claims of this rule or
model that were right on texts read while it was made, in (0, 1]; a judgement where these were few (`rules`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from detente.read.text import Text

__all__ = ["KINDS", "MODALITIES", "Claim", "quoted"]

KINDS = ("demand", "condition", "proposal", "promise", "event", "complaint", "provision", "figure", "party")
MODALITIES = ("asserted", "wanted", "obliged", "intended", "recommended", "possible")
_ALWAYS = ("type", "text", "start", "end", "quote", "modality", "negated", "confidence")


@dataclass(frozen=True)
class Claim:
    """One claim; what each field means stands above. text : the place of its text among those read, from 0."""

    type: str
    text: int
    start: int
    end: int
    quote: str
    modality: str = "asserted"
    negated: bool = False
    confidence: float = 0.5
    by: str | None = None
    to: str | None = None
    act: str | None = None
    first: str | None = None
    before: str | None = None
    root: str | None = None
    date: str | None = None
    due: str | None = None
    reported_by: str | None = None
    clause: str | None = None
    consent: str | None = None
    value: float | None = None
    unit: str | None = None

    @property
    def line(self) -> str:
        """The quotation on one line."""
        return " ".join(self.quote.split())

    def to_dict(self) -> dict[str, Any]:
        """Every field that says something; `confidence` to two decimals.

        type : demand, condition, proposal, promise, event, complaint, provision, figure or party
        text : which of the texts, from 0
        start, end : its place, in characters
        quote : the text at that place
        modality : asserted, wanted, obliged, intended, recommended or possible
        negated : whether it is denied
        confidence : 0 to 1
        by, to, reported_by : an alpha-3 code, an id of the case, or a name; this and what follows only where known
        act : what is done, in words
        first, before : what comes first, and before what, in words
        root : a class of PLOVER
        date : 2019-01-30 or 2019-01; with `--llm` what the endpoint said
        due : a date, or the words of the text
        clause, consent, value, unit : the provision, who must consent, a figure, its unit
        """
        told = {f.name: getattr(self, f.name) for f in fields(self)}
        told["confidence"] = round(self.confidence, 2)
        return {name: x for name, x in told.items() if name in _ALWAYS or x is not None}


def quoted(text: Text, number: int, start: int, end: int, kind: str, **given: Any) -> Claim:
    """The claim for a span of the view of a text: its place and quotation are those of the text itself."""
    begin, stop = text.view.span(start, end)
    return Claim(type=kind, text=number, start=begin, end=stop, quote=text.text[begin:stop], **given)
