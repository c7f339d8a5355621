"""What the forms of the matrix send where it does not hang on a thing."""

from datetime import timedelta

from matchplatform.kernel import clock
from matchplatform.organisations.states import USCC_PREFIX, OrganisationType
from matchplatform.seeding.uscc import make_uscc
from tests.architecture.matrix_papers import NEW_PASSWORD
from tests.architecture.matrix_people import REASON, People
from tests.architecture.matrix_things import Form
from tests.factories import PASSWORD
from tests.files import samples


def make_forms(people: People, somebody: str) -> dict[str, Form]:
    """Return forms by route; ``somebody`` is the user name of an account without a second step."""
    returned = people.returned
    own = {**organisation_form(9001), "version": str(returned.version)}
    own["org_type"] = str(returned.org_type)
    passwords = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
    day = clock.today() + timedelta(days=200)
    return {
        "POST /desk/projects/new": {
            "name": "东水泉村饮水", "sector": "education", "kind": "project",
        },
        "POST /desk/batches": {"name": "第二批"},
        "POST /register": organisation_form(9000),
        "POST /my/organisation": own,
        "POST /my/organisation/name": {
            "new_name": "京西乡学助学基金会", "changed_on": f"{clock.today()}", "reason": REASON,
        },
        "POST /my/organisation/papers": {"paper": samples.pdf(), "expires_on": f"{day}"},
        "POST /my/members/invite": {
            "name": people.friend.display_name, "username": people.friend.username,
        },
        "POST /my/members/invite-link": {"link_name": "李四海"},
        "POST /my/searches": {"name": "村里的水", "q": "饮水", "notify": "y"},
        "POST /admin/accounts/new": {
            "role": "auditor", "username": "newauditor", "display_name": "新审计",
            "region_prefix": "",
        },
        "POST /sign-in": {"username": somebody, "password": PASSWORD},
        "POST /sign-in/code": {"code": people.codes["next"]},
        "POST /forgotten-password": {"username": somebody},
        "POST /my/offers/new": {
            "kind": "goods", "item": "轮椅", "quantity": "10", "unit": "辆", "unit_price": "600",
            "valid_until": f"{day}", "confirmed": "yes",
        },
        "POST /account": {**passwords, "old_password": PASSWORD},
        "POST /account/second-step/start": {"password": PASSWORD},
        "POST /account/second-step/codes": {"password": PASSWORD},
        "POST /account/second-step/remove": {"password": PASSWORD},
        "POST /account/second-step/confirm": {"code": people.codes["first"]},
        "POST /notices/preferences": {
            "mode": "daily", "claims": "", "projects": "", "organisation": "", "searches": "",
            "other": "",
        },
        "POST /notices/preferences/address": {"address": "new@example.org"},
    }  # fmt: skip


def organisation_form(number: int) -> Form:
    """Return what an organisation types into its form."""
    return {
        "name": "北京更正公益基金会",
        "org_type": str(OrganisationType.FOUNDATION),
        "uscc": make_uscc(USCC_PREFIX[OrganisationType.FOUNDATION], "110000", number),
        "registration_authority": "北京市民政局",
        "registration_region": "110000",
        "supervising_body": "北京市民政局",
        "legal_rep": "钱二川",
        "business_scope": "资助乡村学校改善住宿与取暖条件，捐赠图书和被褥，支持驻校社会工作。",
        "mission": "让山区寄宿的孩子冬天有热水、有人陪，读得上书，走得出山。",
        "focus_sectors": "education",
        "annual_budget": "200",
        "grade": "",
        "version": "2",
        "username": "newcomer",
        "display_name": "新来的",
        "password": NEW_PASSWORD,
        "again": NEW_PASSWORD,
    }
