"""Serving memory over MCP: over stdio for one namespace, or over HTTP for the namespaces of tokens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import anyio

from agentmem.bank.spec import MemorySpec
from agentmem.records import Namespace
from agentmem.web.gate import Gate, Place
from agentmem.web.hosts import Hosts
from agentmem.web.limits import Limits
from agentmem.web.listening import log_to_stderr
from agentmem.web.tokens import Holder, Tokens
from agentmem_mcp.server import MemoryServer

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.types import ASGIApp

    from agentmem.bank import Bank

PATH = "/mcp"
VARIABLE = "AGENTMEM_MCP_TOKEN"
"""Where the environment may hold a token."""


def serve_stdio(bank: Bank, namespace: Namespace, spec: MemorySpec | str) -> None:
    """Serve one namespace to the process that started this one, until it closes our stdin."""
    log_to_stderr(bank.settings)
    anyio.run(MemoryServer(bank, namespace, spec).run_stdio_async)


def app_of(
    bank: Bank, tokens: Tokens, spec: MemorySpec | str, limits: Limits, names: Sequence[str] = ()
) -> Gate:
    """The ASGI application: one server for each namespace that a token is bound to, or reads.

    Args:
        bank: The bank.
        tokens: Who may call, and for which namespace.
        spec: The store that recalls.
        limits: How much each may ask.
        names: Further hosts under which it is reached; no other Host or Origin is answered.
    """
    from starlette.applications import Starlette

    rights = {(holder.namespace, holder.writes) for holder in tokens.holders}
    servers = {(own, writes): MemoryServer(bank, own, spec, writes=writes) for own, writes in rights}
    apps = {right: _mounted(server, limits) for right, server in servers.items()}

    def served(holder: Holder) -> ASGIApp:
        return apps[holder.namespace, holder.writes]

    @asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for server in servers.values():
                await stack.enter_async_context(server.session_manager.run())
            yield

    place = Place(PATH, methods=("POST",), names_namespace=True, hosts=Hosts(tuple(names)))
    return Gate(tokens, served, limits, place, Starlette(lifespan=running))


def _mounted(server: MemoryServer, limits: Limits) -> ASGIApp:
    from mcp.server.transport_security import TransportSecuritySettings

    return server.streamable_http_app(
        streamable_http_path=PATH,
        stateless_http=True,
        json_response=True,
        max_request_body_size=limits.bytes,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),  # the gate does
    )
