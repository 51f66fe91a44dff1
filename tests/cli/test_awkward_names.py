"""Ten awkward names through every face: terminal, page, notebook and JSON say them exactly as the case gives them."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import detente as dt
from detente.cli import app
from smallcases import swap

NAMES = [
    "[bold]Front[/bold]", "Côte d'Ivoire", "the Rebels", "M&A <Holding>", "北町", "\u0633\u0644\u0627\u0645", "1984",
    "UK \u2013 \u201cHome Office\u201d", "Null", "machine manufacturer :smile: {{ 7 * 7 }}",
]  # fmt: skip
ISOLATES = re.compile("[\u2068\u2069]")
SINGULAR = r"(gains|loses|risks|puts|expects|insists|wants|withholds|stops|keeps|holds|lacks|has|is|does)\b"


@pytest.fixture
def case(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Path]:
    """A small case in which a party and a measure have the name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "400")
    data: dict[str, Any] = swap()
    name = request.param
    data["parties"]["a"] |= {"name": name, "article": "none", "number": "plural"}
    data["measures"]["give-a"]["title"] = f"{name}, first"
    file = tmp_path / f"{data['case']}.yaml"
    file.write_text(json.dumps(data), encoding="utf-8")
    return name, file


def words(text: str) -> str:
    return " ".join(ISOLATES.sub("", text).split())


def run(*arguments: object) -> str:
    done = CliRunner().invoke(app, [*map(str, arguments)])
    assert isinstance(done.exception, SystemExit | None), done.exception
    return done.output


@pytest.mark.parametrize("case", NAMES, indirect=True, ids=range(len(NAMES)))
def test_a_name_stands_as_the_case_gives_it(case: tuple[str, Path]) -> None:
    """Catches markup that is obeyed, an article that is guessed, a capital that is lost, and a name that is cut at a sign."""
    name, file = case
    quick = ("--time-limit", 20)
    told: list[str] = []
    for call in (["case", file], ["plan", file, "--likely", *quick], ["diagnose", file, *quick]):
        told.append(words(run(*call)))
        assert words(name) in told[-1], call
    for call in (["case", file, "--json"], ["brief", file, "--likely", "--draws", 0, "--json", *quick]):
        assert name in json.dumps(json.loads(run(*call)), ensure_ascii=False)
    page = words(unescape(re.sub("<[^>]+>", " ", file.with_suffix(".html").read_text(encoding="utf-8"))))
    assert words(name) in page
    assert f"the {words(name)}" not in page
    assert f"{words(name)} never gain by stopping".lower() in page.lower()  # a sentence begins with a capital
    assert [text for text in (page, *told) if re.search(rf"{re.escape(words(name))} {SINGULAR}", text, re.IGNORECASE)] == []
    loaded = dt.load(file)
    for shown in (loaded._repr_html_(), dt.plan(loaded, likely=True)._repr_html_()):
        assert words(name) in words(unescape(re.sub("<[^>]+>", " ", shown)))
