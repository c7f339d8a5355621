"""What a leaving agent's organisation has open among the claims."""

from matchplatform.claims.queries import list_open_of
from matchplatform.organisations.handover import OpenItem


def list_open_items(organisation_id: int) -> list[OpenItem]:
    """List the open claims of an organisation, as organisations, which know no claims, ask."""
    return [
        OpenItem(claim.number, claim.project.name, f"/claims/{claim.id}", claim.region_code)
        for claim in list_open_of(organisation_id)
    ]
