"""Forecasts of bargains as a page of their own, and the picture of one of them as SVG.

One self-contained file that needs no script, like the brief.
"""

from __future__ import annotations

import re
from importlib.resources import files

from detente.brief.charts.positions import positions_chart
from detente.brief.page import _environment
from detente.brief.parts.positions import WIDE, bargain
from detente.errors import PositionsError
from detente.positions.result import Positions
from detente.positions.telling import heading, notes

__all__ = ["positions_page", "positions_picture"]

MOST_ISSUES = 30  # pictures of more would make a page of more than a megabyte


def positions_page(found: Positions) -> str:
    """The whole file. The same forecasts give the same text."""
    shown = found.forecasts[:MOST_ISSUES]
    said = list(notes(found))
    if len(found.forecasts) > MOST_ISSUES:
        said.append(f"{len(found.forecasts) - MOST_ISSUES} more issues are not drawn; --issue draws any of them.")
    return _environment().get_template("positionspage.html.j2").render(
        title=f"{len(found.forecasts)} issues" if len(found.forecasts) > 1 else shown[0].title or shown[0].issue,
        bargains=[bargain(n, f) for n, f in enumerate(shown, 1)],
        notes=said,
    )  # fmt: skip


def positions_picture(found: Positions) -> str:
    """The picture of the only issue as SVG, with its style inside.

    Raises
    ------
    PositionsError
        If there are several issues.
    """
    if len(found.forecasts) != 1:
        message = f"got {len(found.forecasts)} issues, wanted one to draw (choose it with --issue, or write a page with -o)"
        raise PositionsError(message)
    one = found.forecasts[0]
    title = one.title or one.issue
    return f"{positions_chart('bargain', one, WIDE, title=title, description=f'{heading(one)}.', style=_style())}\n"


def _style() -> str:
    """Of the style of pages, the colours and what concerns this picture."""
    text = (files("detente.brief") / "templates" / "style.css").read_text(encoding="utf-8")
    colours = re.findall(r"^:root \{.*?^\}|^@media \(prefers-color-scheme: dark\) \{.*?^\}$", text, flags=re.M | re.S)
    rules = re.findall(r"^\.(?:picture|bargain)[ ,{].*$", text, flags=re.M)
    return "\n".join([*colours, *rules, "svg { background: var(--paper); }"])
