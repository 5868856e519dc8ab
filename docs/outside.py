"""For the site: parts of the README where a page asks for them, and links out of docs/ as text.

A page asks by a line `<!-- README.md#heading -->`; a forge shows nothing there.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath
from typing import Any

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PART = re.compile(r"^<!-- README\.md#(\S+) -->$", re.MULTILINE)
LINK = re.compile(
    r"(?P<code>^```.*?^```|`[^`\n]+`)|(?P<image>!?)\[(?P<text>[^\]]*)\]\((?P<to>[^)\s]+)\)", re.M | re.S
)
SECTION = re.compile(r"(^```.*?^```$|^## [^\n]*$)", re.M | re.S)
PARTS = {
    "measured": "figures.md",
    "in-ten-lines": "index.md",
    "what-it-does-not-do-yet": "limits.md",
}
"""The pages that show a part of the README."""


def on_page_markdown(markdown: str, *, page: Any, config: Any, files: Any) -> str:
    """What MkDocs reads in the place of a page's text."""
    place = DOCS / page.file.src_uri
    own = led(markdown, place, place)
    return PART.sub(lambda found: led(part(found[1]), ROOT / "README.md", place), own)


def part(anchor: str) -> str:
    """What stands under a heading of the README, without the heading."""
    pieces = SECTION.split((ROOT / "README.md").read_text(encoding="utf-8"))
    parts: dict[str, str] = {}
    for piece in pieces:
        if piece.startswith("## "):
            last = slug(piece[3:])
            parts[last] = ""
        elif parts:
            parts[last] += piece
    if anchor not in parts:
        raise KeyError(f"the README has no heading of the anchor {anchor!r}")
    return parts[anchor].strip()


def slug(heading: str) -> str:
    """The anchor of a heading, as forges make it."""
    return re.sub(r"[^\w\s-]", "", heading.lower()).strip().replace(" ", "-")


def led(markdown: str, source: Path, place: Path) -> str:
    """The text of `source` for the page `place`: links hold there, and those that leave docs/ are text."""

    def link(found: re.Match[str]) -> str:
        if found["code"] or re.match(r"#|[a-z]+:", found["to"]):
            return found[0]
        to, _, anchor = found["to"].partition("#")
        target = Path(os.path.normpath(source.parent / to))
        if target == ROOT / "README.md" and anchor in PARTS:
            target, anchor = DOCS / PARTS[anchor], ""
        if target == place and not anchor:
            return found["text"]
        if not target.is_relative_to(DOCS):
            named = PurePosixPath(os.path.relpath(target, ROOT))
            same = found["text"] in (str(named), named.name, named.stem)
            return f"`{named}`" if same else f"{found['text']} (`{named}`)"
        way = PurePosixPath(os.path.relpath(target, place.parent))
        return f"{found['image']}[{found['text']}]({way}{'#' if anchor else ''}{anchor})"

    return LINK.sub(link, markdown)
