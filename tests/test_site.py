"""The site of docs/: every page has its place in the navigation, and every link leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.DOTALL | re.MULTILINE)
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
PART = re.compile(r"^<!-- README\.md(#\S+) -->$", re.MULTILINE)


class Navigation(yaml.SafeLoader):
    """Reads mkdocs.yml, and makes nothing of the Python names in it."""


Navigation.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, suffix, node: None)


def places(navigation: object) -> Iterator[str]:
    if isinstance(navigation, str):
        yield navigation
    else:
        assert isinstance(navigation, list | dict)
        for one in navigation.values() if isinstance(navigation, dict) else navigation:
            yield from places(one)


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+?)\s*$", FENCED.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\s-]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_every_page_stands_in_the_navigation_once() -> None:
    settings = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), Loader=Navigation)
    pages = sorted(page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md"))
    assert sorted(places(settings["nav"])) == pages


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files_and_headings_that_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    parts = [f"{ROOT / 'README.md'}{anchor}" for anchor in PART.findall(text)]
    for link in [*LINK.findall(CODE.sub("", text)), *parts]:
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), f"{link}: no such file"
        assert not anchor or anchor in anchors(target), f"{link}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_lists_and_tables_stand_apart_from_the_text_before_them(page: Path) -> None:
    """Forges forgive a missing empty line; the site makes one paragraph of it."""
    lines = FENCED.sub("\n", page.read_text(encoding="utf-8")).splitlines()
    for before, line in pairwise(lines):
        begins = re.match(r"[-*] |\d+\. |\|", line) is not None
        goes_on = re.match(r"[-*] |\d+\. |\||  |#|$", before) is not None
        assert not begins or goes_on, line
