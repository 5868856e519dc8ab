"""The tests' own network gate bites: nothing that they run calls out, and loopback works."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

FAR = "192.0.2.1"
"""An address that is kept for documentation (RFC 5737): nobody answers there."""


@pytest.mark.parametrize(
    "call",
    [
        lambda: socket.create_connection((FAR, 80), timeout=1),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", (FAR, 53)),
        lambda: socket.socket(socket.AF_INET6).connect(("2001:db8::1", 80)),
        lambda: socket.getaddrinfo("telemetry.example", 443),
        lambda: socket.gethostbyname("telemetry.example"),
    ],
)
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_calling_out_is_refused_and_remembered(call, calls: list[str]):
    with pytest.raises(PermissionError, match="called out"):
        call()
    assert len(calls) == 1
    calls.clear()


def test_loopback_works(calls: list[str]):
    with socket.create_server(("localhost", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("localhost", port)) as client, server.accept()[0] as accepted:
            client.sendall(b"hello")
            assert accepted.recv(5) == b"hello"
    assert not calls


CHILD = """
import ctypes, socket, struct
libc = ctypes.CDLL(None)
address = struct.pack("!HH4s8x", 0, 80, socket.inet_aton("192.0.2.1"))
address = struct.pack("=H", socket.AF_INET) + address[2:]
print(libc.connect(libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0), address, len(address)))
"""


def test_a_child_and_native_code_are_cut_off(network_of_its_own: bool):
    if not network_of_its_own:
        pytest.skip("this process may not have a network of its own: only Python's own calls are refused")
    done = subprocess.run(
        [sys.executable, "-c", CHILD], capture_output=True, text=True, timeout=20, check=True
    )
    assert done.stdout.strip() == "-1"
