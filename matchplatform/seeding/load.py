"""Load the demo: everything through the verbs, at the times of the timetable."""

import json
from datetime import timedelta
from functools import partial

from sqlalchemy import func, select

from matchplatform.access.actor import Actor, Role
from matchplatform.accounts import passwords
from matchplatform.accounts.models import User
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict
from matchplatform.kernel.facts import DEMO, set_fact
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.notifications.models import Notice
from matchplatform.notifications.services import mark_read
from matchplatform.projects.models import Batch, Project
from matchplatform.seeding.agreements import plan_agreements
from matchplatform.seeding.asking import (
    plan_capacity,
    plan_extras,
    plan_releases,
    read_capacity_asks,
    read_extras,
    read_releases,
)
from matchplatform.seeding.cast import Cast
from matchplatform.seeding.ceremonies import plan_ceremonies
from matchplatform.seeding.ceremony_rows import read_agreements, read_ceremonies
from matchplatform.seeding.changes import plan_changes, read_changes
from matchplatform.seeding.claims import plan_claims
from matchplatform.seeding.joint import plan_joint_claims, read_joint_claims
from matchplatform.seeding.keeping import (
    plan_favourites,
    plan_mail,
    plan_searches,
    read_favourites,
    read_mail,
    read_searches,
)
from matchplatform.seeding.members import plan_members, read_members
from matchplatform.seeding.nights import plan_nights
from matchplatform.seeding.offer_rows import read_invitations, read_offers
from matchplatform.seeding.offering import plan_offers, tell_of_offers
from matchplatform.seeding.organisations import plan_organisations
from matchplatform.seeding.papers import plan_certificates, read_certificates
from matchplatform.seeding.pictures import plan_pictures, read_pictures
from matchplatform.seeding.poor_people import plan_poor_people, read_poor_people
from matchplatform.seeding.prices import plan_prices, read_prices
from matchplatform.seeding.projects import plan_halts, plan_projects, plan_unpublished
from matchplatform.seeding.rows import (
    read_claims,
    read_halts,
    read_organisations,
    read_people,
    read_postings,
    read_projects,
    read_showcase,
)
from matchplatform.seeding.standing import (
    plan_duplicates,
    plan_names,
    plan_rulings,
    read_duplicates,
    read_names,
    read_rulings,
)
from matchplatform.seeding.talks import plan_messages, read_messages
from matchplatform.seeding.timetable import Timetable, working_minute
from matchplatform.seeding.waiting import plan_waitlist, read_waitlist

BATCH = "第一批（演示）"
PASSWORD = "Yanshan-2020-demo"
DEMO_ACCOUNTS, DEMO_PASSWORD = "demo_accounts", "demo_password"
FIRST_DAY = -90
UNREAD_DAYS = 3


def is_empty() -> bool:
    """Tell whether nobody has an account and nothing was posted here, demo or real."""
    return not any(
        db.session.scalar(select(func.count()).select_from(table)) for table in (User, Project)
    )


def load_demo() -> None:
    """Load the demo data into an empty site; all of it or, if a row is wrong, nothing.

    Raises:
        Conflict: there are projects or accounts already.
    """
    if not is_empty():
        raise Conflict(_("站内已经有项目或账号，演示数据只能装进空站。"))
    passwords.check_strength(PASSWORD)
    cast = Cast(password_hash=passwords.hash_password(PASSWORD))
    timetable = Timetable(clock.now())
    batch = _load_facts()
    for minute, person in enumerate(read_people()):
        timetable.add(FIRST_DAY, working_minute(0) + minute, partial(cast.add_person, person))
    plan_prices(timetable, cast, read_prices())
    organisations = read_organisations()
    plan_organisations(timetable, cast, organisations)
    projects = read_projects()
    plan_projects(timetable, cast, projects, batch.id)
    plan_pictures(timetable, cast, projects, read_pictures())
    plan_unpublished(timetable, cast, read_postings())
    plan_claims(timetable, cast, read_claims())
    plan_halts(timetable, cast, read_halts())
    plan_changes(timetable, cast, read_changes())
    plan_nights(timetable)
    plan_joint_claims(timetable, cast, read_joint_claims())
    plan_waitlist(timetable, cast, read_waitlist())
    plan_capacity(timetable, cast, read_capacity_asks())
    plan_releases(timetable, cast, read_releases())
    plan_extras(timetable, cast, read_extras())
    plan_rulings(timetable, cast, read_rulings())
    plan_duplicates(timetable, cast, read_duplicates(), organisations)
    plan_names(timetable, cast, read_names())
    plan_certificates(timetable, cast, read_certificates())
    plan_members(timetable, cast, read_members())
    plan_favourites(timetable, cast, read_favourites())
    plan_searches(timetable, cast, read_searches())
    plan_mail(timetable, cast, read_mail())
    plan_offers(timetable, cast, read_offers(), read_invitations())
    plan_messages(timetable, cast, read_messages())
    plan_poor_people(timetable, cast, read_poor_people())
    plan_agreements(timetable, cast, read_agreements())
    plan_ceremonies(timetable, cast, read_ceremonies())
    timetable.run()
    tell_of_offers()


def read_old_notices() -> None:
    """Let people have read their notices, but for those of the last days."""
    since = clock.now() - timedelta(days=UNREAD_DAYS)
    for notice in db.session.scalars(select(Notice).where(Notice.created_at < since)):
        with clock.set_clock(notice.created_at + timedelta(hours=20)):
            mark_read(actor=Actor(notice.user_id, "", Role.VISITOR), notice=notice)


def _load_facts() -> Batch:
    batch = Batch(name=BATCH)
    db.session.add(batch)
    set_fact(DEMO, "1")
    set_fact(DEMO_PASSWORD, PASSWORD)
    set_fact(DEMO_ACCOUNTS, json.dumps(read_showcase(), ensure_ascii=False))
    db.session.flush()
    return batch
