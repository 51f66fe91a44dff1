"""The codes of an ontology with what they mean: `codes(ontology)`, and those nearest to a wording.

    code       as events have it; a code of four digits of CAMEO, or of three of WEIS, is told in the words of the one above it
    words      in our own words (`words.csv`); the publisher's wording of ICEWS is recognised by its digest and not listed
    quad       1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict
    intensity  Goldstein's, where the list gives one

What is near to a wording is told by the share of letters that two texts have in common in the same order (`difflib`), the
larger of that with the whole of a code's words and that with its words without the little ones; or the wording begins with
a code.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from detente.base.plain import told
from detente.base.wording import suggestion
from detente.errors import RecordError
from detente.record.codes import PLOVER, ROOTS, cameo, coded, weis

__all__ = ["ONTOLOGIES", "Code", "codes", "nearest"]

ONTOLOGIES = ("cameo", "weis", "plover")
_SMALL = re.compile(r"\b(?:a|an|the|or|and|of|to|for|in|not specified below)\b|[^a-z ]")


@dataclass(frozen=True)
class Code:
    """A code. above : the code whose words these are, if it has none of its own."""

    code: str
    words: str
    quad: int
    intensity: float | None = None
    above: str = ""

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        code : the code
        words : in words
        quad : its quad class, 1 to 4
        intensity : on the scale of the codes
        """
        return told(self, f"code words quad intensity{' above' if self.above else ''}")


def codes(ontology: str) -> tuple[Code, ...]:
    """Every code of an ontology, in its order.

    Raises
    ------
    RecordError
        If there is no such list.
    """
    if ontology not in ONTOLOGIES:
        hint = suggestion(ontology, ONTOLOGIES) or "events of other kinds have the codes of their mapping file"
        raise RecordError(f"{ontology}: is no list of codes that is known, wanted {', '.join(ONTOLOGIES)} ({hint})")
    if ontology == "plover":
        return tuple(Code(event, event.lower(), quad) for event, quad in PLOVER.items())
    said = {row["code"]: row["words"] for row in coded("words.csv") if row["ontology"] == ontology}
    values = cameo() if ontology == "cameo" else weis()
    known = sorted({*said, *values})
    found = []
    for code in known:
        above = next((code[:n] for n in range(len(code), 1, -1) if code[:n] in said), "")
        words = said.get(above, "")
        quad = next(quad for low, high, quad in ROOTS[ontology] if low <= code[:2] <= high)
        found.append(Code(code, words, quad, values.get(code), "" if above == code else above))
    return tuple(found)


def nearest(ontology: str, wording: str, most: int = 5) -> tuple[Code, ...]:
    """The codes whose words are nearest to a wording, the nearest first; none where nothing is near."""
    named = [code for code in codes(ontology) if not code.above]
    begun = [code for code in named if wording and code.code.lower().startswith(wording.lower())]
    near = sorted(((_alike(wording, code.words), code) for code in named), key=lambda pair: (-pair[0], pair[1].code))
    return tuple(dict.fromkeys((*begun, *(code for share, code in near if share >= 0.6))))[:most]


def _alike(a: str, b: str) -> float:
    bare = [" ".join(_SMALL.sub(" ", text.lower()).split()) for text in (a, b)]
    pairs = [(a.lower(), b.lower()), (bare[0], bare[1])]
    return max(difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() for one, other in pairs)
