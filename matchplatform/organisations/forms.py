"""What an organisation tells of itself, as it is typed."""

from decimal import Decimal
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import EqualTo
from wtforms.widgets import CheckboxInput, ListWidget

from matchplatform.access.fields import PlainForm, at_most, choices_of, grouped_choices, needed
from matchplatform.accounts.forms import folded, username_rule
from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import WAN, format_number
from matchplatform.kernel.numbers import parse_decimal
from matchplatform.kernel.sectors import SECTOR_WORDS
from matchplatform.kernel.text import fold
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.services import GRADES, OrganisationDetails
from matchplatform.organisations.states import TYPE_WORDS, OrganisationType
from matchplatform.organisations.uscc import clean_uscc
from matchplatform.regions.choices import registration_regions

LARGEST_BUDGET = Decimal(10) ** 12


class OrganisationForm(PlainForm):
    """The facts of an organisation; ``version`` is the one that the page showed."""

    name = StringField(_("组织全称"), validators=[needed(), at_most(80)])
    org_type = RadioField(
        _("组织类型"),
        choices=choices_of(TYPE_WORDS),
        validators=[needed(_("请选组织类型。"))],
        invalid_choice_message=_("请选组织类型。"),
    )
    registration_authority = StringField(_("登记管理机关"), validators=[needed(), at_most(80)])
    registration_region = SelectField(
        _("登记管理机关所在地区"),
        choices=lambda: grouped_choices(registration_regions(), _("请选地区")),
        invalid_choice_message=_("请从列表里选一个地区。"),
        validators=[needed(_("请选登记管理机关所在的地区。"))],
    )
    supervising_body = StringField(_("业务主管单位"), validators=[needed(), at_most(80)])
    legal_rep = StringField(
        _("法定代表人"), validators=[needed(), at_most(40)], render_kw={"autocomplete": "off"}
    )
    business_scope = TextAreaField(_("业务范围"), validators=[needed(), at_most(2000)])
    mission = TextAreaField(_("宗旨"), validators=[needed(), at_most(2000)])
    focus_sectors = SelectMultipleField(
        _("主要帮扶方向"),
        choices=choices_of(SECTOR_WORDS),
        invalid_choice_message=_("请从列表里选。"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[needed(_("请至少选一个方向。"))],
    )
    annual_budget = StringField(
        _("年度预算"),
        validators=[needed(), at_most(20)],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    grade = SelectField(
        _("评估等级"),
        choices=choices_of({grade: grade or _("没有评估过，或已过期") for grade in GRADES}),
        invalid_choice_message=_("请从列表里选。"),
    )
    is_charity = BooleanField(_("是慈善组织"))
    can_fundraise_publicly = BooleanField(_("有公开募捐资格"))
    version = HiddenField(default="")

    def validate_annual_budget(self, field: Any) -> None:
        """Refuse what is no amount."""
        try:
            self.budget_in_yuan()
        except InvalidInput as error:
            raise ValidationError(error.words) from error

    def budget_in_yuan(self) -> Decimal:
        """Return the yearly budget in yuan: typed in 万元, or with a unit of its own.

        Raises:
            InvalidInput: it is no number, has more than two decimals, or is out of reason.
        """
        typed = fold(self.annual_budget.data or "")
        number = parse_decimal(typed.removesuffix("元"))
        if number is None:
            raise InvalidInput(_("请填年度预算。"))
        yuan = number if typed.endswith(("元", "万", "亿")) else number * WAN
        if yuan % 100 or yuan >= LARGEST_BUDGET:
            raise InvalidInput(_("单位是万元，最多两位小数。"))
        return yuan

    def details(self) -> OrganisationDetails:
        """Return what was typed, as the verbs take it; only after the form was found valid."""
        return OrganisationDetails(
            name=self.name.data,
            org_type=OrganisationType(self.org_type.data),
            registration_authority=self.registration_authority.data,
            registration_region=self.registration_region.data,
            supervising_body=self.supervising_body.data,
            business_scope=self.business_scope.data,
            mission=self.mission.data,
            legal_rep=self.legal_rep.data,
            annual_budget=self.budget_in_yuan(),
            focus_sectors=tuple(self.focus_sectors.data),
            grade=self.grade.data or "",
            is_charity=self.is_charity.data,
            can_fundraise_publicly=self.can_fundraise_publicly.data,
        )


class RegistrationForm(OrganisationForm):
    """An organisation's facts with its code and the account of its agent."""

    uscc = StringField(
        _("统一社会信用代码"),
        validators=[needed()],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    display_name = StringField(
        _("经办人姓名"), validators=[needed(), at_most(60)], render_kw={"autocomplete": "name"}
    )
    username = StringField(
        _("用户名"),
        validators=[needed(), username_rule()],
        filters=[folded],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _("密码"), validators=[needed(_("请设密码。"))], render_kw={"autocomplete": "new-password"}
    )
    again = PasswordField(
        _("再输一遍密码"),
        validators=[
            needed(_("请再输一遍。")),
            EqualTo("password", message=_("两次输入的密码不一样。")),
        ],
        render_kw={"autocomplete": "new-password"},
    )

    def validate_uscc(self, field: Any) -> None:
        """Ask the rule of the code early, so that its words come with those of other fields."""
        if self.org_type.data not in set(OrganisationType):
            return
        try:
            clean_uscc(field.data, OrganisationType(self.org_type.data))
        except InvalidInput as error:
            raise ValidationError(error.fields["uscc"]) from error


class ReturnForm(PlainForm):
    """Why a registration is returned."""

    reason = TextAreaField(
        _("退回原因"), validators=[needed(_("请写明原因，至少五个字。")), at_most(500)]
    )


def filled_form(organisation: Organisation) -> OrganisationForm:
    """Return the form with what the organisation has told so far."""
    return OrganisationForm(
        formdata=None,
        data={
            "name": organisation.name,
            "org_type": str(organisation.org_type),
            "registration_authority": organisation.registration_authority,
            "registration_region": organisation.registration_region,
            "supervising_body": organisation.supervising_body,
            "legal_rep": organisation.legal_rep,
            "business_scope": organisation.business_scope,
            "mission": organisation.mission,
            "focus_sectors": organisation.focus_sectors,
            "annual_budget": format_number(organisation.annual_budget / WAN).replace(",", ""),
            "grade": organisation.grade,
            "is_charity": organisation.is_charity,
            "can_fundraise_publicly": organisation.can_fundraise_publicly,
            "version": str(organisation.version),
        },
    )
