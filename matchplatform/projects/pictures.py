"""Verbs of a project's pictures: add, word, order, remove; doubt that a person agreed, confirm it."""

import re
from dataclasses import dataclass
from datetime import date

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.files.kinds import Purpose
from matchplatform.files.photo_uploads import PhotoUpload
from matchplatform.files.services import store_photo
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput, StaleVersion
from matchplatform.kernel.i18n import Words, mark
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.reasons import clean_reason
from matchplatform.kernel.text import tidy
from matchplatform.notifications.services import tell
from matchplatform.projects.attachments import (
    Direction,
    check_room,
    check_there,
    lock_project,
    move,
    note_author,
    open_for_writing,
    place_of,
    take_away,
)
from matchplatform.projects.models import Project
from matchplatform.projects.picture_models import ProjectPicture
from matchplatform.projects.picture_privacy import find_private
from matchplatform.projects.picture_queries import last_position, list_pictures
from matchplatform.projects.telling import record_project

MOST_PICTURES = 12
SHORTEST_ALT = 5
LONGEST_ALT, LONGEST_CAPTION, LONGEST_NAME = 120, 200, 60
OLDEST = date(1980, 1, 1)

# What a camera or a chat calls a file says nothing to somebody who cannot see it.
_FILE_NAME = re.compile(r"\.(jpe?g|png|heic)$|^(img|dsc|mmexport|wx_camera)[\W_\d]", re.I)
_SAYS_SOMETHING = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True)
class PictureWords:
    """What is told of a picture; ``consent``: nobody can be recognised, or whoever can agreed."""

    alt_text: str
    caption: str = ""
    taken_by: str = ""
    taken_on: date | None = None
    consent: bool = False

    def tidied(self) -> "PictureWords":
        """Return the words without what cannot be seen."""
        return PictureWords(
            tidy(self.alt_text), tidy(self.caption), tidy(self.taken_by), self.taken_on,
            self.consent,
        )  # fmt: skip


def add_picture(
    *, actor: Actor, project: Project, upload: PhotoUpload, words: PictureWords
) -> ProjectPicture:
    """Add a photograph to a draft, after those that are there.

    Raises:
        InvalidInput: words are missing, the person has not agreed, there is no room, or it is there.
    """
    open_for_writing(actor, project)
    words = words.tidied()
    _check_words(project, words)
    there = list_pictures(project)
    if len(there) >= MOST_PICTURES:
        raise _at("photo", _("一个项目最多 %(most)s 张照片。", most=MOST_PICTURES))
    check_room(project, adding=upload.bytes_in_all, field="photo")
    file = store_photo(actor=actor, upload=upload, place=place_of(project, Purpose.PICTURE))
    if file.id in {picture.file_id for picture in there}:
        raise _at("photo", _("这张照片已经传过了。"))
    note_author(actor, project)
    picture = ProjectPicture(
        project_id=project.id,
        file=file,
        position=last_position(there) + 1,
        added_at=clock.now(),
        alt_text=words.alt_text,
        caption=words.caption,
        taken_by=words.taken_by,
        taken_on=words.taken_on,
        consent=True,
    )
    db.session.add(picture)
    _record(actor, "picture.add", project, picture)
    return picture


def word_picture(
    *, actor: Actor, project: Project, picture: ProjectPicture, version: int, words: PictureWords
) -> ProjectPicture:
    """Correct what is told of a picture while the project is being written.

    Raises:
        InvalidInput: words are missing, or the person has not agreed.
        StaleVersion: somebody else corrected it meanwhile.
    """
    open_for_writing(actor, project)
    check_there(picture)
    if picture.version != version:
        raise StaleVersion()
    words = words.tidied()
    _check_words(project, words)
    note_author(actor, project)
    picture.alt_text, picture.caption = words.alt_text, words.caption
    picture.taken_by, picture.taken_on = words.taken_by, words.taken_on
    picture.consent, picture.doubt = True, ""
    picture.version += 1
    _record(actor, "picture.word", project, picture)
    return picture


def move_picture(
    *, actor: Actor, project: Project, picture: ProjectPicture, direction: Direction
) -> ProjectPicture:
    """Move a picture one place up or down."""
    open_for_writing(actor, project)
    check_there(picture)
    move(list_pictures(project), picture, direction)
    _record(actor, "picture.move", project, picture)
    return picture


def remove_picture(*, actor: Actor, project: Project, picture: ProjectPicture, reason: str) -> None:
    """Take a picture away, also from a public project: whoever is on it may change their mind."""
    take_away(actor, project, picture, "picture.remove", reason)


def doubt_consent(
    *, actor: Actor, project: Project, picture: ProjectPicture, reason: str
) -> ProjectPicture:
    """Mark a picture as of a person who did not agree: the public sees it no more, at once."""
    check(actor, Permission.PICTURE_DOUBT, project)
    lock_project(project)
    check_there(picture)
    if not picture.consent:
        raise Conflict(_("这张照片已经标为没有同意，公众看不到。"))
    picture.doubt = clean_reason(reason)
    picture.consent = False
    picture.version += 1
    tell(
        project.author_ids,
        mark("“%(name)s”（%(number)s）的一张照片标为没有本人同意：%(reason)s"),
        f"/desk/projects/{project.number}/pictures",
        name=project.name,
        number=project.number,
        reason=picture.doubt,
    )
    _record(actor, "picture.doubt", project, picture, picture.doubt)
    return picture


def confirm_consent(
    *, actor: Actor, project: Project, picture: ProjectPicture, reason: str
) -> ProjectPicture:
    """Show a doubted picture again: the county says who agreed, or why nobody can be recognised."""
    check(actor, Permission.PROJECT_WRITE, project)
    lock_project(project)
    check_there(picture)
    if picture.consent:
        raise Conflict(_("这张照片没有标为没有同意。"))
    said = clean_reason(reason)
    picture.consent, picture.doubt = True, ""
    picture.version += 1
    _record(actor, "picture.confirm", project, picture, said)
    return picture


def _check_words(project: Project, words: PictureWords) -> None:
    wrong = find_private(project, {"alt_text": words.alt_text, "caption": words.caption})
    wrong |= find_private(project, {"taken_by": words.taken_by})
    if len(words.alt_text) < SHORTEST_ALT or not _SAYS_SOMETHING.search(words.alt_text):
        wrong["alt_text"] = _("请用一句话写照片里有什么，看不见照片的人靠它知道内容。")
    elif _FILE_NAME.search(words.alt_text):
        wrong["alt_text"] = _("这像是文件名，请用一句话写照片里有什么。")
    elif len(words.alt_text) > LONGEST_ALT:
        wrong["alt_text"] = _("最多 %(count)s 个字。", count=LONGEST_ALT)
    if len(words.caption) > LONGEST_CAPTION:
        wrong["caption"] = _("最多 %(count)s 个字。", count=LONGEST_CAPTION)
    if not words.taken_by:
        wrong["taken_by"] = _("请填谁拍的，单位也可以。")
    elif len(words.taken_by) > LONGEST_NAME:
        wrong["taken_by"] = _("最多 %(count)s 个字。", count=LONGEST_NAME)
    if words.taken_on is not None and not OLDEST <= words.taken_on <= clock.today():
        wrong["taken_on"] = _("请填拍照的日子，不能晚于今天。")
    if not words.consent:
        wrong["consent"] = _(
            "照片里能认出谁，就要有本人（未成年人由监护人）书面同意才能传；没有就请换一张。"
        )
    if wrong:
        raise InvalidInput(fields=wrong)


def _at(field: str, words: Words) -> InvalidInput:
    return InvalidInput(fields={field: words})


def _record(
    actor: Actor, action: str, project: Project, picture: ProjectPicture, reason: str = ""
) -> None:
    db.session.flush()
    detail: dict[str, object] = {
        "id": picture.id,
        "file": picture.file_id,
        "position": picture.position,
        "consent": picture.consent,
    }
    record_project(actor, action, project, reason, detail)
