"""The play: how a strategy runs, phase by phase, between parties of unknown type. This page is the definition.

The kernels (`kernel.play`) compute it; the tests hold a plain Python version, written from here, that agrees draw by draw.

Words. M measures, P parties, T phases t = 0 .. T-1. After them no risk strikes any more and nothing new enters; after phase T
nobody decides anything any more, and no spoiler strikes. The play goes on for as many phases as the longest lag, and then until
whatever is missing by then has been found out and answered, so that nobody is credited for ever with what it withholds unseen.
The level it ends with is held for ever. `u(purpose, a, b)` is a number in [0, 1) that depends on seed, play, purpose, a and b
alone (`kernel.chance`), so that all strategies meet the same luck.

Types. Party j is *sincere* with probability q[j], and else a *spoiler* with the share `spoilers`, or an *opportunist*. q[j] is
pooled from the trust of the others, the p of the rows (model.md, what p means): log odds q[j] is the mean over i of log odds
p[i,j].
    sincere      does what is due
    opportunist  does what is due until the incentive rows of model.md say that cheating or leaving pays more
    spoiler      takes part; in each phase, with chance `strikes`, it begins to withhold all that costs it, for good, and to do
                 what it would do alone and was to leave undone for the others' sake

What all know. The public schedule e[m]: the phase in which m entered as far as is known, or is due, or never. What is
withheld or fails in secret counts as in force until it is noticed. V, D, W, E at phase t are those of model.md section 2 for
the public schedule as it stands, with the parties' present values; what was broken off and what no longer can come counts as
never (as in `prepare.state`, what is left of it is the same whatever anybody does). odds[i,j] start at p / (1 - p); the
signal of each of j's steps multiplies them when it has been in force for its lag.

Drawn values. Every uncertain quantity of the case (`case.draws`), values, shares, lags, signals, odds, chances, is drawn once a
play, the same for every strategy; q[j], odds, V, D, W, E and no deal are those of the draw. At the likely values (`likely`)
nothing is drawn. New values and trust after a change of government are the likely ones.

Alone. Which acts are kept for their own sake, and which are taken alone and when, is that of `case.alone` at the values of the
case; a change of government does not change it.

Under way. A process is under way as long as a step that nobody takes alone has been in force, counts as in force or is still to
come by the public schedule. Who has something to do in it (`plan.process`), or has had, gives, and has rows; toward j only in
phases in which j has something to do that matters. While none is under way nobody decides or strikes. A play in which no such
step has ever been in force, and that has not collapsed, was no deal, and is worth just that, `Alone.no_deal`; so is every play
of a strategy without such a step.

Work. The work at a measure that takes time starts n phases before it is due. n is the longest time that it may take, for a
roadmap, which reckons with that, for a step that a rule picks, and for what is taken alone; in an order that does not reckon
with it, the likely one. It starts in 9, after entry, in phases t < T in which nobody waits and the process is not held back,
as soon as t >= e - n and what it requires will have been in force for long enough by t + n, and is in force or to come by the
schedule; not while the measure is held back, or is to be asked for again. If it is due and has not been begun, it is begun
then, in full. From its start on it costs its actors k < 0 at once and v < 0 in every phase, also while it is late, waits or
is put off, until the measure enters or the work stops; all else counts from the entry. It stops where the measure never comes
any more, or fails, and in phase T. What was paid is gone, also if it is begun again; what is mended comes at once. In V, D,
W, E the work has begun when it did, or begins in e - n, or now if that has passed.
    Work is withheld like a measure: from then on it costs nothing, it is missing at once, and noticed after its lag; until then
it counts as going on, and the measure as in force from when it is due. What is begun alone, in secret too, starts n phases
before it enters. After a collapse work at what is taken alone goes on as scheduled; all other work stops. A play in which no
step was ever in force is worth no deal less what was spent on work at steps that nobody takes alone.

Phase t, in this order:

1. *Risks* (t < T). A change of government in t (chance as stated): the party has its new values, its stated trust replaces its
   odds, its type is drawn anew, and if that is sincere, what it had not withheld yet will not be. Each shock with its chance:
   the others' odds in the party are multiplied by its ratio.
2. *Noticing.* What has been missing since phase g is noticed at t >= g + lag with chance 1 - `overlooked` in each phase. Whose:
   the party that withheld; all actors, if the step failed though meant. It counts as one miss a phase for each of these. The
   miss is *tolerated* if none of them has more than `tolerate` misses. Bayes' factor (`plan.risks.miss_factor`), where the case
   gives a rate of failure, multiplies the others' odds in them; a signal that had counted is taken back. An act begun before it
   was due is noticed in the same way, unseen for its lag, and counts as a miss, without Bayes' factor and without its signal;
   it is in force by common knowledge from then on. If the miss is not tolerated the others *suspend*: what has entered since g,
   costs one of its actors something and is worth something to those who missed, is paused unless one of these acts in it or it
   is irreversible.
3. *Mending.* Whatever was noticed before t comes back with chance `mends`, unless a spoiler withholds it: it is due at once,
   also after T if its window is open in the last phase, and its party withholds nothing any more until it decides anew. What
   was begun early is not taken back. Paused measures resume when no miss that is not tolerated is open.
4. *Patience.* A miss noticed in phase n and open at t >= n + `patience`: tolerated, it is dropped, and it and what requires
   it never come (what was begun early stays); else the others leave: the process collapses.
5. *Signals* of what has been in force for its lag count.
6. *Waiting.* While a noticed miss is open, and while a step is openly late, up to `patience` phases, nothing else enters,
   nobody decides, and what is still due moves on by one phase.
7. *Spoilers* that have not begun strike with chance `strikes`.
8. *Decisions*, if nobody waits, in the order of the case, of parties that give and do not withhold already (a spoiler does what
   is due until it strikes):
   opportunist: the best of V, D and W. D, found out at t + L: from t + max(0, L - lag) on it will withhold each own measure it
       does not keep up for the sake of D, and begin what it takes alone, if that is before it is due; of two equally good L
       the shorter, and of D and W the first. W: it leaves, and the process collapses. It does neither unless it gains.
   the others, and opportunists who gain nothing: dare they? A trust row E <= odds (V - W) that fails means no. Then, if
       something is still due: do they dare to stand still (the same rows if nothing more came; they do where that is no
       process)? If so nobody performs in t, and what is due moves on by one phase; after more than `patience` such phases in a
       row the process *stops*: nothing new comes any more, what is in force stays. If they do not dare even that, they leave:
       collapse.
9. *Entry*, unless held back in 8. A step is ready if it is due, its prerequisites are publicly met (or enter with it, where
   `after` is 0), its window is open, and nothing that excludes it is in force. Ready steps enter; one that its party withholds
   does not, in secret; one on which a `performance` risk lies fails with its chance, in secret, or comes late by a number of
   phases (triangular over [low, likely, high], rounded), openly, and then no risk befalls it again. While others wait only what
   was mended or late comes. What cannot come any more never comes.
   Then measures in force that are to be withheld from t on fall, in secret, and work stops and starts.
10. *Account.* Party i gets v of what is in force, r v of what was and is not, and k of what enters for the first time, and
    bears what it costs to be at work, times d^t.

Collapse in t, before anything is performed: from t on everybody is alone. What is in force and kept goes on, everything else
that is or was is worth r v, acts taken alone begin as soon as they can, the stand-off drifts on, s / (1 - d), and every party
loses B. If the play does not collapse, its last level counts for ever, d^H / (1 - d), H being the phase after its last one.

If all are sincere, no risk strikes and the rows of the roadmap hold, this is V[i,0] exactly. With `tolerate` 0, `patience` 0
and `overlooked` 0 a single opportunist that gains gets D[i,t,L] exactly, if what it withholds is due by then.

Under a *rule* (`rules`) no schedule is announced, and nobody has agreed to leave anything undone: what is taken alone is due as
soon as it can be. In each phase in which nobody waits and no shock has struck, every party picks at most one step of its own
from the ladder, and at most one joint step is picked. A party's balance is what it gets per phase from others' steps that it
has seen, plus the (mostly negative) values of its own; it picks the first possible step of the ladder if that costs it nothing
per phase or leaves its balance at -credit or more. A step that takes time is due n phases after it is picked; its work starts
when it is picked, and counts in the balance. The public schedule is then what is in force and what was just picked.
Decisions are taken as above, except that a party that does not dare puts what it has picked back, without the others' being
held up, and that nothing ever stops.

Why a step is not carried out. The keys of `case.causes` and the profile add to this, in the open, and nothing where they are
absent and values are not drawn. Of measure m, due in t:

    its work      takes a time drawn from the triangular distribution over [low, likely, high], rounded, from when it began.
                  What is not ready comes late by as much.
    its class     comes late by y years besides, rounded down to phases: not there after y years with chance l^y up to one year
                  and l (1 - `catches_up`)^(y - 1) later, l the profile's `late_CLASS`. The measure waits for the longer of this
                  and a risk of performance; where they are equal, the risk is to blame.
    a demand      of its actor that is meant (drawn once a play, with chance phi by how firm it is) refuses it while not all of
                  `first`, as the demander reads it, is in force and seen by t; what enters in t itself is not seen. A divisible
                  measure is all its slices.
    a consent     refuses it with chance 1 - q, for good, or until it is asked `again`. They are asked in their order, when no
                  demand refuses, each until it is given once.

First what is ready is late, then it is refused, then it enters, is withheld or fails; what is withheld is neither late nor
refused. What would enter with a step (`after` 0) does not enter when that one is refused, or late for its work or class.

What is refused is missed openly at once, and is not late any more. What is in force and has to be kept up (`Alone.lasting`) can
*fall*, openly, in every phase t < T, after 1, each cause by a draw of its own, by what is in force before any of it falls: for
every actor whose government opposes, with chance u (1 - r) c / max c, c what it costs the actor per phase, max over all of its
own that is in force; for every demand for which `before` is kept only as long as `first` is (`standing`), with chance
phi (1 - r) in every phase in which `first` is not seen, or its readings are apart and are taken the narrower way (drawn once a
play, `contested`) and not all that any side reads is seen; and with chance `lapses`, a year. The first of these is the reason.

Governments that come round: in phases t < T `first`, `first` + `every`, .. one that opposes comes with its chance, with its
values and its trust; else one that does not, if one did, and the party's own values hold again. The type of the party is drawn
anew each time that one comes.

Then, after 4 of each phase, that of the fall included:

    answer        Once for each refusal or fall of m. Each party that m is worth something to, per phase or once, and each for
                  which the case states an answer, holds back, with the chance that is stated or `holds_back`: what is stated;
                  else what it withholds by its demands for m; else of what it keeps up the flow whose worth to an actor of m is
                  nearest to its own loss, each as a share of the party's scale: the sum of all |v| + |k|, and |s|, for ever,
                  and B. What is in force and can be taken back rests; what is not does not enter. It goes on when m comes,
                  and whatever else it is held back for.
    coming back   What fell is due again when its demand is met, its government has gone, or a lapse is mended (`mends`), in or
                  out of its window; till then it may still come, for what waits for it.
    giving up     What has been missed openly for `patience` phases, and is not to be asked for again, never comes, nor what
                  waits for it; what was held back for it never comes either, or is over. Nobody leaves for that alone: each
                  decides by its rows, as in 8.

Pace. By date: as told so far. By condition: others wait for what is late as long as it takes, what is refused is not given up
before it has been in force, and where somebody does not dare to go on the process pauses and does not stop.

Why a process ended (`CAUSES`): cheating, spoiling and failure, by what was missing when patience ended; shock or distrust, by
whether a shock had struck the party that was not dared with; leaving. Where the party concerned has had a change of government:
government.

The step that was *first not carried out*: of all that did not happen in the first phase in which anything that was due was
withheld, failed, refused, held back or broken off, or fell, an equal share each. A step that is late does not count. As events:
module `first`.
"""

from __future__ import annotations

__all__ = ["CAUSES", "DELAYS", "NEVER", "OPPORTUNIST", "REASONS", "SINCERE", "SPOILER", "TYPES"]

NEVER = 30000
"""A phase that does not come."""

TYPES = ("sincere", "opportunist", "spoiler")
SINCERE, OPPORTUNIST, SPOILER = range(3)

CAUSES = ("none", "cheating", "spoiling", "failure", "shock", "distrust", "government", "leaving")
NONE, CHEATING, SPOILING, FAILURE, SHOCK, DISTRUST, GOVERNMENT, LEAVING = range(8)

REASONS = (*CAUSES, "consent", "demand", "undone", "lapse")
"""Why a step was not carried out: the causes, and what does not end a process of itself."""
CONSENT, DEMAND, UNDONE, LAPSE = range(8, 12)

DELAYS = ("work", "risk")
"""Why a step came late: it took longer, or a risk befell it."""
WORK, RISK = range(2)
