"""Calls of language models and embedders, by the GenAI semantic conventions of OpenTelemetry.

They are still in development, so their names stand here, and no package that has them is needed. Of what
was asked and answered nothing is told but its length in tokens.
"""

from __future__ import annotations

from pathlib import PurePath

from agentmem.telemetry.api import Api, Attributes, api, failure
from agentmem.telemetry.work import IDLE, Idle, Piece

PROVIDERS = {"llama": "llama_cpp", "hf": "transformers"}
"""Who answers, where it is not what stands before the colon of a model's name."""


class ModelCall(Piece):
    """One call of a model."""

    __slots__ = ("_labels",)
    is_call = True

    def __init__(self, labels: dict[str, str], further: Attributes, there: Api) -> None:
        title = f"{labels['gen_ai.operation.name']} {labels['gen_ai.request.model']}"
        super().__init__(title, labels | dict(further), there)
        self._labels = labels

    def used(self, input_tokens: int, output_tokens: int, finish: str) -> None:
        """Tell what it took, and why it ended."""
        counts = {"input": input_tokens, "output": output_tokens}
        known = {kind: n for kind, n in counts.items() if n}
        self.tell({f"gen_ai.usage.{kind}_tokens": n for kind, n in known.items()})
        self.tell({"gen_ai.response.finish_reasons": (finish,)})
        if self._api is not None:
            for kind, n in known.items():
                labels = self._labels | {"gen_ai.token.type": kind}
                self._api.record("gen_ai.client.token.usage", n, labels, "{token}")

    def ended(self, seconds: float, error: BaseException | None) -> None:
        """Tell what it took."""
        if self._api is not None:
            labels = self._labels | failure(error)
            self._api.record("gen_ai.client.operation.duration", seconds, labels)


def chat(name: str, *, max_tokens: int, temperature: float, is_json: bool) -> Idle:
    """One answer of a language model, named as after `--model`, as a context."""
    there = api()
    if there is None:
        return IDLE
    further: dict[str, str | int | float] = {
        "gen_ai.request.max_tokens": max_tokens,
        "gen_ai.request.temperature": temperature,
        "gen_ai.output.type": "json" if is_json else "text",
    }
    return ModelCall(_labels("chat", *_parts(name)), further, there)


def embeddings(name: str, provider: str, texts: int) -> Idle:
    """Vectors of so many texts by an embedder, as a context."""
    there = api()
    if there is None:
        return IDLE
    return ModelCall(_labels("embeddings", provider, name), {"agentmem.texts": texts}, there)


def _labels(operation: str, provider: str, model: str) -> dict[str, str]:
    return {
        "gen_ai.operation.name": operation,
        "gen_ai.provider.name": provider,
        "gen_ai.request.model": model,
    }


def _parts(name: str) -> tuple[str, str]:
    """Provider and model of a name; of a file or folder only what it is called itself."""
    kind, _, model = name.partition(":")
    if model.startswith(("/", "~", ".")) or "\\" in model:
        model = PurePath(model.replace("\\", "/")).name
    return PROVIDERS.get(kind, kind), model or kind
