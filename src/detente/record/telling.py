"""The record in the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from detente.base.parts import Part, Table
from detente.base.words import count, percent, rounded
from detente.record.contents import Contents
from detente.record.dyad import DyadSeries
from detente.record.importing.result import Imported
from detente.record.resolve import Sides

__all__ = ["show_contents", "show_imported", "show_series"]


def show_imported(done: Imported, workspace: str) -> Iterator[Part]:
    """What became of the files."""
    table = Table("", "File", "Format", "Read", "Added", "Known", "Put aside")
    for file in done.files:
        title = file.format if file.format in (file.ontology, "csv") else f"{file.format} ({file.ontology})"
        counts = (file.read, file.added, file.known, sum(file.rejected.values()))
        table.add(file.file, title, *(f"{count:,}" for count in counts))
    yield table
    for name, reason in done.passed_over.items():
        yield f"{name}: passed over ({reason})"
    for file in done.files:
        yield from (f"{file.file}: {note}" for note in file.notes)
    yield from _show_sides(done.sides)
    if healed := [file.file for file in done.files if file.healed]:
        yield f"Made whole again: {', '.join(healed)}"
    if done.rejected:
        yield ""
        yield "Put aside:"
        for reason, count in done.rejected.items():
            yield f"  {count:,} with {reason}"
        if any(reason.startswith("an event code that") for reason in done.rejected):
            yield "`detente record codes --like WORDING` lists the nearest codes."
        places = [file.aside for file in done.files if file.aside]
        if places:
            yield f"They are in {workspace}/{places[0]}" + (f" and {len(places) - 1} more such files." if places[1:] else ".")


_NAMES = 10
"""How many unknown names are printed."""


def _show_sides(found: Sides) -> Iterator[Part]:
    """For how many events both sides are known, and who is not."""
    if not found.events:
        return
    line = f"Both sides known: {percent(found.share, 1)} of {count(found.events, 'event')}"
    if found.countries < found.both:
        line += f" (both countries: {percent(found.countries / found.events, 1)})"
    yield f"{line}."
    if found.unnamed:
        yield f"Without a name on one side: {found.unnamed:,}."
    if found.unknown:
        names = list(found.unknown.items())[:_NAMES]
        listed = ", ".join(f"{' '.join(name.split())} {n:,}" for name, n in names)
        more = f", and {found.names - len(names):,} other names" if found.names > len(names) else ""
        yield f"Unknown: {listed}{more}. `--actors FILE` says who they are."


def show_series(found: DyadSeries) -> Iterator[Part]:
    """The periods of a dyad."""
    way = f"{found.a} towards {found.b}" if found.directed else f"{found.a} and {found.b}, both directions"
    yield f"{way}, by {found.by}"
    table = Table("", "Period", "Events", "Cooperation", "Conflict", "Intensity")
    empty = 0
    for at, period in enumerate(found.series):
        empty = 0 if period.events else empty + 1
        following = found.series[at + 1 : at + 2]
        if empty and (empty > 1 or (following and not following[0].events)):
            if not following or following[0].events:
                table.add("...", f"{empty} without")
            continue
        intensity = "" if period.intensity is None else rounded(period.intensity, 1, sign=True)
        counts = (period.events, period.cooperation, period.conflict)
        table.add(period.period, *(f"{count:,}" for count in counts), intensity)
    yield table
    yield "Cooperation and conflict are counts of events; intensity is their mean on Goldstein's scale, -10 to 10."
    if len(found.formats) > 1:
        shares = ", ".join(f"{name} {count:,}" for name, count in found.formats)
        yield f"These events come from several sources, which report the same things twice: {shares}. Choose one with --format."


_LISTED = 20
"""How many of the things that one entry takes back are printed."""


def show_contents(found: Contents) -> Iterator[Part]:
    """What was added, table by table."""
    if not any(found.additions.values()) and not found.retracted:
        yield "Nothing has been added to this record yet."
        return
    events = found.additions["events"]
    if events:
        table = Table("", "No.", "File", "Format", "From", "To", "Events", "Put aside")
        for about in events:
            first, last = about.get("dates") or (None, None)
            aside = sum(about.get("rejected", {}).values())
            title = f"{about.get('format', '')} ({about.get('ontology', '')})"
            counts = (f"{about['rows']:,}", f"{aside:,}")
            table.add(str(about["number"]), about.get("file") or "", title, first or "", last or "", *counts)
        yield table
    for name in ("commitments", "indicators"):
        added = found.additions[name]
        if added:
            numbers = ", ".join(str(about["number"]) for about in added)
            rows = sum(about["rows"] for about in added)
            yield f"{rows:,} entries of {name} (No. {numbers})"
    for entry in found.retracted:
        of, because = entry["of"], " ".join(entry["because"].split())  # a line of its own could pass for another entry
        listed = ", ".join(of[:_LISTED]) + (f" and {len(of) - _LISTED:,} more" if len(of) > _LISTED else "")
        yield f"Retracted by entry {entry['number']}: {listed}, because {because}"
