"""Processes of a benchmark: each begins as it is told to, and none outlives who began them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from agentmem_bench.pool import CONTEXT, processes

CHILDREN = """
import os, sys, time
from agentmem_bench.pool import processes

if __name__ == "__main__":
    with processes(2) as pool:
        waiting = [pool.submit(time.sleep, 60) for _ in range(6)]
        while len(pool._processes) < 2 or not all(one.is_alive() for one in pool._processes.values()):
            time.sleep(0.01)
        time.sleep(1)
        print(*pool._processes, flush=True)
        time.sleep(60)
"""
_given: list[int] = []


def _begin(value: int, shared: object) -> None:
    _given.append(value)


def _told() -> list[int]:
    return _given


def _runs(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False


def test_each_process_begins_with_what_is_given():
    with processes(2, _begin, 7, CONTEXT.Value("q", 0)) as pool:
        assert [pool.submit(_told).result() for _ in range(4)] == [[7]] * 4


def test_processes_end_where_their_parent_is_killed(tmp_path: Path):
    script = tmp_path / "children.py"
    script.write_text(CHILDREN, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as parent:
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2 and all(map(_runs, pids))
        parent.send_signal(signal.SIGKILL)
    until = time.monotonic() + 20
    while any(map(_runs, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(_runs, pids))
