"""A draft case from claims: who is there, what could be done, who insists on what, with the passage that says so.

    parties      who demands, promises, proposes, complains, or is asked to act, the most often named first
    measures     what is demanded, withheld, promised or proposed; two with nearly the same words are one. Whose act it is: the
                 party that the words name; else, of what is withheld, promised or proposed, whoever says so, and of what is
                 demanded, the one it is demanded of. What is denied, refused or threatened is no offer and stays out
    demands      first and before of a demand or condition, where both are acts of a party
    agreements   the provisions of a text that is an agreement
    sources, evidence   the texts, and the passages, as their words

A text does not say what an act is worth, or how much trust there is. The draft states for each such number that it is assumed:
grades with wide ranges, the same for every party, a cost to whoever acts and a gain to whoever asks. It loads, and
`detente case` shows what it rests on. What could not be placed stays out and is listed; where there is an act in it, the draft
holds it behind #, to be taken in by taking the marks away and saying who acts.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.base.atomic import write_atomic
from detente.base.bounds import read_text
from detente.base.json import read_json
from detente.base.legible import visible
from detente.base.wording import ID, shown
from detente.base.words import count
from detente.case.load import read_case
from detente.case.rough.draft import ids_of, in_yaml
from detente.errors import InputError
from detente.read.acts import ACTS, SURE, Act, Acts, acts_of, title_of
from detente.read.claim import Claim
from detente.read.dates import dates
from detente.read.orders import TO_COME
from detente.read.read import Reading

__all__ = ["Made", "draft", "write_draft"]

_DECISIONS = {decision: decision for decision in ("accepted", "struck", "undecided")}
_MOST_PARTIES = 6
_HEAD = """\
# A draft made of the texts under `sources`. What they say stands under `evidence`, in their words. What no text says stands in
# words of a table (`rough`) and is assumed, the same for every party: what acts are worth, trust, patience, what a collapse
# would cost. `detente case` says what each word stands for. Put numbers or ranges where you know better.
"""


@dataclass(frozen=True)
class Made:
    """A draft: the text of the case file, and what is said beside it."""

    text: str
    said: tuple[str, ...]


def write_draft(reading: Reading, path: str | Path, *, reviewed: str | Path | None = None) -> Made:
    """Write the draft case; nothing is written if it would not load.

    reviewed : what the page to review exported; only what was accepted there goes in.

    Raises
    ------
    InputError
        If there are fewer than two parties or no act, or the file's name is no slug.
    """
    slug = Path(path).name.removesuffix(".yaml").removesuffix(".yml")
    if not re.fullmatch(ID, slug):
        raise InputError(
            f"{path}: got {shown(slug)}, wanted small letters, digits and hyphens before .yaml (the case is called like "
            f"its file)",
            source=str(path),
        )
    made = draft(reading, slug, reviewed=reviewed)
    write_atomic(path, made.text)
    return made


def draft(reading: Reading, slug: str, *, reviewed: str | Path | None = None) -> Made:
    """The draft case as text, checked as any case is.

    Raises
    ------
    InputError
        As `write_draft`.
    """
    claims, said = _accepted(reading, reviewed)
    parties = _parties(claims, reading.names)
    if len(parties) < 2:
        named = ", ".join(parties.values()) or "nobody"
        raise InputError(
            f"{slug}: a draft needs two parties that demand, promise, propose or are asked to act; found {named} "
            "(name them with --actors FILE, or write the case with `detente case`)"
        )
    ids = ids_of(parties.values(), "party")
    party = {key: ids[name] for key, name in parties.items()}
    acts = acts_of(claims, party, 0.0 if reviewed is not None else SURE)
    if not acts.held:
        raise InputError(
            f"{slug}: no act of a party was found in the texts, so there is nothing to draft (read another text as well)"
        )
    as_of, dated = _as_of(reading)
    said += [] if dated else [f"no date was found in the texts: as_of is {as_of}, the day on which this was made (assumed)"]
    text = "".join(_written(reading, slug, as_of, {party[k]: name for k, name in parties.items()}, acts, claims))
    read_case(text, f"{slug}.yaml", slug=slug)
    said.insert(
        0,
        f"{slug}: {count(len(parties), 'party', 'parties')}, {count(len(acts.held), 'measure')}, "
        f"{count(len(acts.pairs), 'demand')}; every word for a number is assumed",
    )
    if acts.aside:
        wait = f"{count(len(acts.aside), 'act waits', 'acts wait')} behind # at the end of the measures"
        said.append(f"{wait}: take the marks away and say who acts")
    if acts.left:
        said.append(f"left out of the draft, {len(acts.left)}:")
        said += [f"  {visible(c.line)[:120]} ({why})" for c, why in acts.left[:20]]
        said += [f"  ... and {len(acts.left) - 20} more"] if len(acts.left) > 20 else []
    return Made(text, tuple(said))


def _accepted(reading: Reading, reviewed: str | Path | None) -> tuple[list[Claim], list[str]]:
    if reviewed is None:
        return list(reading.claims), []
    try:
        data = read_json(read_text(reviewed), str(reviewed), what="review")
        decided = {(c["text"], c["start"], c["end"], c["type"]): _DECISIONS[c["decision"]] for c in data["claims"]}
    except (KeyError, TypeError):
        raise InputError(
            f"{reviewed}: got no review, wanted the file that the page of --page exported", source=str(reviewed)
        ) from None
    marked = [(c, decided.get((c.text, c.start, c.end, c.type), "undecided")) for c in reading.claims]
    counts = Counter(decision for c, decision in marked if c.type != "party")
    if not counts["accepted"]:
        raise InputError(
            f"{reviewed}: accepts no claim of these texts (accept some on the page of --page that is made of them, and "
            "export it again)",
            source=str(reviewed),
        )
    said = [f"reviewed: {counts['accepted']} accepted, {counts['struck']} struck, {counts['undecided']} undecided and left out"]
    said += [f"  undecided: {visible(c.line)[:120]}" for c, d in marked if d == "undecided" and c.type in ACTS][:20]
    return [c for c, decision in marked if decision == "accepted" or c.type == "party"], said


def _parties(claims: Sequence[Claim], names: Mapping[str, str]) -> dict[str, str]:
    """Who acts or is asked to, the most often named first, with the name as it is shown."""
    acting: Counter[str] = Counter()
    for c in claims:
        if c.type in (*ACTS, "complaint"):
            acting.update({i: n for i, n in ((c.by, 3), (c.to, 1)) if i})
    for c in claims:
        if c.type == "party" and c.by is not None and c.by in acting:
            acting[c.by] += 1
    often = Counter(i for c in claims if c.type in ACTS for i in {c.by, c.to} if i)
    kept = [i for i, n in acting.most_common() if n >= 3 and (names.get(i, i) != i or often[i] >= 2)]
    return {i: names.get(i, i) for i in kept[:_MOST_PARTIES]}


def _as_of(reading: Reading) -> tuple[str, bool]:
    """The last day that the texts tell of as past, else today, and whether it is from the texts."""
    told = []
    for text in reading.texts:
        view = text.view.text
        for at, _, day in dates(view):
            opens = max(view.rfind(mark, 0, at) for mark in (". ", "\n", "; "))
            if len(day) >= 7 and not TO_COME.search(view, max(opens, 0), at):
                told.append(f"{day}-01" if len(day) == 7 else day)
    return (max(told), True) if told else (datetime.date.today().isoformat(), False)


def _written(
    reading: Reading, slug: str, as_of: str, parties: Mapping[str, str], acts: Acts, claims: Sequence[Claim]
) -> Iterator[str]:
    evidence = {id(c): f"c{n}" for n, c in enumerate(claims, 1) if c.type in (*ACTS, "provision")}
    used: dict[str, Claim] = {}

    def cited(those: Iterable[Claim]) -> str:
        names = list(dict.fromkeys(evidence[id(c)] for c in those))
        used.update({evidence[id(c)]: c for c in those})
        return f"[{', '.join(names)}]"

    yield _HEAD
    yield f"case: {in_yaml(slug)}\ntitle: {in_yaml(' and '.join(list(parties.values())[:2]))}\nas_of: {as_of}\n"
    yield "phases: {length: 1 month, count: 12} # assumed\nrough: plain\n\nparties: # every word assumed\n"
    for i, name in parties.items():
        trust = ", ".join(f"{in_yaml(j)}: little" for j in parties if j != i)
        yield f"  {in_yaml(i)}:\n    name: {in_yaml(name)}\n    discount: fair\n    stalemate: -slight\n    breakdown: heavy\n"
        yield f"    trust: {{{trust}}}\n"
    every = (*acts.held, *acts.aside)
    titles = Counter(a.title for a in every)
    called = [a.title if titles[a.title] == 1 else f"{a.title} {' '.join(a.by)} {n}" for n, a in enumerate(every)]
    name_of = {id(a): name for a, name in zip(every, ids_of(called, "measure").values(), strict=True)}
    yield "\nmeasures: # value assumed: a small cost to whoever acts, a medium gain to whoever asks for it\n"
    for act in acts.held:
        yield from _measure(name_of, act, parties, cited)
    if acts.aside:
        yield "\n  # Acts that nobody is said to take, or that are not sure enough. Take the marks away and say who acts.\n"
        for act in acts.aside:
            yield from (f"  #{line[1:]}" for line in _measure(name_of, act, parties, cited))
    if acts.pairs:
        yield "\ndemands:\n"
        for n, (by, one, two, stated) in enumerate(acts.pairs, 1):
            order = f"first: [{in_yaml(name_of[id(one)])}], before: [{in_yaml(name_of[id(two)])}], evidence: {cited(stated)}"
            yield f"  - {{id: {in_yaml(f'{by}-{n}')}, by: {in_yaml(by)}, {order}}}\n"
    yield from _agreements(reading, claims, cited)
    yield "\nsources:\n"
    for n, text in enumerate(reading.texts, 1):
        yield f"  text-{n}: {{title: {in_yaml(visible(Path(text.source).name))}}}\n"
    yield "\nevidence:\n"
    for name, c in sorted(used.items(), key=lambda item: int(item[0][1:])):
        says = in_yaml(visible(c.line))
        yield f'  {name}: {{source: text-{c.text + 1}, at: "characters {c.start} to {c.end}", says: {says}}}\n'


def _measure(name_of: Mapping[int, str], act: Act, parties: Mapping[str, str], cited: Any) -> Iterator[str]:
    """The lines of a measure. Who act together each gain a little by it: the gain less the cost."""
    asked = {i for i in act.asked if i in parties} or {i for i in parties if i not in act.by}
    cost = "-small" if len(act.by) < 2 else "small"
    by = in_yaml(act.by[0]) if len(act.by) == 1 else f"[{', '.join(map(in_yaml, act.by))}]"
    worth = ", ".join([*(f"{in_yaml(i)}: {cost}" for i in act.by), *(f"{in_yaml(i)}: medium" for i in parties if i in asked)])
    marks = [" # a guess: it is not said who would act"] if act.guessed else []
    marks += [" # WHO is not said"] if not act.by else []
    near = "" if act.near is None else f" # perhaps the same act as {name_of[id(act.near)]}"
    yield f"  {in_yaml(name_of[id(act)])}:{near}\n"
    yield f"    title: {in_yaml(act.title)}\n"
    yield f"    by: {by if act.by else 'WHO'}{''.join(marks)}\n"
    yield "    kind: other\n"
    yield f"    value: {{{worth if act.by else 'WHO: -small, OTHER: medium'}}}\n"
    yield f"    evidence: {cited(act.claims)}\n"


def _agreements(reading: Reading, claims: Sequence[Claim], cited: Any) -> Iterator[str]:
    begun = False
    for n, text in enumerate(reading.texts):
        those = [c for c in claims if c.type == "provision" and c.text == n]
        day = next((d for _, _, d in dates(text.view.text) if len(d) == 10), None)
        if not those or day is None:
            continue
        if not begun:
            yield "\nagreements:\n"
            begun = True
        head = next(line for line in text.view.text.splitlines() if line.strip())
        yield f"  text-{n + 1}:\n    title: {in_yaml(title_of(head) or text.source)}\n    date: {day}\n    provisions:\n"
        for k, c in enumerate(those, 1):
            yield f"      - {{id: p{k}, title: {in_yaml(title_of(c.quote) or c.quote[:40])}, evidence: {cited([c])}}}\n"
