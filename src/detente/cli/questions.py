"""`detente forecast ask`, `resolve` and `questions`: single questions, their log, and scores."""

from __future__ import annotations

from typing import Annotated

from detente.base.words import rounded
from detente.cli.app import command
from detente.cli.options import ForecastProfileOption, JsonOption, SeedOption, argument, option
from detente.cli.output import print_answer, print_json, print_text

FolderArgument = Annotated[str, argument("FOLDER", "The folder that holds the log.")]


@command("forecast ask", "--table tests.csv --by 2019-06-30 --as-of 2019-03-01")
def ask_question(
    table: Annotated[str, option("--table", "FILE", "A table with a row an event: .csv, .csv.gz or .parquet.")],
    by: Annotated[str, option("--by", "DATE", "The last day that counts.")],
    date: Annotated[str, option("--date", "COLUMN", "Its column of days.", shown=True)] = "date",
    column: Annotated[str | None, option("--column", "COLUMN", "Its column that names the indicator.")] = None,
    indicator: Annotated[str | None, option("--indicator", "NAME", "Which rows count; none: all.")] = None,
    as_of: Annotated[str | None, option("--as-of", "DATE", "The last day that is known; none: the table's last.")] = None,
    since: Annotated[str | None, option("--from", "DATE", "Count from this day on; none: the table's first.")] = None,
    text: Annotated[str, option("--text", "TEXT", "The question in words.")] = "",
    log: Annotated[str | None, option("--log", "FOLDER", "Add question and answer to the log in this folder.")] = None,
    id_: Annotated[str | None, option("--id", "ID", "Its id in the log; none: the next number.")] = None,
    profile: ForecastProfileOption = "plain",
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Say how likely it is that something recorded before is recorded again by a day.

    Of three models the one with the lowest Brier score over past windows of the same length is taken.
    """
    from detente.forecast.questions.ask import ask
    from detente.forecast.questions.telling import show_answer

    found = ask(
        table, indicator, by=by, date=date, column=column, as_of=as_of, since=since, text=text, seed=seed, profile=profile
    )
    if log is not None:
        from detente.forecast.questions.log import read_log, yes_no

        kept = read_log(log, new=True)
        more = {"indicator": found.indicator, "model": found.model, "interval": [found.chance.low, found.chance.high]}
        kept.asked([yes_no(id_ or "", found.text, found.as_of, found.by, found.chance.chance, more)])
    print_answer(as_json, found.to_dict, lambda: show_answer(found))


@command("forecast resolve", "questions 1 yes --on 2019-05-04")
def resolve_question(
    folder: FolderArgument,
    question: Annotated[str, argument("ID", "The question.")],
    outcome: Annotated[str, argument("OUTCOME", "The option that came true, or void.")],
    on: Annotated[str | None, option("--on", "DATE", "The day of the resolution; none: its last day.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Resolve a question of a log, and say the running Brier score."""
    from detente.errors import InputError
    from detente.forecast.questions.days import day_of
    from detente.forecast.questions.log import read_log

    log = read_log(folder)
    day = day_of(on) if on is not None else log.question(question).close
    if day is None:
        raise InputError(f"on: got {on!r}, wanted a day such as 2019-06-30")
    log = log.resolved(question, None if outcome == "void" else outcome, day)
    found = log.question(question)
    if as_json:
        print_json(found.to_dict())
        return
    running = log.brier
    score = "" if found.brier is None else f" Brier score {rounded(found.brier, 3)}."
    total = "" if running is None else f" Running Brier score: {rounded(running[0], 3)} over {running[1]} resolved answers."
    print_text(f"{question}: {'void' if found.void else found.options[str(found.outcome)]}.{score}{total}")


@command("forecast questions list", "questions")
def list_questions(folder: FolderArgument, as_json: JsonOption = False) -> None:
    """List the questions of a log with their answers, outcomes and scores."""
    from detente.forecast.questions.log import read_log
    from detente.forecast.questions.telling import show_log

    log = read_log(folder)
    print_answer(as_json, log.to_dict, lambda: show_log(log))


@command("forecast questions import", "questions ifps.csv")
def import_question_set(
    folder: FolderArgument,
    source: Annotated[str, argument("FILE", "A table of questions, one a row.")],
    as_json: JsonOption = False,
) -> None:
    """Add a question set, with its outcomes, to a log.

    Columns: id, text, options, start, close, outcome, status; or the names that the Good Judgment Project uses for them.
    """
    from detente.forecast.questions.log import read_log
    from detente.forecast.questions.sets import import_questions

    found = import_questions(source)
    read_log(folder, new=True).asked(found)
    counts = {
        "imported": len(found),
        "resolved": sum(q.outcome is not None for q in found),
        "void": sum(q.void for q in found),
        "open": sum(q.is_open for q in found),
    }
    if as_json:
        print_json(counts)
    else:
        print_text(", ".join(f"{n:,} {name}" for name, n in counts.items()))


@command("forecast questions score", "questions answers.csv")
def score_forecasters(
    folder: FolderArgument,
    source: Annotated[str, argument("FILE", "A table: question, forecaster, date, option, probability.")],
    as_json: JsonOption = False,
) -> None:
    """Score the answers of forecasters by the resolved questions of a log: Brier score, from 0 to 1, averaged over days."""
    from detente.forecast.questions.log import read_log
    from detente.forecast.questions.sets import score_answers
    from detente.forecast.questions.telling import show_scores

    found = score_answers(read_log(folder), source)
    print_answer(as_json, found.to_dict, lambda: show_scores(found))
