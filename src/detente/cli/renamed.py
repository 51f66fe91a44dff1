"""Options by the names that they had before each name had one meaning over all commands, and what they are called now."""

from __future__ import annotations

__all__ = ["ANOTHER", "renamed"]

_CHALLENGE = ("model", "q", "denominator", "votes", "order", "range-of", "rounds", "settle")
_TRUST = ("plan", "diagnose", "compare", "prepare", "brief", "record trust")
_PERIODS = ("forecast", "record dyad", "record changes", "record reciprocity")

RENAMED: dict[tuple[str, str], str] = {
    **{(command, "--by"): "--period PERIOD" for command in _PERIODS},
    ("record commit", "--by"): "--reader READER",
    **{(command, "--profile"): "--trust-profile NAME" for command in _TRUST},
    **{(command, "--picture"): "--page FILE" for command in ("forecast", "graph")},
    **{(command, name): "--page FILE" for command in ("compare", "positions") for name in ("-o", "--output")},
    ("read", "--html"): "--page FILE",
    ("compare", "--pictures"): "--frontier",
    ("positions fit", "--actors"): "--effects WHICH",
    ("positions fit", "--date"): "--on DATE",
    **{(c, f"--{name}"): "--variant FILE" for c in ("positions", "positions backtest") for name in _CHALLENGE},
    ("ask", "--answers"): "--folder FOLDER",
    ("brief", "--hide"): "--party ID",
    ("record import", "--as"): "--format FORMAT",
    ("record fetch", "--version"): "--edition N",
    ("plan", "--from"): "--status FILE",
    ("forecast ask", "--since"): "--from DATE",
    ("graph", "--state"): "--why N",
}
"""By command and old name: what it is called now, and what it takes."""

ANOTHER = frozenset({"--variant FILE", "--party ID"})
"""What takes something else than it did by the old name, and is refused by it."""


def renamed(command: str, option: str) -> str:
    """What an option of a command is called now; empty if it never had this name, or has it still."""
    return RENAMED.get((command, option), "")
