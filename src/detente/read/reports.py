"""Reports against what was agreed: which measure or provision of a case a passage speaks of, and what it says of it.

The likeness of a passage to an item is how much of the item it holds, its first words counting most, since they name the act:

    s = sum_{w in both} g_w / sum_{w in item} g_w,    g_w = h_w / (1 + k_w / 3)

over the stems w of the item, k_w its place among them from 0, h_w = 1, or 0.3 where most items of the case hold w and the case
has more than ten. Names are left out (an act is looked for, not a place), and so are words that any clause may hold. A day
that both name adds 0.2; one that the item names where the passage names another, and commits anew, takes half away. The
passage speaks of the item that is most like it, if s is at least `LEAST`, `LEAST_SHORT` for an item of few words.

What is said is told by words: done, begun, late, broken, disputed; the first of disputed, broken, late, done, begun that fits.
A word does not fit where what it says is only demanded, promised, hoped for or supposed (`rules.open_at`): that is no act. What
is denied is disputed, and what is told not to be done is late.
As entries for `detente record commit`: full, minimal, none, reversed and disputed.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.base.atomic import write_atomic
from detente.base.frozen import Frozen
from detente.base.parts import Part, Table
from detente.case.case import Case
from detente.case.load import as_case
from detente.read.actors import gazetteer, mentions
from detente.read.dates import dates
from detente.read.read import Reading
from detente.read.rules import Sentence, denied, open_at, speaker
from detente.read.sentences import sentences
from detente.read.words import SMALL, stem, word_set
from detente.record.commitments.entry import COLUMNS
from detente.record.commitments.items import items

__all__ = ["LEAST", "LEAST_SHORT", "Likeness", "Passage", "Reports", "reported", "standing", "write_entries"]

LEAST = 0.1
"""The least likeness at which a passage is said to speak of an item of at least eight words."""

LEAST_SHORT = 0.45
"""The same for a shorter item, such as the title of a measure: near half of what it says."""

STATES = {"done": "full", "begun": "minimal", "late": "none", "broken": "reversed", "disputed": "disputed"}
"""How each thing said is entered: a state of `detente.record.commitments.scale`."""

_SAID = {
    said: re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for said, words in {
        "disputed": r"den(?:y|ies|ied)|reject\w* the (?:claim|charge|report|allegation)s?|disput\w+|alleg\w+|contest\w+|"
        r"blam\w+ each other|accus\w+",
        "broken": r"violat\w+|breach\w*|broke|broken|resum\w+ (?:fire|shelling|tests?|fighting)|shell\w+|fired|re-?introduc\w+|"
        r"reneg\w+|withdr\w+ from the (?:agreement|deal)|escalat\w+|in breach|ceas\w+ to (?:apply|comply)|"
        r"suspended (?:its|the) (?:implementation|commitments?)|reimpos\w+",
        "late": r"delay\w*|postpon\w+|overdue|not yet|yet to|has not|have not|had not|fail\w* to|missed|behind schedule|"
        r"stalled|pending|remain\w* to be|no progress|slow\w*",
        "done": r"complet\w+|fulfil\w+|implemented|carried out|fully|withdrew|withdrawn|released|handed over|dismantled|lifted|"
        r"ratified|adopted|entered into force|came into effect|took effect|(?:re)?opened|signed|delivered|held|hold(?:s|ing)|"
        r"destroyed|closed",
        "begun": r"beg[au]n|begins|start\w*|under ?way|ongoing|continu\w+|progress\w*|partial\w*|"
        r"first (?:step|stage|batch|group)|launch\w+|initiat\w+|prepar\w+|facilitat\w+|recommit\w*",
    }.items()
}
_UNDONE = re.compile(
    r"\b(?:neither|nor|none|nobody|never|hardly|no(?! (?:later|more|less|doubt|truth|evidence|proof|sign)\b)|"
    r"not(?! (?:only|just|true)\b))\b[^,;]{0,80}$|n't\b[^,;]{0,80}$",
    re.IGNORECASE,
)
_MOST = 60  # passages that are shown
_HEAD = 300  # characters at the beginning of a report in which its own date is looked for
_ANY_CLAUSE = SMALL | word_set(
    "full fully immediate immediately comprehensive strict implementation implement implementing certain areas area "
    "regions region measures measure ensure establish establishment commitment commit agreement parties party sides "
    "side including include start starting begin time local whole period until both basis accordance well under "
    "between towards toward lasting complete work order new more than been into out over also such"
)


@dataclass(frozen=True)
class Passage:
    """A passage that speaks of an item.

    text, start, end, quote : where; said : done, begun, late, broken, disputed or nothing.
    """

    text: int
    start: int
    end: int
    quote: str
    item: str
    likeness: float
    said: str
    told_by: str | None
    party: str | None
    date: str | None

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        text : which of the texts, from 0
        start : where it begins, in characters
        end : where it ends
        item : the measure or provision that it speaks of
        likeness : of the passage and the item, 0 to 1
        told_by : who says so
        date : of what is said
        quote : the text at that place
        """
        return {
            "text": self.text, "start": self.start, "end": self.end, "quote": self.quote, "item": self.item,
            "likeness": round(self.likeness, 2), "said": self.said, "told_by": self.told_by, "party": self.party,
            "date": self.date,
        }  # fmt: skip


@dataclass(frozen=True)
class Reports(Frozen):
    """What reports say of a case. entries : rows for `record commit`; left : passages that make none, with why."""

    passages: tuple[Passage, ...]
    entries: tuple[Mapping[str, str], ...]
    left: tuple[tuple[Passage, str], ...]
    titles: Mapping[str, str]

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        entries : the columns of a file for `detente record commit`
        """
        return {"passages": [p.to_dict() for p in self.passages], "entries": [dict(e) for e in self.entries]}

    def shown(self) -> Iterator[Part]:
        """A table of the passages, and how many become entries."""
        if not self.passages:
            yield "No passage was found that speaks of a measure or provision of the case."
            return
        table = Table(f"Of the case ({len(self.passages)} passages)", "item", "said", "by", "on", "passage")
        for p in self.passages[:_MOST]:
            quote = " ".join(p.quote.split())
            table.add(
                p.item,
                p.said or "-",
                p.told_by or "the text",
                p.date or "not said",
                quote if len(quote) < 140 else quote[:140] + " ...",
            )
        yield table
        if len(self.passages) > _MOST:
            yield f"... and {len(self.passages) - _MOST} more (--json lists all)"
        whys = Counter(why for _, why in self.left)
        reasons = "; ".join(f"{n} {why}" for why, n in whys.most_common())
        yield f"{len(self.entries)} of them are complete entries" + (f"; {reasons}." if reasons else ".")


class Likeness:
    """How like passages are to items. described : by id, the words of an item."""

    def __init__(self, described: Mapping[str, str]) -> None:
        self.words = {i: list(dict.fromkeys(_words(text))) for i, text in described.items()}
        self.days = {i: {d for _, _, d in dates(text) if len(d) >= 7} for i, text in described.items()}
        having = Counter(w for words in self.words.values() for w in words)
        common = {w for w, n in having.items() if n > len(described) / 2 and len(described) > 10}
        self.weights = {
            i: [(0.3 if w in common else 1.0) / (1 + k / 3) for k, w in enumerate(words)] for i, words in self.words.items()
        }

    def of(self, passage: str) -> dict[str, float]:
        """The likeness to each item, from 0 to 1."""
        mine, days = set(_words(passage)), {d for _, _, d in dates(passage) if len(d) >= 7}
        out = {}
        for i, words in self.words.items():
            weights = self.weights[i]
            s = sum(g for w, g in zip(words, weights, strict=True) if w in mine) / (sum(weights) or 1.0)
            if s and self.days[i] and days:
                same = self.days[i] & days or {d[5:] for d in self.days[i]} & {d[5:] for d in days}
                if same:
                    s = min(1.0, s + 0.2)
                elif re.search(r"re-?commit|re-?affirm|enter\w* into force", passage):
                    s /= 2
            out[i] = s
        return out


def _words(text: str) -> list[str]:
    """The stems of a text's words in their order, without names (capitals but for the first word) and words of any clause."""
    text = re.sub(r"(\w)- ?(\w)", r"\1\2", text.strip())
    found = re.findall(r"\b[^\W\d_]{3,}\b", text)
    kept = [w.lower() for n, w in enumerate(found) if w.islower() or n == 0]
    return [stem(w) for w in kept if w not in _ANY_CLAUSE]


def standing(passage: str) -> str:
    """What a passage says of an act: disputed, broken, late, done, begun, or nothing."""
    fit = {
        said: [m.start() for m in words.finditer(passage) if not open_at(passage, m.start())] for said, words in _SAID.items()
    }
    for said in ("done", "begun"):
        if undone := [at for at in fit[said] if _UNDONE.search(passage[:at])]:
            fit["late"] += undone
        elif undone := [at for at in fit[said] if denied(passage, at)]:
            fit["disputed"] += undone
        fit[said] = [at for at in fit[said] if at not in undone]
    fit["broken"] = [at for at in fit["broken"] if not _UNDONE.search(passage[:at])]
    return next((said for said, places in fit.items() if places), "")


def reported(reading: Reading, case: Case | str | Path | Mapping[str, Any]) -> Reports:
    """Which measures and provisions of a case the texts speak of, and what they say."""
    case = as_case(case)
    known = items(case)
    described = {i: " ".join((item.title, *_evidence(case, i))) for i, item in known.items()}
    names = gazetteer(case)
    alike = Likeness(described)
    passages: list[Passage] = []
    for n, text in enumerate(reading.texts):
        view = text.view.text
        spans = list(sentences(view))
        named = mentions(view, names)
        whole = next((d for at, _, d in dates(view) if len(d) == 10 and at < _HEAD), None)
        for a, b in spans:
            scores = alike.of(view[a:b])
            fit = {i: s for i, s in scores.items() if s >= (LEAST if len(alike.words[i]) >= 8 else LEAST_SHORT)}
            if not fit:
                continue
            best = max(fit, key=lambda i: fit[i])
            here = [m for m in named if a <= m.start < b]
            sentence = Sentence(a, b, here)
            day = next((d for _, _, d in dates(view, a, b, near=whole) if len(d) == 10), whole)
            owes = [m.party for m in here if m.party in known[best].parties]
            party = known[best].parties[0] if len(known[best].parties) == 1 else owes[0] if len(set(owes)) == 1 else None
            start, end = text.view.span(a, b)
            passages.append(
                Passage(
                    n,
                    start,
                    end,
                    text.text[start:end],
                    best,
                    scores[best],
                    standing(view[a:b]),
                    speaker(view, sentence, b),
                    party,
                    day,
                )
            )
    entries, left = _entries(reading, passages, known)
    return Reports(tuple(passages), tuple(entries), tuple(left), {i: item.title for i, item in known.items()})


def _evidence(case: Case, item: str) -> Sequence[str]:
    """What the evidence of an item says, where it is a provision."""
    agreement, _, provision = item.partition("/")
    if not provision:
        return ()
    ids = next((p.evidence for p in case.agreements[agreement].provisions if p.id == provision), ())
    return [case.evidence[i].says for i in ids]


def _entries(
    reading: Reading, passages: Sequence[Passage], known: Mapping[str, Any]
) -> tuple[list[dict[str, str]], list[tuple[Passage, str]]]:
    entries, left = list[dict[str, str]](), list[tuple[Passage, str]]()
    for p in passages:
        signed = known[p.item].signed
        why = (
            "do not say how it stands" if not p.said
            else "do not say on which day" if p.date is None
            else "do not say whose act it is" if p.party is None
            else "are of a day before the agreement" if signed is not None and p.date < signed.isoformat()
            else ""
        )  # fmt: skip
        if why:
            left.append((p, why))
            continue
        row = dict.fromkeys(COLUMNS, "")
        source = Path(reading.texts[p.text].source).name
        row |= {
            "item": p.item,
            "party": p.party or "",
            "as_of": p.date or "",
            "state": STATES[p.said],
            "reader": p.told_by or source,
        }
        row |= {"evidence": f"{source}, characters {p.start} to {p.end}", "note": " ".join(p.quote.split())[:300]}
        entries.append(row)
    return entries, left


def write_entries(reports: Reports, path: str | Path) -> None:
    """Write the complete entries as the table that `detente record commit --file` takes.

    Raises
    ------
    OutputError
        If the place cannot be written to.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(reports.entries)
    write_atomic(path, out.getvalue())
