"""The figures of the documents are those of the committed results, and stand nowhere else."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agentmem.errors import FormatError, NotFound
from agentmem_bench.commands import app
from agentmem_bench.whole import blocks
from agentmem_bench.whole.blocks import BLOCKS, END, README, rewrite, written
from agentmem_bench.whole.place import RESULTS, pages, tree
from agentmem_bench.whole.plan import STEPS

ROOT = Path(__file__).parents[3]
MARKER = "<!-- figures: locomo -->"


def told(name: str) -> str:
    return f"| what | {name} |"


def test_the_blocks_of_all_pages_are_what_the_committed_results_say() -> None:
    assert rewrite(ROOT, check=True) == []


def test_the_readme_has_every_block_of_the_plan_once() -> None:
    named = re.findall(r"^<!-- figures: (\S+) -->$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert sorted(named) == sorted([*README, "origin"])


def test_every_step_fills_a_block_and_every_result_of_the_readme_has_a_step() -> None:
    assert sorted(step.result for step in STEPS) == sorted(blocks.MADE)


def test_what_the_readme_measures_stands_in_blocks_alone() -> None:
    text = (ROOT / "README.md").read_text()
    measured = text[text.index("## Measured") : text.index("## What it does not do yet")]
    outside = re.sub(rf"^<!-- figures: .*?^{END}$", "", measured, flags=re.MULTILINE | re.DOTALL)
    outside = re.sub(r"\]\([^)]*\)", "]", outside)
    assert not re.search(r"[0-9]|^\|", outside, re.MULTILINE)


def test_every_block_of_docs_is_known_and_shown_somewhere_or_waits_for_its_page() -> None:
    text = "\n".join(page.read_text() for page in pages(ROOT))
    shown = set(re.findall(r"^<!-- figures: (\S+) -->$", text, re.MULTILINE))
    assert set(BLOCKS) - shown <= {"scaling-forecast"}


def test_a_block_is_written_anew_and_what_stands_around_stays() -> None:
    page = f"before\n\n{MARKER}\nold 17\n{END}\n\nafter\n"
    new = written(page, told)
    assert new == f"before\n\n{MARKER}\n\n{told('locomo')}\n\n{END}\n\nafter\n"
    assert written(new, told) == new


@pytest.mark.parametrize(
    "page",
    [
        f"{MARKER}\n",
        f"{END}\n",
        f"{MARKER}\n{MARKER}\n{END}\n",
        f"{MARKER}\n{END}\n{END}\n",
        f"<!-- figures: unheard-of -->\n{END}\n",
    ],
)
def test_markers_that_do_not_match_are_refused_with_their_line(page: str) -> None:
    with pytest.raises(FormatError, match=r"README\.md"):
        written(page, told, "README.md")


def test_a_figure_changed_by_hand_is_found_and_mended(tmp_path: Path) -> None:
    shutil.copytree(ROOT / RESULTS, tmp_path / RESULTS)
    readme = tmp_path / "README.md"
    readme.write_text(f"{MARKER}\n| full | 0.999 |\n{END}\n")
    assert rewrite(tmp_path, check=True) == [readme]
    assert "0.999" in readme.read_text()
    assert rewrite(tmp_path) == [readme]
    assert "0.999" not in readme.read_text()
    assert rewrite(tmp_path, check=True) == []
    changed = json.loads((tmp_path / RESULTS / "locomo.json").read_text())
    changed["pipelines"]["full"]["overall"]["mrr"] = 0.0
    (tmp_path / RESULTS / "locomo.json").write_text(json.dumps(changed))
    assert rewrite(tmp_path, check=True) == [readme]
    (tmp_path / RESULTS / "locomo.json").unlink()
    with pytest.raises(NotFound, match=r"locomo\.json"):
        rewrite(tmp_path)


def test_the_command_looks_and_says_so() -> None:
    done = CliRunner().invoke(app, ["tables", "--check"])
    assert done.exit_code == 0
    assert "as the results say" in done.output
    assert tree() == ROOT
