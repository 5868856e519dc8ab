"""Serving memory: over stdio for one namespace, or over HTTP for the namespaces of tokens."""

from __future__ import annotations

import ipaddress
import logging
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import anyio

from agentmem.bank.spec import MemorySpec
from agentmem.errors import InvalidInput, Refused, Unavailable
from agentmem.logs import to_stderr
from agentmem.records import Namespace
from agentmem_mcp.gate import PATH, Gate
from agentmem_mcp.limits import Limits
from agentmem_mcp.server import MemoryServer
from agentmem_mcp.tokens import Tokens

if TYPE_CHECKING:
    from agentmem.bank import Bank
    from agentmem.config import Settings

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""Names by which this machine calls itself."""
QUEUE = 128
"""Connections that may wait to be taken."""


def serve_stdio(bank: Bank, namespace: Namespace, spec: MemorySpec | str) -> None:
    """Serve one namespace to the process that started this one, until it closes our stdin."""
    log_to_stderr(bank.settings)
    anyio.run(MemoryServer(bank, namespace, spec).run_stdio_async)


def app_of(
    bank: Bank, tokens: Tokens, spec: MemorySpec | str, limits: Limits, names: Sequence[str] = ()
) -> Gate:
    """The ASGI application: one server for each namespace that a token is bound to.

    Args:
        bank: The bank.
        tokens: Who may call, and for which namespace.
        spec: The store that recalls.
        limits: How much each may ask.
        names: Further hosts under which it is reached; no other Host or Origin is answered.
    """
    from mcp.server.transport_security import TransportSecuritySettings
    from starlette.applications import Starlette

    hosts = [*LOOPBACK, *names]
    security = TransportSecuritySettings(
        allowed_hosts=[form for host in hosts for form in (host, f"{host}:*")],
        allowed_origins=[
            form
            for host in hosts
            for scheme in ("http", "https")
            for form in (f"{scheme}://{host}", f"{scheme}://{host}:*")
        ],
    )
    servers = {namespace: MemoryServer(bank, namespace, spec) for namespace in tokens.namespaces}
    apps = {
        namespace: server.streamable_http_app(
            streamable_http_path=PATH,
            stateless_http=True,
            json_response=True,
            max_request_body_size=limits.bytes,
            transport_security=security,
        )
        for namespace, server in servers.items()
    }

    @asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for server in servers.values():
                await stack.enter_async_context(server.session_manager.run())
            yield

    return Gate(tokens, apps, limits, Starlette(lifespan=running))


def serve_http(app: Gate, listening: socket.socket, limits: Limits, settings: Settings) -> None:
    """Serve until interrupted; where is told on stderr."""
    import uvicorn

    log_to_stderr(settings)
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    print(f"serving memory at http://{shown}:{port}{PATH}", file=sys.stderr, flush=True)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        ws="none",
        limit_concurrency=limits.connections,
        timeout_graceful_shutdown=5,
    )
    uvicorn.Server(config).run(sockets=[listening])


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


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens at `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def log_to_stderr(settings: Settings) -> None:
    """Let what is logged here, by the servers too, be seen on stderr, as the settings say."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.NullHandler())  # else mcp adds one that tells everything
    to_stderr(settings.log, settings.log_level, also=("mcp", "uvicorn"))
