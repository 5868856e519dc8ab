"""A function as a tool of MCP: what it is for, what it may change, and no argument that it does not name."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from enum import Enum
from typing import cast

from mcp.server.mcpserver.tools import Tool
from mcp.server.mcpserver.utilities.func_metadata import ArgModelBase
from mcp.types import ToolAnnotations
from pydantic import ConfigDict, create_model


class _Exact(ArgModelBase):
    model_config = ConfigDict(extra="forbid")


class Effect(Enum):
    """What a tool does to the memory, as MCP tells it to clients; none calls anything outside."""

    READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
    ADDS = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)
    CHANGES = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)
    DELETES = ToolAnnotations(
        read_only_hint=False, destructive_hint=True, idempotent_hint=True, open_world_hint=False
    )


def offered(function: Callable[..., str], effect: Effect, told: Callable[..., str] | None = None) -> Tool:
    """`function` as a tool that answers plain text.

    Args:
        function: Its name and parameters are the tool's.
        effect: What it does to the memory.
        told: Whose docstring says what it is for; none: that of `function`.
    """
    tool = Tool.from_function(
        function,
        description=purpose(told or function),
        annotations=effect.value,
        structured_output=False,
    )
    given = tool.fn_metadata.arg_model
    exact = cast("type[ArgModelBase]", create_model(given.__name__, __base__=(_Exact, given)))
    tool.fn_metadata.arg_model = exact
    tool.parameters = exact.model_json_schema(by_alias=True)
    return tool


def purpose(function: Callable[..., object]) -> str:
    """What the docstring of a function says before its arguments."""
    return (inspect.getdoc(function) or "").partition("\n\nArgs:")[0]
