"""The forms of projects: shape and wording of what is typed, never rules."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import wtforms
from flask_wtf import FlaskForm
from wtforms.fields import (
    FormField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects.details import LineDetails, ProjectDetails
from matchplatform.projects.fields import (
    DateField,
    DecimalField,
    FieldList,
    IntegerField,
    VersionField,
)
from matchplatform.projects.models import Batch
from matchplatform.projects.states import (
    KIND_WORDS,
    LINE_WORDS,
    OUTCOME_WORDS,
    SECTOR_WORDS,
    CloseOutcome,
    LineKind,
    ProjectKind,
    Sector,
)

ONE = Decimal(1)
# More than the rule allows, so that the rule can speak; few enough to be read quickly.
MOST_READ = 100


class NeededToSubmit:
    """Mark what a draft may leave empty and a submission may not; the verb judges."""

    field_flags = {"required": True}  # noqa: RUF012

    def __call__(self, form: Any, field: Any) -> None:
        """Let everything pass."""


def choices_of(words: Mapping[Any, Words]) -> list[SelectChoice]:
    """Return the members of a StrEnum with their words, to choose from."""
    return [SelectChoice(str(member), label) for member, label in words.items()]


def at_most(most: int) -> Length:
    """Return the validator of a text's length."""
    return Length(max=most, message=_("最多 %(max)d 个字。"))


class LineForm(wtforms.Form):  # type: ignore[misc]
    """One line of what is needed; ``id`` is that of a line that is public already."""

    id = VersionField()
    kind = SelectField(_("种类"), choices=choices_of(LINE_WORDS), default=LineKind.GOODS)
    item = StringField(_("要什么"), validators=[NeededToSubmit(), at_most(60)])
    quantity = DecimalField(_("数量"), validators=[InputRequired(_("请填数量。"))])
    unit = StringField(_("单位"), validators=[NeededToSubmit(), at_most(10)])
    unit_price = DecimalField(_("单价（元）"), validators=[NeededToSubmit(), Optional()])
    min_lot = DecimalField(_("起领"), validators=[Optional()])
    note = StringField(_("说明"), validators=[Optional(), at_most(60)])

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing was typed; the kind is always chosen, the id never typed."""
        given = {self.id.name, self.kind.name}
        typed = (field for field in self if field.name not in given)
        return not any((field._value() or "").strip() for field in typed)

    def details(self) -> LineDetails:
        """Return what was typed; without a smallest lot one piece may be claimed."""
        quantity = self.quantity.data or Decimal(0)
        return LineDetails(
            kind=LineKind(self.kind.data),
            item=self.item.data or "",
            quantity=quantity,
            unit=self.unit.data or "",
            unit_price=self.unit_price.data,
            min_lot=min(ONE, quantity) if self.min_lot.data is None else self.min_lot.data,
            note=self.note.data or "",
        )


class ProjectForm(FlaskForm):  # type: ignore[misc]
    """The long form of a project."""

    version = VersionField()
    name = StringField(
        _("项目名称"), validators=[InputRequired(_("请先给项目起个名字。")), at_most(60)]
    )
    kind = SelectField(_("类型"), choices=choices_of(KIND_WORDS), default=ProjectKind.PROJECT)
    sector = SelectField(
        _("类别"),
        choices=[SelectChoice("", _("请选择")), *choices_of(SECTOR_WORDS)],
        validators=[InputRequired(_("请选一个类别。"))],
    )
    batch_id = SelectField(
        _("批次"),
        coerce=lambda text: int(text) if text else None,
        validators=[Optional()],
    )
    place = StringField(_("地点"), validators=[NeededToSubmit(), at_most(40)])
    owner_unit = StringField(_("责任单位"), validators=[NeededToSubmit(), at_most(80)])
    supervising_unit = StringField(_("监督单位"), validators=[NeededToSubmit(), at_most(80)])
    contact_name = StringField(_("联系人"), validators=[NeededToSubmit(), at_most(40)])
    contact_phone = StringField(_("联系电话"), validators=[NeededToSubmit(), at_most(40)])
    scope_text = TextAreaField(_("实施内容"), validators=[NeededToSubmit(), at_most(2000)])
    outcome_target = TextAreaField(_("绩效目标"), validators=[NeededToSubmit(), at_most(1000)])
    direct_people = IntegerField(_("直接受益"), validators=[Optional()])
    households = IntegerField(_("涉及户数"), validators=[Optional()])
    person_times = IntegerField(_("服务人次"), validators=[Optional()])
    starts_on = DateField(_("开始日"), validators=[NeededToSubmit(), Optional()])
    ends_on = DateField(_("结束日"), validators=[NeededToSubmit(), Optional()])
    claim_deadline = DateField(_("认领截止日"), validators=[NeededToSubmit(), Optional()])
    lines = FieldList(FormField(LineForm), _("条目"), max_entries=MOST_READ)

    def __init__(self, batches: Iterable[Batch], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.batch_id.choices = [
            SelectChoice("", _("不分批次")),
            *(SelectChoice(str(batch.id), batch.name) for batch in batches),
        ]

    def reshape_lines(self, sent: Any) -> bool:
        """Add, drop or raise the line that a button asked for; tell whether one did."""
        entries = self.lines.entries
        dropped, raised = (self._place(sent.get(name, "")) for name in ("drop_line", "raise_line"))
        if dropped is not None:
            del entries[dropped]
        elif raised:
            entries.insert(raised - 1, entries.pop(raised))
        elif "add_line" in sent and len(entries) < MOST_READ:
            self.lines.append_entry()
        # The order on the page is the order of the numbers in the names.
        self.lines._compact_indices()
        return not {"drop_line", "raise_line", "add_line"}.isdisjoint(sent)

    def _place(self, typed: str) -> int | None:
        fits = typed.isascii() and typed.isdigit() and int(typed[:4]) < len(self.lines.entries)
        return int(typed[:4]) if fits else None

    def show_version(self, version: int) -> None:
        """Carry the present version from here on, whatever was sent."""
        self.version.data = str(version)

    @property
    def blank_line(self) -> LineForm:
        """Return the line that the page's script clones; N stands for its number."""
        return LineForm(formdata=None, prefix="lines-N-")

    def validate(self, extra_validators: Any = None) -> bool:
        """Leave out the lines in which nothing was typed, then look at the rest."""
        self.lines.entries = [entry for entry in self.lines.entries if not entry.form.is_blank]
        return bool(super().validate(extra_validators))

    def details(self) -> ProjectDetails:
        """Return what was typed apart from the lines."""
        return ProjectDetails(
            name=self.name.data,
            kind=ProjectKind(self.kind.data),
            sector=Sector(self.sector.data),
            place=self.place.data or "",
            scope_text=self.scope_text.data or "",
            outcome_target=self.outcome_target.data or "",
            direct_people=self.direct_people.data or 0,
            households=self.households.data or 0,
            person_times=self.person_times.data or 0,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            claim_deadline=self.claim_deadline.data,
            owner_unit=self.owner_unit.data or "",
            supervising_unit=self.supervising_unit.data or "",
            contact_name=self.contact_name.data or "",
            contact_phone=self.contact_phone.data or "",
            batch_id=self.batch_id.data,
        )

    def line_details(self) -> list[LineDetails]:
        """Return the lines that were typed."""
        return [entry.form.details() for entry in self.lines.entries]


class StepForm(FlaskForm):  # type: ignore[misc]
    """A button: the version on which it acts."""

    version = VersionField()

    @property
    def typed_reason(self) -> str:
        """Return the reason that was typed."""
        return ""

    @property
    def chosen_outcome(self) -> CloseOutcome:
        """Return the outcome that was chosen; only closing asks for one."""
        raise TypeError("this step has no outcome")


class ReasonForm(StepForm):
    """A button that asks why."""

    reason = TextAreaField(
        _("原因"), validators=[InputRequired(_("请写明原因，至少五个字。")), at_most(500)]
    )

    @property
    def typed_reason(self) -> str:
        """Return the reason that was typed."""
        return self.reason.data or ""


class CloseForm(ReasonForm):
    """How a project ends, and why."""

    # Merging has a page of its own, where one says into what.
    outcome = SelectField(
        _("怎样关闭"),
        choices=choices_of(
            {one: words for one, words in OUTCOME_WORDS.items() if one is not CloseOutcome.MERGED}
        ),
    )

    @property
    def chosen_outcome(self) -> CloseOutcome:
        """Return the outcome that was chosen."""
        return CloseOutcome(self.outcome.data)


def field_labels() -> dict[str, Words]:
    """Return what the fields of a project are called, by name."""
    form = ProjectForm((), formdata=None, meta={"csrf": False})
    return {field.name: field.label.text for field in form}
