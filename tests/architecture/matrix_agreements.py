"""Agreements: drafted, written, confirmed, frozen, signed, changed, printed."""

from matchplatform.commitments.models import Agreement
from matchplatform.kernel import clock
from tests.architecture.matrix_people import REASON, People
from tests.architecture.matrix_things import Form, Thing, Things
from tests.commitments.making import make_confirmed, make_draft, make_frozen, make_signed
from tests.factories import make_claim, make_project
from tests.files import samples

TEXT = """
#                    vis hlf agt sec riv pen ret sus non cty ct2 cit ci2 pro bei tia aud adm org rec
GET /claims/<int:claim_id>/agreement
  to be drafted      in  in  200 200 404 404 404 404 404 200 404 200 404 200 404 404 200 403 200 403
  drafted            in  in  200 200 404 404 404 404 404 200 404 200 404 200 404 404 200 403 200 403
  signed             in  in  200 200 404 404 404 404 404 200 404 200 404 200 404 404 200 403 200 403
POST /claims/<int:claim_id>/agreement
  to be drafted      in  in  403 403 403 403 403 403 403 303 404 303 404 403 404 404 403 403 303 403
  drafted            in  in  403 403 403 403 403 403 403 409 404 409 404 403 404 404 403 403 409 403
POST /agreements/<int:agreement_id>/terms
  drafted            in  in  403 403 403 403 403 403 403 303 404 303 404 403 404 404 403 403 303 403
  frozen             in  in  403 403 403 403 403 403 403 409 404 409 404 403 404 404 403 403 409 403
POST /agreements/<int:agreement_id>/confirm/<int:organisation_id>
  drafted            in  in  303 403 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
  confirmed          in  in  409 403 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /agreements/<int:agreement_id>/freeze
  confirmed          in  in  403 403 403 403 403 403 403 303 404 303 404 403 404 404 403 403 303 403
  drafted            in  in  403 403 403 403 403 403 403 409 404 409 404 403 404 404 403 403 409 403
POST /agreements/<int:agreement_id>/discard
  frozen             in  in  403 403 403 403 403 403 403 303 404 303 404 403 404 404 403 403 303 403
  signed             in  in  403 403 403 403 403 403 403 409 404 409 404 403 404 404 403 403 409 403
POST /agreements/<int:agreement_id>/supplement
  signed             in  in  403 403 403 403 403 403 403 303 404 303 404 403 404 404 403 403 303 403
  frozen             in  in  403 403 403 403 403 403 403 409 404 409 404 403 404 404 403 403 409 403
POST /agreements/<int:agreement_id>/sign
  frozen             in  in  403 403 403 403 403 403 403 303 404 303 404 403 404 404 403 403 303 403
  signed             in  in  403 403 403 403 403 403 403 409 404 409 404 403 404 404 403 403 409 403
POST /agreements/<int:agreement_id>/unsign
  signed             in  in  403 403 403 403 403 403 403 303 404 303 404 403 404 404 403 403 303 403
  frozen             in  in  403 403 403 403 403 403 403 409 404 409 404 403 404 404 403 403 409 403
POST /agreements/<int:agreement_id>/scans
  signed             in  in  403 403 403 403 403 403 403 303 404 303 404 403 404 404 403 403 303 403
  drafted            in  in  403 403 403 403 403 403 403 409 404 409 404 403 404 404 403 403 409 403
GET /agreements/<int:agreement_id>.pdf
  frozen             in  in  200 200 404 404 404 404 404 200 404 200 404 200 404 404 200 403 200 403
GET /agreements/<int:agreement_id>.docx
  frozen             in  in  200 200 404 404 404 404 404 200 404 200 404 200 404 404 200 403 200 403
"""

FORMS: dict[str, Form] = {
    "POST /agreements/<int:agreement_id>/sign": {"scan": samples.pdf()},
    "POST /agreements/<int:agreement_id>/scans": {"scan": samples.pdf()},
}


def make_agreements(people: People) -> Things:
    """Make the claimant's agreements, one at every step."""
    claims = [
        make_claim(make_project(), people.claimant, people["agt"], accepted=True) for _ in range(5)
    ]
    return {
        "to be drafted": Thing({"claim_id": claims[0].id}),
        "drafted": _thing(make_draft(claims[1])),
        "confirmed": _thing(make_confirmed(claims[2])),
        "frozen": _thing(make_frozen(claims[3])),
        "signed": _thing(make_signed(claims[4]).agreement),
    }


def _thing(agreement: Agreement) -> Thing:
    return Thing(
        {
            "agreement_id": agreement.id,
            "claim_id": agreement.claim_id,
            "organisation_id": agreement.organisation_id,
        },
        {
            "version": str(agreement.row_version),
            "words": REASON,
            "signed_on": f"{clock.today()}",
        },
    )
