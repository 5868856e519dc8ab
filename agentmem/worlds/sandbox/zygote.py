"""The warm process: it has loaded what programs may import, and makes a process for each by forking.

It reads requests from its input and writes reports to its output, both as frames (`frames`). It never reads
what a program replies: it counts those bytes and passes them on. It ends when its input does.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import sys
import time
from typing import Any, NoReturn

from agentmem.worlds.sandbox import child, confine, frames, guard, seccomp

_IN, _OUT = 0, 1
_CHUNK = 1 << 16
_FAILED = 82
_MILLISECONDS = 1000


def main() -> NoReturn:
    """Be the warm process, until the input ends."""
    settings = json.loads(frames.read(_IN))
    namespaces = confine.separate()
    if "processes" in namespaces:
        inner = os.fork()
        if inner:  # only a process that is made in the namespace is in it
            os.close(_IN)
            os.close(_OUT)
            os._exit(os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1]) & 0xFF)
    try:
        zygote = Zygote(settings, namespaces)
    except BaseException as error:  # told to who started it, whatever it is
        _say({"error": f"{type(error).__name__}: {error}"}, b"")
        os._exit(_FAILED)
    zygote.serve()


def _say(header: dict[str, Any], body: bytes) -> None:
    frames.write(_OUT, json.dumps(header).encode())
    frames.write(_OUT, body)


class Zygote:
    """A process that has loaded and given up all that it should.

    Args:
        settings: `limits` (as `SandboxLimits`) and `prelude`.
        namespaces: That it is in.
    """

    def __init__(self, settings: dict[str, Any], namespaces: list[str]) -> None:
        self._limits = settings["limits"]
        self._prelude = settings["prelude"]
        self._modules = tuple(self._limits["modules"])
        sys.argv[:] = [""]
        guard.load(self._modules, self._prelude)
        sys.path.clear()
        os.environ.clear()
        self._null = os.open(os.devnull, os.O_RDWR)
        self._memory = confine.mapped_bytes() + int(self._limits["memory_bytes"])
        self._calls = seccomp.Filter((1, 2, child.REPLY)) if seccomp.is_known() else None
        held = {"namespaces": namespaces, "empty_root": confine.empty_root()}
        gc.collect()
        gc.freeze()
        report, reply = self._run(None)
        if report["ended"] is not None:
            raise RuntimeError(f"a process cannot be confined: {report['ended']}")
        _say(held | json.loads(reply), b"")

    def serve(self) -> NoReturn:
        """Answer requests until there are no more."""
        while True:
            try:
                request = frames.read(_IN)
            except EOFError:
                os._exit(0)
            _say(*self._run(request))

    def _run(self, request: bytes | None) -> tuple[dict[str, Any], bytes]:
        """A report on the program of a request, and its reply; without a request: on confining."""
        reading, writing = os.pipe()
        begun = time.monotonic()
        try:
            made = os.fork()
        except OSError as error:
            os.close(reading)
            os.close(writing)
            return {
                "ended": ["died", f"no process could be made ({error.strerror})"],
                "seconds": 0,
                "cpu": 0,
            }, b""
        if made == 0:
            self._be(request, writing)
        os.close(writing)
        reply, ended = self._watch(reading, begun + float(self._limits["wall_seconds"]))
        os.close(reading)
        status, cpu = _end(made)
        seconds = time.monotonic() - begun
        return {"ended": ended or self._told(status, cpu), "seconds": seconds, "cpu": cpu}, reply

    def _be(self, request: bytes | None, writing: int) -> NoReturn:
        """Be the process of one program."""
        status = _FAILED
        try:
            os.setsid()
            confine.keep_only(writing, self._null, child.REPLY)
            held = confine.confine(int(self._limits["cpu_seconds"]), self._memory, self._calls)
            if request is None:
                os.write(child.REPLY, json.dumps(held).encode())
            else:
                characters = int(self._limits["detail_characters"])
                child.run_program(request, self._modules, self._prelude, characters)
            status = 0
        except MemoryError:
            status = child.OUT_OF_MEMORY
        finally:
            os._exit(status)

    def _watch(self, reading: int, deadline: float) -> tuple[bytes, list[str] | None]:
        """The reply of a process, and why it must be ended; none: it has said all that it says."""
        poller = select.poll()
        poller.register(reading, select.POLLIN)
        poller.register(_IN, 0)
        parts: list[bytes] = []
        size, most = 0, int(self._limits["output_bytes"])
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return b"".join(parts), ["timeout", f"it took more than {self._limits['wall_seconds']:g} s"]
            events = poller.poll(left * _MILLISECONDS)
            if any(at == _IN and event & (select.POLLHUP | select.POLLERR) for at, event in events):
                os._exit(0)
            if not any(at == reading for at, _ in events):
                continue
            part = os.read(reading, _CHUNK)
            if not part:
                return b"".join(parts), None
            parts.append(part)
            size += len(part)
            if size > most:
                return b"".join(parts), ["output", f"its answers take more than {most:,} bytes"]

    def _told(self, status: int, cpu: float) -> list[str] | None:
        """Why a process ended as it did; none: as it should."""
        code = os.waitstatus_to_exitcode(status)
        if code == 0:
            return None
        allowed = int(self._limits["cpu_seconds"])
        if -code == signal.SIGXCPU or (-code == signal.SIGKILL and cpu >= allowed):
            return ["timeout", f"it computed for more than {allowed} s"]
        if code == child.OUT_OF_MEMORY:
            return ["memory", "it asked for more memory than it may"]
        if code < 0:
            with contextlib.suppress(ValueError):
                return ["died", f"its process ended by {signal.Signals(-code).name}"]
        return ["died", f"its process ended with status {code}"]


def _end(made: int) -> tuple[int, float]:
    """End a process and all that it may have made; its status, and the seconds that it computed."""
    with contextlib.suppress(OSError):
        os.kill(made, signal.SIGKILL)
    with contextlib.suppress(OSError):
        os.killpg(made, signal.SIGKILL)
    _, status, usage = os.wait4(made, 0)
    if os.getpid() == 1:  # the first process of a namespace: all others in it are the program's
        with contextlib.suppress(OSError):
            os.kill(-1, signal.SIGKILL)
        with contextlib.suppress(OSError):
            while os.waitpid(-1, 0)[0]:
                pass
    return status, usage.ru_utime + usage.ru_stime
