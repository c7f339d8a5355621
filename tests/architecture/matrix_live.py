"""The day of a ceremony: screens, console, check-in, results and late signatures."""

from sqlalchemy import select

from matchplatform.ceremonies.arrivals import check_in
from matchplatform.ceremonies.models import CeremonyGuest
from matchplatform.ceremonies.running import close_ceremony, pause_ceremony
from matchplatform.ceremonies.signing import sign_entry, sign_late
from matchplatform.kernel.db import db
from tests.architecture.matrix_people import REASON
from tests.architecture.matrix_things import Form, Thing, Things
from tests.ceremonies.day import Day, add_entry_again, make_day
from tests.files import samples

_DESK = "POST /desk/ceremonies/<int:ceremony_id>"
FORMS: dict[str, Form] = {
    f"{_DESK}/check-in/<int:guest_id>/proxies/<int:attendee_id>": {"letter": samples.photo()},
}


def make_live() -> Things:
    """Make days of signing: locked, live, paused, closed with an addendum, and signed late."""
    live = make_day(2).begin()
    sign_entry(actor=live.operator, entry=live.entries[0])
    guest = _guest_of(live)
    check_in(actor=live.operator, guest=guest, attendees=guest.attendees)
    db.session.commit()
    paused = make_day(1).begin()
    pause_ceremony(actor=paused.operator, ceremony=paused.ceremony)
    db.session.commit()
    late = _closed()
    sign_late(actor=late.operator, entry=late.entries[-1])
    db.session.commit()
    return {
        "a locked day": _thing(make_day(1)),
        "a live day": _thing(live),
        "a paused day": _thing(paused),
        "a closed day": _thing(_closed()),
        "a late signature": _thing(late),
        "no day": Thing({"token": "no-such-token"}),
    }


def _closed() -> Day:
    day = make_day(1).begin()
    close_ceremony(actor=day.operator, ceremony=day.ceremony, seen=day.ceremony.seq)
    db.session.commit()
    add_entry_again(day, day.entries[0].claim)
    return day


def _guest_of(day: Day) -> CeremonyGuest:
    return db.session.scalars(
        select(CeremonyGuest).where(CeremonyGuest.ceremony_id == day.ceremony.id).limit(1)
    ).one()


def _thing(day: Day) -> Thing:
    ceremony, entry, guest = day.ceremony, day.entries[-1], _guest_of(day)
    attendee = guest.attendees[0].id
    args = {
        "ceremony_id": ceremony.id, "token": ceremony.hall_token, "entry_id": entry.id,
        "guest_id": guest.id, "attendee_id": attendee,
    }  # fmt: skip
    form = {
        "entry": str(entry.id), "seen": str(ceremony.seq), "last": str(ceremony.seq),
        "item": str(ceremony.agenda[0].id), "reason": REASON, "unit": "县里来的某学校",
        "name": "周七", "attendee": str(attendee),
    }  # fmt: skip
    return Thing(args, form)


# The stream of a live day lasts a minute: tests/ceremonies/test_hall.py reads it.
TEXT = """
#                    vis hlf agt sec riv pen ret sus non cty ct2 cit ci2 pro bei tia aud adm org rec
GET /hall/<token>/screen
  a locked day       200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
  a live day         200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
  no day             404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /hall/<token>/stage
  a locked day       200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
  a live day         200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
  no day             404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /hall/<token>/state
  a live day         200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
  no day             404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /hall/<token>/events
  a locked day       204 204 204 204 204 204 204 204 204 204 204 204 204 204 204 204 204 204 204 204
  no day             404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /desk/ceremonies/<int:ceremony_id>/console
  a locked day       in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403
  a live day         in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403
  a closed day       in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403
POST /desk/ceremonies/<int:ceremony_id>/console/begin
  a locked day       in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
  a live day         in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403
POST /desk/ceremonies/<int:ceremony_id>/console/call
  a live day         in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
  a paused day       in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403
POST /desk/ceremonies/<int:ceremony_id>/console/sign
  a live day         in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
  a paused day       in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403
POST /desk/ceremonies/<int:ceremony_id>/console/skip
  a live day         in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
  a paused day       in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403
POST /desk/ceremonies/<int:ceremony_id>/console/item
  a live day         in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
  a paused day       in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403
POST /desk/ceremonies/<int:ceremony_id>/console/pause
  a live day         in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
  a paused day       in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403
POST /desk/ceremonies/<int:ceremony_id>/console/resume
  a paused day       in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
  a live day         in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403
POST /desk/ceremonies/<int:ceremony_id>/console/undo
  a live day         in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
  a locked day       in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403
POST /desk/ceremonies/<int:ceremony_id>/console/close
  a live day         in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
  a closed day       in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403
GET /desk/ceremonies/<int:ceremony_id>/check-in
  a locked day       in  in  403 403 403 403 403 403 403 200 404 404 404 404 404 404 403 403 200 403
  a closed day       in  in  403 403 403 403 403 403 403 200 404 404 404 404 404 404 403 403 200 403
POST /desk/ceremonies/<int:ceremony_id>/check-in/walk-ins
  a locked day       in  in  403 403 403 403 403 403 403 303 404 404 404 404 404 404 403 403 303 403
  a closed day       in  in  403 403 403 403 403 403 403 409 404 404 404 404 404 404 403 403 409 403
GET /desk/ceremonies/<int:ceremony_id>/check-in/<int:guest_id>
  a locked day       in  in  403 403 403 403 403 403 403 200 404 404 404 404 404 404 403 403 200 403
POST /desk/ceremonies/<int:ceremony_id>/check-in/<int:guest_id>/arrive
  a locked day       in  in  403 403 403 403 403 403 403 303 404 404 404 404 404 404 403 403 303 403
  a closed day       in  in  403 403 403 403 403 403 403 409 404 404 404 404 404 404 403 403 409 403
POST /desk/ceremonies/<int:ceremony_id>/check-in/<int:guest_id>/undo
  a live day         in  in  403 403 403 403 403 403 403 303 404 404 404 404 404 404 403 403 303 403
  a locked day       in  in  403 403 403 403 403 403 403 409 404 404 404 404 404 404 403 403 409 403
POST /desk/ceremonies/<int:ceremony_id>/check-in/<int:guest_id>/people
  a locked day       in  in  403 403 403 403 403 403 403 303 404 404 404 404 404 404 403 403 303 403
  a closed day       in  in  403 403 403 403 403 403 403 409 404 404 404 404 404 404 403 403 409 403
POST /desk/ceremonies/<int:ceremony_id>/check-in/<int:guest_id>/proxies/<int:attendee_id>
  a locked day       in  in  403 403 403 403 403 403 403 303 404 404 404 404 404 404 403 403 303 403
  a live day         in  in  403 403 403 403 403 403 403 409 404 404 404 404 404 404 403 403 409 403
GET /ceremonies/<int:ceremony_id>/results
  a closed day       200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /desk/ceremonies/<int:ceremony_id>/report
  a closed day       in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 200 403
  a live day         in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 200 403
GET /desk/ceremonies/<int:ceremony_id>/report.pdf
  a closed day       in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 200 403
GET /desk/ceremonies/<int:ceremony_id>/report.xlsx
  a closed day       in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 200 403
POST /desk/ceremonies/<int:ceremony_id>/late/<int:entry_id>/sign
  a closed day       in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
  a late signature   in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403
  a live day         in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403
POST /desk/ceremonies/<int:ceremony_id>/late/<int:entry_id>/undo
  a late signature   in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403
  a closed day       in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403
"""
