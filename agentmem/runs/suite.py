"""A suite: many runs from one YAML file, in folders beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from pathlib import Path
from typing import Any, Literal

import yaml

from agentmem.agents.trace import write_whole
from agentmem.config import Settings
from agentmem.errors import AgentMemError, Conflict, FormatError, NotFound
from agentmem.records import Value
from agentmem.runs.execute import check
from agentmem.runs.folder import HOME, RunFolder, fit, read_json
from agentmem.runs.request import FIELDS, run_of
from agentmem.runs.spec import RunSpec
from agentmem.worlds.planning.yaml_lines import LinedYaml

SUITE = "suite.json"
MOST = 10_000
"""Runs of one entry of a suite."""
_NAMED = ("world", "memory", "policy", "name")
"""Fields that stand in the name of a run anyway."""
_CHECKED = {"world", "size", "domain", "problems", "texts", "memory", "model"}
"""Fields of which it depends whether a run can be made."""


class SuiteSpec(Value):
    """Runs that are compared.

    Attributes:
        kind: What this is, and the version of its form.
        runs: The runs; their names differ.
    """

    kind: Literal["agentmem.suite/1"] = "agentmem.suite/1"
    runs: tuple[RunSpec, ...]


class SuiteFolder:
    """A suite on disk.

    Args:
        path: Its folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def is_one(self) -> bool:
        """Whether a suite is kept there."""
        return (self.path / SUITE).exists()

    def begin(self, suite: SuiteSpec) -> None:
        """Make it the folder of a suite, and its folders those of the runs.

        Runs that are there stay as they are: a suite to which runs were added is gone on with.

        Raises:
            Conflict: something else is there, or a run of the same name that is another.
        """
        if not self.is_one and self.path.exists() and any(self.path.iterdir()):
            raise Conflict(f"{self.path} is there already, and holds no suite", "give another folder: --out")
        self.path.mkdir(parents=True, exist_ok=True)
        for run in suite.runs:
            self.of(run).begin(run)
        write_whole(self.path / SUITE, suite.model_dump_json(indent=2) + "\n")

    def spec(self) -> SuiteSpec:
        """What is compared.

        Raises:
            NotFound: no suite is kept there.
            Damaged: what is kept there is no suite.
        """
        return read_json(self.path / SUITE, SuiteSpec, "suite")

    def of(self, run: RunSpec) -> RunFolder:
        """The folder of a run."""
        return RunFolder(self.path / fit(run.name))


def read_suite(file: Path, settings: Settings) -> tuple[SuiteSpec, Path]:
    """A suite from its YAML file, and the folder where it is kept.

    The file has `runs`, a list of mappings of the fields of a run, and `out`. Where a field is a list, there
    is a run for each of its values, and for each pair where two are. Paths start at the folder of the file.

    Raises:
        NotFound: there is no such file.
        FormatError: it is no suite; names file and line.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise FormatError(f"{file} is not UTF-8 at byte {error.start}", "convert it by iconv") from error
    except OSError as error:
        raise NotFound(f"{file} cannot be read: {error.strerror}", "correct the path") from error
    lines = LinedYaml(text, str(file))
    data = yaml.safe_load(text)
    if not isinstance(data, dict) or not isinstance(data.get("runs"), list) or not data["runs"]:
        raise lines.fault((), "a suite has a list of `runs`", "write `runs:` and under it `- world: …`")
    for key in data:
        if key not in ("runs", "out"):
            raise lines.fault((str(key),), "a suite has no such key", "it has: runs, out")
    out = data.get("out")
    if out is not None and not isinstance(out, str):
        raise lines.fault(("out",), f"{out!r:.60} is no path", "name a folder")
    made: dict[str, RunSpec] = {}
    checked: set[str] = set()
    for place, entry in enumerate(data["runs"]):
        for run in _runs(entry, place, lines, settings, file.parent, checked):
            name = _unlike(run.name, made)
            made[name] = run.altered({"name": name})
    return SuiteSpec(runs=tuple(made.values())), file.parent / out if out else HOME / fit(file.stem)


def _runs(
    entry: Any, place: int, lines: LinedYaml, settings: Settings, folder: Path, checked: set[str]
) -> Iterator[RunSpec]:
    """The runs of an entry, each that can be played."""
    at = ("runs", place)
    if not isinstance(entry, dict):
        raise lines.fault(at, f"{entry!r:.60} is no run", "write `world: …`, `memory: …`")
    for field, value in entry.items():
        if field not in FIELDS:
            raise lines.fault((*at, str(field)), "a run has no such field", f"it has: {', '.join(FIELDS)}")
        if value == []:
            raise lines.fault((*at, field), "it is an empty list", "give a value")
    choices = {name: value if isinstance(value, list) else [value] for name, value in entry.items()}
    if prod(len(values) for values in choices.values()) > MOST:
        raise lines.fault(at, f"these are more than {MOST:,} runs", "write several suites")
    varied = [name for name, values in choices.items() if len(values) > 1 and name not in _NAMED]
    for values in product(*choices.values()):
        given = dict(zip(choices, values, strict=True))
        try:
            run = run_of(given, settings, folder)
            made_of = run.model_dump_json(include=_CHECKED)
            if made_of not in checked:
                check(run, settings)
                checked.add(made_of)
        except AgentMemError as error:
            raise lines.fault(at, error.message, error.remedy) from error
        yield run.altered({"name": "-".join([run.name, *(f"{one}={_short(given[one])}" for one in varied)])})


def _short(value: Any) -> str:
    """A value as part of a name."""
    if isinstance(value, Mapping):
        return str(value.get("name") or value.get("store") or "…")
    return Path(str(value)).name


def _unlike(name: str, taken: Mapping[str, object]) -> str:
    """A name that no other run has, in the file system neither."""
    fitting = {fit(one).lower() for one in taken}
    unlike, number = name, 1
    while fit(unlike).lower() in fitting:
        number += 1
        unlike = f"{name}-{number}"
    return unlike
