"""`detente record unanswered`, `contacts`, `changes` and `reciprocity`: how two sides act on each other."""

from __future__ import annotations

import datetime
from typing import Annotated

import typer

from detente.cli.actors import ActorsOption, PartiesOption, opened
from detente.cli.app import command
from detente.cli.options import JsonOption, option
from detente.cli.output import print_answer
from detente.cli.record.options import ACountry, BCountry, FormatOption, PeriodOption, WorkspaceOption
from detente.record.schema import DEFAULT


@command("record unanswered", "USA PRK --within 60")
def show_unanswered(
    a: ACountry,
    b: BCountry,
    workspace: WorkspaceOption = DEFAULT,
    within: Annotated[int | None, option("--within", "DAYS", "Only an answer within so many days counts; else any.")] = None,
    at_least: Annotated[
        float, option("--at-least", "X", "Intensity from which material cooperation is a step.", shown=True)
    ] = 0.0,
    as_of: Annotated[
        datetime.datetime | None, option("--as-of", "DATE", "The day to look from; else the last event.", formats=["%Y-%m-%d"])
    ] = None,
    formats: FormatOption = None,
    actors: ActorsOption = None,
    case: PartiesOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the steps of two sides towards each other, what followed them, and who moved last."""
    from detente.record.relation.ledger import unanswered
    from detente.record.relation.telling import show_ledger

    day = None if as_of is None else as_of.date()
    found = unanswered(
        opened(workspace, actors, case), a, b, within=within, at_least=at_least, as_of=day, formats=formats or ()
    )
    print_answer(as_json, found.to_dict, lambda: show_ledger(found))


@command("record contacts", "KOR PRK")
def show_contacts_by_level(
    a: ACountry,
    b: BCountry,
    workspace: WorkspaceOption = DEFAULT,
    formats: FormatOption = None,
    actors: ActorsOption = None,
    case: PartiesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Count the days of each month on which leaders, ministers or officials of two sides were in contact."""
    from detente.record.relation.contacts import contacts
    from detente.record.relation.telling import show_contacts

    found = contacts(opened(workspace, actors, case), a, b, formats=formats or ())
    print_answer(as_json, found.to_dict, lambda: show_contacts(found))


@command("record changes", "USA PRK")
def show_shifts(
    a: ACountry,
    b: BCountry,
    workspace: WorkspaceOption = DEFAULT,
    by: PeriodOption = "month",
    what: Annotated[
        str, option("--what", "WHAT", "`events`, how many, or `weight`, the sum of intensities.", shown=True)
    ] = "events",
    alpha: Annotated[
        float, option("--alpha", "SHARE", "How often a series without a shift may be given one.", shown=True)
    ] = 0.05,
    seed: Annotated[int, option("--seed", "N", "Of the random orders that set the penalty.", shown=True)] = 0,
    formats: FormatOption = None,
    actors: ActorsOption = None,
    case: PartiesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find when the cooperation of two sides, their conflict, or the difference of the two shifted.

    Exit code 1 if no shift can be told from chance.
    """
    from detente.record.relation.changes import changes
    from detente.record.relation.telling import show_changes

    found = changes(opened(workspace, actors, case), a, b, by=by, what=what, alpha=alpha, seed=seed, formats=formats or ())
    print_answer(as_json, found.to_dict, lambda: show_changes(found))
    if not found:
        raise typer.Exit(1)


@command("record reciprocity", "USA PRK --period week --lags 2")
def show_answers(
    a: ACountry,
    b: BCountry,
    workspace: WorkspaceOption = DEFAULT,
    by: PeriodOption = "week",
    lags: Annotated[int, option("--lags", "K", "How many periods back an answer may reach.", shown=True)] = 2,
    formats: FormatOption = None,
    actors: ActorsOption = None,
    case: PartiesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say whether each of two sides answers the other's cooperation, and its conflict, in kind.

    A regression of one side's events on those of the other before. Exit code 1 if no answer can
    be told from chance.
    """
    from detente.record.relation.reciprocity import reciprocity
    from detente.record.relation.telling import show_reciprocity

    found = reciprocity(opened(workspace, actors, case), a, b, by=by, lags=lags, formats=formats or ())
    print_answer(as_json, found.to_dict, lambda: show_reciprocity(found))
    if not any(found.answers):
        raise typer.Exit(1)
