"""What is read of a transcript, and the ids that it gets."""

import json

from hypothesis import given
from hypothesis import strategies as st

from agentmem.records import Trust
from agentmem_mcp.transcript import events, prompt_id, read

TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(TEXT, parts, max_size=3),
    max_leaves=8,
)


def line(role, content, uuid="", **more):
    return {"type": role, "uuid": uuid, "message": {"role": role, "content": content}, **more}


def written(tmp_path, *lines, end="\n"):
    file = tmp_path / "transcript.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in lines) + end)
    return file


def test_what_user_and_assistant_said_is_read_and_nothing_else(tmp_path):
    file = written(
        tmp_path,
        {"type": "summary", "summary": "no"},
        line("user", " We use uv. ", "u1", timestamp="2026-03-01T10:00:00.000Z"),
        line(
            "assistant",
            [
                {"type": "thinking", "thinking": "no"},
                {"type": "text", "text": "Noted."},
                {"type": "tool_use", "name": "Bash", "input": {"command": "no"}},
                {"type": "text", "text": "Done."},
            ],
            "a1",
        ),
        line("user", [{"type": "tool_result", "content": "no"}], "u2"),
        line("user", "no", "u3", isMeta=True),
        line("assistant", [{"type": "text", "text": "no"}], "a2", isSidechain=True),
        line("user", "no", "u4", isCompactSummary=True),
        line("user", "<command-name>no</command-name>", "u5"),
        line(
            "user",
            [{"type": "text", "text": "<ide_opened_file>no"}, {"type": "text", "text": "And ruff."}],
            "u6",
        ),
    )
    made = events("s", read(file))
    assert [(one.actor, one.text) for one in made] == [
        ("user", "We use uv."),
        ("assistant", "Noted."),
        ("assistant", "Done."),
        ("user", "And ruff."),
    ]
    assert made[0].time.isoformat() == "2026-03-01T10:00:00+00:00" and made[0].session == "s"
    assert [one.trust for one in made[:2]] == [Trust.USER, Trust.AGENT]
    assert made[0].id == prompt_id("s", "We use uv.", 0) and made[1].id == "s/a1"
    assert len({one.id for one in made}) == 4


def test_what_is_said_again_is_another_event_and_what_is_read_again_is_not(tmp_path):
    lines = [line("user", "yes"), line("assistant", "Done."), line("user", "yes"), line("assistant", "Done.")]
    before = [one.id for one in events("s", read(written(tmp_path, *lines)))]
    assert len(set(before)) == 4
    after = [one.id for one in events("s", read(written(tmp_path, *lines, line("user", "yes"))))]
    assert after[:4] == before and len(set(after)) == 5
    assert before != [one.id for one in events("t", read(written(tmp_path, *lines)))]


def test_a_line_that_is_being_written_is_left_for_the_next_time(tmp_path):
    file = written(tmp_path, line("user", "yes"), end='\n{"type": "assistant", "mess')
    assert [one.text for one in read(file)] == ["yes"]


@given(st.lists(JSON | st.builds(line, st.sampled_from(["user", "assistant"]), JSON, JSON), max_size=6))
def test_lines_of_all_kinds_are_read_or_passed_over(tmp_path_factory, lines):
    file = written(tmp_path_factory.mktemp("any"), *lines)
    assert all(one.text for one in events("s", read(file)))


@given(st.lists(st.binary(max_size=60), max_size=6))
def test_bytes_of_all_kinds_are_passed_over(tmp_path_factory, lines):
    file = tmp_path_factory.mktemp("any") / "t"
    file.write_bytes(b"\n".join(lines))
    assert read(file) == []
