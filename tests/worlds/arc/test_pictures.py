import io
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageColor

from agentmem.worlds.arc.grids import PALETTE
from agentmem.worlds.arc.pictures import Style, of_grid, of_pair, of_task
from agentmem.worlds.arc.tasks import Pair, Task, dataset

GRID = ((0, 1, 2), (7, 8, 9))
SVG = "{http://www.w3.org/2000/svg}"


def pixels(picture):
    return Image.open(io.BytesIO(picture.png())).convert("RGB")


def test_each_cell_has_its_colour_in_both_kinds_of_picture():
    style = Style(cell=10, gap=5)
    picture = of_grid(GRID, style)
    image = pixels(picture)
    assert image.size == (picture.width, picture.height) == (41, 31)
    rects = {
        (int(one.get("x")), int(one.get("y"))): one.get("fill")
        for one in ElementTree.fromstring(picture.svg()).iter(f"{SVG}rect")
        if one.get("x")
    }
    for i, row in enumerate(GRID):
        for j, cell in enumerate(row):
            x, y = 5 + 10 * j + 1, 5 + 10 * i + 1
            assert rects[x, y] == PALETTE[cell]
            for dx, dy in ((0, 0), (8, 8)):
                assert image.getpixel((x + dx, y + dy)) == ImageColor.getrgb(PALETTE[cell])
    assert image.getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize(
    "draw", [of_task, lambda task: of_pair(task.train[0]), lambda task: of_grid(task.train[0].input)]
)
def test_the_same_picture_has_the_same_bytes(draw):
    task = dataset("arcagi")[0]
    assert draw(task).svg() == draw(task).svg()
    assert draw(task).png() == draw(task).png()


def test_marks_lie_within_the_picture_for_every_kind_of_task():
    for task in dataset("arcagi")[::80]:
        for one in (task, task.visible()):
            picture = of_task(one, Style(cell=4))
            for mark in picture.marks:
                assert mark.x >= 0 and mark.x + mark.width <= picture.width
                assert mark.y >= 0 and mark.y + mark.height // 2 <= picture.height


def test_a_visible_task_shows_question_marks_and_nothing_of_the_answers():
    task = Task("t", (Pair(((1,),), ((2,),)),), (Pair(((3,),), ((4,),)),))
    shown, hidden = of_task(task).svg(), of_task(task.visible()).svg()
    assert PALETTE[4] in shown and ">?<" not in shown
    assert PALETTE[4] not in hidden and hidden.count(">?<") == 1
