"""Every figure of the two pages: with a key (`test_keyed` holds it against the JSON), recounted here from the JSON of the
brief, or no result, such as a date, a number in a name, the length of a phase. None is left over."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from itertools import groupby
from typing import Any

import pytest

from briefcases import in_parts, recommended
from detente.base.words import as_written, percent
from detente.brief.brief import Brief, brief
from detente.plan.steps import numbered
from figures import DATE, NUMBER, shows

INLINE = {"a", "b", "bdi", "br", "code", "data", "em", "i", "small", "span", "strong"}
LIST = r"(\d+(?:(?:, | and | to )\d+)*)"
"""Numbers in a row: "2, 3 and 6", "16 to 26"."""


class Blocks(HTMLParser):
    """The paragraphs, lines and headings of the two pages, and of the annexes with their ids, without pictures; figures with a
    key are a mark."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.found: list[str] = []
        self.annexes: list[tuple[str, str]] = []
        self.text = self.annex = ""
        self.feed(page)

    def end_of_block(self) -> None:
        text = " ".join(self.text.split())
        self.found += [text] if text and any(a.get("id") == "front" for _, a in self.open) else []
        self.annexes += [(self.annex, text)] if text and self.annex else []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link"):
            self.open.append((tag, dict(attrs)))
            if tag not in INLINE:
                self.end_of_block()
            if tag == "h2" and any(t == "details" for t, _ in self.open):
                self.annex = dict(attrs).get("id") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self.end_of_block()
        assert self.open.pop()[0] == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.text += " "

    def handle_data(self, data: str) -> None:
        if not any(tag in ("svg", "style", "script", "title") for tag, _ in self.open):
            self.text += "#" if any("data-of" in attrs for _, attrs in self.open) else data


class Facts:
    """What figures without a key are recounted from: the JSON, and the names of the case."""

    def __init__(self, found: Brief) -> None:
        self.told: dict[str, Any] = json.loads(json.dumps(found.to_dict()))
        self.case, self.context = found.case, found._context
        self.file: dict[str, Any] = found.case.model_dump(mode="json")
        plan, assessed = self.told["plan"], self.told["assessment"]
        self.entry: dict[str, int | None] = plan["entry"]
        self.alternatives = plan.get("alternatives", {})
        self.fared = assessed["strategies"][assessed["recommended"]]
        self.wholes = [
            [self.entry[m] for m in slices] for _, slices in groupby(self.entry, lambda m: m.partition("/")[0])
        ]  # fmt: skip
        self.steps = {s.number: s for s in numbered(found.plan.instance, found.plan.roadmap, self._titles(found))}
        deciding = [] if plan["holds"] is None else plan["holds"]["deciding"]
        self.judged = [n for d in deciding for q in d["quantities"] for n in self._written(q.split("."))]

    @staticmethod
    def _titles(found: Brief) -> dict[str, str]:
        return {m: spec.title for m, spec in found.case.measures.items()}

    def _written(self, path: list[str]) -> Iterator[str]:
        """A value of the case file and its range, as they may be shown."""
        value: Any = self.case
        for step in path:
            value = value[step] if isinstance(value, dict) or hasattr(value, "keys") else getattr(value, step)
        for shown in (as_written, percent):
            yield from (f": {shown(value.likely)}", f"({shown(value.low)} to {shown(value.high)})")

    @property
    def span(self) -> str:
        return self.context.pace.span(1)

    def demands(self, given: str) -> bool:
        asked = self.alternatives.get("recommended", {}).get("given_up", [])
        return listed(given) == [n for n, d in enumerate(self.case.demands, start=1) if d.id in asked]

    def missed(self, share: str) -> bool:
        return share == percent(sum(e["chance"] for e in self.fared["first_refused"]["events"])).removeprefix("over ")

    def others(self, n: str) -> bool:
        events = self.fared["first_refused"]["events"]
        return int(n) in {len({m.partition("/")[0] for m in e["steps"]}) - 1 for e in events}


Recounted = Callable[..., bool]


def known(f: Facts) -> list[tuple[str, Recounted]]:
    """Patterns with what the figures in their groups have to be."""
    enters = [t for t in f.entry.values() if t is not None]
    full = sum(None not in w and max(x for x in w if x is not None) >= 0 for w in f.wholes)
    part = sum(None in w and any(x is not None and x >= 0 for x in w) for w in f.wholes)
    never = sum(set(w) == {None} for w in f.wholes)
    open_ = sum(set(w) != {-1} for w in f.wholes)
    first = min(t for t in enters if t >= 0)
    provisions = [p for a in f.case.agreements.values() for p in a.provisions if p.measures]
    slices = f.context.instance.slices
    carried = sum(all(None not in [f.entry[s] for m in p.measures for s in slices[m]] for _ in "_") for p in provisions)
    circles = len(f.told["diagnosis"]["deadlocks"])
    return [
        (
            r"(\d+) steps over (\d+) \w+",
            lambda n, t: int(n) == len(f.steps) and f.context.pace.span(max(enters) + 1).split()[0] == t,
        ),
        (r"and (\d+) other measures", lambda n: int(n) == never - 2),
        (r"and (\d+) more steps?", lambda n: int(n) == sum(s.phase == first for s in f.steps.values()) - 1),
        (r"in ([\d,]+) simulated plays", lambda n: n == f"{f.told['assessment']['runs']:,}"),
        (r"some step is missed in (?:over )?(\d+%)", f.missed),
        (rf"\bdemands? {LIST}", f.demands),
        (r"(\d+) of (\d+) measures are", lambda n, of: (int(n), int(of)) == (full, open_)),
        (r"(\d+) more measures? in part", lambda n: int(n) == part),
        (r"Of (\d+) signed provisions, (\d+) would", lambda of, n: (int(of), int(n)) == (len(provisions), carried)),
        (r"keep to it in (\d+%) of draws", lambda x: x == percent(f.alternatives["surest"]["holds"])),
        (r"in (\d+) circles", lambda n: int(n) == circles),
        (r"Strong colour: (\d+) circles", lambda n: int(n) == circles),
        (r"At least (\d+) demand", lambda n: int(n) == min(map(len, f.told["diagnosis"]["relaxations"]))),
        (r"” and (\d+) others?\.", f.others),
        (r"to see first: .* and (\d+) more\.", lambda n: int(n) in {len(d.first) - 1 for d in f.case.demands}),
        (r"“([^”]+)” \(step (\d+)\)", lambda title, n: int(n) in f.steps and f.steps[int(n)].title == title),
        (r"units per (\d+) (\w+)", lambda n, unit: f.span == f"{n} {unit}"),
        (r"(\d+ \w+) late", lambda span: span == f.span),
        (r"^(\d+) measures, in full or in part", lambda n: int(n) == part + never),
    ]


def listed(text: str) -> list[int]:
    """Numbers in a row."""
    out: list[int] = []
    for first, last in re.findall(r"(\d+)(?: to (\d+))?", text):
        out += range(int(first), int(last or first) + 1)
    return out


def left_over(block: str, f: Facts) -> list[str]:
    """The figures of a block that are neither recounted nor no result."""
    text = DATE.sub("", block)
    for pattern, right in known(f):
        text = re.sub(pattern, lambda m, right=right: "" if right(*m.groups()) else m[0], text)  # type: ignore[misc]
    for s in f.steps.values():
        text = text.removeprefix(f"{s.number} {s.title}") if text.startswith(f"{s.number} {s.title}") else text
        text = text.replace(f"“{s.title}”", "")
    for e in f.fared["first_refused"]["events"]:
        text = text.replace(f": {f.context.titles(e['steps'], 1)}", "")
    # Which steps an answer moves is recounted in `test_front`, step by step; here only that there are such.
    text = re.sub(rf"(?<!\()\bsteps? {LIST}", lambda m: "" if set(listed(m[1])) <= set(f.steps) else m[0], text)
    for name in sorted(names(f), key=len, reverse=True):
        text = text.replace(name, "")
    if "Better higher." in block or "Better lower." in block:
        for value in f.judged:
            text = text.replace(value, "")
    return NUMBER.findall(text)


def names(f: Facts) -> set[str]:
    """Names of the case with a number in them."""
    of = [p.name for p in f.case.parties.values()] + [m.title for m in f.case.measures.values()] + [f.case.title]
    return {n for n in of if any(c.isdigit() for c in n)}


OF = {
    **dict.fromkeys(("steps", "choice", "holding", "draws", "beyond"), ("plan",)),
    **dict.fromkeys(("demands", "orders"), ("diagnosis",)),
    **dict.fromkeys(("speed", "possible"), ("comparison",)),
    **dict.fromkeys(("provisions", "values"), ("file",)),
    "ahead": ("assessment",),
    "contingencies": ("preparation",),
    "happened": ("record",),
    "positions": ("positions",),
    "method": ("plan", "file"),
}
"""From which parts of the JSON, or the case file, an annex takes its figures."""

NO_RESULT = re.compile(
    rf"\b[Ss]teps? {LIST}|\b[Dd]emands? {LIST}|, parts? {LIST} of \d+|\bafter {LIST}$"  # numbers of steps, demands, slices
    rf"|^{LIST}$|Source \d+|Evidence {LIST}"  # places in lists: steps, demands, evidence
    r"|\d+(?: to \d+)? (?:day|week|month|quarter|year|phase)s?\b"  # lengths of time: dates
    r"|95% interval|80% interval|chance of 80%|in 80% of|\bseed \d+"  # levels of confidence, where draws start
    r"|Détente [\d.]+|HiGHS [\d.]+|\d{4}-\d\d-\d\d|^\d{4}:"  # versions, years
)
UNTOLD = re.compile(
    r"would then lose [\d.,]+ units"  # the narrowest gap, read off the lines in the picture above it
    r"|trust of \d+% (?:covers|going)"  # at the date of a row: the JSON has the row, and trust from the start
    r"|in place of \d+ holds|brings (?:.*?\d+%)+ of what they would gain"  # shares of two results
    r"|^\d+ assumptions|these \d+ events"  # how many of those listed
    r"|\d+ judged values|\d+ of them are given as a range|\d+ measures taken together"
)
"""What follows from the JSON, and does not stand there."""


def numbers_in(told: Any) -> Iterator[float]:
    """Numbers, and how many things are listed."""
    if isinstance(told, int | float) and not isinstance(told, bool):
        yield told
    elif isinstance(told, dict | list):
        yield len(told)
        for x in told.values() if isinstance(told, dict) else told:
            yield from numbers_in(x)


def texts_in(told: Any) -> Iterator[str]:
    """Texts with a digit in them: names, sources, what a profile says."""
    if isinstance(told, str):
        yield from [" ".join(told.split()).rstrip(".")] if re.search(r"\d", told) and len(told) > 3 else []
    elif isinstance(told, dict | list):
        for x in told.values() if isinstance(told, dict) else told:
            yield from texts_in(x)


def nowhere(annexes: list[tuple[str, str]], f: Facts, told: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Figures of annexes that stand nowhere in the part of the JSON that the annex tells."""
    texts = sorted(set(texts_in({**f.told, "file": f.file})), key=len, reverse=True)
    numbers = {annex: [n for part in parts for n in numbers_in(told[part])] for annex, parts in OF.items()}
    promise = f.told["assessment"]["promise"]
    fared = told["assessment"].get("strategies", {}).values()
    numbers["ahead"] += [s["gain"][i][0] / most for s in fared for i, most in promise.items() if most]
    out: list[tuple[str, str, str]] = []
    for annex, block in annexes:
        text = block
        for known_text in texts:
            text = text.replace(known_text, "").replace(known_text[:1].upper() + known_text[1:], "")
        rest = NUMBER.findall(UNTOLD.sub("", NO_RESULT.sub("", DATE.sub("", text))))
        shown = [n.rstrip(",") for n in rest] if annex in OF else []
        out += [(annex, n, block) for n in shown if not any(shows(n, x) or shows(n, -x) for x in numbers[annex])]
    return out


def bundled() -> Brief:
    return brief("us-dprk-2019")


@pytest.fixture(scope="module", params=[recommended, in_parts, pytest.param(bundled, marks=pytest.mark.nightly)])
def whole(request: pytest.FixtureRequest) -> tuple[Blocks, Facts]:
    found = request.param()
    return Blocks(found.html), Facts(found)


@pytest.fixture(scope="module")
def made(whole: tuple[Blocks, Facts]) -> tuple[list[str], Facts]:
    return whole[0].found, whole[1]


def test_no_figure_of_an_annex_stands_nowhere(whole: tuple[Blocks, Facts]) -> None:
    """Catches a figure of an annex that the JSON of what it tells has nowhere; one that is that of another thing in the same
    part has to carry a key to be caught (`test_keyed`). The conflict graph is not in the JSON of a brief."""
    blocks, facts = whole
    told = {**facts.told, "file": facts.file}
    assert {annex for annex, _ in blocks.annexes} - set(OF) <= {"conflict"}
    assert nowhere(blocks.annexes, facts, told) == []
    for annex in ("draws", "possible", "ahead", "contingencies", "values"):
        other = {part: ({} if part in OF[annex] else x) for part, x in told.items()}
        assert annex in {a for a, _, _ in nowhere(blocks.annexes, facts, other)}


def test_no_figure_of_the_two_pages_is_left_over(made: tuple[list[str], Facts]) -> None:
    """Catches a figure that is not that of the JSON, and one that nobody has accounted for."""
    blocks, facts = made
    assert len(blocks) > 30
    assert [(block, left) for block in blocks if (left := left_over(block, facts))] == []


def test_a_changed_figure_is_seen(made: tuple[list[str], Facts]) -> None:
    """Catches a test of figures that lets another one pass: each is made one more, in the text alone."""
    blocks, facts = made
    unseen = []
    for block in blocks:
        for m in NUMBER.finditer(block):
            whole = re.search(r"\d[\d,]*", m[0])
            assert whole is not None
            more = str(int(whole[0].replace(",", "")) + 1 if "." not in m[0] else 77)
            changed = block[: m.start() + whole.start()] + more + block[m.start() + whole.end() :]
            dated = any(d.start() <= m.start() < d.end() for d in DATE.finditer(block))
            moved = any(d.start() <= m.start() < d.end() for d in re.finditer(rf"(?<!\()\bsteps? {LIST}", block))
            if not (dated or moved or left_over(changed, facts)):
                unseen.append((block, m[0], changed))
    assert unseen == []


def test_a_changed_result_is_seen(made: tuple[list[str], Facts]) -> None:
    """Catches the same the other way round: the page as it is, beside other results."""
    blocks, facts = made
    before = facts.told["diagnosis"]["deadlocks"], facts.entry
    try:
        facts.entry = dict.fromkeys(facts.entry) | {next(iter(facts.entry)): 0}
        facts.told["diagnosis"]["deadlocks"] = [[]] * 9
        assert [block for block in blocks if left_over(block, facts)] != []
    finally:
        facts.told["diagnosis"]["deadlocks"], facts.entry = before
