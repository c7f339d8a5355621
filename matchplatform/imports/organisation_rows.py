"""Organisations by their code: entered to wait for verification, never verified by a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.imports.bundles import Bundle, Head, Judged, bad, repeats
from matchplatform.imports.models import ImportRow
from matchplatform.imports.organisation_layout import LAYOUT
from matchplatform.imports.packing import pack, sure
from matchplatform.imports.places import find_regions
from matchplatform.imports.queries import find_organisations
from matchplatform.imports.showing import show
from matchplatform.imports.states import ImportKind, RowState
from matchplatform.kernel.errors import InvalidInput, StaleVersion
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.i18n import mark
from matchplatform.kernel.sectors import SECTOR_WORDS
from matchplatform.organisations.checks import region_name
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.services import (
    OrganisationDetails,
    amend_organisation,
    check_details,
    enter_organisation,
)
from matchplatform.organisations.states import OrganisationType
from matchplatform.organisations.uscc import clean_uscc
from matchplatform.sheets import Layout, Problem, ReadRow

_SEPARATORS = "，,;；/ "
_DETAILS = tuple(field.name for field in fields(OrganisationDetails))


@dataclass(frozen=True)
class _Registered:
    """Where an organisation would be registered, for the policy."""

    registration_region: str


class OrganisationRows:
    """The adapter of organisations."""

    kind = ImportKind.ORGANISATIONS
    alone = True
    waiting = mark("%(who)s用表格录入了 %(count)s 家社会组织，等您核验。")

    def may(self, actor: Actor) -> bool:
        """Tell whether this officer enters organisations."""
        here = _Registered(actor.region_prefix.ljust(6, "0"))
        return permits(actor, Permission.ORGANISATION_ENTER, here)

    def layout(self) -> Layout:
        """Return the table of organisations."""
        return LAYOUT

    def key_of(self, row: ReadRow) -> str:
        """Return the code."""
        return str(row.values.get("uscc") or "")

    def judge(self, actor: Actor, head: Head, bundles: Sequence[Bundle]) -> list[Judged]:
        """Compare with the organisations that are there, all of them read at once."""
        known = find_organisations(self.key_of(bundle.first) for bundle in bundles)
        return [
            _judge(actor, head, bundle, known.get(self.key_of(bundle.first))) for bundle in bundles
        ]

    def apply(self, actor: Actor, row: ImportRow) -> str:
        """Enter an organisation, or correct what was entered."""
        kept = row.content
        details = OrganisationDetails(
            **{
                **kept["details"],
                "org_type": OrganisationType(kept["details"]["org_type"]),
                "annual_budget": sure(kept["details"]["annual_budget"]),
                "focus_sectors": tuple(kept["details"]["focus_sectors"]),
            }
        )
        known = find_organisations([row.target]).get(row.target) if row.target else None
        if row.target and known is None:
            raise StaleVersion()
        if known is None:
            entered = enter_organisation(actor=actor, uscc=kept["uscc"], details=details)
        else:
            entered = amend_organisation(
                actor=actor,
                organisation=known,
                version=row.target_version or 0,
                details=details,
            )
        return f"/desk/organisations/{entered.id}"


def _judge(actor: Actor, head: Head, bundle: Bundle, known: Organisation | None) -> Judged:
    first = bundle.first
    title = str(first.values.get("name") or first.values.get("uscc") or first.number)
    problems = [*bundle.problems, *repeats(head, bundle, "uscc")]
    region = _region(head, first, problems)
    sectors = _sectors(head, first, problems)
    if problems:
        return bad(bundle, title, problems)
    details = _details(head, first, region, sectors, known)
    problems = _refusals(actor, head, first, details, known)
    if problems:
        return bad(bundle, title, problems)
    content = {"uscc": str(first.values["uscc"]), "details": pack(details)}
    if known is None:
        return Judged(bundle, RowState.NEW, title, content=content)
    changes = _changes(head, known, details)
    if changes and not known.is_only_entered:
        words = _("这家组织已经核验或有了自己的经办人，资料由它自己改，表格里不能改")
        return bad(bundle, title, [head.problem(first.number, "uscc", words)])
    status = RowState.CHANGED if changes else RowState.UNCHANGED
    return Judged(bundle, status, title, (), changes, content, known.uscc, known.version)


def _region(head: Head, row: ReadRow, problems: list[Problem]) -> str:
    typed = str(row.values.get("registration_region") or "")
    found = find_regions(typed)
    if typed and len(found) != 1:
        words = (
            _("有几个地方都叫“%(typed)s”，请连市名一起写", typed=typed)
            if found
            else _("没有找到“%(typed)s”这个地方，请写全名或六位区划代码", typed=typed)
        )
        problems.append(head.problem(row.number, "registration_region", words))
    return found[0] if len(found) == 1 else ""


def _sectors(head: Head, row: ReadRow, problems: list[Problem]) -> tuple[str, ...]:
    typed = str(row.values.get("focus_sectors") or "")
    for separator in _SEPARATORS:
        typed = typed.replace(separator, "、")
    keys = {str(words): str(key) for key, words in SECTOR_WORDS.items()}
    parts = [part for part in typed.split("、") if part]
    unknown = [part for part in parts if part not in keys]
    if unknown:
        words = _(
            "没有“%(typed)s”这个类别；有：%(sectors)s", typed=unknown[0], sectors="、".join(keys)
        )
        problems.append(head.problem(row.number, "focus_sectors", words))
    return tuple(sorted({keys[part] for part in parts if part in keys}))


def _details(
    head: Head, row: ReadRow, region: str, sectors: tuple[str, ...], known: Organisation | None
) -> OrganisationDetails:
    values: dict[str, Any] = {key: row.values[key] for key in _DETAILS if key in head.letters}
    values |= {"registration_region": region, "org_type": OrganisationType(values["org_type"])}
    for key in ("is_charity", "can_fundraise_publicly"):
        if key in values:
            values[key] = bool(values[key])
    if "grade" in values:
        values["grade"] = values["grade"] or ""
    if "focus_sectors" in values:
        values["focus_sectors"] = sectors
    if known is not None:
        return replace(_now(known), **values)
    return OrganisationDetails(**{"focus_sectors": (), **values})


def _now(known: Organisation) -> OrganisationDetails:
    values = {name: getattr(known, name) for name in _DETAILS}
    return OrganisationDetails(**{**values, "focus_sectors": tuple(known.focus_sectors)})


def _refusals(
    actor: Actor,
    head: Head,
    row: ReadRow,
    details: OrganisationDetails,
    known: Organisation | None,
) -> list[Problem]:
    """Say what the verb would refuse, at the cells that it is about."""
    here = known or _Registered(details.registration_region)
    if not all(
        permits(actor, Permission.ORGANISATION_ENTER, thing)
        for thing in (here, _Registered(details.registration_region))
    ):
        words = _("不在您这里登记的组织，不能由您录入")
        return [head.problem(row.number, "registration_region", words)]
    wrong: dict[str, Any] = {}
    for rule in (
        lambda: clean_uscc(str(row.values["uscc"]), details.org_type),
        lambda: check_details(details),
    ):
        try:
            rule()
        except InvalidInput as error:
            wrong |= error.fields
    return [head.problem(row.number, key, str(words).rstrip("。")) for key, words in wrong.items()]


def _changes(
    head: Head, known: Organisation, details: OrganisationDetails
) -> list[tuple[str, str, str]]:
    now = _now(known)
    return [
        (str(head.layout.column(key).words), _shown(head, key, was), _shown(head, key, will))
        for key in _DETAILS
        if (was := getattr(now, key)) != (will := getattr(details, key))
    ]


def _shown(head: Head, key: str, value: Any) -> str:
    if key == "registration_region":
        return str(region_name(value))
    words: Mapping[Any, Any] = head.layout.column(key).choices
    return show(value, SECTOR_WORDS if key == "focus_sectors" else words)
