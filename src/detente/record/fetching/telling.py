"""Fetched files in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from detente.record.fetching.result import Fetched

__all__ = ["show_fetched"]

_SHOWN = 20


def show_fetched(found: Fetched) -> Iterator[str]:
    """What became of them: counts, and by name what is not there."""
    here = f"{len(found.sizes)} of {len(found.names)} files are in {found.folder}, {sum(found.sizes.values()):,} bytes"
    yield f"GDELT {found.version}.0, {found.start} to {found.end}: {here}."
    counts = {"fetched": found.fetched, "here before": found.present, "not published": found.missing, "failed": found.failed}
    yield ", ".join(f"{what} {len(names)}" for what, names in counts.items()).capitalize() + "."
    if found.plain_http and found.fetched:
        yield f"Fetched by plain http, from {found.url}: whoever is on the way may have changed files and lists."
    if found.missing:
        yield f"Not published (gaps of GDELT, or not published yet): {_listed(found.missing)}"
    if found.failed:
        yield "Could not be had:"
        yield from _reasons(found.failed)
    for name, reason in found.lists.items():
        yield f"The list {name} could not be had: {reason}"
    if found.unlisted:
        yield f"Not listed, so checked by the archive itself only ({len(found.unlisted)}): {_listed(found.unlisted)}"
    if found.failed:
        yield "Run it again: it goes on from here."


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _reasons(failed: Mapping[str, str]) -> Iterator[str]:
    for name, reason in list(failed.items())[:_SHOWN]:
        yield f"  {name}: {reason}"
    if len(failed) > _SHOWN:
        yield f"  and {len(failed) - _SHOWN} more (--json names all)"
