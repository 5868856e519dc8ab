"""The picture of a task: well-formed, of what is visible and was answered, and the same each time."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

from agentmem.runs.arc.picture import picture
from agentmem.runs.arc.results import Concept, Outcome, Row, Step
from agentmem.worlds.arc.tasks import Pair, Task

TASK = Task("t<1>", (Pair(((1, 2),), ((2, 1),)),), (Pair(((5, 6),), ((6, 5),)),))
STEP = Step(
    program="def transform(grid):\n    return grid if 1 < 2 else '&'\n", fits=(True,), outputs=(((7, 7),),)
)


def done(*threads: Step) -> Row:
    concepts = tuple(Concept(id=str(n), title=f"concept <{n}> & more", score=9.0 - n) for n in range(30))
    outcome = Outcome(position=0, task="t<1>", selected=concepts, threads=tuple((step,) for step in threads))
    return Row(outcome=outcome, cited=("2", "25"))


def test_it_is_well_formed_and_shows_concepts_and_program():
    drawn = picture(TASK, done(STEP))
    texts = [one.text for one in ElementTree.fromstring(drawn).iter() if one.tag.endswith("text")]
    assert "concept <0> & more" in texts and "concept <25> & more" in texts and "and 19 more" in texts
    assert "    return grid if 1 < 2 else '&'" in texts
    assert drawn == picture(TASK, done(STEP))


def test_it_shows_what_was_answered_and_never_what_is_hidden():
    other = replace(TASK, test=(Pair(((5, 6),), ((9, 9),)),))
    assert picture(TASK, done(STEP)) == picture(other, done(STEP)) == picture(TASK.visible(), done(STEP))


def test_a_task_without_a_program_is_drawn_too():
    drawn = picture(TASK, Row(outcome=Outcome(position=0, task="t")))
    assert "(no program was found)" in drawn and ">?<" in drawn and "nothing to say" in drawn


def test_a_large_task_stays_within_the_page():
    wide = tuple((0,) * 30 for _ in range(30))
    row = done(STEP.model_copy(update={"outputs": (wide,)}))
    drawn = ElementTree.fromstring(picture(Task("t", (Pair(wide, wide),), (Pair(wide, wide),)), row))
    assert int(drawn.attrib["width"]) <= 900
