"""Values as people type them, and how answers are shown to them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.cli.rendering import Page, plain_table
from agentmem.cli.values import moment, names, pairs
from agentmem.errors import InvalidInput


def test_a_time_without_zone_is_utc_and_a_date_is_its_first_moment_or_its_last():
    assert moment("--at", "2025-03-01T10:00+02:00") == datetime(2025, 3, 1, 8, tzinfo=UTC)
    assert moment("--at", "2025-03-01") == datetime(2025, 3, 1, tzinfo=UTC)
    assert moment("--until", "2025-03-01", whole_day=True) == datetime(2025, 3, 1, 23, 59, 59, 999_999, UTC)
    assert moment("--until", "2025-03-01T10:00", whole_day=True) == datetime(2025, 3, 1, 10, tzinfo=UTC)
    assert moment("--at", None) is None
    with pytest.raises(InvalidInput, match="--at 'soon' is no time"):
        moment("--at", "soon")


def test_pairs_are_what_they_look_like():
    assert pairs("-o", ["a=1", "b=1.5", "c=true", "d=x=y", "e="]) == {
        "a": 1,
        "b": 1.5,
        "c": True,
        "d": "x=y",
        "e": "",
    }
    with pytest.raises(InvalidInput):
        pairs("-o", ["=1"])


def test_lists_are_split_at_commas():
    assert names("dense, text,") == ("dense", "text")
    assert names(None) is None


def test_a_plain_table_has_no_frames_and_indents_further_lines():
    lines = plain_table(["#", "what"], [["1", ["head", "first\nline", "second"]], ["10", "flat"]])
    assert lines == [" #  what", " 1  head", "    first line", "    second", "10  flat"]


@given(st.text())
def test_recalled_text_cannot_steer_the_terminal(text):
    lines = plain_table(["a"], [[text + "\x1b[31m\u202e\r"]])
    assert all(
        character.isprintable() or character.isspace() for character in "".join(lines) if character < "\x80"
    )
    assert "\u202e" not in "".join(lines)
    assert all("\n" not in line and "\r" not in line for line in lines)


def test_a_page_in_a_pipe_is_plain(capsys):
    page = Page()
    page.heading("Title")
    page.line("[bold]text[/bold] \x1b[31mred")
    page.pairs({"a": 1, "long": "x"})
    page.block("one\n\ntwo\n")
    assert capsys.readouterr().out == "\nTitle\n[bold]text[/bold] red\na     1\nlong  x\n    one\n\n    two\n"
    Page(silent=True).line("unheard")
    assert capsys.readouterr().out == ""
