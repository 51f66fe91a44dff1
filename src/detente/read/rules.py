"""Claims by rules: who demands, proposes, promises, complains, on what condition, in whose words.

A sentence is looked at once. Its claims come from cues, the first of these that fits:

    insists and an order (`orders`)       demand, with what comes first and what waits
    an order alone                        condition
    demand, insist, call on, urge, must   demand
    complain, accuse, violate, fail to    complaint
    promise, pledge, commit, agree to     promise; "will" of a party, too
    propose, offer, ready to, should      proposal; a sentence in the imperative, too

The party (`by`) is the name before the cue that no preposition governs, else the one in "by X" behind it, else what a pronoun
takes over from the sentence before if only one party stood there as subject. The other (`to`) is the next party behind it.
Words in quotation marks, and what follows "X said that", "according to X", are reported by X.

`CONFIDENCE` is judged: the share of each rule's claims that held on the texts read while the rules were made (about 20 to 60 of
each); the benchmark measures it on texts that were not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detente.read.actors import Mention
from detente.read.claim import Claim, quoted
from detente.read.dates import dates, deadlines
from detente.read.orders import INSISTS, SAID_BEHIND, SAYS, Order, order_in
from detente.read.text import Text

__all__ = ["CONFIDENCE", "GOVERNS", "Sentence", "claims_of", "denied", "figures", "open_at", "speaker"]

CONFIDENCE = {
    "ordered demand": 0.85,
    "strong condition": 0.85,
    "condition": 0.7,
    "if": 0.55,
    "demand": 0.75,
    "complaint": 0.75,
    "promise": 0.75,
    "will": 0.6,
    "proposal": 0.7,
    "should": 0.65,
    "could": 0.5,
    "imperative": 0.5,
    "figure": 0.9,
    "brought": 0.98,
    "name": 0.9,
    "role": 0.7,
    "other": 0.4,
}

_DEMANDS = re.compile(
    r"\b(?:demand(?:s|ed|ing)?|insist(?:s|ed|ing)?|call(?:s|ed|ing)? (?:on|upon|for)|urg(?:e[sd]?|ing)|requir(?:e[sd]?|"
    r"ing)|(?:it|now) is (?:the |high )?time (?:for|that)|press(?:es|ed|ing) (?:for|\w+ to)|"
    r"ask(?:s|ed|ing) (?:for|that|(?:the )?[\w' ]{2,40} to)|appeal(?:s|ed|ing) (?:to|for)|(?-i:expect(?:s|ed)? (?:the |"
    r"that )?[A-Z][\w']*(?: [\w']+){0,4} (?:to|will)\b)|want(?:s|ed)?\b|requested\b|requests? that\b|"
    r"must(?! have)|ultimatum|has to|have to|set(?:s)? (?:the |a )?(?:pre)?conditions?|"
    r"(?:pre)?conditions?\b[^.]{0,40}\b(?:is|are|was|be)\b)\b",
    re.IGNORECASE,
)
_COMPLAINS = re.compile(
    r"\b(?:complain(?:s|ed|ing)?|complaints?|accus(?:es|ed|ing)|blam(?:es|ed|ing)|denounc(?:es|ed|ing)|condemn(?:s|ed|ing)?|criticis?z?(?:es|ed|ing)|deplor(?:es|ed|ing)|"
    r"lament(?:s|ed|ing)|object(?:s|ed|ing) to|protest(?:s|ed|ing)|violat(?:es|ed|ing)|fail(?:s|ed|ing) to|br(?:eaks|oke|"
    r"oken|eaking) (?:its|their|his|her|the) "
    r"(?:promises?|commitments?|word|pledges?|agreements?|ceasefire|truce)|in breach of|breach(?:es|ed)|renege[sd]?|"
    r"reneging|bad faith|faithless\w*|disappoint\w+|"
    r"unfair\w*|frustrat(?:ed|es|ing)|grievances?|never (?:kept|honou?red|delivered)|not (?:kept|honou?red|delivered|lived "
    r"up))\b",
    re.IGNORECASE,
)
_PROMISES = re.compile(
    r"\b(?:(?:promis|pledg|agre|vow)(?:es|ed|s|ing) not to|"
    r"promis(?:es|ed|ing)|pledg(?:es|ed|ing)|commit(?:s|ted|ting)? (?:itself |themselves |himself )?to|vow(?:s|ed|"
    r"ing)|undert(?:akes|ook|aken|aking|ake) to|"
    r"guarantee(?:s|d|ing)?|agre(?:es|ed|eing) (?:to|on|that)|assur(?:es|ed|ing)|gave (?:its|their|his|her) word|"
    r"reaffirm\w*|swore|bound (?:itself|themselves) to)\b",
    re.IGNORECASE,
)
_WILL = re.compile(
    r"\b(?:will|shall|is going to|are going to|intends? to|plans? to)\b(?! (?:not )?(?:likely|probably|remain to be))",
    re.IGNORECASE,
)
_PROPOSES = re.compile(
    r"\b(?:propos(?:es|ed|ing|als?)|suggest(?:s|ed|ing|ions?)?|"
    r"offer(?:s|ed|ing)?(?! (?:\w+ )?(?:hope|evidence|proof|insight|a glimpse)\b)|recommend(?:s|ed|ing|ations?)?|(?:is|are|"
    r"was|were|be|been|stands?|remains?|said (?:it|he|she|they) (?:is|was|are|were)) "
    r"(?:also |now |still |again )?(?:ready|willing|prepared|open|considering)(?: to| for)?|prepared to|willing to|ready "
    r"to|float(?:s|ed) |put(?:s)? forward|tabl(?:es|ed)|invit(?:es|ed)|"
    r"consider(?:s|ed|ing)|would be (?:helpful|useful|a first step|prudent|wise)|way (?:forward|to move forward|out)|let us)\b",
    re.IGNORECASE,
)
_SHOULD = re.compile(
    r"\b(?:should|ought to|could(?! not\b)|need not|needs to|had better)\b(?! (?:not )?(?:have|be no surprise|"
    r"not be forgotten|be noted))",
    re.IGNORECASE,
)
_MAIN = re.compile(
    r"\b(?:will|would|shall|(?-i:may)|might|could|can|should|ready|willing|prepared|offer\w*|promis\w+|agree\w*|propos\w+)\b",
    re.IGNORECASE,
)
_IMPERATIVE = re.compile(
    r"(?:So |Then |First, |Second, |Third, |Next, |Finally, |Instead, |And )?(?:Start|Talk|Spend|Remove|Consider|Allow|"
    r"Begin|End|Lift|Stop|Open|Offer|Agree|Withdraw|Suspend|Resume|Release|"
    r"Halt|Freeze|Restore|Establish|Expand|Build|Drop|Ease|Invite|Send|Accept|Set|Create|Put|Give|Make|Take|Return|Sign|"
    r"Cut|Reduce|Extend|Relax|Waive|Keep)\b (?!of\b|place\b)"
)
_REPORT = re.compile(rf"\b{SAYS}\b")
_ACCORDING = re.compile(r"\b(?:according to|in the (?:words|view|eyes) of|as) ", re.IGNORECASE)
GOVERNS = re.compile(
    r"\b(?:of|to|with|from|on|in|at|for|against|between|among|toward|towards|into|over|about|through|than|upon|near|via|"
    r"under|and with)\s+(?:the |a |an |its |some |all |both )?(?:[\w-]+ ){0,2}$",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:he|she|it|they|who|which)\b", re.IGNORECASE)
_OWN = re.compile(r"\b(?:we|our|I|us)\b", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:not|never|no longer|neither|nor|no|cannot|refus\w+|reject\w+|den(?:y|ies|ied)|declin\w+|unwilling|rul\w+ out|"
    r"without)\b|n't\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)\b[^.;\"]{0,40}|(?:not|never|un)(?: been)? ?true that[^.;\"]{0,40}|"
    r"(?:no (?:truth|evidence|proof)|nothing (?:shows|suggests|proves|says))\b[^.;\"]{0,40}|"
    r"(?:false|wrong) that[^.;\"]{0,40}|(?:neither|none|nobody|no (?:side|party|one))\b[^.;,\"]{0,40})$",
    re.IGNORECASE,
)
_HOPES = re.compile(
    r"\b(?:hop(?:e[sd]?|ing)|wish(?:es|ed|ing)?|expect(?:s|ed|ing|ations?)?|trust(?:s|ed)? that|await(?:s|ed|ing)?|"
    r"wait(?:s|ed|ing)? (?:for|until)|look(?:s|ed|ing)? forward to|fear(?:s|ed|ing)?|intend(?:s|ed|ing)?|"
    r"plan(?:s|ned|ning)?|threaten(?:s|ed|ing)?|(?:un)?likely|seek(?:s|ing)?|sought|"
    r"(?:will|would|shall|should|must|may|might|can|could|to) (?:have|see|get))\b",
    re.IGNORECASE,
)
_SUPPOSES = re.compile(
    r"\b(?:if|unless|whether|provided|providing|assuming|in (?:the event|case)|(?:on )?condition|only (?:after|when|once)|"
    r"as long as|so long as|pending|without)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(r"\b(?:once|until|till|as soon as|when|whenever|after|before|by the time|the day)\b", re.IGNORECASE)
_COMING = re.compile(r"\b(?:(?<!to )(?:is|are|has|have|gets?)(?: been)?(?: \w+ly)?) $", re.IGNORECASE)
_TO_BE = re.compile(
    r"\b(?:(?:be|(?<!are )(?<!is )(?<!were )(?<!was )being)|(?:will|would|shall|should|must|may|might|can|could|to)"
    r"(?: \w+){0,2} have(?: been)?)(?: \w+ly)? $",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[;:]|,? but\b|, (?:and|which|who|while|yet|so)\b|, $", re.IGNORECASE)
_ALSO = re.compile(r" and(?: then| later| also| has| have| had)? $", re.IGNORECASE)
_AS_WAS = re.compile(r"\bas (?:[\w']+ ){0,3}$", re.IGNORECASE)  # "as promised, X opened"
_ASIDE = re.compile(
    r"(?:despite|in spite of|after|when|while|since|because|although|though|following|given|under|in) [^,]*$", re.IGNORECASE
)  # "despite the demands of Y, X opened"
_NOTHING = re.compile(r"\s*(?:to do )?(?:nothing|nobody|no(?! (?:later|more|less|longer|fewer)\b)|none)\b", re.IGNORECASE)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|been|being|be|gets?|got)(?: \w+ly| also| again| now| not| never)? $", re.IGNORECASE
)
_DONE_TO = re.compile(
    r"(?:accused|blamed|denounced|condemned|critici[sz]ed|urged|asked|required|requested|promised|offered|invited|expected|"
    r"pressed|called (?:on|upon))\b",
    re.IGNORECASE,
)
_AS_SAID = re.compile(r"\bas (?:\w+ly )?$", re.IGNORECASE)  # "as suggested by some"
_INVERTED = re.compile(r"(?:\bthat|[,;:]|^)\s*$")  # "should the talks fail" is an if
_WHETHER = re.compile(r"\bwhether\b[^,;]*$", re.IGNORECASE)
_NO_UNIT = r"(?!(?:of|and|the|to|in|on|by|at|after|before|from|as|or|is|was|per|percent|with|for)\b)"
_FIGURE = re.compile(
    r"(?<![\w.,/-])(?P<sign>[$\u20ac\u00a3])? ?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?: (?P<scale>thousand|million|billion|trillion))?(?:(?P<percent> ?%| per ?cent\b)|"
    rf" (?:(?P<of>{_NO_UNIT}[a-z-]{{3,}}) )?(?P<unit>{_NO_UNIT}[a-z]{{3,}}))?"
)
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}


@dataclass(frozen=True)
class Sentence:
    """A sentence in the view of a text, with the names in it, and the one subject of the sentence before (None: not one).

    own : the party whose text it is, for "we" and "our"; None where the text is nobody's.
    """

    start: int
    end: int
    names: Sequence[Mention]
    earlier: str | None = None
    own: str | None = None


def claims_of(text: Text, number: int, sentence: Sentence) -> Iterator[Claim]:
    """The claims of a sentence but for events, provisions, figures and parties."""
    words = text.view.text[sentence.start : sentence.end]
    if len(words) < 12 or words.endswith("?"):
        return
    order = order_in(words)
    kind, cue, modality, sure = _kind(words, order, sentence)
    if kind is None or cue is None:
        return
    at = sentence.start + cue.start()
    view, behind = text.view.text, sentence.start + cue.end()
    passive = _DONE_TO.match(cue[0]) and _PASSIVE.search(view, max(sentence.start, at - 20), at)
    by, to = _done_to(view, sentence, at, behind) if passive else _parties(view, sentence, at)
    who = speaker(view, sentence, at)
    quoted_words = _in_quotes(words, cue.start())
    if by is None and quoted_words and _OWN.search(words, words.rfind('"', 0, cue.start()), cue.start()):
        by = who
    told = re.search(r"\bthat ", words[: cue.start()]) if sure == "should" and who is not None else None
    if told is not None and not _beside(view, sentence, at):  # "X said that a survey should be held": X proposes it
        by, to = who, None
    elif sure in ("should", "could", "will") and (by is None or not _beside(view, sentence, at)):
        return
    if by is None and who is None and cue[0].lower().startswith("suggest"):
        return  # of a fact, more often than not
    if kind in ("proposal", "promise") and re.match(r"s (?:should|were|are|have|had|to be|of|that)\b", words[cue.end() - 1 :]):
        return
    if (
        kind == "demand"
        and by is None
        and to is None
        and order is None
        and who is None
        and sure == "demand"
        and cue[0].lower() in ("must", "has to", "have to", "wanted")
    ):
        return
    if kind == "demand" and cue[0].lower() in ("must", "has to", "have to") and who != by:
        by, to = who, by or to
    if kind == "demand" and by is None and who is not None:
        by, to = who, None if to == who else to
    given: dict[str, object] = {}
    if order is not None and kind in ("demand", "condition"):
        given = {"first": order.first, "before": order.before}
    begin = (
        cue.end() - 7
        if cue[0].endswith(" not to")
        else cue.start()
        if sure == "imperative"
        else told.end()
        if told is not None and by == who
        else cue.end()
    )
    tail = SAID_BEHIND.sub("", words[begin:])
    if cue[0].lower().startswith("would be"):
        tail = re.sub(r"^(?:and|or|even)\b |, as [^,]+,$", "", words[: cue.start()].strip(), flags=re.IGNORECASE)
    by_whom = r"^ by [^.;]{1,60}? (?=to\b|of\b)" if passive else r"^ (?:is|are|was|were|would be) "
    act = re.sub(by_whom, " ", tail)
    what = words if order is None else order.first if kind == "demand" else order.before
    due = next(iter(deadlines(what, 0, len(what))), None) if kind != "complaint" else None
    yield quoted(
        text, number, sentence.start, sentence.end, kind, by=by, to=to, modality=modality, confidence=CONFIDENCE[sure],
        negated=_negated(words, cue, order), reported_by=who if who != by or quoted_words else None,
        act=act.strip(" ,.;:\"'") or None if kind in ("proposal", "promise", "demand") and order is None else None,
        due=due.when if due is not None else None, **given,
    )  # fmt: skip


def _beside(view: str, sentence: Sentence, at: int) -> bool:
    """Whether the subject stands right before a place: a name or pronoun, with an adverb between at most."""
    return (
        any(0 <= at - n.end <= 14 for n in sentence.names)
        or _PRONOUN.search(view, max(sentence.start, at - 12), at) is not None
        or _OWN.search(view, max(sentence.start, at - 12), at) is not None
        or re.search(
            r"\b(?:parties|sides?|government|delegations?|minister|president|officials?|council|ministry|party)(?: \w+ly)? $",
            view[max(sentence.start, at - 30) : at],
        )
        is not None
    )


def _kind(words: str, order: Order | None, sentence: Sentence) -> tuple[str | None, re.Match[str] | None, str, str]:
    demands = _DEMANDS.search(words)
    if order is not None:
        insists = INSISTS.search(words)
        if (demands is not None and demands[0].lower() not in ("has to", "have to")) or (
            insists and order.word not in ("if", "in return for", "in exchange for") and sentence.names
        ):
            cue = demands or insists
            return "demand", cue, "wanted" if cue and cue[0].lower() != "must" else "obliged", "ordered demand"
        cue = re.compile(re.escape(words[order.at : order.at + len(order.word)])).search(words, order.at)
        modal = re.search(r"\b(?:will|would|shall|may|might|could|can|should)\b", words)
        said = {"will": "intended", "would": "intended", "shall": "obliged", "should": "recommended"}.get(
            modal[0] if modal else "", "possible"
        )
        main = _MAIN.search(words)
        weak = "if" if order.word in ("if", "should", "when", "while") else "condition"
        return "condition", main or cue, said, "strong condition" if order.strong else weak
    for kind, pattern, modality, sure in (
        ("demand", _DEMANDS, "wanted", "demand"),
        ("complaint", _COMPLAINS, "asserted", "complaint"),
        ("promise", _PROMISES, "intended", "promise"),
        ("proposal", _PROPOSES, "possible", "proposal"),
        ("proposal", _SHOULD, "recommended", "should"),
        ("promise", _WILL, "intended", "will"),
    ):
        cue = next((c for c in pattern.finditer(words) if not _AS_SAID.search(words[: c.start()])), None)
        if cue is None or (kind == "demand" and (_weak_want(words, cue, sentence) or _asserts(words, cue))):
            continue
        if sure == "should" and cue[0] == "should" and _INVERTED.search(words[: cue.start()]):
            continue
        if sure in ("should", "will") and _WHETHER.search(words[: cue.start()]):
            continue
        if cue[0].lower() == "must":
            modality = "obliged"
        if cue[0].lower() == "could":
            modality, sure = "possible", "could"
        return kind, cue, modality, sure
    start = _IMPERATIVE.match(words)
    if start and not re.match(r"\w+ing\b", words):
        return "proposal", start, "recommended", "imperative"
    return None, None, "asserted", "other"


def _weak_want(words: str, cue: re.Match[str], sentence: Sentence) -> bool:
    """Whether "want", "require" and the like have no party near that would want it, or only tell a wish to know or go."""
    if not re.match(r"want|requir|condition|precondition|has to|have to|must", cue[0], re.IGNORECASE):
        return False
    before = words[max(0, cue.start() - 60) : cue.start()]
    near = any(cue.start() - 60 <= n.start - sentence.start < cue.start() for n in sentence.names)
    pronoun = _PRONOUN.search(before[-12:]) is not None and sentence.earlier is not None
    if re.search(r"\bwhat (?:it|he|she|they|(?:the )?[\w']+(?: [A-Z][\w']*){0,2}) $", before, re.IGNORECASE):
        return re.match(r" (?:is|was|are|were)\b", words[cue.end() :]) is None
    return not (near or pronoun) or re.match(r"\s*to (?:know|see how|understand|believe|be)\b", words[cue.end() :]) is not None


def _asserts(words: str, cue: re.Match[str]) -> bool:
    """Whether "insist" only means to say so: a statement follows, no act."""
    return (
        cue[0].lower().startswith("insist")
        and re.match(r" (?:that )?(?:[\w'.-]+ ){1,6}?(?:is|was|are|were|has|had|did|does|will)\b", words[cue.end() :])
        is not None
    )


def _negated(words: str, cue: re.Match[str], order: Order | None) -> bool:
    """Whether the cue is denied. A refusal until something is done is a demand, and no denied one."""
    around = words[max(0, cue.start() - 14) : cue.start()] + " "
    if order is None:
        around += re.sub(r" not to$", "", cue[0]) + words[cue.end() : cue.end() + 9].partition(",")[0]
    return _NOT.search(around) is not None or denied(words, cue.start()) or _NOTHING.match(words, cue.end()) is not None


def denied(words: str, at: int) -> bool:
    """Whether what stands at a place of a sentence is told to be untrue, or of nobody."""
    return _DENIED.search(words[:at]) is not None


def open_at(words: str, at: int) -> bool:
    """Whether what stands at a place of a sentence is only demanded, promised, offered, hoped for, or supposed: not done."""
    before = words[:at]
    if _TO_BE.search(before) or (before.startswith("Had ") and " would " in words and "," not in before):
        return True
    since = max((m.end() for m in _JOINED.finditer(before)), default=0)
    clause = before[max(since, before.rfind(",") + 1) :]
    if _SUPPOSES.search(clause) or (_WHEN.search(clause) and (_COMING.search(before) or order_in(words) is not None)):
        return True
    return any(
        _reaches(before, m) for pattern in (_DEMANDS, _PROMISES, _PROPOSES, _HOPES) for m in pattern.finditer(before, since)
    )


def _reaches(before: str, cue: re.Match[str]) -> bool:
    """Whether what is demanded or hoped for goes on to the end of some words: no other act of the same party begins there."""
    lead, between = before[: cue.start()], before[cue.end() :]
    aside = cue[0].lower().endswith("ing") or _ASIDE.match(lead) is not None
    if _AS_WAS.search(lead) or (aside and "," in between):
        return False
    return _ALSO.search(between) is None or re.search(r"(?:be|been|being|\w+ed)", between) is not None


def _done_to(view: str, sentence: Sentence, at: int, behind: int) -> tuple[str | None, str | None]:
    """Who acts and upon whom, for a cue in the passive: whom "by" names behind it, and the subject."""
    agent = _agent(view, sentence, behind)
    subject = _parties(view, sentence, at)[0]
    return agent, subject if subject != agent else None


def _agent(view: str, sentence: Sentence, behind: int) -> str | None:
    named = (n for n in sentence.names if n.start >= behind)
    return next((n.party for n in named if re.search(r"\bby (?:the )?$", view[max(behind, n.start - 8) : n.start])), None)


def _parties(view: str, sentence: Sentence, at: int) -> tuple[str | None, str | None]:
    """Who acts and upon whom, for a cue at a place."""
    clause = max((view.rfind(mark, sentence.start, at) for mark in (";", ": ")), default=-1) + 1 or sentence.start
    before = [n for n in sentence.names if clause <= n.start < at]
    free = [
        n
        for n in before
        if not GOVERNS.search(view, max(sentence.start, n.start - 40), n.start) and view[n.end : n.end + 2] != "'s"
    ]
    owned = [n for n in before if view[n.end : n.end + 2] == "'s"]
    by = None
    if free:
        by = (
            free[-1].party
            if re.search(r"\b(?:and|which|who|that)\b|,", view[free[0].end : at]) is None
            else free[0].party
            if len({n.party for n in free}) == 1
            else free[-1].party
        )
    elif _PRONOUN.search(view, max(sentence.start, at - 14), at) and sentence.earlier:
        by = sentence.earlier
    elif sentence.own and _OWN.search(view, clause, at):
        by = sentence.own
    elif owned:
        by = owned[-1].party
    by = by or _agent(view, sentence, at)
    if len({n.party for n in free}) > 1 and re.search(r"\b(?:he|she|it) (?:\w+ ){0,2}$", view[max(clause, at - 20) : at]):
        by = sentence.earlier if sentence.earlier not in {n.party for n in free} else None  # two are no "he"
    if by is None and before and not free:
        by = before[-1].party
    if owned and free and re.fullmatch(r"'s (?:\w+ )?", view[owned[-1].end : at]) and free[0].end < owned[-1].start:
        return owned[-1].party, free[0].party  # "Y rejected X's demand": X makes it
    if len(free) > 1 and re.fullmatch(r",? (?:which|whom|who|that) (?:the )?", view[free[-2].end : free[-1].start]):
        return by, free[-2].party  # "X, whom Y accuses": X is told of, Y acts
    said = SAID_BEHIND.search(view, at, sentence.end)  # who is only named as the speaker is not spoken of
    after = [n for n in sentence.names if at <= n.start < (said.start() if said else sentence.end) and n.party != by]
    to = next((n.party for n in after if n.kind != "other"), None) or next((n.party for n in after), None)
    return by, to


def speaker(view: str, sentence: Sentence, at: int) -> str | None:
    """Whose words a place of a sentence is in; None: the text's own, or not known."""
    words = view[sentence.start : sentence.end]
    place = at - sentence.start
    for found in _REPORT.finditer(words):
        told = words[found.end() : found.end() + 12]
        behind = found.end() <= place and not re.match(r"\s*[.;]", told)
        trails = place < found.start() and re.search(r"[,\"']\s*(?:[\w.' -]{0,60})$", words[: found.start()]) is not None
        inside = _in_quotes(words, place)
        if behind or trails or inside:
            before = [n for n in sentence.names if n.end <= sentence.start + found.start()]
            after = [n for n in sentence.names if n.start >= sentence.start + found.end()]
            if trails and after and re.fullmatch(r"\s*(?:the |a |an )?", view[sentence.start + found.end() : after[0].start]):
                return after[0].party
            if before and sentence.start + found.start() - before[-1].end < 60:
                return before[-1].party
            if _PRONOUN.search(words[max(0, found.start() - 10) : found.start()]):
                return sentence.earlier
    for found in _ACCORDING.finditer(words):
        named = next((n for n in sentence.names if 0 <= n.start - sentence.start - found.end() < 20), None)
        if named is not None and not found[0].lower().startswith("as"):
            return named.party
    return None


def _in_quotes(words: str, place: int) -> bool:
    return words.count('"', 0, place) % 2 == 1


def figures(text: Text, number: int, start: int, end: int) -> Iterator[Claim]:
    """Numbers with their unit, but for years and what is part of a date."""
    view = text.view.text
    taken = [(a, b) for a, b, _ in dates(view, start, end)]
    for found in _FIGURE.finditer(view, start, end):
        if any(a < found.end("number") and found.start("number") < b for a, b in taken):
            continue
        if not (found["unit"] or found["percent"] or found["sign"] or found["scale"]):
            continue
        value = float(found["number"].replace(",", "")) * _SCALES.get(found["scale"] or "", 1.0)
        if not (found["sign"] or found["percent"] or found["scale"]) and 1800 <= value <= 2100 and "," not in found["number"]:
            continue
        whole = found["of"] is None or found["of"].endswith("s")
        stop = found.end("of") if found["of"] and whole else found.end()
        named = (found["of"] or found["unit"]) if whole else f"{found['of']} {found['unit']}"
        unit = "per cent" if found["percent"] else found["sign"] or named
        day = next((d for _, _, d in dates(view, start, end)), None)
        yield quoted(
            text,
            number,
            found.start(),
            stop,
            "figure",
            value=value,
            unit=unit or None,
            date=day,
            confidence=CONFIDENCE["figure"],
        )
