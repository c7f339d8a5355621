"""What must hold of agreements and commitments, and each place where it does not."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select

from matchplatform.claims.models import Claim
from matchplatform.claims.states import ClaimState
from matchplatform.commitments.bundle_queries import find_bundle_breaches
from matchplatform.commitments.content import hash_of
from matchplatform.commitments.models import Agreement, AgreementConfirmation, Commitment
from matchplatform.commitments.states import (
    FIXED_STATES,
    SIGNED_STATES,
    AgreementState,
    CommitmentState,
)
from matchplatform.files.storage import Storage
from matchplatform.kernel.db import db

AT_ONCE = 200


def find_breaches(storage: Storage) -> Iterator[str]:
    """Yield a line for each agreement, commitment and bundle that is not as it must be."""
    yield from _text_breaches()
    yield from _commitment_breaches()
    yield from _version_breaches()
    yield from find_bundle_breaches(storage)


def _text_breaches() -> Iterator[str]:
    """Recompute every hash, and look whether everybody said yes to that very text."""
    said: dict[int, set[tuple[int, str]]] = defaultdict(set)
    confirmations = select(
        AgreementConfirmation.agreement_id,
        AgreementConfirmation.organisation_id,
        AgreementConfirmation.sha256,
    )
    for agreement_id, organisation_id, sha256 in db.session.execute(confirmations):
        said[agreement_id].add((organisation_id, sha256))
    rows = db.session.execute(
        select(
            Agreement.id, Agreement.number, Agreement.status, Agreement.content, Agreement.sha256
        )
        .where(Agreement.sha256 != "")
        .order_by(Agreement.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for agreement_id, number, status, content, sha256 in rows:
        here = f"agreement {agreement_id} ({number})"
        if content is None or hash_of(content) != sha256:
            yield f"{here}: its text does not have the hash {sha256[:8]}"
            continue
        if status in FIXED_STATES:
            parties = (party.get("organisation_id") for party in content["parties"])
            for key in (int(text) for text in parties if text):
                if (key, sha256) not in said[agreement_id]:
                    yield f"{here}: organisation {key} has not confirmed this text"


def _commitment_breaches() -> Iterator[str]:
    """Hold signed claims, commitments that stand, and what is in force against each other."""
    signed = dict(
        db.session.execute(
            select(Claim.id, Claim.signed_at).where(Claim.status == ClaimState.SIGNED)
        ).all()
    )
    standing = {
        row.claim_id: row
        for row in db.session.execute(
            select(
                Commitment.id,
                Commitment.claim_id,
                Commitment.agreement_id,
                Commitment.signed_at,
                Agreement.claim_id.label("about"),
                Agreement.status,
            )
            .join(Agreement, Agreement.id == Commitment.agreement_id)
            .where(Commitment.status != CommitmentState.REVOKED)
            .order_by(Commitment.id)
        )
    }
    for claim_id in sorted(signed.keys() - standing.keys()):
        yield f"claim {claim_id}: signed, and no commitment stands for it"
    for claim_id, row in sorted(standing.items()):
        here = f"commitment {row.id}"
        if claim_id not in signed:
            yield f"{here}: stands, and its claim {claim_id} is not signed"
        elif signed[claim_id] != row.signed_at:
            yield f"{here}: was signed at another time than its claim {claim_id}"
        if row.about != claim_id:
            yield f"{here}: its agreement is about claim {row.about}, not {claim_id}"
        if row.status is not AgreementState.IN_FORCE:
            yield f"{here}: its agreement {row.agreement_id} is {row.status}, not in force"
    held = {row.agreement_id for row in standing.values()}
    in_force = select(Agreement.id, Agreement.number).where(
        Agreement.status == AgreementState.IN_FORCE
    )
    for agreement_id, number in db.session.execute(in_force.order_by(Agreement.id)):
        if agreement_id not in held:
            yield f"agreement {agreement_id} ({number}): in force, and no commitment stands on it"


def _version_breaches() -> Iterator[str]:
    """Look whether what a supplementary agreement ended has one, and each of these a base."""
    versions: dict[int, set[int]] = defaultdict(set)
    rows = db.session.execute(
        select(Agreement.id, Agreement.claim_id, Agreement.version, Agreement.status)
        .where(Agreement.status.in_(SIGNED_STATES))
        .order_by(Agreement.id)
    ).all()
    for row in rows:
        versions[row.claim_id].add(row.version)
    for row in rows:
        known = versions[row.claim_id]
        if row.status is AgreementState.ENDED and not any(one > row.version for one in known):
            yield f"agreement {row.id}: ended, and nothing took its place"
        if row.version and not any(one < row.version for one in known):
            yield f"agreement {row.id}: changes an agreement that was never signed"
