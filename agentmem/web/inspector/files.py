"""What all pages load: style sheets and scripts, our own, htmx, and those of the drawings of stores."""

from __future__ import annotations

from importlib.resources import files

from agentmem.pages import part
from agentmem.stores.concept.views import page as concepts
from agentmem.stores.task.views.svg import styles

OWN = ("inspector.css", "inspector.js", "theme.js", "icon.svg", "htmx/htmx.min.js")


def static_files() -> dict[str, str]:
    """The files by name."""
    folder = files(__package__).joinpath("static")
    own = {name: folder.joinpath(name).read_text(encoding="utf-8") for name in OWN}
    return own | {
        "concepts.css": concepts.style_sheet(),
        "concepts.js": part("agentmem.stores.concept.views", "graph.js"),
        "forest.css": _forest(),
    }


def _forest() -> str:
    """How a task forest looks, on light pages and dark ones."""
    light, dark = ("\n".join(styles(dark=is_dark)) for is_dark in (False, True))
    chosen, by_system = ':root[data-theme="dark"]', ':root:not([data-theme="light"])'
    return (
        f".forest {{\n{light}\n}}\n{chosen} .forest {{\n{dark}\n}}\n"
        f"@media (prefers-color-scheme: dark) {{\n{by_system} .forest {{\n{dark}\n}}\n}}\n"
    )
