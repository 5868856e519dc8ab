"""Processes of a benchmark: each begins as it is told to, and none outlives who began them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agentmem_bench.pool import CONTEXT, processes, spread

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


SWEEP = """
import json, sys
from agentmem_bench.longhorizon.episodes import Played, play_all
from agentmem_bench.pool import ON_RAY, spread

def begin(value):
    import builtins
    builtins.told = getattr(builtins, "told", 0) + value

def told(_):
    import builtins
    return builtins.told

if __name__ == "__main__":
    ON_RAY.set(sys.argv[1] == "ray")
    wanted = [Played("gripper", memory, 256, seed) for memory in ("full", "subgoal") for seed in range(3)]
    done = []
    print(json.dumps([vars(one) for one in play_all(wanted, 2, done.append)]))
    print(done)
    with spread(2, begin, 7) as over:
        print(list(over(told, range(9))))
"""


@pytest.mark.slow
def test_rows_on_ray_are_those_of_processes(tmp_path: Path):
    pytest.importorskip("ray")
    script = tmp_path / "sweep.py"
    script.write_text(SWEEP, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    told = [
        subprocess.run(
            [sys.executable, str(script), where],
            capture_output=True,
            text=True,
            env=environment,
            timeout=200,
            check=True,
        ).stdout
        for where in ("processes", "ray")
    ]
    assert told[0] == told[1]
    assert told[0].splitlines()[1:] == ["[1, 2, 3, 4, 5, 6]", str([7] * 9)]


def test_results_come_in_the_order_of_the_jobs():
    with spread(2, _begin, 7, None) as over:
        assert list(over(str, range(20))) == [str(n) for n in range(20)]
