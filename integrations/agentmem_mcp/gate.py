"""What stands before the server over HTTP: who calls, how often, how much; and what is told of errors."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

import anyio

from agentmem.db.names import decode
from agentmem.errors import InvalidInput
from agentmem.logs import fields, in_log, logger
from agentmem.records import Namespace
from agentmem_mcp.limits import Bucket, Limits
from agentmem_mcp.tokens import Holder, Tokens

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logger(__name__)

PATH = "/mcp"
AUTHORIZATION = b"authorization"
SCHEME = b"bearer "


@dataclass(eq=False)
class Answer(Exception):
    """A request that is answered here: its status, why, and further headers."""

    status: HTTPStatus
    why: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Gate:
    """An ASGI application that lets a request through to the application of its token's namespace.

    Args:
        tokens: Who may call.
        apps: The application of each namespace. It is never shown the token.
        limits: How much each may ask.
        rest: Who answers what is no HTTP request: start and end of the server.
        clock: Seconds that only grow.
    """

    def __init__(
        self,
        tokens: Tokens,
        apps: Mapping[Namespace, ASGIApp],
        limits: Limits,
        rest: ASGIApp,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tokens = tokens
        self._apps = apps
        self._limits = limits
        self._rest = rest
        self._paces = {holder.number: Bucket(limits, clock) for _, holder in tokens.known}
        self._strangers = Bucket(limits, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what goes wrong is logged, and told as no more than an internal error."""
        if scope["type"] != "http":
            await self._rest(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            holder = self._holder(scope)
            self._place(scope, holder)
            body = await self._body(scope, receive)
            await self._apps[holder.namespace](_inner(scope), _replayed(body, receive), watched)
        except Answer as answer:
            await _send(send, answer)
        except Exception as error:  # whatever it is, the log says where, and the client hears nothing of it
            log.error("a request failed: %s", in_log(error), extra=fields(error))  # noqa: TRY400
            if not begun:
                await _send(send, Answer(HTTPStatus.INTERNAL_SERVER_ERROR, "internal error"))

    def _holder(self, scope: Scope) -> Holder:
        """Who calls.

        Raises:
            Answer: nobody who is known, or one who calls too often.
        """
        given = [value for name, value in scope["headers"] if name.lower() == AUTHORIZATION]
        is_bearer = len(given) == 1 and given[0][: len(SCHEME)].lower() == SCHEME
        holder = self._tokens.find(given[0][len(SCHEME) :].strip()) if is_bearer else None
        seconds = (self._strangers if holder is None else self._paces[holder.number]).take()
        if seconds:
            raise Answer(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"too many requests; try again in {seconds} s",
                {"Retry-After": str(seconds)},
            )
        if holder is None:
            why = "this token is not known" if is_bearer else "a bearer token is required"
            raise Answer(HTTPStatus.UNAUTHORIZED, why, {"WWW-Authenticate": "Bearer"})
        return holder

    def _place(self, scope: Scope, holder: Holder) -> None:
        """Check that the path is one, and names no other namespace than the holder's.

        Raises:
            Answer: it is none, or names another one, or the method is none that is served.
        """
        path, _, named = scope["path"].removeprefix("/").partition("/")
        if f"/{path}" != PATH:
            raise Answer(HTTPStatus.NOT_FOUND, f"there is nothing at this path; the server is at {PATH}")
        if named and _decoded(named) != holder.namespace:
            raise Answer(HTTPStatus.FORBIDDEN, "this token is bound to another namespace")
        if scope["method"] != "POST":
            raise Answer(HTTPStatus.METHOD_NOT_ALLOWED, "only POST is served", {"Allow": "POST"})

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        """The whole body.

        Raises:
            Answer: it is too large, whatever its length is said to be, or too slow.
        """
        most = self._limits.bytes
        large = Answer(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"a request has at most {most} bytes",
            {"Connection": "close"},
        )
        told = dict(scope["headers"]).get(b"content-length", b"")
        if told.isdigit() and int(told[:20]) > most:
            raise large
        body = bytearray()
        with anyio.move_on_after(self._limits.seconds_body):
            while True:
                message = await receive()
                body += message.get("body", b"")
                if len(body) > most:
                    raise large
                if not message.get("more_body", False):
                    return bytes(body)
        raise Answer(HTTPStatus.REQUEST_TIMEOUT, "the request came too slowly", {"Connection": "close"})


def _decoded(path: str) -> Namespace | None:
    try:
        return decode(path)
    except InvalidInput:
        return None


def _inner(scope: Scope) -> Scope:
    """What the application is shown: the path of the server, and no token."""
    headers = [(name, value) for name, value in scope["headers"] if name.lower() != AUTHORIZATION]
    return {**scope, "headers": headers, "path": PATH, "raw_path": PATH.encode()}


def _replayed(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def _send(send: Send, answer: Answer) -> None:
    body = json.dumps({"error": answer.why}).encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **answer.headers}
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": int(answer.status), "headers": raw})
    await send({"type": "http.response.body", "body": body})
