"""`detente serve`: the workbench, a page where a small team works on the cases of a folder."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.app import command
from detente.cli.options import JsonOption, argument, option
from detente.cli.output import print_answer, print_aside, print_text
from detente.errors import InputError

DatabaseOption = Annotated[
    str | None,
    option("--database", "URL", "postgresql://... ; without it: an SQLite file in the folder (also: DETENTE_DATABASE)."),
]


@command("serve", "cases --port 8000")
def serve_workbench(
    workspace: Annotated[str, argument("FOLDER", "A folder with case files; without it: the one you are in.")] = ".",
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
    database: DatabaseOption = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")] = False,
) -> None:
    """Serve the cases of a folder as web pages, for one person on this machine or for a team.

    The first line is the address. On this machine alone it holds a token and can be opened once; elsewhere people log in, with
    accounts that `detente serve account` makes. Ctrl-C ends it, with exit code 130; SIGTERM, with 0.
    """
    _needed()
    from detente.serve.begin import begin

    begin(
        workspace, host=host, port=port, origin=origin, certificate=certificate, key=key, database=database,
        opens=not no_open, say=print_text, aside=print_aside,
    )  # fmt: skip


@command("serve account", "cases ana --role edit")
def serve_account(
    workspace: Annotated[str, argument("FOLDER", "The folder with the case files.")],
    name: Annotated[str | None, argument("NAME", "Whose account; without it: list them.")] = None,
    role: Annotated[
        str | None, option("--role", "ROLE", "read, edit, admin, or party: a party of a case, who sees its own brief only.")
    ] = None,
    scope: Annotated[str | None, option("--scope", "CASE/PARTY", "With --role party: which party of which case.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Remove the account.")] = False,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the accounts of a workbench, make one, give it another password and role, or remove it.

    The password is asked for; from a pipe it is the first line of standard input. The sessions of the account end.
    """
    _needed()
    from detente.serve.begin import accounts_of

    if role is not None and remove:
        raise typer.BadParameter("--role and --remove contradict each other")
    if name is None and (role is not None or remove):
        raise typer.BadParameter("say whose account: NAME")
    if name is not None and role is None and not remove:
        raise typer.BadParameter("say what the account is to be: --role read, edit, admin or party; or --remove")
    with accounts_of(workspace, database) as access:
        if name is not None and remove:
            access.remove_account(name)
            access.audit.note("command line", "account", f"{name}: removed")
        elif name is not None and role is not None:
            access.check_account(name, role, scope or "")
            access.set_account(name, _password(), role, scope or "")
            access.audit.note("command line", "account", f"{name}: {role} {scope or ''}".strip())
        found = access.accounts()
    print_answer(
        as_json, lambda: found, lambda: [f"{a['name']}: {a['role']} {a['scope']}".strip() for a in found] or ["No accounts."]
    )


def _password() -> str:
    import getpass
    import sys

    return getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")


def _needed() -> None:
    """That what the extra brings is there.

    Raises
    ------
    InputError
        If it is not, with the line that installs it.
    """
    from importlib.util import find_spec

    for module in ("argon2", "fastapi", "merge3", "python_multipart", "uvicorn"):
        if find_spec(module) is None:
            raise InputError(f"serve: {module} is not installed (install it: pip install 'detente[serve]')")
