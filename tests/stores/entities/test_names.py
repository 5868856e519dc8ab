"""Which names are the same."""

import pytest

from agentmem.stores.entities.names import is_name, normal, plain


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Mrs Abernethy's", "abernethy"),
        ("Dr. Anna  Berger", "anna berger"),
        ("the Soča valley", "soča valley"),
        ("THE BRITISH MUSEUM", "british museum"),
        ("James’", "james"),
        ("“Nadia”,", "nadia"),
        ("Ｎadia", "nadia"),
        ("O'Brien", "o'brien"),
        ("Jose\u0301", "josé"),
        ("«राम»", "राम"),
        ("रामा,", "रामा"),
        ("น้ำ", "น้ํา"),
        ("(מֹשֶׁה)", "מֹשֶׁה"),
        ("Mr", "mr"),
        ("...", ""),
        ("", ""),
    ],
)
def test_a_name_is_the_same_without_title_possessive_case_and_marks(name, same):
    assert normal(name) == same


def test_what_is_normal_stays_so():
    for name in ("Mrs Abernethy's", "the Dr Sir X", "ẞ Straße", "İstanbul's"):
        assert normal(normal(name)) == normal(name)


def test_a_name_is_shown_as_it_was_seen():
    assert plain("Prof. Malcolm Thorpe's") == "Malcolm Thorpe"


def test_words_of_small_letters_are_no_name():
    assert not is_name("custard powder")
    assert is_name("de Kleine Zaal")
