import datetime

import numpy as np
import pytest

from agentmem.errors import FormatError, NotFound
from agentmem.worlds.market.price_file import read_prices

GOOD = "date,symbol,close\n2020-01-02,A,10\n2020-01-03,A,11\n2020-01-02,B,5.5\n"


def written(tmp_path, text, name="prices.csv"):
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_a_file_in_any_order_is_read_by_symbol_and_day(tmp_path):
    text = "Symbol; x".replace("; x", ",Close,DATE,Open,note\r\n")
    text += "B,5.5,2020-01-02,,\r\nA,11,2020-01-03,10.5,x\r\n\r\nA,10,2020-01-02 00:00:00-05:00,,y\r\n"
    prices = read_prices(written(tmp_path, "\ufeff" + text))
    assert prices.symbols == ("A", "B") and prices.remarks == ()
    assert prices.of("A").close.tolist() == [10, 11]
    assert np.isnan(prices.of("A").open[0]) and prices.of("A").open[1] == 10.5
    assert prices.of("A").dates.tolist() == [datetime.date(2020, 1, 2), datetime.date(2020, 1, 3)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: the column `date`, `symbol`, `close` is missing; the file is empty"),
        ("date,symbol,close\n", "has no prices"),
        ("date,symbol,price\n2020-01-02,A,1\n", "line 1: the column `close` is missing.*price"),
        ("date;symbol;close\n", "the column"),
        ("date,symbol,close,close\n", "`close` comes twice"),
        (GOOD + "2020-13-02,A,1\n", "line 5: the date '2020-13-02' is none"),
        (GOOD + "2021-02-29,A,1\n", "line 5: the date '2021-02-29' is none"),
        (GOOD + "02/01/2020,A,1\n", "line 5: the date"),
        (GOOD + "2020-01-06 15:30,A,1\n", "line 5: the date"),
        (GOOD + ",A,1\n", "line 5: the date '' is none"),
        (GOOD + "2020-01-02,A,12\n", "line 5: A has a price of 2020-01-02 already, line 2"),
        (GOOD + "2020-01-06,A,-1\n", "line 5: the close is -1"),
        (GOOD + "2020-01-06,A,0\n", "line 5: the close is 0"),
        (GOOD + "2020-01-06,A,NaN\n", "line 5: the close is nan"),
        (GOOD + "2020-01-06,A,inf\n", "line 5: the close is inf"),
        (GOOD + "2020-01-06,A,\n", "line 5: the close of A is missing"),
        (GOOD + '2020-01-06,A,"1,234"\n', "line 5: the close '1,234' is no number"),
        (GOOD + "2020-01-06,A,1_000\n", "line 5: the close '1_000' is no number"),
        (GOOD + "2020-01-06,,1\n", "line 5: the symbol is missing"),
        (GOOD + "2020-01-06,A\n", "line 5: it has 2 cells"),
        (GOOD + "\n\n2020-01-06,A,x\n", "line 7: the close 'x'"),
        ('date,symbol,close\n2020-01-02,"A\nB",x\n', "line 3: the close 'x'"),
        (GOOD + '2020-01-06,"A,1\n', "no CSV"),
        (GOOD.encode() + b"2020-01-06,\xff,1\n", "not UTF-8"),
        (GOOD + "2020-01-06,A\0,1\n", "line 5: the symbol.*NUL"),
        ("date,symbol,close,open\n2020-01-06,A,1,0\n", "line 2: the open is 0"),
        ("date,symbol,close,volume\n2020-01-06,A,1,-5\n", "line 2: the volume is -5"),
        ("date,symbol,close,high,low\n2020-01-06,A,1,1,2\n", "line 2: the high 1 is under the low 2"),
        (b"PAR1 and no more", "no Parquet file"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path, text, said):
    with pytest.raises(FormatError, match=said) as caught:
        read_prices(written(tmp_path, text))
    assert "prices.csv" in str(caught.value) and caught.value.remedy


def test_no_file_and_no_symbol_are_told(tmp_path):
    with pytest.raises(NotFound, match="no file"):
        read_prices(tmp_path / "none.csv")
    with pytest.raises(NotFound, match=r"no prices of 'C'.*A, B"):
        read_prices(written(tmp_path, GOOD), ["C"])
    assert read_prices(written(tmp_path, GOOD), ["B"]).symbols == ("B",)


def test_prices_outside_low_and_high_are_remarked(tmp_path):
    text = "date,symbol,close,open,high,low\n2020-01-02,A,10,41,42,39\n2020-01-03,A,10,10,10,10\n"
    (remark,) = read_prices(written(tmp_path, text)).remarks
    assert "on 1 days, first 2020-01-02" in remark and "adjusted" in remark


@pytest.mark.parametrize("form", ["text", "day", "moment", "zoned"])
def test_parquet_says_the_same_as_csv(tmp_path, form):
    import pyarrow
    import pyarrow.parquet

    days = [datetime.date(2020, 1, 3), datetime.date(2020, 1, 2)]
    zone = datetime.timezone(datetime.timedelta(hours=-5))
    dates = {
        "text": [str(day) for day in days],
        "day": days,
        "moment": [datetime.datetime.combine(day, datetime.time()) for day in days],
        "zoned": [datetime.datetime.combine(day, datetime.time(), zone) for day in days],
    }[form]
    column = pyarrow.array(dates, pyarrow.timestamp("ns", "-05:00") if form == "zoned" else None)
    table = {"Date": column, "symbol": ["A", "A"], "close": [11.0, 10.0], "open": [None, 9.5]}
    pyarrow.parquet.write_table(pyarrow.table(table), tmp_path / "prices.bin")
    read = read_prices(tmp_path / "prices.bin").of("A")
    assert read.close.tolist() == [10, 11] and read.dates.tolist() == days[::-1]
    assert read.open[0] == 9.5 and np.isnan(read.open[1])


def test_a_fault_in_parquet_is_named_with_its_row(tmp_path):
    import pyarrow
    import pyarrow.parquet

    table = {"date": ["2020-01-02"] * 2, "symbol": ["A", "B"], "close": [1.0, None]}
    pyarrow.parquet.write_table(pyarrow.table(table), tmp_path / "p.parquet")
    with pytest.raises(FormatError, match=r"p.parquet, row 2: the close of B is missing"):
        read_prices(tmp_path / "p.parquet")
    pyarrow.parquet.write_table(pyarrow.table({"date": ["2020-01-02"]}), tmp_path / "p.parquet")
    with pytest.raises(FormatError, match="the column `symbol`, `close` is missing"):
        read_prices(tmp_path / "p.parquet")
