"""A warm process seen from outside: it is started, asked, and started again once it is lost."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from agentmem.errors import Unavailable
from agentmem.worlds.sandbox import frames
from agentmem.worlds.sandbox.capabilities import Capabilities
from agentmem.worlds.sandbox.limits import SandboxLimits
from agentmem.worlds.sandbox.verdicts import Verdict, failed, verdict_of

_START_SECONDS = 120.0
_GRACE_SECONDS = 10.0
_LINE_CHARACTERS = 20
"""What a detail may have beyond the message: the number of the line."""
_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from agentmem.worlds.sandbox.zygote import main; main()"
)
_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
"""All that a warm process is told: a seed, so that sets are ordered alike, and that it has one thread."""


class Worker:
    """A warm process. One thread at a time may use it.

    Args:
        limits: What each program may take.
        prelude: A module that programs may import beside the others.
    """

    def __init__(self, limits: SandboxLimits, prelude: str | None) -> None:
        self._limits, self._prelude = limits, prelude
        self._process: subprocess.Popen[bytes] | None = None
        self._capabilities: Capabilities | None = None

    def capabilities(self) -> Capabilities:
        """What the kernel takes from a program here.

        Raises:
            Unavailable: the process does not start.
        """
        self._started()
        assert self._capabilities is not None  # noqa: S101  a started process has said it
        return self._capabilities

    def run(self, program: str, inputs: tuple[str, ...], function: str, arrays: bool) -> Verdict:
        """The verdict on a program.

        Args:
            program: Its text.
            inputs: Each as JSON.
            function: What it defines.
            arrays: Whether lists are given as numpy arrays.

        Raises:
            Unavailable: the process does not start.
        """
        process = self._started()
        asked = {"program": program, "inputs": inputs, "function": function, "arrays": arrays}
        begun = time.monotonic()
        deadline = begun + self._limits.wall_seconds + _GRACE_SECONDS
        try:
            frames.write(_in(process), json.dumps(asked).encode("ascii"))
            report = json.loads(frames.read(_out(process), deadline))
            reply = frames.read(_out(process), deadline)
        except (OSError, EOFError) as error:  # it is lost, and another is started for the next program
            self.close()
            late = isinstance(error, TimeoutError)
            lost = failed(
                len(inputs),
                "timeout" if late else "died",
                f"it took more than {self._limits.wall_seconds:g} s" if late else "the sandbox was lost",
            )
            return lost.model_copy(update={"seconds": time.monotonic() - begun})
        except BaseException:
            self.close()  # a report would be read as that of the next program
            raise
        return verdict_of(
            reply,
            len(inputs),
            tuple(report["ended"]) if report["ended"] else None,
            detail_characters=self._limits.detail_characters + _LINE_CHARACTERS,
            seconds=report["seconds"],
            cpu_seconds=report["cpu"],
        )

    def close(self) -> None:
        """End the process; another `run` starts one."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        if not hasattr(os, "fork"):
            raise Unavailable("programs cannot be run on this system: it has no fork", "use Linux")
        environment = dict(_ENVIRONMENT)
        if "LD_LIBRARY_PATH" in os.environ:  # Python itself may need it to start
            environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
        self._process = subprocess.Popen(  # noqa: S603  Python itself
            [
                sys.executable,
                "-s",
                "-P",
                "-B",
                "-c",
                _BOOT,
                json.dumps([one or str(Path.cwd()) for one in sys.path]),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd="/",
            env=environment,
            start_new_session=True,
        )
        try:
            self._capabilities = self._hello(self._process)
        except BaseException:
            self.close()
            raise
        return self._process

    def _hello(self, process: subprocess.Popen[bytes]) -> Capabilities:
        settings = {"limits": self._limits.model_dump(mode="json"), "prelude": self._prelude}
        deadline = time.monotonic() + _START_SECONDS
        try:
            frames.write(_in(process), json.dumps(settings).encode())
            said: dict[str, Any] = json.loads(frames.read(_out(process), deadline))
            frames.read(_out(process), deadline)
        except (OSError, EOFError) as error:
            raise Unavailable(
                f"the sandbox does not start ({error})", f"see whether {sys.executable} starts"
            ) from None
        if "error" in said:
            raise Unavailable(
                f"the sandbox does not start: {said['error']}", "see whether its modules and prelude import"
            )
        return Capabilities.model_validate(said)


def _in(process: subprocess.Popen[bytes]) -> int:
    assert process.stdin is not None  # noqa: S101  it was made with one
    return process.stdin.fileno()


def _out(process: subprocess.Popen[bytes]) -> int:
    assert process.stdout is not None  # noqa: S101  it was made with one
    return process.stdout.fileno()
