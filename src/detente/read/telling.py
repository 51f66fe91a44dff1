"""Claims as tables: what was found of each kind, and the passages that say who goes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from detente.base.parts import Part, Table
from detente.read.claim import KINDS, Claim
from detente.read.read import Reading

__all__ = ["show"]

_LONGEST = 160  # characters of a quotation
_MOST = 40  # claims of a kind that are listed


def show(reading: Reading, reports: Any | None = None) -> Iterator[Part]:
    """What was found: counts, parties, then each kind of claim with who, whom, and its quotation."""
    for n, text in enumerate(reading.texts):
        counts = Counter(c.type for c in reading.claims if c.text == n)
        numbers = ((kind, counts[kind]) for kind in KINDS if counts[kind] and kind != "party")
        told = ", ".join(f"{n} {kind}" if n == 1 else f"{n} {kind}s" for kind, n in numbers)
        yield f"{text.source}: {len(text.text):,} characters; {told or 'no claim found'}."
    if reports is not None:
        yield from reports.shown()
    parties = Counter(c.by for c in reading.claims if c.type == "party")
    if parties:
        often = ", ".join(f"{reading.names.get(p or '', p)} ({n})" for p, n in parties.most_common(12))
        yield f"Named: {often}."
    for kind in KINDS:
        those = [c for c in reading.claims if c.type == kind]
        if kind == "party" or not those:
            continue
        table = Table(f"{kind} ({len(those)})", "at", "who", "what")
        for claim in those[:_MOST]:
            table.add(f"{claim.text + 1}:{claim.start}", _who(claim, reading), _what(claim))
        yield table
        if len(those) > _MOST:
            yield f"... and {len(those) - _MOST} more (--json lists all)"


def _who(claim: Claim, reading: Reading) -> str:
    by, to = (reading.names.get(i, i) if i else None for i in (claim.by, claim.to))
    pair = " to ".join(filter(None, (by, to))) or "not known"
    said = f", says {reading.names.get(claim.reported_by, claim.reported_by)}" if claim.reported_by else ""
    return pair + said


def _what(claim: Claim) -> str:
    quote = claim.line if len(claim.line) <= _LONGEST else claim.line[:_LONGEST].rpartition(" ")[0] + " ..."
    parts = [f"first: {claim.first}" if claim.first else "", f"then: {claim.before}" if claim.before else ""]
    parts += [
        (claim.clause and f"clause {claim.clause}") or "",
        f"due {claim.due}" if claim.due else "",
        claim.root or "",
        claim.date or "",
    ]
    if claim.consent:
        parts.append(f"needs {claim.consent}")
    if claim.negated:
        parts.append("negated")
    said = "; ".join(p for p in parts if p)
    return f"{said}\n{quote}" if said else quote
