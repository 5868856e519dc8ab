"""What pages load: htmx as it was published, nothing from outside, and style sheets that need no style attribute."""

from __future__ import annotations

import re
from hashlib import sha256
from importlib.resources import files

from agentmem.web.inspector.files import static_files

STATIC = files("agentmem.web.inspector").joinpath("static")
TEMPLATES = files("agentmem.web.inspector").joinpath("templates")


def test_htmx_is_the_published_file_with_its_licence():
    told = STATIC.joinpath("htmx", "README.md").read_text()
    version = re.search(r"htmx ([\d.]+)", told)[1].rstrip(".,")
    digest = re.search(r"sha256 ([0-9a-f]{64})", told)[1]
    content = STATIC.joinpath("htmx", "htmx.min.js").read_bytes()
    assert sha256(content).hexdigest() == digest
    assert f'version:"{version}"' in content.decode()
    assert "Zero-Clause BSD" in STATIC.joinpath("htmx", "LICENSE").read_text()


def test_htmx_is_told_to_evaluate_and_keep_nothing():
    frame = TEMPLATES.joinpath("frame.html.j2").read_text()
    for said in (
        '"allowEval":false',
        '"allowScriptTags":false',
        '"historyCacheSize":0',
        '"selfRequestsOnly":true',
    ):
        assert said in frame
    assert '"includeIndicatorStyles":false' in frame


def test_nothing_is_loaded_from_outside():
    for name, text in static_files().items():
        if name != "htmx/htmx.min.js":
            assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text), name
            assert "@import" not in text


def test_templates_have_no_script_style_or_handler_of_their_own():
    for template in TEMPLATES.iterdir():
        text = template.read_text()
        assert not re.search(r"\son\w+=|hx-on|hx-vals|hx-vars|\sstyle=|<style", text), template.name
        for tag in re.findall(r"<script[^>]*>", text):
            assert "src=" in tag or 'type="application/json"' in tag, template.name
        safe = re.findall(r"\{\{[^}]*\|\s*safe[^}]*\}\}", text)
        assert safe in ([], ["{{ drawn | safe }}"]), template.name


def test_the_forest_has_colours_for_light_and_dark():
    text = static_files()["forest.css"]
    assert text.count(".stale rect") == 3
    assert ':root[data-theme="dark"] .forest' in text and "prefers-color-scheme: dark" in text
