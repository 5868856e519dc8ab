"""What counts as a word, and what its stem is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.index.analysis import STOP_WORDS, Vocabulary, stems


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Maya's dogs were RUNNING", ["maya", "dog", "run"]),
        ("Maya\N{RIGHT SINGLE QUOTATION MARK}s dog, O'Brien", ["maya", "dog", "o'brien"]),
        ("don't, won't, I'm, we'll, it's", []),
        ("When did who go where?", ["go"]),
        ("1,200 apples at 3.14 on 2023-05-07", ["1200", "appl", "3.14", "2023", "05", "07"]),
        ("1,2,3", ["1", "2", "3"]),
        ("snake_case_name", ["snake", "case", "name"]),
        ("STRASSE straße", ["strass", "strass"]),
        ("Café Cafe\u0301", ["café", "café"]),
        ("猫が好き ok", ["猫が", "が好", "好き", "ok"]),
        ("猫", ["猫"]),
        ("한국어", ["한국", "국어"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("... \n\t ?!", []),
        ("", []),
    ],
)
def test_words_are_stemmed(text, expected):
    assert stems(text) == expected


def test_ascii_and_unicode_ways_agree():
    text = "The 3 dogs' bones weighed 1,200.50 g, didn't they? v2x o'clock 10:30"
    assert stems(text) == [stem for stem in stems(text + " 猫") if stem != "猫"]


@given(st.text())
def test_any_text_is_analysed(text):
    found = stems(text)
    assert all(found)
    assert stems(text.casefold()) == found


@given(st.text(), st.text())
def test_texts_apart_are_analysed_apart(first, second):
    assert stems(first + "\n" + second) == stems(first) + stems(second)


def test_stop_words_have_no_stem():
    assert stems(" ".join(STOP_WORDS)) == []


@given(st.lists(st.lists(st.text(st.characters(exclude_characters="\x00")), max_size=4), max_size=3))
def test_many_texts_at_once_have_the_stems_of_each(batches):
    vocabulary = Vocabulary()
    for texts in batches:
        codes, numbers = vocabulary.occurrences(texts)
        of_code = list(vocabulary.codes)
        found = [[of_code[code] for code in codes[numbers == number]] for number in range(len(texts))]
        assert found == [stems(text) for text in texts]
