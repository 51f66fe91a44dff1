"""Opening an engine: ibis over duckdb, or over a Spark session that is there or is begun on this machine."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from detente.errors import RecordError
from detente.record.engines import ENGINES, SUPPORT

__all__ = ["backend", "wanted"]


def wanted(question: str, engine: str) -> None:
    """Check that an engine answers a question.

    Raises
    ------
    RecordError
        If there is no such engine, or it does not.
    """
    if engine not in ENGINES:
        raise RecordError(f"--engine {engine}: there is no such engine (known: {', '.join(ENGINES)})")
    if engine not in SUPPORT[question]:
        raise RecordError(f"--engine {engine}: does not answer {question} (these do: {', '.join(SUPPORT[question])})")


@contextmanager
def backend(engine: str, master: str = "local[*]") -> Iterator[Any]:
    """An ibis backend. master : where Spark runs: local[N], or the URL of a cluster that can read the record's folder.

    Raises
    ------
    RecordError
        If ibis or Spark is not installed, or Spark cannot be started.
    """
    try:
        import ibis
    except ImportError:
        raise RecordError(f"--engine {engine}: ibis is not installed (pip install 'detente[spark]')") from None
    if engine == "duckdb":
        connection = ibis.duckdb.connect()
        try:
            yield connection
        finally:
            connection.disconnect()
        return
    interrupted = signal.getsignal(signal.SIGINT)
    session = _session(master)
    try:
        yield ibis.pyspark.connect(session)
    finally:
        session.stop()
        if threading.current_thread() is threading.main_thread():  # Spark's own handler asks a session that is gone
            signal.signal(signal.SIGINT, interrupted)


def _session(master: str) -> Any:
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise RecordError("--engine spark: pyspark is not installed (pip install 'detente[spark]')") from None
    builder = SparkSession.builder.master(master).appName("detente")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "8" if master.startswith("local") else "200",
        "spark.log.level": "ERROR",
    }
    if master.startswith("local"):
        settings |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except (PySparkException, OSError, RuntimeError) as err:
        message = str(err).splitlines()[0]
        raise RecordError(f"--engine spark: cannot be started: {message} (Spark needs Java 17 or newer)") from None
