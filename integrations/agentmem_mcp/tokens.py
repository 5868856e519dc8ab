"""Bearer tokens and the namespaces they are bound to. Only digests are kept; no message shows a token."""

from __future__ import annotations

import hmac
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from agentmem.db.names import decode
from agentmem.errors import AgentMemError, FormatError, InvalidInput, NotFound, Refused
from agentmem.records import Namespace

VARIABLE = "AGENTMEM_MCP_TOKEN"
SHORTEST = 20
"""Characters; a shorter token can be guessed."""
MAKE_ONE = "make one: python -c 'import secrets; print(secrets.token_urlsafe(32))'"


@dataclass(frozen=True)
class Holder:
    """Who has a token: a number to tell holders apart, and the namespace that is theirs."""

    number: int
    namespace: Namespace


@dataclass(frozen=True)
class Tokens:
    """The tokens that are known, as digests."""

    known: tuple[tuple[bytes, Holder], ...] = field(repr=False)

    @property
    def namespaces(self) -> list[Namespace]:
        """Those that tokens are bound to, each once."""
        return list(dict.fromkeys(holder.namespace for _, holder in self.known))

    def find(self, token: bytes) -> Holder | None:
        """Whose token it is. It is compared with every known one, in constant time."""
        given, found = _digest(token), None
        for digest, holder in self.known:
            if hmac.compare_digest(given, digest):
                found = holder
        return found


def bound(pairs: Mapping[str, Namespace]) -> Tokens:
    """Tokens with their namespaces.

    Raises:
        InvalidInput: there is none, or one is too short, or has characters that no header can carry.
    """
    if not pairs:
        raise InvalidInput("there is no token", MAKE_ONE)
    for number, token in enumerate(pairs, 1):
        if len(token) < SHORTEST or not (token.isascii() and token.isprintable()) or " " in token:
            raise InvalidInput(
                f"token {number} has under {SHORTEST} characters, or some that no header can carry", MAKE_ONE
            )
    return Tokens(
        tuple(
            (_digest(token.encode()), Holder(number, namespace))
            for number, (token, namespace) in enumerate(pairs.items())
        )
    )


def read(path: Path) -> Tokens:
    """The tokens of a file, JSON or YAML: `{token: namespace}`.

    Raises:
        NotFound: there is no such file.
        Refused: others may read it.
        FormatError: it holds something else.
        InvalidInput: a token is too short.
    """
    import yaml

    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise Refused(f"others may read the tokens in {path}", f"chmod 600 {path}")
            content = file.read()
    except FileNotFoundError as error:
        raise NotFound(
            f"there is no file of tokens at {path}", "name one that is there: --tokens FILE"
        ) from error
    try:
        given = yaml.safe_load(content)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise FormatError(f"{path}{where}: is neither JSON nor YAML", "write {token: namespace}") from None
    if not isinstance(given, dict):
        raise FormatError(f"{path}: is no mapping", "write {token: namespace}")
    pairs: dict[str, Namespace] = {}
    for number, (token, namespace) in enumerate(given.items(), 1):
        if not isinstance(token, str) or not isinstance(namespace, str):
            raise FormatError(f"{path}: token {number} or its namespace is no text", "write both in quotes")
        try:
            pairs[token] = decode(namespace)
        except AgentMemError as error:
            raise FormatError(f"{path}: token {number}: {error.message}", error.remedy) from error
    return bound(pairs)


def chosen(path: Path | None, namespace: Namespace) -> Tokens:
    """The tokens of the file, else the one in the environment, which is bound to `namespace`.

    Raises:
        InvalidInput: there is neither.
    """
    if path is not None:
        return read(path.expanduser())
    token = os.environ.get(VARIABLE, "")
    if not token:
        raise InvalidInput(
            "over HTTP a token is required, and there is none",
            f"name a file, --tokens FILE, or set {VARIABLE}",
        )
    return bound({token: namespace})


def _digest(token: bytes) -> bytes:
    return sha256(token).digest()
