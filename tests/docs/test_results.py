"""The reference of results mirrors the source, and tells every key that `--json` prints."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from detente.cli import app
from gifts import uncertain
from publisher import archive, published, says
from scripts import module_of
from smallcases import swap, written, you_first

DOCS = Path(__file__).resolve().parents[2] / "docs"
results = module_of(DOCS / "results.py")

CASE = "toy-exchange"
RELIED_ON = {
    "case": "case phases parties.discount parties.stalemate parties.breakdown parties.trust measures.actors measures.value "
    "measures.once measures.irreversible measures.lag measures.signal measures.requires.any measures.requires.after "
    "measures.excludes measures.not_before measures.not_after measures.in_force",
    "plan --likely": "case phases objective status gap entry value no_deal certificate",
    "verify": "holds rows broken smallest_slack",
    "diagnose": "case verdict questions deadlocks relaxations orders.id orders.holds orders.breaks_at",
}
"""Keys that other tools were promised, by command."""


def answer(*arguments: str) -> Any:
    """What a command prints with --json."""
    done = CliRunner().invoke(app, [*arguments, "--json"])
    assert done.exit_code in (0, 1), done.output
    return json.loads(done.stdout)


class Told:
    """What the page tells of a result: the keys below, and the result that is told elsewhere, if any."""

    def __init__(self) -> None:
        self.below: dict[str, Told] = {}
        self.link: type | None = None

    def inside(self) -> dict[str, Told]:
        """The keys that may stand here; none: it is told as a whole."""
        return {**(told(self.link).inside() if self.link else {}), **self.below}


@cache
def told(kind: type) -> Told:
    """What the page tells of a result."""
    root = Told()
    for path, _, link in results.entries(kind):
        at = root
        for step in filter(None, path.replace("[]", "").split(".")):
            at = at.below.setdefault(step, Told())
        at.link = link
    return root


def strangers(answered: Any, at: Told, path: str = "") -> Iterator[str]:
    """The paths of what an answer holds and the page does not tell; what is told as a whole is not looked into."""
    inside = at.inside()
    if isinstance(answered, list):
        for entry in answered:
            yield from strangers(entry, at, f"{path}[]")
    elif isinstance(answered, dict) and inside:
        named = [name for name in inside if re.fullmatch("[A-Z]+", name)]
        begun = tuple(name.removesuffix("ID") for name in inside if name.endswith("_ID"))
        for key, value in answered.items():
            below = inside.get(key) or next((inside[name] for name in named), None)
            if below is not None:
                yield from strangers(value, below, f"{path}.{key}")
            elif not (begun and key.startswith(begun)):
                yield f"{path}.{key}"


def untold(command: str, answered: Any, *but: str) -> set[str]:
    """The keys of an answer of a command that its section does not tell, less those that its note names."""
    about = results.TOLD["commands"][command]
    assert all(f"`{key}`" in about["note"] for key in but)
    at = told(results.result(about["result"]))
    first = answered[0] if isinstance(answered, list) else answered
    assert set(first) & set(at.inside()), f"nothing that {command} prints is told"
    return set(strangers(answered, at)) - {f".{key}" for key in but}


@pytest.fixture(scope="module", autouse=True)
def _known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What one command finds, the next ones know: asked for are keys, and many commands begin with the same search."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DETENTE_CACHE", raising=False)
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("known")))
        yield


@pytest.fixture(scope="module")
def roadmap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A roadmap file of the case."""
    file = tmp_path_factory.mktemp("roadmap") / "roadmap.json"
    file.write_text(json.dumps(answer("plan", CASE, "--likely")), encoding="utf-8")
    return file


def test_the_page_is_as_the_source_has_it() -> None:
    """Catches a key or a meaning that changed in the source and not on the page, and a key that nobody explained."""
    assert results.UNEXPLAINED not in results.page(), "say it in the docstring of `to_dict`"
    assert (DOCS / "reference" / "results.md").read_text(encoding="utf-8") == results.page(), "run `make docs`"


@pytest.mark.parametrize("command", RELIED_ON)
def test_no_key_that_was_promised_has_gone(command: str) -> None:
    """Catches a key that other tools rely on and that vanished from code and page together."""
    whole = told(results.result(results.TOLD["commands"][command]["result"]))
    for path in RELIED_ON[command].split():
        at = whole
        for step in path.split("."):
            inside = at.inside()
            at = inside.get("ID", at).inside().get(step) or inside[step]


def test_a_result_with_an_unknown_key_is_found_out() -> None:
    """Catches a check of the keys that passes whatever stands there: a stranger at the top, inside and inside a link."""
    made = answer("plan", CASE, "--likely")
    made["x"] = made["certificate"]["x"] = made["reasons"][0]["x"] = 1
    assert untold("plan --likely", made) == {".x", ".certificate.x", ".reasons[].x"}


def test_the_page_tells_the_keys_of_plans_and_what_is_made_of_them(roadmap: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a key of the commands about a case that was added in a command and not in a result."""
    monkeypatch.chdir(roadmap.parent)  # `brief` writes its page here
    small = written(swap(you_first), roadmap.parent)
    for command, *arguments in (
        ("case", CASE),
        ("cases",),
        ("plan", CASE),
        ("unlock", small, "--target", "give-a"),
        ("verify", CASE, str(roadmap)),
        ("concessions", small),
        ("diagnose", small),
        ("compare", CASE, "--frontier"),
        ("prepare", CASE),
        ("brief", CASE),
    ):
        assert untold(command, answer(command, *arguments)) == set(), command
    moved = answer("verify", CASE, str(roadmap), "--forbid", "give-b")
    assert moved["broken"]
    assert untold("verify --move", moved) == set()


def test_the_page_tells_the_keys_of_a_plan_under_conditions(tmp_path: Path) -> None:
    """Catches a condition, a draw or a new start of which the answer says what the page does not."""
    kept = ("supplier-dispute", "--likely", "--keep-demands", "--require", "weekly-calls", "--forbid", "spot-orders")
    assert untold("plan --likely", answer("plan", *kept)) == set()
    file = tmp_path / "swap.yaml"
    file.write_text(json.dumps(swap(uncertain("a", "b"))), encoding="utf-8")
    asked, counted = (answer("plan", str(file), "--likely", *options) for options in (("--holds", "0.9"), ("--draws", "200")))
    assert untold("plan --holds", asked["holds"]) == untold("plan --likely", counted) == set()
    assert counted["holds"]["likely"] is counted["holds"]["search"] is counted["holds"]["asked"] is None
    status = {
        "case": CASE,
        "phase": 1,
        "done": {"give-a/1": 0, "give-b/1": 0},
        "late": {"give-b/2": None},
        "roadmap": {"entry": {"give-a/1": 0, "give-b/1": 0, "give-b/2": 0, "give-a/2": 1}},
    }
    begun = tmp_path / "status.json"
    begun.write_text(json.dumps(status), encoding="utf-8")
    assert untold("plan --status", answer("plan", CASE, "--status", str(begun))) == set()


def test_the_page_tells_the_keys_of_the_conflict_graph() -> None:
    """Catches a key of the conflict graph, or of the inverse question, that changed without a word."""
    graph = answer("graph", CASE, "--coalitions", "--horizon", "2", "--states", "--why", "4")
    assert untold("graph", graph) == set()
    asked = answer("graph", CASE, "--inverse", "3")
    assert untold("graph --inverse", asked["parties"]) == set()
    assert asked.keys() == {"conflict", "state", "concept", "parties"}


def test_the_page_tells_the_keys_of_positions(tmp_path: Path) -> None:
    """Catches a key of a forecast, a profile or a backtest that changed without a word."""
    lines = ["issue,outcome,group,actor,position,salience,capability"]
    for n in range(12):
        lines += [f"i{n},{10 * (n % 5)},g{n},{a},{x},{s},1" for a, x, s in (("a", 0, 50), ("b", 10 * n, 20), ("c", 100, 90))]
    file, profile = tmp_path / "t.csv", tmp_path / "p.json"
    file.write_text("\n".join(lines), encoding="utf-8")
    fitted = answer("positions", "fit", str(file), "-o", str(profile), "--constant", "a", "--effects", "yes")
    assert untold("positions fit", fitted) == set()
    scored = answer("positions", "backtest", str(file), "--profile", str(profile), "--variant", "paper")
    assert untold("positions backtest", scored) == set()
    options = ("--issue", "i3", "--profile", str(profile), "--position-noise", "5", "--variant", "paper", "--trace")
    assert untold("positions", answer("positions", str(file), *options)) == set()


def test_the_page_tells_the_keys_of_an_assessment() -> None:
    """Catches a key of what is ahead that was added, renamed or dropped without a word."""
    asked = ("--runs", "400", "--crossings", "32", "--sensitivity", "2", "--cores", "1", "--strategy", "pay-first")
    assert untold("assess", answer("assess", "supplier-dispute", "--likely", *asked)) == set()


def test_the_page_tells_the_keys_of_imports(tmp_path: Path) -> None:
    """Catches a key of the record's answers that was added, renamed or dropped without a word."""
    file, record = tmp_path / "events.csv", tmp_path / "record"
    place = ("--workspace", str(record))
    file.write_text(
        "date,source,event,target\n2018-04-27,Iran,Consult,Iraq\n2018-04-27,Front X,Consult,Iraq\nbroken\n", encoding="utf-8"
    )
    assert untold("record import", answer("record", "import", str(file), *place)) == set()
    assert untold("record contents", answer("record", "contents", *place)) == set()
    assert untold("record dyad", answer("record", "dyad", "IRN", "IRQ", *place)) == set()
    assert untold("record retract", answer("record", "retract", "1", "--because", "x", *place)) == set()


def test_the_page_tells_the_keys_of_heads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for heads, keys, checks, and a record that is brought to the version of today."""
    pytest.importorskip("cryptography", reason="SIGNATURE TESTS SKIPPED: pip install 'detente[sign]'")
    monkeypatch.chdir(tmp_path)
    Path("events.csv").write_text("date,source,event,target\n2018-04-27,Iran,Consult,Iraq\n", encoding="utf-8")
    answer("record", "import", "events.csv")
    assert answer("record", "key", "k.pem").keys() == {"private", "public"}
    first = answer("record", "head")["head"]
    answer("record", "retract", "1", "--because", "x")
    later = answer("record", "head", "--sign", "k.pem", "--since", first, "-o", "later.json")
    assert untold("record head", later) == set()
    for options in ((), ("--against", first), ("--against", first, "--proof", "later.json")):
        assert untold("record check", answer("record", "check", *options)) == set(), options
    assert untold("record migrate", answer("record", "migrate")) == set()


def test_the_page_tells_the_keys_of_promises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a key of commitments, of trust from the record, or of what a plan says of it, that changed without a word."""
    monkeypatch.chdir(tmp_path)
    for month in ("10", "12"):
        options = ["--party", "dprk", "--state", "none", "--as-of", f"2018-{month}-01", "--due", "2018-12-01", "--reader", "x"]
        assert untold("record commit", answer("record", "commit", "us-dprk-2019", "tourism", *options)) == set()
    commitments = answer("record", "commitments", "us-dprk-2019", "--item", "singapore-2018", "--scores")
    by_item = {key: commitments[key] for key in commitments.keys() - {"scores", "path"}}
    scores = {key: commitments[key] for key in ("case", "scores", "path")}
    assert untold("record commitments", by_item) == untold("record commitments --scores", scores) == set()
    assert untold("record trust", answer("record", "trust", "us-dprk-2019", "--trust-profile", "pam-34")) == set()
    mine = ["--party", "a", "--state", "full", "--as-of", "2018-12-01", "--reader", "x"]
    assert CliRunner().invoke(app, ["record", "commit", CASE, "give-a", *mine]).exit_code == 0
    said = answer("plan", CASE, "--likely", "--trust", "record")["trust_from"]
    assert untold("plan --trust record", said, "at_low") == set()


def test_the_page_tells_the_keys_of_a_relation(tmp_path: Path) -> None:
    """Catches a key of the record's measures, or of its account, that was added, renamed or dropped without a word."""
    place = ("--workspace", str(tmp_path / "w"))
    for command in ("start", "show", "unanswered", "contacts", "changes", "reciprocity"):
        about = ("us-dprk-2019",) if command in ("start", "show") else ("USA", "PRK")
        assert untold(f"record {command}", answer("record", command, *about, *place)) == set(), command


def test_the_page_tells_the_keys_of_fetching(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a key of what was fetched, and of what the record made of it, that changed without a word."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("no_proxy", "*")
    first, dirty, _gap, refused = (f"2018060{n}.export.CSV.zip" for n in (1, 2, 3, 4))
    with published() as site:
        site.publish({first: archive(first, Actor1CountryCode=""), dirty: archive(dirty, EventCode="")})
        site.will(f"/events/{refused}", says(403))
        asked = ("record", "fetch", "gdelt", "--plain-http", "--base-url", site.url, "--from", "2018-06-01", "--to")
        found = answer(*asked, "2018-06-04", "--import")
    assert list(found["failed"]) == [refused]
    assert untold("record fetch", found, "imported") == set()
    refusals = found["imported"].pop("refused")
    assert refusals is not None
    assert untold("record import", found["imported"]) == set()


def test_the_page_tells_the_keys_of_forecasts(tmp_path: Path) -> None:
    """Catches a key of a backtest or a forecast that was added or dropped without a word."""
    pytest.importorskip("lightgbm", reason="FORECAST TESTS SKIPPED: pip install 'detente[forecast]'")
    from forecastseries import panel, write

    one = panel(3, 16)
    rows = [(one.label(t), *u, int(one.y[k, t])) for k, u in enumerate(one.units) for t in range(16)]
    options = ("--unit", "a,b", "--value", "value")
    table = str(write(tmp_path / "t.csv", [*rows, ("2018-01", "a", "b", 1)]))
    scored = ("forecast", "--backtest", "--table", table, *options, "--origins", "2018-12:2019-01", "--horizon", "2")
    assert untold("forecast --backtest", answer(*scored, "--detail", "--losses", "--crisis", "10")) == set()
    broken = str(write(tmp_path / "b.csv", [*rows, (one.label(16), "a", "b", 1000)]))  # so that there is a break to tell
    assert untold("forecast", answer("forecast", "--table", broken, *options, "--of", "a,b", "--horizon", "2")) == set()


def test_the_page_tells_the_keys_of_questions(tmp_path: Path) -> None:
    """The same for questions, their log and the scores of forecasters."""
    from forecastseries import write

    table = write(tmp_path / "t.csv", [("2018-01-01",), ("2018-02-01",), ("2018-03-01",)], "date")
    asked = answer("forecast", "ask", "--table", str(table), "--by", "2018-04-01", "--log", str(tmp_path))
    assert untold("forecast ask", asked) == set()
    rows = [("q", "?", '"(a) Yes, (b) No"', "2018-01-01", "2018-01-05", "a")]
    questions, folder = str(write(tmp_path / "q.csv", rows, "id,text,options,start,close,outcome")), str(tmp_path)
    imported = answer("forecast", "questions", "import", folder, questions)
    assert imported.keys() == {"imported", "resolved", "void", "open"}
    answer("forecast", "resolve", folder, "1", "yes")
    assert untold("forecast questions list", answer("forecast", "questions", "list", folder)) == set()
    answers = write(tmp_path / "a.csv", [("q", "ann", "2018-01-01", "a", 1)], "question,forecaster,date,option,probability")
    assert untold("forecast questions score", answer("forecast", "questions", "score", folder, str(answers))) == set()
