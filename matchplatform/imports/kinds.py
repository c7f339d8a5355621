"""Which kinds of spreadsheets there are, and who knows about each."""

from matchplatform.access.actor import Actor
from matchplatform.imports.bundles import Adapter
from matchplatform.imports.organisation_rows import OrganisationRows
from matchplatform.imports.poor_rows import PoorRows
from matchplatform.imports.price_rows import PriceRows
from matchplatform.imports.project_rows import ProjectRows
from matchplatform.imports.states import ImportKind

_ADAPTERS: dict[ImportKind, Adapter] = {
    adapter.kind: adapter
    for adapter in (ProjectRows(), OrganisationRows(), PoorRows(), PriceRows())
}


def adapter_of(kind: ImportKind) -> Adapter:
    """Return who knows about a kind of spreadsheet."""
    return _ADAPTERS[kind]


def kinds_for(actor: Actor) -> list[ImportKind]:
    """List what an officer may import."""
    return [kind for kind, adapter in _ADAPTERS.items() if adapter.may(actor)]
