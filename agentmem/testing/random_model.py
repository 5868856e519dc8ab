"""A language model of random weights in a folder, as Hugging Face saves one, for tests that need any."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
SPECIAL = ("<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>")
TEXTS = ("Whatever an agent was told, its memory keeps, and finds it again.", '{"name": true}')
VOCABULARY = 300
"""Tokens: all bytes and a few merges, so that most words take several."""
HEAD = 64
"""Dimensions of an attention head at most."""


def save_random_model(
    folder: Path,
    *,
    seed: int = 0,
    hidden: int = 64,
    layers: int = 2,
    window: int = 256,
    template: str | None = TEMPLATE,
    vocabulary: int = VOCABULARY,
) -> Path:
    """Save a Llama that says nothing sensible, and its tokenizer; two seeds say different things.

    Args:
        folder: Where to; it is made.
        seed: Of the weights.
        hidden: Dimensions of a token's state, a multiple of 64; weights are about 12 layers hidden².
        layers: How many.
        window: Tokens of prompt and answer together.
        template: The chat template; none: a model without one.
        vocabulary: Rows of the embedding matrix, at least as many as there are tokens.

    Returns:
        The folder.
    """
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    from agentmem.devices import without_bars

    tokenizer = _tokenizer(template)
    config = LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=hidden,
        intermediate_size=8 * hidden // 3,
        num_hidden_layers=layers,
        num_attention_heads=max(2, hidden // HEAD),
        max_position_embeddings=window,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=None,
        initializer_range=hidden**-0.5,
    )
    with torch.random.fork_rng(devices=[]), without_bars():
        torch.manual_seed(seed)
        LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _tokenizer(template: str | None) -> PreTrainedTokenizerBase:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(TEXTS, trainer)
    pad, end, *roles = SPECIAL
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token=pad,
        eos_token=end,
        additional_special_tokens=roles,
        chat_template=template,
    )
