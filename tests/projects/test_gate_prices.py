"""The price table of the province: kept with versions and reasons, read by every officer."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.audit.queries import list_history
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Forbidden, InvalidInput, NotFound, StaleVersion
from matchplatform.projects.prices import (
    PriceDetails,
    add_price,
    edit_price,
    find_price,
    get_price,
    list_prices,
    list_usual_prices,
    remove_price,
)
from matchplatform.projects.prices_models import PriceTableRow
from tests.factories import actor_for, make_auditor, make_officer, sign_in
from tests.projects.test_views import text_of

pytestmark = pytest.mark.usefixtures("db_session")
QUILT = PriceDetails("棉被", "床", Decimal("80"), Decimal("260"), "三县询价", date(2020, 5, 1))
PROVINCE = "13"


def added(details: PriceDetails = QUILT) -> PriceTableRow:
    row = add_price(actor=actor_for(make_officer(PROVINCE)), details=details)
    db.session.commit()
    return row


class TestAdd:
    def test_it_is_read_by_the_gate(self) -> None:
        row = added(replace(QUILT, item=" 棉被 "))
        assert [(one.item, one.low, one.high) for one in list_usual_prices()] == [
            ("棉被", Decimal(80), Decimal(260))
        ]
        assert list_history("price", str(row.id))[0].action == "price.add"

    @pytest.mark.parametrize("region", ["130722", "1307", "11", "12"])
    def test_only_the_province_keeps_it(self, region: str) -> None:
        with pytest.raises(Forbidden):
            add_price(actor=actor_for(make_officer(region)), details=QUILT)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"item": " "}, "item"),
            ({"unit": "一二三四五六七八九十床"}, "unit"),
            ({"low": None}, "low"),
            ({"low": Decimal(0)}, "low"),
            ({"high": Decimal("1.234")}, "high"),
            ({"high": Decimal(79)}, "high"),
            ({"source": ""}, "source"),
            ({"as_of": None}, "as_of"),
            ({"as_of": clock.today() + timedelta(days=2)}, "as_of"),
        ],
    )
    def test_what_is_wrong_is_said_at_the_field(
        self, changes: dict[str, object], field: str
    ) -> None:
        with pytest.raises(InvalidInput) as refused:
            added(replace(QUILT, **changes))  # type: ignore[arg-type]
        assert set(refused.value.fields) == {field}

    def test_a_thing_stands_once(self) -> None:
        added()
        with pytest.raises(InvalidInput) as refused:
            added()
        assert set(refused.value.fields) == {"item"}
        added(replace(QUILT, unit="套"))


class TestEdit:
    def test_it_changes_a_row(self) -> None:
        row = added()
        edit_price(
            actor=actor_for(make_officer(PROVINCE)),
            row=row,
            version=row.version,
            details=replace(QUILT, high=Decimal(300)),
        )
        db.session.commit()
        assert get_price(row.id).high == 300

    def test_a_stale_page_is_refused(self) -> None:
        row = added()
        with pytest.raises(StaleVersion):
            edit_price(actor=actor_for(make_officer(PROVINCE)), row=row, version=9, details=QUILT)

    def test_it_does_not_become_another_row(self) -> None:
        added()
        row = added(replace(QUILT, unit="套"))
        with pytest.raises(InvalidInput):
            edit_price(
                actor=actor_for(make_officer(PROVINCE)),
                row=row,
                version=row.version,
                details=QUILT,
            )


class TestRemove:
    def test_it_stays_in_the_books_and_may_come_again(self) -> None:
        row = added()
        actor = actor_for(make_officer(PROVINCE))
        with pytest.raises(InvalidInput):
            remove_price(actor=actor, row=row, version=row.version, reason="")
        db.session.rollback()
        remove_price(actor=actor, row=row, version=row.version, reason="早就不是这个价了")
        db.session.commit()
        assert find_price("棉被", "床") is None
        assert list_usual_prices() == ()
        with pytest.raises(NotFound):
            get_price(row.id)
        added()
        assert len(db.session.scalars(select(PriceTableRow)).all()) == 2


class TestPages:
    def typed(self, **changes: str) -> dict[str, str]:
        typed = {
            "item": "棉被", "unit": "床", "low": "80", "high": "260", "source": "三县询价",
            "as_of": "2020-05-01",
        }  # fmt: skip
        return {**typed, **changes}

    def test_the_province_adds_changes_and_removes(self, client: FlaskClient) -> None:
        sign_in(client, make_officer(PROVINCE))
        assert "还是空的" in text_of(client.get("/desk/prices"))
        assert client.get("/desk/prices/new").status_code == 200
        assert client.post("/desk/prices/new", data=self.typed()).status_code == 303
        row = list_prices("", 1).items[0]
        row_id, here = row.id, f"/desk/prices/{row.id}"
        assert "棉被" in text_of(client.get(here))
        version = str(row.version)
        answer = client.post(here, data=self.typed(high="300", version=version))
        assert answer.status_code == 303
        page = text_of(client.get("/desk/prices?q=棉"))
        assert "300" in page
        assert "没有这样的物品" in text_of(client.get("/desk/prices?q=拖拉机"))
        stale = client.post(here, data=self.typed(version=version, high="777"))
        assert stale.status_code == 409
        assert "777" in text_of(stale)
        db.session.remove()
        version = str(get_price(row_id).version)
        refused = client.post(f"{here}/remove", data={"version": version, "reason": "旧"})
        assert refused.status_code == 400
        gone = client.post(f"{here}/remove", data={"version": version, "reason": "价格早变了"})
        assert gone.status_code == 303
        assert client.get(here).status_code == 404

    def test_what_was_typed_stays(self, client: FlaskClient) -> None:
        sign_in(client, make_officer(PROVINCE))
        answer = client.post("/desk/prices/new", data=self.typed(low="很便宜"))
        assert answer.status_code == 400
        assert "很便宜" in text_of(answer)
        answer = client.post("/desk/prices/new", data=self.typed(low="900"))
        assert answer.status_code == 400
        assert "不能低于" in text_of(answer)

    def test_others_read_it_and_keep_their_hands_off(self, client: FlaskClient) -> None:
        row = added()
        for user in (make_officer(), make_officer("1307"), make_officer("11"), make_auditor()):
            sign_in(client, user)
            page = text_of(client.get("/desk/prices"))
            assert "棉被" in page
            assert "加一行" not in page
            assert client.get("/desk/prices/new").status_code == 403
            assert client.post(f"/desk/prices/{row.id}", data=self.typed()).status_code == 403
            removed = client.post(f"/desk/prices/{row.id}/remove", data={"reason": "价格变了"})
            assert removed.status_code == 403
