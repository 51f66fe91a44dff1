"""How long the tutorial of the first brief takes, step by step: python benchmarks/first_brief.py [--pace 2]

All that `docs/tutorials/first-brief.md` has one run is run, in an empty folder, and timed. Nobody sits there: what a person
takes is reckoned from what there is to read and to type, by published times of people at a keyboard.

    typing      `KEY` seconds a key: every character of a command, an answer or a range, and Enter (an average typist who is no
                secretary: Card, Moran and Newell 1980, The keystroke-level model for user performance time with interactive
                systems, Communications of the ACM 23)
    choosing    `MIND` seconds before each command and each answer (ibid.: mental preparation). It is the time to begin to type
                what one knows already, not to find out what one thinks
    reading     `WORDS` words a minute of the page's text and of all that the commands print, questions among it (silent reading
                of English: Brysbaert 2019, How many words do we read per minute?, Journal of Memory and Language 109)
    machine     seconds of the processor; those by the wall hang on what else it does, and are told beside

Told is how much time has passed after each command, what it prints read to the last word; the brief is there before that. A
person who is `--pace` times as slow takes that much longer for all but the machine. What is left of twenty minutes when the
brief is there, by the answers of the example, is the time that there is to think about each.

Exit code: 0 where the brief is there within twenty minutes, else 1.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from spent import timed

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "docs")]
from test_examples import BLOCK, ENVIRONMENT, blocks, commands  # noqa: E402  the same blocks as the test of the page

PAGE = ROOT / "docs" / "tutorials" / "first-brief.md"
KEY, MIND, WORDS, MINUTES = 0.28, 1.35, 238, 20.0


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="How long the tutorial of the first brief takes.")
    parser.add_argument("--pace", type=float, default=1.0, help="by what a person's times are multiplied")
    pace = parser.parse_args(argv).pace
    if not pace > 0:
        parser.error("--pace: wanted a number above 0")
    text = PAGE.read_text(encoding="utf-8")
    answers = next(b.body for b in blocks(text) if b.file == "answers.txt").split("\n")[:-1]
    spent = dict.fromkeys(("reading the page", "reading what is printed", "typing", "choosing", "the processor"), 0.0)
    wall, after_brief, told = 0.0, float("inf"), [*BLOCK.split(text)[:: BLOCK.groups + 1]]
    with tempfile.TemporaryDirectory() as folder:
        for before, block in zip(told, blocks(text), strict=False):
            spent["reading the page"] += pace * 60 / WORDS * len(before.split())
            if block.mark:
                spent["typing"] += pace * KEY * _written(Path(folder) / block.file, block.body)
            if block.file == "answers.txt":
                spent["choosing"] += pace * MIND * len(answers)
            for command, _ in commands(block.body) if block.language == "console" else ():
                seconds, own, printed = _run(command, folder)
                spent["typing"] += pace * KEY * (len(command) + 1)
                spent["choosing"] += pace * MIND
                if command.startswith("detente brief"):
                    after_brief = (sum(spent.values()) + own) / 60
                spent["reading what is printed"] += pace * 60 / WORDS * len(printed.split())
                spent["the processor"] += own
                wall += seconds
                print(
                    f"{sum(spent.values()) / 60:5.1f} min  {command}: {own:.1f} s of the processor, {seconds:.1f} s by the wall"
                )
    print("; ".join(f"{name} {seconds / 60:.1f} min" for name, seconds in spent.items()), end="; ")
    print(f"by the wall {wall / 60:.1f} min at a load of {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    left = 60 * (MINUTES - after_brief) / len(answers)
    print(
        f"{len(answers)} answers; the brief is there after {after_brief:.1f} min: {left:.0f} s an answer are left of "
        f"{MINUTES:.0f} min"
    )
    return 0 if after_brief <= MINUTES else 1


def _run(command: str, folder: str) -> tuple[float, float, str]:
    """Seconds, seconds of the processor, and all that was printed."""
    env = {**os.environ, **ENVIRONMENT, "HOME": folder}
    own, wall, done = timed(["sh", "-c", command], cwd=folder, env=env)
    if done.returncode:
        sys.exit(f"{command}: ends with {done.returncode}\n{done.stderr}")
    return wall, own, done.stdout + done.stderr


def _written(file: Path, body: str) -> int:
    """Write a block to a file, from the line on with which it begins, and say how many characters of it are new there."""
    old = file.read_text(encoding="utf-8") if file.exists() else ""
    first = body.partition("\n")[0] + "\n"
    file.write_text(old.split(first)[0] + body if first in old else body, encoding="utf-8")
    there = set(old.splitlines())
    return sum(len(line) + 1 for line in body.splitlines() if line not in there)


if __name__ == "__main__":
    sys.exit(main())
