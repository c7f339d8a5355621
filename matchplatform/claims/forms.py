"""What is typed into the claim panel: one quantity a line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.numbers import parse_decimal
from matchplatform.kernel.paging import read_version
from matchplatform.projects.models import Project

LONGEST_TYPED = 30


@dataclass
class ClaimForm:
    """The panel as typed: texts and messages by line id, and the quantities they mean.

    ``earlier`` is where an earlier sending of the same form led.
    """

    version: int
    typed: dict[int, str] = field(default_factory=dict)
    quantities: dict[int, Decimal] = field(default_factory=dict)
    wrongs: dict[int, Words] = field(default_factory=dict)
    over_the_form: list[Words] = field(default_factory=list)
    questions: list[Words] = field(default_factory=list)
    confirmed: bool = False
    earlier: str = ""

    @property
    def was_sent(self) -> bool:
        """Tell whether somebody typed into it, so that it must be shown again."""
        return bool(self.typed)

    def check_readable(self) -> None:
        """Refuse a panel with a quantity that could not be read.

        Raises:
            InvalidInput: with a message at each line.
        """
        if self.wrongs:
            raise InvalidInput(fields={f"line-{key}": said for key, said in self.wrongs.items()})

    def show(self, error: InvalidInput) -> None:
        """Put a verb's messages at the lines that they are about."""
        for name, words in error.fields.items():
            self.wrongs[int(name.removeprefix("line-"))] = words
        if not error.fields:
            self.over_the_form.append(error.words)


def blank_form(project: Project) -> ClaimForm:
    """Return an empty panel for a project."""
    return ClaimForm(version=project.version)


def read_form(project: Project, sent: Mapping[str, str], left: Mapping[int, Decimal]) -> ClaimForm:
    """Read the panel that was sent; the button 全部认领 means all of ``left``, by line id."""
    form = ClaimForm(
        version=read_version(sent.get("version")), confirmed=sent.get("confirmed") == "yes"
    )
    for line in project.lines:
        if sent.get("whole"):
            typed = f"{left[line.id]:f}" if left[line.id] > 0 else ""
        else:
            typed = sent.get(f"line-{line.id}", "")[:LONGEST_TYPED]
        form.typed[line.id] = typed
        try:
            quantity = parse_decimal(typed)
        except InvalidInput as error:
            form.wrongs[line.id] = error.words
            continue
        if quantity is not None and quantity != 0:
            form.quantities[line.id] = quantity
    return form
