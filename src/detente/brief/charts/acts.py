"""What happened as a time line: a lane for every party, a mark for every act.

Above its lane's line stands what a party did that was cooperative, below it what was hostile; the stem is as long as the act is
weighty. Deeds are filled, words hollow; a small cross on the line is an act that nobody has rated. Numbers in the top row name
acts that the text tells, and what is due has a row of its own below.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from detente.brief.charts.calendar import Calendar
from detente.brief.charts.marks import party_class
from detente.brief.charts.scale import apart
from detente.brief.charts.svg import chart, path, tag, text_width

__all__ = ["Due", "Lane", "Mark", "acts_chart"]

RISE = 27.0
LABEL = 19.0
R = 3.3
_BEYOND = 20  # days past the date of the case from which that date is marked


@dataclass(frozen=True)
class Mark:
    """An act. `weight`: -1 (most hostile) .. 1 (most cooperative), None: not rated; `deed`: not a word."""

    date: datetime.date
    weight: float | None
    deed: bool
    title: str


@dataclass(frozen=True)
class Lane:
    """The acts of a party; `place`: of the party in the case, None for others."""

    name: str
    place: int | None
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Due:
    """Something promised for a day. `state`: "full", "part", "none" or "disputed"."""

    date: datetime.date
    state: str
    title: str


def acts_chart(
    id_: str,
    lanes: Sequence[Lane],
    numbers: Sequence[tuple[int, datetime.date]],
    dues: Sequence[Due],
    today: datetime.date,
    width: float,
    *,
    description: str,
) -> Markup:
    """Draw the lanes; `numbers`: number and day of the acts that the text tells; `today`: the date of the case."""
    days = [m.date for lane in lanes for m in lane.marks] + [d.date for d in dues] + [today]
    left = 4.0
    time = Calendar.of(min(days), max(days), left, width - 6)
    top, y = 24.0, 24.0 + (30.0 if numbers else 4.0)
    body: list[Markup] = []
    for lane in lanes:
        up = any(m.weight is not None and m.weight > 0 for m in lane.marks)
        down = any(m.weight is not None and m.weight < 0 for m in lane.marks)
        base = y + LABEL + (RISE if up else 4.0)
        body.append(_lane(lane, time, y + 13, base, width, first=lane is lanes[0]))
        y = base + (RISE if down else 6.0) + 10
    if dues:
        body.append(_dues(dues, time, y, width))
        y += LABEL + 24
    elif (max(days) - today).days > _BEYOND:
        y += 16
    guides, heads = _numbers(numbers, time, top, y, width)
    now = Markup("")
    if (max(days) - today).days > _BEYOND:
        x = time.x(today)
        room = x + 5 + text_width("date of the case", 11) <= width
        label = tag(
            "text",
            "date of the case",
            x=x + 5 if room else x - 5,
            y=y - (29 if dues else 4),
            class_="tick halo",
            text_anchor=None if room else "end",
        )
        now = path("M", x, top, "V", y, class_="today") + label
    return chart(
        id_, width, y + 2, time.axis(11, 17, y), *guides, *body, now, *heads,
        title="What the parties did towards each other", description=description, class_="acts",
    )  # fmt: skip


def _lane(lane: Lane, time: Calendar, label: float, base: float, width: float, *, first: bool) -> Markup:
    out = [path("M", time.left, base, "H", width, class_="axis")]
    for mark in sorted(lane.marks, key=lambda m: -abs(m.weight or 0)):
        x = time.x(mark.date)
        if mark.weight is None:
            out.append(
                path("M", x - 3, base - 3, "L", x + 3, base + 3, "M", x - 3, base + 3, "L", x + 3, base - 3, class_="cross")
            )
            continue
        tip = base - (RISE - R) * mark.weight
        kind = "deed" if mark.deed else "word"
        said = tag("title", f"{mark.date.isoformat()}: {mark.title}")
        out.append(
            tag(
                "g",
                said,
                path("M", x, base, "V", tip, class_="stem"),
                tag("circle", cx=x, cy=tip, r=R, class_=kind),
                class_="act",
            )
        )
    name = tag("text", lane.name, x=time.left, y=label, class_="lane halo")
    if first and width > 500 and any(m.weight is not None for m in lane.marks):
        x = time.left + text_width(lane.name, 13, bold=True) + 10
        name += tag("text", "above: cooperative; below: hostile", x=x, y=label, class_="tick halo")
    place = party_class(lane.place) if lane.place is not None else "others"
    return tag("g", *out, name, class_=place)


def _dues(dues: Sequence[Due], time: Calendar, y: float, width: float) -> Markup:
    base = y + LABEL + 8
    out = [path("M", time.left, base, "H", width, class_="axis")]
    for due in dues:
        x = time.x(due.date)
        shape = path("M", x, base - 6, "L", x + 6, base, "L", x, base + 6, "L", x - 6, base, "Z", class_=f"due {due.state}")
        half = path("M", x, base - 6, "L", x, base + 6, "L", x - 6, base, "Z", class_="half") if due.state == "part" else ""
        ask = tag("text", "?", x=x, y=base + 4, class_="ask", text_anchor="middle") if due.state == "disputed" else ""
        out.append(tag("g", tag("title", f"{due.date.isoformat()}: {due.title}"), shape, Markup(half), Markup(ask)))
    return tag("g", *out, tag("text", "Due", x=time.left, y=y + 13, class_="lane halo"), class_="dues")


def _numbers(
    numbers: Sequence[tuple[int, datetime.date]], time: Calendar, top: float, bottom: float, width: float
) -> tuple[list[Markup], list[Markup]]:
    """Guides to the days and, above them, the numbers, kept apart; numbers of one day share a capsule."""
    days: dict[datetime.date, list[int]] = {}
    for number, day in numbers:
        days.setdefault(day, []).append(number)
    texts = [("–".join(str(n) for n in (group[0], group[-1])) if len(group) > 1 else str(group[0])) for group in days.values()]
    widths = [text_width(t, 11, bold=True) + 6 for t in texts]
    wanted = [time.x(day) for day in days]
    widest = max(widths, default=0.0) + 1.0
    xs = apart(wanted, widest, time.left + widest / 2, width - widest / 2)
    guides, heads = [], []
    for text, room, at, x in zip(texts, widths, wanted, xs, strict=True):
        guides.append(path("M", x, top + 16, "L", at, top + 28, "V", bottom, class_="guide"))
        box = tag("rect", x=x - room / 2, y=top, width=room, height=16, rx=8)
        heads.append(tag("g", box, tag("text", text, x=x, y=top + 12, text_anchor="middle"), class_="capsule"))
    return guides, heads
