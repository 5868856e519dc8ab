"""A concept memory as a picture, a page, and JSON: readable, the same each time, and never markup."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem import Bank
from agentmem.embedders import HashingEmbedder
from agentmem.stores.concept.entry import Concept
from agentmem.stores.concept.graph import concept_graph
from agentmem.stores.concept.problems import Problem
from agentmem.stores.concept.routines import Parameter
from agentmem.stores.concept.store import ConceptMemory
from agentmem.stores.concept.views import Holdings, LayoutPolicy, as_html, as_svg, document, holdings_of
from agentmem.stores.concept.views.layout import arrange

HOSTILE = "</title></script><script>alert(1)</script><img src=x onerror=\"alert('2')\">]]>\x1b[31m\u202e&amp;"
SVG = "{http://www.w3.org/2000/svg}"


def holdings(count: int, title: str = "draw line {}", joined: bool = True) -> Holdings:
    concepts = tuple(
        Concept(
            id=f"c{n}",
            version=1,
            form=("ps", "oe", "rule")[n % 7 % 3],
            kind=("routine", "structure", "type", title, "")[n % 5],
            title=title.format(n),
            aliases=(title,),
            description=title,
            alternatives=(title,),
            parameters=(Parameter(name="grid", type=("Grid", "Colour", title)[n % 3], description=title),),
            output=("Grid", title)[n % 2],
            cues=(title,),
            notes=(title,),
        )
        for n in range(count)
    )
    problems = tuple(Problem(id=f"p{n}", text=title, problem=title, trace="t") for n in range(count))
    uses = {
        f"c{n}": tuple(dict.fromkeys((f"p{n}", f"p{n // 3}", f"p{n // 7}"))) for n in range(count) if joined
    }
    return Holdings(
        concepts=concepts,
        problems=problems,
        uses=uses,
        similar=(("c0", "c1"),) if count > 1 else (),
        outcomes={"c0": {"harmed": 2.0, title: 1.0}} if count else {},
    )


def graph_of(held: Holdings):
    return concept_graph(held.concepts, held.uses, held.similar, held.outcomes)


class Elements(HTMLParser):
    """The names of the elements of a page, and the attributes that could obey."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: dict[str, int] = {}
        self.obeyed: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.names[tag] = self.names.get(tag, 0) + 1
        self.obeyed += [name for name, _ in attrs if name.startswith("on") or name in ("src", "srcset")]


@pytest.mark.parametrize("count", [0, 1, 2, 40])
def test_every_concept_is_drawn_once_with_its_name(count):
    root = ET.fromstring(as_svg(graph_of(holdings(count))))
    shapes = [one for one in root.iter(f"{SVG}g") if "node" in (one.get("class") or "").split()]
    names = [one.text for one in root.iter(f"{SVG}text") if one.get("class") == "name"]
    assert len(shapes) == count
    assert sorted(names) == sorted(f"draw line {n}" for n in range(count))


def test_an_empty_memory_says_so():
    assert "No concepts yet" in as_svg(graph_of(Holdings()))
    assert "No concepts yet" in as_html(Holdings())


def test_what_a_memory_says_is_text_and_nothing_else():
    held = holdings(12, HOSTILE)
    plain, hostile = Elements(as_html(holdings(12, "x"))), Elements(as_html(held, title=HOSTILE))
    assert hostile.names["script"] == 2 and "img" not in hostile.names and not hostile.obeyed
    assert hostile.names["div"] == plain.names["div"]
    picture = ET.fromstring(as_svg(graph_of(held), title=HOSTILE))
    assert not list(picture.iter(f"{SVG}script")) and not list(picture.iter(f"{SVG}image"))
    assert "\u202e" not in as_html(held) and "\x1b" not in as_svg(graph_of(held))


def test_a_page_asks_for_nothing_from_outside():
    page = as_html(holdings(12))
    told = page.replace("http://www.w3.org/2000/svg", "")
    assert "http:" not in told and "https:" not in told and "@import" not in told and "url(http" not in told
    assert "default-src 'none'" in page


def test_the_picture_tells_what_it_shows_to_those_who_hear_it():
    told = ET.fromstring(as_svg(graph_of(holdings(6)), title="Ideas"))
    assert told.get("role") == "img" and told.find(f"{SVG}title").text == "Ideas"
    said = told.find(f"{SVG}desc").text
    assert (
        said.startswith("6 concepts") and "draw line 0" in said and "harmed more often than it helped" in said
    )


def test_the_same_memory_gives_the_same_picture():
    assert as_svg(graph_of(holdings(15))) == as_svg(graph_of(holdings(15)))
    assert as_html(holdings(15)) == as_html(holdings(15))


def test_ids_decide_nothing_about_the_picture():
    held = holdings(15)
    other = {one.id: f"{hash(one.id)}" for one in held.concepts}
    renamed = held.altered(
        {
            "concepts": tuple(one.altered({"id": other[one.id]}) for one in held.concepts),
            "uses": {other[id]: problems for id, problems in held.uses.items()},
            "similar": tuple((other[a], other[b]) for a, b in held.similar),
            "outcomes": {other[id]: counts for id, counts in held.outcomes.items()},
        }
    )
    assert as_svg(graph_of(renamed)) == as_svg(graph_of(held))


def test_of_many_concepts_the_most_used_are_drawn_and_all_are_listed():
    held = holdings(30)
    page = as_html(held, policy=LayoutPolicy(most=10))
    assert "10 of 30 drawn" in page
    assert page.count('class="name" data-n=') == 10 and page.count('role="option"') == 30
    assert "10 with most uses are drawn" in as_svg(graph_of(held), policy=LayoutPolicy(most=10))


def overlaps(graph) -> list[tuple[str, str]]:
    places = arrange(graph).places.values()
    return [
        (one.id, other.id)
        for one, other in combinations(places, 2)
        if abs(one.x - other.x) < (one.width + other.width) / 2 - 1
        and one.top < other.bottom - 1
        and other.top < one.bottom - 1
    ]


@pytest.mark.parametrize("joined", [True, False])
def test_no_name_stands_over_another(joined):
    assert overlaps(graph_of(holdings(60, joined=joined))) == []


@pytest.mark.slow
@given(st.lists(st.sets(st.integers(0, 9), min_size=1, max_size=4), max_size=9))
@settings(max_examples=12, deadline=None, derandomize=True)
def test_every_place_is_on_the_page_however_concepts_are_joined(problems):
    held = holdings(10)
    uses = {f"c{n}": tuple(f"p{at}" for at, used in enumerate(problems) if n in used) for n in range(10)}
    graph = concept_graph(held.concepts, uses)
    picture = arrange(graph)
    assert set(picture.places) == set(graph)
    for one in picture.places.values():
        assert one.x - one.width / 2 >= 0 and one.x + one.width / 2 <= picture.width
        assert one.top >= 0 and one.bottom <= picture.height
    assert overlaps(graph) == []


def test_json_holds_all_nodes_and_edges():
    graph = graph_of(holdings(12))
    told = json.loads(json.dumps(document(graph)))
    assert told["schema"] == "agentmem.concept_graph/1"
    assert [one["id"] for one in told["nodes"]] == list(graph)
    assert len(told["edges"]) == graph.number_of_edges()
    assert {one["type"] for one in told["edges"]} == {"co_use", "similar_to", "fills"}
    assert all(one["directed"] == (one["type"] == "fills") for one in told["edges"])


def test_a_memory_is_seen_with_its_uses_likenesses_and_outcomes(tmp_path):
    with Bank(tmp_path / "b.db", embedder=HashingEmbedder()) as bank:
        memory = bank.store("concept", ("x",))
        assert isinstance(memory, ConceptMemory)
        first = memory.attempted("Connect two cells", problem="t1", solved=True)
        second = memory.attempted("Fill a hole", problem="t2")
        line = memory.state("draw line", used_in=[first, second])
        path = memory.state("draw path", used_in=[second])
        fill = memory.state("fill hole", used_in=[second])
        memory.feedback([line], "helped")
        stays = memory.merge(line, path)
        held = holdings_of(memory)
    assert [one.id for one in held.concepts] == [id for id in (line, path, fill) if id in (stays, fill)]
    assert [one.problem for one in held.problems] == ["t1", "t2"]
    assert held.uses == {stays: (first, second), fill: (second,)}
    assert held.used_by() == {first: [stays], second: [one.id for one in held.concepts]}
    assert held.outcomes == {stays: {"helped": 1.0}}
