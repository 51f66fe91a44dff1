"""`detente ask`: the next question, its answer, what it changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.app import command
from detente.cli.options import CaseArgument, JsonOption, ObjectiveOption, SeedOption, option
from detente.cli.output import print_aside, print_json, print_rich, print_text

if TYPE_CHECKING:
    from detente.ask.session import Session
    from detente.base.parts import Part


@command("ask", "toy-exchange --json")
def ask_next(
    case: CaseArgument,
    answers: Annotated[
        str | None,
        option("--folder", "FOLDER", "Where answers are kept; without it beside the case, or for a bundled case here."),
    ] = None,
    who: Annotated[str | None, option("--as", "NAME", "Answer alone under this name, in a file of one's own.")] = None,
    together: Annotated[
        bool, typer.Option("--together", help="Show where all who have answered differ, and what they say together.")
    ] = False,
    answer: Annotated[
        str | None, option("--answer", "FILE", "Keep this answer, JSON with id, answer and by, or -; then the next question.")
    ] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take the last answer back; it stays in the file as taken back.")
    ] = False,
    take_back: Annotated[str | None, option("--take-back", "ID", "Take back the answer to this question.")] = None,
    most: Annotated[int | None, option("--questions", "N", "List the N best questions instead of asking.")] = None,
    output: Annotated[str | None, option("--output -o", "FILE", "Write the case with the answers that count, and end.")] = None,
    replan: Annotated[
        bool, typer.Option("--replan", help="Look for roadmaps to choose between again, under the answers so far.")
    ] = False,
    profile: Annotated[
        str, option("--profile", "NAME|FILE", "Minutes, accuracy and when to stop: a bundled profile or a file.", shown=True)
    ] = "plain",
    objective: ObjectiveOption = "nash",
    seed: SeedOption = 0,
    cores: Annotated[int | None, option("--cores", "N", "Threads; the result is the same for any number.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Ask what most lessens the doubt about which roadmap is best and whether it holds, per minute of answering.

    The first time the candidates are found and played, which takes about as long as a recommendation. Asking stops where the
    choice and the verdicts on it are settled; q stops it before. With --json: one question, and with --answer one answer, at a
    time. Exit code 1 where the answer that was given contradicts others and is kept aside.
    """
    from detente.ask.session import Session
    from detente.case.load import load

    if together and (who or answer or undo or take_back):
        raise typer.BadParameter("it shows what was answered and takes no answers", param_hint="--together")
    if most is not None and (most < 1 or together):
        wanted = "it goes without --together" if together else f"got {most}, wanted at least 1"
        raise typer.BadParameter(wanted, param_hint="--questions")
    read = load(case)
    folder = Path(answers) if answers is not None else Path(case).parent if Path(case).is_file() else Path()
    session = Session(
        read, folder, who=who, together=together, profile=profile, objective=objective, seed=seed, cores=cores, replan=replan,
        say=lambda why: print_aside(f"detente: {why}"),
    )  # fmt: skip
    if undo or take_back:
        print_aside(f"taken back: {session.undo(take_back).id}")
    kept = _keep(session, answer) if answer is not None else None
    if output is not None:
        _write(session, output)
        return
    state = session.state()
    if as_json:
        if together:
            from detente.ask.together import differences

            print_json({**session.to_dict(state), "differences": [d.to_dict() for d in differences(session, state)]})
        elif most is not None:
            print_json([s.to_dict() for s in state.scored[:most]])
        else:
            print_json(session.to_dict(state))
    else:
        _show(session, state, together, most, asking=kept is None and not undo and not take_back, piped=case != "-")
    if kept is not None and any(x.answer.line == kept.line for x in state.aside):
        raise typer.Exit(1)


def _keep(session: Session, file: str) -> Any:
    from detente.ask.answers import given
    from detente.base.bounds import name_of, read_text
    from detente.base.json import read_json
    from detente.errors import InputError

    name = name_of(file)
    data = read_json(read_text(file, what="answer"), name, what="answer", hint='write {"id": .., "answer": .., "by": ..}')
    found = given(data, name, by=session.who)
    if session.who is not None and found.by.lower() != session.who:
        raise InputError(f"{name}: by: got {found.by!r}, but --as {session.who} (leave one of them out)", source=name)
    return session.answer(found if session.who is None else replace(found, by=session.who))


def _write(session: Session, output: str) -> None:
    from detente.case.load import save

    state = session.state()
    save(session.written(state), output)
    aside = f"; {len(state.aside)} kept aside" if state.aside else ""
    many = len(state.made.answered)
    print_text(f"{output}: the case with {many} answer{'' if many == 1 else 's'}{aside}")


def _show(session: Session, state: Any, together: bool, most: int | None, *, asking: bool, piped: bool) -> None:
    from detente.ask.telling import show_differences, show_questions, show_state

    if together:
        from detente.ask.together import differences

        print_rich(*show_differences(session, state, differences(session, state)))
    elif most is not None:
        print_rich(*show_questions(state.scored[:most]))
    elif asking and piped:
        from detente.ask.dialogue import dialogue
        from detente.cli.answers import Typed

        typed = Typed()

        def line(prompt: str) -> str | None:
            try:
                return typed.ask(prompt)
            except EOFError:
                return None

        dialogue(session, line, typed.say, _rich)
    else:
        print_rich(*show_state(session, state))


def _rich(parts: Iterable[Part]) -> None:
    print_rich(*parts)
