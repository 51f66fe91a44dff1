"""The benchmark of asking: what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import module_of


@pytest.mark.parametrize(
    "arguments", [["nosuch"], ["--plays", "0"], ["--truths", "0"], ["--jobs", "-1"], ["--generated", "-1"], ["--seed", "-1"]]
)
def test_arguments_that_mean_nothing_are_told_from_a_case_that_is_not_met(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches a misspelt case, or a count of none, that ends as the figures of a failed benchmark do, with 1."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))
    module = module_of(Path(__file__).parents[2] / "benchmarks" / "ask.py")
    with pytest.raises(SystemExit) as ended:
        module.main(arguments)
    assert ended.value.code == 2
