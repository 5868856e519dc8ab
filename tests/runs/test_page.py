"""The page of an episode: all of its text is data, it needs nothing from outside, and it stays small."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from agentmem.agents.loop import Limits
from agentmem.agents.trace import RESULT, TRACE, Result, Row
from agentmem.errors import Damaged, NotFound
from agentmem.pages import in_script
from agentmem.runs.execute import play
from agentmem.runs.spec import RunSpec
from agentmem.runs.story import Story, announced, read_story
from agentmem.runs.subgoals import Subgoal, _nested
from agentmem.runs.web.curves import Plot, round_step, top_of
from agentmem.runs.web.page import page_of
from agentmem.runs.web.shared import Shared

HOSTILE = """</script><script>alert(1)</script><img src=x onerror=alert(2)><!--"'&<style>*{}</style>\u2028{{ 7 * 7 }}"""


class Tags(HTMLParser):
    """The elements of a page, and the text of each script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data):
        if self.cdata_elem == "script":
            self.scripts[-1] += data


def story(tmp_path, rows, subgoals=(), text="x", **more) -> Story:
    spec = RunSpec(world="gripper", memory_name=text, memory={"store": "full"}, model=text, name=text)
    result = Result.of(rows, "failed", text)
    fields = {"rules": text, "task": text, "limits": Limits(), "result": result, "subgoals": tuple(subgoals)}
    return Story(folder=tmp_path, spec=spec, episode=0, rows=tuple(rows), **fields | more)


def hostile_rows() -> list[Row]:
    text = HOSTILE
    return [
        Row(step=0, observation=text),
        Row(
            step=1,
            subgoal=text,
            action=text,
            observation=text,
            context=text,
            recalled=(text,),
            raw=text,
            error=text,
        ),
    ]


def test_every_text_of_a_trace_is_data_and_never_markup(tmp_path):
    subgoal = Subgoal(number=1, goal=HOSTILE, state="open", summary=HOSTILE, steps=(0, 1))
    page = page_of(story(tmp_path, hostile_rows(), [subgoal], HOSTILE))
    plain = page_of(story(tmp_path, [Row(step=0), Row(step=1)], [], "x"))
    kinds = [tag for tag, _ in Tags(page).tags]
    assert kinds == [tag for tag, _ in Tags(plain).tags]
    assert kinds.count("script") == 2 and "img" not in kinds
    assert not [name for _, given in Tags(page).tags for name in given if name.startswith("on")]
    data = json.loads(Tags(page).scripts[0])
    assert data["steps"][1]["seen"] == HOSTILE.replace("\u2028", "\n")
    assert "{{ 7 * 7 }}" in page and "alert(1)</script>" not in page


def test_a_page_asks_for_nothing_from_outside_and_runs_its_own_script_alone(tmp_path):
    page = page_of(story(tmp_path, hostile_rows()))
    tags = Tags(page)
    links = [value for _, given in tags.tags for name, value in given.items() if name in ("src", "href")]
    assert links == ["#timeline"]
    assert "url(" not in page.split("</style>")[0] and "@import" not in page
    digest = base64.b64encode(hashlib.sha256(tags.scripts[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in page
    assert "innerHTML" not in tags.scripts[1] and "eval(" not in tags.scripts[1]


def test_data_in_a_script_is_what_it_was():
    data = {"text": HOSTILE, "numbers": [1, 2.5]}
    assert json.loads(in_script(data)) == data
    assert not {"<", ">", "&", "\u2028"} & set(in_script(data))


def test_a_thousand_steps_of_a_full_history_stay_small(tmp_path):
    said = [
        f"agent: go to room {n}\ngripper: You are in room {n}. Ball {n} lies in room {n}.\n"
        for n in range(1_000)
    ]
    rows = [
        Row(step=n, action=f"go to room {n}", observation=said[n], context="".join(said[:n]), context_tokens=n,
            recalled=tuple(f"episode-0/{place}/action" for place in range(n)))
        for n in range(1_000)
    ]  # fmt: skip
    assert sum(len(row.context) for row in rows) > 30_000_000
    assert len(page_of(story(tmp_path, rows)).encode()) < 1_000_000


@trying(max_examples=50, deadline=None)
@given(st.lists(st.text(st.sampled_from("ab. \n")), max_size=8))
def test_shared_texts_are_what_they_were_and_equal_ones_are_kept_once(texts):
    shared = Shared()
    numbers = [shared.text(text) for text in texts]
    whole: list[list[int]] = []
    for pairs in shared.texts:
        before = whole[-1] if whole else []
        whole.append([])
        for start, count in zip(pairs[::2], pairs[1::2], strict=True):
            whole[-1] += before[-1 - start : -1 - start + count] if start < 0 else range(start, start + count)
    assert ["".join(shared.parts[place] for place in whole[number]) for number in numbers] == texts
    assert len(shared.texts) == len(set(texts))
    assert len(shared.parts) == len(set(shared.parts))


def test_curves_go_from_edge_to_edge():
    plot = Plot(5, 100)
    assert plot.line([0, 50, 100, 100, 0]) == "M0,100L250,50L500,0L750,0L1000,100"
    assert plot.line([7, 7, 7, 7, 7]) == "M0,93L1000,93"
    assert plot.stairs([0, 50, 50, 50, 50]) == "M0,100L250,100L250,50L1000,50"
    assert plot.ticks([1, 5], 6) == "M0,100v-6M1000,100v-6"
    assert Plot(1, 10).line([5]) == "M0,50L1000,50"
    assert plot.line([]) == "" and plot.below("") == ""


@pytest.mark.parametrize("steps", [1, 2, 7, 30, 1_000, 1_286])
def test_axes_have_a_few_round_marks(steps):
    marks = Plot(steps, 5_000).steps_axis()
    assert 1 <= len(marks) <= 8
    assert marks[0].text == "1" and all(0 <= mark.at <= 100 for mark in marks)
    assert [mark.text for mark in Plot(3, 100).values_axis()] == ["0", "20", "40", "60", "80", "100"]


def test_numbers_are_rounded_up_to_what_reads_well():
    assert [round_step(value) for value in (0.3, 1, 1.2, 3, 7, 11, 40, 99)] == [1, 1, 2, 5, 10, 20, 50, 100]
    assert top_of([]) == 2 and top_of([980, 400]) == 1_000 and top_of([1_000]) == 1_200


# Stories


def test_a_story_is_read_from_a_run_and_from_the_folder_of_an_episode(begun, settings):
    folder = begun(episodes=2, size=2)
    play(folder, settings)
    told = read_story(folder.path, None, settings)
    assert told.episode == 0 and told.result.success
    assert sorted(step for one in told.subgoals for step in one.steps) == list(range(len(told.rows)))
    assert {one.state for one in told.subgoals} == {"open", "closed"}
    second = read_story(folder.episode(1), None, settings)
    assert (second.episode, second.folder) == (1, folder.path)
    assert second.rows != told.rows
    page = page_of(second)
    assert "episode 1" in page and second.task in page
    with pytest.raises(NotFound, match="no episode 2"):
        read_story(folder.path, 2, settings)
    with pytest.raises(NotFound, match=r"no run\.json"):
        read_story(folder.path.parent, None, settings)


@pytest.mark.parametrize("memory", ["full", "task", "composite", "truncated"])
def test_every_memory_has_a_page(begun, settings, memory):
    folder = begun(memory=memory, max_steps=6)
    play(folder, settings)
    told = read_story(folder.path, 0, settings)
    assert (told.subgoals is not None) == (memory == "composite")
    assert "<title>gripper" in page_of(told)


def test_a_run_that_is_played_just_now_is_read_and_not_touched(begun, settings):
    folder = begun()
    with pytest.raises(NotFound, match="was not played yet"):
        read_story(folder.path, 0, settings)
    play(folder, settings)
    trace = folder.episode(0) / TRACE
    (folder.episode(0) / RESULT).unlink()
    with trace.open("a") as file:
        file.write('{"step": 99, "obser')
    before = trace.read_bytes()
    told = read_story(folder.path, 0, settings)
    assert told.result is None and "Not ended yet" in page_of(told)
    assert trace.read_bytes() == before
    trace.write_text("what is this\n")
    with pytest.raises(Damaged, match="no row of a trace"):
        read_story(folder.path, 0, settings)


def test_subgoals_that_only_the_trace_tells_are_shown_as_they_were_announced():
    rows = [Row(step=n, subgoal=goal) for n, goal in enumerate((None, "a", None, "b", "a"))]
    told = [(one.goal, one.state, one.steps) for one in announced(tuple(rows))]
    assert told == [("", "closed", (0,)), ("a", "open", (1, 2, 4)), ("b", "closed", (3,))]


def test_subgoals_stand_under_those_that_they_are_part_of():
    given = [(1, 0), (2, 1), (3, 0), (4, 2), (5, 1)]
    nested = _nested(
        [Subgoal(number=number, goal="", state="open", parent=parent) for number, parent in given]
    )
    assert [one.number for one in nested] == [1, 2, 4, 5, 3]


def test_the_script_uses_only_names_that_the_page_has(tmp_path):
    page = page_of(story(tmp_path, [Row(step=0), Row(step=1)]))
    named = set(re.findall(r'\bat\("([\w-]+)"\)', Tags(page).scripts[1]))
    assert named <= {given.get("id") for _, given in Tags(page).tags}


def test_what_is_not_seen_but_obeyed_is_not_on_the_page(tmp_path):
    hidden = "go\x1b[31m on\u202e\u200b now"
    rows = [
        Row(step=n, action=hidden, observation=hidden, context=hidden, recalled=(hidden,)) for n in (0, 1)
    ]
    page = page_of(story(tmp_path, rows, text=hidden))
    assert not {"\x1b", "\u202e", "\u200b"} & set(page)
    assert "go on now" in page
