"""9. Work: begun before its measure is due, at work at the cost of those who act, and stopped.

`begun` of a measure says since when all take it to be at work, `works` whether it is, as `public` and `up` do once it is due.
Nothing of this is called where no measure takes time (`works` of `Given`).
"""

from __future__ import annotations

from detente.assess.kernel.breach import go_missing
from detente.assess.kernel.schedule import is_met
from detente.assess.kernel.state import HERE, MISSING
from detente.assess.process import NEVER
from detente.base.uncounted import inner

__all__ = ["set_to_work", "stop_work", "work"]


@inner
def set_to_work(w, s, m):  # type: ignore[no-untyped-def]
    """Measure m is at work from now on: what it costs those who act in it counts."""
    s.measures[m].works = True
    for i in range(len(s.parties)):
        if s.actor[i, m]:
            p = s.parties[i]
            p.level += min(s.v[i, m], 0.0)
            p.value += p.power * min(s.k[i, m], 0.0)
            p.spent += p.power * min(s.k[i, m], 0.0) if w.of[m].ready < 0 else 0.0


@inner
def stop_work(s, m):  # type: ignore[no-untyped-def]
    """The work at measure m stops, or is done: it costs nothing any more."""
    s.measures[m].works = False
    for i in range(len(s.parties)):
        if s.actor[i, m]:
            s.parties[i].level -= min(s.v[i, m], 0.0)


@inner
def work(w, s):  # type: ignore[no-untyped-def]
    """Work that is withheld or for nothing stops; where it is time, work begins, or is withheld in secret from the start on."""
    now, t = s.now[0], s.now[0].t
    for m in range(len(s.measures)):
        x, e = s.measures[m], s.entry[m]
        if w.of[m].high == 0.0:
            continue
        if x.early and x.status == HERE and not x.works and not x.was and x.hold - x.lead <= t:
            set_to_work(w, s, m)
        if x.works and not x.early and x.hold <= t:
            stop_work(s, m)
            go_missing(now, x, x.holder, x.motive)
            continue
        if x.public:
            continue
        if e == NEVER or t >= w.phases:
            x.begun = -1
            if x.works and not x.early:
                stop_work(s, m)
        elif x.begun < 0 and x.lead > 0 and e - x.lead <= t and (x.status == HERE or x.status == MISSING) and not x.back:
            stands = now.waiting or now.held_back or x.answers > 0 or t < x.retry
            if stands or not is_met(w, s, m, False, x.lead):
                now.dirty = True  # courses take it to begin now
                continue
            x.begun = t
            if x.status == HERE and not x.early and x.hold <= t:
                go_missing(now, x, x.holder, x.motive)
            elif x.status == HERE and not x.works and not x.was:
                set_to_work(w, s, m)
    for m in range(len(s.measures)):
        if s.measures[m].works and w.of[m].ready < 0:
            for i in range(len(s.parties)):
                if s.actor[i, m]:
                    s.parties[i].spent += s.parties[i].power * min(s.v[i, m], 0.0)
