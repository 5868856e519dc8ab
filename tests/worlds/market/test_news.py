import json

import pytest

from agentmem.errors import FormatError, NotFound
from agentmem.worlds.market.news import read_news

GOOD = {"time": "2020-01-02T09:30:00-05:00", "symbol": "A", "kind": "news", "text": "A opened a shop."}


def written(tmp_path, *lines):
    file = tmp_path / "news.jsonl"
    shown = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    file.write_text("\n".join(shown) + "\n", encoding="utf-8")
    return file


def without(name):
    return {key: value for key, value in GOOD.items() if key != name}


def test_news_is_read_by_symbol_the_oldest_first(tmp_path):
    later = {**GOOD, "time": "2020-01-03T00:00:00Z", "kind": "annual", "importance": 80}
    news = read_news(written(tmp_path, later, "", GOOD, {**GOOD, "symbol": "B"}, GOOD))
    first, second = news.items["A"]
    assert first.time.isoformat() == "2020-01-02T14:30:00+00:00" and first.importance is None
    assert second.kind == "annual" and second.importance == 80 and not second.derived
    assert set(news.items) == {"A", "B"} and news.repeated == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "it is no JSON"),
        ("[" * 100_000, "it is no JSON"),
        ("[1]", "it is no object"),
        (without("time"), "`time` is missing"),
        (without("symbol"), "`symbol` is missing"),
        (without("kind"), "`kind` is missing"),
        ({**GOOD, "text": ""}, "`text` is missing or empty"),
        ({**GOOD, "importence": 3}, "nothing is called 'importence'"),
        ({**GOOD, "derived": True}, "nothing is called 'derived'"),
        ({**GOOD, "time": "2020-01-02T09:30:00"}, "has no time zone"),
        ({**GOOD, "time": "2020-01-02"}, "has no time zone"),
        ({**GOOD, "time": "yesterday"}, "the time 'yesterday' is none"),
        ({**GOOD, "time": 1577977200}, "the time 1577977200 is no text"),
        ({**GOOD, "time": "2021-02-29T00:00:00Z"}, "is none"),
        ({**GOOD, "importance": 101}, "importance: .*100"),
        ({**GOOD, "importance": -1}, "importance: "),
        ({**GOOD, "importance": True}, "importance True is no number"),
        ({**GOOD, "importance": "80"}, "importance '80' is no number"),
        (json.dumps({**GOOD, "importance": float("nan")}), "importance: "),
        ({**GOOD, "text": 5}, "text: "),
        ({**GOOD, "text": "a\0b"}, "NUL"),
        ({**GOOD, "kind": "reflection"}, "kept for an agent's own memory"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path, line, said):
    with pytest.raises(FormatError, match=rf"news\.jsonl, line 3: .*{said}") as caught:
        read_news(written(tmp_path, GOOD, "", line))
    assert caught.value.remedy


def test_no_file_and_no_utf8_are_told(tmp_path):
    with pytest.raises(NotFound, match="no file"):
        read_news(tmp_path / "none")
    (tmp_path / "x").write_bytes(b"\xff")
    with pytest.raises(FormatError, match="not UTF-8"):
        read_news(tmp_path / "x")


def test_what_was_known_at_a_moment_holds_nothing_later(tmp_path):
    times = [f"2020-01-0{day}T12:00:00Z" for day in (1, 2, 3)]
    news = read_news(written(tmp_path, *({**GOOD, "time": time} for time in times)))
    second = news.items["A"][1].time
    assert [item.time for item in news.until(second).items["A"]] == [
        item.time for item in news.items["A"][:2]
    ]
    assert news.between("A", second, second) == () and news.between("Z", None, second) == ()
    assert [item.time for item in news.between("A", news.items["A"][0].time, second)] == [second]
