"""Views of a task forest: what they show, and that no title breaks out of them."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem import Bank
from agentmem.errors import FormatError
from agentmem.stores.task.graph import Edge, TaskGraph
from agentmem.stores.task.node import Node, Status
from agentmem.stores.task.store import TaskMemory
from agentmem.stores.task.views import Look, as_json, as_mermaid, as_svg, from_json, label, outline
from agentmem.stores.task.views.layout import arrange, cut, width_of
from agentmem.stores.task.views.svg import DARK, LIGHT

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    '"] --> evil["x',
    "</text><script>alert(1)</script>",
    "]]></style>",
    '"\n  click n1 "javascript:alert(1)"',
    "%%{init: {'securityLevel': 'loose'}}%%",
    "```\nnot in the fence any more",
    "style n1 fill:#f00;",
    "`**bold**`",
    "&lt;&#60;#60;#quot;",
    "end",
    "\x1b[31mred\x9b1m \u202egnp\u200b \ufffe",
    "👩‍👩‍👧‍👦 東京 ภาษา",
    "{x} ${x} {{x}}",
)
TITLES = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40),
    st.text('"`#;:&<>[](){}|%-=\n\\ax', min_size=1, max_size=30),
)
LINE = re.compile(
    r'flowchart LR|  n\d+(\["[^"\[\]<>`;{}|\\%]*"\]|\(\["[^"\[\]<>`;{}|\\%]*"\]\))'
    r"|  n\d+ (---|-\. needs \.->|-\. in the place of \.->) n\d+"
    r"|  classDef [a-z]+ [a-z0-9:#,. -]+|  class n\d+(,n\d+)* [a-z]+"
)


@pytest.fixture
def memory(bank: Bank) -> TaskMemory:
    store = bank.store("task")
    assert isinstance(store, TaskMemory)
    return store


@pytest.fixture
def dinner(memory: TaskMemory) -> dict[str, str]:
    """A dinner and a rehearsal that share a date: something stale, done, failed, active, gone."""
    dinner = memory.add("dinner", kind="task", goal="feed the choir").id
    rehearsal = memory.add("rehearsal", kind="task").id
    date = memory.add("date", parent=[dinner, rehearsal], value="14 June").id
    guests = memory.add("guests", parent=dinner, value="8").id
    menu = memory.add("menu", parent=dinner, value="risotto", depends_on=[guests]).id
    wine = memory.add("wine", parent=dinner, depends_on=[menu]).id
    memory.update(guests, "10")
    memory.complete(date, "told everybody")
    hall = memory.add("hall", parent=rehearsal, value="St. Anne").id
    memory.fail(hall, "double booked")
    bus = memory.add("bus", parent=rehearsal, value="Miller").id
    train = memory.replace(bus, "train", value="10:04").id
    flowers = memory.add("flowers", parent=dinner).id
    memory.rollback(flowers)
    memory.activate(wine, session="cook")
    ids = {"dinner": dinner, "rehearsal": rehearsal, "date": date, "guests": guests, "menu": menu}
    return ids | {"wine": wine, "hall": hall, "bus": bus, "train": train, "flowers": flowers}


def lines(graph: TaskGraph, **options) -> list[str]:
    return [
        f"{row.depth} {label(graph, row.id).line}{' again' if row.again else ''}"
        for row in outline(graph, **options)
    ]


def test_an_outline_shows_each_node_once_in_full_and_says_what_a_reader_must_know(memory, dinner):
    assert lines(memory.graph()) == [
        "0 dinner - feed the choir",
        "1 date: 14 June (done: told everybody)",
        "1 guests: 10",
        "1 menu: risotto (STALE: guests changed)  needs guests",
        "1 wine: open (active in cook)  needs menu",
        "0 rehearsal",
        "1 date: 14 June (done: told everybody) again",
        "1 hall: St. Anne (failed: double booked)",
        "1 train: 10:04",
    ]


def test_everything_shows_also_what_was_superseded_and_rolled_back(memory, dinner):
    told = lines(memory.graph(everything=True), everything=True)
    assert set(told) - set(lines(memory.graph())) == {"1 flowers (rolled back)", "2 bus: Miller (superseded)"}
    assert told.index("2 bus: Miller (superseded)") == told.index("1 train: 10:04") + 1


def test_an_outline_begins_at_a_node(memory, dinner):
    assert lines(memory.graph(), under=dinner["rehearsal"])[:2] == [
        "0 rehearsal",
        "1 date: 14 June (done: told everybody)",
    ]


def test_a_step_that_was_rolled_back_is_shown_while_it_holds_one_that_stands():
    nodes = {name: Node(id=name, slot=name) for name in "abc"}
    nodes["b"] = nodes["b"].altered({"status": Status.ROLLED_BACK})
    holding = TaskGraph(nodes, parents=[Edge("b", "a", 1), Edge("c", "b", 2)])
    assert [row.id for row in outline(holding)] == ["a", "b", "c"]
    nodes["c"] = nodes["c"].altered({"status": Status.ROLLED_BACK})
    assert [row.id for row in outline(TaskGraph(nodes, parents=holding.parents))] == ["a"]


def test_looks_are_told_apart(memory, dinner):
    graph = memory.graph(everything=True)
    looks = {name: label(graph, id).look for name, id in dinner.items()}
    assert looks == {
        "dinner": Look.TASK,
        "rehearsal": Look.TASK,
        "date": Look.DONE,
        "guests": Look.SETTLED,
        "menu": Look.STALE,
        "wine": Look.ACTIVE,
        "hall": Look.FAILED,
        "train": Look.SETTLED,
        "bus": Look.GONE,
        "flowers": Look.GONE,
    }


def test_mermaid_has_tree_edges_solid_and_dependencies_dotted(memory, dinner):
    told = as_mermaid(memory.graph())
    assert told.startswith('flowchart LR\n  n1(["dinner - feed the choir"])\n')
    assert '["menu#58; risotto (STALE#58; guests changed)"]' in told
    assert told.count(" --- ") == 8 - 1  # the date hangs under both
    assert told.count(" -. needs .-> ") == 2
    assert "in the place of" in as_mermaid(memory.graph(everything=True), everything=True)


def test_json_says_all_and_reads_back_as_the_same_graph(memory, dinner):
    graph = memory.graph(everything=True)
    text = as_json(graph)
    told = json.loads(text)
    assert told["schema"] == "agentmem.task_graph/1"
    menu = next(one for one in told["nodes"] if one["node"]["slot"] == "menu")
    assert menu["stale"] == {"id": dinner["guests"], "slot": "guests"}
    assert [need["id"] for need in menu["needs"]] == [dinner["guests"]]
    bus = next(one for one in told["nodes"] if one["node"]["slot"] == "bus")
    assert bus["superseded_by"]["id"] == dinner["train"]
    again = from_json(text)
    assert again.nodes == graph.nodes
    assert again.stale == graph.stale
    assert as_json(again) == text
    assert as_svg(again, everything=True) == as_svg(graph, everything=True)
    assert lines(again, everything=True) == lines(graph, everything=True)


def test_json_of_a_part_reads_back(memory, dinner):
    part = from_json(as_json(memory.graph(), under=dinner["rehearsal"]))
    assert [node.slot for node in part.nodes.values()] == ["rehearsal", "date", "hall", "train"]


@pytest.mark.parametrize("text", ["", "{}x", '{"schema": "other/1"}', '{"nodes": [{"node": {}}]}'])
def test_what_is_no_task_graph_is_refused(text):
    with pytest.raises(FormatError, match=r"agentmem\.task_graph/1"):
        from_json(text)


def test_a_picture_tells_all_its_nodes_to_those_who_hear_it(memory, dinner):
    drawn = ElementTree.fromstring(as_svg(memory.graph(), title="Saturday"))
    assert drawn.find(f"{SVG}title").text == "Saturday"
    assert "menu: risotto (STALE: guests changed)  needs guests" in drawn.find(f"{SVG}desc").text
    assert [drawn.get("role"), drawn.get("aria-labelledby")] == ["img", "title desc"]
    assert len(drawn.findall(f"{SVG}g/{SVG}title")) == 8
    assert len(drawn.findall(f"{SVG}path[@class='needs']")) == 2 + 1  # and that of the legend


def test_an_empty_forest_is_drawn_too(memory):
    graph = memory.graph()
    assert ElementTree.fromstring(as_svg(graph)).find(f"{SVG}desc").text == "No tasks."
    assert as_mermaid(graph) == "flowchart LR\n"
    assert from_json(as_json(graph)).nodes == {}
    assert outline(graph) == []


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_text_can_be_read_on_every_box(colours):
    for look in Look:
        fill, _, ink = map(luminance, colours[look])
        assert (max(fill, ink) + 0.05) / (min(fill, ink) + 0.05) >= 4.5, look


@st.composite
def graphs(draw) -> TaskGraph:
    titles = draw(st.lists(TITLES, min_size=1, max_size=12))
    ids = [f"id{place}" for place in range(len(titles))]
    nodes, parents, needs, missed = {}, [], [], []
    for place, (id, title) in enumerate(zip(ids, titles, strict=True)):
        kind = draw(st.sampled_from(["task", "step"]))
        value = draw(st.none() | TITLES) if kind == "step" else None
        status = draw(st.sampled_from(Status))
        node = Node(id=id, kind=kind, slot="x", value=None, status=status)
        said = {"slot": title, "value": value, "goal": draw(TITLES), "output": draw(TITLES)}
        nodes[id] = node.altered(said | {"shared_with": (draw(TITLES),), "active_in": (draw(TITLES),)})
        for other in draw(st.lists(st.sampled_from(ids[:place]), max_size=2, unique=True)) if place else []:
            parents.append(Edge(id, other, place))
        for other in draw(st.lists(st.sampled_from(ids[:place]), max_size=2, unique=True)) if place else []:
            needs.append(Edge(id, other, place))
            missed += [Edge(id, other, draw(st.integers(0, 40)))] if draw(st.booleans()) else []
    missed.sort(key=lambda edge: edge.seq)
    changed = {id: draw(st.integers(0, 40)) for id in ids}
    return TaskGraph(nodes, parents, needs, changed, {}, missed)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(graphs(), st.booleans())
def test_no_title_breaks_out_of_a_mermaid_diagram(graph, everything):
    told = as_mermaid(graph, everything=everything).split("\n")
    assert told.pop() == ""
    for line in told:
        text = re.sub(r"#\d+;", "", line) if '["' in line else line
        assert LINE.fullmatch(text), line
    assert sum('["' in line for line in told) == len(
        {row.id for row in outline(graph, everything=everything)}
    )


@settings(max_examples=50, deadline=None, derandomize=True)
@given(graphs(), st.booleans())
def test_no_title_breaks_out_of_a_picture_and_no_boxes_overlap(graph, everything):
    drawn = ElementTree.fromstring(as_svg(graph, title=graph.nodes["id0"].slot, everything=everything))
    allowed = {"svg", "title", "desc", "style", "defs", "marker", "path", "rect", "g", "text"}
    elements = list(drawn.iter())
    assert {element.tag.removeprefix(SVG) for element in elements} <= allowed
    names = {name for element in elements for name in element.attrib}
    assert not {name for name in names if name.startswith("on") or "href" in name}
    rows = outline(graph, everything=everything)
    picture = arrange(rows, {row.id: label(graph, row.id) for row in rows})
    boxes = list(picture.boxes.values())
    assert len(boxes) == len({row.id for row in rows})
    for place, one in enumerate(boxes):
        assert 0 < one.x < one.right < picture.width
        assert 0 < one.y < one.y + one.height < picture.height
        for other in boxes[:place]:
            beside = one.right <= other.x or other.right <= one.x
            assert beside or one.y + one.height < other.y or other.y + other.height < one.y


@settings(max_examples=30, deadline=None, derandomize=True)
@given(graphs())
def test_any_graph_reads_back_from_json(graph):
    text = as_json(graph)
    assert as_json(from_json(text)) == text
    assert from_json(text).nodes == graph.nodes
    assert from_json(text).stale == graph.stale


@settings(max_examples=100, deadline=None, derandomize=True)
@given(TITLES, st.floats(20, 400))
def test_a_line_that_was_cut_fits(text, longest):
    assert width_of(cut(text, longest)) <= max(longest, width_of("…"))
