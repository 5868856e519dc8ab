"""What holds a program on this system."""

from __future__ import annotations

from agentmem.records import Value


class Capabilities(Value):
    """What the kernel takes from a program here.

    Attributes:
        calls: Whether system calls are filtered (seccomp).
        namespaces: Those that programs have of their own: `network`, `processes`, …
        empty_root: Whether there are no files at all (chroot into an empty directory).
        nobody: Whether it runs without privileges: not as root, and without capabilities.
        limits: The limits that hold: `cpu`, `memory`, `processes`, …
    """

    calls: bool
    namespaces: tuple[str, ...]
    empty_root: bool
    nobody: bool
    limits: tuple[str, ...]

    @property
    def lacks(self) -> tuple[str, ...]:
        """What does not hold here, in words; nothing: a program can only compute."""
        missing = []
        if not self.calls:
            missing.append("system calls are not filtered")
        if not self.calls and not self.empty_root:
            missing.append(
                "files are seen by name: they can be looked for and removed as far as the user may"
            )
        if not self.calls and "processes" not in self.namespaces:
            missing.append("other processes of the same user can be sent signals")
        if not self.nobody:
            missing.append("programs run with privileges")
        missing += [
            f"{wanted} is not limited"
            for wanted in ("cpu", "memory", "open files")
            if wanted not in self.limits
        ]
        return tuple(missing)
