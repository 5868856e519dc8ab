import subprocess
import sys

import pytest

MISSING = """
import sys
sys.modules[{library!r}] = None
from agentmem.errors import Unavailable
from pathlib import Path
from agentmem.worlds.market import intervals, market, metrics, price_file, prices, replay
try:
    {use}
except Unavailable as error:
    print(error)
"""
HEAVY = ("pandas", "skfolio", "empyrical", "arch", "pyarrow")


@pytest.mark.parametrize(
    ("library", "use", "said"),
    [
        ("skfolio", "prices.builtin_prices()", "skfolio, needed for the built-in prices"),
        ("empyrical", "metrics.performance([1.0, 2.0])", "empyrical, needed for the measures of trading"),
        ("arch", "intervals.interval([0.0, 0.1] * 20)", "arch, needed for intervals by block bootstrap"),
        ("pyarrow", "price_file.read_prices(Path(sys.argv[1]))", "pyarrow, needed for Parquet files"),
    ],
)
def test_a_missing_library_is_told_with_its_remedy(tmp_path, library, use, said):
    (tmp_path / "p.parquet").write_bytes(b"PAR1")
    code = MISSING.format(library=library, use=use)
    command = [sys.executable, "-c", code, str(tmp_path / "p.parquet")]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said in printed and 'pip install "agentmem[market]"' in printed


def test_no_heavy_library_is_loaded_before_it_is_needed():
    code = "import sys; from agentmem.worlds.market import baselines, intervals, price_file, replay;"
    code += f"print([name for name in {HEAVY} if name in sys.modules])"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"
