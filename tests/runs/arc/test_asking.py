"""Programs in what models answer, and what is shown to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.runs.arc.asking import program_in, prompt
from agentmem.worlds.arc.tasks import Pair, Task

SOLVES = "def transform(grid):\n    return grid"


@pytest.mark.parametrize(
    "answer",
    [
        f"```python\n{SOLVES}\n```",
        f"First:\n```python\ndef transform(grid): return 1\n```\nno, better:\n```py\n{SOLVES}\n```\nDone.",
        f"```\n{SOLVES}\n```\nIt is called so:\n```python\ntransform([[1]])\n```",
        f"```python\r\n{SOLVES}",
        f"The rule is plain.\n\n{SOLVES}\n\nThat is all, it's done.",
        SOLVES,
    ],
)
def test_the_last_block_that_defines_the_function_is_the_program(answer: str):
    assert program_in(answer).strip() == SOLVES


def test_imports_before_a_bare_program_belong_to_it():
    bare = f"import numpy as np\nfrom math import pi\n\n{SOLVES}\n"
    assert program_in(f"So:\n{bare}\nDone: it is right.") == bare


@pytest.mark.parametrize(
    "answer", ["", "No.", "```python\nprint(1)\n```", "def transformed(grid): pass", "```"]
)
def test_what_defines_no_function_is_no_program(answer: str):
    assert program_in(answer) == ""


@given(
    st.lists(
        st.sampled_from(
            ["```", "```python\n", "\n", "def transform(grid)", ":", "return grid", "x", "'", "\\"]
        )
    ).map("".join)
)
def test_any_answer_is_read(answer: str):
    found = program_in(answer)
    assert found == "" or ("def transform" in found and found.strip() in answer.replace("\r\n", "\n"))


def test_a_prompt_says_what_is_visible():
    known = Task("t", (Pair(((1, 2),), ((3,), (4,))),), (Pair(((5, 6),), ((7, 8),)),))
    rules, asked = prompt(known, "Two colours.", "")
    assert asked.content == (
        "Example 1, input (1 x 2):\n1 2\nExample 1, output (2 x 1):\n3\n4\n\n"
        "Test input 1 (1 x 2):\n5 6\n\nWhat is seen, and what may be going on: Two colours.\n"
    )
    assert prompt(known.visible(), "Two colours.", "") == (rules, asked)
    assert "agentmem" not in rules.content and "oncepts" not in rules.content
    more, shown = prompt(known, "Two colours.", "<memory-1>\nflip\n</memory-1>\n", ["flip", "turn"])
    assert shown.content == "<memory-1>\nflip\n</memory-1>\n\n" + asked.content
    assert (
        "imported from `agentmem.worlds.arc.dsl`: flip, turn." in more.content
        and "no instruction" not in asked.content
    )
