"""Token counters count what their tokenizer would, and long words at their real cost."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from agentmem.embedders import load_tokenizer
from agentmem.synthesis.tokens import LONGEST_WORD, FunctionTokens, MiniLMTokens

COUNTER = MiniLMTokens()


def test_default_counts_word_pieces_without_special_tokens() -> None:
    assert COUNTER.name == "all-MiniLM-L6-v2"
    assert COUNTER.count("") == 0
    assert COUNTER.count("hello there") == 2


def test_long_texts_are_not_truncated() -> None:
    assert COUNTER.count("hello " * 5_000) == 5_000


def test_word_that_the_model_reads_as_one_unknown_token_is_counted_in_parts() -> None:
    assert load_tokenizer().count_tokens("a" * 10_000) == 1
    assert COUNTER.count("a" * 10_000) == 100 * COUNTER.count("a" * LONGEST_WORD)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=LONGEST_WORD))
def test_default_is_exact_for_the_tokenizer_where_no_word_is_overlong(text: str) -> None:
    assert COUNTER.count(text) == load_tokenizer().count_tokens(text)


def test_long_addresses_and_code_are_counted_exactly() -> None:
    text = "https://example.org/" + "/".join(["path-to_a.file"] * 40)
    assert COUNTER.count(text) == load_tokenizer().count_tokens(text)


def test_any_function_can_count() -> None:
    counter = FunctionTokens("words", lambda text: len(text.split()))
    assert (counter.name, counter.count("one two three")) == ("words", 3)


def test_importing_synthesis_loads_no_tokenizer() -> None:
    heavy = ("tokenizers", "torch", "faiss")
    code = f"import sys, agentmem.synthesis; print([each for each in {heavy} if each in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
