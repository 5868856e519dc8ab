"""YAML as plain strings, lists and mappings, with the line of each part for messages."""

from __future__ import annotations

from typing import Any

import yaml

from agentmem.errors import FormatError

Path = tuple[str | int, ...]


class LinedYaml:
    """A YAML text: every scalar a string (`on` too, which YAML takes for true), every part with its line.

    Args:
        text: The YAML.
        file: What messages call it.

    Raises:
        FormatError: it is no YAML, or has a key twice.
    """

    def __init__(self, text: str, file: str) -> None:
        self._file = file
        self._lines: dict[Path, int] = {(): 1}
        try:
            node = yaml.compose(text, Loader=yaml.BaseLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            raise FormatError(f"{file}, line {line}: this is no YAML: {error.problem}", "mend it") from None
        except yaml.YAMLError as error:
            raise FormatError(f"{file} is no YAML: {error}", "mend it") from None
        self.data: Any = {} if node is None else self._plain(node, ())

    def fault(self, path: Path, message: str, remedy: str = "") -> FormatError:
        """The error that names the file, the line and the key of a part.

        Args:
            path: Where it is; what of it the YAML does not have is passed over.
            message: What is wrong.
            remedy: What to do.
        """
        known: Path = ()
        for part in path:
            known = (*known, part) if (*known, part) in self._lines else known
        key = ".".join(str(part) for part in known)
        return FormatError(
            f"{self._file}, line {self._lines[known]}: {f'`{key}`: ' if key else ''}{message}", remedy
        )

    def _plain(self, node: yaml.Node, path: Path) -> Any:
        self._lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            found: dict[str, Any] = {}
            for key, value in node.value:
                name = str(key.value)
                self._lines[(*path, name)] = key.start_mark.line + 1
                if name in found:
                    raise self.fault((*path, name), "this key is there twice", "remove one")
                found[name] = self._plain(value, (*path, name))
            return found
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(value, (*path, place)) for place, value in enumerate(node.value)]
        return node.value
