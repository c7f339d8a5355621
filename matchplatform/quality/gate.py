"""Run all rules over a need."""

from collections.abc import Callable, Iterator

from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.quality import (
    counts,
    people,
    persons,
    plan,
    privacy,
    reached,
    said,
    stories,
    units,
    wording,
)
from matchplatform.quality.needs import Finding, NeedText, RuleName, Severity, Surroundings

Rule = Callable[[NeedText, Surroundings], Iterator[Finding]]

SAME_FROM = 0.8


def check_likeness(need: NeedText, around: Surroundings) -> Iterator[Finding]:
    """Yield the needs that may be the same, as the surroundings name them."""
    for other in around.duplicates:
        same = other.is_open and other.same_place and other.same_lines and other.score >= SAME_FROM
        yield Finding(
            RuleName.LIKENESS,
            Severity.BLOCKER if same else Severity.WARNING,
            "name",
            _("另有一个很像的需求，相同的字词：%(words)s。", words="、".join(other.in_common)),
            _("请并排看一看，答“是同一个”或“不是同一个”；是同一个的只留一个。"),
            other_id=other.id,
        )


RULES: tuple[Rule, ...] = (
    privacy.check_ids,
    privacy.check_papers,
    privacy.check_phones,
    privacy.check_cards,
    persons.check_persons,
    stories.check_stories,
    privacy.check_outside_contact,
    said.check_amounts,
    counts.check_said_prices,
    units.check_prices,
    counts.check_quantities,
    said.check_total,
    plan.check_sums,
    plan.check_counts,
    plan.check_ground,
    people.check_times,
    people.check_population,
    people.check_households,
    reached.check_reached,
    plan.check_dates,
    plan.check_lots,
    wording.check_luxury,
    wording.check_brands,
    wording.check_placeholders,
    wording.check_vague,
    wording.check_length,
    wording.check_outcome,
    wording.check_copied,
    wording.check_shouting,
    check_likeness,
)
_ORDER = {name: place for place, name in enumerate(RuleName)}


def check_need(need: NeedText, around: Surroundings | None = None) -> list[Finding]:
    """Return all findings: blockers first, then by rule and by field."""
    known = around or Surroundings()
    found = [finding for rule in RULES for finding in rule(need, known)]
    unique = {
        (finding.rule, finding.where, finding.other_id): finding for finding in reversed(found)
    }
    return sorted(
        unique.values(),
        key=lambda one: (not one.stops, _ORDER[one.rule], one.where, one.other_id or 0),
    )
