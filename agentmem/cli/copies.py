"""Commands that copy a bank: export, import (also as pages, see `copies_readable`), backup, fork, migrate."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from agentmem.cli import options
from agentmem.cli.answers import answer
from agentmem.cli.values import STDIN
from agentmem.errors import InvalidInput, NotFound
from agentmem.files import write_new

if TYPE_CHECKING:
    from agentmem.bank import Bank

commands = typer.Typer()
PANEL = "Copy"
Target = Annotated[Path, typer.Argument(metavar="FILE", help="A file that is not there yet.")]


@commands.command(rich_help_panel=PANEL)
def export(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="A new file. Without it: stdout.")
    ] = None,
    markdown: Annotated[
        Path | None,
        typer.Option(
            "--markdown",
            metavar="DIR",
            help="Write pages to read and edit instead, of one namespace, to a folder that is not there yet.",
        ),
    ] = None,
    db: options.Db = None,
    namespace: options.AnyNamespace = None,
    json: options.Json = False,
) -> None:
    """Write the journal as JSON lines, without loss: all of the bank, or one namespace. Or its pages."""
    from agentmem.cli.copies_readable import write_pages
    from agentmem.cli.opening import reading
    from agentmem.cli.rendering import Page

    if markdown is not None:
        if out is not None:
            raise InvalidInput("--out and --markdown are two copies", "write one at a time")
        write_pages(markdown, db, namespace, as_json=json)
        return
    if out is None and json:
        raise InvalidInput(
            "--json with an export on stdout would mix the two", "write it to a file: --out FILE"
        )
    with reading(db, namespace) as opened:
        one = opened.known().namespace if namespace is not None else None
        if out is None:
            opened.bank.export(sys.stdout, one)
            return
        n = write_new(out, lambda file: opened.bank.export(file, one))
    if json:
        answer("export", namespace=namespace, file=str(out), events=n)
    else:
        Page().line(f"{n} events written to {out}")


@commands.command("import", rich_help_panel=PANEL)
def load(
    file: Annotated[
        str | None,
        typer.Argument(metavar="FILE", help="What `export` wrote, also a folder of pages; `-` is stdin."),
    ] = None,
    markdown: Annotated[
        Path | None, typer.Option("--markdown", metavar="DIR", help="The folder of pages.")
    ] = None,
    retract_deleted: Annotated[
        bool,
        typer.Option("--retract-deleted", help="Retract the records whose statements were deleted in pages."),
    ] = False,
    db: options.Db = None,
    namespace: Annotated[
        str | None,
        typer.Option("--namespace", metavar="PATH", help="Where to put it. Default: where it was."),
    ] = None,
    json: options.Json = False,
) -> None:
    """Read an export and replay it: all of it, or nothing. What is known already is left as it is.

    Of pages that were edited, what was changed is corrected. Exit code 1: some of it conflicts.
    """
    from agentmem.cli.copies_readable import read_pages
    from agentmem.cli.opening import path_of, writing
    from agentmem.cli.rendering import Page

    if (file is None) == (markdown is None):
        raise InvalidInput("an import takes a file, or a folder of pages", "name one: agentmem import FILE")
    folder = markdown or (Path(file) if file is not None and Path(file).is_dir() else None)
    if folder is not None:
        read_pages(folder, db, namespace, retract_deleted=retract_deleted, as_json=json)
        return
    if file is None or retract_deleted:
        raise InvalidInput("--retract-deleted is about pages", "name their folder: --markdown DIR")
    with _source(file) as source, writing(db, namespace) as opened:
        report = opened.bank.load(source, opened.namespace if namespace is not None else None)
    if json:
        answer("import", report=report)
        return
    page = Page()
    page.pairs(
        {
            "stored": report.stored,
            "duplicates": report.duplicates,
            "forgotten": report.forgotten,
            "namespaces": ", ".join(map(path_of, report.namespaces)),
        }
    )
    if report.not_applicable:
        page.line(f"operations that do not apply here: {', '.join(report.not_applicable)}", style="yellow")


@commands.command(rich_help_panel=PANEL)
def backup(
    target: Target, db: options.Db = None, namespace: options.NoNamespace = None, json: options.Json = False
) -> None:
    """Copy the bank, while it is in use, to a new file."""
    _copy("backup", "backed up to", target, db, lambda bank: bank.backup(target), as_json=json)


@commands.command(rich_help_panel=PANEL)
def fork(
    target: Target, db: options.Db = None, namespace: options.NoNamespace = None, json: options.Json = False
) -> None:
    """Make a second bank that starts from this one's state. It goes its own way."""
    _copy("fork", "forked to", target, db, lambda bank: bank.fork(target).close(), as_json=json)


@commands.command(rich_help_panel=PANEL)
def migrate(
    source: Annotated[str, typer.Argument(metavar="FROM", help="A bank: a path, or a URL.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="A path or URL, where nothing is yet.")],
    json: options.Json = False,
) -> None:
    """Copy a bank to another database, row for row, and compare both. Cut off, it goes on when run again.

    A URL is `postgresql+psycopg://USER:PASSWORD@HOST/NAME`. Nothing may be written to FROM meanwhile.
    """
    from agentmem.bank.migrating import migrate as migrated
    from agentmem.cli.opening import known_place
    from agentmem.cli.progress import bar, unwatched
    from agentmem.cli.rendering import Page

    known_place(source)
    with bar() as told:
        made = migrated(source, target, told or unwatched)
    if json:
        answer("migrate", migration=made)
        return
    page = Page()
    page.pairs({table: f"{rows:,} rows" for table, rows in made.rows.items() if rows})
    page.line(f"{made.target} holds what {made.source} holds, up to change {made.seq:,}")


@contextmanager
def _source(file: str) -> Iterator[IO[str]]:
    """The lines of an export.

    Raises:
        NotFound: there is no such file.
        InvalidInput: it is not UTF-8.
    """
    try:
        with open(
            sys.stdin.fileno() if file == STDIN else file, encoding="utf-8", closefd=file != STDIN
        ) as lines:
            yield lines
    except FileNotFoundError as error:
        raise NotFound(f"file {file} does not exist", "check the path") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{file} is not UTF-8", "import what `agentmem export` wrote") from error


def _copy(
    command: str, said: str, target: Path, db: str | None, copy: Callable[[Bank], object], *, as_json: bool
) -> None:
    from agentmem.cli.opening import reading
    from agentmem.cli.rendering import Page

    with reading(db) as opened:
        copy(opened.bank)
        source = opened.where
    size = target.stat().st_size
    if as_json:
        answer(command, db=source, file=str(target), bytes=size)
    else:
        Page().line(f"{source} {said} {target} ({size / 1_000_000:.1f} MB)")
