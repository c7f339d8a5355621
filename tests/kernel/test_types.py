"""The exact column types, in memory and through SQLite."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, TypeDecorator, create_engine, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError

from matchplatform.kernel.db import Money, Quantity, UtcDateTime

DIALECT = sqlite.dialect()


class TestMoney:
    @given(st.decimals(-(10**10), 10**10, places=2, allow_nan=False, allow_infinity=False))
    def test_yuan_survive_as_fen(self, yuan: Decimal) -> None:
        kept = Money().process_bind_param(yuan, DIALECT)
        assert isinstance(kept, int)
        assert Money().process_result_value(kept, DIALECT) == yuan

    def test_nothing_stays_nothing(self) -> None:
        for kind in (Money(), Quantity(), UtcDateTime()):
            assert kind.process_bind_param(None, DIALECT) is None
            assert kind.process_result_value(None, DIALECT) is None

    def test_a_float_is_refused(self) -> None:
        with pytest.raises(TypeError):
            Money().process_bind_param(0.1, DIALECT)  # type: ignore[arg-type]


class TestQuantity:
    @given(st.decimals(0, 10**12, places=3, allow_nan=False, allow_infinity=False))
    def test_thousandths_survive(self, quantity: Decimal) -> None:
        kept = Quantity().process_bind_param(quantity, DIALECT)
        assert isinstance(kept, int)
        assert Quantity().process_result_value(kept, DIALECT) == quantity

    @pytest.mark.parametrize("value", ["0.0005", "1.0001", "3.1415926"])
    def test_what_thousandths_cannot_say_is_refused(self, value: str) -> None:
        with pytest.raises(ValueError, match="thousandths"):
            Quantity().process_bind_param(Decimal(value), DIALECT)

    def test_a_float_is_refused(self) -> None:
        with pytest.raises(TypeError):
            Quantity().process_bind_param(0.5, DIALECT)  # type: ignore[arg-type]


class TestUtcDateTime:
    def test_a_naive_moment_is_refused(self) -> None:
        with pytest.raises(ValueError, match="naive"):
            UtcDateTime().process_bind_param(datetime(2020, 1, 1), DIALECT)  # noqa: DTZ001

    def test_other_zones_become_utc(self) -> None:
        at = datetime(2020, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))
        kept = UtcDateTime().process_bind_param(at, DIALECT)
        assert kept == datetime(2020, 1, 1, tzinfo=UTC)
        assert kept is not None
        assert kept.utcoffset() == timedelta(0)

    def test_a_naive_answer_gets_its_zone_back(self) -> None:
        naive = datetime(2020, 1, 1)  # noqa: DTZ001
        assert UtcDateTime().process_result_value(naive, DIALECT) == datetime(
            2020, 1, 1, tzinfo=UTC
        )


class TestThroughSqlite:
    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            (Money(), Decimal("12345678.91")),
            (Quantity(), Decimal("0.001")),
            (UtcDateTime(), datetime(2020, 1, 1, 2, 3, 4, 567, tzinfo=UTC)),
        ],
    )
    def test_what_is_kept_comes_back(self, kind: TypeDecorator[Any], value: object) -> None:
        table = Table(
            "kept", MetaData(), Column("id", Integer, primary_key=True), Column("it", kind)
        )
        engine = create_engine("sqlite://")
        with engine.begin() as connection:
            table.create(connection)
            connection.execute(table.insert().values(id=1, it=value))
            assert connection.scalar(select(table.c.it)) == value
        engine.dispose()

    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            (Money(), 0.1),
            (Quantity(), 0.5),
            (Quantity(), Decimal("0.0001")),
            (UtcDateTime(), datetime(2020, 1, 1)),  # noqa: DTZ001
        ],
    )
    def test_what_is_inexact_never_reaches_it(
        self, kind: TypeDecorator[Any], value: object
    ) -> None:
        table = Table(
            "kept", MetaData(), Column("id", Integer, primary_key=True), Column("it", kind)
        )
        engine = create_engine("sqlite://")
        with engine.begin() as connection:
            table.create(connection)
            with pytest.raises((StatementError, TypeError, ValueError)):
                connection.execute(table.insert().values(id=1, it=value))
        engine.dispose()
