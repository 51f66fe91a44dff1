"""The case that a command starts from: as it is stated, or with the trust that the record has earned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from detente.cli.output import print_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from detente.base.parts import Part
    from detente.case.case import Case
    from detente.plan.roadmap import Roadmap
    from detente.record.trust.start import Started

__all__ = ["at_low", "print_started", "starting"]


def starting(case: str, trust: str | None, workspace: str | None, profile: str | None) -> tuple[Case, Started | None]:
    """The case, and with `--trust record` where its trust came from."""
    from detente.case.load import load

    found = load(case)
    if trust is None:
        if profile is not None:
            raise typer.BadParameter("--trust-profile says how much the record counts; add --trust record")
        return found, None
    from detente.record.trust.start import started

    made = started(found, trust, workspace, profile=profile or "plain")
    return made.case, made


def print_started(
    as_json: bool,
    started: Started | None,
    made: Any,
    words: Callable[[], Iterable[Part]],
    more: Mapping[str, object] | None = None,
    widest: int | None = None,
) -> None:
    """Print a result; where the trust is from the record, with a sentence before it, in JSON under `trust_from`.

    more : what stands there besides. widest : as for `print_rich`.
    """
    if started is None:
        print_answer(as_json, made.to_dict, words, widest)
        return
    from detente.record.trust.telling import show_started

    print_answer(
        as_json,
        lambda: {**made.to_dict(), "trust_from": {**started.to_dict(), **(more or {})}},
        lambda: (*show_started(started), *words()),
        widest,
    )


def at_low(started: Started | None, roadmap: Roadmap, case: Case) -> tuple[dict[str, object], str]:
    """Whether a roadmap holds with every trust at the low end of its interval, in exact arithmetic: for tools, and in words."""
    if started is None:
        return {}, ""
    from detente.case.naming import NamingIn
    from detente.plan.certificate import certify
    from detente.plan.sentences import row_sentence, trust_at

    certificate = certify(started.at_low, roadmap)
    if certificate.holds:
        return {"at_low": {"holds": True, "breaks_at": None}}, "It holds, too, with every trust at the low end of its interval."
    first = min(certificate.broken, key=lambda r: (r.phase, r.slack))
    words = row_sentence(first, NamingIn(case, started.at_low), roadmap, trust=trust_at(first, certificate))
    said = f"With every trust at the low end of its interval it would not hold. {words}"
    return {"at_low": {"holds": False, "breaks_at": first.to_dict()}}, said
