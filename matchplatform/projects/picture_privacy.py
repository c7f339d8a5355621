"""What is told of pictures and papers is read by everybody: people's data has no place in it."""

from collections.abc import Callable, Iterator, Mapping

from matchplatform.kernel.i18n import Words
from matchplatform.projects.gate_around import names_around
from matchplatform.projects.models import Project
from matchplatform.quality import persons, privacy
from matchplatform.quality.needs import Finding, NeedText, Surroundings

Rule = Callable[[NeedText, Surroundings], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    privacy.check_ids,
    privacy.check_phones,
    privacy.check_cards,
    persons.check_persons,
    privacy.check_outside_contact,
)


def find_private(project: Project, texts: Mapping[str, str]) -> dict[str, Words]:
    """Return what must not stand in these texts, by field: numbers, names beside an illness.

    The texts are read one after the other: a name in one and the illness in the next is the same.
    """
    around = Surroundings(names=names_around(project.region_code))
    wrong: dict[str, Words] = {}
    read = ""
    for field, text in texts.items():
        said = next(_stops(project, text, around), None)
        if said is None and read and text:
            said = next(_stops(project, f"{read}，{text}", around), None)
        if said is not None:
            wrong[field] = f"{said.words}{said.advice}"
        else:
            read = text
    return wrong


def _stops(project: Project, text: str, around: Surroundings) -> Iterator[Finding]:
    need = NeedText(name="", place=project.place, scope_text=text)
    for rule in RULES:
        yield from (found for found in rule(need, around) if found.stops)
