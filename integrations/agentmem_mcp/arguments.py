"""What a caller may give: the parameters of tools and prompts, each with its limits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

LONGEST_TEXT = 20_000
LONGEST_QUESTION = 4_000
LONGEST_NAME = 500
"""Characters."""
MOST_HITS = 50
LARGEST_BUDGET = 8_000
"""Tokens."""

Text = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_TEXT, description="A sentence that can be understood by itself."),
]
Key = Annotated[
    str,
    Field(
        max_length=LONGEST_NAME,
        description="A short name of what the fact is about; the same name again replaces the fact.",
    ),
]
Question = Annotated[
    str, Field(min_length=1, max_length=LONGEST_QUESTION, description="What is to be known, as a question.")
]
MaybeQuestion = Annotated[
    str,
    Field(max_length=LONGEST_QUESTION, description="What the context is for; left out: what is newest."),
]
K = Annotated[int, Field(ge=1, le=MOST_HITS, strict=True, description="How many memories at most.")]
Budget = Annotated[
    int, Field(ge=1, le=LARGEST_BUDGET, strict=True, description="Tokens that the context may cost.")
]
Entity = Annotated[
    str,
    Field(
        max_length=LONGEST_NAME,
        description="Only what tells of this person, place or thing, where such are gathered.",
    ),
]
About = Annotated[
    str, Field(max_length=LONGEST_QUESTION, description="What of it is looked at; left out: all.")
]
Id = Annotated[
    str, Field(min_length=1, max_length=LONGEST_NAME, description="The id of a memory, as `recall` shows it.")
]
Why = Annotated[str, Field(max_length=LONGEST_QUESTION, description="The reason; it is kept in the history.")]

Node = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_NAME,
        description="A step or task: its title, its id, or the first characters of its id.",
    ),
]
Nodes = Annotated[
    list[Node], Field(max_length=MOST_HITS, description="Steps or tasks, each named as a node is.")
]
MaybeNode = Annotated[
    str, Field(max_length=LONGEST_NAME, description="Only what is under this step or task; left out: all.")
]
Title = Annotated[
    str, Field(min_length=1, max_length=LONGEST_NAME, description="Its title, without a value: `venue`.")
]
Value = Annotated[
    str | None,
    Field(max_length=LONGEST_TEXT, description="What it is settled to; left out: it stays as it is."),
]
Goal = Annotated[str, Field(max_length=LONGEST_QUESTION, description="What it is for, in a sentence.")]
Output = Annotated[str, Field(max_length=LONGEST_TEXT, description="What came of it.")]
Kind = Annotated[
    Literal["step", "task"],
    Field(description="A `task` holds steps and has no value; a `step` can have one."),
]
Earlier = Annotated[
    str | None, Field(max_length=LONGEST_TEXT, description="An earlier value; left out: the one before this.")
]
Holds = Annotated[bool, Field(strict=True, description="False: it needs them no longer.")]
