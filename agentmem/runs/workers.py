"""Plays the runs of a suite in processes beside each other; one that is killed loses nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO

from agentmem.agents.trace import Result, write_whole
from agentmem.config import Settings
from agentmem.devices import cores
from agentmem.records import Text, Value
from agentmem.runs.folder import SUMMARY, RunFolder
from agentmem.runs.spec import RunSpec
from agentmem.runs.suite import SuiteFolder
from agentmem.runs.summary import UNFINISHED, Summary

Told = Callable[[RunSpec, int, Result], None]
"""Called with a run, and an episode of it that ended; from whatever thread."""
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""What says how many threads the numeric libraries of a worker take."""
KILLS = 2
"""How often the process of a run may be killed before it is left for later."""

CUT = "interrupted"
"""Why a run was not played to its end, where Ctrl-C ended it."""


class Row(Value):
    """What became of a run of a suite.

    Attributes:
        folder: Where it is kept.
        summary: Of what was played.
        error: Why it was not played to its end; empty where it was.
    """

    folder: Text
    summary: Summary
    error: Text = ""


class SuiteSummary(Value):
    """What became of a suite.

    Attributes:
        runs: Of each run, in the order of the suite.
        interrupted: Whether Ctrl-C cut it short.
    """

    runs: tuple[Row, ...]
    interrupted: bool = False

    @property
    def complete(self) -> bool:
        """Whether all runs were played to their end."""
        return all(row.summary.complete for row in self.runs)


def play_suite(folder: SuiteFolder, settings: Settings, jobs: int, told: Told | None = None) -> SuiteSummary:
    """Play what of a suite was not played yet.

    Args:
        folder: The suite.
        settings: Those of all banks.
        jobs: Processes beside each other.
        told: Is told of episodes that end.

    Returns:
        What became of it; what is not complete can be played on.
    """
    suite = folder.spec()
    workers = Workers(settings, jobs, told)
    errors, interrupted = workers.run([(run, folder.of(run)) for run in suite.runs])
    rows = [
        Row(folder=str(folder.of(run).path), summary=summary_of(folder.of(run), run), error=errors[run.name])
        for run in suite.runs
    ]
    summary = SuiteSummary(runs=tuple(rows), interrupted=interrupted)
    write_whole(folder.path / SUMMARY, summary.model_dump_json(indent=2) + "\n")
    return summary


def summary_of(folder: RunFolder, spec: RunSpec) -> Summary:
    """The summary of what was played of a run."""
    found = {number: folder.result(number) for number in range(spec.episodes)}
    return Summary.of(spec, {number: result for number, result in found.items() if result is not None})


class Workers:
    """Processes that play runs.

    Args:
        settings: Those of all banks.
        jobs: How many at once.
        told: Is told of episodes that end.
    """

    def __init__(self, settings: Settings, jobs: int, told: Told | None = None) -> None:
        self._settings = settings.model_dump_json()
        self._jobs = jobs
        self._told = told
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._stopped = False

    def run(self, runs: list[tuple[RunSpec, RunFolder]]) -> tuple[dict[str, str], bool]:
        """Play them all.

        Returns:
            Why each was not played to its end, by name, empty where it was; and whether Ctrl-C cut it short.
        """
        pool = ThreadPoolExecutor(self._jobs)
        errors: dict[str, Future[str]] = {}
        try:
            for spec, folder in runs:
                errors[spec.name] = pool.submit(self._play, spec, folder)
            for one in errors.values():
                one.result()
        except KeyboardInterrupt:
            self._stop()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        told = {name: CUT if one.cancelled() else one.result() for name, one in errors.items()}
        return {spec.name: told.get(spec.name, CUT) for spec, _ in runs}, self._stopped

    def _stop(self) -> None:
        """Let each process end its episode as Ctrl-C does."""
        import signal

        with self._lock:
            self._stopped = True
            for process in self._running:
                process.send_signal(signal.SIGINT)

    def _play(self, spec: RunSpec, folder: RunFolder) -> str:
        """Play a run in a process; why it was not played to its end."""
        if summary_of(folder, spec).complete:
            return ""
        for _ in range(KILLS):
            process = self._started(folder)
            if process is None:
                return CUT
            code, said = self._followed(process, spec)
            if self._stopped:
                return CUT
            if code >= 0:
                failed = next((end for end in summary_of(folder, spec).ends if end in UNFINISHED), "")
                return "" if code == 0 and not failed else said or failed or f"its process ended with {code}"
        return f"its process was killed {KILLS} times, by signal {-code}"

    def _started(self, folder: RunFolder) -> subprocess.Popen[str] | None:
        """The process of a run, with its settings; none where no more are to be started."""
        threads = str(max(1, cores() // self._jobs))
        with self._lock:
            if self._stopped:
                return None
            process = subprocess.Popen(  # noqa: S603  our own module
                [sys.executable, "-m", "agentmem.runs.worker", str(folder.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=dict.fromkeys(THREADS, threads) | os.environ,
                start_new_session=True,  # Ctrl-C reaches it through us, once
            )
            self._running.add(process)
            return process

    def _followed(self, process: subprocess.Popen[str], spec: RunSpec) -> tuple[int, str]:
        """Tell what a process says until it ends; its exit code, and the last that it said of an error."""
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None  # noqa: S101, PT018
        said: list[str] = []
        reading = threading.Thread(target=_read, args=(process.stderr, said))
        reading.start()
        with process:
            try:
                process.stdin.write(self._settings)
                process.stdin.close()
            except BrokenPipeError:  # it ended before: its exit code says how
                pass
            for line in process.stdout:
                if self._told is not None and line.endswith("\n"):  # not one that a kill cut off
                    told = json.loads(line)
                    self._told(spec, told["episode"], Result(**told["result"]))
            reading.join()
            code = process.wait()
        with self._lock:
            self._running.discard(process)
        return code, said[-1].strip() if said else ""


def _read(stream: IO[str], said: list[str]) -> None:
    said.extend(line for line in stream if line.strip())
