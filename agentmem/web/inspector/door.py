"""The door of the inspector: whoever started it comes in, by a token; nobody else, and no other page.

The token is new with every start. It comes in the first address, and from then on in a cookie.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode

from agentmem.logs import logger
from agentmem.web.hosts import Hosts

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logger(__name__)

TOKEN = "token"  # noqa: S105 - the name of a parameter
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'none'",
    )
)
"""What a page of the inspector may load and do."""
HEADERS: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""With every answer."""
OWN_PAGES = ("same-origin", "none")
"""What a browser says of requests that a page of ours makes, or its user by hand."""
METHODS = ("GET", "HEAD", "POST")


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(32)


def form_token(token: str) -> str:
    """What forms carry, so that no other page sends them: made from the token, and tells nothing of it."""
    return hmac.new(token.encode(), b"forms", sha256).hexdigest()


def is_same(given: str, known: str) -> bool:
    """Whether two secrets are the same, compared in constant time."""
    return hmac.compare_digest(given.encode(), known.encode())


class Door:
    """An ASGI application that lets those in who have the token.

    Args:
        app: What is behind it.
        token: Of this start.
        port: Where it listens: a browser keeps one cookie for all ports of a machine, so its name tells them
            apart.
    """

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._token = token
        self._cookie = f"agentmem_inspect_{port}"
        self._hosts = Hosts()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, _guarded(send))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [
            (name.lower().decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
        ]
        hosts = [value for name, value in headers if name == "host"]
        if len(hosts) != 1 or not self._hosts.answers(hosts[0]):
            await _say(send, HTTPStatus.MISDIRECTED_REQUEST, "This name is none of the inspector's.")
            return
        if scope["method"] not in METHODS:
            await _say(send, HTTPStatus.METHOD_NOT_ALLOWED, "Only GET and POST are served.")
            return
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = [value for name, value in query if name == TOKEN]
        if given and scope["method"] == "GET":
            if not is_same(given[-1], self._token):
                await _say(send, HTTPStatus.FORBIDDEN, _WRONG)
                return
            rest = urlencode([pair for pair in query if pair[0] != TOKEN])
            await self._welcome(send, scope["path"], rest)
            return
        cookies = [value for name, value in headers if name == "cookie"]
        if not any(is_same(one, self._token) for one in _named(cookies, self._cookie)):
            await _say(send, HTTPStatus.FORBIDDEN, _WRONG)
            return
        if not _is_own(headers, f"http://{hosts[0]}"):
            await _say(send, HTTPStatus.FORBIDDEN, "A page of another server asks: it is not answered.")
            return
        await self._app(scope, receive, send)

    async def _welcome(self, send: Send, path: str, rest: str) -> None:
        """Keep the token in a cookie, and go on at the same address without it."""
        target = "/" + quote(path.lstrip("/"))
        location = f"{target}?{rest}" if rest else target
        cookie = f"{self._cookie}={self._token}; Path=/; HttpOnly; SameSite=Strict"
        await _say(send, HTTPStatus.SEE_OTHER, "", {"location": location, "set-cookie": cookie})


_WRONG = (
    "The inspector was not asked with the token of this start. "
    "Open the address that `agentmem inspect` printed, all of it."
)


def _named(cookies: list[str], name: str) -> list[str]:
    """The values of a cookie."""
    pairs = [part.strip().partition("=") for cookie in cookies for part in cookie.split(";")]
    return [value for key, _, value in pairs if key == name]


def _is_own(headers: list[tuple[str, str]], origin: str) -> bool:
    """Whether a request is of a page of ours, or of its user; as far as the browser tells."""
    told = [value for name, value in headers if name == "sec-fetch-site"]
    origins = [value for name, value in headers if name == "origin"]
    return all(value in OWN_PAGES for value in told) and all(value == origin for value in origins)


def _guarded(send: Send) -> Send:
    """Send what an answer must have beside what it says."""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            known = {name.lower() for name, _ in message.get("headers", ())}
            more = [
                (name.encode(), value.encode())
                for name, value in HEADERS.items()
                if name != "cache-control" or b"cache-control" not in known
            ]
            message = {**message, "headers": [*message.get("headers", ()), *more]}
        await send(message)

    return guarded


async def _say(send: Send, status: HTTPStatus, text: str, more: Mapping[str, str] | None = None) -> None:
    body = text.encode()
    headers = {"content-type": "text/plain; charset=utf-8", "content-length": str(len(body)), **(more or {})}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": int(status), "headers": raw})
    await send({"type": "http.response.body", "body": body})
