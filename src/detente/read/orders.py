"""Who goes first: what a sentence makes wait for what.

A connective parts a sentence into an act and what it waits for:

    A before B, A and only then B                                           A first, then B
    B only after A, B after A, B once A, B as soon as A, B when A, B if A   A first, then B
    no B until A, no B unless A, no B without A, no B before A              A first, then B
    B in return for A, in exchange for A, provided that A, on condition     A first, then B
    B pending A, contingent on A, conditional on A, subject to A

At the beginning of a clause ("Once A, B") the comma parts the two. Words such as before, after, once and if also tell what
happened; they count only beside a verb of insisting or an act to come (will, would, must, ready to, ...), and not before a
date. A span of time before "after" ("no later than 14 days after") makes it a deadline. `strong` says that the connective alone
is enough.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["INSISTS", "SAID_BEHIND", "SAYS", "TO_COME", "Order", "order_in"]

_STRONG = (
    r"only (?:after|when|if|once)|if and only if|in return for|in exchange for|provided that|"
    r"provided(?! (?:for|by|with|to|in|under)\b)|"
    r"providing(?= (?:that|the|it|they|he|she)\b)|on (?:the "
    r")?condition (?:that|of)|"
    r"on condition that|conditional (?:up)?on|conditioned (?:up)?on|contingent (?:up)?on|dependent (?:up)?on|depend(?:s|"
    r"ed)? (?:up)?on|hinge[sd]? on|"
    r"pending|subject to|in advance of|as a precondition (?:for|to|of)|as a prerequisite (?:for|to|of)|as a condition "
    r"(?:for|of)|without first|"
    r"(?:is|are|was|were) (?:necessary|needed|essential|indispensable|required) (?:to|for|before)"
)
_CONNECT = re.compile(
    rf"\b(?P<strong>{_STRONG})\b|\b(?P<weak>should(?= (?:[a-z\u2019']+ ){0, 7}(?:[A-Z\w.'-]+ ){0, 6}?(?:fail|not|refuse|"
    rf"break|collapse|decline|agree|accept)\b)|before|until|till|unless|after|once|as soon as|as long as|so long as|if|"
    rf"when|while|prior to|without|followed by|following|upon|and only then)\b",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"before|in advance of|prior to|as a |followed by|and only then|without first|(?:is|are|was|were) (?:nec|nee|ess|ind|req)",
    re.IGNORECASE,
)
INSISTS = re.compile(
    r"\b(?:demand(?:s|ed|ing)?|insist(?:s|ed|ing)?|want(?:s|ed)?|require(?:s|d)?|expect(?:s|ed)?|must|needs? to|has to|"
    r"have to|call(?:s|ed|ing)? (?:on|upon|for)|"
    r"urge(?:s|d)?|press(?:es|ed|ing)? for|ask(?:s|ed)? (?:for|that)|refus(?:es|ed|ing|al)|reject(?:s|ed)|will not|would "
    r"not|won't|wouldn't|shall not|"
    r"cannot|can't|could not|rul(?:es|ed) out|in no (?:case|circumstances)|never|(?:pre)?condition(?:s|ed)?|prerequisite|"
    r"first)\b|\bno (?!longer|doubt|one\b|matter|wonder)\w+",
    re.IGNORECASE,
)
TO_COME = re.compile(
    r"\b(?:will|would|shall|must|should|can|could|(?-i:may)|might|going to|ready|willing|prepared|promise[sd]?|offer(?:s|ed)?|"
    r"pledge[sd]?|agree[sd]?|propose[sd]?|"
    r"commit(?:s|ted)?|suggest(?:s|ed)?|is to|are to|cannot|can't|won't|to be|remain|stay|keep|continue[sd]?|maintain(?:s|"
    r"ed)?|h[eo]ld|withh[eo]ld|"
    r"postpone[sd]?|suspend(?:s|ed)?|frozen|refus\w+|depends?|risks?|likely|plans?|planned|intends?|vow(?:s|ed)?|threaten(?:s|ed)?|warn(?:s|ed)?)\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\b(?:not|no|never|nothing|none|nor|neither|cannot|can't|won't|n't|refus\w+|reject\w+|rul\w+ out|withh\w+|without)\b|"
    r"n't\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\s*(?:the )?(?:\d|end|beginning|start|close|January|February|March|April|May\b|June|July|August|September|October|"
    r"November|December|Monday|Tuesday|"
    r"Wednesday|Thursday|Friday|Saturday|Sunday|noon|midnight|dawn|winter|spring|summer|autumn|now|then|long|all\b|years?|months?|weeks?|days?|hours?|"
    r"last|next (?:year|month|week)|"
    r"recently|today|tomorrow|yesterday|war|world war|court|judge|parliament|congress|committee)\b",
    re.IGNORECASE,
)
_BREAKS = re.compile(r"[;:]|, (?:and|but|which|who|while|although|though|whereas|so|yet)\b|\bbut\b|\u2026| - ")
_LEAD = re.compile(
    r"^.*?\b(?:demand(?:s|ed|ing)?|insist(?:s|ed|ing)?(?: (?:that|on|upon))?|want(?:s|ed)?|require[sd]?|expect(?:s|ed)?|"
    r"call(?:s|ed|ing)? (?:on|upon|for)|urge[sd]?|"
    r"press(?:es|ed|ing)? for|ask(?:s|ed)? (?:for|that)|said (?:that )?|says (?:that )?|"
    r"(?:will|would) be (?:willing|ready|prepared) to|will(?: not)?|would(?: not)?|"
    r"shall(?: not)?|won't|must(?: not)?|should(?: not)?|cannot|can't|can|could|(?-i:may)|"
    r"might|ready to|willing to|prepared to|promise[sd]? to|offer(?:s|ed)? to|agree[sd]? to|pledge[sd]? to|refuse[sd]? to|"
    r"threaten(?:s|ed)? to|(?:is|are|was|were) going to|"
    r"need(?:s|ed)? to|is to|are to|has to|have to)\s+",
    re.IGNORECASE | re.DOTALL,
)
_SPAN = re.compile(r"\b(?:hours?|days?|weeks?|fortnights?|months?|quarters?|years?|day \d+)$", re.IGNORECASE)
SAYS = (
    r"(?:said|says|told|tells|stated|states|announced|announces|explained|explains|noted|notes|added|adds|claimed|claims|argued|"
    r"argues|warned|warns|declared|declares|insisted|insists|reported|reports|emphasi[sz]ed|stressed|acknowledged|quoted|cited|"
    r"repeated|replied|reiterated|maintain(?:s|ed)|complain(?:s|ed)|wrote|writes|confirmed)"
)
"""The verbs of saying, as a pattern."""
SAID_BEHIND = re.compile(
    rf",[\"']? (?:(?:the |an? )?[\w'. -]{{2,40}} {SAYS}(?: (?:on )?\w+day| reporters)?|{SAYS} [\w'. -]{{2,40}})[.]?[\"']?$"
)
"""Who said so, at the end of a sentence."""
_SAID_WITHIN = re.compile(rf"^(?:the |an? )?[\w'. -]{{2,40}} {SAYS}, ")
_DONE = re.compile(r"^(?!.*\b(?:is|are|has|have|been|be)\b).*\b\w{3,}ed\b", re.DOTALL)
_MODAL = re.compile(
    r"\b(?:will|would|shall|must|should|can|could|(?-i:may)|might|cannot|ready|willing|prepared|going|refus\w+|promis\w+|offer\w*|"
    r"agree\w*|pledg\w+|propos\w+|vow\w*|threaten\w*)\b|n't\b",
    re.IGNORECASE,
)
_NARRATED = re.compile(
    r"\b(?:was|were|had|did|died|came|went|began|became|took|met|left|fell|rose|started|ended|banned|happened|arrived|followed)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Order:
    """What waits for what, in a sentence. first, before : the words; word : the connective; at : its place in the sentence."""

    first: str
    before: str
    word: str
    at: int
    strong: bool


def order_in(sentence: str) -> Order | None:
    """The order that a sentence states; the strong one if it states several; None if it only tells what happened."""
    found = [o for m in _CONNECT.finditer(sentence) if (o := _order(sentence, m)) is not None]
    found.sort(key=lambda o: (not o.strong, o.at))
    return found[0] if found else None


def _order(sentence: str, m: re.Match[str]) -> Order | None:
    word = " ".join(m[0].lower().split())
    lead = sentence[: m.start()].rstrip()
    opens = (
        not lead
        or lead[-1] in ",;:\"'(-"
        or re.search(r"(?:^|[,;:.] ?)(?:and|but|so|that|only|even|yet|however,|then)$", lead) is not None
    )
    opens = opens or (word in ("should", "if", "once", "unless") and lead.endswith(" that"))
    tail = sentence[m.end() :]
    if word == "should" and not opens:
        return None
    if opens and "," in tail[4:]:
        comma = tail.index(",", 4)
        waited, act = tail[:comma], tail[comma + 1 :]
    else:
        cut = _BREAKS.search(tail)
        waited = tail[: cut.start()] if cut else tail
        parts = [b.end() for b in _BREAKS.finditer(lead)]
        act = lead[parts[-1] :] if parts else lead
        if len(act.split()) < 2:
            act = lead
    waited = SAID_BEHIND.sub("", waited)
    act = _SAID_WITHIN.sub("", re.sub(r",? (?:but|and|so)$", "", act.strip()))
    act, waited = act.strip(" ,.;:\"'"), waited.strip(" ,.;:\"'")
    if len(act) < 3 or len(waited) < 3 or not _counts(word, act, waited, m["strong"] is not None, sentence):
        return None
    stripped = _LEAD.sub("", act).strip(" ,.;:\"'") or act
    if re.match(r"(?:not )?be(?:en)?\b", stripped):  # in the passive the subject says what is done
        stripped = act
    refused = word in ("before", "prior to") and _NO.search(act.replace("no longer", ""))
    if _FORWARD.match(word) and not refused:
        return Order(stripped, waited, word, m.start(), m["strong"] is not None)
    return Order(waited, stripped, word, m.start(), m["strong"] is not None)


def _counts(word: str, act: str, waited: str, strong: bool, sentence: str) -> bool:
    if strong:
        return not (
            word in ("pending", "provided", "providing", "subject to")
            and not (TO_COME.search(sentence) or INSISTS.search(sentence))
        )
    if _DATE.match(waited) and word in ("before", "after", "until", "till", "once", "prior to", "when"):
        return False
    to_come, insists = TO_COME.search(act), INSISTS.search(act)
    if word in ("until", "till", "unless", "as long as", "so long as"):
        return bool(_NO.search(act) or to_come or insists)
    if word == "without":
        return bool(re.search(r"\b(?:no|nothing|not|never|cannot|can't|won't|neither)\b", act, re.IGNORECASE) and insists)
    if word in ("before", "prior to"):
        return bool(insists or (to_come and ("going to" in act or not _NARRATED.search(act))))
    if word in ("following", "upon"):
        return bool(
            to_come
            and re.match(
                r"(?:the |a |an |its |their |his |her |full |completion|receipt|ratification|[a-z]+(?:tion|al|ment|ure|ance) )",
                waited,
            )
        )
    if word in ("followed by", "and only then"):
        return bool(insists or to_come or word == "and only then")
    if word in ("after", "following") and _SPAN.search(act):
        return False
    if word in ("once", "as soon as", "after") and _DONE.search(waited) and not _MODAL.search(act):
        return False
    if word in ("once", "as soon as", "after"):
        if re.match(r"(?:again|more|and for all|in a|the most)\b", waited) or re.search(r"\b(?:at|more than)$", act):
            return False
        return bool((to_come or (insists and _NO.search(act))) and not re.search(r"\b(?:was|were|had|did)\b", act))
    if word in ("when", "while"):
        return bool(to_come and insists and _NO.search(act))
    return bool(
        to_come
        and not re.search(
            r"\b(?:would have|could have|might have|as if|even if|what if|if so|if not|if any)\b", sentence, re.IGNORECASE
        )
    )
