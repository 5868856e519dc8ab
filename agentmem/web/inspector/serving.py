"""Serving the inspector to the browser of whoever started it."""

from __future__ import annotations

import threading
import webbrowser
from typing import TYPE_CHECKING

from agentmem.web.inspector.app import app_of
from agentmem.web.inspector.door import TOKEN, new_token
from agentmem.web.limits import Limits
from agentmem.web.listening import listen, serve

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank
    from agentmem.records import Namespace

HOST = "127.0.0.1"
"""The inspector is for this machine alone."""
SOON = 0.7
"""Seconds after which the browser is opened: the server has begun by then."""


def inspect(
    bank: Bank,
    port: int,
    *,
    prefix: Namespace | None,
    store: str,
    name: str,
    writes: bool,
    opens: bool,
) -> None:
    """Serve a bank until interrupted; the address, with its token, is told on stderr.

    Args:
        bank: The bank.
        port: Where to listen; 0: any port that is free.
        prefix: The namespace at and under which is looked; none: all of the bank.
        store: The store that is asked first.
        name: What the bank is called.
        writes: Whether records may be corrected, retracted and forgotten.
        opens: Whether the browser is opened.

    Raises:
        Unavailable: the port is taken.
    """
    token = new_token()
    with listen(HOST, port, allow_remote=False) as listening:
        at = listening.getsockname()[1]
        app = app_of(bank, token, at, prefix=prefix, store=store, name=name, writes=writes)
        bank.library.warm()
        if opens:
            opening = threading.Timer(SOON, webbrowser.open, [f"http://{HOST}:{at}/?{TOKEN}={token}"])
            opening.daemon = True
            opening.start()
        serve(app, listening, Limits(connections=64), f"inspect it at {{}}/?{TOKEN}={token}", bank.settings)
