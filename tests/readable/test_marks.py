"""No text of memory passes for a mark, and all of it is read again as it was."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.errors import FormatError
from agentmem.readable.marks import digest, file_name, inline, mark, marked, page_mark, quoted

PIECES = (
    "<!-- agentmem statement t1@1 -->",
    "<!-- agentmem page x.md -->",
    "<!--",
    "-->",
    "\n---\ntitle: x\n---\n",
    "<script>alert(1)</script>",
    "[a](javascript:alert(1))",
    "![](http://x/y.png)",
    "> ",
    "\n",
    "\r",
    "\r\n",
    "\x85",
    "\u2028",
    "\u202e",
    "\\",
    "\\<",
    "&#60;",
    "&lt;",
    "`",
    "~~~",
    "# ",
    "1. ",
    "- ",
    "\t",
    " ",
    "\ufeff",
    "agentmem",
)
storable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
texts = st.lists(st.one_of(st.sampled_from(PIECES), storable), max_size=8).map("".join)


@given(st.lists(st.tuples(storable.filter(bool), st.integers(1, 999), texts), max_size=4), texts, texts)
def test_whatever_memory_holds_a_page_is_read_as_it_was_written(told, title, actor):
    told = [(id, version, text) for id, version, text in told if text.strip()]
    lines = [page_mark("sessions/x.md"), f"# {inline(title)}", ""]
    for id, version, text in told:
        lines += [f"**{inline(actor)}** · [{inline(title)}](../x.md)", "", mark("statement", id, version)]
        lines += [*quoted(text), ""]
    page = "\n".join(lines)
    found = marked(page, "x.md")
    assert [(one.id, one.version, one.text) for one in found] == told
    assert [one.what for one in marked(page.replace("\n", "\r\n"), "x.md")] == ["statement"] * len(told)
    assert len(re.findall(r"(?<!\\)<!--", page)) == len(told) + 1
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", page)


@given(texts)
def test_no_text_is_markup(text):
    said = "\n".join(quoted(text))
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", said)
    assert not re.search(r"[<`\[\]*_]", bare)
    assert all(line.startswith(">") for line in said.split("\n"))
    assert "\n" not in inline(text)


@given(storable, storable.filter(bool))
def test_file_names_are_plain(name, id):
    assert re.fullmatch(r"(?:[a-z0-9]+-)*[0-9a-f]{16}\.md", file_name(name, id))


def test_sessions_that_someone_chose_to_share_a_name_of_a_file_do_not():
    one, two = "…丆丈丁七", "…丂三丂丅七"
    assert digest(one)[:8] == digest(two)[:8]
    assert file_name(one, one) != file_name(two, two)


@pytest.mark.parametrize(
    ("page", "line", "what"),
    [
        ("a\n<!-- agentmem statement t1 -->\n> x\n", 2, "no mark"),
        ("<!-- agentmem statement t1@1 --> \n\n> x\n", 1, "no text"),
        ("  <!-- agentmem statement t1@1 -->\n> x\n", 1, "no mark"),
        ("<!-- agentmem statement t1@1\n> x\n", 1, "no mark"),
        ("<!--agentmem statement t1@1-->\n> x\n", 1, "no mark"),
        ("<!-- agentmem statement t1@1 -->\n> x\nlazy\n", 3, "without `> `"),
        ("<!-- agentmem statement t1@1 -->\n> x\n> <!-- agentmem statement t2@1 -->\n> y\n", 3, "in a quote"),
        ("<!-- agentmem statement t1@1 -->\n>\n>  \n", 1, "no text"),
    ],
)
def test_a_broken_mark_is_named_by_file_and_line(page, line, what):
    with pytest.raises(FormatError, match=f"notes.md, line {line}: .*{re.escape(what)}"):
        marked(page, "notes.md")


def test_what_an_editor_does_to_a_page_is_no_change():
    page = "\n".join(
        [mark("statement", "t1", 1), *quoted("  a line \n\n\tanother  "), "", "My own remark.", ""]
    )
    for changed in (page.replace("\n", "\r\n"), "\ufeff" + page, page.rstrip() + "\n\n\n"):
        assert [one.text for one in marked(changed, "x.md")] == ["  a line \n\n\tanother  "]


def test_plain_words_that_were_typed_are_taken_as_they_are():
    page = mark("statement", "t1", 1) + "\n> 2 < 3 * 4, see [x](y) & C:\\new_folder\n"
    assert marked(page, "x.md")[0].text == "2 < 3 * 4, see [x](y) & C:\\new_folder"
