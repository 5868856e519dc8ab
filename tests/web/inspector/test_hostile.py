"""What memory says is text on every page: no element, attribute, address or template comes of it."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inspected_bank import HOSTILE, HOSTILE_PLACE, SCRIPT, UNSEEN

from agentmem.db.names import encode
from agentmem.records import Event
from agentmem.web.inspector.rendering import seen, templates

PLACE = encode(HOSTILE_PLACE)
PAGES = (
    *(
        "/",
        "/timeline",
        "/values",
        "/records",
        "/records?store=keyed",
        "/records?store=task",
        "/search?q=x&no_floor=1",
    ),
    *(
        "/left?q=x",
        "/context?q=x&no_floor=1&store=profile%2Bepisodic",
        "/tasks",
        "/subgoals",
        "/concepts",
        "/layers",
    ),
    *("/layers/over-time", "/profile", "/entities", "/changes"),
)
OURS = {"/static/theme.js", "/static/htmx/htmx.min.js", "/static/inspector.js", "/static/concepts.js"}
URLS = ("href", "src", "action", "formaction", "hx-get", "hx-post", "xlink:href", "data", "poster")
FORBIDDEN = (
    "img",
    "iframe",
    "object",
    "embed",
    "base",
    "b-hostile",
    "style",
    "audio",
    "video",
    "frame",
    "applet",
)


class Reader(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag in FORBIDDEN:
            self.wrong.append(tag)
        if tag == "script" and given.get("type") != "application/json" and given.get("src") not in OURS:
            self.wrong.append(f"script {given}")
        for name, value in given.items():
            if name.startswith(("on", "hx-on", "data-hx", "hx-vals", "hx-vars")) or name == "style":
                self.wrong.append(f"{tag} {name}")
            if name in URLS:
                parts = urlsplit(value or "")
                local = not parts.scheme and not parts.netloc and (value or "").startswith(("/", "#"))
                if not local:
                    self.wrong.append(f"{tag} {name}={value!r}")
                elif name in ("href", "hx-get") and "?" in (value or ""):
                    self.links.append(value or "")


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader


def at(path: str) -> str:
    from urllib.parse import quote

    return f"{path}{'&' if '?' in path else '?'}ns={quote(PLACE, safe='')}"


@pytest.fixture
def client(hostile, inside):
    return inside(hostile, writes=True, name=HOSTILE)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_holds_no_markup_of_what_memory_says(client, path):
    answer = client.get(at(path) if path != "/" else "/")
    assert answer.status_code == 200, answer.text
    assert read(answer.text).wrong == []
    assert SCRIPT not in answer.text
    if path != "/values":  # what can be chosen for a filter is what stands in the bank
        assert "\u202e" not in answer.text and "\u2066" not in answer.text
    if path not in ("/values", "/layers/over-time"):
        assert "&lt;script&gt;" in answer.text
    if path == "/timeline":
        assert "{{ 7 * 7 }} {% raw %} ${7*7}" in answer.text


def test_all_that_pages_lead_to_is_as_safe(client):
    todo, seen_ = [at(path) for path in PAGES[1:]], set()
    while todo and len(seen_) < 150:
        address = todo.pop()
        if address in seen_:
            continue
        seen_.add(address)
        answer = client.get(address)
        assert answer.status_code in (200, 404), address
        reader = read(answer.text)
        assert reader.wrong == [], address
        assert SCRIPT not in answer.text
        todo += reader.links
    assert len({urlsplit(one).path for one in seen_}) >= 15


def test_an_id_of_any_kind_leads_to_its_page(client, hostile):
    store = hostile.store("episodic", HOSTILE_PLACE)
    for record in store.select():
        answer = client.get("/record", params={"ns": PLACE, "id": record.id})
        assert answer.status_code == 200
    assert client.get("/event", params={"ns": PLACE, "id": UNSEEN}).status_code == 200


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=80))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_shown_and_nothing_but_text(text):
    made = (
        templates()
        .from_string("<p title='{{ text }}'>{{ text }}</p><q>{{ text | seen }}</q>")
        .render(text=text)
    )

    class Told(HTMLParser):
        tags: list[str] = []  # noqa: RUF012
        inside = ""

        def handle_starttag(self, tag, attributes):
            self.tags = [*self.tags, tag]
            if tag == "span":
                assert dict(attributes) == {"class": "unseen", "title": "a character that is not seen"}

        def handle_data(self, data):
            self.inside += data

    reader = Told()
    reader.feed(made)
    reader.close()
    assert set(reader.tags) <= {"p", "q", "span"}
    assert reader.tags.count("p") == reader.tags.count("q") == 1
    if all(c.isprintable() for c in text):
        assert reader.inside == text * 2


def test_what_is_not_seen_is_named(bank, inside):
    bank.store("episodic").observe(Event(id="x", text=UNSEEN, actor=UNSEEN))
    text = inside(bank).get("/event?ns=default&id=x").text
    for name in ("U+202E", "U+2066", "U+200B", "U+0007", "U+001B", "U+2028"):
        assert f">{name}</span>" in text
    assert seen("plain") == "plain"
