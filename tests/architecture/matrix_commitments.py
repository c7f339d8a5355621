"""Commitments and the papers on which they stand: their pages, bundles, and what all may verify."""

from matchplatform.commitments.bundles import begin_bundle
from matchplatform.commitments.bundling import Bundler
from matchplatform.config.settings import Settings
from matchplatform.kernel.db import db
from tests.architecture.matrix_people import People
from tests.architecture.matrix_things import Thing, Things
from tests.commitments.making import make_signed
from tests.factories import actor_for, make_claim, make_project

TEXT = """
#                    vis hlf agt sec riv pen ret sus non cty ct2 cit ci2 pro bei tia aud adm org rec
GET /verify
  -                  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /verify/<token>
  a commitment       200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
  no paper           404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /commitments/<int:commitment_id>
  a commitment       in  in  200 200 404 404 404 404 404 200 404 200 404 200 404 404 200 403 200 403
GET /my/commitments
  -                  in  in  200 200 200 200 200 200 200 403 403 403 403 403 403 403 403 403 403 403
GET /my/commitments/export.csv
  -                  in  in  200 200 200 200 200 200 200 403 403 403 403 403 403 403 403 403 403 403
GET /my/commitments/export.xlsx
  -                  in  in  200 200 200 200 200 200 200 403 403 403 403 403 403 403 403 403 403 403
GET /desk/commitments
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 200 403
GET /desk/commitments/export.csv
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 200 403
GET /desk/commitments/export.xlsx
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 200 403
GET /bundles
  -                  in  in  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 403 200 403
POST /bundles
  a commitment       in  in  303 303 404 404 404 404 404 303 404 303 404 303 404 404 303 403 303 403
GET /bundles/<int:bundle_id>
  a bundle           in  in  404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 403 200 403
GET /bundles/<int:bundle_id>/archive.zip
  a bundle           in  in  404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 403 200 403
"""


def make_commitments(people: People, settings: Settings) -> Things:
    """Make a commitment of the claimant, and the organiser's bundle with its paper in it."""
    project = make_project()
    claim = make_claim(project, people.claimant, people["agt"], accepted=True)
    commitment = make_signed(claim)
    bundle = begin_bundle(
        actor=actor_for(people["org"]),
        agreement_ids=[commitment.agreement_id],
        title="签约大会的协议",
        with_docx=False,
    )
    db.session.commit()
    bundler = Bundler(settings)
    while bundler.do_step():
        pass
    return {
        "a commitment": Thing(
            {"commitment_id": commitment.id, "token": commitment.agreement.token},
            {"agreement": str(commitment.agreement_id), "which": "ticked"},
        ),
        "a bundle": Thing({"bundle_id": bundle.id}),
        "no paper": Thing({"token": "no-such-paper-was-made"}),
    }
