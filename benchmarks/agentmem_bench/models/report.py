"""The result as tables and sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from agentmem_bench.models.rates import TOGETHER
from agentmem_bench.tables import table

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

MB = 1e6
NONE = "-"
MEMORY = ("memory, MB", "at its peak", "on the GPU", "loaded in, s")


def show(result: dict[str, Any], console: Console) -> None:
    """Print all that a person wants to know."""
    for piece in _pieces(result):
        console.print(piece)


def _pieces(result: dict[str, Any]) -> Iterator[RenderableType]:
    chat, embedding = result["chat"], result["embedding"]
    if chat:
        yield chat_table(result)
    yield embedding_table(result)
    for row in (*chat, *embedding):
        if "left_out" in row:
            yield f"{_name(row)} left out: {row['left_out']}"
    yield (
        "Each in a process of its own; memory is that of the process above its start, libraries included. "
        "Times hold for a machine that does nothing else; "
        f"the load before was {result['load_before']} on {result['machine']['cores']} cores."
    )


def chat_table(result: Mapping[str, Any]) -> Table:
    """Tokens a second and memory of language models."""
    tokens = result["data"]["tokens"]
    title = f"Language models: tokens/s, medians of {result['repeats']}, answers of {tokens} tokens"
    heads = ("read", "written", f"written, {TOGETHER} at once", *MEMORY)
    return _table(title, "model", heads, result["chat"], _chat)


def embedding_table(result: Mapping[str, Any]) -> Table:
    """Texts a second and memory of the embedder."""
    title = (
        f"Embedder: the {result['data']['texts']} texts of the shipped chat, medians of {result['repeats']}"
    )
    return _table(title, "embedder", ("texts/s", *MEMORY), result["embedding"], _embedding)


def _table(
    title: str,
    first: str,
    heads: Sequence[str],
    rows: Sequence[dict[str, Any]],
    cells: Callable[[dict[str, Any]], Sequence[str]],
) -> Table:
    shown = table(title, first, heads)
    for row in rows:
        if "left_out" not in row:
            shown.add_row(_name(row), *cells(row), *_memory(row))
    return shown


def _chat(row: dict[str, Any]) -> Sequence[str]:
    rates = (row["prompt_per_s"], row["generated_per_s"], row["together"]["generated_per_s"])
    return [_figure(rate) for rate in rates]


def _embedding(row: dict[str, Any]) -> Sequence[str]:
    return [_figure(row["texts_per_s"])]


def _memory(row: dict[str, Any]) -> Sequence[str]:
    held = (row["above_bytes"], row["peak_above_bytes"], row["cuda_bytes"])
    megabytes = [NONE if value is None else f"{value / MB:,.0f}" for value in held]
    return [*megabytes, f"{row['load_s']:.1f}"]


def _name(row: dict[str, Any]) -> str:
    way = (row["runtime"], row["device"], row["precision"])
    return " ".join([row.get("model") or row["embedder"], *(part for part in way if part)])


def _figure(value: float | None) -> str:
    return NONE if value is None else f"{value:,.1f}"
