"""What the kernel alone takes: no hook of Python stands before these attempts."""

import json
import subprocess
import sys

import pytest

from agentmem.worlds.sandbox import seccomp

SCRIPT = """
import ctypes, json, mmap, os, resource, signal, socket, sys, threading
from agentmem.worlds.sandbox import confine, seccomp
calls = seccomp.Filter((1, 2, 3)) if sys.argv[1] == "calls" else None
null = os.open(os.devnull, os.O_RDWR)
memory = confine.mapped_bytes() + (64 << 20)
spaces = confine.separate() if sys.argv[1] != "limits" else []
root = confine.empty_root() if sys.argv[1] != "limits" else False
caller = os.getpid()
reading, writing = os.pipe()
if os.fork() == 0:
    os.setsid()
    confine.keep_only(writing, null, 3)
    held = confine.confine(2, memory, calls)
    held |= {"spaces": spaces, "root": root}
    libc = ctypes.CDLL(None, use_errno=True)
    def thread():
        one = threading.Thread(target=int)
        one.start()
    tries = {
        "open": lambda: os.open("/etc/passwd", os.O_RDONLY),
        "write": lambda: os.open("/tmp/agentmem-hostile", os.O_CREAT | os.O_WRONLY),
        "socket": socket.socket,
        "pipe": os.pipe,
        "dup": lambda: os.dup(3),
        "fork": os.fork,
        "thread": thread,
        "exec": lambda: os.execv("/bin/sh", ["sh"]) if sys.argv[1] != "limits" else 1 / 0,
        "kill": lambda: os.kill(os.getpid() if calls else caller, signal.SIGKILL),
        "limit": lambda: resource.setrlimit(resource.RLIMIT_CPU, (100, 100)),
        "root": lambda: os.setuid(0),
        "memory": lambda: mmap.mmap(-1, 1 << 30),
        "chroot": lambda: os.chroot("/"),
        "stat": lambda: os.stat("/etc/passwd"),
        "unlink": lambda: os.unlink("/etc/agentmem-hostile"),
        "ptrace": lambda: 1 / 0 if libc.ptrace(16, caller, 0, 0) == -1 else None,
    }
    got = {}
    for name, attempt in tries.items():
        try:
            attempt()
            got[name] = None
        except BaseException as error:
            got[name] = type(error).__name__
    os.write(3, json.dumps([held, got]).encode())
    os._exit(0)
os.close(writing)
print(os.read(reading, 1 << 16).decode())
"""


def confined(how):
    done = subprocess.run([sys.executable, "-c", SCRIPT, how], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.skipif(not seccomp.is_known(), reason="there is no filter for this system")
def test_a_filtered_process_can_do_nothing_but_compute():
    held, got = confined("calls")
    if not held["calls"]:
        pytest.skip("this kernel installs no filter")
    assert [name for name, error in got.items() if error is None] == []
    refused = {"open", "write", "socket", "pipe", "dup", "fork", "exec", "kill", "chroot", "stat", "unlink"}
    assert {got[name] for name in refused} == {"PermissionError"}


def test_without_a_filter_limits_and_an_empty_root_hold():
    held, got = confined("none")
    assert held["nobody"] and "open files" in held["limits"]
    left = {name for name, error in got.items() if error is None}
    assert not left & {
        "open",
        "write",
        "socket",
        "pipe",
        "dup",
        "fork",
        "thread",
        "exec",
        "kill",
        "limit",
        "root",
        "memory",
    }
    assert not held["root"] or got["stat"] in {"FileNotFoundError", "PermissionError"}


def test_limits_alone_leave_no_files_sockets_processes_or_memory():
    _, got = confined("limits")
    left = {name for name, error in got.items() if error is None}
    assert not left & {"open", "write", "socket", "pipe", "dup", "fork", "thread", "limit", "root", "memory"}
