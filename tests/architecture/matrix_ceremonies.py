"""Ceremonies in planning: the desk, the list, the guests, and what the invited and the public see."""

from datetime import timedelta

from matchplatform.ceremonies.answering import Person, answer_invitation
from matchplatform.ceremonies.guests import add_guests, read_unit
from matchplatform.ceremonies.states import GuestKind
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from tests.architecture.matrix_people import REASON, People
from tests.architecture.matrix_things import Form, Thing, Things
from tests.ceremonies.planning import make_ceremony, make_guest, make_list, make_ready
from tests.factories import actor_for

_DESK = "POST /desk/ceremonies"


def make_planning(people: People) -> tuple[Things, dict[str, Form]]:
    """Make a ceremony that is planned and one that gathers its list, the claimant invited."""
    actor = actor_for(people["org"])
    planned, gathering = make_ceremony(actor, announced=False), make_ceremony(actor)
    entries = make_list(actor, gathering, 2)
    guest = make_guest(actor, gathering, people.claimant)
    answer_invitation(
        actor=actor, guest=guest, version=guest.version, coming=True, people=[Person("李明")]
    )
    make_guest(actor, gathering, unit="西水泉村寄宿小学")
    waiting = add_guests(
        actor=actor,
        ceremony=gathering,
        guests=[read_unit(GuestKind.RECEIVER, "北水泉村寄宿小学", "", "")],
    )
    db.session.commit()
    item = gathering.agenda[0]
    list_form = {
        "version": str(gathering.version), "words": REASON, "down": str(entries[0]),
        "seen": ",".join(map(str, entries)), "order": ",".join(map(str, reversed(entries))),
        "claim": str(make_ready().id), "kind": "receiver", "unit": "南水泉村寄宿小学",
        "guest": str(waiting[0].id),
    }  # fmt: skip
    agenda_form = {
        "seen": ",".join(str(each.id) for each in gathering.agenda), "kind": "speech",
        "title": "受益学校发言", "minutes": "5",
    }  # fmt: skip
    guest_form = {"version": str(guest.version), "words": REASON, "name-0": "李明"}
    here = {"ceremony_id": gathering.id}
    things = {
        "a plan": Thing(
            {"ceremony_id": planned.id}, {**list_form, "version": str(planned.version)}
        ),
        "an intake": Thing({**here, "entry_id": entries[0]}, list_form),
        "an agenda": Thing({**here, "item_id": item.id}, agenda_form),
        "an invited unit": Thing({**here, "guest_id": guest.id, "token": guest.token}, guest_form),
        "no invitation": Thing({"token": "no-such-token"}, {"version": "1"}),
    }
    return things, _forms()


def _forms() -> dict[str, Form]:
    day = clock.today() + timedelta(days=40)
    particulars = {
        "title": "丰宁签约大会", "region_code": "130826", "place": "影剧院", "day": f"{day}",
        "at": "09:30", "answer_by": f"{day}", "capacity": "120", "stage_slots": "6",
        "round_minutes": "4",
    }  # fmt: skip
    one = f"{_DESK}/<int:ceremony_id>"
    return {
        f"{_DESK}/new": particulars,
        f"{one}/edit": particulars,
        f"{one}/list/group": {"down": "", "grouping": "city"},
        f"{one}/guests/paste": {"words": "南水泉村寄宿小学，赵校长"},
    }


TEXT = """
#                    vis hlf agt sec riv pen ret sus non cty ct2 cit ci2 pro bei tia aud adm org rec
GET /desk/ceremonies
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 200 403
GET /desk/ceremonies/export.csv
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 200 403
GET /desk/ceremonies/export.xlsx
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 200 403
GET /desk/ceremonies/new
  -                  in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403
POST /desk/ceremonies/new
  -                  in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
GET /desk/ceremonies/<int:ceremony_id>
  a plan             in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 200 403
  an intake          in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 200 403
GET /desk/ceremonies/<int:ceremony_id>/edit
  an intake          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403
POST /desk/ceremonies/<int:ceremony_id>/edit
  an intake          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
POST /desk/ceremonies/<int:ceremony_id>/announce
  a plan             in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
  an intake          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403
POST /desk/ceremonies/<int:ceremony_id>/postpone
  an intake          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
POST /desk/ceremonies/<int:ceremony_id>/cancel
  an intake          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
POST /desk/ceremonies/<int:ceremony_id>/track
  an intake          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403
POST /desk/ceremonies/<int:ceremony_id>/archive
  an intake          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403
GET /desk/ceremonies/<int:ceremony_id>/list
  an intake          in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 200 403
GET /desk/ceremonies/<int:ceremony_id>/standing
  an intake          in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 200 403
GET /desk/ceremonies/<int:ceremony_id>/guests
  an intake          in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 200 403
GET /desk/ceremonies/<int:ceremony_id>/agenda
  an intake          in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 200 403
GET /desk/ceremonies/<int:ceremony_id>/list/export.csv
  an intake          in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 200 403
GET /desk/ceremonies/<int:ceremony_id>/list/export.xlsx
  an intake          in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 200 403
GET /desk/ceremonies/<int:ceremony_id>/standing/export.csv
  an intake          in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 200 403
GET /desk/ceremonies/<int:ceremony_id>/standing/export.xlsx
  an intake          in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 200 403
GET /desk/ceremonies/<int:ceremony_id>/guests/export.csv
  an intake          in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 200 403
GET /desk/ceremonies/<int:ceremony_id>/guests/export.xlsx
  an intake          in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 200 403
POST /desk/ceremonies/<int:ceremony_id>/list/order
  an intake          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
POST /desk/ceremonies/<int:ceremony_id>/list/move
  an intake          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
POST /desk/ceremonies/<int:ceremony_id>/list/group
  an intake          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
POST /desk/ceremonies/<int:ceremony_id>/list/<int:entry_id>/drop
  an intake          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
GET /desk/ceremonies/<int:ceremony_id>/intake
  an intake          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403
POST /desk/ceremonies/<int:ceremony_id>/intake
  an intake          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
  a plan             in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
GET /desk/ceremonies/<int:ceremony_id>/lock
  an intake          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403
POST /desk/ceremonies/<int:ceremony_id>/lock
  an intake          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
  a plan             in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403
POST /desk/ceremonies/<int:ceremony_id>/agenda
  an agenda          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
POST /desk/ceremonies/<int:ceremony_id>/agenda/<int:item_id>
  an agenda          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
POST /desk/ceremonies/<int:ceremony_id>/agenda/<int:item_id>/up
  an agenda          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
POST /desk/ceremonies/<int:ceremony_id>/agenda/<int:item_id>/down
  an agenda          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
POST /desk/ceremonies/<int:ceremony_id>/agenda/<int:item_id>/drop
  an agenda          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
POST /desk/ceremonies/<int:ceremony_id>/guests/add
  an intake          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
POST /desk/ceremonies/<int:ceremony_id>/guests/paste
  an intake          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
POST /desk/ceremonies/<int:ceremony_id>/guests/listed
  an intake          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
POST /desk/ceremonies/<int:ceremony_id>/guests/invite
  an intake          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
POST /desk/ceremonies/<int:ceremony_id>/guests/remind
  an intake          in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
GET /desk/ceremonies/<int:ceremony_id>/guests/<int:guest_id>
  an invited unit    in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 200 403
POST /desk/ceremonies/<int:ceremony_id>/guests/<int:guest_id>/people
  an invited unit    in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
POST /desk/ceremonies/<int:ceremony_id>/guests/<int:guest_id>/remove
  an invited unit    in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
POST /desk/ceremonies/<int:ceremony_id>/guests/<int:guest_id>/coming
  an invited unit    in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
POST /desk/ceremonies/<int:ceremony_id>/guests/<int:guest_id>/declining
  an invited unit    in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
GET /desk/ceremonies/<int:ceremony_id>/papers/programme.pdf
  an invited unit    in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 200 403
GET /desk/ceremonies/<int:ceremony_id>/papers/names.pdf
  an invited unit    in  in  403 403 403 403 403 403 403 200 404 403 404 403 404 404 200 403 200 403
GET /desk/ceremonies/<int:ceremony_id>/papers/seats.pdf
  an invited unit    in  in  403 403 403 403 403 403 403 200 404 403 404 403 404 404 200 403 200 403
GET /desk/ceremonies/<int:ceremony_id>/papers/invitations.pdf
  an invited unit    in  in  403 403 403 403 403 403 403 200 404 403 404 403 404 404 403 403 200 403
GET /desk/ceremonies/<int:ceremony_id>/papers/programme.docx
  an invited unit    in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 200 403
GET /desk/ceremonies/<int:ceremony_id>/papers/names.docx
  an invited unit    in  in  403 403 403 403 403 403 403 200 404 403 404 403 404 404 200 403 200 403
GET /desk/ceremonies/<int:ceremony_id>/papers/seats.docx
  an invited unit    in  in  403 403 403 403 403 403 403 200 404 403 404 403 404 404 200 403 200 403
GET /desk/ceremonies/<int:ceremony_id>/papers/invitations.docx
  an invited unit    in  in  403 403 403 403 403 403 403 200 404 403 404 403 404 404 403 403 200 403
GET /ceremonies
  -                  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /ceremonies/<int:ceremony_id>
  an intake          200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
  a plan             404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /my/ceremonies
  -                  in  in  200 200 200 200 200 200 200 403 403 403 403 403 403 403 403 403 403 403
GET /my/ceremonies/<int:ceremony_id>
  an invited unit    in  in  200 200 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /my/ceremonies/<int:ceremony_id>/coming
  an invited unit    in  in  303 303 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /my/ceremonies/<int:ceremony_id>/declining
  an invited unit    in  in  303 303 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
GET /invited/<token>
  an invited unit    200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
  no invitation      404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST /invited/<token>/coming
  an invited unit    303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303
  no invitation      404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST /invited/<token>/declining
  an invited unit    303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303
  no invitation      404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
"""
