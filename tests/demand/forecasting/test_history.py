"""What a frame or a file may hold, and what is said of it."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from demand.forecasting import InputError, forecast, forecast_report
from demand.forecasting.commands import main
from demand.forecasting.history import month_number, to_matrix
from tests.demand.forecasting.series import seasonal

MARCH = 2024 * 12 + 2


def frame(*rows):
    return pd.DataFrame(rows, columns=["series", "month", "quantity"])


def quantities(read):
    """Quantities of the first series, oldest first."""
    return read.quantities[0].tolist()


def two_products(months=30):
    names = pd.period_range("2022-01", periods=months, freq="M").astype(str)
    values = seasonal(2, months)
    return pd.concat(
        [
            pd.DataFrame({"series": s, "month": names, "quantity": v})
            for s, v in zip("AB", values, strict=True)
        ]
    )


@pytest.mark.parametrize(
    "written",
    ["2024-03", "2024-3", "2024/03", dt.date(2024, 3, 31), pd.Timestamp("2024-03-05"), pd.Period("2024-03")],
)
def test_months_may_be_written_in_several_ways(written):
    assert month_number(written) == MARCH


@pytest.mark.parametrize(
    "written", ["", "nan", None, pd.NaT, "2024", "2024-13", "202403", "March 24", "now", 5]
)
def test_what_is_no_month_is_not_taken_for_one(written):
    assert month_number(written) == -1


class TestProblems:
    def problem(self, *rows):
        read = to_matrix(frame(*rows))
        return str(read.problems[0]), read

    def test_text_instead_of_a_quantity(self):
        said, read = self.problem(("A", "2024-01", "5"), ("A", "2024-02", "five"), ("A", "2024-03", "6"))
        assert said == "Row 3, column quantity: 'five' is no quantity; the month counts as missing"
        assert quantities(read) == [5, 0, 6]

    def test_a_month_that_does_not_exist(self):
        said, _ = self.problem(("A", "2024-13", 5))
        assert said.startswith("Row 2, column month: '2024-13' is no month; write it as YYYY-MM.")

    def test_the_same_month_twice_is_added_and_told(self):
        said, read = self.problem(("A", "2024-01", 5), ("A", "2024-01", 7))
        assert "Row 3" in said
        assert "row 2 gives the same series and month; the quantities were added" in said
        assert quantities(read) == [12]

    def test_a_row_without_a_series(self):
        said, read = self.problem(("", "2024-01", 5), ("A", "2024-01", 5))
        assert said.startswith("Row 2, column series")
        assert read.names == ["A"]

    def test_a_quantity_beyond_all_reason(self):
        said, _ = self.problem(("A", "2024-01", "1e300"))
        assert "'1e300' is no quantity" in said

    def test_a_missing_column_is_an_error(self):
        with pytest.raises(InputError, match="Column quantity is missing"):
            to_matrix(pd.DataFrame({"series": ["A"], "month": ["2024-01"]}))


class TestGaps:
    def test_a_few_missing_months_are_unknown(self):
        read = to_matrix(frame(*(("A", f"2024-{m:02}", 5) for m in range(1, 13) if m != 6)))
        assert np.isnan(quantities(read)[5])

    def test_a_series_that_mostly_has_no_row_sold_nothing_then(self):
        read = to_matrix(frame(("A", "2024-01", 5), ("A", "2024-06", 3), ("A", "2024-12", 4)))
        assert quantities(read) == [5, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 4]


class TestForecast:
    def test_columns_rows_and_months(self):
        made = forecast(two_products(), 18)
        assert list(made.columns) == [
            "series", "month", "mean", "lo95", "lo80", "lo50", "hi50", "hi80", "hi95", "method",
        ]  # fmt: skip
        assert len(made) == 36
        assert made["month"].iloc[0] == pd.Timestamp("2024-07-01")
        assert made["month"].iloc[17] == pd.Timestamp("2025-12-01")
        assert set(made.attrs["explanations"]) == {"A", "B"}

    def test_each_series_goes_on_after_its_own_last_month(self):
        history = two_products()
        made = forecast(history[~((history.series == "B") & (history.month > "2023-12"))], 3)
        assert made.groupby("series")["month"].min().tolist() == [
            pd.Timestamp("2024-07-01"),
            pd.Timestamp("2024-01-01"),
        ]

    def test_every_series_is_present_even_without_one_good_row(self):
        made = forecast_report(pd.concat([two_products(), frame(("C", "soon", "many"))]), 2)
        assert made.series["kind"].tolist()[-1] == "no history"
        assert made.forecast[made.forecast.series == "C"]["mean"].tolist() == [0, 0]

    def test_the_frame_is_not_changed(self):
        history = two_products()
        before = history.copy()
        forecast(history, 3)
        pd.testing.assert_frame_equal(history, before)

    def test_repairs_are_listed_with_series_and_month(self):
        history = two_products(48).reset_index(drop=True)
        history.loc[20, "quantity"] *= 6
        repairs = forecast_report(history, 3).repairs
        assert repairs[["series", "month", "cause"]].to_numpy().tolist() == [
            ["A", pd.Timestamp("2023-09-01"), "outlier"]
        ]

    def test_columns_for_family_and_marks_are_used_where_they_are(self):
        history = two_products(48).reset_index(drop=True)
        history["family"] = "juice"
        history["stock_out"] = ""
        history["promotion"] = False
        history.loc[[20, 30], "quantity"] *= [0.1, 3]
        history.loc[20, "stock_out"] = "x"
        history.loc[30, "promotion"] = True
        repairs = forecast_report(history, 3, outliers=False).repairs
        assert repairs["cause"].tolist() == ["stock-out", "past promotion"]
        assert to_matrix(history).families == ["juice", "juice"]

    def test_a_calendar_of_working_days_may_be_given_and_may_have_gaps(self):
        days = {"2022-01": 21, "2022-02": 20, "2024-07": 23}
        assert len(forecast(two_products(), 3, working_days=days)) == 6

    def test_months_of_the_dark_ages_do_not_cost_memory(self):
        read = to_matrix(pd.concat([two_products(), frame(("A", "1901-01", 7))]))
        assert read.quantities.shape == (2, 360)
        assert np.isnan(read.quantities[1, 0])

    def test_an_empty_frame_is_an_empty_forecast(self):
        assert forecast(frame(), 6).empty


class TestCommands:
    @pytest.fixture
    def history(self, tmp_path):
        path = tmp_path / "history.csv"
        two_products(60).to_csv(path, index=False)
        return path

    def test_forecast_writes_every_series(self, history, tmp_path, capsys):
        out = tmp_path / "forecast.csv"
        assert main(["forecast", str(history), "--horizon", "18", "--output", str(out)]) == 0
        written = pd.read_csv(out)
        assert len(written) == 36
        assert written["month"].iloc[0] == "2027-01"
        assert "2 series" in capsys.readouterr().out

    def test_explanations_and_repairs_can_be_had(self, history, tmp_path):
        told, mended = tmp_path / "told.csv", tmp_path / "mended.csv"
        arguments = [
            "--output",
            str(tmp_path / "f.csv"),
            "--explanations",
            str(told),
            "--repairs",
            str(mended),
        ]
        assert main(["forecast", str(history), *arguments]) == 0
        assert len(pd.read_csv(told)) == 2
        assert list(pd.read_csv(mended).columns) == ["series", "month", "recorded", "used", "cause"]

    def test_backtest_prints_every_measure_beside_the_naive_ones(self, history, capsys):
        assert main(["backtest", str(history), "--horizon", "12", "--origins", "2"]) == 0
        printed = capsys.readouterr().out
        for word in (
            "WAPE",
            "bias",
            "sMAPE",
            "MASE",
            "OWA",
            "in 95 %",
            "seasonal naive",
            "Naive2",
            "regular",
        ):
            assert word in printed

    def test_a_calendar_of_working_days_can_be_given(self, history, tmp_path, capsys):
        calendar = tmp_path / "days.csv"
        arguments = [
            "forecast",
            str(history),
            "--output",
            str(tmp_path / "f.csv"),
            "--working-days",
            str(calendar),
        ]
        calendar.write_text("month,days\n2022-01,21\n2027-01,19\n")
        assert main(arguments) == 0
        calendar.write_text("month,days\n2022-01,many\n")
        assert main(arguments) == 2
        calendar.write_text("month\n2022-01\n")
        assert main(arguments) == 2
        assert "needs the columns month and days" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("series,month\nA,2024-01\n", "Column quantity is missing"),
            ("", "cannot be read"),
            (None, "cannot be read"),
        ],
    )
    def test_a_file_of_no_use_is_refused_in_words(self, tmp_path, capsys, text, said):
        path = tmp_path / "wrong.csv"
        if text is not None:
            path.write_text(text)
        assert main(["forecast", str(path), "--output", str(tmp_path / "f.csv")]) == 2
        assert said in capsys.readouterr().err

    def test_a_history_too_short_to_test_is_said_to_be(self, tmp_path, capsys):
        path = tmp_path / "short.csv"
        two_products(14).to_csv(path, index=False)
        assert main(["backtest", str(path)]) == 2
        assert "No series has 12 months" in capsys.readouterr().err

    def test_wrong_rows_are_warned_of_and_left_out(self, history, tmp_path, capsys):
        history.write_text(history.read_text() + "A,2026-13,5\n")
        assert main(["forecast", str(history), "--output", str(tmp_path / "f.csv")]) == 0
        assert "warning: Row 122, column month" in capsys.readouterr().err
