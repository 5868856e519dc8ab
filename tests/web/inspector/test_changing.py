"""With --write records are corrected, retracted and forgotten, each after a look at what it does; without, nothing is."""

from __future__ import annotations

import re
from html import unescape

import pytest
from inspected_bank import HOME, TOKEN

from agentmem.testing.looking import exported
from agentmem.web.inspector.app import FORMS
from agentmem.web.inspector.asked import LONGEST
from agentmem.web.inspector.door import form_token

PATH = "/".join(HOME)
FORM = form_token(TOKEN)


@pytest.fixture
def client(seeded, inside):
    return inside(seeded, writes=True)


def fields(text: str) -> dict[str, str]:
    """What the form of a page would send, unchanged."""
    form = text.partition('<form method="post"')[2].partition("</form>")[0]
    found = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*?value="([^"]*)"', form))
    for name, value in re.findall(r'<textarea name="(\w+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        found[name] = value
    return {name: unescape(value) for name, value in found.items()}


@pytest.mark.parametrize("path", FORMS)
def test_without_write_there_is_no_such_address(seeded, inside, path):
    client, before = inside(seeded), exported(seeded)
    assert client.get(path, params={"ns": PATH, "id": "lives"}).status_code == 404
    given = {"ns": PATH, "id": "lives", "text": "x", "sure": "yes", "form": FORM}
    assert client.post(path, data=given).status_code == 404
    assert exported(seeded) == before
    page = client.get("/record", params={"ns": PATH, "id": "lives"}).text
    assert path not in page and FORM not in page


def test_a_correction_is_seen_before_it_is_made(seeded, client):
    form = fields(client.get("/correct", params={"ns": PATH, "id": "lives"}).text)
    assert form["text"] == "I live in Oslo with two cats."
    before = exported(seeded)
    shown = client.post("/correct", data={**form, "text": "I live in Bergen now.", "why": "she moved"})
    assert "It will say" in shown.text and "I live in Bergen now." in shown.text
    assert exported(seeded) == before
    done = client.post("/correct", data=fields(shown.text), follow_redirects=False)
    assert done.status_code == 303
    assert done.headers["location"].startswith("/record?")
    store = seeded.store("episodic", HOME)
    old, new = store.history("lives")[-2:]
    assert (old.record.state, old.why) == ("superseded", "she moved")
    assert new.record.text == "I live in Bergen now."
    assert "she moved" in client.get(done.headers["location"]).text


def test_a_retraction_is_confirmed(seeded, client):
    form = fields(client.get("/retract", params={"ns": PATH, "id": "works"}).text)
    form.pop("sure", None)
    assert client.post("/retract", data=form).status_code == 400
    assert seeded.store("episodic", HOME).get(["works"])[0].state == "live"
    done = client.post("/retract", data={**form, "sure": "yes", "why": "not true"})
    assert done.status_code == 200
    record = seeded.store("episodic", HOME).get(["works"])[0]
    assert (record.state, record.why) == ("retracted", "not true")


def test_forgetting_is_confirmed_and_reaches_the_bytes(seeded, client):
    page = client.get("/forget", params={"ns": PATH, "id": "works"})
    assert "cannot be undone" in page.text and "I work as a nurse" in page.text
    form = fields(page.text)
    form.pop("sure", None)
    assert client.post("/forget", data=form).status_code == 400
    assert seeded.events(HOME, ["works"])[0].state == "live"
    done = client.post("/forget", data={**form, "sure": "yes"})
    assert done.status_code == 200
    assert seeded.events(HOME, ["works"])[0].state == "forgotten"
    assert all(b"as a nurse" not in file.read_bytes() for file in seeded.files())
    assert client.get("/forget", params={"ns": PATH, "event": "lives"}).status_code == 200
    assert client.get("/forget", params={"ns": PATH, "event": "nothing"}).status_code == 404


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("form", ["", "wrong", form_token("another"), TOKEN])
def test_a_form_of_nobody_changes_nothing(seeded, client, path, form):
    before = exported(seeded)
    given = {"ns": PATH, "id": "lives", "store": "episodic", "text": "x", "sure": "yes", "form": form}
    assert client.post(path, data=given).status_code == 403
    assert exported(seeded) == before


@pytest.mark.parametrize(
    "headers", [{"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}]
)
def test_a_form_from_another_page_changes_nothing(seeded, client, headers):
    before = exported(seeded)
    given = {"ns": PATH, "id": "lives", "sure": "yes", "form": FORM}
    assert client.post("/retract", data=given, headers=headers).status_code == 403
    assert exported(seeded) == before


def test_a_form_that_is_too_large_or_none_is_refused(client):
    large = {"ns": PATH, "id": "lives", "form": FORM, "text": "x" * LONGEST}
    assert client.post("/correct", data=large).status_code == 400
    answer = client.post("/correct", content="text=\u00e9".encode("latin-1"))
    assert answer.status_code == 400
    assert (
        client.post("/correct", data={"ns": PATH, "id": "lives", "form": FORM, "text": " "}).status_code
        == 400
    )


def test_a_prefix_binds_changes_too(seeded, inside):
    client = inside(seeded, writes=True, prefix=("agent",))
    given = {"ns": PATH, "id": "lives", "sure": "yes", "form": FORM}
    for path in FORMS:
        assert client.post(path, data={**given, "text": "x"}).status_code == 404
        assert client.get(path, params={"ns": PATH, "id": "lives"}).status_code == 404
    assert seeded.store("episodic", HOME).get(["lives"])[0].state == "live"
