"""Bearer tokens and the namespaces they are bound to. Only digests are kept; no message shows a token."""

from __future__ import annotations

import hmac
import os
import stat
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from agentmem.db.names import decode
from agentmem.errors import AgentMemError, FormatError, InvalidInput, NotFound, Refused
from agentmem.records import Namespace

SHORTEST = 20
"""Characters; a shorter token can be guessed."""
RIGHT = {"namespace", "write", "prefix"}
"""What a file may say of a token."""
MAKE_ONE = "make one: python -c 'import secrets; print(secrets.token_urlsafe(32))'"


@dataclass(frozen=True)
class Holder:
    """Who has a token.

    Attributes:
        number: Tells holders apart.
        namespace: Theirs.
        writes: Whether they may change its memory, or only read it.
        spans: Whether they may read the namespaces under it, too, where a server has a way to ask for it.
    """

    number: int
    namespace: Namespace
    writes: bool = True
    spans: bool = False


@dataclass(frozen=True)
class Tokens:
    """The tokens that are known, as digests."""

    known: tuple[tuple[bytes, Holder], ...] = field(repr=False)

    @property
    def holders(self) -> list[Holder]:
        """Who has them, in order."""
        return [holder for _, holder in self.known]

    @property
    def namespaces(self) -> list[Namespace]:
        """Those that tokens are bound to, each once."""
        return list(dict.fromkeys(holder.namespace for holder in self.holders))

    def find(self, token: bytes) -> Holder | None:
        """Whose token it is. It is compared with every known one, in constant time."""
        given, found = _digest(token), None
        for digest, holder in self.known:
            if hmac.compare_digest(given, digest):
                found = holder
        return found


def bound(
    pairs: Mapping[str, Namespace], reading: Collection[str] = (), spanning: Collection[str] = ()
) -> Tokens:
    """Tokens with their namespaces.

    Args:
        pairs: The namespace of each token.
        reading: The tokens that may only read.
        spanning: The tokens that may read the namespaces under their own.

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
            (
                _digest(token.encode()),
                Holder(number, namespace, writes=token not in reading, spans=token in spanning),
            )
            for number, (token, namespace) in enumerate(pairs.items())
        )
    )


def read(path: Path) -> Tokens:
    """The tokens of a file, JSON or YAML: `{token: namespace}`.

    What else it says of a token is written `{token: {namespace: acme, write: false, prefix: true}}`: it only
    reads, and also the namespaces under its own.

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
    reading, spanning = set(), set()
    for number, (token, said) in enumerate(given.items(), 1):
        right = said if isinstance(said, dict) else {"namespace": said}
        namespace, writes, spans = (
            right.get("namespace"),
            right.get("write", True),
            right.get("prefix", False),
        )
        if not isinstance(token, str) or not isinstance(namespace, str):
            raise FormatError(f"{path}: token {number} or its namespace is no text", "write both in quotes")
        if not (isinstance(writes, bool) and isinstance(spans, bool) and right.keys() <= RIGHT):
            raise FormatError(
                f"{path}: what token {number} may do is not said", "write {namespace: acme/ann, write: false}"
            )
        try:
            pairs[token] = decode(namespace)
        except AgentMemError as error:
            raise FormatError(f"{path}: token {number}: {error.message}", error.remedy) from error
        reading |= set() if writes else {token}
        spanning |= {token} if spans else set()
    return bound(pairs, reading, spanning)


def chosen(path: Path | None, namespace: Namespace, variable: str) -> Tokens:
    """The tokens of the file, else the one in the environment, which is bound to `namespace`.

    Args:
        path: The file; none: the environment.
        namespace: What the token of the environment is bound to.
        variable: The name of that token there.

    Raises:
        InvalidInput: there is neither.
    """
    if path is not None:
        return read(path.expanduser())
    token = os.environ.get(variable, "")
    if not token:
        raise InvalidInput(
            "over HTTP a token is required, and there is none",
            f"name a file, --tokens FILE, or set {variable}",
        )
    return bound({token: namespace})


def _digest(token: bytes) -> bytes:
    return sha256(token).digest()
