"""Several processes on one forest in one file: no cycle arises, nothing is lost, a kill leaves it sound."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import networkx as nx
import pytest
from forest_writing import NONE, SHARED, digest, open_forest, shared

from agentmem.stores.task.store import TaskMemory

pytestmark = pytest.mark.slow
SCRIPT = Path(__file__).with_name("forest_writing.py")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a writer of a name; what still runs at the end is killed."""
    running: list[subprocess.Popen[str]] = []

    def start_(*arguments: object) -> subprocess.Popen[str]:
        command = [sys.executable, str(SCRIPT), str(tmp_path / "bank.db"), *map(str, arguments)]
        pipe = subprocess.PIPE
        running.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True))
        return running[-1]

    yield start_
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def forest(tmp_path: Path) -> Iterator[TaskMemory]:
    task = open_forest(str(tmp_path / "bank.db"))
    shared(task)
    yield task
    task.bank.close()


def heard(process: subprocess.Popen[str]) -> list[list[str]]:
    """What a writer told until it had written."""
    told = []
    while (line := process.stdout.readline()) not in ("written\n", ""):
        told.append(line.split())
    assert line, process.stderr.read()
    return told


def is_sound(task: TaskMemory) -> None:
    graph = task.graph()
    assert nx.is_directed_acyclic_graph(graph.tree)
    assert nx.is_directed_acyclic_graph(graph.dependencies)
    assert task.bank.verify() == []


def test_edges_that_are_fine_alone_close_no_cycle_together(forest, start):
    writers = [start("left", "upward", 25), start("right", "downward", 25)]
    told = [heard(writer) for writer in writers]
    is_sound(forest)
    both = [line for lines in told for line in lines]
    ids = shared(forest)
    graph = forest.graph()
    tied = {(ids[int(line[1])], ids[int(line[2])]) for line in both if line[0] == "tied"}
    refused = [line for line in both if line[0] == "refused"]
    assert {(edge.source, edge.target) for edge in graph.needs} == tied
    assert refused
    assert {line[3] for line in refused} == {"Cycle"}
    assert set(graph.nodes) == {line[1] for line in both if line[0] == "added"} | set(ids)
    assert len(graph.nodes) == SHARED + 50
    valued = Counter(int(line[1]) for line in both if line[0] == "valued")
    for at, id in enumerate(ids):
        assert len(forest.revisions(id)) == valued[at]
    for writer in writers:
        writer.stdin.write("\n")
        writer.stdin.flush()
    seen = {writer.stdout.readline() for writer in writers}
    assert seen == {f"sees {digest(forest)}\n"}
    before = digest(forest)
    forest.bank.rebuild(forest.namespace)
    assert digest(forest) == before


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_writer_leaves_a_sound_forest_with_all_that_it_acknowledged(forest, start, seed: int):
    choose = random.Random(seed)
    writer, other = start("killed", "upward", "on"), start("other", "downward", 15)
    acknowledged = [writer.stdout.readline().split() for _ in range(choose.randint(1, 40))]
    time.sleep(choose.random() * 0.05)
    writer.kill()
    acknowledged += [line.split() for line in writer.communicate()[0].splitlines()]
    heard(other)
    is_sound(forest)
    ids = shared(forest)
    graph = forest.graph()
    assert {line[1] for line in acknowledged if line[0] == "added"} <= set(graph.nodes)
    tied = {(ids[int(line[1])], ids[int(line[2])]) for line in acknowledged if line[0] == "tied"}
    assert tied <= {(edge.source, edge.target) for edge in graph.needs}
    values = {one.value for id in ids for one in forest.revisions(id)}
    assert {line[2].replace("-", " ") for line in acknowledged if line[0] == "valued"} <= values
    assert forest.add("after").slot == "after"
    with forest.bank.fork(forest.bank.database.path.with_name("fork.db")) as fork:
        again = fork.store(NONE)
        fork.rebuild(again.namespace)
        assert digest(again) == digest(forest)
