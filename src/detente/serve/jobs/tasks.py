"""What the workbench can be asked to work out: each task by the name of its command, with what ``--json`` of it prints.

What `brief` gives is its page, as `html`, of the party named in its options if one is.

A task is a function of a case, options and `report`; it runs in a process of its own and returns plain data for JSON. Its
options are checked before the job is taken: their names and types stand in `Task.options`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.base.steps import step
from detente.base.words import count, level_percent, signed_figure
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.brief.brief import Brief
    from detente.case.case import Case
    from detente.plan.certificate import Certificate
    from detente.plan.roadmap import Roadmap
    from detente.plan.search.branch import Found

__all__ = ["TASKS", "Report", "Task", "checked"]

Report = Callable[[Mapping[str, Any]], None]
"""Called with the figures of a search: ``seconds``, ``best`` and ``bound``, and with the best roadmap so far: ``found``. What
is begun is told by `base.steps`."""


@dataclass(frozen=True)
class Task:
    """What can be asked. options : by name the type of each; run : of a case, options and a report; needs : options
    that must be given. whose : the option that names the one person who may see what it was asked with and what it found;
    empty: everybody who reads the case. files : the endings of the files that it makes, each where its writer is installed."""

    title: str
    options: Mapping[str, type]
    run: Callable[[Case, dict[str, Any], Report], dict[str, Any]]
    needs: tuple[str, ...] = ()
    whose: str = ""
    files: tuple[str, ...] = ()


def _searching(report: Report) -> Callable[[float, float, float], None]:
    def progress(seconds: float, value: float, bound: float) -> None:
        found = {"best": value, "bound": bound}
        report({"seconds": seconds, **{k: v for k, v in found.items() if isfinite(v)}})

    return progress


def _plan(case: Case, options: dict[str, Any], report: Report) -> dict[str, Any]:
    from detente.plan.search.objective import shortfall
    from detente.recommend.plan import plan

    def better(found: Found, certificate: Certificate) -> None:
        short = shortfall(options.get("objective", "nash"), found.value, found.bound, len(found.parties))
        report({"found": _in_short(case, found.roadmap, certificate, short)})

    step("searching")
    made = plan(case, progress=_searching(report), better=better, **options)
    if made:
        report({"found": _in_short(case, made.roadmap, made.certificate, made.gap)})
    return made.to_dict()


def _in_short(case: Case, roadmap: Roadmap, certificate: Certificate, short: float | None) -> dict[str, Any]:
    """A roadmap to take, and in words what it is worth. short : by what share a better one could at most be better."""
    gains = [f"{party.name} {signed_figure(certificate.gain[i])}" for i, party in case.parties.items()]
    words = f"{count(roadmap.length, 'step')}. Gain over no deal, each in its own units: {', '.join(gains)}."
    if short is not None and isfinite(short):
        most = f" by more than {level_percent(max(short, 0.001))}" if short else ""
        words += f" No roadmap can be better{most}."
    return {"entry": dict(roadmap.entry), "words": words}


def _diagnose(case: Case, options: dict[str, Any], report: Report) -> dict[str, Any]:
    from detente.diagnose.verdict import diagnose

    step("searching")
    return diagnose(case, progress=_searching(report), **options).to_dict()


def _brief(case: Case, options: dict[str, Any], report: Report) -> dict[str, Any]:
    from detente.brief.brief import brief, check_party
    from detente.record.schema import default_folder

    party = options.pop("party", None)
    check_party(case, party)
    coded = sum(one.code is not None for one in case.parties.values()) > 1  # else no event is known to be about them
    folder = default_folder() if options.pop("record", "") and coded else None
    step("searching")
    found = brief(case, workspace=folder, progress=_searching(report), **options)
    return {
        "case": case.case,
        "title": case.title,
        "party": party,
        "html": found.page(annexes=True, party=party),
        "files": {ending: _file(found, ending, party) for ending in PAPER},
        "plan": None if party else found.plan.to_dict(),
    }


PAPER = (".pdf", ".docx")
"""The endings of a brief as a file to print and to send, where what writes it is installed."""


def _file(found: Brief, ending: str, party: str | None) -> str | None:
    """The brief as a file, in base 64; None where it cannot be written here."""
    try:
        content = found.file(f"brief{ending}", annexes=True, party=party)
    except InputError:  # the extra is not installed, or no font here has a letter of it
        return None
    return b64encode(content if isinstance(content, bytes) else content.encode("utf-8")).decode("ascii")


def _ask(case: Case, options: dict[str, Any], report: Report) -> dict[str, Any]:  # noqa: ARG001
    from detente.ask.answers import given
    from detente.ask.session import Session
    from detente.base.json import read_json

    folder = Path(".detente") / "ask"
    folder.mkdir(parents=True, exist_ok=True)
    step("looking for what is in doubt")
    session = Session(case, folder, who=options["who"])
    if options.get("undo"):
        session.undo()
    elif options.get("answer"):
        said = read_json(options["answer"], "answer")
        signed = {**said, "by": options["who"]} if isinstance(said, dict) else said  # whatever name it came under
        session.answer(given(signed, "answer"))
    state = session.state()
    found = session.next(state)
    choices = [] if found is None else [_choice(case, option) for option in found.question.options]
    answers = [{"id": a.id, "answer": a.answer, "because": a.because} for a in session.file.standing]
    told = {"options": choices, "answers": answers, "written": session.written(state).text if answers else None}
    return {**session.to_dict(state), **told}


def _choice(case: Case, option: str) -> dict[str, str]:
    """An answer that can be chosen, and how it is shown: a measure by its title."""
    title = case.measures[option].title if option in case.measures else {"same": "About the same"}.get(option, option)
    return {"id": option, "title": title}


def _read(case: Case, options: dict[str, Any], report: Report) -> dict[str, Any]:  # noqa: ARG001
    from detente.read.read import read
    from detente.read.reports import reported
    from detente.read.text import Text

    step("reading")
    found = read(Text(options["name"], options["content"]), case=case)
    said = reported(found, case)
    complete = {(e["item"], e["evidence"]): dict(e) for e in said.entries}
    entries = [complete.get((p.item, f"{options['name']}, characters {p.start} to {p.end}")) for p in said.passages]
    told = {**found.to_dict(), **said.to_dict()}
    passages = [{**p, "entry": entry} for p, entry in zip(said.to_dict()["passages"], entries, strict=True)]  # type: ignore[call-overload]
    return {**told, "passages": passages, "names": dict(found.names), "notes": list(found.notes)}


TASKS: dict[str, Task] = {
    "brief": Task(
        "The brief",
        {"party": str, "record": str, "likely": bool, "objective": str, "time_limit": float, "draws": int, "seed": int},
        _brief,
        files=PAPER,
    ),
    "diagnose": Task("Why it is stuck", {"objective": str, "time_limit": float}, _diagnose),
    "plan": Task(
        "The roadmap",
        {
            **{"which": str, "likely": bool, "objective": str, "time_limit": float, "gap": float, "holds": float, "draws": int},
            **{"seed": int, "widen": float, "keep_demands": bool, "ignore_demands": bool, "require": list, "forbid": list},
            **{"reach": float, "slack": int, "pin": dict},
        },
        _plan,
    ),
    "ask": Task("What to ask next", {"who": str, "answer": str, "undo": bool, "turn": str}, _ask, whose="who"),
    "read": Task("A text", {"name": str, "content": str}, _read, needs=("name", "content")),
}
"""By name."""


def checked(task: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a task, sorted by name.

    Raises
    ------
    InputError
        If there is no such task, or with every option that is missing, not taken, or of another type.
    """
    if task not in TASKS:
        raise InputError(f"task: got {task[:40]!r}, wanted one of {', '.join(TASKS)}", source="task")
    known, taken = TASKS[task].options, dict[str, Any]()
    wrong = [f"options.{name}: missing" for name in TASKS[task].needs if name not in options]
    for name, value in sorted(options.items()):
        kind = known.get(name)
        if kind is None:
            wrong.append(f"options.{name[:40]}: unknown; wanted {', '.join(known)}")
        elif kind is float and isinstance(value, int | float) and not isinstance(value, bool):
            taken[name] = float(value)
        elif type(value) is not kind or not _plain(value):
            wrong.append(f"options.{name}: got {str(value)[:40]!r}, wanted {_KINDS[kind]}")
        else:
            taken[name] = value
    if wrong:
        raise InputError("\n".join(wrong), source="options")
    return taken


def _plain(value: object) -> bool:
    """Whether a list holds names alone, and a mapping phases by name."""
    if isinstance(value, list):
        return all(isinstance(v, str) for v in value)
    return not isinstance(value, dict) or all(v is None or type(v) is int for v in value.values())


_KINDS = {
    dict: "phases by the ids of measures",
    str: "text",
    bool: "true or false",
    float: "a number",
    int: "a whole number",
    list: "a list of ids",
}
