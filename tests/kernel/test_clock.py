"""The one clock: UTC inside, Shanghai days outside."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from matchplatform.kernel import clock


class TestNow:
    def test_it_is_aware_and_utc(self) -> None:
        assert clock.now().utcoffset() == timedelta(0)

    def test_a_set_clock_stands_still_and_goes_back_to_real_time(self) -> None:
        at = datetime(2020, 3, 1, 12, tzinfo=UTC)
        with clock.set_clock(at):
            assert clock.now() == clock.now() == at
        assert clock.now() > at

    def test_set_clocks_nest(self) -> None:
        outer, inner = datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
        with clock.set_clock(outer):
            with clock.set_clock(inner):
                assert clock.now() == inner
            assert clock.now() == outer

    def test_a_set_clock_in_another_zone_is_turned_into_utc(self) -> None:
        at = datetime(2020, 3, 1, 8, tzinfo=timezone(timedelta(hours=8)))
        with clock.set_clock(at):
            assert clock.now().utcoffset() == timedelta(0)
            assert clock.now() == datetime(2020, 3, 1, tzinfo=UTC)


class TestToday:
    @pytest.mark.parametrize(
        ("moment", "day"),
        [
            (datetime(2020, 3, 1, 15, 59, 59, tzinfo=UTC), date(2020, 3, 1)),
            (datetime(2020, 3, 1, 16, 0, 0, tzinfo=UTC), date(2020, 3, 2)),
            (datetime(2019, 12, 31, 16, 0, 0, tzinfo=UTC), date(2020, 1, 1)),
            (datetime(2020, 2, 28, 16, 0, 0, tzinfo=UTC), date(2020, 2, 29)),
        ],
    )
    def test_a_day_begins_at_midnight_in_shanghai(self, moment: datetime, day: date) -> None:
        with clock.set_clock(moment):
            assert clock.today() == day


class TestEndOfDay:
    def test_it_is_24_00_in_shanghai(self) -> None:
        assert clock.end_of_day(date(2020, 3, 1)) == datetime(2020, 3, 1, 16, tzinfo=UTC)

    def test_every_day_of_years_has_24_hours(self) -> None:
        day = date(2018, 1, 1)
        ends = [clock.end_of_day(day + timedelta(days=n)) for n in range(3 * 366)]
        assert {after - before for before, after in zip(ends, ends[1:], strict=False)} == {
            timedelta(days=1)
        }
        assert {end.utcoffset() for end in ends} == {timedelta(0)}

    def test_its_last_moment_is_still_that_day(self) -> None:
        day = date(2020, 12, 31)
        with clock.set_clock(clock.end_of_day(day) - clock.A_MOMENT):
            assert clock.today() == day
        with clock.set_clock(clock.end_of_day(day)):
            assert clock.today() == date(2021, 1, 1)
