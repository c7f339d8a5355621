"""What the tests of invitations stand on."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from matchplatform.access.actor import Actor
from matchplatform.accounts.models import User
from matchplatform.invitations.models import ProjectInvitation
from matchplatform.invitations.services import answer_invitation, invite_organisation
from matchplatform.kernel.db import db
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project
from tests.factories import actor_for, make_officer, make_organisation, make_project

NOON = datetime.now(UTC).replace(hour=4, minute=0, second=0, microsecond=0)
WORDS = "听说贵会资助乡村学校，想请贵会看看。"
WHY = "今年的预算已经排满，明年再看"


def later(days: int) -> datetime:
    """Return noon of some days later."""
    return NOON + timedelta(days=days)


@dataclass
class Scene:
    """A published project, an officer of its county, an organisation with its agent."""

    project: Project
    officer: Actor
    organisation: Organisation
    agent: Actor
    officer_user: User
    agent_user: User

    def invite(self, organisation: Organisation | None = None) -> ProjectInvitation:
        """Invite and commit."""
        invitation = invite_organisation(
            actor=self.officer,
            project=self.project,
            organisation=organisation or self.organisation,
            words=WORDS,
            reasons=["业务范围与项目都写到被褥"],
        )
        db.session.commit()
        return invitation

    def answer(
        self, invitation: ProjectInvitation, *, interested: bool, words: str = ""
    ) -> ProjectInvitation:
        """Answer for the organisation and commit."""
        answer_invitation(
            actor=self.agent,
            invitation=invitation,
            version=invitation.version,
            interested=interested,
            words=words,
        )
        db.session.commit()
        return invitation


@pytest.fixture
def scene(db_session: Flask) -> Scene:
    """A fresh scene."""
    project = make_project()
    officer = make_officer(project.region_code)
    organisation, agent = make_organisation()
    return Scene(project, actor_for(officer), organisation, actor_for(agent), officer, agent)
