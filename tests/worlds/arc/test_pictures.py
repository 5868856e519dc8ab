import io
from xml.etree import ElementTree

from PIL import Image, ImageColor

from agentmem.worlds.arc.grids import PALETTE
from agentmem.worlds.arc.pictures import Style, of_task
from agentmem.worlds.arc.tasks import Pair, Task, dataset

GRID = ((0, 1, 2), (7, 8, 9))
SVG = "{http://www.w3.org/2000/svg}"


def pixels(picture):
    return Image.open(io.BytesIO(picture.png())).convert("RGB")


def test_each_cell_has_its_colour_in_both_kinds_of_picture():
    picture = of_task(Task("t", (Pair(GRID, GRID[::-1]),), ()), Style(cell=10, gap=5))
    image = pixels(picture)
    assert image.size == (picture.width, picture.height)
    cells = {
        (int(one.get("y")), int(one.get("x"))): one.get("fill")
        for one in ElementTree.fromstring(picture.svg()).iter(f"{SVG}rect")
        if one.get("width") == one.get("height") == "9"
    }
    columns = [[PALETTE[cell] for row in grid for cell in row] for grid in (GRID, GRID[::-1])]
    middle = sorted(x for _, x in cells)[len(cells) // 2]
    left = [fill for (_, x), fill in sorted(cells.items()) if x < middle]
    assert [left, [fill for (_, x), fill in sorted(cells.items()) if x >= middle]] == columns
    for (y, x), fill in cells.items():
        for beyond in (0, 8):
            assert image.getpixel((x + beyond, y + beyond)) == ImageColor.getrgb(fill)
    assert image.getpixel((0, 0)) == (255, 255, 255)


def test_the_same_picture_has_the_same_bytes():
    task = dataset("arcagi")[0]
    assert of_task(task).svg() == of_task(task).svg()
    assert of_task(task).png() == of_task(task).png()


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
