"""What docs/mcp.md shows: configurations that parse, and options that there are."""

import json
import re
from pathlib import Path

from typer.testing import CliRunner

from agentmem.cli.main import app
from agentmem_mcp.tasks import TaskCalls
from agentmem_mcp.tools import MemoryCalls

PAGE = (Path(__file__).parents[3] / "docs" / "mcp.md").read_text(encoding="utf-8")
COMMANDS = (
    ("mcp",),
    ("hook",),
    ("hook", "start"),
    ("hook", "prompt"),
    ("hook", "stop"),
    ("remember",),
    ("stats",),
)


def test_every_configuration_is_json():
    blocks = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 4 and all(isinstance(json.loads(block), dict) for block in blocks)


def test_every_option_and_hook_is_there():
    help = "".join(CliRunner().invoke(app, [*command, "--help"]).stdout for command in COMMANDS)
    own = PAGE.replace("claude mcp add agentmem --", "")
    assert all(option in help for option in set(re.findall(r"--[a-z-]{2,}", own)))
    assert set(re.findall(r"agentmem hook (\w+)", PAGE)) == {"start", "prompt", "stop"}


def test_every_tool_is_named(bank):
    tools = [*MemoryCalls(bank, ("acme",), "episodic").offered(), *TaskCalls(bank, ("acme",)).offered()]
    assert all(f"`{tool.name}`" in PAGE for tool in tools)
