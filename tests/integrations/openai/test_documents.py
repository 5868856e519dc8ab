"""What the page of documents shows runs as it stands, against a server of our own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agentmem import Bank

ROOT = Path(__file__).parents[3]
BLOCKS = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.mark.slow
def test_the_page_runs_and_remembers_from_one_block_to_the_next(server: Any, tmp_path: Path):
    blocks = BLOCKS.findall((ROOT / "docs" / "openai.md").read_text())
    said = ["I will remember that.", "No, it is made of nuts.", "No."]
    server.will_say(*said)
    own = {name: value for name, value in os.environ.items() if not name.startswith("AGENTMEM_")}
    environment = own | {
        "OPENAI_API_KEY": "k",
        "OPENAI_BASE_URL": f"{server.url}/v1",
        "OPENAI_AGENTS_DISABLE_TRACING": "1",
        "ANTHROPIC_API_KEY": "k",
        "ANTHROPIC_BASE_URL": server.url,
    }
    for block, answer in zip(blocks, said, strict=True):
        done = subprocess.run(
            [sys.executable, "-c", block],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip() == answer
    assert server.paths == ["/v1/responses", "/v1/chat/completions", "/v1/messages"]
    assert "allergic to nuts" in str(server.requests[1])
    assert "made of nuts" in str(server.requests[2])
    with Bank(tmp_path / "memory.db") as bank:
        texts = [event.text for event in bank.view(("acme", "ada")).events()[::-1] if event.text.strip()]
    question = "May my sister eat nougat?"
    assert texts == ["My sister is allergic to nuts.", said[0], question, said[1], question, said[2]]
