"""What the wheel holds: the packages whole, with their data, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PLACES = {
    "agentmem": "",
    "agentmem_bench": "benchmarks",
    "langchain_agentmem": "integrations",
    "openai_agentmem": "integrations",
    "agentmem_mcp": "integrations",
}
"""The packages, and the folders in which they stand."""
MOST = 3_000_000
"""Bytes that a wheel may have."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    wheel = pytest.importorskip("hatchling.builders.wheel")
    folder = tmp_path_factory.mktemp("dist")
    (path,) = wheel.WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    return Path(path)


@pytest.fixture(scope="module")
def names(built: Path) -> list[str]:
    from zipfile import ZipFile

    return ZipFile(built).namelist()


def test_every_file_of_the_packages_is_in_it_and_no_other(names: list[str]) -> None:
    expected = {
        path.relative_to(ROOT / place).as_posix()
        for package, place in PLACES.items()
        for path in (ROOT / place / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in (".db", ".pyc")
    }
    assert {name for name in names if ".dist-info/" not in name} == expected


@pytest.mark.parametrize(
    "data",
    [
        "agentmem/py.typed",
        "agentmem/db/migrations/env.py",
        "agentmem/db/migrations/versions/0001_first.py",
        "agentmem/cli/demonstration/data/chat.jsonl",
        "agentmem/web/inspector/static/htmx/htmx.min.js",
        "agentmem/web/inspector/templates/frame.html.j2",
        "agentmem/stores/task/rule/intent.npz",
        "agentmem_bench/likebench/personas/personas.yaml",
    ],
)
def test_data_are_in_it(data: str, names: list[str]) -> None:
    assert data in names


def test_licences_are_in_it(names: list[str]) -> None:
    licences = [name.partition("/licenses/")[2] for name in names if "/licenses/" in name]
    assert sorted(licences) == ["LICENSE", "agentmem/web/inspector/static/htmx/LICENSE"]


def test_it_is_small(built: Path) -> None:
    assert built.stat().st_size < MOST
