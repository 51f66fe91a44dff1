"""The roadmap as swim lanes: a lane for every set of parties that acts, time from left to right, a pill for every step.

At the left edge each party has a bar in its colour and pattern that runs past the lanes in which it acts; past a lane of joint
steps run the bars of all who take part. A pill begins at the phase in which its step enters, its sign on the date; near the
right edge its text is wrapped into the room that is left, since a pill that ran to the left would seem to begin too early.
Pills are placed one by one, by date, at the highest free place of their lane.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from detente.brief.charts.marks import kind_mark, party_mark
from detente.brief.charts.svg import chart, lines, path, tag, text_width, wrapped
from detente.brief.charts.timeline import Timeline
from detente.plan.steps import Step

__all__ = ["lanes_of", "roadmap_chart", "timeline"]

SIZE = 12.5
LEADING = 15.0
PAD = 7.0
MARK = 20.0
GAP = 5.0
BAR = 9.0


def timeline(dates: Sequence[str], parties: int, width: float) -> Timeline:
    """The time axis that the roadmap and the trust lines under it share; room to the right for what holds from then on."""
    left = parties * (BAR + 3) + 10
    return Timeline(dates, left, width - min(0.2 * width, 190))


def lanes_of(steps: Iterable[Step], parties: int) -> tuple[tuple[int, ...], ...]:
    """The sets of parties that act: each party, and between those who act together their joint lane."""
    acting = {s.actors for s in steps}
    alone = {(p,) for p in range(parties) if any(p in actors for actors in acting)}
    return tuple(sorted(acting | alone, key=lambda a: (sum(a) / len(a), len(a), a)))


def roadmap_chart(
    id_: str, steps: Sequence[Step], parties: Sequence[str], dates: Sequence[str], width: float, *, description: str
) -> Markup:
    """Draw the lanes; `dates` has one short date for each phase shown."""
    time = timeline(dates, len(parties), width)
    lanes = lanes_of(steps, len(parties))
    top = y = 26.0
    places: dict[int, _Place] = {}
    heads: list[Markup] = []
    spans: dict[int, list[tuple[float, float]]] = {}
    for lane in lanes:
        name = wrapped(_lane_name(lane, parties), 13, width - time.left, bold=True)
        start, y = y, y + 7 + LEADING * len(name)
        heads.append(path("M", time.left - 4, start, "H", width, class_="rule"))
        heads.append(lines(time.left, start + 16, name, leading=LEADING, class_="lane halo"))
        inside = list(_placed((s for s in steps if s.actors == lane), time, y, width))
        places |= {p.step.number: p for p in inside}
        y = max((p.bottom for p in inside), default=y) + 10
        for party in lane:
            spans.setdefault(party, []).append((start, y))
    then = tag("rect", x=time.right, y=top, width=width - time.right, height=y - top, class_="after")
    held = lines(time.right + 6, 11, wrapped("held from then on", 11, width - time.right - 6)[:1], leading=12, class_="tick")
    bars = [
        party_mark(party, party * (BAR + 3), a + 3, BAR, b - a - 6) for party, runs in spans.items() for a, b in _merged(runs)
    ]
    pills = [_pill(place, places) for place in places.values()]
    return chart(
        id_, width, y, then, held, time.axis(11, 18, y), *heads, *bars, *pills,
        title="The roadmap: who takes which step when", description=description, class_="roadmap",
    )  # fmt: skip


def _lane_name(lane: tuple[int, ...], parties: Sequence[str]) -> str:
    names = [parties[p] for p in lane]
    return names[0] if len(names) == 1 else f"Together: {', '.join(names[:-1])} and {names[-1]}"


def _merged(runs: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Bars that touch become one: this is how a joint lane is seen to belong to both."""
    start, stop = runs[0]
    for a, b in runs[1:]:
        if a > stop:
            yield start, stop
            start = a
        stop = b
    yield start, stop


@dataclass(frozen=True)
class _Place:
    step: Step
    texts: tuple[str, ...]
    x: float
    y: float
    width: float

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def height(self) -> float:
        return LEADING * len(self.texts) + 6

    @property
    def mark(self) -> tuple[float, float]:
        return self.x + MARK / 2, self.y + 3 + LEADING / 2

    def meets(self, x: float, y: float, width: float, height: float) -> bool:
        beside = x + width + GAP <= self.x or self.x + self.width + GAP <= x
        apart = y + height + GAP <= self.y or self.bottom + GAP <= y
        return not (beside or apart)


def _placed(steps: Iterable[Step], time: Timeline, top: float, width: float) -> Iterator[_Place]:
    done: list[_Place] = []
    widest = min(300.0, 0.42 * width)
    for step in sorted(steps, key=lambda s: (s.phase, s.number)):
        start, stop = time.start(step.phase), time.start(step.phase + 1)
        texts = wrapped(f"{step.number} {step.title}", SIZE, min(widest, width - start) - MARK - PAD)
        own = max(text_width(t, SIZE) for t in texts) + MARK + PAD
        height = LEADING * len(texts) + 6
        columns = [start, *(p.x + p.width + GAP for p in done if p.step.phase == step.phase)]
        candidates = [
            (y, x)
            for y in [top, *(p.bottom + GAP for p in done)]
            for x in columns
            if (x == columns[0] or x + own <= stop) and not any(p.meets(x, y, own, height) for p in done)
        ]
        y, x = min(candidates)
        place = _Place(step, tuple(texts), x, y, own)
        done.append(place)
        yield place


def _pill(place: _Place, places: dict[int, _Place]) -> Markup:
    step = place.step
    needs = [path("M", *places[n].mark, "L", *place.mark, class_="needs") for n in step.needs if n in places]
    shape = tag("rect", x=place.x, y=place.y, width=place.width, height=place.height, rx=min(10.0, place.height / 2))
    numbered = tag("tspan", str(step.number), class_="number") + place.texts[0].removeprefix(str(step.number))
    texts = [numbered, *place.texts[1:]]
    text = lines(place.x + MARK, place.y + LEADING, texts, leading=LEADING, class_="label")
    after = f", after {', '.join(map(str, step.needs))}" if step.needs else ""
    tip = tag("title", f"{step.number}. {step.title}{after}")
    return tag("g", tip, shape, kind_mark(step.kind, *place.mark), text, *needs, class_=f"pill kind-{step.kind}", tabindex=0)
