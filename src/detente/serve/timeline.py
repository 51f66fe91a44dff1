"""The roadmap as a timeline in which steps can be moved: markup for `static/timeline.js` and `static/timeline.css`.

A row a step, a column a phase; steps stand under the parties that take them, as in the brief. What does not enter stands in the
last column, from which it can be brought in; what is in force today has a bar and no handle. The names stay in sight when the
columns scroll. All of it can be read without JavaScript, and by a screen reader: each step is a slider over the phases.

What moves
----------
Nothing is saved while a step is moved. Dropped, it is sent once, to the address of `move`:

    POST {"measures": [ids], "phase": t or null}        header X-CSRF-Token, if there is one

An answer of 2xx leaves the step where it is, any other one puts it back. It is JSON: shown are its `words` and the rows of its
`broken` (as `WhatIf.to_dict` has them), or its `error`. Places are asked for when a step is taken up, of the address of
`places`:

    GET ?measure=id&measure=id                          a list by phase, as `detente verify --places --json` prints it

A place that is `impossible` is refused with its reason, and nothing is sent. The page needs the colours of the brief's style.
"""

from __future__ import annotations

import json

from markupsafe import Markup

from detente.base.words import joined
from detente.brief.charts.marks import kind_mark, party_mark
from detente.brief.charts.roadmap import lanes_of
from detente.brief.charts.svg import path, tag
from detente.brief.charts.timeline import Timeline
from detente.case.case import Case
from detente.case.instance import Instance
from detente.case.naming import Naming, part_of
from detente.plan.roadmap import Roadmap
from detente.plan.steps import Step, numbered
from detente.plan.unlock.supported import without_payments

__all__ = ["timeline"]

ROW, LANE, AXIS = 34, 34, 30
PHASE = 44.0
_ID = "timeline"
HELP = (
    "Drag a step to another phase, or reach it with Tab and use the arrow keys: Enter moves it there, Escape puts it back. "
    "Nothing is changed before."
)


def timeline(
    case: Case,
    roadmap: Roadmap,
    *,
    move: str = "",
    places: str = "",
    csrf: str = "",
) -> Markup:
    """The markup of the timeline.

    Parameters
    ----------
    move : the address that a dropped step is sent to; without it nothing can be moved. csrf : the token sent along.
    places : the address that is asked for the places of a step.
    """
    instance = case.instance
    steps = _steps(case, roadmap, instance)
    naming, phases = Naming(case), roadmap.phases
    dates = (*naming.ticks(phases), "never")
    time = Timeline(dates, 0.0, PHASE * (phases + 1))
    rows = _Rows(time, phases, naming, movable=bool(move))
    for lane in lanes_of(steps, len(instance.parties)):
        rows.lane(lane)
        for step in steps:
            if step.actors == lane:
                rows.step(step, instance)
    width, height = time.right, rows.height
    axis = tag("svg", _axis(time), class_="picture axis", width=width, height=float(AXIS), aria_hidden="true")
    grid = [path("M", time.start(t), 0, "V", height, class_="rule" if t == phases else "grid") for t in range(phases + 1)]
    never = tag("rect", x=time.start(phases), y=0, width=PHASE, height=height, class_="never")
    label = f"{case.title}: the steps by phase"
    chart = tag(
        "svg", never, *grid, *rows.drawn, class_="picture chart", width=width, height=height, role="group", aria_label=label
    )
    names = tag("div", *rows.names, class_="timeline-names")
    corner = tag("div", "Step", class_="timeline-corner", aria_hidden="true")
    scroll = tag("div", corner, axis, names, chart, class_="timeline-scroll", tabindex=0, role="region", aria_label=label)
    status = tag("p", "", class_="timeline-status", role="status")
    answer = tag("div", "", class_="timeline-answer", aria_live="polite")
    script = Markup("<noscript><p class='timeline-help'>{}</p></noscript>").format(
        "To move a step here needs JavaScript; without it: detente verify CASE ROADMAP --move ID=PHASE."
    )
    guide = [tag("p", HELP, class_="timeline-help", id=f"{_ID}-help"), script] if move else []
    days = json.dumps([*(case.phase_date(t).isoformat() for t in range(phases)), "never"])
    return tag(
        "section", *guide, scroll, status, answer,
        id=_ID, class_="timeline", aria_label="Timeline of the roadmap", data_move=move or None, data_csrf=csrf or None,
        data_places=places or None, data_phases=phases, data_width=PHASE, data_days=days,
    )  # fmt: skip


def _steps(case: Case, roadmap: Roadmap, instance: Instance) -> list[Step]:
    """The steps as the brief numbers them, and with the number 0 what is in force (phase -1) or does not enter (phase T)."""
    titles = {m.whole: m.title for m in instance.measures} | {m: spec.title for m, spec in case.measures.items()}
    place = {p.id: n for n, p in enumerate(instance.parties)}
    rest: dict[tuple[str, int], list[str]] = {}
    for m in instance.measures:
        entry = roadmap.entry[m.id]
        if m.actors and (entry is None or entry < 0):
            rest.setdefault((m.whole, roadmap.phases if entry is None else -1), []).append(m.id)
    out = list(numbered(instance, without_payments(roadmap), titles))
    for (whole, phase), ids in rest.items():
        first = instance.measure[ids[0]]
        actors = tuple(sorted(place[a] for a in first.actors))
        out.append(Step(0, phase, titles[whole] + part_of(ids, instance), first.kind, actors, tuple(ids)))
    return sorted(out, key=lambda step: (step.phase, step.number))


def _axis(time: Timeline) -> Markup:
    return tag("g", *(tag("text", date, x=time.start(t) + 4, y=19, class_="tick") for t, date in time.ticks()))


class _Rows:
    """Names and bars, row by row. height : so far, in pixels."""

    def __init__(self, time: Timeline, phases: int, naming: Naming, *, movable: bool) -> None:
        self.time, self.phases, self.naming, self.movable = time, phases, naming, movable
        self.names: list[Markup] = []
        self.drawn: list[Markup] = []
        self.height = 0.0

    def lane(self, lane: tuple[int, ...]) -> None:
        """The heading of those who act together or alone."""
        marks = [party_mark(p, 2 + 13 * n, 2, 10, 14) for n, p in enumerate(lane)]
        sign = tag("svg", *marks, class_="picture sign", width=2.0 + 13 * len(lane), height=18.0, aria_hidden="true")
        name = joined([self.naming.names[p] for p in lane])
        self.names.append(tag("h3", sign, tag("span", name), class_="timeline-lane"))
        self.drawn.append(path("M", 0, self.height, "H", self.time.right, class_="rule"))
        self.height += LANE

    def step(self, step: Step, instance: Instance) -> None:
        """A step with its name, its bar, and the room for what is known of its places."""
        n, measure = len(self.names), instance.measure[step.measures[0]]
        number = f"{step.number}. " if step.number else ""
        self.names.append(
            tag("div", tag("span", number + step.title), class_="timeline-name", title=step.title, id=f"{_ID}-{n}")
        )
        top, width = self.height, self.time.step
        self.height += ROW
        here = self.naming.case.phase_date(step.phase).isoformat() if 0 <= step.phase < self.phases else ""
        said = f"from {here}, phase {step.phase}" if here else "in force today" if step.phase < 0 else "does not enter"
        tip = tag("title", f"{number}{step.title}: {said}")
        bar = tag("rect", x=1.0, y=6.0, width=width - 2, height=ROW - 12.0, rx=5.0, class_="bar")
        if step.phase < 0:
            held = tag("rect", x=0.0, y=10.0, width=self.time.right, height=ROW - 20.0, rx=3.0)
            shape = (tip, held, kind_mark(step.kind, 12, ROW / 2))
            self.drawn.append(tag("g", *shape, class_=f"held kind-{step.kind}", transform=f"translate(0 {top:g})"))
            return
        work = tag("rect", x=-measure.takes * width, y=13.0, width=measure.takes * width, height=ROW - 26.0, class_="work")
        parts = (tip, *([work] if measure.takes else ()), bar, kind_mark(step.kind, width / 2, ROW / 2))
        moves = {
            "role": "slider", "tabindex": 0, "aria_labelledby": f"{_ID}-{n}", "aria_describedby": f"{_ID}-help",
            "aria_valuemin": 0, "aria_valuemax": self.phases, "aria_valuenow": step.phase, "aria_valuetext": said,
            "data_measures": " ".join(step.measures), "data_phase": step.phase, "data_top": top,
        }  # fmt: skip
        room = tag("g", class_="places", transform=f"translate(0 {top:g})") if self.movable else Markup("")
        after = self.time.start(
            step.phase + 1
        )  # in force from then on; beside the step, whose extent is what scrolls into view
        held_on = tag("rect", x=after, y=top + ROW / 2 - 1.5, width=self.time.right, height=3.0, class_=f"on kind-{step.kind}")
        place = f"translate({self.time.start(step.phase):g} {top:g})"
        group = tag("g", *parts, class_=f"step kind-{step.kind}", transform=place, **(moves if self.movable else {}))
        self.drawn += [held_on, room, group]
