"""Where a server listens, and that it does so until it is told to end."""

from __future__ import annotations

import logging
import signal
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from agentmem.errors import InvalidInput, Refused, Unavailable
from agentmem.logs import to_stderr
from agentmem.web.hosts import is_loopback
from agentmem.web.limits import Limits

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from agentmem.config import Settings

QUEUE = 128
"""Connections that may wait to be taken."""
SECONDS_TO_END = 5
"""In which requests that are being served are answered, once a server is told to end."""


def serve(app: ASGIApp, listening: socket.socket, limits: Limits, served: str, settings: Settings) -> None:
    """Serve until interrupted or told to end; where is told on stderr.

    What is being answered then is answered still.

    Args:
        app: What is served.
        listening: A socket that listens.
        limits: How many requests are served at a time.
        served: What is told, before the address: `serving memory at {}/mcp`.
        settings: How the log is written.
    """
    import uvicorn

    log_to_stderr(settings)
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    print(served.format(f"http://{shown}:{port}"), file=sys.stderr, flush=True)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        ws="none",
        limit_concurrency=limits.connections,
        timeout_graceful_shutdown=SECONDS_TO_END,
    )
    with _ends_here():
        uvicorn.Server(config).run(sockets=[listening])


@contextmanager
def _ends_here() -> Iterator[None]:
    """Let a process that is told to end (SIGTERM) end what it is in the middle of: a bank is closed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: None)  # uvicorn ends, and then raises it again
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def listen(host: str, port: int, *, allow_remote: bool, names: Sequence[str] = ()) -> socket.socket:
    """A socket that listens.

    Raises:
        Refused: others could reach it, and that was not allowed.
        InvalidInput: under which name they would is not said.
        Unavailable: the port is taken, or the host is none of this machine.
    """
    if not is_loopback(host):
        if not allow_remote:
            raise Refused(
                f"other machines could reach the memory at {host!r}",
                "leave --host out, or add --allow-remote and put TLS before it",
            )
        if not names:
            raise InvalidInput(
                "the name under which other machines reach this one is not said", "add --server-name NAME"
            )
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with ExitStack() as unless_it_listens:
            listening = unless_it_listens.enter_context(socket.socket(family, kind, protocol))
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(QUEUE)
            unless_it_listens.pop_all()
    except OSError as error:
        raise Unavailable(
            f"cannot listen at {host}, port {port}: {error.strerror or error}", "name another: --port N"
        ) from error
    return listening


def log_to_stderr(settings: Settings) -> None:
    """Let what is logged here, by the servers too, be seen on stderr, as the settings say."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.NullHandler())  # else mcp adds one that tells everything
    to_stderr(settings.log, settings.log_level, also=("mcp", "uvicorn"))
