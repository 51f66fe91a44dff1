"""Small valid inputs of every kind that a command reads, each with the commands that read it; records are in `records`.

In a command, ``{}`` is the file that is changed. The other files that a command names lie beside it.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from eventfiles import ACLED, GDELT1, GDELT2, ICEWS, UCDP, acled_row, gdelt, gdelt_row, icews_row, lines, table, ucdp_row
from workbooks import filled

__all__ = ["BESIDE", "Seed", "seeds"]

DOCS = Path(__file__).resolve().parents[2] / "docs"


@dataclass(frozen=True)
class Seed:
    """A valid file, how it is changed (`mutations.MUTATIONS`), and the commands that read it (``&&``: one after the other)."""

    file: str
    content: bytes
    kind: str
    commands: tuple[str, ...]


def _bundled(path: str) -> bytes:
    return (files("detente") / path).read_bytes()


def _river() -> bytes:
    page = (DOCS / "reference" / "case-file.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- file: river\.yaml -->\n```yaml\n(.*?)```", page, re.S)
    assert found
    return found[1].encode()


_CASE = (
    *(
        "case {}",
        "case {}",
        "case {}",
        "case {} --json",
        "case {} --json",
        "diagnose {} --time-limit 1",
        "plan {} --likely --time-limit 1",
    ),
    "compare {} --draws 20 --time-limit 1",
    "prepare {} --time-limit 1",
    "assess {} --runs 50 --crossings 0 --time-limit 1 --cores 1",
    *("graph {}", "brief {} -o page.html --draws 20 --time-limit 1"),
)
_KEPT = (
    "record commitments {} --workspace record --unread --as-of 2018-12-01",
    "record trust {} --workspace record --as-of 2018-12-01",
)
_STATUS = {
    "case": "toy-exchange",
    "phase": 2,
    "done": {"give-a/1": 0, "give-a/2": 0},
    "late": {"give-a/3": 1, "give-b/2": None},
    "broken": {"give-b/1": 1},
    "closed": ["give-b/9"],
    "trust": {"a": {"b": 0.5}},
    "roadmap": {"entry": {"give-a": 0, "give-b": 1}},
}
_MAP = """name: border-log
ontology: own
scale: minutes
date_format: "%d.%m.%Y"
delimiter: ";"
columns: {date: Day, source: From, target: To, code: What, id: No, place: Where}
constants: {publisher: Joint commission}
quad: {crossing: 2, closure: 4}
intensity: {crossing: 1.5, closure: -60}
countries: {Northern guard: PRK, Südwache: KOR}
"""
_LOG = """No;Day;From;To;What;Where
1;01.02.2018;Northern guard;Südwache;crossing;"Gate; east"
2;28.02.2018;Südwache;USA;closure;
3;30.02.2018;Northern guard;USA;closure;
"""
_KEDS = b"790415 ISR PAL 040\n790416 PAL ISR 190\n000101 USA ISR 0211\n" * 3
_PLOVER = lines(
    *(
        {"id": f"X-{n}", "date": f"2018-04-{n + 10}", "source": [{"actorText": "North Korean", "code": "PRK", "sector": "GOV"}],
         "target": ["USA", "KOR"], "event": "AGREE", "mode": "meet", "eventLoc": {"geoName": "Panmunjom"},
         "publication": "Press"}
        for n in range(9)
    )
)  # fmt: skip
_ACTORS = "name,country\nNORTH KOREA,PRK\nKim Jong-Un,PRK\nCommission,FRA\n"
_POSITIONS = """issue,proposal,actor,position,salience,capability,low,high,outcome
tariff,P1,North,10,80,1,0,100,50
tariff,P1,East,40,60,3,0,100,50
tariff,P1,West,100,90,3,0,100,50
quota,P2,North,0,50,1,0,100,20
quota,P2,East,70,20,3,0,100,20
quota,P2,West,30,90,2.5,0,100,20
"""
_QUESTIONS = """id,text,options,start,close,outcome,status
q1,Will the talks resume?,"(a) Yes, (b) No",2019-01-01,2019-03-01,a,closed
q2,Who comes first?,"(a) A, (b) B, (c) C",9/1/11,10/1/11,,open
q3,Is it held?,"(a) Yes, (b) No",2019-02-01,2019-01-01,,voided
"""
_ANSWERS = """question,forecaster,date,option,probability
1,f1,2019-01-02,yes,0.7
1,f2,2019-01-05,yes,0.2
2,f1,2019-01-03,a,0.5
2,f1,2019-01-03,b,0.5
"""
_ASKED = lines(
    {"kind": "question", "id": "1", "text": "Will it?", "options": {"yes": "Yes", "no": "No"}, "start": "2019-01-01",
     "close": "2019-02-01", "chance": {"yes": 0.3, "no": 0.7}, "model": "rate", "interval": [0.1, 0.5]},
    {"kind": "question", "id": "2", "text": "Which?", "options": {"a": "A", "b": "B"}, "start": "2019-01-01",
    "close": "2019-03-01"},
    {"kind": "resolution", "id": "1", "outcome": "yes", "on": "2019-01-20"},
)  # fmt: skip
_GMCR = {
    "title": "Chicken",
    "decisionMakers": [
        {"name": "One", "options": [0], "preferenceRanking": [2, 4, 3, 1]},
        {"name": "Two", "options": [1], "preferenceRanking": [3, 4, 2, 1]},
    ],
    "options": [{"name": "Swerve one"}, {"name": "Swerve two"}],
}
_LOGGED = "log/questions.jsonl"


def _series() -> str:
    made = io.StringIO(newline="")
    out = csv.writer(made, lineterminator="\n")
    out.writerow(["date", "source", "target", "value"])
    for n in range(16):
        out.writerow([f"{2017 + n // 12}-{n % 12 + 1:02d}-{n % 27 + 1:02d}", "USA", "PRK", n * n % 7])
        out.writerow([f"{2017 + n // 12}-{n % 12 + 1:02d}-11", "PRK", "USA", n % 5])
    return made.getvalue()


def _imported(format: str, more: str = "", pair: str = "USA PRK") -> tuple[str, ...]:
    first = f"record import {{}} --format {format} --workspace new{more}"
    then = [f"dyad {pair}", "show us-dprk-2019", "contents", "check"]
    if pair:
        then += [f"changes {pair} --period day --json", f"unanswered {pair} --json", f"contacts {pair}"]
    else:
        then[0] = "dyad USA PRK"
    return (
        first,
        first,
        f"record import {{}} --workspace new{more}",
        *(f"{first} && record {words} --workspace new" for words in then),
    )


def _zip(name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), content)
    return made.getvalue()


def _xlsx() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for row in csv.reader(io.StringIO(_POSITIONS)):
        book.active.append([float(c) if re.fullmatch(r"[\d.]+", c) else c for c in row])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _commits() -> bytes:
    rows = _bundled("record/library/us-dprk-2019/commitments.csv").splitlines(keepends=True)
    return b"".join(rows[:8])


def _events() -> list[Seed]:
    other = {"Actor1CountryCode": "USA", "Actor2CountryCode": "PRK"}
    meets = [gdelt_row(n, SQLDATE=f"201806{n + 10}", QuadClass=1 + n % 4, **(other if n % 2 else {})) for n in range(9)]
    visits = [icews_row(n, **{"Event Date": f"2018-06-{n + 10}"}) for n in range(9)]
    made = [
        ("gdelt1", table(GDELT1, meets, header=False), "USA PRK"),
        ("gdelt2", table(GDELT2, meets, header=False), "USA PRK"),
        ("icews", table(ICEWS, visits), "USA PRK"),
        ("ucdp", table(UCDP, [ucdp_row(n) for n in range(5)], ","), ""),
        ("acled", table(ACLED, [acled_row(n) for n in range(5)], ","), ""),
    ]
    array = json.dumps([json.loads(line) for line in _PLOVER.splitlines()])
    return [
        *(Seed(f"{name}.csv", text.encode(), "table", _imported(name, pair=pair)) for name, text, pair in made),
        Seed("keds.txt", _KEDS, "table", _imported("keds", " --ontology cameo", "")),
        Seed("plover.jsonl", _PLOVER.encode(), "lines", _imported("plover")),
        Seed("plover.json", array.encode(), "json", _imported("plover")),
        Seed("own.csv", _LOG.encode(), "table", _imported("csv", " --map map.yaml", "")),
    ]


_POSITIONED = (
    *(
        "positions {}",
        "positions {} --json",
        "positions {} --profile eu-council --outcome outcome",
        "positions {} --issue tariff",
    ),
    "positions {} --variant paper --issue tariff --trace",
    "positions {} --issue tariff --position-noise 5 --draws 20 --page page.html",
)
_DECIDED = "issue,proposal,actor,position,salience,capability,outcome\n" + "".join(
    f"i{n},P{n // 2},{actor},{(n * 7 + 31 * k) % 101},{20 + (n + k * 13) % 80},{k + 1},{n * 17 % 101}\n"
    for n in range(22)
    for k, actor in enumerate(("North", "East", "West"))
)
_FITTED = (
    "positions {} --outcome outcome",
    "positions backtest {} --group proposal",
    "positions fit {} --group proposal -o profile.json",
)
_FORECAST = "forecast --table {} --unit source,target --value value"
_CHICKEN = "graph/library/chicken.yaml"
_GRAPH = ("graph {}", "graph {} --json --states", "graph {} --coalitions --horizon 3", "graph {} --inverse 2 --why 1",
          "graph {} -o out.gmcr --page page.html")  # fmt: skip

_TEXT = (
    "On 3 May 2021 South Korea demanded that North Korea reopen the liaison office before the talks begin. North Korea "
    "insists on an end of the travel ban before it reopens the office.\n\n"
    "On 18 January 2019 liaison sessions were held by South Korea.\n"
)
_CLAUSES = (
    f'<!doctype html><html><head><meta charset="utf-8"></head><body><p>{_TEXT}</p>'
    "<ol><li>1. Each shall open.</li></ol></body></html>"
)
_SENTENCES = "sentence\tsource\ttarget\nPeru accused Chile of spying.\tPeru\tChile\nPeru met Chile.\tPeru\tChile\n"
_REVIEW = {
    "claims": [
        {"text": 0, "start": start, "end": end, "type": "demand", "decision": "accepted"}
        for start, end in ((0, 101), (102, 179))
    ]
}
_TEXTS = ("read {} --case us-dprk-2019 --entries entries.csv", "read {} -o draft.yaml --page page.html", "read {} --json")

BESIDE: dict[str, bytes] = {
    "text.txt": _TEXT.encode(),
    "map.yaml": _MAP.encode(),
    "log.csv": _LOG.encode(),
    "events.csv": gdelt(3).encode(),
    "roadmap.json": json.dumps({"entry": {"give-a": 0, "give-b": 1}}).encode(),
    _LOGGED: _ASKED.encode(),
}
"""Files that commands name beside the one that is changed."""


def seeds() -> dict[str, list[Seed]]:
    """By family."""
    toy = re.sub(rb"(?m)^#.*\n", b"", _bundled("case/library/toy-exchange.yaml"))
    ask = (
        "forecast ask --table {} --by 2019-06-30",
        "forecast ask --table {} --by 2019-06-30 --column source --indicator USA --log log",
    )
    return {
        "cases": [
            Seed("river.yaml", _river(), "yaml", (*_CASE, "unlock {} --target fish-ladder --time-limit 1", "positions {}")),
            Seed("toy-exchange.yaml", toy, "yaml", (*_CASE, *_KEPT, "unlock {} --target give-a/3 --time-limit 1",
                 "case diff toy-exchange {}", "case diff {} toy-exchange --json")),
        ],
        "roadmaps": [
            Seed("r.json", json.dumps({"case": "toy-exchange", "phases": 6, "entry": {"give-a": 0, "give-b/1": 1,
            "give-b/2": None}}).encode(),
                 "json", (*["verify toy-exchange {}"] * 4, "verify toy-exchange {} --json",
                 "verify toy-exchange {} --move give-a=1 --require give-b/2", "verify toy-exchange {} --places give-a --json",
                 "verify toy-exchange {} -o out.csv", "verify toy-exchange {} -o out.ics", "verify toy-exchange {} -o out.xml",
                 "verify toy-exchange {} -o out.graphml", "case diff toy-exchange toy-exchange --roadmap {}",
                 "compare toy-exchange {} --draws 20",
                          "prepare toy-exchange {} --time-limit 1",
                          "assess toy-exchange --roadmap {} --runs 50 --crossings 0 --cores 1")),
        ],
        "statuses": [Seed("s.json", json.dumps(_STATUS).encode(), "yaml", ("plan toy-exchange --status {} --time-limit 1",))],
        "maps": [Seed("m.yaml", _MAP.encode(), "yaml", (
            "record import log.csv --format csv --map {} --workspace new",
            "record import log.csv --format csv --map {} --workspace new --json && record dyad PRK KOR --workspace new",
        ))],
        "events": _events(),
        "actors": [Seed("a.csv", _ACTORS.encode(), "table", ("record import events.csv --actors {} --workspace new",))],
        "positions": [
            *[Seed("p.csv", _POSITIONS.encode(), "table", _POSITIONED)] * 4,
            Seed("decided.csv", _DECIDED.encode(), "table", _FITTED),
        ],
        "series": [
            *[Seed("f.csv", _series().encode(), "table", ask)] * 3,
            Seed("f.csv", _series().encode(), "table", tuple(f"{_FORECAST} --of USA,PRK {more}" for more in (
                "--horizon 1 --json", "--horizon 1 --period week", "--horizon 2 --crisis >=5 --page page.html",
                "--horizon 1 --missing gap"))),
        ],
        "commitments": [Seed("c.csv", _commits(), "table", (
            "record commit us-dprk-2019 --file {} --workspace new",
            "record commit us-dprk-2019 --file {} --workspace new && record trust us-dprk-2019 --workspace new --json",
        ))],
        "questions": [
            Seed("q.csv", _QUESTIONS.encode(), "table", (
                "forecast questions import log {}", "forecast questions import log {} && forecast questions list log")),
            Seed(_LOGGED, _ASKED.encode(), "lines", (
                "forecast questions list log", "forecast questions list log --json",
                "forecast resolve log 2 a --on 2019-01-09")),
            Seed("answers.csv", _ANSWERS.encode(), "table", ("forecast questions score log {}",)),
        ],
        "texts": [
            Seed("t.txt", _TEXT.encode(), "lines", _TEXTS),
            Seed("t.html", _CLAUSES.encode(), "xml", _TEXTS),
            Seed("s.tsv", _SENTENCES.encode(), "table", ("read --sentences {}",)),
            Seed("n.csv", b"name,also\nSouth Korea,Seoul|the South\n", "table", ("read text.txt --actors {}",)),
            Seed("review.json", json.dumps(_REVIEW).encode(), "json", ("read text.txt --reviewed {} -o draft.yaml",)),
        ],
        "conflicts": [
            Seed("chicken.yaml", _bundled(_CHICKEN), "yaml", _GRAPH),
            Seed("elmira.yaml", _bundled("graph/library/elmira.yaml"), "yaml", _GRAPH),
            Seed("c.gmcr", json.dumps(_GMCR).encode(), "json", _GRAPH),
        ],
        "profiles": [
            Seed("plays.yaml", _bundled("assess/profiles/plain.yaml"), "yaml",
                 ("assess toy-exchange --profile {} --runs 50 --crossings 0 --cores 1",)),
            Seed("trust.yaml", _bundled("record/trust/profiles/fading.yaml"), "yaml",
            ("record trust us-dprk-2019 --trust-profile {}",)),
            Seed("places.json", _bundled("positions/profiles/eu-council.json"), "json",
            ("positions supplier-dispute --profile {}",)),
        ],
        "archives": [
            Seed("e.zip", _zip("e.csv", gdelt(4).encode()), "zip", _imported("gdelt2", pair="")),
            Seed("e.gz", gzip.compress(gdelt(4).encode(), mtime=0), "gz", _imported("gdelt2", pair="")),
            Seed("f.csv.gz", gzip.compress(_series().encode(), mtime=0), "gz", ask),
            Seed("p.xlsx", _xlsx(), "zip", _POSITIONED[:4]),
            Seed("form.xlsx", filled().getvalue(), "zip", ("case from {}", "case from {} -o made.yaml")),
        ],
    }  # fmt: skip
