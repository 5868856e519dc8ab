"""A process that plays one run of a suite: `python -m agentmem.runs.worker FOLDER`, settings on stdin.

It writes a line of JSON for each episode that ends. Where nobody reads them any more, it ends.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from agentmem.agents.trace import Result
from agentmem.config import Settings
from agentmem.errors import AgentMemError
from agentmem.runs.execute import Watcher, play
from agentmem.runs.folder import RunFolder

INTERRUPTED = 130


class Telling(Watcher):
    """Writes a line for each episode."""

    def ends(self, episode: int, result: Result) -> None:
        """Write one."""
        print(json.dumps({"episode": episode, "result": result.model_dump()}), flush=True)


def main() -> int:
    """Play the run; the exit code."""
    try:
        settings = Settings.model_validate_json(sys.stdin.read())
        summary = play(RunFolder(Path(sys.argv[1])), settings, Telling())
    except AgentMemError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    return INTERRUPTED if summary.interrupted else 0


if __name__ == "__main__":
    sys.exit(main())
