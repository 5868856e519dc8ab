"""What the kernel takes from a process: namespaces, files, user, limits, system calls. Each as far as it can.

Nothing here is needed for a program to run, and none of it can be undone by it. What a kernel refuses is left
out and not reported as held; limits (`setrlimit`) hold on every POSIX system.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from agentmem.worlds.sandbox.seccomp import Filter

NOBODY = 65534
"""The user and the group that own nothing."""

_NAMESPACES = (
    ("mounts", 0x00020000),
    ("ipc", 0x08000000),
    ("names", 0x04000000),
    ("network", 0x40000000),
    ("processes", 0x20000000),
)
_NEW_USER = 0x10000000
_PR_SET_PDEATHSIG = 1
_CAPABILITIES_VERSION = 0x20080522
_LARGEST_DESCRIPTOR = 4096


def separate() -> list[str]:
    """Put this process, and those that it makes, into namespaces of their own; which it got.

    It must have one thread. Who is not root gets a user namespace first, in which it is nobody.
    """
    if sys.platform != "linux":
        return []
    unshare = ctypes.CDLL(None, use_errno=True).unshare
    held = []
    if os.geteuid() != 0:
        user, group = os.geteuid(), os.getegid()
        if unshare(_NEW_USER) != 0:
            return []
        held.append("user")
        with suppress(OSError):
            Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
            Path("/proc/self/uid_map").write_text(f"{NOBODY} {user} 1", encoding="ascii")
            Path("/proc/self/gid_map").write_text(f"{NOBODY} {group} 1", encoding="ascii")
    return held + [name for name, flag in _NAMESPACES if unshare(flag) == 0]


def empty_root() -> bool:
    """Make a directory that is empty, and gone, the root of this process; whether that was done."""
    try:
        place = tempfile.mkdtemp(prefix="agentmem-sandbox-")
        os.chdir(place)
        Path(place).rmdir()
        os.chroot(".")
        os.chdir("/")
    except OSError:
        return False
    return True


def mapped_bytes() -> int:
    """What this process maps; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def keep_only(reply: int, null: int, kept: int) -> None:
    """Leave this process no descriptor but the null device, as 0 to 2, and the reply, as `kept`."""
    for standard in range(3):
        os.dup2(null, standard)
    os.dup2(reply, kept)  # after the null device, which may have this number
    os.closerange(kept + 1, _LARGEST_DESCRIPTOR)


def limit(cpu_seconds: int, memory_bytes: int) -> list[str]:
    """Set limits that cannot be raised again; which hold.

    Args:
        cpu_seconds: Of the processor; a second later the process is killed.
        memory_bytes: All that it may map.
    """
    wanted = {
        "cpu": ("RLIMIT_CPU", cpu_seconds, cpu_seconds + 1),
        "memory": ("RLIMIT_AS", memory_bytes, memory_bytes),
        "processes": ("RLIMIT_NPROC", 0, 0),
        "file size": ("RLIMIT_FSIZE", 0, 0),
        "core": ("RLIMIT_CORE", 0, 0),
        "locked memory": ("RLIMIT_MEMLOCK", 0, 0),
        "message queues": ("RLIMIT_MSGQUEUE", 0, 0),
        "open files": ("RLIMIT_NOFILE", 0, 0),
    }
    held = []
    for name, (key, soft, hard) in wanted.items():
        number = getattr(resource, key, None)
        if number is None:
            continue
        with suppress(OSError, ValueError):
            resource.setrlimit(number, (soft, hard))
            held.append(name)
    return held


def become_nobody() -> bool:
    """Give up user, groups and capabilities; whether nothing is left of them."""
    if os.geteuid() == 0:
        try:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
        except (OSError, AttributeError):
            return False
    return _drop_capabilities() if sys.platform == "linux" else True


def _drop_capabilities() -> bool:
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    nothing = (ctypes.c_uint32 * 6)()
    return bool(ctypes.CDLL(None).capset(header, nothing) == 0)


def die_with_parent() -> None:
    """Have this process killed when its parent ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL), 0, 0, 0)


def confine(cpu_seconds: int, memory_bytes: int, calls: Filter | None) -> dict[str, object]:
    """Take from this process all that a computation does not need; what was taken.

    Args:
        cpu_seconds: Of the processor.
        memory_bytes: All that it may map.
        calls: The filter of its system calls; none: there is none for this system.
    """
    nobody = become_nobody()
    die_with_parent()
    limits = limit(cpu_seconds, memory_bytes)
    return {"nobody": nobody, "limits": limits, "calls": calls is not None and calls.install()}
