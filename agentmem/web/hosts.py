"""Under which names a server is reached, so that no page of a browser reaches it under one of its own."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""Names by which this machine calls itself."""
_PORT = re.compile(r":[0-9]{0,5}")


@dataclass(frozen=True)
class Hosts:
    """The names that a Host or Origin header may say, with any port.

    Attributes:
        names: Those beside the names of this machine itself.
    """

    names: tuple[str, ...] = ()

    def answers(self, host: str) -> bool:
        """Whether a request to `host`, as its Host header says it, is one to this server."""
        return any(
            host == name or (host.startswith(name) and _PORT.fullmatch(host, len(name)))
            for name in (*LOOPBACK, *self.names)
        )

    def trusts(self, origins: Iterable[str]) -> bool:
        """Whether requests may come from pages of these origins: from pages of this server alone."""
        return all(
            scheme in ("http", "https") and self.answers(host)
            for scheme, _, host in (origin.partition("://") for origin in origins)
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens at `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
