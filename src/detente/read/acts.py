"""The acts that claims speak of, as measures of a draft: what each is called, whose it is, and which are one.

An act is called by the words of its claim, without the one who acts, what governs them ("will", "in its view") and the clauses
behind them. It is the act of the party that begins these words. Where none does: a promise, a proposal, and what a demand
withholds are acts of whoever says so, and what is demanded is one of the other party; "B only after A" leaves B to whoever says
so and A to the other, "A before B" the other way round. Who "have agreed" act together. With more than two parties and none
named, the other is the one that is named most often: a guess, which is marked as one.

Two acts of the same party are one if their titles share `ALIKE` of their words: endings, and words that name no act ("the
process of"), left out. Those that share `NEAR` are marked as perhaps the same.

An act stays out, with the reason, if it is nobody's, or if its claim is not sure enough, or denied; a threat is no offer, and
what a party threatens to do if something happens is no demand for it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from detente.base.legible import visible
from detente.read.claim import Claim
from detente.read.words import SMALL, stem, word_set

__all__ = ["ACTS", "ALIKE", "NEAR", "SURE", "Act", "Acts", "acts_of", "alike", "title_of"]

ACTS = ("demand", "condition", "promise", "proposal")
"""The kinds of claims that an act may stand in."""
SURE = 0.65
"""The least confidence of a claim that goes into a draft unread (judged: below it half of the claims were wrong)."""
ALIKE, NEAR = 0.6, 0.25
"""Shares of the words of two titles (judged)."""

_LONGEST = 90  # characters of a title
_NO_ACT = word_set("proceed process trigger occur happen place step steps some effort full fully really actually")
_THREAT = re.compile(r"\b(?:threat\w*|warn(?:s|ed|ing)?|or else)\b", re.IGNORECASE)
_GOVERNS = re.compile(
    r"(?:then|to|that|and|but|so|yet|or|also|even|first|its|their|will|would|shall|should|must|can|could|might|may|ha[sd]|"
    r"have|be to|in (?:the )?[\w. ]+(?:'s|s') (?:view|eyes|opinion),)[, ]\s*",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[;\u2014]|, (?:which|who|while|although|though|and hence|as|where|including|most \w+)\b| - ")
_DANGLING = re.compile(r"(?: (?:the|an?|of|to|in|on|for|and|or|its|their|with|by|from|at|as|that|which))+$")
_LAST = re.compile(r"(.{40,}) (?:of|to|in|on|for|and|or|with|by|from|at|as|that|which|unless|if)\b")
_STATE = re.compile(
    r"(?:there|that|it|this|he|she|they) (?:is|are|was|were|has|had)\b|(?:do|doing|done) (?:so|that|this|it)\b", re.IGNORECASE
)
_FORWARD = re.compile(r"\b(?:before|prior to|in advance of|followed by|and only then)\b", re.IGNORECASE)
_AGREED = re.compile(r"\b(?:agree[sd]?|agreeing|signed)\b")


@dataclass
class Act:
    """A measure in the making.

    by : party ids, none if it is not said; guessed : whether these were guessed; near : one that may be the same.
    """

    title: str
    by: tuple[str, ...]
    guessed: bool = False
    asked: set[str] = field(default_factory=set)
    claims: list[Claim] = field(default_factory=list)
    near: Act | None = None


@dataclass(frozen=True)
class Acts:
    """What was found.

    held : the acts; pairs : who insists on which before which, and the claims that state it; aside : what waits for a person;
    left : claims that stay out, and why.
    """

    held: Sequence[Act]
    pairs: Sequence[tuple[str, Act, Act, list[Claim]]]
    aside: Sequence[Act]
    left: Sequence[tuple[Claim, str]]


def acts_of(claims: Sequence[Claim], party: Mapping[str, str], sure: float) -> Acts:
    """The acts of claims.

    party : the id in the draft by the party of a claim, the most often named first; sure : the least confidence.
    """
    held, aside = list[Act](), list[Act]()
    pairs, left = list[tuple[str, Act, Act, list[Claim]]](), list[tuple[Claim, str]]()
    named = _named(claims, party)
    for c in claims:
        if c.type not in ACTS:
            continue
        by, to = party.get(c.by or ""), party.get(c.to or "")
        why = _unfit(c, sure)
        others = [i for i in party.values() if i != by]
        other = to or (others[0] if by else None)
        guess = to is None and len(others) > 1
        if c.type in ("demand", "condition"):
            theirs, ours = ((other, guess), (by, False)) if by else ((to, False), (None, False))
            if c.type == "condition" and c.first and c.before and _forward(c):
                theirs, ours = ours, theirs
            said = [(c.first or c.act, theirs, ours[0]), *([(c.before, ours, theirs[0])] if c.before else [])]
        else:
            said = [(c.act, (by, False), other)]
        found = [_act(words, who, asked, c, named) for words, who, asked in said]
        if why is None and found[0] is not None and found[0].by:
            first, *rest = [_merged(one, held) for one in found if one is not None and one.by]
            pairs += [(by, first, before, [c]) for before in rest if by and before is not first]
            continue
        left.append((c, why or ("no act in it" if found[0] is None else "it is not said who would act")))
        if why in (None, _UNSURE) and c.type != "condition" and found[0] is not None:
            _merged(found[0], aside)
    pairs = _once(pairs)
    aside = [one for one in aside if not any(alike(one.title, other.title) >= ALIKE for other in held)]
    for n, one in enumerate(held):
        close = [o for o in held[:n] if o.by == one.by and alike(one.title, o.title) >= NEAR]
        one.near = max(close, key=lambda o: alike(one.title, o.title), default=None)
    return Acts(held, pairs, aside, left)


def _once(pairs: Sequence[tuple[str, Act, Act, list[Claim]]]) -> list[tuple[str, Act, Act, list[Claim]]]:
    """Each demand once, with all the claims that state it."""
    out = dict[tuple[str, int, int], tuple[str, Act, Act, list[Claim]]]()
    for by, first, before, claims in pairs:
        out.setdefault((by, id(first), id(before)), (by, first, before, []))[3].extend(claims)
    return list(out.values())


_UNSURE = "not sure enough; accept it on the page of --page"


def _unfit(c: Claim, sure: float) -> str | None:
    """Why a claim makes no measure, if it does not."""
    if c.negated:
        return "it is denied or refused"
    if c.type in ("condition", "proposal", "promise") and _THREAT.search(c.quote):
        return "a threat or warning, no offer"
    return _UNSURE if c.confidence < sure else None


def _forward(c: Claim) -> bool:
    """Whether the act that comes first is told first: "A before B"."""
    a, b = c.line.find((c.first or "")[:20]), c.line.find((c.before or "")[:20])
    return 0 <= a < b and _FORWARD.search(c.line, a, b) is not None


def _named(claims: Sequence[Claim], party: Mapping[str, str]) -> list[tuple[str, str]]:
    """The names of the parties as they stand in the texts, the longest first, with the party."""
    names = {(c.line, party[c.by]) for c in claims if c.type == "party" and c.by and c.by in party}
    return sorted(names, key=lambda pair: (-len(pair[0]), pair))


def _act(
    words: str | None, who: tuple[str | None, bool], asked: str | None, claim: Claim, named: Sequence[tuple[str, str]]
) -> Act | None:
    by, guessed = who
    begun = _subject(_bare(words or ""), named)
    if begun is not None:
        (by, words), guessed = begun, False
    title = title_of(words)
    if not title:
        return None
    together = _together(claim, named) if claim.type == "promise" else ()
    parties = together if by in together else (by,) if by else ()
    return Act(title, parties, guessed and bool(by), {asked} - {None, *parties} if asked else set(), [claim])


def _subject(words: str, named: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """The party that begins the words of an act, and the words behind it."""
    for name, party in named:
        found = re.match(rf"(?:the )?{re.escape(name)}(?P<owns>'s|')?(?!\w) ?", words)
        if found:
            return (party, words) if found["owns"] else (party, words[found.end() :])
    return None


def _together(c: Claim, named: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Who have agreed on something with each other, in the words of one claim."""
    agreed = _AGREED.search(c.quote)
    if agreed is None or " and " not in c.quote[: agreed.start()]:
        return ()
    before = c.quote[: agreed.start()]
    places = {party: before.rfind(name) for name, party in named if name in before}
    return tuple(sorted(places, key=places.__getitem__)) if len(places) > 1 else ()


def _merged(one: Act, held: list[Act]) -> Act:
    """The act among those held that is the same, or the act itself, held from now on."""
    same = next((a for a in held if a.by == one.by and alike(a.title, one.title) >= ALIKE), None)
    if same is None:
        held.append(one)
        return one
    same.title = min(same.title, one.title, key=len)
    same.asked |= one.asked
    same.claims += one.claims
    return same


def title_of(words: str | None) -> str:
    """An act as a title: one line, without the clause that follows it; "" if no act is in the words."""
    line = _bare(visible(" ".join((words or "").split())))
    line = _CLAUSE.split(line)[0].strip(" ,.;:\"'")
    if len(line) > _LONGEST:
        whole = line[:_LONGEST].rpartition(" ")[0]
        line = whole if (cut := _LAST.match(whole)) is None else cut[1]
    line = _DANGLING.sub("", line)
    if _STATE.match(line) or sum(map(str.isalpha, line)) < 4:
        return ""  # a state of things, or what another sentence says
    line = _bare(re.sub(r"^(?:it|he|she|they|we) ", "", line, flags=re.IGNORECASE))
    return line[:1].upper() + line[1:] if any(len(w) > 3 and w.lower() not in SMALL for w in line.split()) else ""


def _bare(words: str) -> str:
    """Words without those that only govern them."""
    words = words.strip(" ,.;:\"'")
    while governs := _GOVERNS.match(words):
        words = words[governs.end() :]
    return words


def alike(one: str, other: str) -> float:
    """The share of their words that two titles have in common."""
    a, b = (set(_stems(x)) for x in (one, other))
    return len(a & b) / len(a | b) if a | b else 0.0


def _stems(title: str) -> Iterator[str]:
    words = [w for w in re.findall(r"[a-z0-9]+", title.lower()) if w not in SMALL]
    kept: Collection[str] = [w for w in words if w not in _NO_ACT and stem(w) not in _NO_ACT] or words
    return map(stem, kept)
