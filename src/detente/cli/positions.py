"""`detente positions`, `positions fit` and `positions backtest`: where a bargain among many actors is likely to end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.app import command
from detente.cli.options import JsonOption, PageOption, SeedOption, argument, option
from detente.cli.output import print_answer

if TYPE_CHECKING:
    from detente.case.case import Case
    from detente.positions.challenge import Variant

TableArgument = Annotated[
    str,
    argument(
        "TABLE",
        "A CSV or xlsx file with the columns actor, position, salience, capability (and issue, proposal, range ..), "
        "or - for standard input.",
    ),
]
RangeOption = Annotated[
    tuple[float, float] | None,
    option("--range", "LOW HIGH", "The ends of the scale, where the table states none; else the span of its positions."),
]
SalienceOption = Annotated[
    float, option("--salience-max", "X", "The end of the scale of salience that means: nothing matters more.", shown=True)
]
GroupOption = Annotated[
    str | None,
    option("--group", "COLUMN", "The column of what stays whole, such as the proposal that several issues belong to."),
]
OutcomeOption = Annotated[str, option("--outcome", "COLUMN", "The column that holds the outcomes.", shown=True)]
ConstantOption = Annotated[
    list[str] | None,
    option(
        "--constant",
        "ACTOR[:COLUMN=VALUE]",
        "Fit a constant for a named actor, everywhere or where a column has a value; may be repeated.",
    ),
]
VariantOption = Annotated[
    str | None,
    option(
        "--variant",
        "paper|FILE",
        "Play the challenge model as well: as published, or with the choices of a file (q, denominator, votes, order, range, "
        "rounds, settle).",
    ),
]


@command("positions", "bargain.csv --profile eu-council")
def show_forecast(
    table: Annotated[
        str,
        argument(
            "TABLE|CASE",
            "A CSV or xlsx file with the columns actor, position, salience, capability (and issue, proposal, range ..), "
            "- for standard input, or a case with questions of positions.",
        ),
    ],
    profile: Annotated[
        str | None,
        option(
            "--profile",
            "NAME|FILE",
            "Coefficients: eu-council, or a file of `detente positions fit`; without: the baselines only.",
        ),
    ] = None,
    issue: Annotated[str | None, option("--issue", "ID", "Only this issue of the table, in detail.")] = None,
    span: RangeOption = None,
    salience_max: SalienceOption = 100.0,
    outcome: Annotated[str | None, option("--outcome", "COLUMN", "A column of outcomes, to be shown beside.")] = None,
    position_noise: Annotated[
        float, option("--position-noise", "SD", "Error of positions, in hundredths of the range.", shown=True)
    ] = 0.0,
    salience_noise: Annotated[
        float, option("--salience-noise", "SD", "Error of saliences, in hundredths of their scale.", shown=True)
    ] = 0.0,
    capability_noise: Annotated[
        float, option("--capability-noise", "SD", "Error of the logarithm of capabilities; 0.1: about 10%.", shown=True)
    ] = 0.0,
    draws: Annotated[int, option("--draws", "N", "Draws of the inexact inputs.", shown=True)] = 1000,
    seed: SeedOption = 0,
    variant: VariantOption = None,
    trace: Annotated[bool, typer.Option("--trace", help="With --variant: every offer of every round.")] = False,
    picture: Annotated[str | None, option("--picture", "FILE", "Write the picture of one issue as SVG as well.")] = None,
    page: PageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Forecast where a bargain among many actors is likely to end, from their positions, salience and capability.

    Beside the forecast stand the weighted mean and the weighted median. For one issue also: whose change would move the median
    most, and the spread under the stated noise.
    """
    from detente.positions.forecast import positions
    from detente.positions.noise import Noise
    from detente.positions.telling import show_positions

    played = _variant(variant)
    if trace and played is None:
        raise typer.BadParameter("--trace needs --variant")
    noise = None
    if position_noise or salience_noise or capability_noise:
        noise = Noise(position_noise, salience_noise, capability_noise, draws, seed)
    found = positions(
        _source(table),
        profile=profile,
        issue=issue,
        span=span,
        salience_max=salience_max,
        noise=noise,
        challenge=played,
        outcome=outcome,
    )
    if picture is not None or page is not None:
        from detente.base.atomic import write_atomic
        from detente.brief.positionspage import positions_page, positions_picture

        if picture is not None:
            write_atomic(picture, positions_picture(found))
        if page is not None:
            write_atomic(page, positions_page(found))
    print_answer(as_json, lambda: found.to_dict(trace=trace), lambda: show_positions(found, trace=trace))


def _source(given: str) -> str | Case:
    """A case where it is the slug or the file of one; else a table."""
    from detente.case.library import slugs

    if given not in slugs() and not given.endswith((".yaml", ".yml")):
        return given
    from detente.case.load import load

    return load(given)


def _variant(given: str | None) -> Variant | None:
    """The variant of the challenge model that is played; None: it is not."""
    from detente.positions.variant import read_variant

    return None if given is None else read_variant(given)


@command("positions fit", "decided.csv --group proposal -o profile.json")
def fit_profile(
    table: TableArgument,
    output: Annotated[str, option("--output -o", "FILE", "Where the profile goes.")],
    outcome: OutcomeOption = "outcome",
    group: GroupOption = None,
    constant: ConstantOption = None,
    effects: Annotated[
        str,
        option(
            "--effects",
            "WHICH",
            "An effect for each actor: yes, no, or auto: as cross-validation inside the table says.",
            shown=True,
        ),
    ] = "auto",
    span: RangeOption = None,
    salience_max: SalienceOption = 100.0,
    name: Annotated[str, option("--name", "NAME", "The profile's name; else that of its file.")] = "",
    about: Annotated[str, option("--about", "TEXT", "What it can be used for.")] = "",
    source: Annotated[str, option("--source", "TEXT", "Where the data come from, with their terms.")] = "",
    date: Annotated[str | None, option("--on", "DATE", "The day of the fit; else today.")] = None,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Fit a profile of coefficients on issues whose outcome is known."""
    from pathlib import Path

    from detente.positions.backtest import fit
    from detente.positions.telling import show_profile

    choices: dict[str, bool | None] = {"auto": None, "yes": True, "no": False}
    if effects not in choices:
        raise typer.BadParameter(f"got {effects!r} for --effects, wanted auto, yes or no")
    found = fit(
        table,
        outcome=outcome,
        group=group,
        span=span,
        salience_max=salience_max,
        constants=constant or (),
        effects=choices[effects],
        name=name or Path(output).stem,
        about=about,
        origin=source,
        date=date,
        seed=seed,
    )
    found.save(output)
    print_answer(as_json, found.to_dict, lambda: show_profile(found, output))


@command("positions backtest", "decided.csv --group proposal")
def show_scores(
    table: TableArgument,
    outcome: OutcomeOption = "outcome",
    group: GroupOption = None,
    profile: Annotated[
        str | None,
        option("--profile", "NAME|FILE", "Score this profile as it stands; without: nested cross-validation inside the table."),
    ] = None,
    constant: ConstantOption = None,
    span: RangeOption = None,
    salience_max: SalienceOption = 100.0,
    variant: VariantOption = None,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Score forecasts on issues whose outcome is known, against the weighted mean.

    The difference has a 95% interval from redrawing whole groups.
    """
    from detente.positions.backtest import backtest
    from detente.positions.telling import show_backtest

    found = backtest(
        table,
        outcome=outcome,
        group=group,
        profile=profile,
        span=span,
        salience_max=salience_max,
        constants=constant or (),
        challenge=_variant(variant),
        seed=seed,
    )
    print_answer(as_json, found.to_dict, lambda: show_backtest(found))
