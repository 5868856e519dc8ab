"""A real browser: Debian's chromium, driven by playwright. Where there is none, its tests are skipped."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

CONTRAST = """([skipped, filled]) => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(Number).map((v) => v / 255)
      .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const colour = getComputedStyle(element).backgroundColor;
      if (!/, 0\\)$/.test(colour) && colour !== "transparent") return colour;
    }
    return "rgb(255,255,255)";
  };
  const weak = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility() || element.matches(skipped)) continue;
    const style = getComputedStyle(element), ink = filled && element.closest(filled) ? style.fill : style.color;
    const [a, b] = [light(ink), light(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) weak.push(`${(element.className.baseVal ?? element.className) || element.tagName}: ${contrast.toFixed(2)}`);
  }
  return [...new Set(weak)];
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One for a module: as long as it runs, so does an event loop in this thread, which other tests must not meet."""
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}: make setup-browser installs it")
    if importlib.util.find_spec("playwright") is None:
        pytest.skip("the package playwright is not installed: make setup")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a file; a page that reports an error, or asks for another file or address, fails the test."""
    contexts, told, asked = [], [], []

    def open_(file: Path, where: str = "", **given: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **given})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("dialog", lambda dialog: told.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: asked.append(request.url.partition("#")[0]))
        page.goto(f"{file.as_uri()}{where}")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert told == []
    assert len(asked) == len(contexts)


@pytest.fixture
def weak() -> Callable[..., list[str]]:
    """What text of a page stands out less than WCAG 2, AA asks: a contrast of 4.5.

    Left out is what `skipped` selects; within `filled`, the colour of text is its fill.
    """

    def weak_(page: Any, skipped: str = ":disabled, .skip, script", filled: str = "") -> list[str]:
        return page.evaluate(CONTRAST, [skipped, filled])

    return weak_
