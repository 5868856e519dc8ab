import json
import os
import select
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem.errors import InvalidInput, Unavailable
from agentmem.worlds.sandbox.limits import SandboxLimits
from agentmem.worlds.sandbox.pool import Sandbox

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=20,
)
SAME = "def transform(grid): return grid"


@settings(max_examples=40, deadline=None)
@given(values=st.lists(JSON, max_size=4))
def test_json_goes_in_and_comes_out_as_it_was(box, values):
    verdict = box.run(SAME, values)
    assert verdict.ok and list(verdict.outputs) == values


def test_an_exception_costs_the_answer_for_its_input_alone(box):
    program = "def transform(grid):\n    if grid == 2:\n        raise ValueError('two')\n    return grid"
    verdict = box.run(program, [1, 2, 3])
    assert [answer.value for answer in verdict.answers] == [1, None, 3]
    assert [answer.reason for answer in verdict.answers] == [None, "raised", None]
    assert (verdict.reason, verdict.detail) == ("raised", "line 3: ValueError: two") and not verdict.ok


def test_a_limit_costs_the_answers_from_its_input_on(hasty):
    verdict = hasty.run("def transform(grid):\n    while grid == 2: pass\n    return grid", [1, 2, 3])
    assert [answer.value for answer in verdict.answers] == [1, None, None]
    assert [answer.reason for answer in verdict.answers] == [None, "timeout", "timeout"]


def test_what_is_forbidden_costs_all_answers(box):
    verdict = box.run("def transform(grid):\n    if grid == 2: open('x')\n    return grid", [1, 2, 3])
    assert [answer.value for answer in verdict.answers] == [1, None, 3]
    walked = (
        "def transform(grid):\n"
        "    for one in ().__class__.__mro__[1].__subclasses__():\n"
        "        if grid == 2 and one.__name__ == '_wrap_close':\n"
        "            try: one.__init__.__globals__['listdir']('/')\n"
        "            except BaseException: pass\n"
        "    return grid"
    )
    verdict = box.run(walked, [1, 2, 3])
    assert [answer.reason for answer in verdict.answers] == ["forbidden"] * 3


def test_a_program_cannot_change_what_the_next_input_or_program_gets(box):
    program = "import numpy, json\ndef transform(grid):\n    grid.append(1)\n    numpy.array = None\n    return grid"
    assert box.run(program, [[0], [0]]).outputs == ([0, 1], [0, 1])
    assert box.run("import numpy\ndef transform(grid): return numpy.array(grid)", [[0]]).outputs == ([0],)


def test_without_inputs_a_program_is_only_read(box):
    assert box.run(SAME, []).ok
    assert box.run("def transform(", []).reason == "syntax"


def test_lists_come_as_arrays_where_that_is_asked_for(box):
    program = "def turn(grid): return grid.T if hasattr(grid, 'T') else grid"
    assert box.run(program, [[[1, 2], [3, 4]], 5], "turn", arrays=True).outputs == ([[1, 3], [2, 4]], 5)


def test_threads_share_a_sandbox(box):
    with ThreadPoolExecutor(8) as threads:
        given = list(range(40))
        assert list(threads.map(lambda one: box.run(SAME, [one]).outputs[0], given)) == given


def test_the_public_names_of_a_prelude_are_there_and_can_be_imported():
    with Sandbox(prelude="agentmem.worlds.arc.grids", workers=1) as box:
        for head in (
            "",
            "from agentmem.worlds.arc.grids import text_of",
            "from agentmem.worlds.arc.grids import *",
            "import agentmem.worlds.arc.grids as grids\ntext_of = grids.text_of",
            "import agentmem.worlds.arc.grids\ntext_of = agentmem.worlds.arc.grids.text_of",
        ):
            verdict = box.run(f"{head}\ndef transform(grid): return text_of(grid)", [[[1, 2]]])
            assert verdict.outputs == ("1 2",), verdict
        assert box.run("import agentmem.errors", [1]).reason == "forbidden"
        assert box.run("from agentmem.worlds.sandbox import child", [1]).reason == "forbidden"


def test_sets_are_ordered_alike_in_every_process():
    program = "def transform(grid): return list({str(i) for i in range(50)})"
    outputs = set()
    for _ in range(2):
        with Sandbox(workers=1) as box:
            outputs.add(json.dumps(box.run(program, [1]).outputs))
    assert len(outputs) == 1


def test_files_and_environment_of_the_caller_are_out_of_reach(box, tmp_path, monkeypatch):
    hidden = tmp_path / "hidden.json"
    hidden.write_text("secret", encoding="utf-8")
    hidden.chmod(0o666)
    monkeypatch.setenv("AGENTMEM_SECRET", "secret")
    way = f"{tmp_path}/hidden.json"
    walk = (
        "def transform(way):\n"
        "    for one in ().__class__.__mro__[1].__subclasses__():\n"
        "        if one.__name__ == '_wrap_close':\n"
        "            os = one.__init__.__globals__\n"
    )
    for line in (
        "os['open'](way, 0)",
        "os['open'](way, 1)",
        "os['unlink'](way)",
        "os['stat'](way)",
        "os['chmod'](way, 0)",
    ):
        verdict = box.run(f"{walk}            return {line}", [way])
        assert verdict.reason == "forbidden", verdict
    assert hidden.read_text(encoding="utf-8") == "secret"
    with Sandbox(workers=1) as fresh:
        assert fresh.run(f"{walk}            return dict(os['environ'])", [way]).outputs == ({},)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1}, b"x", object()])
def test_inputs_that_are_no_json_are_refused(box, value):
    with pytest.raises(InvalidInput):
        box.run(SAME, [value])


def test_too_long_programs_and_inputs_fail_without_a_process():
    with Sandbox(SandboxLimits(program_bytes=100, input_bytes=100), workers=1) as box:
        assert box.run("#" * 101, [1]).reason == "output" == box.run(SAME, ["x" * 100]).reason


def test_a_sandbox_of_no_process_is_refused():
    with pytest.raises(InvalidInput):
        Sandbox(workers=0)


def test_a_prelude_that_does_not_import_is_named():
    with (
        Sandbox(prelude="agentmem.nothing", workers=1) as box,
        pytest.raises(Unavailable, match=r"agentmem\.nothing"),
    ):
        box.run(SAME, [1])


def test_a_warm_process_that_is_lost_is_replaced():
    before = set(children())
    with Sandbox(workers=1) as box:
        assert box.run(SAME, [1]).ok
        for pid in set(children()) - before:
            os.killpg(pid, signal.SIGKILL)
        assert box.run(SAME, [1]).reason in {None, "died"}
        assert box.run(SAME, [1]).ok


def test_nothing_is_left_of_a_closed_sandbox():
    before, open_before = set(children()), descriptors()
    with Sandbox(workers=2) as box:
        with ThreadPoolExecutor(2) as threads:
            assert all(verdict.ok for verdict in threads.map(lambda one: box.run(SAME, [one]), range(8)))
        assert set(children()) > before
    assert set(children()) == before and descriptors() == open_before


def descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


def children():
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


CALLER = """
import os, sys
from agentmem.worlds.sandbox.pool import Sandbox
box = Sandbox(workers=1)
box.capabilities()
print(open(f"/proc/self/task/{os.getpid()}/children").read(), flush=True)
box.run("import time\\ndef transform(grid): time.sleep(1000)", [1])
"""


def test_the_processes_end_with_their_caller():
    caller = subprocess.Popen([sys.executable, "-c", CALLER], stdout=subprocess.PIPE, text=True)
    with caller:
        warm = int(caller.stdout.readline())
        handle = os.pidfd_open(warm)
        caller.kill()
    ended, _, _ = select.select([handle], [], [], 30)
    os.close(handle)
    assert ended


def test_what_the_kernel_takes_is_told(box):
    held = box.capabilities()
    assert {"cpu", "open files", "processes"} <= set(held.limits)
    assert held.lacks == () or not held.calls or not held.nobody
