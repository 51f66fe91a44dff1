"""The page before the door: the only one that is seen without a session. It needs no other file, and tells nothing."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape

__all__ = ["page_of_the_door"]

_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 17px/1.5 Charter, Cambria, serif;
  background: light-dark(#fffefb, #15171a); color: light-dark(#1c1d1f, #e9e7e2); }
main { width: min(24rem, calc(100vw - 3rem)); padding: 2rem 0; }
h1 { font-size: 1.5rem; font-weight: 600; margin: 0 0 1rem; }
label { display: block; margin: 1rem 0 0.2rem; }
input { box-sizing: border-box; width: 100%; font: inherit; padding: 0.5rem; color: inherit; background: transparent;
  border: 1px solid light-dark(#767676, #8a8a8a); border-radius: 3px; }
button { margin-top: 1.4rem; font: inherit; padding: 0.5rem 1.2rem; border: 0; border-radius: 3px; cursor: pointer;
  color: light-dark(#fffefb, #15171a); background: light-dark(#1f4f82, #8ebcf0); }
:focus-visible { outline: 2px solid light-dark(#1f4f82, #8ebcf0); outline-offset: 2px; }
[role=alert] { color: light-dark(#a8321a, #ff9a78); }
"""
_HASH = b64encode(sha256(_STYLE.encode("utf-8")).digest()).decode("ascii")
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

_FORM = """<form method="post" action="/login">
<label for="name">Name</label><input id="name" name="name" autocomplete="username" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>Log in</button></form>"""
_LOCAL = """<p>The workbench is open to whoever has its address with the token, which <code>detente serve</code> prints when it
begins. It can be opened once. For another browser: <q>Open elsewhere</q> on the first page, or end the command and call it
again.</p>"""


def page_of_the_door(*, local: bool, said: str = "") -> tuple[str, str]:
    """The page, and the content security policy that goes with it. said : what was wrong."""
    alert = f'<p role="alert">{escape(said)}</p>' if said else ""
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Détente</title><style>{_STYLE}</style></head><body><main><h1>Détente</h1>{alert}{_LOCAL if local else _FORM}"
        "</main></body></html>"
    )
    return page, _POLICY
