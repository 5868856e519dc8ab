"""No way out: whatever Python would send beyond this machine is refused and remembered, for good.

What a hook cannot see (native code, child processes) is cut off where this process may have a network of its
own, as root on Linux: one that only has loopback.
"""

from __future__ import annotations

import ipaddress
import socket
import struct
import sys
from collections.abc import Collection
from typing import Any

NEW_NETWORK = 0x40000000
GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 1
"""From Linux's sched.h, sockios.h and if.h."""
TALKING = {"socket.connect", "socket.sendto", "socket.sendmsg"}
LOOKING_UP = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}


def alone() -> bool:
    """Move this process, and all that it starts, into a network of its own; whether that was allowed."""
    import ctypes

    if sys.platform != "linux" or ctypes.CDLL(None).unshare(NEW_NETWORK) != 0:
        return False
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = fcntl.ioctl(any_socket, GET_FLAGS, struct.pack("16sh14x", b"lo", 0))
        flags = struct.unpack("16sh14x", asked)[1]
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh14x", b"lo", flags | UP))
    return True


def shut(let_through: Collection[str] = ()) -> list[str]:
    """Refuse, from now on and for good, what would leave this machine.

    Args:
        let_through: Names and addresses of hosts that may be reached all the same.

    Returns:
        What was refused, also where somebody swallowed the error; it grows.
    """
    called_out: list[str] = []
    passed = frozenset(let_through)

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event in TALKING:
            address = arguments[1]
            host = address[0] if isinstance(address, tuple) else None  # a path: a socket of this machine
        elif event in LOOKING_UP:
            host = arguments[0][0] if event == "socket.getnameinfo" else arguments[0]
        else:
            return
        if _text(host) not in passed and not _is_here(host):
            called_out.append(f"{event} {host!r}")
            raise PermissionError(f"called out: {event} {host!r}")

    sys.addaudithook(refuse)
    return called_out


def _text(host: object) -> str:
    return host.decode(errors="replace") if isinstance(host, bytes) else str(host)


def _is_here(host: object) -> bool:
    if host in (None, "", "localhost", socket.gethostname()):
        return True
    try:
        address = ipaddress.ip_address(_text(host))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
