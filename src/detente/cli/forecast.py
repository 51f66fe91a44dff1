"""`detente forecast`: what is ahead by the record, beside how such forecasts did before."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.actors import ActorsOption, PartiesOption, read_who
from detente.cli.app import command
from detente.cli.options import ForecastProfileOption, JsonOption, PageOption, SeedOption, folder_option, option
from detente.cli.output import print_answer, print_aside, print_json, print_rich


@command("forecast", "--backtest --table events.csv --date date --unit source,target --origins 2018-01:2019-06")
def show_forecast_of(
    context: typer.Context,
    table: Annotated[str | None, option("--table", "FILE", "A long table: .csv, .csv.gz or .parquet.")] = None,
    date: Annotated[str, option("--date", "COLUMN", "Its column of dates.", shown=True)] = "date",
    unit: Annotated[str | None, option("--unit", "COLUMN[,COLUMN]", "Its columns that name the unit.")] = None,
    value: Annotated[
        str | None,
        option(
            "--value",
            "COLUMN",
            "Its column of values; none: rows count. Of a record: events, cooperation or conflict.",
        ),
    ] = None,
    by: Annotated[
        str, option("--period", "PERIOD", "month, week or day; period where dates are numbers.", shown=True)
    ] = "month",
    missing: Annotated[
        str, option("--missing", "HOW", "What a unit without a row in a period had: zero, or gap (not known).", shown=True)
    ] = "zero",
    workspace: Annotated[
        str | None,
        folder_option("Without --table: the folder of the record. Without both: detente-record, where there is one."),
    ] = None,
    actors: ActorsOption = None,
    case: PartiesOption = None,
    of: Annotated[str | None, option("--of", "NAME[,NAME]", "Forecast this unit: one name for each unit column.")] = None,
    as_of: Annotated[str | None, option("--as-of", "DATE", "Forecast from this period; none: from the last one.")] = None,
    backtest: Annotated[
        bool, typer.Option("--backtest", help="Score all models by rolling origin in place of a forecast.")
    ] = False,
    origins: Annotated[
        str | None,
        option(
            "--origins",
            "FROM:TO",
            "First and last origin of the backtest; none: the last third.",
        ),
    ] = None,
    horizon: Annotated[int, option("--horizon", "H", "Periods ahead, 1 to H.", shown=True)] = 6,
    crisis: Annotated[str | None, option("--crisis", "VALUE", "What a crisis is: '>=50' (or 50) or '<=-100'.")] = None,
    page: PageOption = None,
    detail: Annotated[bool, typer.Option("--detail", help="With --backtest --json: print all scores and notes.")] = False,
    losses: Annotated[
        bool, typer.Option("--losses", help="With --backtest --json: the loss of every model in every case as well.")
    ] = False,
    profile: ForecastProfileOption = "plain",
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Forecast a series by period, always beside the past score of the model, or score all models on a table.

    What forecasts is fixed by past scores only. `detente forecast ask` and `detente forecast questions` are about single
    questions.
    """
    from detente.errors import InputError
    from detente.forecast.record import series_table
    from detente.record.schema import default_folder

    source_of = context.get_parameter_source("workspace")
    if table is None:
        workspace = workspace or default_folder()
    elif source_of is not None and source_of.name == "ENVIRONMENT":
        workspace = None  # the table was asked for
    if (table is None) == (workspace is None):
        raise InputError("forecast: give either --table FILE or --workspace FOLDER")
    if table is not None and unit is None:
        raise InputError("forecast: --table needs --unit COLUMN[,COLUMN], the columns that name the unit")
    if of is None and not backtest:
        raise InputError("forecast: give --of NAME[,NAME], the unit to forecast, or --backtest to score all models")
    if table is not None and (actors or case):
        raise InputError("forecast: --actors and --case are for a record, wanted --workspace FOLDER with them")
    source = (
        table
        if table is not None
        else series_table(str(workspace), by=by, missing=missing, value=value, actors=read_who(actors, case))
    )
    columns = {"date": date, "unit": unit or "", "value": value, "by": by, "profile": profile}
    if backtest:
        from detente.forecast.backtest import backtest as score
        from detente.forecast.telling import show_backtest

        how = {**columns, "origins": origins, "horizon": horizon, "missing": missing, "crisis": crisis, "seed": seed}
        scores = score(source, **how, losses=losses)  # type: ignore[arg-type]
        if as_json:
            print_json(scores.to_dict(detail=detail))
            for note in () if detail else scores.notes:
                print_aside(f"detente: {note}")
        else:
            print_rich(*show_backtest(scores))
        return
    from detente.forecast.forecast import forecast
    from detente.forecast.telling import show_forecast

    found = forecast(source, of or "", **columns, as_of=as_of, horizon=horizon, missing=missing, crisis=crisis, seed=seed)  # type: ignore[arg-type]
    if page is not None:
        from detente.base.atomic import write_atomic
        from detente.brief.forecastpage import forecast_page
        from detente.forecast.scores import Crisis

        threshold = None if crisis is None else Crisis.of(crisis).threshold
        write_atomic(page, forecast_page(found, threshold=threshold))
    print_answer(as_json, found.to_dict, lambda: show_forecast(found))
