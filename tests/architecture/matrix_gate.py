"""The quality gate: what it asks, two needs side by side, and the price table of the province."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from matchplatform.kernel.db import db
from matchplatform.projects.gate import find_seen
from matchplatform.projects.gate_models import Verdict
from matchplatform.projects.models import Project
from matchplatform.projects.prices import PriceDetails, add_price
from matchplatform.projects.states import ProjectState
from matchplatform.quality.needs import RuleName
from tests.architecture.matrix_people import REASON, People
from tests.architecture.matrix_things import Form, Thing, Things
from tests.factories import MONEY, QUILTS, actor_for, make_project

ELSEWHERE = "130826"
DEAR = replace(QUILTS, unit_price=Decimal(450))
PRICE = {
    "unit": "辆", "low": "500", "high": "900", "source": "三县询价", "as_of": "2020-05-01",
}  # fmt: skip
FORMS: dict[str, Form] = {"POST /desk/prices/new": {"item": "轮椅", **PRICE}}


def make_gate(people: People) -> Things:
    """Make needs that ask for a reason: a draft, and a verified one that the table overtook.

    Another that is open is like them, and so is a draft elsewhere, which their county may not read.
    """
    lines = (MONEY, DEAR)
    drafted = make_project(state=ProjectState.DRAFT, lines=lines)
    verified = make_project(state=ProjectState.VERIFIED, lines=lines)
    shown = make_project()
    hidden = make_project(state=ProjectState.DRAFT, region=ELSEWHERE)
    details = PriceDetails("被褥", "套", Decimal(150), Decimal(300), "询价", date(2020, 5, 1))
    row = add_price(actor=actor_for(people["pro"]), details=details)
    db.session.commit()
    form = {"item": "被褥", **PRICE, "version": str(row.version), "reason": REASON}
    return {
        "a price": Thing({"row_id": row.id}, form),
        "a dear draft": _asked(people, drafted, shown),
        "a dear verified": _asked(people, verified, shown),
        "draft and hidden": _asked(people, drafted, hidden),
        "open and hidden": _beside(shown, hidden),
    }


def _asked(people: People, project: Project, other: Project) -> Thing:
    seen = find_seen(actor_for(people["cit"]), project)
    [box] = [one.key for one in seen if one.finding.rule is RuleName.PRICE_TABLE]
    thing = _beside(project, other)
    thing.form[f"reason-{box}"] = REASON
    return thing


def _beside(project: Project, other: Project) -> Thing:
    form = {"version": str(project.version), "verdict": str(Verdict.NOT_SAME), "reason": REASON}
    return Thing({"number": project.number, "other": other.number}, form)


TEXT = """
#                    vis hlf agt sec riv pen ret sus non cty ct2 cit ci2 pro bei tia aud adm org rec
GET /desk/projects/<string:number>/gate
  draft              in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 403 403
  open               in  in  403 403 403 403 403 403 403 200 403 200 403 200 403 403 200 403 403 403
POST /desk/projects/<string:number>/gate
  draft              in  in  403 403 403 403 403 403 403 400 404 403 404 403 404 404 403 403 403 403
  sent               in  in  403 403 403 403 403 403 403 409 404 409 404 409 404 404 403 403 403 403
  open               in  in  403 403 403 403 403 403 403 403 403 400 403 400 403 403 403 403 403 403
  a dear draft       in  in  403 403 403 403 403 403 403 303 404 403 404 403 404 404 403 403 403 403
  a dear verified    in  in  403 403 403 403 403 403 403 403 404 303 404 303 404 404 403 403 403 403
GET /desk/projects/<string:number>/like/<string:other>
  a dear draft       in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 403 403
  draft and hidden   in  in  403 403 403 403 403 403 403 404 404 404 404 200 404 404 200 403 403 403
  open and hidden    in  in  403 403 403 403 403 403 403 404 403 404 403 200 403 403 200 403 403 403
POST /desk/projects/<string:number>/like/<string:other>
  a dear draft       in  in  403 403 403 403 403 403 403 303 404 403 404 403 404 404 403 403 403 403
  a dear verified    in  in  403 403 403 403 403 403 403 403 404 303 404 303 404 404 403 403 403 403
  draft and hidden   in  in  403 403 403 403 403 403 403 404 404 404 404 403 404 404 403 403 403 403
  open and hidden    in  in  403 403 403 403 403 403 403 404 403 404 403 303 403 403 403 403 403 403
GET /desk/prices
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 403 403
GET /desk/prices/new
  -                  in  in  403 403 403 403 403 403 403 403 403 403 403 200 403 403 403 403 403 403
POST /desk/prices/new
  -                  in  in  403 403 403 403 403 403 403 403 403 403 403 303 403 403 403 403 403 403
GET /desk/prices/<int:row_id>
  a price            in  in  403 403 403 403 403 403 403 403 403 403 403 200 403 403 403 403 403 403
POST /desk/prices/<int:row_id>
  a price            in  in  403 403 403 403 403 403 403 403 403 403 403 303 403 403 403 403 403 403
POST /desk/prices/<int:row_id>/remove
  a price            in  in  403 403 403 403 403 403 403 403 403 403 403 303 403 403 403 403 403 403
"""
