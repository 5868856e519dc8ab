"""Memory in bytes: what this process holds now, the most that it held, and what it could have."""

from __future__ import annotations

import sys
from pathlib import Path

_STATUS, _SYSTEM = Path("/proc/self/status"), Path("/proc/meminfo")
_CLEAR = Path("/proc/self/clear_refs")
_CLEAR_PEAK = "5"
"""What resets the peak, by Linux's Documentation/filesystems/proc.rst."""


def resident() -> int:
    """Resident memory now; where there is no /proc, the most since the start."""
    return _own("VmRSS")


def peak() -> int:
    """Most resident memory since the start, or since `forget_peak`."""
    return _own("VmHWM")


def forget_peak() -> None:
    """Let the peak be counted from now on, where the system can."""
    try:
        _CLEAR.write_text(_CLEAR_PEAK, encoding="ascii")
    except OSError:
        return


def available() -> int | None:
    """What processes could still have; none where the system does not say."""
    return _in(_SYSTEM, "MemAvailable")


def _own(name: str) -> int:
    if (found := _in(_STATUS, name)) is not None:
        return found
    import resource

    # Kilobytes, but on macOS bytes.
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _in(file: Path, name: str) -> int | None:
    if file.is_file():
        for line in file.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024
    return None
