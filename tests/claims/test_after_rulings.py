"""What a restriction, a deregistration or a merging leaves of what an organisation had begun."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from matchplatform.audit.models import AuditEntry
from matchplatform.claims.asked import CapacityGrant
from matchplatform.claims.grants import ask_capacity
from matchplatform.claims.joint import decline_share, reserve_jointly, take_over
from matchplatform.claims.release import ask_release
from matchplatform.claims.states import AskState
from matchplatform.cli.checks import organisation_breaches
from matchplatform.kernel import clock
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict
from matchplatform.organisations.merging import merge_organisation
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.rulings import rule_on_organisation
from matchplatform.organisations.states import OrganisationAction
from matchplatform.projects.models import Project
from tests.claims.conftest import assert_clean
from tests.factories import (
    actor_for,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
)

pytestmark = pytest.mark.usefixtures("db_session")
REASON = "连续两年没有参加年检。"


def rule(organisation: Organisation, action: OrganisationAction) -> None:
    """Rule as the office where it is registered."""
    rule_on_organisation(
        actor=actor_for(make_officer("11")),
        organisation=organisation,
        version=organisation.version,
        action=action,
        reason=REASON,
    )
    db.session.commit()


def ask(project: Project) -> CapacityGrant:
    """Let a small organisation ask for more than its budget."""
    organisation, agent = make_organisation(budget=Decimal(5000))
    grant = ask_capacity(
        actor=actor_for(agent), organisation=organisation, project=project,
        value=Decimal(9000), message="理事会已经同意，款已到账。",
    )  # fmt: skip
    db.session.commit()
    return grant


def settled(grant: CapacityGrant) -> list[str]:
    """Return who stands in the trail as having settled a grant."""
    assert grant.status is AskState.MOOT
    return list(
        db.session.scalars(
            select(AuditEntry.actor_role).where(
                AuditEntry.action == "capacity.settle", AuditEntry.subject_id == str(grant.id)
            )
        )
    )


class TestWhatWasAsked:
    def test_it_ends_with_the_organisation_and_leaves_a_trace(self) -> None:
        grant = ask(make_project())
        rule(grant.organisation, OrganisationAction.DEREGISTER)
        assert settled(grant) == ["system"]

    def test_of_two_that_become_one_the_second_leaves_a_trace(self) -> None:
        project = make_project()
        grant, other = ask(project), ask(project)
        merge_organisation(
            actor=actor_for(make_officer("11")), source=grant.organisation,
            target=other.organisation, version=grant.organisation.version, reason=REASON,
        )  # fmt: skip
        db.session.commit()
        assert settled(grant) == ["system"]
        assert other.status is AskState.OPEN


class TestTakeOver:
    def test_who_is_restricted_takes_nothing_more_on(self) -> None:
        project = make_project()
        (lead, agent), (partner, other) = make_organisation(), make_organisation()
        line = project.lines[0].id
        claim = reserve_jointly(
            actor=actor_for(agent), organisation=lead, partners=[partner], project=project,
            version=project.version, confirmed=True,
            shares={lead.id: {line: Decimal(5000)}, partner.id: {line: Decimal(6000)}},
        )  # fmt: skip
        db.session.commit()
        mine, gone = claim.members
        decline_share(actor=actor_for(other), member=gone, version=claim.version, reason=REASON)
        db.session.commit()
        rule(lead, OrganisationAction.RESTRICT)
        with pytest.raises(Conflict, match="活动异常名录"):
            take_over(actor=actor_for(agent), member=mine, gone=gone, version=claim.version)
        db.session.rollback()


class TestMerging:
    def test_the_record_that_is_closed_needs_no_signer(self) -> None:
        (source, _agent), (target, _other) = make_organisation(), make_organisation()
        merge_organisation(
            actor=actor_for(make_officer("11")), source=source, target=target,
            version=source.version, reason=REASON,
        )  # fmt: skip
        db.session.commit()
        assert list(organisation_breaches()) == []

    def test_what_it_had_asked_about_the_other_one_is_no_breach(self) -> None:
        (source, agent), (target, other) = make_organisation(), make_organisation()
        with set_clock(clock.now() - timedelta(days=30)):
            claim = make_claim(make_project(), target, other, submitted=True)
        ask_release(actor=actor_for(agent), organisation=source, claim=claim, reason=REASON)
        db.session.commit()
        merge_organisation(
            actor=actor_for(make_officer("11")), source=source, target=target,
            version=source.version, reason=REASON,
        )  # fmt: skip
        db.session.commit()
        assert_clean()
