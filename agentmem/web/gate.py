"""What stands before a server over HTTP: who calls, how often, how much; and what is told of errors."""

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
from agentmem.web.hosts import Hosts
from agentmem.web.limits import Bucket, Limits
from agentmem.web.tokens import Holder, Tokens

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logger(__name__)

AUTHORIZATION = b"authorization"
SCHEME = b"bearer "


@dataclass(eq=False)
class Answer(Exception):
    """A request that is refused: its status, why, further headers, and what to do about it."""

    status: HTTPStatus
    why: str
    headers: Mapping[str, str] = field(default_factory=dict)
    remedy: str = ""

    @property
    def body(self) -> bytes:
        """What is told, as JSON; what to do about it only where something helps."""
        told = {"error": self.why} | ({"remedy": self.remedy} if self.remedy else {})
        return json.dumps(told).encode()


@dataclass(frozen=True)
class Place:
    """Where a server is.

    Attributes:
        path: Of all that a token is wanted for; what is served lies there and under it.
        methods: Those that are served; none: the application knows.
        names_namespace: Whether nothing lies under the path: what follows it names the token's namespace.
        free: The paths that need no token, each whole. What they answer is everybody's.
        hosts: The names under which it is reached.
    """

    path: str
    methods: tuple[str, ...] = ()
    names_namespace: bool = False
    free: frozenset[str] = frozenset()
    hosts: Hosts = field(default_factory=Hosts)


class Gate:
    """An ASGI application that lets a request through to the application of its token's holder.

    Args:
        tokens: Who may call.
        app_of: The application of each holder. It is never shown the token.
        limits: How much each may ask.
        place: Where the server is.
        rest: Who answers where no token is needed, and what is no HTTP request: start and end of the server.
        clock: Seconds that only grow.
    """

    def __init__(
        self,
        tokens: Tokens,
        app_of: Callable[[Holder], ASGIApp],
        limits: Limits,
        place: Place,
        rest: ASGIApp,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tokens = tokens
        self._apps = {holder.number: app_of(holder) for holder in tokens.holders}
        self._limits = limits
        self._place = place
        self._rest = rest
        self._paces = {holder.number: Bucket(limits, clock) for holder in tokens.holders}
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
            self._check_host(scope)
            if scope["path"] in self._place.free:
                await self._rest(_without_token(scope), _replayed(b"", receive), watched)
                return
            holder = self._holder(scope)
            inner = self._inner(scope, holder)
            body = await self._body(scope, receive)
            await self._apps[holder.number](inner, _replayed(body, receive), watched)
        except Answer as answer:
            await _send(send, answer)
        except anyio.get_cancelled_exc_class():  # and not told on: the server ends, and nothing waits for it
            if not begun:
                await _send(send, Answer(HTTPStatus.SERVICE_UNAVAILABLE, "the server ends"))
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

    def _inner(self, scope: Scope, holder: Holder) -> Scope:
        """What the application is shown: no token, and no name of a namespace.

        Raises:
            Answer: nothing is there, or the path names another namespace, or the method is not served.
        """
        place = self._place
        within = scope["path"].removeprefix(place.path)
        if within == scope["path"] or within[:1] not in ("", "/"):
            raise Answer(
                HTTPStatus.NOT_FOUND, f"there is nothing at this path; the server is at {place.path}"
            )
        if place.names_namespace and within[1:] and _decoded(within[1:]) != holder.namespace:
            raise Answer(HTTPStatus.FORBIDDEN, "this token is bound to another namespace")
        if place.methods and scope["method"] not in place.methods:
            served = ", ".join(place.methods)
            raise Answer(HTTPStatus.METHOD_NOT_ALLOWED, f"only {served} is served", {"Allow": served})
        if not place.names_namespace:
            return _without_token(scope)
        return {**_without_token(scope), "path": place.path, "raw_path": place.path.encode()}

    def _check_host(self, scope: Scope) -> None:
        """Check that the request is to this server, and from none of another's pages.

        Raises:
            Answer: it is not.
        """
        headers = [(name.lower(), value.decode("latin-1")) for name, value in scope["headers"]]
        hosts = [value for name, value in headers if name == b"host"]
        if len(hosts) != 1 or not self._place.hosts.answers(hosts[0]):
            raise Answer(HTTPStatus.MISDIRECTED_REQUEST, "this server has another name")
        if not self._place.hosts.trusts(value for name, value in headers if name == b"origin"):
            raise Answer(HTTPStatus.FORBIDDEN, "a page of another origin asks")

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


def _without_token(scope: Scope) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if name.lower() != AUTHORIZATION]
    return {**scope, "headers": headers}


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
    body = answer.body
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **answer.headers}
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": int(answer.status), "headers": raw})
    await send({"type": "http.response.body", "body": body})
