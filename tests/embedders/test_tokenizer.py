"""The word pieces of the model: counts, parts that fit, and nothing heavy loaded for it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem.embedders import load_tokenizer
from agentmem.embedders.tokenizer import SPECIAL, WINDOW
from agentmem.errors import InvalidInput

hostile = st.text(max_size=200) | st.sampled_from(
    ["[SEP]", "[CLS] [MASK]", "e\u0301a\u0300", "東京タワー", "👩‍👩‍👧", "\u200b", "don't", "x" * 120, "\t\n"]
)


def test_counts_tokens_without_the_special_ones() -> None:
    tokenizer = load_tokenizer()
    assert tokenizer.count_tokens("hello world") == 2
    assert tokenizer.count_tokens("") == 0
    assert tokenizer.count_tokens("word " * 5000) == 5000, "the file's own truncation must be off"


@pytest.mark.parametrize("blank", ["", "   ", "\n\t", "\x01"])
def test_a_blank_text_has_no_parts(blank: str) -> None:
    assert load_tokenizer().parts(blank) == []


def test_a_text_that_fits_is_its_only_part() -> None:
    text = "  Maya moved to Lisbon.  "
    assert load_tokenizer().parts(text) == [text]
    full = "word " * (WINDOW - SPECIAL)
    assert load_tokenizer().parts(full) == [full]


@settings(deadline=None, max_examples=50)
@given(st.lists(hostile, max_size=12), st.integers(1, 80))
def test_parts_fit_the_window_and_lose_no_character(pieces: list[str], times: int) -> None:
    tokenizer = load_tokenizer()
    text = " ".join(pieces) * times
    end = 0
    parts = tokenizer.parts(text)
    for part in parts:
        assert 0 < tokenizer.count_tokens(part) <= WINDOW - SPECIAL
        tokenizer.encode(part)
        begin = text.rfind(part, 0, end + len(part))
        assert 0 <= begin <= end
        end = max(end, begin + len(part))
    assert end == len(text) or not parts


def test_a_text_beyond_the_window_is_refused_not_cut() -> None:
    with pytest.raises(InvalidInput, match="parts"):
        load_tokenizer().encode("word " * 300)


def test_counting_loads_no_runtime() -> None:
    script = (
        "import sys; from agentmem.embedders import load_tokenizer; load_tokenizer().count_tokens('a b');"
        "sys.exit(', '.join({'torch', 'onnxruntime', 'transformers'} & set(sys.modules)) or 0)"
    )
    child = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr
