"""The skill of `detente forecast --backtest` on published event data, from paths given as arguments.

    python benchmarks/forecast.py [--gdelt FILE] [--icews FILE] [--levant FILE] [--gulf FILE] [--scale FILE] [--views FOLDER]
                                  [--rivals N] [--out FOLDER] [--only NAME]

Each data set is made into a long table (date, unit, value) and run with the one command and its defaults; nothing is set by
data set but the origins. Dyads are taken into a table by what happened before its first origin only.

    gdelt         dyads of 18 countries, the index as published, origins 2018-12 to 2019-11
    icews         dyads of named actors with at least 20 events before 2018-04, counts of events, origins 2018-03 to 2018-07
    levant, gulf  directed dyads of countries with at least 100 events before the first origin (2006-01, 1994-01), counts of
                  events; with --scale also the sum of their CAMEO scale (`levant-sum`, `gulf-sum`)
    views         country-month battle deaths from November 2017 (features and actuals), origins 2018-10 to 2019-11
    views-2019    the one forecast that the published benchmark made, from October 2018 for January to December 2019

Prints, for each, CRPS of every model, the best simple forecast, the skill of the chosen model with its interval, coverage of
the 80 % interval, and seconds. Writes forecast.md and forecast.json to --out.

--rivals N adds, from every N-th origin, the automatic models of statsforecast, which its reader would otherwise take:
AutoARIMA, AutoETS, AutoTheta and AutoCES, with a season of twelve where two years are known, each unit on its own. Their 100
quantiles are put to the same rules as ours (no value below the lowest possible, whole for counts) and paired case by case with
the chosen model, the mixture and two simple forecasts. The interval is that of the skill: blocks of origins and units redrawn.
It needs `pip install 'detente[benchmarks]'`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import duckdb
import numpy as np

from detente.base.crps import crps
from detente.forecast.backtest import backtest
from detente.forecast.models import fit, simple
from detente.forecast.panel import Panel, Series, panel_of
from detente.forecast.past import past
from detente.forecast.result import Backtest
from detente.forecast.rolling import choose, mixed
from detente.forecast.scores import coverage, skill_interval
from detente.forecast.table import read_table

Job = tuple[str, str, tuple[str, ...], str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description="Skill of forecasts on published event data.")
    for name in ("gdelt", "icews", "levant", "gulf", "scale", "views", "out", "only"):
        parser.add_argument(f"--{name}", type=str if name == "only" else Path)
    parser.add_argument("--rivals", type=int, metavar="N")
    asked = parser.parse_args()
    if asked.rivals is not None and find_spec("statsforecast") is None:
        parser.error("--rivals: statsforecast is not installed (pip install 'detente[benchmarks]')")
    told: dict[str, dict[str, object]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, file, unit, value, origins in jobs(asked, Path(folder)):
            if asked.only and asked.only != name:
                continue
            start = time.perf_counter()
            panel = panel_of(read_table(file, date="date", unit=unit, value=value))
            found = backtest(panel, origins=origins, losses=asked.rivals is not None)
            seconds = time.perf_counter() - start
            told[name] = {**replace(found, losses=()).to_dict(detail=True), "seconds": round(seconds, 1)}
            print(f"{name}: {found.units:,} units, {found.origins} origins, {seconds:.0f} s", flush=True)
            for model, score in sorted(found.models.items(), key=lambda x: x[1].crps):
                print(f"    {model:15s} {score.crps:10.4f}   80 % interval covers {score.coverage80:.3f}")
            low, high = found.interval or (float("nan"), float("nan"))
            print(
                f"    chosen {found.chosen}: skill {found.skill:.3f} ({low:.3f} to {high:.3f}) over {found.baseline}",
                flush=True,
            )
            if asked.rivals is not None:
                told[name]["rivals"] = paired(found, panel, asked.rivals)
        if asked.views and asked.only in (None, "views-2019"):
            told["views-2019"] = published(asked.views, Path(folder))
    if asked.out:
        asked.out.mkdir(parents=True, exist_ok=True)
        (asked.out / "forecast.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
        (asked.out / "forecast.md").write_text("\n".join(table(told)) + "\n", encoding="utf-8")


def jobs(asked: argparse.Namespace, folder: Path) -> Iterator[Job]:
    """Name, table, unit columns, value column and origins of each run."""
    if asked.gdelt:
        yield "gdelt", str(asked.gdelt), ("a", "b"), "value", "2018-12:2019-11"
    if asked.icews:
        events = f"(SELECT date, source AS s, target AS t, 1 AS n FROM read_csv('{asked.icews}') WHERE source <> target)"
        yield "icews", dyads(folder, "icews", events, "2018-04-01", 20), ("s", "t"), "n", "2018-03:2018-07"
    for name, file, first, origins in (
        ("levant", asked.levant, "2006-01-01", "2006-01:2011-05"),
        ("gulf", asked.gulf, "1994-01-01", "1994-01:1998-09"),
    ):
        if not file:
            continue
        scale = f"LEFT JOIN read_csv('{asked.scale}', all_varchar=true) USING (code)" if asked.scale else ""
        worth = "coalesce(CAST(scale AS DOUBLE), 0)" if asked.scale else "0"
        events = (
            f"(SELECT CAST(date AS DATE) AS date, source[:3] AS s, target[:3] AS t, 1 AS n, {worth} AS v "
            f"FROM read_csv('{file}', all_varchar=true) {scale} WHERE source[:3] <> target[:3])"
        )
        made = dyads(folder, name, events, first, 100)
        yield name, made, ("s", "t"), "n", origins
        if asked.scale:
            yield f"{name}-sum", made, ("s", "t"), "v", origins
    if asked.views:
        yield "views", views(folder, asked.views), ("country_id",), "ged_sb", "2018-10:2019-11"


def dyads(folder: Path, name: str, events: str, first: str, least: int) -> str:
    """The events of dyads with at least so many before the first origin, as a file."""
    file = folder / f"{name}.parquet"
    kept = f"SELECT s, t FROM {events} WHERE date < '{first}' GROUP BY ALL HAVING count(*) >= {least}"
    duckdb.sql(f"COPY (SELECT * FROM {events} JOIN ({kept}) USING (s, t) ORDER BY ALL) TO '{file}'")
    return str(file)


def views(folder: Path, source: Path) -> str:
    """Deaths by country and month from the features (to October 2018) and the actuals (2018, 2019)."""
    file = folder / "views.parquet"
    first, *later = (
        f"SELECT month_id, country_id, ged_sb FROM '{source}/{n}.parquet'"
        for n in ("cm_features_to_oct2018", "cm_actuals_2018", "cm_actuals_2019")
    )
    parts = f"{first} UNION ALL SELECT * FROM ({' UNION ALL '.join(later)}) WHERE month_id > 466"  # the actuals were revised
    month = (
        "strftime(make_date(CAST(1980 + (month_id - 1) // 12 AS BIGINT), CAST(1 + (month_id - 1) % 12 AS BIGINT), 1), '%Y-%m')"
    )
    duckdb.sql(f"COPY (SELECT {month} AS date, country_id, ged_sb FROM ({parts}) ORDER BY ALL) TO '{file}'")
    return str(file)


def published(source: Path, folder: Path) -> dict[str, object]:
    """The forecast of 2019 from October 2018 alone, 3 to 14 months ahead, against the benchmark's own samples."""
    panel = panel_of(read_table(views(folder, source), date="date", unit=["country_id"], value="ged_sb"))
    origin, horizon = panel.time("2018-10"), 14
    known = past(panel, origin)
    choice = choose(panel, origin, horizon, 0)
    found = simple(choice.names, known, horizon) | fit(known, horizon, 0).predict(known, horizon)
    found["mixture"] = mixed(choice, found, known)
    y = panel.y[known.who, origin + 3 : origin + 15]
    scores = {n: float(crps(v[:, 2:], y).mean()) for n, v in found.items()}
    samples = source / "bm_cm_last_historical_poisson_expanded_2019.parquet"
    actuals = source / "cm_actuals_2019.parquet"
    rows = duckdb.sql(
        f"SELECT list(outcome ORDER BY outcome) AS x, any_value(ged_sb) AS y FROM '{samples}' "
        f"JOIN '{actuals}' USING (month_id, country_id) GROUP BY month_id, country_id"
    ).fetchnumpy()
    theirs = float(crps(np.stack(rows["x"]).astype(float), rows["y"].astype(float)).mean())
    for name, score in sorted(scores.items(), key=lambda x: x[1]):
        print(f"    {name:15s} {score:10.4f}   80 % interval covers {coverage(found[name][:, 2:], y).mean():.3f}")
    print(
        f"views-2019: chosen {choice.chosen} {scores[choice.chosen]:.3f}, published last-historical-Poisson {theirs:.3f}",
        flush=True,
    )
    return {"chosen": choice.chosen, "crps": scores, "published": theirs, "skill": 1 - scores[choice.chosen] / theirs}


def paired(found: Backtest, panel: Panel, every: int) -> dict[str, object]:
    """Our losses and those of the automatic models in the same cases, from every so many origins."""
    ours = [n for n in dict.fromkeys((found.chosen, "mixture", "last-year", "decaying-12")) if n in found.models]
    origins = sorted({panel.time(c.origin) for c in found.losses})[::every]
    places = {u: n for n, u in enumerate(panel.units)}
    lost = {n: np.full((len(origins), len(places)), np.nan) for n in ours}
    for c in found.losses:
        if (o := panel.time(c.origin)) in origins:
            for n in ours:
                cell = (origins.index(o), places[c.unit])
                lost[n][cell] = np.nan_to_num(lost[n][cell]) + c.crps[n]
    cases = 0
    for n, origin in enumerate(origins):
        known = past(panel, origin)
        y = panel.y[known.who, origin + 1 : origin + 1 + found.horizon]
        cases += int(np.isfinite(y).sum())
        for name, values in automatic(known.y, found.horizon, panel.year).items():
            settled = np.maximum(np.sort(values, axis=-1), known.lowest)[:, : y.shape[1]]
            loss = crps(np.rint(settled) if known.counts else settled, y)
            lost.setdefault(name, np.full((len(origins), len(places)), np.nan))[n, known.who] = np.nansum(loss, axis=1)
    means = {n: float(np.nansum(x)) / cases for n, x in lost.items()}
    told: dict[str, object] = {"origins": len(origins), "cases": cases, "crps": means}
    print(f"    paired with statsforecast's automatic models: {len(origins)} origins, {cases:,} cases", flush=True)
    for name in [n for n in means if n not in ours]:
        pairs = {n: (1 - means[n] / means[name], *(skill_interval(lost[n], lost[name], found.horizon, 0) or ())) for n in ours}
        told[name] = pairs
        said = ", ".join(f"{n} {' '.join(f'{x:.3f}' for x in p)}" for n, p in pairs.items())
        print(f"    {name:15s} {means[name]:10.4f}   skill over it, with its interval: {said}", flush=True)
    return told


def automatic(y: Series, horizon: int, year: int) -> dict[str, Series]:
    """The forecasts of statsforecast's automatic models from series of shape (N, T), of shape (N, H, 100)."""
    import pandas as pd
    from statsforecast import StatsForecast
    from statsforecast.models import AutoARIMA, AutoCES, AutoETS, AutoTheta, Naive

    season = year if y.shape[1] >= 2 * year else 1
    long = pd.DataFrame({"unique_id": np.repeat(np.arange(len(y)), y.shape[1]), "ds": np.tile(np.arange(y.shape[1]), len(y))})
    long["y"] = y.ravel()
    long["y"] = long.groupby("unique_id")["y"].ffill().fillna(0.0)
    models = [kind(season_length=season) for kind in (AutoARIMA, AutoETS, AutoTheta, AutoCES)]
    made = StatsForecast(models, freq=1, fallback_model=Naive()).forecast(df=long, h=horizon, level=list(range(1, 100, 2)))
    made = made.sort_values(["unique_id", "ds"])
    out = {}
    for model in map(str, models):
        names = [f"{model}-lo-{k}" for k in range(99, 0, -2)] + [f"{model}-hi-{k}" for k in range(1, 100, 2)]
        values = made[names].to_numpy().reshape(len(y), horizon, 100)
        out[model] = np.where(np.isfinite(values), values, made[model].to_numpy().reshape(len(y), horizon, 1))
    return out


def table(told: dict[str, dict[str, object]]) -> Iterator[str]:
    """The results as Markdown."""
    heads = ["data set", "units", "origins", "chosen", "CRPS", "best simple forecast", "CRPS", "skill", "95 % interval"]
    heads += ["80 % interval covers", "seconds"]
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for name, x in told.items():
        if name == "views-2019":
            continue
        models: dict[str, dict[str, float]] = x["models"]  # type: ignore[assignment]
        mine, base = models[str(x["chosen"])], models[str(x["baseline"])]
        low, high = x["interval"]  # type: ignore[misc]
        yield (
            f"| {name} | {x['units']} | {x['origins']} | {x['chosen']} | {mine['crps']:.4g} | {x['baseline']} | "
            f"{base['crps']:.4g} "
            f"| {x['skill']:.3f} | {low:.3f} to {high:.3f} | {mine['coverage80']:.3f} | {x['seconds']} |"
        )


if __name__ == "__main__":
    main()
