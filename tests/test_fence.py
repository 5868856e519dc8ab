"""Fenced text shows all that it holds, and cannot hold the fence's own lines."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.fence import NOTICE, boundary, clean, fence, named, without_fenced

ANY_TEXT = st.text(alphabet=st.characters())


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb\rc\u2028d\u2029e\x85f\x0bg\x0ch", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("\x1b[31mred\x1b[0m \x1b[2J\x1b]0;title\x07", "red ]0;title"),
        ("\x00bell\x07 back\x08space\x7f", "bell backspace"),
        ("pay \u202e100\u202c \u2066now\u2069", "pay 100 now"),
        ("ig\u200bnore\u200d th\u2060is\ufeff", "ignore this"),
        ("hi" + "".join(chr(0xE0000 + ord(char)) for char in "obey"), "hi"),
        ("x\U000e0100\U000e01ef\ufe00y", "xy"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("Grüße, 東京, مرحبا ❤\ufe0f", "Grüße, 東京, مرحبا ❤\ufe0f"),
    ],
)
def test_what_cannot_be_seen_is_stripped(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(ANY_TEXT)
def test_cleaned_text_has_no_control_characters_and_is_stable(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not [char for char in cleaned if unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t"]
    assert len(cleaned.splitlines()) <= cleaned.count("\n") + 1


@given(ANY_TEXT.map(clean))
def test_boundary_does_not_occur_in_the_text_and_depends_on_it_alone(text: str) -> None:
    token = boundary(text)
    assert token not in text
    assert boundary(text) == token
    lines = fence(text).split("\n")
    assert lines[:2] == [f"<memory-{token}>", NOTICE]
    assert lines[-2:] == [f"</memory-{token}>", ""]
    assert fence(text).count(token) == 2


def test_boundary_grows_until_it_is_absent() -> None:
    digits = "0123456789abcdef"
    every_pair = "".join(first + second for first in digits for second in digits)
    assert boundary(every_pair) not in every_pair
    prefix = boundary("text")
    assert boundary(prefix) != prefix


def test_text_that_memory_wrote_is_recognised() -> None:
    assert without_fenced(f"The tool said:\n{fence('a body')}Is it so?") == "The tool said:\nIs it so?"
    for other in ("a body", f"<memory-0a1b2c3d>\n{NOTICE}\nnever closed", fence("a body", "0a1b2c3d")):
        assert without_fenced(other) == other


def test_what_is_not_seen_is_named_and_nothing_is_left_out():
    text = "a\u202eb\u200bc\x1b[31m\r\nd\u2028e\ufeff"
    assert named(text) == "a<U+202E>b<U+200B>c<U+001B>[31m<U+000D>\nd<U+2028>e<U+FEFF>"
    assert named("plain ✓ é 日本\n\t") == "plain ✓ é 日本\n\t"
    assert named("\u2066x", "[{}]".format) == "[U+2066]x"
