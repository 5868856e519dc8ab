"""What agentmem tells of its work: spans and metrics for OpenTelemetry, and the log of slow recalls.

Work is an `operation` with `part`s. Where nobody asks, both do nothing. Where the application uses
OpenTelemetry they are spans and durations; where `slow_recall` is set they are timed for its log.
Nothing that was said is told: attributes are names of stores and models, numbers, and kinds of errors.
"""

from agentmem.telemetry.api import count, watch
from agentmem.telemetry.models import chat, embeddings
from agentmem.telemetry.work import Idle, fact, is_watched, measured, operation, part

__all__ = [
    "Idle",
    "chat",
    "count",
    "embeddings",
    "fact",
    "is_watched",
    "measured",
    "operation",
    "part",
    "watch",
]
