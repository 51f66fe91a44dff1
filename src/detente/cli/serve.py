"""`detente serve`: the workbench, a page where a small team works on the cases of a folder."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.app import app
from detente.cli.options import argument, option
from detente.cli.output import print_aside, print_text
from detente.errors import InputError


@app.command("serve", epilog="Example: detente serve cases --port 8000")
def serve_workbench(
    workspace: Annotated[str, argument("WORKSPACE", "A folder with case files; without it: the one you are in.")] = ".",
    port: Annotated[int, option("--port", "N", "The port; 0: one that is free.", shown=True)] = 8321,
    host: Annotated[str, option("--host", "H", "The address to listen at.", shown=True)] = "127.0.0.1",
    origin: Annotated[
        str | None,
        option(
            "--origin",
            "URL",
            "How browsers reach it, such as https://bench.example.org; needed unless it is this machine alone.",
        ),
    ] = None,
    certificate: Annotated[str | None, option("--certificate", "FILE", "For https without a proxy: certificate, PEM.")] = None,
    key: Annotated[str | None, option("--key", "FILE", "Its key, PEM.")] = None,
    database: Annotated[
        str | None,
        option("--database", "URL", "postgresql://... ; without it: an SQLite file in the folder (also: DETENTE_DATABASE)."),
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")] = False,
) -> None:
    """Serve the cases of a folder as web pages, for one person on this machine or for a team.

    The first line is the address. On this machine alone (127.0.0.1) it holds a token and can be opened once; elsewhere people
    log in, with accounts that `detente serve account` makes. Ctrl-C ends it; nothing is lost.
    """
    try:
        import argon2  # noqa: F401
        import fastapi  # noqa: F401
        import merge3  # noqa: F401
        import python_multipart  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as err:
        raise InputError(f"serve: {err.name} is not installed (install it: pip install 'detente[serve]')") from None
    from detente.serve.begin import begin

    begin(
        workspace, host=host, port=port, origin=origin, certificate=certificate, key=key, database=database,
        opens=not no_open, say=print_text, aside=print_aside,
    )  # fmt: skip
