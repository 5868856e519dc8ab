"""The API as an ASGI application, behind the gate."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import IO, TYPE_CHECKING
from urllib.parse import quote

import anyio
import anyio.to_thread

from agentmem.errors import AgentMemError
from agentmem.logs import fields, in_log, logger
from agentmem.records import Value
from agentmem.web.api.document import PATH as DOCUMENT
from agentmem.web.api.document import document
from agentmem.web.api.health import PATH as HEALTH
from agentmem.web.api.health import Pulse
from agentmem.web.api.memory import Memory
from agentmem.web.api.operations import LINES, OPERATIONS, VERSION, Operation
from agentmem.web.api.problems import refusal
from agentmem.web.api.reading import JSON, body_of, parameters_of
from agentmem.web.gate import Answer, Gate, Place
from agentmem.web.hosts import Hosts
from agentmem.web.limits import Limits
from agentmem.web.tokens import Holder, Tokens

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Router
    from starlette.types import ASGIApp, Receive, Scope, Send

    from agentmem.bank import Bank

log = logger(__name__)

VARIABLE = "AGENTMEM_SERVE_TOKEN"
"""Where the environment may hold a token."""
AT_ONCE = 12
"""Operations that write, and as many others, at a time; more wait. A database has so many connections."""
CHUNK = 65_536
"""Characters of an export that are sent at a time."""
ELSEWHERE = f"see {DOCUMENT}; in an id, a slash is written %2F"
PRIVATE = {"Cache-Control": "no-store"}

Endpoint = Callable[["Request"], Awaitable["Response"]]


def app_of(
    bank: Bank, tokens: Tokens, stores: Sequence[str], limits: Limits, names: Sequence[str] = ()
) -> Gate:
    """The ASGI application.

    Args:
        bank: The bank.
        tokens: Who may call, and for which namespace.
        stores: The memories that may be asked, as after `--store`.
        limits: How much each may ask.
        names: Further hosts under which it is reached; no other Host or Origin is answered.

    Raises:
        NotFound: there is no such store.
    """
    lanes = {writes: anyio.CapacityLimiter(AT_ONCE) for writes in (False, True)}

    def served(holder: Holder) -> ASGIApp:
        memory = Memory(bank, holder, stores)
        endpoints: dict[str, dict[str, Endpoint]] = {}
        for operation in OPERATIONS:
            is_allowed = holder.writes or not operation.writes
            endpoint = _endpoint(operation, memory, lanes[operation.writes]) if is_allowed else _read_only
            endpoints.setdefault(operation.path, {})[operation.method] = endpoint
        return Routed(endpoints)

    place = Place(VERSION, free=frozenset({DOCUMENT, HEALTH}), hosts=Hosts(tuple(names)))
    return Gate(tokens, served, limits, place, _free(bank))


class Routed:
    """An ASGI application of endpoints by path and method.

    What does not lead to one, and what one raises on purpose, is told as the gate tells its refusals. Paths
    are matched as they came: an id with a slash, which is written `%2F`, is one part.
    """

    def __init__(self, endpoints: Mapping[str, Mapping[str, Endpoint]]) -> None:
        from starlette.routing import Route, Router

        routes = [
            Route(path, partial(_by_method, methods), methods=list(methods))
            for path, methods in endpoints.items()
        ]
        self._router: Router = Router(routes, redirect_slashes=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            Answer: it is refused.
        """
        from starlette.exceptions import HTTPException

        if scope["type"] != "http":
            await self._router(scope, receive, send)
            return
        path = scope["raw_path"].decode("latin-1") if scope.get("raw_path") else quote(scope["path"])
        try:
            await self._router({**scope, "path": path, "app": self}, receive, send)
        except HTTPException as error:
            is_there = error.status_code != HTTPStatus.NOT_FOUND
            why = (
                f"{scope['method']:.20} is not served at this path"
                if is_there
                else "there is nothing at this path"
            )
            status = HTTPStatus(error.status_code)
            raise Answer(status, why, error.headers or {}, remedy=ELSEWHERE) from None
        except AgentMemError as error:
            answer = refusal(error)
            if answer.status is HTTPStatus.SERVICE_UNAVAILABLE:
                log.warning(
                    "%s", in_log(error), extra=fields(error)
                )  # whoever runs the server must see to it
            raise answer from error


async def _by_method(endpoints: Mapping[str, Endpoint], request: Request) -> Response:
    return await endpoints["GET" if request.method == "HEAD" else request.method](request)


async def _read_only(request: Request) -> Response:
    raise Answer(HTTPStatus.FORBIDDEN, "this token may only read", remedy="have it given `write: true`")


def _endpoint(operation: Operation, memory: Memory, lane: anyio.CapacityLimiter) -> Endpoint:
    """What answers a request for an operation: all of it in a thread, but for what is sent."""

    async def answer(request: Request) -> Response:
        body = await request.body()
        work = partial(_done, operation, memory, request, body)
        return await anyio.to_thread.run_sync(work, limiter=lane)

    return answer


def _done(operation: Operation, memory: Memory, request: Request, body: bytes) -> Response:
    from starlette.responses import StreamingResponse

    query: bytes = request.scope["query_string"]
    if operation.method == "POST":
        given = body_of(operation.asked, body, request.headers.get("content-type", ""), query)
    else:
        given = parameters_of(operation.asked, request.path_params, query)
    made = operation.run(memory, given)
    if isinstance(made, Value):
        return _told(made)
    return StreamingResponse(_sent(made), media_type=LINES, headers=PRIVATE)


def _told(answer: Value) -> Response:
    from starlette.responses import Response

    return Response(answer.model_dump_json(), media_type=JSON, headers=PRIVATE)


def _sent(lines: IO[str]) -> Iterator[str]:
    with lines:
        while chunk := lines.read(CHUNK):
            yield chunk


def _free(bank: Bank) -> ASGIApp:
    """What needs no token: the document, and the health of the server."""
    from starlette.responses import Response

    written = json.dumps(document(), ensure_ascii=False).encode()
    pulse = Pulse(bank)

    async def described(_: Request) -> Response:
        return Response(written, media_type=JSON)

    async def healthy(_: Request) -> Response:
        return _told(await pulse.health())

    return Routed({DOCUMENT: {"GET": described}, HEALTH: {"GET": healthy}})
