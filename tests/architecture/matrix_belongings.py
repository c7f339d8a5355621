"""What the people of the matrix have for themselves: sessions, links, notices, searches."""

from datetime import timedelta

from matchplatform.accounts.links import issue_password_link
from matchplatform.accounts.models import User, UserSession
from matchplatform.accounts.services import hash_token, open_session
from matchplatform.interests.services import keep_favourite, save_search
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.notifications.mail import confirm_token, stop_token
from matchplatform.notifications.models import MailPreference, Notice
from matchplatform.projects.queries import get_project
from tests.architecture.matrix_papers import NEW_PASSWORD
from tests.architecture.matrix_people import REASON, People
from tests.architecture.matrix_things import Thing, Things
from tests.factories import actor_for, make_officer

PASSWORDS = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}


def make_belongings(people: People, projects: Things) -> Things:
    """Give everybody a notice and an address; the claimant's agent a search, and much else."""
    agent, somebody = people["agt"], make_officer("130822")
    notices = {name: _notice(user) for name, user in people.users.items() if user}
    mails = {name: _mail(user) for name, user in people.users.items() if user}
    mails["agt"].confirmed_at = None
    search = save_search(actor=actor_for(agent), name="冬衣", words="被褥", filters={}, notify=True)
    acting = actor_for(agent)
    watched = get_project(acting, projects["open"].args["number"])
    keep_favourite(actor=acting, project=watched)
    quiet = save_search(actor=acting, name="饮水", words="饮水", filters={}, notify=False)
    db.session.commit()
    token = issue_password_link(actor=actor_for(people["adm"]), user=somebody, within=None)
    others = {
        name: open_session(actor=actor_for(user), user=user)
        for name, user in people.users.items()
        if user
    }
    db.session.commit()
    session = db.session.get_one(UserSession, hash_token(others["agt"]))
    stop = {"user_id": agent.id, "token": stop_token(mails["agt"])}
    return {
        "agents notice": Thing({"notice_id": notices["agt"].id}),
        "agents search": Thing({"search_id": search.id}, {f"s{search.id}-name": "冬天的衣被"}),
        "quiet search": Thing({"search_id": quiet.id}),
        "agents session": Thing({"handle": session.handle}),
        "agents address": Thing({"token": confirm_token(mails["agt"])}),
        "agents letters": Thing(stop),
        "a wrong letter": Thing({**stop, "token": "no-such-token"}),
        "an account": Thing({"user_id": somebody.id}, {"reason": REASON, "why": REASON}),
        "a locked account": Thing({"user_id": people.locked.id}, {"why": REASON}),
        "a link": Thing({"token": token}, PASSWORDS),
        "a wrong link": Thing({"token": "no-such-token"}, PASSWORDS),
        "an entry": Thing({"seq": 1}),
    }


def _notice(user: User) -> Notice:
    notice = Notice(
        user_id=user.id, outbox_id=1, created_at=clock.now(), template="您好", params={}, url="/my"
    )
    db.session.add(notice)
    return notice


def _mail(user: User) -> MailPreference:
    asked = clock.now() - timedelta(hours=3)
    kept = MailPreference(
        user_id=user.id, address=f"user{user.id}@example.org", asked_at=asked, asks=1,
        confirmed_at=asked, digested_until=asked,
    )  # fmt: skip
    db.session.add(kept)
    return kept
