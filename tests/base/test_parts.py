"""Sentences and tables as every face has them."""

from __future__ import annotations

import pytest

from detente.base.parts import Table, notebook, quiet, strong
from detente.cli.output import print_rich


def table() -> Table:
    made = Table("A <title> that is wider than the table", "Name", "Gain")
    made.add("[b]North[/b] & South", "+1,200.5")
    made.add("Two\nlines", "\u22123%")
    made.add("none")
    return made


def test_columns_of_numbers_stand_to_the_right() -> None:
    """Catches a column of names that is set as numbers, or one with a gap that is not."""
    made = table()
    assert [made.numeric(n) for n in (0, 1)] == [False, True]
    made.add("a", "3 to 4")
    assert not made.numeric(1)
    assert not Table("", "empty").numeric(0)


def test_terminal_and_notebook_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """Catches a face that loses a cell, obeys markup in a name, or breaks a title at the width of its table."""
    parts = (strong("The <answer>."), "[bold]plain[/bold]", quiet("a note"), table())
    print_rich(*parts)
    said = capsys.readouterr().out
    html = notebook(*parts)
    for text in ("[bold]plain[/bold]", "a note", "[b]North[/b]", "+1,200.5", "\u22123%"):
        assert text in said
        assert text in html
    assert "A <title> that is wider than the table" in said
    assert "<strong>The &lt;answer&gt;.</strong>" in html
    assert "A &lt;title&gt;" in html
    assert "&amp; South" in html
    assert "Two<br>lines" in html
    assert html.count("<tr>") == 4
