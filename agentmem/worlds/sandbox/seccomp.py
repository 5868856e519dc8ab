"""A filter of system calls: a process that only computes and answers needs few of them.

seccomp(2) with a classic BPF program, built here and installed through `prctl`. It is an allow-list: every
other call fails with EPERM, so that Python raises `PermissionError`, and a call made for another
architecture, or through x86-64's x32 interface, ends the process.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys
from collections.abc import Mapping

_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
_X32 = 0x40000000
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
PR_SET_NO_NEW_PRIVS = 38

_COMPUTING: Mapping[str, tuple[int, int]] = {
    "read": (0, 63),
    "close": (3, 57),
    "fstat": (5, 80),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "restart_syscall": (219, 128),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "futex": (202, 98),
    "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "gettimeofday": (96, 169),
    "times": (100, 153),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "uname": (63, 160),
    "getpid": (39, 172),
    "getppid": (110, 173),
    "gettid": (186, 178),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "getrandom": (318, 278),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
"""Calls of a process that computes, with their numbers on x86-64 and on aarch64.

`read` and `mmap` reach only what is open, and that is nothing but the null device and the pipe of the reply.
"""
_WRITING: Mapping[str, tuple[int, int]] = {"write": (1, 64), "writev": (20, 66)}

_ARCHITECTURES: Mapping[str, tuple[int, int]] = {
    "x86_64": (0xC000003E, 0),
    "amd64": (0xC000003E, 0),
    "aarch64": (0xC00000B7, 1),
    "arm64": (0xC00000B7, 1),
}
"""By `platform.machine()`: the kernel's name of it (AUDIT_ARCH), and the column of the tables above."""


def is_known() -> bool:
    """Whether there is a filter for this system and architecture."""
    return sys.platform == "linux" and platform.machine().lower() in _ARCHITECTURES and sys.maxsize > 1 << 32


def build(writable: tuple[int, ...]) -> bytes:
    """The filter for this architecture, as the kernel takes it.

    Args:
        writable: Descriptors to which the process may write.
    """
    architecture, column = _ARCHITECTURES[platform.machine().lower()]
    allow, refuse = _step(_RETURN, _ALLOW), _step(_RETURN, _ERRNO | errno.EPERM)
    steps = [
        _step(_LOAD, _ARCHITECTURE_AT),
        _step(_JUMP_IF_EQUAL, architecture, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER_AT),
    ]
    if column == 0:
        steps += [_step(_JUMP_IF_AT_LEAST, _X32, 0, 1), _step(_RETURN, _KILL)]
    for call in _COMPUTING.values():
        steps += [_step(_JUMP_IF_EQUAL, call[column], 0, 1), allow]
    for call in _WRITING.values():
        steps.append(_step(_JUMP_IF_EQUAL, call[column], 0, 2 * len(writable) + 2))
        steps.append(_step(_LOAD, _FIRST_ARGUMENT_AT))
        for descriptor in writable:
            steps += [_step(_JUMP_IF_EQUAL, descriptor, 0, 1), allow]
        steps.append(refuse)
    return b"".join([*steps, refuse])


def _step(code: int, operand: int, when_true: int = 0, when_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, when_true, when_false, operand)


_STEP_BYTES = 8


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


class Filter:
    """A filter that is ready to be installed, which then takes one call.

    Args:
        writable: Descriptors to which the process may write.
    """

    def __init__(self, writable: tuple[int, ...]) -> None:
        text = build(writable)
        self._steps = ctypes.create_string_buffer(text, len(text))
        self._program = _Program(len(text) // _STEP_BYTES, ctypes.addressof(self._steps))
        self._prctl = ctypes.CDLL(None, use_errno=True).prctl

    def install(self) -> bool:
        """Put this process under the filter, for good; whether the kernel did."""
        forever = self._prctl(PR_SET_NO_NEW_PRIVS, *(ctypes.c_ulong(one) for one in (1, 0, 0, 0)))
        if forever != 0:
            return False
        done = self._prctl(
            _PR_SET_SECCOMP,
            ctypes.c_ulong(_MODE_FILTER),
            ctypes.byref(self._program),
            ctypes.c_ulong(0),
            ctypes.c_ulong(0),
        )
        return bool(done == 0)
