"""Make things through the real verbs, committed, ready for a test."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from flask.testing import FlaskClient

from matchplatform.access.actor import SYSTEM, Actor, Role
from matchplatform.accounts import passwords
from matchplatform.accounts.models import User
from matchplatform.accounts.services import add_user, open_session
from matchplatform.claims.models import Claim
from matchplatform.claims.services import accept_claim, reserve_claim, submit_claim
from matchplatform.claims.signing import sign_claim
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.organisations.actors import actor_of
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.services import (
    OrganisationDetails,
    register_organisation,
    verify_organisation,
)
from matchplatform.organisations.states import USCC_PREFIX, OrganisationType
from matchplatform.projects.details import LineDetails, ProjectDetails
from matchplatform.projects.gate import find_seen, put_row
from matchplatform.projects.gate_models import FindingState, ProjectPair, Verdict
from matchplatform.projects.models import Project
from matchplatform.projects.services import (
    create_project,
    publish_project,
    submit_project,
    verify_project,
)
from matchplatform.projects.states import LineKind, ProjectKind, ProjectState, Sector
from matchplatform.seeding.uscc import make_uscc
from tests.beginnings import made_once

PASSWORD = "山高水长 2020 张北的风"
ZHANGBEI = "130722"
_serial = count(1)

MONEY = LineDetails(LineKind.MONEY, "热水改造款", Decimal(100000), "元", Decimal(1), Decimal(1000))
QUILTS = LineDetails(
    LineKind.GOODS, "冬季被褥三件套", Decimal(240), "套", Decimal(260), Decimal(10)
)
DETAILS = ProjectDetails(
    name="东水泉村寄宿小学越冬：热水与被褥",
    kind=ProjectKind.PROJECT,
    sector=Sector.EDUCATION,
    place="东水泉村",
    scope_text="东水泉村寄宿小学有住宿生 186 名，冬季最低气温零下 31 度，锅炉只够取暖，孩子们用冷水洗漱。学校打算改装热水系统，统一配发被褥。",
    outcome_target="每名住宿生有一套被褥，供暖期内每天有热水 4 小时。",
    direct_people=186,
    households=142,
    person_times=2400,
    owner_unit="张北县教育和体育局",
    supervising_unit="张北县民政局",
    contact_name="赵一鸣",
    contact_phone="0313-0001000",
)


def make_user(role: Role, *, region: str = "", unit: str = "") -> User:
    """Make an active user who can sign in with PASSWORD."""
    number = next(_serial)
    user = add_user(
        actor=SYSTEM,
        username=f"{role}{number}",
        display_name=f"测试{number}",
        role=role,
        region_prefix=region,
        unit=unit,
        password_hash=passwords.hash_password(PASSWORD),
    )
    db.session.commit()
    return user


def make_officer(region: str = ZHANGBEI) -> User:
    """Make an officer of a county (6 digits), city (4) or province (2)."""
    return make_user(Role.OFFICER, region=region, unit="民政局")


def make_admin() -> User:
    """Make an admin."""
    return make_user(Role.ADMIN)


def make_auditor() -> User:
    """Make an auditor."""
    return make_user(Role.AUDITOR)


def actor_for(user: User) -> Actor:
    """Return the actor that a user is just now."""
    return actor_of(db.session.get_one(User, user.id))


def make_organisation(
    *,
    verified: bool = True,
    region: str = "110000",
    org_type: OrganisationType = OrganisationType.FOUNDATION,
    budget: Decimal = Decimal(2_000_000),
    name: str = "",
) -> tuple[Organisation, User]:
    """Make an organisation with its agent; verified by an officer made for it."""
    number = next(_serial)
    organisation, agent = register_organisation(
        uscc=make_uscc(USCC_PREFIX[org_type], region, number),
        details=OrganisationDetails(
            name=name or f"北京测试公益基金会{number}",
            org_type=org_type,
            registration_authority="北京市民政局",
            registration_region=region,
            supervising_body="北京市民政局",
            business_scope="资助乡村学校改善住宿与取暖条件，捐赠图书和被褥，支持驻校社会工作。",
            mission="让山区寄宿的孩子冬天有热水、有人陪，读得上书，走得出山。",
            legal_rep="钱二川",
            annual_budget=budget,
            focus_sectors=("education",),
        ),
        username=f"agent{number}",
        display_name=f"经办{number}",
        password_hash=passwords.hash_password(PASSWORD),
    )
    if verified:
        officer = make_officer("13" if region == "100000" else region[:2])
        verify_organisation(
            actor=actor_of(officer), organisation=organisation, version=organisation.version
        )
    db.session.commit()
    return organisation, agent


def make_project(
    *,
    state: ProjectState = ProjectState.PUBLISHED,
    region: str = ZHANGBEI,
    details: ProjectDetails = DETAILS,
    lines: tuple[LineDetails, ...] = (MONEY, QUILTS),
    deadline: date | None = None,
) -> Project:
    """Make a project and take it to draft, submitted, verified or published."""
    asked = (state, region, details, lines, deadline)
    return made_once(Project, asked, lambda: _make_project(*asked))


def _make_project(
    state: ProjectState,
    region: str,
    details: ProjectDetails,
    lines: tuple[LineDetails, ...],
    deadline: date | None,
) -> Project:
    today = clock.today()
    until = deadline or details.claim_deadline or today + timedelta(days=60)
    whole = replace(
        details,
        starts_on=details.starts_on or today,
        ends_on=details.ends_on or max(today + timedelta(days=200), until),
        claim_deadline=until,
    )
    writer, second = actor_for(make_officer(region)), actor_for(make_officer(region))
    project = create_project(actor=writer, details=whole, lines=lines)
    let_pass(writer, project)
    if state is not ProjectState.DRAFT:
        submit_project(actor=writer, project=project, version=project.version)
    if state in (ProjectState.VERIFIED, ProjectState.PUBLISHED):
        verify_project(actor=second, project=project, version=project.version)
    if state is ProjectState.PUBLISHED:
        city = actor_for(make_officer(region[:4]))
        let_pass(city, project)
        publish_project(actor=city, project=project, version=project.version)
    db.session.commit()
    return project


def let_pass(actor: Actor, project: Project) -> None:
    """Answer what the gate asks: the projects of the tests are alike, and not the same."""
    seen = find_seen(actor, project)
    for one in seen:
        if one.finding.other_id:
            low, high = sorted((project.id, one.finding.other_id))
            db.session.add(
                ProjectPair(
                    low_id=low,
                    high_id=high,
                    verdict=Verdict.NOT_SAME,
                    alike=100,
                    reason="是两件事。",
                    by_label=actor.label,
                    at=clock.now(),
                )
            )
        elif one.asks:
            put_row(actor, project, one, FindingState.EXPLAINED, "已经核对过。")
    db.session.flush()
    # A page of the gate names only the most alike.
    if any(one.finding.other_id for one in seen):
        let_pass(actor, project)


def make_claim(
    project: Project,
    organisation: Organisation,
    agent: User,
    quantities: dict[int, Decimal] | None = None,
    *,
    submitted: bool = False,
    accepted: bool = False,
    signed: bool = False,
) -> Claim:
    """Make a claim on the first line (or these quantities) and take it further when asked."""
    actor = actor_for(agent)
    claim = reserve_claim(
        actor=actor,
        organisation=organisation,
        project=project,
        version=project.version,
        quantities=quantities or {project.lines[0].id: Decimal(20000)},
        confirmed=True,
    )
    db.session.commit()
    if submitted or accepted or signed:
        submit_claim(actor=actor, claim=claim, version=claim.version, message="我们想尽快开始。")
        db.session.commit()
    if accepted or signed:
        officer = actor_for(make_officer(project.region_code))
        accept_claim(actor=officer, claim=claim, version=claim.version)
        db.session.commit()
    if signed:
        sign_claim(actor=officer, claim=claim, signed_at=clock.now())
        db.session.commit()
    return claim


def sign_in(client: FlaskClient, user: User) -> str:
    """Sign a user in without the form; return the session's token."""
    token = open_session(actor=actor_for(user), user=db.session.get_one(User, user.id))
    db.session.commit()
    with client.session_transaction() as kept:
        kept["_user_id"] = token
        kept["_fresh"] = True
    return token
