"""A process of others' packages is kept to itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

CHILD = """
import json, os, socket, sys
from pathlib import Path
from agentmem.config import Settings
from agentmem_bench.peers import quiet

settings = Settings(model_url="http://192.0.2.7:1/v1")
refused = quiet.keep_to_itself(Path(sys.argv[1]), settings, model=sys.argv[2] == "model")
told = []
for host in ("192.0.2.1", "192.0.2.7"):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:  # whose connect sends nothing
        try:
            out.connect((host, 1))
            told.append(False)
        except OSError as error:
            told.append(isinstance(error, PermissionError))
print(json.dumps([told, refused, os.environ["MEM0_TELEMETRY"], str(Path.home()), os.environ["MEM0_DIR"]]))
"""


@pytest.mark.parametrize(("model", "lets_through"), [("none", False), ("model", True)])
def test_nothing_gets_out_but_to_the_server_of_a_model(
    model: str, lets_through: bool, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path), model],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    told, refused, telemetry, *homes = json.loads(done.stdout)
    assert told == [True, not lets_through]
    assert len(refused) == sum(told)
    assert telemetry == "False"
    assert homes == [str(tmp_path)] * 2
