"""Agreements of the demo: drafted, written, confirmed, frozen, and signed outside a ceremony."""

from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from matchplatform.access.actor import Actor
from matchplatform.claims.models import Claim
from matchplatform.commitments.freezing import freeze_agreement
from matchplatform.commitments.models import Agreement
from matchplatform.commitments.queries import agreements_of
from matchplatform.commitments.services import confirm_text, draft_agreement, edit_terms
from matchplatform.commitments.signing import sign_outside
from matchplatform.commitments.terms import terms_for
from matchplatform.files.examine import examine
from matchplatform.files.receiving import current_limits, current_storage
from matchplatform.kernel.db import db
from matchplatform.organisations.models import Organisation
from matchplatform.seeding.cast import Cast
from matchplatform.seeding.ceremony_rows import AgreementRow
from matchplatform.seeding.timetable import Timetable, working_minute

SIZE = (900, 1273)
PAPER, INK, SEAL = (252, 249, 240), (60, 60, 60), (178, 34, 34)


def plan_agreements(timetable: Timetable, cast: Cast, rows: list[AgreementRow]) -> None:
    """Put the steps of agreements on the timetable."""
    for serial, row in enumerate(rows):
        made = _Made(cast, row, serial, timetable.today)
        minute = working_minute(serial)
        timetable.add(row.drafted_day, minute, made.draft)
        if row.written_day is not None:
            timetable.add(row.written_day, minute + 5, made.write)
        if row.confirmed_day is not None:
            timetable.add(row.confirmed_day, minute + 10, made.confirm)
        if row.frozen_day is not None:
            timetable.add(row.frozen_day, minute + 15, made.freeze)
        if row.signed_day is not None:
            timetable.add(row.signed_day, minute + 20, made.sign)


def draw_signed(sha256: str) -> bytes:
    """Return a scan of a signed agreement that nobody can take for a real one, as JPEG."""
    picture = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(picture)
    width, height = SIZE
    title, text = ImageFont.load_default(40), ImageFont.load_default(22)
    pen.text((width // 2, 130), "DEMO - NOT AN AGREEMENT", INK, title, "mm")
    for half, top in ((sha256[:32], 210), (sha256[32:], 245)):
        pen.text((width // 2, top), half, INK, text, "mm")
    for row in range(18):
        pen.line((110, 330 + row * 34, width - (110 if row % 5 else 330), 330 + row * 34), INK, 2)
    for left in (140, 380, 620):
        pen.ellipse((left, 1010, left + 150, 1160), outline=SEAL, width=5)
        pen.text((left + 75, 1085), "DEMO", SEAL, text, "mm")
    pen.text((width // 2, height - 50), "nobody signed this", INK, text, "mm")
    drawn = BytesIO()
    picture.save(drawn, "JPEG", quality=80)
    return drawn.getvalue()


@dataclass(frozen=True)
class _Made:
    """One agreement on its way: its county writes, the signers say yes."""

    cast: Cast
    row: AgreementRow
    serial: int
    today: date

    def draft(self) -> None:
        draft_agreement(actor=self._county(), claim=self._claim())

    def write(self) -> None:
        agreement = self._agreement()
        typed = {
            "donee_account": self.row.account,
            "receipt_issuer": self.row.receipt_issuer,
            "organisation_contact": self.row.contact,
        }
        wanted = {term.name for term in terms_for(agreement.claim)}
        edit_terms(
            actor=self._county(),
            agreement=agreement,
            version=agreement.row_version,
            terms=agreement.terms
            | {name: text for name, text in typed.items() if text and name in wanted},
        )

    def confirm(self) -> None:
        agents = {key: name for name, key in self.cast.organisation_ids.items()}
        for key in sorted(self._claim().active_ids):
            if self.row.confirmed_by and agents[key] not in self.row.confirmed_by:
                continue
            agreement = self._agreement()
            confirm_text(
                actor=self.cast.actors[agents[key]],
                agreement=agreement,
                organisation=db.session.get_one(Organisation, key),
                version=agreement.row_version,
            )

    def freeze(self) -> None:
        freeze_agreement(actor=self._county(), agreement=self._agreement())

    def sign(self) -> None:
        agreement = self._agreement()
        drawn = BytesIO(draw_signed(agreement.sha256))
        upload = examine(current_storage(), drawn, self.row.filename, current_limits())
        try:
            sign_outside(
                actor=self._county(),
                agreement=agreement,
                version=agreement.row_version,
                upload=upload,
                signed_on=self.today + timedelta(days=self.row.signed_day or 0),
            )
        finally:
            upload.discard()

    def _county(self) -> Actor:
        return self.cast.officer(self._claim().region_code, self.serial)

    def _claim(self) -> Claim:
        return self.cast.claim(self.row.username, self.row.number)

    def _agreement(self) -> Agreement:
        claim_id = self.cast.claim_ids[self.row.username, self.row.number]
        return agreements_of([claim_id])[claim_id]
