"""Copies as pages, behind `export --markdown` and `import --markdown`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from agentmem.cli.answers import answer
from agentmem.cli.exits import Exit

if TYPE_CHECKING:
    from pathlib import Path


def write_pages(folder: Path, db: str | None, namespace: str | None, *, as_json: bool) -> None:
    """Write the pages of a namespace."""
    from agentmem.cli.opening import reading
    from agentmem.cli.rendering import Page
    from agentmem.readable import write_copy

    with reading(db, namespace) as opened:
        copy = write_copy(opened.known().bank, opened.namespace, folder)
        path = opened.path
    if as_json:
        answer("export.markdown", namespace=path, copy=copy)
    else:
        Page().line(f"{copy.records} records on {copy.pages} pages written to {folder}; begin at index.md")


def read_pages(
    folder: Path, db: str | None, namespace: str | None, *, retract_deleted: bool, as_json: bool
) -> None:
    """Apply what was edited in pages.

    Raises:
        Exit: with the code for a negative answer, where some of it conflicts.
    """
    from agentmem.cli.opening import reading
    from agentmem.cli.rendering import Page
    from agentmem.readable import bring_back

    with reading(db, namespace) as opened:
        place = opened.namespace if namespace is not None else None
        report = bring_back(opened.bank, folder, place, retract_deleted=retract_deleted)
    if as_json:
        answer("import.markdown", report=report)
    else:
        page = Page()
        page.pairs(
            {
                "corrected": ", ".join(report.corrected) or "none",
                "retracted": ", ".join(report.retracted) or "none",
                "unchanged": report.unchanged,
            }
        )
        if report.before:
            page.line(f"in the bank already: {', '.join(report.before)}")
        if report.left:
            page.line(
                f"deleted in a page, and standing: {', '.join(report.left)}; to retract: --retract-deleted",
                style="yellow",
            )
        if report.missing:
            page.line(f"pages that are not there, of which nothing follows: {', '.join(report.missing)}")
        for conflict in report.conflicts:
            page.line(f"not applied: {conflict}", style="yellow")
    if report.conflicts:
        raise typer.Exit(Exit.NEGATIVE)
