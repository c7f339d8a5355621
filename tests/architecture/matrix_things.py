"""The projects of the matrix and what organisations hold, wait and ask for there."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from matchplatform.claims import joint
from matchplatform.claims.grants import ask_capacity
from matchplatform.claims.models import Claim
from matchplatform.claims.release import ask_release
from matchplatform.claims.waitlist import join_waitlist
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.projects.copying import details_of
from matchplatform.projects.models import Project
from matchplatform.projects.proposing import propose_change
from matchplatform.projects.services import suspend_project
from matchplatform.projects.states import ProjectState
from tests.architecture.matrix_people import REASON, People
from tests.factories import actor_for, make_claim, make_project
from tests.projects.test_changing import form_of, same_lines

Form = dict[str, Any]
WHOLE = Decimal(100_000)
LONG_AGO = timedelta(days=70)


@dataclass
class Thing:
    """What stands in a route's address, and what a form about it sends."""

    args: dict[str, Any] = field(default_factory=dict)
    form: Form = field(default_factory=dict)


Things = dict[str, Thing]


def make_projects(people: People) -> Things:
    """Make a project in every state that matters, and one of which all is taken."""
    suspended = make_project()
    suspend_project(
        actor=actor_for(people["cit"]), project=suspended, version=suspended.version, reason=REASON
    )
    db.session.commit()
    held = make_project()
    make_claim(held, people.partner, people.friend, {held.lines[0].id: WHOLE})
    projects = {
        "draft": make_project(state=ProjectState.DRAFT),
        "sent": make_project(state=ProjectState.SUBMITTED),
        "verified": make_project(state=ProjectState.VERIFIED),
        "open": make_project(),
        "suspended": suspended,
        "held": held,
        "proposed": make_project(),
    }
    things = {name: _thing_of(people, project) for name, project in projects.items()}
    for name in ("open", "suspended"):
        things[name].form |= {"into": held.number, "into_version": str(held.version)}
    proposed = projects["proposed"]
    form = MultiDict(things["proposed"].form)
    proposal = propose_change(
        actor=actor_for(people["cty"]), project=proposed, version=proposed.version,
        details=replace(details_of(proposed), place="西水泉村"), lines=same_lines(proposed),
        reason=REASON, typed=form.items(multi=True),
    )  # fmt: skip
    db.session.commit()
    things["proposed"].args["proposal_id"] = proposal.id
    return things


def _thing_of(people: People, project: Project) -> Thing:
    line = project.lines[0].id
    sharers = (people.claimant, people.rival, people.waiting, people.returned, people.suspended)
    shares = {f"share-{each.id}-{line}": "5000" for each in (*sharers, people.partner)}
    form = {
        "version": str(project.version), "reason": REASON, "outcome": "cancelled",
        f"line-{line}": "20000", "confirmed": "yes",
        "name": project.name, "sector": "education", "kind": "project",
        **shares, "member": str(people.partner.id),
        "organisation": str(people.rival.id), "words": REASON,
        "value": "5000000", "message": REASON, "seen": "0", "extra": "1000",
        "at-outcome_target": REASON, "pick": f"{project.number}:{project.version}",
    }  # fmt: skip
    form = form_of(project, place="西水泉村", batch_id="") | form
    return Thing({"number": project.number, "line_id": line}, form)


def make_claims(people: People) -> Things:
    """Make the claimant's claims: new, submitted, long silent, and asked about."""
    made = (people.claimant, people["agt"])
    with clock.set_clock(clock.now() - LONG_AGO):
        lasting = [make_project(deadline=clock.today() + timedelta(days=200)) for _ in range(2)]
        silent, asked = (make_claim(each, *made, accepted=True) for each in lasting)
    claims = {
        "reserved": make_claim(make_project(), *made),
        "submitted": make_claim(make_project(), *made, submitted=True),
        "silent": silent,
        "asked about": asked,
    }
    things = {name: claim_thing(claim) for name, claim in claims.items()}
    request = ask_release(
        actor=actor_for(people["riv"]), organisation=people.rival, claim=asked, reason=REASON
    )
    db.session.commit()
    things["a question"] = Thing(
        {"request_id": request.id}, {"version": str(request.version), "words": REASON}
    )
    return things | _make_joint(people) | _make_wishes(people)


def claim_thing(claim: Claim) -> Thing:
    """Return a claim as its forms send it."""
    return Thing({"claim_id": claim.id}, {"version": str(claim.version), "words": REASON})


def _make_joint(people: People) -> Things:
    """Make joint claims that the claimant leads: the rival invited, the rival in, a share left."""
    invited, joined, left = (_reserve_jointly(people) for _ in range(3))
    for claim in (joined, left):
        joint.confirm_share(
            actor=actor_for(people["riv"]), member=claim.members[1], version=claim.version
        )
        db.session.commit()
    gone = left.members[2]
    joint.decline_share(
        actor=actor_for(people.friend), member=gone, version=left.version, reason=REASON
    )
    db.session.commit()
    share = claim_thing(left)
    share.args["member_id"] = gone.id
    return {
        "rival invited": claim_thing(invited), "rival joined": claim_thing(joined),
        "a share left": share,
    }  # fmt: skip


def _reserve_jointly(people: People) -> Claim:
    project = make_project()
    together = [people.claimant, people.rival, people.partner]
    claim = joint.reserve_jointly(
        actor=actor_for(people["agt"]), organisation=people.claimant, partners=together[1:],
        project=project, version=project.version,
        shares={each.id: {project.lines[0].id: Decimal(5000)} for each in together},
        confirmed=True,
    )  # fmt: skip
    db.session.commit()
    return claim


def _make_wishes(people: People) -> Things:
    """Make the claimant wait for a line, and ask to promise more than its budget."""
    full, dear = make_project(), make_project()
    make_claim(full, people.partner, people.friend, {full.lines[0].id: WHOLE})
    asking: dict[str, Any] = {"actor": actor_for(people["agt"]), "organisation": people.claimant}
    [entry] = join_waitlist(
        **asking, project=full, quantities={full.lines[0].id: Decimal(5000)}, confirmed=True
    )
    grant = ask_capacity(**asking, project=dear, value=Decimal(5_000_000), message=REASON)
    db.session.commit()
    decided = {"version": str(grant.version), "words": REASON}
    return {
        "a place": Thing({"entry_id": entry.id}), "a wish": Thing({"grant_id": grant.id}, decided),
    }  # fmt: skip
