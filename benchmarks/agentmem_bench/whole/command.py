"""What `agentmem bench all` and `agentmem bench tables` do with their arguments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import typer

from agentmem.errors import InvalidInput, NotFound
from agentmem_bench.results import console
from agentmem_bench.whole.blocks import rewrite
from agentmem_bench.whole.place import RESULTS, ROOT, tree
from agentmem_bench.whole.plan import chosen
from agentmem_bench.whole.running import Place, run


def run_all(
    data: Path | None,
    only: Sequence[str],
    results: Path | None,
    peers: str | None,
    *,
    small: bool,
) -> None:
    """Run the steps, and write the tables where the results are those of the tree.

    Raises:
        InvalidInput: an unknown step, or small runs into the results of the tree.
        NotFound: there are no such data, or there is no source tree.
    """
    steps = chosen(only)
    folder = results or tree() / RESULTS
    is_own = folder.resolve() == (ROOT / RESULTS).resolve()
    if small and is_own:
        raise InvalidInput("--small is no measurement", "name another folder with --results")
    folder.mkdir(parents=True, exist_ok=True)
    plots = tree() / "docs" if is_own else None
    place = Place(folder, None if data is None else data_file(data), plots, peers, small)
    screen = console(None)
    began = perf_counter()
    done = run(steps, place, lambda line: screen.print(line, markup=False))
    failed = [one.step.name for one in done if one.failed]
    left = [one.step.name for one in done if one.left_out]
    screen.print(f"{len(done) - len(failed) - len(left)} ran in {(perf_counter() - began) / 60:.0f} minutes.")
    if left:
        screen.print(f"Left out: {', '.join(left)}.")
    if failed:
        screen.print(f"Failed: {', '.join(failed)}.")
    if is_own:
        write_tables(check=False)
    if failed:
        raise typer.Exit(1)


def write_tables(*, check: bool) -> None:
    """Write the tables of README.md and docs/ from the results of the tree, or only look whether they "
    "are so.
    """
    root = tree()
    changed = [str(page.relative_to(root)) for page in rewrite(root, check=check)]
    screen = console(None)
    if not changed:
        screen.print("The tables are as the results say.")
    elif check:
        screen.print(f"Not as the results say: {', '.join(changed)}. `agentmem bench tables` writes them.")
        raise typer.Exit(1)
    else:
        screen.print(f"Written: {', '.join(changed)}.")


def data_file(given: Path) -> Path:
    """The file that is meant: itself, or the only JSON file of a folder.

    Raises:
        NotFound: it is not there.
        InvalidInput: a folder with no such file, or several.
    """
    if not given.exists():
        raise NotFound(f"--data {given} is not there", "name LoCoMo JSON, or its folder")
    if given.is_file():
        return given
    found = sorted(given.glob("*.json"))
    if len(found) != 1:
        raise InvalidInput(f"--data {given} holds {len(found)} JSON files", "name one of them")
    return found[0]
