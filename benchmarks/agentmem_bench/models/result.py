"""Every model in every way that this machine has, each in a process of its own, as one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agentmem.config import Settings
from agentmem.errors import AgentMemError, InvalidInput
from agentmem_bench import fresh
from agentmem_bench.floor import data
from agentmem_bench.models.rates import PROMPTS, REPEATS
from agentmem_bench.models.variants import Variant, of_chat, of_embedder
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.provenance import load_average, provenance

SCHEMA = "agentmem.bench.models/1"
MODELS = ("llama",)
TOKENS = 128
PROMPT_CHARACTERS = 1_600
"""Of a prompt: some 400 tokens of English."""
QUESTION = "Tell the story of these people from the beginning, in your own words and at length."


def measure(
    models: Sequence[str] = MODELS,
    *,
    tokens: int = TOKENS,
    settings: Settings | None = None,
    watch: Watch = unwatched,
) -> dict[str, Any]:
    """Measure `models` and the embedder.

    Args:
        models: As after `--model`; those of `hf:FOLDER` on each device and in each precision.
        tokens: Of a generated answer.
        settings: Name the embedder; none: those of the environment.
        watch: Told how far it is.

    Returns:
        The result as docs/benchmarks.md describes it.

    Raises:
        InvalidInput: fewer than two tokens.
    """
    if tokens < 2:  # noqa: PLR2004 - the first one is of the prompt
        raise InvalidInput(f"--tokens {tokens} tells no rate", "give two or more")
    settings = settings or Settings()
    texts = [turn.text for turn in data.read(None, None).chat.turns]
    load = load_average()
    given = {"tokens": tokens, "prompts": prompts(texts)}
    asked = [(model, variant) for model in models for variant in of_chat(model)]
    chat = []
    for done, (model, variant) in enumerate(asked):
        watch("models", done, len(asked))
        chat.append(_told("chat_probe", variant, {"model": model}, given))
    embedding = []
    ways = of_embedder(settings.embedder)
    for done, variant in enumerate(ways):
        watch("embedder", done, len(ways))
        own = {"embedder": settings.embedder}
        embedding.append(_told("embed_probe", variant, own, {"texts": texts, "precision": variant.precision}))
    return {
        "schema": SCHEMA,
        "data": {"texts": len(texts), "prompt_characters": PROMPT_CHARACTERS, "tokens": tokens},
        "repeats": REPEATS,
        "load_before": load,
        "chat": chat,
        "embedding": embedding,
        **provenance(0),
    }


def prompts(texts: Sequence[str]) -> list[str]:
    """`PROMPTS` texts to read, each beginning with another turn of the shipped chat."""
    made = []
    for place in range(PROMPTS):
        start = place * len(texts) // PROMPTS
        turns = "\n".join([*texts[start:], *texts[:start]])
        made.append(f"{turns[:PROMPT_CHARACTERS]}\n\n{QUESTION}")
    return made


def _told(probe: str, variant: Variant, own: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """What a probe tells; or why it cannot, e.g. since a package or a device is missing."""
    way = {"runtime": variant.runtime, "device": variant.device, "precision": variant.precision}
    try:
        found = fresh.ask(f"{__package__}.{probe}", {**own, **given, "settings": variant.settings or {}})
    except fresh.Failed as error:
        last = error.message.rpartition("\n")[2]
        ours = last.startswith(f"{AgentMemError.__module__}.")
        return {**own, **way, "left_out": last.partition(": ")[2] if ours else last}
    return {**own, **way, **found}
