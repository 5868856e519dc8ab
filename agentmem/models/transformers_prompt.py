"""What a local model is given to read: a request by the model's own chat template, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentmem.errors import InvalidInput
from agentmem.models.structured import instruction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transformers import PreTrainedTokenizerBase

    from agentmem.models.base import Request

PLAIN = """\
{%- for message in messages -%}
{{ {"system": "", "user": "User: ", "assistant": "Assistant: "}[message.role] + message.content + "\n\n" }}
{%- endfor -%}
Assistant:"""
"""For models without a chat template: a dialogue as it stands in a book."""
PLAIN_STOP = "\nUser:"
"""Where a model without a chat template goes on to speak for the user."""


def rendered(request: Request, tokenizer: PreTrainedTokenizerBase, *, constrained: bool) -> str:
    """The conversation as text, up to where the answer begins.

    A template that knows no system message gets it at the head of the first message of the user.

    Args:
        request: What is asked.
        tokenizer: The model's, with its template; one that has none gets `PLAIN`.
        constrained: Whether the schema is kept to anyway; else the last message asks for it.

    Raises:
        InvalidInput: the model's template cannot tell this conversation.
    """
    from jinja2 import TemplateError

    said = [message.model_dump() for message in request.messages]
    if request.json_schema is not None and not constrained:
        said[-1]["content"] += "\n\n" + instruction(request.json_schema)
    try:
        return _told(said, tokenizer)
    except TemplateError as error:
        try:
            return _told(_without_system(said), tokenizer)
        except TemplateError:
            roles = ", ".join(message["role"] for message in said)
            raise InvalidInput(
                f"the model's chat template refuses a conversation of {roles}: {error}",
                "let user and assistant take turns, the user first",
            ) from error


def stops(request: Request, tokenizer: PreTrainedTokenizerBase) -> tuple[str, ...]:
    """The texts before which an answer ends."""
    return request.stop if tokenizer.chat_template else (*request.stop, PLAIN_STOP)


def encoded(text: str, tokenizer: PreTrainedTokenizerBase) -> list[int]:
    """The tokens of a rendered conversation; a template writes its special tokens itself."""
    tokens: list[int] = tokenizer(text, add_special_tokens=not tokenizer.chat_template)["input_ids"]
    return tokens


def _told(said: Sequence[dict[str, str]], tokenizer: PreTrainedTokenizerBase) -> str:
    return str(
        tokenizer.apply_chat_template(
            said,
            chat_template=None if tokenizer.chat_template else PLAIN,
            add_generation_prompt=True,
            tokenize=False,
        )
    )


def _without_system(said: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    before = "".join(message["content"] + "\n\n" for message in said if message["role"] == "system")
    others = [dict(message) for message in said if message["role"] != "system"]
    if others:
        others[0]["content"] = before + others[0]["content"]
    return others
