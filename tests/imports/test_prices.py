"""The price table of the province, brought in."""

from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.imports.states import ImportKind, RowState
from matchplatform.kernel.db import db
from matchplatform.projects.prices import PriceDetails, edit_price, find_price
from matchplatform.projects.prices_models import PriceTableRow
from tests.factories import actor_for, make_officer
from tests.imports.conftest import Desk, desk_of, rows_of, said

KIND = ImportKind.PRICES
QUILT = {
    "item": "冬季被褥三件套",
    "unit": "套",
    "low": "180",
    "high": "3.2百",
    "source": "政府采购网",
    "as_of": "20200530",
}
GOOD = {**QUILT, "high": "320"}


@pytest.fixture
def province(client: FlaskClient) -> Desk:
    return desk_of(client, make_officer("13"))


def kept() -> list[PriceTableRow]:
    return list(db.session.scalars(select(PriceTableRow).order_by(PriceTableRow.id)))


class TestPrices:
    def test_they_are_added(self, province: Desk) -> None:
        province.bring_in(KIND, [GOOD])
        (row,) = kept()
        assert (row.item, row.low, row.high) == ("冬季被褥三件套", Decimal(180), Decimal(320))

    def test_the_same_file_twice_changes_nothing(self, province: Desk) -> None:
        province.bring_in(KIND, [GOOD])
        assert province.preview(KIND, [GOOD]).counts == {"unchanged": 1}

    def test_a_change_is_shown_and_written(self, province: Desk) -> None:
        province.bring_in(KIND, [GOOD])
        found = province.preview(KIND, [{**GOOD, "high": "350"}])
        assert rows_of(found)[0].changes == [["最高价（元）", "320", "350"]]
        province.say_yes(found)
        province.work()
        assert kept()[0].high == Decimal(350)

    def test_one_that_was_overtaken_is_refused(self, province: Desk) -> None:
        province.bring_in(KIND, [GOOD])
        found = province.preview(KIND, [{**GOOD, "high": "350"}])
        row = find_price("冬季被褥三件套", "套")
        assert row is not None
        details = PriceDetails(row.item, row.unit, row.low, Decimal(330), row.source, row.as_of)
        actor = actor_for(province.officer)
        edit_price(actor=actor, row=row, version=row.version, details=details)
        db.session.commit()
        province.say_yes(found)
        province.work()
        assert rows_of(found)[0].status is RowState.REFUSED
        assert kept()[0].high == Decimal(330)

    def test_what_cannot_be_is_named(self, province: Desk) -> None:
        found = province.preview(KIND, [QUILT, {**GOOD, "unit": "条", "low": "400"}])
        assert "看不懂" in said(found)[0]
        assert "最高价不能低于最低价" in said(found)[1]

    def test_a_county_does_not_keep_them(self, desk: Desk) -> None:
        assert desk.client.get(f"/desk/imports/new/{KIND}").status_code == 404
