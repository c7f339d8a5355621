"""Registering, correcting, verifying."""

import re
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from matchplatform.accounts.models import User
from matchplatform.accounts.queries import find_user
from matchplatform.audit.models import AuditEntry
from matchplatform.kernel.db import db
from matchplatform.kernel.idempotency import IdempotencyKey, hash_body
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.queries import find_by_uscc
from matchplatform.organisations.services import return_organisation
from matchplatform.organisations.states import OrganisationState
from matchplatform.seeding.uscc import make_uscc
from tests.accounts.test_sign_in import send
from tests.factories import (
    PASSWORD,
    actor_for,
    make_admin,
    make_auditor,
    make_officer,
    make_organisation,
    sign_in,
)

USCC = make_uscc("53", "130700", 4321)
FORM: dict[str, Any] = {
    "name": "张家口市坝上助学基金会",
    "org_type": "foundation",
    "uscc": USCC,
    "registration_authority": "张家口市行政审批局",
    "registration_region": "130700",
    "supervising_body": "张家口市教育局",
    "legal_rep": "周广元",
    "business_scope": "资助坝上乡村学校改善住宿、取暖和饮水条件，捐赠图书和被褥。",
    "mission": "让坝上寄宿的孩子冬天有热水、有人陪，读得上书，走得出山。",
    "focus_sectors": ["education", "care"],
    "annual_budget": "１，８６０．５",
    "grade": "3A",
    "is_charity": "y",
    "display_name": "吴丽娟",
    "username": "wulijuan",
    "password": PASSWORD,
    "again": PASSWORD,
}


def register(client: FlaskClient, **changes: Any) -> tuple[int, str]:
    """Send the registration form; return the status and where it leads, or the page."""
    answer = client.post("/register", data={**FORM, **changes})
    return answer.status_code, answer.location or answer.text


def _sent() -> list[tuple[str, str]]:
    return [
        (name, part)
        for name, value in FORM.items()
        for part in (value if isinstance(value, list) else [value])
    ]


class TestRegister:
    def test_the_page_is_open_to_everybody(self, client: FlaskClient) -> None:
        page = client.get("/register").text
        for words in ("张家口市", "民政部", "扶老助残救孤", "照章程抄写"):
            assert words in page

    def test_it_waits_for_verification_and_its_agent_can_sign_in(self, client: FlaskClient) -> None:
        officer = make_officer("1307").id
        assert register(client) == (303, "/sign-in")
        assert "等待张家口市行政审批局核验" in client.get("/sign-in").text
        organisation = find_by_uscc(USCC)
        assert organisation is not None
        assert organisation.status is OrganisationState.PENDING
        assert organisation.annual_budget == Decimal("18605000.00")
        assert organisation.focus_sectors == ["care", "education"]
        assert (organisation.grade, organisation.is_charity) == ("3A", True)
        assert organisation.can_fundraise_publicly is False
        told = db.session.scalars(select(OutboxEntry)).one().payload
        assert told["user_ids"] == [officer]
        assert send(client, "wulijuan") == (303, "/my")
        assert FORM["name"] in client.get("/my/organisation").text

    def test_the_same_form_sent_twice_registers_once_and_is_answered_alike(
        self, client: FlaskClient
    ) -> None:
        found = re.search(r'name="form_key" value="([^"]+)"', client.get("/register").text)
        assert found is not None
        key = found[1]
        assert register(client, form_key=key) == (303, "/sign-in")
        assert register(client, form_key=key) == (303, "/sign-in")
        assert "登记已经提交过了" in client.get("/sign-in").text
        assert db.session.scalar(select(func.count()).select_from(Organisation)) == 1
        spent = db.session.get_one(IdempotencyKey, (key, "visitor"))
        others = [(name, value) for name, value in _sent() if name not in ("password", "again")]
        assert spent.body_hash == hash_body([("path", "/register"), *others])

    def test_the_same_key_with_other_words_comes_back_with_a_fresh_one(
        self, client: FlaskClient
    ) -> None:
        register(client, form_key="k" * 24)
        status, page = register(client, form_key="k" * 24, name="张家口市坝上助老基金会")
        assert status == 422
        assert "没有办成" in page
        assert "张家口市坝上助老基金会" in page
        assert "k" * 24 not in page

    def test_a_body_of_the_ministry_waits_for_the_province(self, client: FlaskClient) -> None:
        register(client, registration_region="100000", registration_authority="民政部",
                 uscc=make_uscc("53", "100000", 77))  # fmt: skip
        assert "等待河北省民政厅核验" in client.get("/sign-in").text

    @pytest.mark.parametrize(
        ("typed", "yuan"),
        [("120", "1200000"), ("0", "0"), ("1,234.56", "12345600"), ("120万", "1200000"),
         ("120 万元", "1200000"), ("1860000元", "1860000"), ("1.2亿", "120000000"), ("12.3", "123000")],
    )  # fmt: skip
    def test_the_budget_is_read_as_people_type_it(
        self, client: FlaskClient, typed: str, yuan: str
    ) -> None:
        assert register(client, annual_budget=typed)[0] == 303
        organisation = find_by_uscc(USCC)
        assert organisation is not None
        assert organisation.annual_budget == Decimal(yuan)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"name": ""}, "请填这一项"),
            ({"name": "协会"}, "请填证书上的全称"),
            ({"name": "长" * 81}, "最多 80 个字"),
            ({"org_type": ""}, "请选组织类型"),
            ({"org_type": "party"}, "请选组织类型"),
            ({"org_type": "service_org"}, "社会服务机构的代码以 52 开头"),
            ({"uscc": ""}, "请填这一项"),
            ({"uscc": USCC[:17]}, "您填了 17 位"),
            ({"uscc": USCC[:17] + ("0" if USCC[17] != "0" else "1")}, "校验码对不上"),
            ({"uscc": "O" + USCC[1:]}, "代码里不会有 O"),
            ({"registration_region": ""}, "请选登记管理机关所在的地区"),
            ({"registration_region": "999999"}, "请从列表里选一个地区"),
            ({"registration_region": "310000"}, "请从列表里选一个地区"),
            ({"business_scope": "助学"}, "至少 20 个字"),
            ({"mission": "助学"}, "至少 20 个字"),
            ({"focus_sectors": []}, "请至少选一个方向"),
            ({"focus_sectors": ["war"]}, "请从列表里选"),
            ({"annual_budget": "很多"}, "不是能读懂的数"),
            ({"annual_budget": "-5"}, "不是能读懂的数"),
            ({"annual_budget": "1.234"}, "最多两位小数"),
            ({"annual_budget": "999999999999"}, "最多两位小数"),
            ({"grade": "6A"}, "请从列表里选"),
            ({"username": "吴"}, "3 到 32 个小写字母"),
            ({"password": "password12345", "again": "password12345"}, "太常见"),
            ({"password": "短", "again": "短"}, "12 到 128 个字符"),
            ({"again": "另一个密码，不一样的"}, "两次输入的密码不一样"),
        ],
    )
    def test_it_says_what_is_wrong_and_loses_nothing_but_the_password(
        self, client: FlaskClient, changes: dict[str, Any], words: str
    ) -> None:
        status, page = register(client, **changes)
        assert status == 400
        assert words in page
        assert "Not a valid" not in page
        assert "not a valid" not in page
        assert PASSWORD not in page
        kept = {**FORM, **changes}
        for name in ("name", "uscc", "legal_rep", "business_scope", "username", "annual_budget"):
            assert str(kept[name]) in page
        assert db.session.scalar(select(func.count()).select_from(Organisation)) == 0
        assert find_user("wulijuan") is None

    def test_a_code_that_is_taken_is_said_at_the_code(self, client: FlaskClient) -> None:
        register(client)
        status, page = register(client, username="other")
        assert status == 400
        assert "这个代码已经登记过" in page

    def test_a_name_that_is_taken_is_said_at_the_name(self, client: FlaskClient) -> None:
        register(client)
        status, page = register(client, uscc=make_uscc("53", "130700", 99), username="WuLiJuan")
        assert status == 400
        assert "这个用户名已经有人用了" in page

    def test_the_code_may_be_typed_in_any_width_and_case(self, client: FlaskClient) -> None:
        assert register(client, uscc=f" {USCC[:6].lower()} {USCC[6:]} ")[0] == 303
        assert find_by_uscc(USCC) is not None

    def test_extra_fields_change_nothing(self, client: FlaskClient) -> None:
        register(client, status="verified", verified_at="2020-01-01", verified="1", role="admin",
                 is_signer="", region_prefix="13", version="9", id="77")  # fmt: skip
        organisation, user = find_by_uscc(USCC), find_user("wulijuan")
        assert organisation is not None
        assert user is not None
        assert (organisation.status, organisation.verified_at) == (OrganisationState.PENDING, None)
        assert (user.role, user.region_prefix) == ("agent", "")


class TestMine:
    def test_a_verified_organisation_reads_its_papers(self, client: FlaskClient) -> None:
        organisation, agent = make_organisation()
        uscc = organisation.uscc
        sign_in(client, agent)
        page = client.get("/my/organisation").text
        assert "已核验" in page
        assert uscc in page
        assert 'name="business_scope"' not in page

    def test_what_was_returned_is_corrected_and_sent_again(self, client: FlaskClient) -> None:
        organisation_id = returned(client, "业务范围请照章程抄全。")
        page = client.get("/my/organisation").text
        assert "业务范围请照章程抄全。" in page
        answer = resubmit(client, version_in(page), mission="改过的宗旨：" + FORM["mission"])
        assert answer[0] == 303
        organisation = db.session.get_one(Organisation, organisation_id)
        assert organisation.status is OrganisationState.PENDING
        assert organisation.mission.startswith("改过的宗旨")
        db.session.rollback()
        assert "等待北京市民政局核验" in client.get("/my/organisation").text

    def test_what_is_wrong_is_said_and_nothing_is_lost(self, client: FlaskClient) -> None:
        organisation_id = returned(client)
        version = version_in(client.get("/my/organisation").text)
        status, page = resubmit(
            client, version, business_scope="太短", mission="我写了半天的宗旨" * 4
        )
        assert status == 400
        assert "至少 20 个字" in page
        assert "我写了半天的宗旨" in page
        assert status_of(organisation_id) is OrganisationState.RETURNED

    def test_a_type_that_does_not_fit_the_code_is_refused(self, client: FlaskClient) -> None:
        returned(client)
        version = version_in(client.get("/my/organisation").text)
        status, page = resubmit(client, version, org_type="service_org")
        assert status == 400
        assert "社会服务机构的代码以 52 开头" in page

    def test_a_stale_page_shows_both_and_a_fresh_version(self, client: FlaskClient) -> None:
        organisation_id = returned(client)
        version = version_in(client.get("/my/organisation").text)
        status, page = resubmit(client, version - 1, mission="我写了半天的宗旨" * 4)
        assert status == 409
        assert "我写了半天的宗旨" in page
        assert "已保存的登记资料" in page
        assert version_in(page) == version
        assert status_of(organisation_id) is OrganisationState.RETURNED
        assert resubmit(client, version_in(page))[0] == 303

    def test_what_was_overtaken_is_not_lost(self, client: FlaskClient) -> None:
        returned(client)
        version = version_in(client.get("/my/organisation").text)
        assert resubmit(client, version)[0] == 303
        status, page = resubmit(client, version, mission="另一个人写的宗旨" * 4)
        assert status == 409
        assert "另一个人写的宗旨" in page

    def test_nobody_else_has_one(self, client: FlaskClient) -> None:
        ids = [user.id for user in (make_officer(), make_admin(), make_auditor())]
        for user_id in ids:
            sign_in(client, db.session.get_one(User, user_id))
            assert client.get("/my/organisation").status_code == 403
            assert resubmit(client, 1)[0] == 403


class TestDesk:
    def test_only_those_registered_here_are_listed(self, client: FlaskClient) -> None:
        make_organisation(region="110000", name="北京来的基金会")
        make_organisation(region="130722", name="张北县的基金会", verified=False)
        make_organisation(region="100000", name="全国性的基金会", verified=False)
        seen = {}
        ids = {prefix: make_officer(prefix).id for prefix in ("11", "13", "1307", "130722", "1308")}
        for prefix, user_id in ids.items():
            sign_in(client, db.session.get_one(User, user_id))
            page = client.get("/desk/organisations").text
            seen[prefix] = [name for name in ("北京来的", "张北县的", "全国性的") if name in page]
        assert seen == {
            "11": ["北京来的"], "13": ["张北县的", "全国性的"], "1307": ["张北县的"],
            "130722": ["张北县的"], "1308": [],
        }  # fmt: skip

    def test_agents_and_others_stay_out(self, client: FlaskClient) -> None:
        organisation, agent = make_organisation()
        organisation_id = organisation.id
        ids = [user.id for user in (agent, make_admin())]
        for user_id in ids:
            sign_in(client, db.session.get_one(User, user_id))
            for where in ("", f"/{organisation_id}"):
                assert client.get(f"/desk/organisations{where}").status_code == 403

    def test_auditors_read_all_of_them_and_are_offered_nothing(self, client: FlaskClient) -> None:
        for region in ("130722", "100000"):
            organisation, _agent = make_organisation(region=region, verified=False)
        organisation_id, name = organisation.id, organisation.name
        sign_in(client, make_auditor())
        page = client.get("/desk/organisations").text
        assert name in page
        assert "共 2 家" in page
        assert "等您核验" not in page
        page = client.get(f"/desk/organisations/{organisation_id}").text
        assert name in page
        for words in ("核验通过</button>", "退回更正", "签发重设密码链接", "已退回"):
            assert words not in page
        where = f"/desk/organisations/{organisation_id}/verify"
        assert client.post(where, data={"version": "1"}).status_code == 403
        assert status_of(organisation_id) is OrganisationState.PENDING

    def test_auditors_find_by_name_and_are_offered_no_ruling(self, client: FlaskClient) -> None:
        (organisation, _a), (other, _b) = make_organisation(), make_organisation()
        key, name, other_name = organisation.id, organisation.name, other.name
        sign_in(client, make_auditor())
        page = client.get("/desk/organisations", query_string={"q": name}).text
        assert name in page
        assert other_name not in page
        page = client.get(f"/desk/organisations/{key}").text
        assert "已通过核验，没有要办的" in page
        for words in ("并入另一份登记", "列入活动异常名录", "暂停办理", "指定为签署人"):
            assert words not in page
        for action in ("suspend", "merge"):
            answer = client.post(f"/desk/organisations/{key}/{action}", data={"version": "1"})
            assert answer.status_code == 403

    @pytest.mark.parametrize("data", [{}, {"version": ""}, {"version": "first"}])
    def test_a_version_that_is_missing_passes_nowhere(
        self, client: FlaskClient, data: dict[str, str]
    ) -> None:
        organisation_id = make_organisation(region="130722", verified=False)[0].id
        sign_in(client, make_officer("130722"))
        where = f"/desk/organisations/{organisation_id}"
        assert client.post(f"{where}/verify", data=data).status_code == 409
        said = {**data, "reason": "证书上的名称不是这样写的"}
        assert client.post(f"{where}/return", data=said).status_code == 409
        assert status_of(organisation_id) is OrganisationState.PENDING

    def test_an_organisation_of_elsewhere_is_not_found(self, client: FlaskClient) -> None:
        organisation, agent = make_organisation(region="130822", verified=False)
        organisation_id, agent_id = organisation.id, agent.id
        sign_in(client, make_officer("1307"))
        where = f"/desk/organisations/{organisation_id}"
        answers = [
            client.get(where),
            client.post(f"{where}/verify", data={"version": "1"}),
            client.post(f"{where}/return", data={"version": "1", "reason": "不在我们这里"}),
            client.post(f"{where}/members/{agent_id}/password-link"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 4
        assert status_of(organisation_id) is OrganisationState.PENDING

    @pytest.mark.parametrize("number", ["999999", "2147483648", "9" * 40])
    def test_one_that_does_not_exist_is_not_found(self, client: FlaskClient, number: str) -> None:
        sign_in(client, make_officer("13"))
        assert client.get(f"/desk/organisations/{number}").status_code == 404


class TestReview:
    def test_it_shows_the_facts_beside_what_the_code_says(self, client: FlaskClient) -> None:
        organisation_id, _agent = waiting(client, name="坝上同名基金会")
        page = review(client, organisation_id)
        for words in (
            "登记管理部门",
            "主体标识",
            "张家口市张北县",
            "相符",
            "登记组织",
            "没有别的组织",
        ):
            assert words in page
        assert "不符" not in page

    def test_a_region_that_differs_and_a_name_that_is_taken_are_pointed_out(
        self, client: FlaskClient
    ) -> None:
        organisation_id, _agent = waiting(client, name="坝上同名基金会")
        make_organisation(name="坝上同名基金会")
        db.session.get_one(Organisation, organisation_id).registration_region = "130700"
        db.session.commit()
        sign_in(client, make_officer("1307"))
        page = review(client, organisation_id)
        assert "不符" in page
        assert "另有 1 家登记了同样的名称" in page

    def test_verifying_opens_the_way_and_tells(self, client: FlaskClient) -> None:
        organisation_id, agent_id = waiting(client)
        version = version_in(review(client, organisation_id))
        answer = act(client, organisation_id, "verify", version=version)
        assert answer[0] == 303
        assert status_of(organisation_id) is OrganisationState.VERIFIED
        page = review(client, organisation_id)
        assert "现在可以认领项目" in page
        assert "没有要办的" in page
        told = db.session.scalars(select(OutboxEntry).order_by(OutboxEntry.id.desc())).first()
        assert told is not None
        assert told.payload["user_ids"] == [agent_id]

    def test_returning_wants_a_reason(self, client: FlaskClient) -> None:
        organisation_id, _agent = waiting(client)
        version = version_in(review(client, organisation_id))
        for reason in ("", "改改", "长" * 501):
            status, page = act(client, organisation_id, "return", version=version, reason=reason)
            assert status == 400
            assert reason in page
        assert status_of(organisation_id) is OrganisationState.PENDING
        done = act(client, organisation_id, "return", version=version, reason="宗旨和章程不一样")
        assert done[0] == 303
        assert status_of(organisation_id) is OrganisationState.RETURNED
        assert "宗旨和章程不一样" in review(client, organisation_id)

    @pytest.mark.parametrize("action", ["verify", "return"])
    def test_a_stale_page_comes_back_with_what_was_typed(
        self, client: FlaskClient, action: str
    ) -> None:
        organisation_id, _agent = waiting(client)
        version = version_in(review(client, organisation_id))
        data = {"version": version + 1, "reason": "写了很久的原因"}
        status, page = act(client, organisation_id, action, **data)
        assert status == 409
        assert "有了变化" in page
        assert version_in(page) == version
        assert ("写了很久的原因" in page) is (action == "return")
        assert status_of(organisation_id) is OrganisationState.PENDING

    def test_a_reason_is_not_lost_when_another_was_quicker(self, client: FlaskClient) -> None:
        organisation_id, _agent = waiting(client)
        version = version_in(review(client, organisation_id))
        act(client, organisation_id, "verify", version=version)
        data = {"version": version, "reason": "写了很久的原因"}
        status, page = act(client, organisation_id, "return", **data)
        assert status == 409
        assert "写了很久的原因" in page
        assert status_of(organisation_id) is OrganisationState.VERIFIED

    @pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 30])
    def test_an_odd_version_is_a_stale_one(self, client: FlaskClient, version: str) -> None:
        organisation_id, _agent = waiting(client)
        db.session.get_one(Organisation, organisation_id).legal_rep = "换了人"
        db.session.commit()
        assert act(client, organisation_id, "verify", version=version)[0] == 409

    def test_the_history_says_who_did_what(self, client: FlaskClient) -> None:
        organisation_id, _agent = waiting(client)
        version = version_in(review(client, organisation_id))
        act(client, organisation_id, "return", version=version, reason="宗旨和章程不一样")
        page = review(client, organisation_id)
        assert page.index("退回登记") < page.rindex("登记组织")


class TestMemberLink:
    def test_a_member_sets_a_new_password(self, client: FlaskClient) -> None:
        organisation_id, agent_id = waiting(client)
        where = f"/desk/organisations/{organisation_id}/members/{agent_id}/password-link"
        answer = client.post(where)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        found = re.search(r"/password/([\w-]{40,})", answer.text)
        assert found is not None
        assert client.get(f"/password/{found[1]}").status_code == 200
        assert found[1] not in review(client, organisation_id)

    def test_somebody_who_is_no_member_is_not_found(self, client: FlaskClient) -> None:
        organisation_id, _agent = waiting(client)
        _other, stranger = make_organisation()
        ids = [stranger.id, make_admin().id, 999999]
        for user_id in ids:
            where = f"/desk/organisations/{organisation_id}/members/{user_id}/password-link"
            assert client.post(where).status_code == 404
        actions = db.session.scalars(select(AuditEntry.action)).all()
        assert "account.issue_link" not in actions


def returned(client: FlaskClient, reason: str = "请照章程写全") -> int:
    """Make an organisation that was returned, its agent signed in; return its id."""
    organisation, agent = make_organisation(verified=False)
    organisation_id, agent_id = organisation.id, agent.id
    officer = actor_for(make_officer("11"))
    organisation = db.session.get_one(Organisation, organisation_id)
    return_organisation(
        actor=officer, organisation=organisation, version=organisation.version, reason=reason
    )
    db.session.commit()
    sign_in(client, db.session.get_one(User, agent_id))
    return organisation_id


def waiting(client: FlaskClient, **told: str) -> tuple[int, int]:
    """Make an organisation of 张北 that waits, its officer signed in; return it and its agent."""
    organisation, agent = make_organisation(region="130722", verified=False, **told)  # type: ignore[arg-type]
    ids = organisation.id, agent.id
    sign_in(client, make_officer("130722"))
    return ids


def resubmit(client: FlaskClient, version: int, **changes: Any) -> tuple[int, str]:
    """Send the corrected papers; return the status and where it leads, or the page."""
    told = {**FORM, "registration_authority": "北京市民政局", "registration_region": "110000"}
    answer = client.post("/my/organisation", data={**told, "version": str(version), **changes})
    return answer.status_code, answer.location or answer.text


def act(client: FlaskClient, organisation_id: int, action: str, **data: Any) -> tuple[int, str]:
    """Send a form of the review page; return the status and where it leads, or the page."""
    answer = client.post(f"/desk/organisations/{organisation_id}/{action}", data=data)
    return answer.status_code, answer.location or answer.text


def review(client: FlaskClient, organisation_id: int) -> str:
    """Return the review page."""
    return client.get(f"/desk/organisations/{organisation_id}").text


def version_in(page: str) -> int:
    """Return the version that a page's form carries."""
    found = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert found is not None
    return int(found[1])


def status_of(organisation_id: int) -> OrganisationState:
    """Return the state that the database keeps."""
    status = db.session.scalar(
        select(Organisation.status).where(Organisation.id == organisation_id)
    )
    db.session.rollback()
    assert status is not None
    return status
