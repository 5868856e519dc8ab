"""The page of a concept memory in a real browser: found, chosen, driven by keys; and it obeys no concept."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from agentmem.stores.concept.entry import Concept
from agentmem.stores.concept.problems import Problem
from agentmem.stores.concept.routines import Parameter
from agentmem.stores.concept.views import Holdings, as_html

pytestmark = pytest.mark.browser

HOSTILE = (
    "</script><script>document.title = 'taken'</script><img src=x onerror=\"alert('taken')\"><b>bold</b>"
)
NARROWEST = 360


def concept(
    number: int, title: str, takes: dict[str, str] | None = None, output: str = "", **said: Any
) -> Concept:
    given = {"form": "ps", "kind": "routine", "description": "", "alternatives": (), "aliases": ()} | said
    parameters = tuple(Parameter(name=name, type=type) for name, type in (takes or {}).items())
    return Concept(
        id=f"id-{number}",
        version=1,
        title=title,
        parameters=parameters,
        output=output,
        **{"cues": (), "notes": (), **given},
    )


def small() -> Holdings:
    concepts = (
        concept(0, "draw line", {"grid": "Grid", "colour": "Colour"}, "Grid", description="Join two cells",
                alternatives=("A row of cells",), cues=("two marked cells",), notes=("clip it",), aliases=("join",)),
        concept(1, "frequent colour", {"grid": "Grid"}, "Colour"),
        concept(2, "draw path", {"grid": "Grid"}, "Grid"),
        concept(3, "a shape repeats", form="oe", kind="", description="look for its symmetry"),
        concept(4, "Grid", output="Grid", kind="type"),
    )  # fmt: skip
    problems = tuple(
        Problem(id=f"p{n}", text=f"Problem {n} of crimson cells", problem=f"t{n}", trace="e")
        for n in range(4)
    )
    return Holdings(
        concepts=concepts,
        problems=problems,
        uses={"id-0": ("p0", "p1", "p2"), "id-1": ("p0", "p1"), "id-4": ("p0",), "id-3": ("p3",)},
        similar=(("id-0", "id-2"),),
        outcomes={"id-1": {"harmed": 3.0, "helped": 1.0}},
    )


def many(count: int) -> Holdings:
    concepts = tuple(concept(n, f"concept {n} of many") for n in range(count))
    problems = tuple(Problem(id=f"p{n}", text=f"problem {n}", trace="e") for n in range(count))
    uses = {f"id-{n}": tuple(f"p{at}" for at in range(n % 40, count, 40 + n % 3)) for n in range(count)}
    return Holdings(concepts=concepts, problems=problems, uses=uses)


@pytest.fixture
def shown(opened: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """The page of a memory, opened."""

    def show(held: Holdings | None = None, where: str = "", title: str = "Ideas", **given: Any) -> Any:
        file = tmp_path / "page.html"
        file.write_text(as_html(small() if held is None else held, title=title), encoding="utf-8")
        return opened(file, where, **given)

    return show


def chosen(page: Any) -> str:
    return page.locator('[role="option"][aria-selected="true"] .name').inner_text()


def test_all_concepts_are_drawn_and_listed_the_most_used_first(shown):
    page = shown()
    assert page.title() == "Ideas"
    names = page.locator('[role="option"] .name').all_inner_texts()
    assert names == ["draw line", "frequent colour", "a shape repeats", "Grid", "draw path"]
    assert page.locator("#graph .node").count() == 5
    assert "harms" in page.locator('[role="option"]', has_text="frequent colour").inner_text()
    counts = page.locator(".counts").inner_text().split()
    assert counts[:4] == ["5", "concepts", "4", "problems"]


def test_a_click_on_a_shape_shows_all_that_is_known(shown):
    page = shown()
    page.locator('#graph .node:has(title:text("draw line (routine, used in 3)"))').click()
    told = page.locator("#entry").inner_text()
    for said in (
        *(
            "draw line",
            "(grid: Grid, colour: Colour) -> Grid",
            "Join two cells",
            "or: A row of cells",
            "join",
        ),
        *("two marked cells", "clip it", "Used in 3 problems", "t1 Problem 1 of crimson cells", "id-0@1"),
    ):
        assert said in told, said
    assert chosen(page) == "draw line"
    assert page.url.endswith("#concept=id-0")
    filled = page.locator("#entry li", has_text="colour: Colour").locator("button").all_inner_texts()
    assert filled == ["frequent colour"]
    together = page.locator("#entry button", has_text="·").all_inner_texts()
    assert together[0] == "frequent colour · 2"
    page.locator("#entry button", has_text="draw path").first.click()
    assert chosen(page) == "draw path" and "May be one with" in page.locator("#entry").inner_text()
    page.locator("#graph").click(position={"x": 3, "y": 3})
    assert page.locator('[aria-selected="true"]').count() == 0


def test_an_address_leads_to_a_concept(shown):
    assert chosen(shown(where="#concept=id-3")) == "a shape repeats"
    for nonsense in ("#concept=nobody", "#concept=%E0%A4%A", "#x"):
        assert shown(where=nonsense).locator('[aria-selected="true"]').count() == 0


def test_what_is_near_one_is_lit_and_the_rest_is_not(shown):
    page = shown()
    page.locator("#row-0").click()
    lit = page.locator("#graph .name.near").all_text_contents()
    assert sorted(lit) == ["Grid", "draw line", "draw path", "frequent colour"]
    weak = page.locator("#graph .name", has_text="a shape repeats")
    assert float(weak.evaluate("one => getComputedStyle(one).opacity")) < 0.5


def test_a_search_finds_by_any_word_of_an_entry_and_of_its_problems(shown):
    page = shown()
    for asked, found in (
        ("symmetry", ["a shape repeats"]),
        ("LINE draw", ["draw line"]),
        ("problem 3", ["a shape repeats"]),
        ("crimson cells clip", ["draw line"]),
        ("nothing of that", []),
    ):
        page.locator("#filter").fill(asked)
        assert page.locator('[role="option"]:visible .name').all_inner_texts() == found, asked
        assert page.locator("#graph .node.hit").count() == len(found)
        assert page.locator("#found").inner_text() == f"{len(found)} found"
    page.keyboard.press("Escape")
    assert page.locator('[role="option"]:visible').count() == 5


def test_the_keyboard_alone_goes_everywhere(shown):
    page = shown()
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.dataset.line"))
    assert {"theme", "used", "alike", "fills", "out", "in", "fit", "filter", "list", "entry"} <= set(reached)
    page.locator("#list").focus()
    for key, name in (
        *(
            ("ArrowDown", "draw line"),
            ("ArrowDown", "frequent colour"),
            ("End", "draw path"),
            ("Home", "draw line"),
        ),
        *(("PageDown", "draw path"), ("ArrowUp", "Grid")),
    ):
        page.keyboard.press(key)
        assert chosen(page) == name, key
        assert page.locator("#list").get_attribute("aria-activedescendant").startswith("row-")
    page.keyboard.press("/")
    page.keyboard.type("shape")
    page.keyboard.press("Enter")
    assert chosen(page) == "a shape repeats"
    page.keyboard.press("Escape")
    assert page.locator('[aria-selected="true"]').count() == 0


def test_every_control_has_a_name(shown):
    page = shown()
    page.locator("#row-0").click()
    nameless = page.evaluate(
        "[...document.querySelectorAll('button, input, [role=listbox], [role=group], svg[role=img]')].filter(one => "
        "!(one.textContent.trim() || one.ariaLabel || one.getAttribute('aria-labelledby') || one.labels?.length)).length"
    )
    assert nameless == 0
    assert page.locator("#graph-told").text_content().startswith("5 concepts")


def test_lines_of_a_kind_can_be_hidden(shown):
    page = shown()
    for kind in ("used", "alike", "fills"):
        lines = page.locator(f"#graph > path.{kind}")
        assert lines.count() and lines.first.is_visible()
        page.locator(f'[data-line="{kind}"]').uncheck()
        assert not lines.first.is_visible()


def test_the_picture_is_zoomed_and_moved(shown):
    page = shown()

    def window() -> list[float]:
        return [float(part) for part in page.locator("#graph").get_attribute("viewBox").split()]

    whole = window()
    page.locator("#in").click()
    assert window()[2] < whole[2] and window()[0] > whole[0]
    before = window()
    box = page.locator("#graph").bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 108, box["y"] + 58)
    page.mouse.up()
    assert window()[0] < before[0] and window()[1] < before[1] and window()[2] == before[2]
    page.mouse.wheel(0, 300)
    page.wait_for_function(f"document.getElementById('graph').viewBox.baseVal.width > {before[2]}")
    page.locator("#fit").click()
    assert window() == whole


def over_each_other(page: Any) -> list[tuple[str, str]]:
    boxes = page.evaluate(
        "[...document.querySelectorAll('#graph .name:not(.quiet-name)')].map(one => { const box = "
        "one.getBoundingClientRect(); return [one.textContent, box.left, box.top + 4, box.right, box.bottom - 4]; })"
    )
    assert boxes
    return [
        (one[0], other[0])
        for one, other in combinations(boxes, 2)
        if one[1] < other[3] and other[1] < one[3] and one[2] < other[4] and other[2] < one[4]
    ]


@pytest.mark.slow
def test_of_hundreds_names_are_readable_at_every_scale(shown):
    page = shown(many(300))
    assert page.locator("#graph .node").count() == 300
    for button, times in (("#fit", 1), ("#in", 3), ("#in", 4), ("#out", 8)):
        for _ in range(times):
            page.locator(button).click()
        assert over_each_other(page) == []
        sizes = page.evaluate(
            "[...document.querySelectorAll('#graph .name:not(.quiet-name)')].map(one => "
            "parseFloat(one.style.fontSize) * document.getElementById('graph').getScreenCTM().a)"
        )
        assert min(sizes) > 11.5
    page.locator("#filter").fill("id-299")
    page.keyboard.press("Enter")
    assert chosen(page) == "concept 299 of many"
    assert page.locator("#graph .name.chosen").is_visible()


def test_what_a_memory_says_is_text_and_nothing_else(shown):
    lists = {"alternatives": (HOSTILE,), "aliases": (HOSTILE,), "cues": (HOSTILE,), "notes": (HOSTILE,)}
    concepts = tuple(
        concept(n, f"{HOSTILE} {n}", {HOSTILE: HOSTILE}, HOSTILE, kind=HOSTILE, description=HOSTILE, **lists)
        for n in range(3)
    )
    held = Holdings(
        concepts=concepts,
        problems=(Problem(id="p", text=HOSTILE, problem=HOSTILE, trace="e"),),
        uses={one.id: ("p",) for one in concepts},
        similar=(("id-0", "id-1"),),
        outcomes={"id-0": {HOSTILE: 1.0}},
    )
    page = shown(held, title=HOSTILE)
    page.locator("#row-0").click()
    assert page.title() == HOSTILE
    assert page.locator("img, b, body script ~ script ~ script").count() == 0
    assert page.locator("#entry .title").inner_text() == f"{HOSTILE} 0"
    assert page.locator("#entry").inner_text().count("taken") > 10


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_follows_light_and_dark_and_text_stands_out(shown, weak, scheme):
    page = shown(color_scheme=scheme)

    def brightness() -> int:
        said = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(int(part) for part in said.removeprefix("rgb(").removesuffix(")").split(","))

    is_light = scheme == "light"
    assert (brightness() > 600) == is_light
    page.locator("#row-1").click()
    assert weak(page, ":disabled, .skip, script, title, desc", "#graph") == []
    page.locator("#theme").click()
    assert (brightness() > 600) != is_light
    assert weak(page, ":disabled, .skip, script, title, desc", "#graph") == []


@pytest.mark.parametrize("width", [1440, 1000, 700, NARROWEST])
def test_nothing_is_cut_off_at_any_width(shown, width):
    page = shown(viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for part in ("h1", ".counts", "#graph", "#filter", "#list", "#entry"):
        box = page.locator(part).bounding_box()
        assert box["width"] > 60 and box["height"] > 15, part
        assert box["x"] >= 0 and box["x"] + box["width"] <= width, part


def test_an_empty_memory_says_so(shown):
    page = shown(Holdings())
    assert page.locator("#graph text").text_content() == "No concepts yet"
    assert page.locator("#list").inner_text() == "No concepts yet."
    page.locator("#in").click()


def test_without_a_script_the_graph_and_the_list_are_there(shown):
    page = shown(java_script_enabled=False)
    assert page.locator("#graph .name").count() == 5
    assert page.locator('[role="option"]').count() == 5
    assert "shown by a script" in page.locator("noscript").inner_text()
