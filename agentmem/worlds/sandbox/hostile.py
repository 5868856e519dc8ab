"""Programs that a sandbox must survive, each with what may become of it; and good ones to be answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from agentmem.worlds.sandbox.verdicts import Reason


@dataclass(frozen=True)
class Hostile:
    """A program, called with `INPUT`.

    Attributes:
        text: The program.
        reasons: Those with which it may fail; none: it must answer.
        answer: What it must answer, where it must.
        or_answers: Whether it may answer `answer` as well as fail: what it does has no effect.
    """

    text: str
    reasons: tuple[Reason, ...] = ()
    answer: JsonValue = None
    or_answers: bool = False


INPUT: JsonValue = [[1, 2], [3, 4]]
"""What each is called with."""

_WALK = """
def system():
    for one in ().__class__.__mro__[1].__subclasses__():
        if one.__name__ == "_wrap_close":
            return one.__init__.__globals__
def module(name):
    return system()["sys"].modules[name]
"""
"""The way out of Python's own fences: from any object to its base class, to all classes, to `os`."""

_FORBIDDEN: tuple[Reason, ...] = ("forbidden",)


def _forbidden(text: str) -> Hostile:
    return Hostile(text, _FORBIDDEN)


def _walked(
    line: str, reasons: tuple[Reason, ...] = _FORBIDDEN, *, answer: JsonValue = None, or_answers: bool = False
) -> Hostile:
    body = "\n".join(f"    {one}" for one in line.splitlines())
    return Hostile(f"{_WALK}\ndef transform(grid):\n{body}\n", reasons, answer, or_answers)


def _line(line: str, *reasons: Reason, answer: JsonValue = None) -> Hostile:
    return Hostile(
        f"import numpy as np\nimport json\ndef transform(grid):\n    return {line}\n", reasons, answer
    )


GOOD: Mapping[str, Hostile] = {
    "answers": _line("grid", answer=INPUT),
    "answers with numpy": _line("np.rot90(np.array(grid))", answer=[[2, 4], [1, 3]]),
    "linear algebra, transforms and chance of numpy": _line(
        "[round(float(np.linalg.det(np.array(grid)))), np.fft.fft([1]).real.tolist(), "
        "np.random.default_rng(0).integers(1, size=2), np.ma.array([1]).sum(), "
        "np.strings.upper(np.array('a'))]",
        answer=[-2, [1.0], [0, 0], 1, "A"],
    ),
    "tuples and numbers of numpy are JSON": _line(
        "(np.int8(1), np.float32(0.5), np.bool_(True), {'a': None})", answer=[1, 0.5, True, {"a": None}]
    ),
    "dataclasses, types and caches": Hostile(
        "from __future__ import annotations\nfrom dataclasses import dataclass\nfrom functools import cache\n"
        "from typing import NamedTuple\nfrom enum import Enum\nfrom collections import namedtuple, deque\n"
        "@dataclass(frozen=True, order=True)\nclass Cell:\n    row: int\n    column: int = 2\n"
        "class Way(NamedTuple):\n    x: int\nclass Side(Enum):\n    LEFT = 1\n"
        "@cache\ndef cell(i): return Cell(i)\n"
        "def transform(grid): return [cell(1).column, Way(3).x, Side.LEFT.value, len(deque([1]))]\n",
        answer=[2, 3, 1, 1],
    ),
    "warnings are no files": _line("float(np.divide(np.array([1.0]), np.array([0.0]))[0] > 1)", answer=1.0),
    "a missing module can be done without": Hostile(
        "try:\n    import scipy\nexcept ImportError:\n    scipy = None\n"
        "def transform(grid): return scipy is None\n",
        answer=True,
    ),
    "code is compiled and run": _line("eval('1 + 1')", answer=2),
    "what is printed goes nowhere": Hostile(
        "def transform(grid):\n    for _ in range(2000): print('x' * 10000)\n    return 1\n", answer=1
    ),
}
"""Programs that must be answered."""

TIME: Mapping[str, Hostile] = {
    "an endless loop": Hostile("def transform(grid):\n    while True: pass\n", ("timeout",)),
    "an endless loop as it is defined": Hostile("while True: pass\n", ("timeout",)),
    "sleep": Hostile("import time\ndef transform(grid): time.sleep(1000)\n", ("timeout",)),
    "signals are ignored": _walked(
        "signal = module('_signal')\n"
        "for number in range(1, 65):\n"
        "    try: signal.signal(number, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\n"
        "while True:\n"
        "    try:\n"
        "        while True: pass\n"
        "    except BaseException: pass",
        ("timeout", "forbidden"),
    ),
    "a message that is never told": Hostile(
        "class Bad(Exception):\n    def __str__(self):\n        while True: pass\n"
        "def transform(grid): raise Bad\n",
        ("timeout",),
    ),
    "an answer of a thousand million references": Hostile(
        "def transform(grid):\n    one = [1]\n    for _ in range(40): one = [one, one]\n    return one\n",
        ("timeout", "memory", "output"),
    ),
    "a number that takes for ever": _line("len(str(9 ** 9 ** 9))", "timeout", "memory", "raised"),
    "an expression that takes for ever": _line(
        "__import__('re').match(r'(a+)+$', 'a' * 50 + 'b')", "timeout"
    ),
}
"""Programs that take too long; each takes all the time that it may."""

TAKING: Mapping[str, Hostile] = {
    "a list without end": Hostile(
        "def transform(grid):\n    while True: grid.append(list(range(100000)))\n", ("memory", "timeout")
    ),
    "text without end": Hostile("def transform(grid):\n    a = 'a'\n    while True: a += a\n", ("memory",)),
    "an array of terabytes": _line("np.ones(1 << 42)", "memory"),
    "bytes of terabytes": _line("bytearray(1 << 42)", "memory"),
    "memory that is kept": Hostile(
        "kept = []\ndef transform(grid):\n    while True: kept.append(bytearray(1 << 20))\n", ("memory",)
    ),
    "recursion": Hostile("def transform(grid): return transform(grid)\n", ("raised",)),
    "recursion without a limit": _walked(
        "module('sys').setrecursionlimit(1 << 30)\ndef down(n): return down(n + 1)\nreturn down(0)",
        ("memory", "died", "timeout"),
    ),
    "recursion in C": _walked(
        "module('sys').setrecursionlimit(1 << 30)\none = []\n"
        "for _ in range(1 << 20): one = [one]\nreturn repr(one)",
        ("memory", "died", "timeout", "raised"),
    ),
    "a huge answer": _line("'x' * (1 << 25)", "output", "memory"),
    "a huge answer of lists": _line("[[0] * 1000] * 1000", "output", "timeout", "memory"),
    "a huge message": Hostile(
        "def transform(grid): raise ValueError('x' * (1 << 25))\n", ("raised", "memory")
    ),
    "brackets without end": Hostile("(" * 100_000, ("syntax", "memory", "died")),
    "a sum without end": Hostile("x = " + "1 + " * 200_000 + "1", ("syntax", "memory", "died", "bad answer")),
    "signs without end": Hostile("x = " + "-" * 200_000 + "1", ("syntax", "memory", "died")),
}
"""Programs that take too much."""

REACHING: Mapping[str, Hostile] = {
    "reads a file": _line("open('/etc/passwd').read()", "forbidden"),
    "reads a file with numpy": _line("np.fromfile('/etc/passwd', dtype=np.uint8)", "forbidden"),
    "reads text with numpy": _line("np.loadtxt('/etc/passwd', dtype=str)", "forbidden"),
    "maps a file": _line("np.memmap('/etc/passwd')", "forbidden"),
    "loads a pickle": _line("np.load('/tmp/x.npy', allow_pickle=True)", "forbidden"),
    "writes a file with numpy": _line("np.array(grid).tofile('/tmp/agentmem-hostile')", "forbidden"),
    "saves a file": _line("np.save('/tmp/agentmem-hostile', np.array(grid))", "forbidden"),
    "tries and goes on": _walked(
        "try: return module('io').open('/etc/passwd').read()\nexcept BaseException: return grid"
    ),
    "waits for its end": _walked(
        "module('weakref').finalize(transform, system()['_exit'], 5)\nreturn 1", answer=1, or_answers=True
    ),
    "io by way of its classes": _walked("return module('io').open('/etc/passwd').read()"),
    "io without its hooks": _walked("return module('_io').FileIO('/etc/passwd').read(10)"),
    "os.open by way of its classes": _walked("return system()['open']('/etc/passwd', 0)"),
    "looks for files": _walked("return system()['stat']('/etc/passwd').st_size"),
    "lists files": _walked("return system()['listdir']('/')"),
    "removes a file": _walked("return system()['unlink']('/etc/passwd')"),
    "makes a directory": _walked("return system()['mkdir']('/tmp/agentmem-hostile')"),
    "the files of another process": _walked("return module('_io').FileIO('/proc/self/environ').read()"),
    "a shell": _walked("return system()['system']('id')"),
    "another program": _walked("return system()['execv']('/bin/sh', ['sh'])"),
    "another process": _walked("return system()['posix_spawn']('/bin/sh', ['sh'], {})"),
    "subprocess": _forbidden("import subprocess\ndef transform(grid): return subprocess.run(['id'])\n"),
    "a bomb of processes": _walked("while True: system()['fork']()"),
    "a thread": _walked("return module('_thread').start_new_thread(print, ())"),
    "threads": Hostile(
        "import queue\ndef transform(grid):\n    queue.threading.Thread(target=print).start()\n", _FORBIDDEN
    ),
    "import os": _forbidden("import os\ndef transform(grid): return os.listdir('/')\n"),
    "from os": _forbidden("from os import system\n"),
    "import by name": _forbidden("def transform(grid): return __import__('os').getcwd()\n"),
    "import of what belongs to us": _forbidden("import agentmem.worlds.sandbox.child\n"),
    "a relative import": _forbidden("from . import child\n"),
    "import that is not loaded": _walked(
        "return module('importlib').import_module('sqlite3')", ("forbidden", "raised")
    ),
    "a socket": _forbidden(
        "import socket\ndef transform(grid): return socket.create_connection(('1.1.1.1', 53))\n"
    ),
    "a socket without its module": _walked(
        "return module('importlib').import_module('_socket').socket()", ("forbidden", "raised")
    ),
    "ctypes": _forbidden("import ctypes\n"),
    "ctypes by way of numpy": _line("np.ctypeslib.load_library('libc.so.6', '/lib')", "forbidden", "raised"),
    "ctypes that is loaded": _walked("return module('ctypes').CDLL(None).getpid()"),
    "kills its parent": _walked("return system()['kill'](system()['getppid'](), 9)"),
    "kills all": _walked("return system()['kill'](-1, 9)"),
    "stops itself": _walked("return system()['kill'](system()['getpid'](), 19)"),
    "raises its limits": Hostile(
        _WALK + "def transform(grid):\n    r = module('resource')\n"
        "    return r.setrlimit(r.RLIMIT_CPU, (1000, 1000))\n",
        _FORBIDDEN,
    ),
    "becomes root": _walked("return system()['setuid'](0)"),
    "leaves the root": _walked("return system()['chroot']('/proc/1/root')"),
    "makes a pipe": _walked("return system()['pipe']()"),
    "a module of the list, out of the list": Hostile(
        "import statistics, random\ndef transform(grid): return random._os.listdir('/')\n", _FORBIDDEN
    ),
    "writes to what is open": _walked(
        "for number in (0, *range(4, 64)):\n"
        "    try: system()['write'](number, b'x')\n"
        "    except OSError: pass\n"
        "return 1",
        (),
        answer=1,
    ),
    "reads what is open": _walked(
        "got = b''\n"
        "for number in range(64):\n"
        "    try: got += system()['read'](number, 100)\n"
        "    except OSError: pass\n"
        "return len(got)",
        (),
        answer=0,
    ),
    "the environment": _walked(
        "return [dict(system()['environ']), module('sys').argv]", (), answer=[{}, [""]]
    ),
}
"""Programs that reach for what is not theirs."""

LYING: Mapping[str, Hostile] = {
    "ends": _walked("system()['_exit'](0)", ("died",)),
    "ends with a status": _walked("system()['_exit'](3)", ("died",)),
    "ends politely": Hostile("def transform(grid): raise SystemExit\n", ("raised",)),
    "is interrupted": Hostile("def transform(grid): raise KeyboardInterrupt\n", ("raised",)),
    "aborts": _walked("system()['abort']()", ("died",)),
    "reads where nothing is": _line(
        "int(np.lib.stride_tricks.as_strided(np.zeros(1), (1,), (8,))[0] + "
        "np.array(type('P', (), {'__array_interface__': "
        "{'shape': (1,), 'typestr': '<i8', 'data': (8, True), 'version': 3}})())[0])",
        "died",
    ),
    "a pickle as the reply": _walked(
        "import json\nsystem()['write'](3, b'cos\\nsystem\\n(S\"touch /tmp/agentmem-hostile\"\\ntR.\\n')\n"
        "return 1",
        ("died", "bad answer"),
    ),
    "half a reply": _walked("system()['write'](3, b'{\"answer\": [1')\nsystem()['_exit'](0)", ("died",)),
    "another form of reply": _walked(
        "system()['write'](3, b'{\"answer\": 1, \"seconds\": 0}\\n[]\\n')\nsystem()['_exit'](0)", ("died",)
    ),
    "a reply nested without end": _walked(
        "system()['write'](3, b'{\"answer\": ' + b'[' * 100000 + b']' * 100000 + b'}\\n')\n"
        "system()['_exit'](0)",
        ("died",),
    ),
    "a reply that is no number": _walked(
        "system()['write'](3, b'{\"answer\": NaN}\\n{\"end\": true}\\n')\nsystem()['_exit'](0)",
        ("died", "bad answer"),
    ),
    "a reply of many lines": _walked(
        "system()['write'](3, b'{\"answer\": 1}\\n' * 1000)\nsystem()['_exit'](0)",
        ("died",),
        answer=1,
        or_answers=True,
    ),
    "a reply without end": _walked("while True: system()['write'](3, b'x' * 65536)", ("output",)),
    "a forged reply is an answer": _walked(
        "system()['write'](3, b'{\"answer\": 7}\\n{\"end\": true}\\n')\nsystem()['_exit'](0)", (), answer=7
    ),
    "closes its reply": _walked("system()['close'](3)\nreturn 1", ("died", "raised")),
    "closes its reply and goes on": _walked("system()['close'](3)\nwhile True: pass", ("died", "timeout")),
    "undoes the module of the reply": Hostile(
        "import json\njson.__dict__.clear()\ndef transform(grid): return 1\n", ("died",), 1, or_answers=True
    ),
    "replaces the module of the reply": Hostile(
        "import json\njson.dumps = lambda *a, **k: 'x'\ndef transform(grid): return 1\n", ("died",)
    ),
    "a number that lies": Hostile(
        "class One(int):\n    def __repr__(self): raise SystemExit\n    __str__ = __repr__\n"
        "    def __index__(self): return 1 << 70\n    def __int__(self): return 1 << 70\n"
        "def transform(grid): return [One(1)]\n",
        ("bad answer", "raised"),
        [1 << 70],
        or_answers=True,
    ),
    "a list that lies": Hostile(
        "class Rows(list):\n    def __iter__(self):\n        while True: yield 1\n"
        "def transform(grid): return Rows()\n",
        ("memory", "timeout"),
    ),
    "a class that lies": Hostile(
        "class Odd:\n    __class__ = property(lambda self: 1 / 0)\ndef transform(grid): return Odd()\n",
        ("raised", "bad answer"),
    ),
    "an exception that lies": Hostile(
        "class Odd(Exception):\n    def __str__(self): raise SystemExit\ndef transform(grid): raise Odd\n",
        ("raised",),
    ),
    "not a number": _line("float('nan')", "bad answer"),
    "infinite": _line("[np.array([1.0]) / 0]", "bad answer"),
    "a number of ten thousand digits": _line("10 ** 10000", "bad answer"),
    "a complex number": _line("np.array([1j])", "bad answer"),
    "an array of objects": _line("np.array([object()], dtype=object)", "bad answer"),
    "a set": _line("{1, 2}", "bad answer"),
    "a function": _line("transform", "bad answer"),
    "bytes": _line("b'x'", "bad answer"),
    "half a character": _line("'\\ud800'", "bad answer", "raised"),
    "a list of itself": Hostile(
        "def transform(grid):\n    grid.append(grid)\n    return grid\n", ("bad answer",)
    ),
    "no function": Hostile("x = 1\n", ("bad answer",)),
    "no such function": Hostile("transform = 3\n", ("bad answer",)),
    "no program": Hostile("def transform(:\n", ("syntax",)),
    "a NUL": Hostile("x = 1\x00", ("syntax",)),
    "half a character in the text": Hostile("x = '\ud800'", ("syntax",)),
    "a function that takes nothing": Hostile("def transform(): return 1\n", ("raised",)),
}
"""Programs that answer in bad faith, or not at all."""

ALL: Mapping[str, Hostile] = {**GOOD, **TIME, **TAKING, **REACHING, **LYING}
