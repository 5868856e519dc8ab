"""Frames on a pipe: eight bytes of length, then so many bytes."""

from __future__ import annotations

import os
import select
import struct
import time

_HEAD = struct.Struct("<Q")
_CHUNK = 1 << 20
_MILLISECONDS = 1000
LARGEST = 1 << 31
"""Bytes that a frame has at most."""


def write(descriptor: int, body: bytes) -> None:
    """Write a frame, all of it.

    Raises:
        OSError: nobody reads it.
    """
    rest = memoryview(_HEAD.pack(len(body)) + body)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def read(descriptor: int, deadline: float | None = None) -> bytes:
    """Read a frame, all of it.

    Args:
        descriptor: Of a pipe.
        deadline: By `time.monotonic`; none: it waits for ever.

    Raises:
        EOFError: the pipe ended before the frame did, or what came is none.
        TimeoutError: the deadline passed.
    """
    (length,) = _HEAD.unpack(_exactly(descriptor, _HEAD.size, deadline))
    if length > LARGEST:
        raise EOFError(f"a frame of {length} bytes")
    return _exactly(descriptor, length, deadline)


def _exactly(descriptor: int, size: int, deadline: float | None) -> bytes:
    parts = bytearray()
    poller = select.poll()
    poller.register(descriptor, select.POLLIN)
    while len(parts) < size:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0 or not poller.poll(left * _MILLISECONDS):
                raise TimeoutError("no frame came in time")
        part = os.read(descriptor, min(size - len(parts), _CHUNK))
        if not part:
            raise EOFError("the pipe ended")
        parts += part
    return bytes(parts)
