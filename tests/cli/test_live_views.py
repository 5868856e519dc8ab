from rich.text import Text

from agentmem.cli import live_views
from agentmem.cli.live_views import Bar, View
from agentmem.cli.rendering import Page


def terminal() -> Page:
    page = Page()
    page.is_rich = True
    return page


def test_a_picture_is_drawn_only_on_a_terminal_and_not_more_often_than_is_seen(monkeypatch):
    made = []

    def picture() -> Text:
        made.append(len(made))
        return Text("at work")

    with View(Page()) as view:
        view.draw(picture)
    assert made == []
    with View(terminal(), live=True) as view:
        for _ in range(9):
            view.draw(picture)
        assert made == [0]
        monkeypatch.setattr(live_views, "EVERY", 0.0)
        view.draw(picture)
    assert made == [0, 1]


def test_a_bar_is_seen_only_on_a_terminal(capsys):
    nowhere = Bar(Page())
    assert not nowhere.is_seen
    nowhere.advance()
    nowhere.end()
    assert capsys.readouterr().out == ""
    bar = Bar(terminal())
    assert bar.is_seen
    bar.begin("tasks", 7, 2)
    bar.name("the third")
    bar.advance()
    bar.end()
    shown = capsys.readouterr().out
    assert "the third" in shown and "3/7" in shown
