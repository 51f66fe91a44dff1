"""What others wrote reaches a terminal as text: nothing in it steers the terminal, and JSON still says all of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from detente.base.parts import Table, quiet, strong
from detente.cli import app
from detente.cli.output import print_aside, print_json, print_rich, print_text

# a title of the window, a picture of the screen, a link, the clipboard, bell, backspace, return, an 8-bit sequence, half a pair
STEERING = "\x1b]0;T\x07 \x1b[2J \x1b]8;;http://x/\x1b\\ \x1b]52;c;eA==\x07 \x08 \r \x9b5m \x85 \x7f \0 \ud83d"
TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2028"
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
OURS = re.compile(r"\x1b\[[0-9;]*m")


def test_every_way_of_printing_escapes(capsys: pytest.CaptureFixture[str]) -> None:
    """Catches a way to the terminal by which a name could clear the screen, fill the clipboard or turn a line round."""
    name = STEERING + TURNING
    table = Table(name, name)
    table.add(strong(name))
    print_text(name)
    print_aside(name)
    print_rich(name, quiet(f"a {name}"), table)
    print_json({name: [name]})
    said = capsys.readouterr()
    for text in (said.out, said.err):
        assert RAW.findall(text) == []
        for shown in (r"\x1b]52;c;eA==\x07", r"\x08", r"\x0d", r"\x9b5m", r"\x7f", r"\x00", r"\ud83d", r"\u202e", r"\u2067"):
            assert shown in text
    assert json.loads(said.out[said.out.index("{\n") :]) == {name: [name]}


def test_our_own_colours_still_work(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches an escape that is put on the styles of this project as well as on what others wrote."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    print_rich(strong("kept \x1b[5m"), "[bold]not markup[/bold] :smile:")
    out = capsys.readouterr().out
    assert OURS.findall(out)
    assert OURS.sub("", out) == "kept \\x1b[5m\n[bold]not markup[/bold] :smile:\n"


def test_names_from_right_to_left_keep_their_isolates(capsys: pytest.CaptureFixture[str]) -> None:
    """Catches escapes in the midst of every honest Arabic name; isolates that are not paired turn what follows."""
    print_rich("\u2068\u0633\u0644\u0627\u0645\u2069 stands", "\u2069\u2068 turns")
    assert capsys.readouterr().out == "\u2068\u0633\u0644\u0627\u0645\u2069 stands\n\\u2069\\u2068 turns\n"


def test_a_name_may_go_on_in_the_next_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches half of a pair of isolates that is shown as an escape, because the line ends between the two."""
    monkeypatch.setenv("COLUMNS", "20")
    name = "\u2068" + "\u0633\u0644\u0627\u0645 " * 9 + "\u2069"
    table = Table("", "Name")
    table.add(name)
    print_rich(name, table)
    out = capsys.readouterr().out
    assert "\\u206" not in out
    assert out.count("\u2068") == out.count("\u2069") == 2


def test_a_table_of_somebody_else(tmp_path: Path) -> None:
    """Catches a command that prints what it read past the one place that escapes, or escapes so that names are lost in JSON."""
    names = ["A\x1b[31m\x9b2J", "B\u202edetimil\x07"]
    file = tmp_path / "actors.csv"
    rows = [f"{n},{1 + 8 * k},10,1,0..10" for k, n in enumerate(names)]
    file.write_text("actor,position,salience,capability,range\n" + "\n".join(rows) + "\n", encoding="utf-8")
    shown = CliRunner().invoke(app, ["positions", str(file)])
    assert shown.exit_code == 0, shown.output
    assert RAW.findall(shown.output) == []
    assert r"A\x1b[31m\x9b2J" in shown.output
    assert r"B\u202edetimil\x07" in shown.output
    plain = CliRunner().invoke(app, ["positions", str(file), "--json"]).stdout
    assert RAW.findall(plain) == []
    assert all(json.dumps(n) in plain for n in names)


@pytest.mark.parametrize("columns", [80, 100, 120])
def test_a_narrow_table_breaks_no_word_and_gives_long_text_the_room(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """Catches a head that reads "promise" and "d" below it, and a reason of forty words in a column of twenty characters."""
    monkeypatch.setenv("COLUMNS", str(columns))
    heads = ("Roadmap", "Steps", "Of what was promised", "Collapses", "Holds, of 1,000 draws", "Carried out", "Demands not met")
    numbers = Table("", *heads)
    numbers.add("The recommended roadmap", "26", "52%", "23%", "87%", "44%", "2, 3 and 6")
    why = "It would not hold from the start, since one of the parties would gain by withholding what it has promised to give"
    reasons = Table("", "Order", "By", "Why")
    reasons.add("Everything at once, as fast as it can be done", "the first and the second party", f"{why} " * 3)
    print_rich(numbers, reasons)
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= columns
    words = set(said.split())
    wanted = {word for text in (*heads, "The recommended roadmap", why) for word in text.split()}
    assert wanted <= words
    order, by, reason = (said[said.index("Order") - 1 :].splitlines()[0].index(head) for head in ("Order", "By", "Why"))
    assert columns - reason > 1.3 * (by - order)
    assert columns - reason > 1.3 * (reason - by)


def test_a_table_that_cannot_fit_is_printed_whole(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches text that is cut off, or a fault, where even the longest words have no room beside each other."""
    monkeypatch.setenv("COLUMNS", "20")
    table = Table("", *"abcdef")
    table.add(*(letter * 9 for letter in "abcdef"))
    dates = Table("", "G", "H", whole=[0])
    dates.add("g" * 24, "h" * 24)
    print_rich(table, dates)
    said = capsys.readouterr().out
    assert (said.count("g"), said.count("h")) == (24, 24)
    assert all(said.count(letter) == 10 for letter in "abcdef")
