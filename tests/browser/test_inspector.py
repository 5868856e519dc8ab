"""The inspector in a real browser: it runs nothing that memory says, and is driven by keys, on any width, in light and dark."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "web" / "inspector"))

from inspected_bank import AGENT, HOME, HOSTILE, HOSTILE_PLACE, UNSEEN_TOLD, seed, seed_hostile

from agentmem.bank import Bank
from agentmem.db.names import encode
from agentmem.records import Event
from agentmem.web.inspector.app import app_of
from agentmem.web.inspector.door import TOKEN, new_token
from agentmem.web.listening import listen

pytestmark = pytest.mark.browser

PATH = encode(HOME)
PAGES = {
    "first": "/",
    "timeline": f"/timeline?ns={PATH}",
    "event": f"/event?ns={PATH}&id=meets",
    "records": f"/records?ns={PATH}",
    "record": f"/record?ns={PATH}&id=meets",
    "search": f"/search?ns={PATH}&q=when+is+the+meeting&no_floor=1",
    "context": f"/context?ns={PATH}&q=cats&budget=200&no_floor=1",
    "tasks": f"/tasks?ns={PATH}",
    "subgoals": f"/subgoals?ns={AGENT[0]}",
    "concepts": f"/concepts?ns={AGENT[0]}",
    "layers": f"/layers?ns={AGENT[0]}&q=printer",
    "profile": f"/profile?ns={PATH}",
    "changes": f"/changes?ns={PATH}",
    "correct": f"/correct?ns={PATH}&id=lives",
    "forget": f"/forget?ns={PATH}&id=lives",
}
NAMELESS = (
    "[...document.querySelectorAll('button, input:not([type=hidden]), select, textarea, svg[role=img]')].filter(one => "
    "!(one.textContent.trim() || one.ariaLabel || one.getAttribute('aria-labelledby') || one.labels?.length || one.hidden))"
    ".length"
)
"""How many controls have no name."""
Opened = Callable[..., Any]


class Served:
    """An inspector that is served in a thread."""

    def __init__(self, bank: Bank, **given: Any) -> None:
        import uvicorn

        self._socket = listen("127.0.0.1", 0, allow_remote=False)
        port = self._socket.getsockname()[1]
        self.root = f"http://127.0.0.1:{port}"
        self.token = new_token()
        app = app_of(bank, self.token, port, **given)
        config = uvicorn.Config(app, log_config=None, lifespan="off", ws="none")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop it."""
        self._server.should_exit = True
        self._thread.join(timeout=20)
        self._socket.close()


@pytest.fixture
def inspected(browser: Any) -> Iterator[Opened]:
    """A page of an inspector over a bank; one that reports an error, or asks elsewhere, fails the test."""
    served: list[Served] = []
    contexts: list[Any] = []
    told: list[str] = []
    elsewhere: list[str] = []

    def open_(bank: Bank, path: str = "/", writes: bool = False, **given: Any) -> Any:
        one = Served(bank, writes=writes, name="bank.db")
        served.append(one)
        context = browser.new_context(**{"viewport": {"width": 1400, "height": 900}, **given})
        contexts.append(context)
        page = context.new_page()
        page.known = (f"{one.root}/",)
        page.set_default_timeout(20_000)
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("dialog", lambda dialog: told.append(f"dialog: {dialog.message}"))
        page.on(
            "request",
            lambda request: None if request.url.startswith(page.known) else elsewhere.append(request.url),
        )
        page.goto(f"{one.root}/?{TOKEN}={one.token}")
        assert page.url == f"{one.root}/"
        page.goto(f"{one.root}{path}")
        page.wait_for_load_state("networkidle")
        page.root, page.told = one.root, told
        return page

    yield open_
    for context in contexts:
        context.close()
    for one in served:
        one.close()
    assert told == []
    assert elsewhere == []


@pytest.fixture
def seeded(bank: Bank) -> Bank:
    seed(bank)
    return bank


def go(page: Any, path: str) -> None:
    page.goto(f"{page.root}{path}")
    page.wait_for_load_state("networkidle")


def counted(page: Any, selector: str, count: int) -> None:
    """Wait until a page has so many of something: by no function, which its policy would not let be made."""
    from playwright.sync_api import expect

    expect(page.locator(selector)).to_have_count(count, timeout=20_000)


def focused(page: Any) -> str:
    return page.evaluate("document.activeElement.closest('[data-row]')?.innerText ?? ''")


def test_nothing_that_memory_says_is_run_and_all_of_it_is_seen(inspected, bank):
    seed_hostile(bank)
    page = inspected(bank, writes=True)
    from urllib.parse import quote

    ns = quote(encode(HOSTILE_PLACE), safe="")
    assert encode(HOSTILE_PLACE) in page.locator("#list").inner_text()
    for path in (
        "timeline",
        "records",
        "search?no_floor=1&q=bold",
        "context?no_floor=1&q=bold",
        "tasks",
        "subgoals",
        "concepts",
        "layers",
        "profile",
        "changes",
    ):
        go(page, f"/{path}{'&' if '?' in path else '?'}ns={ns}")
        assert not page.title().startswith("taken"), path
        assert (
            page.evaluate(
                "document.querySelectorAll('main img, main iframe, main b[hx-get], [onload], [onerror]').length"
            )
            == 0
        )
        assert (
            page.evaluate(
                "[...document.scripts].filter(one => !one.src && one.type !== 'application/json').length"
            )
            == 0
        )
        assert "<script>document.title='taken'</script>" in page.locator("body").inner_text(), path
        links = page.evaluate(
            "[...document.querySelectorAll('a[href]')].map(one => one.href.baseVal ?? one.href)"
        )
        assert all(link.startswith((page.root, "/")) for link in links)
    go(page, f"/timeline?ns={ns}")
    text = page.locator("#list .text", has_text="better").first
    assert HOSTILE in text.inner_text()
    assert UNSEEN_TOLD in page.locator("#list").inner_text()
    for name in ("details.data summary", "details.made summary"):
        for one in page.locator(name).all():
            one.click()
    page.locator("#list .text").last.click()
    page.wait_for_load_state("networkidle")
    assert "<img src=x onerror=" in page.locator("main").inner_text()
    assert not page.title().startswith("taken")


def test_the_address_holds_no_token_and_scripts_see_no_cookie(inspected, seeded):
    page = inspected(seeded)
    assert "token" not in page.url
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate("performance.getEntriesByType('navigation')[0].name").find("token") == -1
    (cookie,) = page.context.cookies()
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict"


def test_a_page_of_another_server_gets_nothing(inspected, seeded):
    page = inspected(seeded)
    other = Served(seeded)
    page.known = (f"{other.root}/",)
    try:
        page.goto(f"{other.root}/?{TOKEN}={other.token}")
        said = page.evaluate(
            "address => fetch(address, {mode: 'no-cors', credentials: 'include'}).then(one => one.type, () => 'refused')",
            f"{page.root}/",
        )
        assert said == "refused"
        assert any("Content Security Policy" in one for one in page.told)
    finally:
        page.told.clear()
        page.goto("about:blank")
        other.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_readable_at_every_width(inspected, seeded, weak, scheme):
    page = inspected(seeded, writes=True, color_scheme=scheme)
    for name, path in PAGES.items():
        go(page, path)
        skipped = ":disabled, .skip, .skip-to, script, title, desc, option, .off"
        assert weak(page, skipped, "svg") == [], name
        assert page.locator("h1, .counts").count() >= 1, name
        assert page.evaluate(NAMELESS) == 0, name
        for width in (1400, 1000, 700, 400, 360):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        page.set_viewport_size({"width": 1400, "height": 900})


def test_the_keyboard_alone_goes_everywhere(inspected, bank):
    store = bank.store("episodic", HOME)
    store.observe(*(Event(id=f"e{n}", text=f"said {n}.") for n in range(60)))
    page = inspected(bank, PAGES["timeline"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-to"
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    assert "said 59." in focused(page)
    for key, says in (
        ("j", "said 58."),
        ("ArrowDown", "said 57."),
        ("k", "said 58."),
        ("ArrowUp", "said 59."),
        ("k", "said 59."),
    ):
        page.keyboard.press(key)
        assert says in focused(page), key
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/event?**")
    assert "said 59." in page.locator("main").inner_text()
    page.go_back()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("/")
    page.keyboard.type("said 7")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    assert page.locator("#list").inner_text()


def test_older_events_come_below_and_keys_go_on(inspected, bank):
    store = bank.store("episodic", HOME)
    store.observe(*(Event(id=f"e{n}", text=f"said {n}.") for n in range(120)))
    page = inspected(bank, PAGES["timeline"])
    assert page.locator("#list .text").count() == 50
    page.locator(".more a").click()
    counted(page, "#list .text", 100)
    assert page.url.endswith(PAGES["timeline"])
    page.locator(".more a").last.click()
    counted(page, "#list .text", 120)
    texts = page.locator("#list .text").all_inner_texts()
    assert texts == [f"said {n}." for n in reversed(range(120))]


def test_a_filter_shows_what_passes_and_stands_in_the_address(inspected, seeded):
    page = inspected(seeded, PAGES["timeline"])
    page.locator('[name="actor"]').fill("crawler")
    page.locator('[name="actor"]').press("Enter")
    counted(page, "#list .text", 2)  # what it said, and the operation that notes whom that names
    assert page.url == f"{page.root}/timeline?ns={PATH.replace('/', '%2F')}&actor=crawler"
    assert "cancelled" in page.locator("#list").inner_text()
    page.reload()
    assert page.locator("#list .text").count() == 2
    page.go_back()
    page.wait_for_selector("#list .text >> nth=6")


def test_namespaces_are_found_while_typing(inspected, seeded):
    page = inspected(seeded)
    page.keyboard.press("/")
    page.keyboard.type("user")
    counted(page, "#list .name", 1)
    assert page.locator("#list .name").inner_text() == "acme/user-7"


def test_why_and_what_was_left_out_come_beside_the_hits(inspected, seeded):
    page = inspected(seeded, PAGES["search"])
    page.wait_for_selector("#left .chip.step")
    assert "hearsay" in page.locator("#left").inner_text()
    page.locator('main [name="id"]').fill("rumour")
    page.locator('main [name="id"]').press("Enter")
    page.wait_for_selector("#why .verdict")
    assert "Not recalled: its state is retracted: hearsay" in page.locator("#why").inner_text()
    assert page.url.endswith(PAGES["search"])
    page.locator('main [name="id"]').fill("nobody")
    page.locator('main [name="id"]').press("Enter")
    page.wait_for_selector("#why >> text=there is no record")


def test_steps_of_a_closed_subgoal_come_when_it_is_opened(inspected, seeded):
    page = inspected(seeded, PAGES["subgoals"])
    assert "open shelf" not in page.locator("main").inner_text()
    page.locator("details summary").click()
    page.wait_for_selector(".fetched .steps")
    assert "open shelf" in page.locator(".fetched").inner_text()


def test_a_drawn_task_leads_to_its_record(inspected, seeded):
    page = inspected(seeded, PAGES["tasks"])
    page.locator(".forest a", has_text="city").first.click()
    page.wait_for_url("**/record?**")
    assert "Bergen" in page.locator("main").inner_text()


def test_a_concept_is_chosen_in_the_graph(inspected, seeded):
    page = inspected(seeded, PAGES["concepts"])
    page.locator("#row-0").click()
    assert "mended" in page.locator("#entry").inner_text()


def test_light_or_dark_is_kept(inspected, seeded):
    page = inspected(seeded, color_scheme="light")

    def is_dark() -> bool:
        return page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"

    assert not is_dark()
    page.locator("#scheme").click()
    assert is_dark()
    go(page, PAGES["timeline"])
    assert is_dark()


def test_a_record_is_corrected_after_a_look(inspected, seeded):
    page = inspected(seeded, f"/record?ns={PATH}&id=lives", writes=True)
    page.locator("a", has_text="Correct…").click()
    page.locator('[name="text"]').fill("I live in Bergen <b>now</b>.")
    page.locator('[name="why"]').fill("she moved")
    page.locator("button.go").click()
    page.wait_for_selector(".full.new")
    assert seeded.store("episodic", HOME).get(["lives"])[0].state == "live"
    page.locator("button.go").click()
    page.wait_for_url("**/record?**")
    assert "I live in Bergen <b>now</b>." in page.locator(".history").inner_text()
    assert seeded.store("episodic", HOME).get(["lives"])[0].state == "superseded"


def test_forgetting_asks_before_it_does(inspected, seeded):
    page = inspected(seeded, PAGES["forget"], writes=True)
    page.locator("button.danger").click()
    assert seeded.events(HOME, ["lives"])[0].state == "live"
    page.locator('[name="sure"]').check()
    page.locator("button.danger").click()
    page.wait_for_selector("h1:has-text('Forgotten')")
    assert seeded.events(HOME, ["lives"])[0].state == "forgotten"
