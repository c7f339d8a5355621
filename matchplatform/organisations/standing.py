"""What keeps an organisation from claiming today, in words for itself and for officers."""

from datetime import date

from matchplatform.kernel import clock
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.organisations.states import OrganisationState

_HINDRANCES: dict[OrganisationState, Words] = {
    OrganisationState.RESTRICTED: _(
        "贵会被列入活动异常名录。已认领的可以办完；移出以前不能再认领。"
    ),
    OrganisationState.SUSPENDED: _(
        "贵会已被暂停办理，恢复以前不能认领。预留已放回项目，提交过的由县里决定。"
    ),
    OrganisationState.DEREGISTERED: _("贵会已经注销，不能再认领。"),
    OrganisationState.MERGED: _("这份登记是重复的，已并入另一份，请用那一份办理。"),
}
_TROUBLES: dict[OrganisationState, Words] = {
    OrganisationState.RESTRICTED: _("列入活动异常名录，只能办完已认领的"),
    OrganisationState.SUSPENDED: _("已被暂停办理"),
    OrganisationState.DEREGISTERED: _("已经注销"),
    OrganisationState.MERGED: _("重复登记，已并入另一份"),
}


def has_expired(last_day: date | None) -> bool:
    """Tell whether a certificate's last day has passed; none was handed in: nothing expires."""
    return last_day is not None and last_day < clock.today()


def say_hindrance(status: OrganisationState, certificate_until: date | None) -> Words | None:
    """Say to an organisation why it may not claim today, or None where it may."""
    if status in _HINDRANCES:
        return _HINDRANCES[status]
    if status is not OrganisationState.VERIFIED:
        return _("贵会还没有通过核验，通过后才能认领。")
    if has_expired(certificate_until):
        return _(
            "贵会的登记证书已于 %(day)s 到期。已认领的可以办完；传上新证书、核对以后才能再认领。",
            day=f"{certificate_until:%Y-%m-%d}",
        )
    return None


def note_trouble(status: OrganisationState, certificate_until: date | None) -> Words | None:
    """Say to officers what stands against an organisation that was verified, or None."""
    if status in _TROUBLES:
        return _TROUBLES[status]
    if has_expired(certificate_until):
        return _("登记证书 %(day)s 已到期", day=f"{certificate_until:%Y-%m-%d}")
    return None
