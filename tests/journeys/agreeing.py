"""Claims of the demo whose agreements everybody has confirmed: what a ceremony begins with."""

from dataclasses import dataclass

from sqlalchemy import exists, select

from matchplatform.access.actor import Actor
from matchplatform.accounts.models import User
from matchplatform.app import create_app
from matchplatform.ceremonies.models import CeremonyEntry
from matchplatform.claims.models import Claim, ClaimMember
from matchplatform.claims.signing import MAY_FINISH
from matchplatform.claims.states import ClaimState
from matchplatform.commitments.models import Agreement
from matchplatform.commitments.services import confirm_text, draft_agreement, edit_terms
from matchplatform.commitments.terms import terms_for
from matchplatform.config.settings import read_settings
from matchplatform.kernel.db import db
from matchplatform.organisations.actors import actor_of
from matchplatform.organisations.membership_states import MembershipState
from matchplatform.organisations.models import Membership, Organisation
from tests.journeys.site import Site

WRITTEN = {
    "donee_account": "户名：与受赠单位同名；开户行：演示银行；账号：0000 0000 0000 0001",
    "receipt_issuer": "受赠单位",
    "organisation_contact": "值班电话 010-00010000",
}


@dataclass(frozen=True)
class Ready:
    """A claim that may be signed; ``agent`` is who signs in for its organisation."""

    claim_id: int
    project: str
    organisation_id: int
    organisation: str
    agent: str

    @property
    def number(self) -> str:
        """Return the number that the pages quote."""
        return f"RL-{self.claim_id:06d}"


def make_ready(
    site: Site, count: int, organisations: int, *, leave: frozenset[str] = frozenset()
) -> list[Ready]:
    """Let the agreements of so many accepted claims be confirmed, of so many organisations.

    ``leave``: user names whose claims others need.
    """
    app = create_app(read_settings(site.environment))
    with app.app_context():
        ready = [_confirm(claim, agent) for claim, agent in _choose(count, organisations, leave)]
        db.session.remove()
        db.engine.dispose()
    return ready


def _choose(count: int, organisations: int, leave: frozenset[str]) -> list[tuple[Claim, User]]:
    agents = _list_signers()
    chosen: list[tuple[Claim, User]] = []
    units: set[int] = set()
    for claim in _list_free():
        agent = agents.get(claim.organisation_id)
        if agent is None or agent.username in leave:
            continue
        known = claim.organisation_id in units
        # Claims of known organisations wait until all organisations are there.
        left = count - len(chosen)
        if (not known and len(units) == organisations) or (
            known and left <= organisations - len(units)
        ):
            continue
        units.add(claim.organisation_id)
        chosen.append((claim, agent))
        if len(chosen) == count:
            break
    assert len(chosen) == count, f"the demo has only {len(chosen)} such claims"
    assert len(units) == organisations
    return chosen


def _list_free() -> list[Claim]:
    listed = exists().where(CeremonyEntry.claim_id == Claim.id)
    written = exists().where(Agreement.claim_id == Claim.id)
    shared = exists().where(ClaimMember.claim_id == Claim.id)
    return list(
        db.session.scalars(
            select(Claim)
            .join(Organisation, Organisation.id == Claim.organisation_id)
            .where(
                Claim.status == ClaimState.ACCEPTED,
                Organisation.status.in_(MAY_FINISH),
                ~listed,
                ~written,
                ~shared,
            )
            .order_by(Claim.id)
        ).unique()
    )


def _list_signers() -> dict[int, User]:
    rows = db.session.scalars(
        select(Membership)
        .where(Membership.is_signer, Membership.status == MembershipState.APPROVED)
        .order_by(Membership.organisation_id, Membership.user_id.desc())
    )
    return {row.organisation_id: row.user for row in rows}


def _confirm(claim: Claim, agent: User) -> Ready:
    organiser = _organiser()
    agreement = draft_agreement(actor=organiser, claim=claim)
    names = {term.name for term in terms_for(claim)}
    edit_terms(
        actor=organiser,
        agreement=agreement,
        version=agreement.row_version,
        terms=agreement.terms | {name: text for name, text in WRITTEN.items() if name in names},
    )
    confirm_text(
        actor=actor_of(agent),
        agreement=agreement,
        organisation=claim.organisation,
        version=agreement.row_version,
    )
    ready = Ready(
        claim.id,
        claim.project.name,
        claim.organisation_id,
        claim.organisation.name,
        agent.username,
    )
    db.session.commit()
    return ready


def _organiser() -> Actor:
    return actor_of(db.session.scalars(select(User).where(User.username == "organiser")).one())
