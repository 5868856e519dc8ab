"""What a user without rights can do with banks: `python unprivileged.py PATH...`; root becomes nobody first."""

from __future__ import annotations

import json
import os
import sys

from cramped import outcome

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.embedders.hashing import HashingEmbedder

NOBODY = 65534
SETTINGS = Settings(embedder="hashing")


def give_up_rights() -> None:
    """Become nobody, after all that is imported late was imported: nobody may not see it."""
    with Bank("sqlite://", embedder=HashingEmbedder(), settings=SETTINGS) as warm:
        warm.store().observe("a quince")
        warm.store().recall("which quince?")
        warm.verify()
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def attempts(path: str) -> dict[str, str]:
    """What became of each thing that was tried."""
    told = {}
    with Bank(path, embedder=HashingEmbedder(), settings=SETTINGS) as bank:
        told["recall"] = outcome(lambda: bank.store().recall("which quince?")[0].text)
        told["observe"] = outcome(lambda: bank.store().observe("new"))
        told["forget"] = outcome(lambda: bank.forget(("default",), everything=True))
        told["rebuild"] = outcome(lambda: bank.rebuild(("default",)))
        told["verify"] = outcome(bank.verify)
        told["scrub"] = outcome(lambda: bank.scrub(0.1))
    return told


def main(*paths: str) -> None:
    """Try everything with each bank."""
    give_up_rights()
    told: dict[str, dict[str, str]] = {}
    for path in paths:
        told[path] = {}
        told[path]["open"] = outcome(lambda path=path: told[path].update(attempts(path)))
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
