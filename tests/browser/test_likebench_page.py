"""The page of the likability suite in a real browser: figures as printed, dialogues to read, driven by keys."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from agentmem.config import Settings
from agentmem_bench.likebench.page import page_of
from agentmem_bench.likebench.personas.schema import DIMENSIONS
from agentmem_bench.likebench.result import Plan, Played, play, told_of
from agentmem_bench.likebench.rows import Dialogue, Recalled, Row

pytestmark = pytest.mark.browser

HOSTILE = (
    "</script><script>document.title = 'taken'</script><img src=x onerror=\"alert('taken')\"><b>bold</b>"
)
OWN = ("episodic", "full@8192", "a-system-with-a-long-name")


def copied(one: Dialogue, system: str, turns: list[Row], recalled: Recalled | None = None) -> Dialogue:
    made = Dialogue(one.header.altered({"system": system}))
    made.turns, made.recalled = turns, recalled or one.recalled
    return made


def worse(one: Dialogue, system: str, number: int) -> Dialogue:
    """The same talk, rated as it is on every so many turns, and otherwise lower; half the facts are gone."""
    turns = []
    for place, turn in enumerate(one.turns):
        lost = 0.5 if (place + number + len(one.header.persona)) % (2 + number) else 2.5
        ratings = {name: None if value is None else max(1, value - lost) for name, value in turn.ratings.items()}  # fmt: skip
        more = {"tokens": 100 + place, "recalled": ("r1@1", "r2@1"), "seconds": {"recall": 0.01 * number}}
        turns.append(turn.altered({"ratings": ratings, **more}))
    facts = {id: (place + number + one.header.seed) % 3 == 0 for place, id in enumerate(one.recalled.facts)}
    return copied(one, system, turns, Recalled(facts=facts, held=40))


@pytest.fixture(scope="module")
def played() -> Played:
    """Both bounds as they are, and systems whose ratings are made of the oracle's."""
    plan = Plan(
        memories=("oracle", "none"), generated=99, count=5, seeds=(1, 2), workers=1, settings=Settings(embedder="hashing")
    )  # fmt: skip
    run = play(plan)
    dialogues = dict(run.dialogues)
    for number, system in enumerate(OWN, 1):
        dialogues[system] = {
            variant: [worse(one, system, number) for one in some]
            for variant, some in dialogues["oracle"].items()
        }
    return Played(plan, run.personas, dialogues, 1.0)


@pytest.fixture(scope="module")
def told(played: Played) -> dict[str, Any]:
    return told_of(played)


@pytest.fixture(scope="module")
def file(played: Played, told: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("page") / "page.html"
    made.write_text(page_of(told, played.dialogues, played.personas, most=50), encoding="utf-8")
    return made


@pytest.fixture
def shown(opened, file):
    return lambda where="", **given: opened(file, where, **given)


def cells(page: Any, table: str) -> dict[str, list[str]]:
    """The cells of a table by the name of their row, whether it is folded or not."""
    rows = page.locator(f"{table} tbody tr").all()
    return {
        row.locator("th").text_content().strip(): [one.text_content() for one in row.locator("td").all()]
        for row in rows
    }


def numbers(cell: str) -> list[float]:
    return [float(part) for part in cell.replace("[", "").replace("]", "").replace(",", "").split()]


def estimate(found: dict[str, Any]) -> list[float]:
    return [found["mean"], *(found["ci95"] or ())]


def near(value: Any, digits: int = 1) -> Any:
    return pytest.approx(value, abs=0.51 * 10**-digits)


def check_all(page: Any) -> None:
    page.locator("#check-all").check()


@pytest.mark.parametrize("variant", ["clean", "noisy"])
def test_unfiltered_all_figures_are_those_that_are_printed(shown, told, variant):
    page = shown()
    page.select_option("#variant", label=variant)
    ranked = cells(page, "#ranked")
    assert set(ranked) == set(told["systems"]) == {"oracle", "none", *OWN}
    for name, system in told["systems"].items():
        one, row = system["variants"][variant], ranked[name]
        assert numbers(row[0]) == near(estimate(one["likability"]))
        assert numbers(row[1]) == near([one["adaptability"]["slope"]])
        ratio = system["robustness"]
        assert numbers(row[2]) == near([ratio["ratio"], *ratio["ci95"]], 2)
        assert numbers(row[3]) == near(estimate(one["memory"]["accuracy"]))
        assert numbers(row[4]) == near([one["memory"]["explicit"]["mean"]], 0)
        assert numbers(row[5]) == near([one["memory"]["implicit"]["mean"]], 0)
        if name in OWN:
            assert numbers(row[6]) == near([one["tokens"]], 0)
            assert numbers(row[7]) == near([1_000 * one["seconds"]["recall"]])
    for table, values in (
        ("#radar-figures", lambda one: [one["dimensions"][name]["mean"] for name in DIMENSIONS]),
        ("#sessions-figures", lambda one: [*one["sessions"], one["adaptability"]["slope"]]),
        ("#kinds", lambda one: [one["kinds"][kind]["mean"] for kind in sorted(one["kinds"])]),
    ):
        for name, row in cells(page, table).items():
            expected = values(told["systems"][name]["variants"][variant])
            assert [float(cell) for cell in row] == near(expected), table
    for name, (memory, liked) in cells(page, "#scatter-figures").items():
        one = told["systems"][name]["variants"][variant]
        assert numbers(memory) == near(estimate(one["memory"]["accuracy"]))
        assert numbers(liked) == near(estimate(one["likability"]))


def test_a_type_of_persona_and_a_dimension_are_those_that_are_printed(shown, told):
    page = shown()
    kind = "social, predictable"
    page.select_option("#kind", label=kind)
    for name, row in cells(page, "#ranked").items():
        one = told["systems"][name]["variants"]["clean"]["kinds"][kind]
        assert numbers(row[0]) == near(estimate(one))
    assert page.locator("#ranked-of").inner_text() == "of 20 of 100 dialogues"
    page.locator("#filters button").click()
    page.select_option("#dimension", label="humor")
    for name, row in cells(page, "#ranked").items():
        one = told["systems"][name]["variants"]["clean"]["dimensions"]["humor"]
        assert numbers(row[0]) == near(estimate(one))
    assert page.locator('#ranked [aria-sort="descending"]').inner_text().startswith("humor")
    assert page.locator("#radar text.strong").text_content() == "humor"


def test_a_seed_and_a_persona_are_those_that_are_printed(shown, told):
    page = shown()
    page.select_option("#seed", label="2")
    for name, row in cells(page, "#ranked").items():
        expected = told["systems"][name]["variants"]["clean"]["seeds"]["likability"]["2"]
        mean, low, high = numbers(row[0])
        assert mean == near(expected) and low <= mean <= high
    page.locator("#filters button").click()
    persona = next(iter(told["systems"]["oracle"]["personas"]["clean"]))
    page.select_option("#persona", index=1)
    for name, row in cells(page, "#ranked").items():
        assert numbers(row[0]) == near([told["systems"][name]["personas"]["clean"][persona]])


def test_intervals_of_the_page_are_near_those_of_the_benchmark(shown, told):
    """Both are of two thousand draws; those of the page are used where the benchmark printed none."""
    page = shown()
    ends = {name: one["variants"]["clean"]["likability"]["ci95"] for name, one in told["systems"].items()}
    page.select_option("#variant", label="all")
    for name, row in cells(page, "#ranked").items():
        mean, low, high = numbers(row[0])
        assert low - 0.05 <= mean <= high + 0.05
        assert (high - low) == pytest.approx(ends[name][1] - ends[name][0], rel=0.6, abs=1.5)


def test_systems_are_ranked_and_sorted_by_any_column(shown, told):
    page = shown()

    def order() -> list[str]:
        return page.locator("#ranked tbody th").all_inner_texts()

    liked = {name: one["variants"]["clean"]["likability"]["mean"] for name, one in told["systems"].items()}
    assert order() == sorted(liked, key=lambda name: -liked[name])
    page.locator('#ranked [data-key="likability"]').click()
    assert order() == sorted(liked, key=lambda name: liked[name])
    page.locator('#ranked [data-key="name"]').focus()
    page.keyboard.press("Enter")
    assert order() == sorted(liked, key=str.casefold)
    page.locator('#ranked [data-key="tokens"]').click()
    assert set(order()[-2:]) == {"oracle", "none"}
    assert page.evaluate("document.activeElement.dataset.key") == "tokens"
    assert page.locator("#ranked [aria-sort]").count() == 1


def test_checked_systems_are_in_the_plots_each_with_a_look_of_its_own(shown, told):
    page = shown()
    assert page.locator("#sessions svg g").count() == len(told["systems"])
    page.locator('#ranked [data-system="episodic"]').focus()
    page.keyboard.press("Space")
    for plot in ("#radar", "#sessions", "#scatter"):
        assert page.locator(f'{plot} svg g[data-system="episodic"]').count() == 0
        assert page.locator(f'{plot} svg g[data-system="full@8192"]').count() == 1
        assert "episodic" not in page.locator(f"{plot} svg").get_attribute("aria-label")
    assert page.evaluate("document.activeElement.dataset.system") == "episodic"
    page.locator("#check-all").check()
    looks = page.evaluate(
        "[...document.querySelectorAll('#sessions-legend svg')].map(one => [one.classList.value, "
        "...[...one.children].map(part => part.getAttribute('d') + part.getAttribute('stroke-dasharray'))].join(' '))"
    )
    assert len(set(looks)) == len(told["systems"])
    page.locator("#check-all").uncheck()
    assert page.locator("#sessions svg g").count() == 1


def test_names_of_systems_that_are_alike_are_not_over_one_another(opened, played, told, tmp_path):
    dialogues, systems = dict(played.dialogues), dict(told["systems"])
    for number in range(8):
        name = f"alike-{number}"
        dialogues[name] = {
            variant: [copied(one, name, one.turns) for one in some]
            for variant, some in dialogues["episodic"].items()
        }
        systems[name] = systems["episodic"]
    file = tmp_path / "page.html"
    file.write_text(page_of({**told, "systems": systems}, dialogues, played.personas), encoding="utf-8")
    page = opened(file)
    assert page.locator("#scatter .name").count() == 6
    check_all(page)
    for width in (1400, 400):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(f"document.querySelector('#scatter svg').clientWidth < {width}")
        boxes = [one.bounding_box() for one in page.locator("#scatter .name").all()]
        assert len(boxes) >= 6
        for one, other in combinations(boxes, 2):
            assert (
                one["x"] + one["width"] <= other["x"]
                or other["x"] + other["width"] <= one["x"]
                or one["y"] + 11 <= other["y"]
                or other["y"] + 11 <= one["y"]
            )


def test_a_dialogue_is_opened_and_read(shown, played):
    page = shown()
    assert page.locator("#list [role=option]").count() == 25
    assert page.locator("#list-count").inner_text() == "25 of 50"
    assert "50 of 100 dialogues are here to be read." in page.locator(".embedded").inner_text()
    page.select_option("#system", label="episodic")
    page.locator("#list [role=option]").first.click()
    one, persona = played.dialogues["episodic"]["clean"][0], played.personas[0]
    assert page.locator("#read-title").inner_text() == f"episodic with {persona.name} ({persona.id})"
    assert page.url.endswith(f"#episodic/{persona.id}/clean/1")
    turns = page.locator("#read .turn")
    assert turns.count() == len(one.turns)
    first, row = turns.first, one.turns[0]
    assert first.locator(".user").inner_text() == row.message
    assert first.locator(".reply").inner_text() == row.reply
    assert "1.1 · " in first.inner_text() and "100 tokens · 2 recalled" in first.inner_text()
    ratings = first.locator(".rating").all_inner_texts()
    for name, chip in zip(DIMENSIONS, ratings, strict=True):
        value = row.ratings[name]
        assert chip.split() == [name, "NA" if value is None else f"{value:g}"]
    assert first.locator(".rating.none").count() == sum(value is None for value in row.ratings.values())
    first.locator("summary").click()
    assert all(reason in first.inner_text() for reason in row.reasons.values())
    assert "r1@1 r2@1" in first.inner_text()
    page.keyboard.press("r")
    assert page.locator("#read .ratings[open]").count() == len(one.turns)


def test_what_is_known_of_a_persona_is_told(shown, played):
    page = shown()
    page.select_option("#system", label="episodic")
    page.locator("#list [role=option]").first.click()
    one, persona = played.dialogues["episodic"]["clean"][0], played.personas[0]
    page.locator(".persona summary").click()
    known = page.locator(".persona").inner_text()
    for said in (*persona.facets.values(), *persona.style.values(), persona.trade, persona.kind.name):
        assert said in known
    facts = page.locator(".facts-known li").all_inner_texts()
    assert len(facts) == len(persona.facts)
    for fact, text in zip(persona.facts, facts, strict=True):
        assert text.startswith("recalled " if one.recalled.facts[fact.id] else "not recalled ")
        assert fact.says in text and f"in session {fact.session}" in text and fact.question in text


def test_dialogues_are_chosen_opened_and_closed_by_keys_alone(shown):
    page = shown()

    def title() -> str:
        return page.locator("#read-title").inner_text()

    def active() -> int:
        return int(page.locator("#list").get_attribute("aria-activedescendant").removeprefix("dialogue-"))

    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    page.locator("#list").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    assert active() == 2 and title() == "Read"
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    opened, first = title(), active()
    assert opened != "Read" and first == 1
    page.keyboard.press("j")
    assert active() == 2 and title() != opened
    page.keyboard.press("k")
    assert title() == opened
    page.keyboard.press("Escape")
    assert title() == "Read" and page.evaluate("document.activeElement.id") == "list"
    page.keyboard.press("End")
    assert active() == 24
    page.keyboard.press("ArrowDown")
    assert active() == 24
    page.keyboard.press("Home")
    assert active() == 0
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("jk?/")
    assert page.locator("#search").input_value() == "jk?/"
    assert "No dialogue is like that" in page.locator("#list").inner_text()
    page.keyboard.press("Escape")
    assert (
        page.evaluate("document.activeElement.id") == "list" and page.locator("#search").input_value() == ""
    )
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("j")
    assert active() == 0
    page.keyboard.press("Escape")
    assert page.locator("#keys").is_hidden()


def test_every_control_is_reached_by_tab_and_seen_when_it_is(shown):
    page = shown()
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        name, again, outline = page.evaluate(
            "(() => { const one = document.activeElement, again = one.dataset.reached === 'yes';"
            " one.dataset.reached = 'yes';"
            " return [one.id || one.dataset.key || one.dataset.system || one.tagName, again, getComputedStyle(one).outlineStyle]; })()"
        )
        if again or name == "BODY":
            break
        reached.append(name)
        assert outline != "none", name
    order = ["help", "theme", "variant", "dimension", "check-all", "name", "oracle", "search", "system", "limit", "list"]  # fmt: skip
    assert [name for name in reached if name in order] == order


def test_an_address_leads_to_a_dialogue(shown, played):
    persona = played.personas[1]
    page = shown(f"#full%408192/{persona.id}/clean/1")
    assert page.locator("#read-title").inner_text() == f"full@8192 with {persona.name} ({persona.id})"
    assert page.locator('#list [aria-selected="true"]').count() == 1
    assert shown("#%E0/nobody").locator("#read-title").inner_text() == "Read"


def test_turns_are_found_by_their_words_and_their_ratings(shown, played):
    page = shown()
    one = played.dialogues["none"]["clean"][0]
    page.select_option("#system", label="none")
    page.select_option("#dimension", label="callback")
    page.select_option("#limit", label="2")
    found = [turn for turn in one.turns if (turn.ratings["callback"] or 9) <= 2]
    assert 0 < len(found) < len(one.turns)
    page.locator("#list [role=option]").first.click()
    assert f"{len(found)} turns found" in page.locator("#list [role=option]").first.inner_text()
    shown_ = page.locator("#read .talk > .row-of-turns .user").all_inner_texts()
    assert shown_ == [turn.message for turn in found]
    page.locator("#whole").check()
    assert page.locator("#read .talk > .row-of-turns .turn").count() == len(one.turns)
    page.locator("#filters button").click()
    word = max(one.turns[3].message.split(), key=len)
    page.locator("#search").fill(word.upper())
    assert page.locator("#list [role=option]").count() > 0
    marked = page.locator("#read mark")
    assert marked.count() > 0 and all(text.lower() == word.lower() for text in marked.all_inner_texts())


def test_the_least_likable_are_first_where_that_is_asked_for(shown):
    page = shown()
    page.select_option("#order", label="least likable first")
    values = [float(text) for text in page.locator("#list .value").all_inner_texts()]
    assert values == sorted(values) and values[0] < values[-1]


def test_two_systems_are_read_side_by_side(shown, played):
    page = shown(f"#oracle/{played.personas[0].id}/clean/1")
    assert page.locator("#beside option").all_inner_texts() == ["nothing", "none", *OWN]
    page.select_option("#beside", label="none")
    rows = page.locator("#read .two .row-of-turns:has(.turn)")
    count = len(played.dialogues["oracle"]["clean"][0].turns)
    assert rows.count() == count and page.locator("#read .turn").count() == 2 * count
    left, right = (rows.first.locator(".turn").nth(side).bounding_box() for side in (0, 1))
    assert left["x"] + left["width"] <= right["x"] and left["y"] == right["y"]
    page.keyboard.press("Escape")


def test_what_is_said_is_text_and_nothing_else(opened, played, told, tmp_path):
    turn = played.dialogues["oracle"]["clean"][0].turns[0]
    said = {"message": HOSTILE, "reply": HOSTILE, "what": HOSTILE, "recalled": (HOSTILE,), "meant": HOSTILE}
    turn = turn.altered(
        {**said, "reasons": dict.fromkeys(DIMENSIONS, HOSTILE), "failures": {"user": HOSTILE}}
    )
    facts = tuple(one.altered({"says": HOSTILE}) for one in played.personas[0].facts)
    one = played.personas[0].altered(
        {"name": HOSTILE, "trade": HOSTILE, "facets": {HOSTILE: HOSTILE}, "facts": facts}
    )
    made = copied(played.dialogues["oracle"]["clean"][0], HOSTILE, [turn])
    result = {
        **told,
        "mode": HOSTILE,
        "user": HOSTILE,
        "systems": {},
        "decoys": {HOSTILE: {HOSTILE: HOSTILE}},
    }
    file = tmp_path / "page.html"
    file.write_text(page_of(result, {HOSTILE: {HOSTILE: [made]}}, [one]), encoding="utf-8")
    page = opened(file)
    page.locator("#list [role=option]").click()
    page.locator(".persona summary").click()
    page.locator(".ratings summary").click()
    assert page.title() != "taken"
    assert page.locator("img, b:text-is('bold'), body script ~ script ~ script").count() == 0
    shown = page.locator("#read").inner_text()
    assert shown.count(HOSTILE) >= 10
    assert HOSTILE in page.locator("#ranked").inner_text() and HOSTILE in page.locator(".extras").inner_text()


@pytest.mark.parametrize("width", [1440, 1180, 901, 700, 400, 360])
def test_nothing_is_cut_off_at_any_width(shown, played, width):
    page = shown(viewport={"width": width, "height": 900})
    check_all(page)
    page.locator("#list [role=option]").first.click()
    page.select_option("#beside", label="none")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for part in ("h1", "#mode", "#filters", "#ranked", "#radar svg", "#sessions svg", "#scatter svg", "#kinds", ".extras .panel", "#list", "#read"):  # fmt: skip
        box = page.locator(part).first.bounding_box()
        assert box["width"] > 60 and box["height"] > 15, part
        assert box["x"] >= 0 and box["x"] + box["width"] <= width, part
    for plot in ("#radar", "#sessions", "#scatter"):
        frame = page.locator(f"{plot} svg").bounding_box()
        for label in page.locator(f"{plot} svg text").all():
            box = label.bounding_box()
            assert frame["x"] - 1 <= box["x"] and box["x"] + box["width"] <= frame["x"] + frame["width"] + 1
            assert frame["y"] - 1 <= box["y"] and box["y"] + box["height"] <= frame["y"] + frame["height"] + 1
    liked = page.locator("#ranked td.likability").first.bounding_box()
    assert liked["x"] + 40 <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 400])
def test_text_stands_out_from_what_is_behind_it(shown, weak, scheme, width):
    """WCAG 2, AA: a contrast of 4.5 for text."""
    page = shown(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.select_option("#system", label="episodic")
    page.locator("#search").fill("the")
    page.locator("#list [role=option]").first.click()
    page.locator(".persona summary").click()
    page.locator("#reasons").check()
    for folded in page.locator("details.told summary").all():
        folded.click()
    assert weak(page, skipped=":disabled, .skip, script, option", filled="svg") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_follows_light_and_dark_and_can_be_changed(shown, scheme):
    page = shown(color_scheme=scheme)

    def brightness() -> int:
        said = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(int(part) for part in said.removeprefix("rgb(").removesuffix(")").split(","))

    assert (brightness() > 600) == (scheme == "light")
    page.locator("#theme").click()
    assert (brightness() > 600) != (scheme == "light")


def test_every_control_and_plot_has_a_name(shown):
    page = shown()
    page.locator("#list [role=option]").first.click()
    nameless = page.evaluate(
        "[...document.querySelectorAll('button, input, select, dialog, [role=img], [role=region], [role=listbox]')]"
        ".filter(one => !(one.textContent.trim() && one.tagName !== 'SELECT' || one.ariaLabel || one.labels?.length"
        " || one.getAttribute('aria-labelledby'))).map(one => one.outerHTML)"
    )
    assert nameless == []


def test_scores_of_models_are_called_so(opened, played, told, tmp_path):
    agreement = {"retest": {"alpha": 0.5, "dimensions": {"humor": 0.25}}, "unquoted": 0.02}
    result = {**told, "mode": "model", "raters": ["gpt-x"], "repeats": 3, "agreement": agreement}
    file = tmp_path / "page.html"
    file.write_text(page_of(result, played.dialogues, played.personas), encoding="utf-8")
    page = opened(file)
    assert page.locator("#mode").inner_text() == "model: rated by a model"
    assert "not to be mixed with scores of a scripted user" in page.locator("#warning").inner_text()
    assert "gpt-x, 3 times each" in page.locator(".facts").inner_text()
    assert "0.25" in page.locator('.extras [aria-label="Agreement of raters"]').inner_text()


def test_a_result_without_anything_has_a_page(opened, tmp_path):
    file = tmp_path / "page.html"
    file.write_text(page_of({}, {}, []), encoding="utf-8")
    page = opened(file)
    assert "No dialogue is here to be read." in page.locator("#list").inner_text()
    page.locator("#list").focus()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    assert page.locator("#read-title").inner_text() == "Read"


def test_without_a_script_it_says_so(shown):
    page = shown(java_script_enabled=False)
    assert "shown by a script" in page.locator("noscript").inner_text()
    assert page.locator(".facts").is_visible()
