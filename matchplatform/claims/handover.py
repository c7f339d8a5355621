"""What a leaving agent's organisation has on its way, or promised, among the claims."""

from matchplatform.claims.queries import list_held_of
from matchplatform.organisations.handover import OpenItem


def list_open_items(organisation_id: int) -> list[OpenItem]:
    """List the claims that an organisation leads and has not ended, as organisations, which know no claims, ask."""
    return [
        OpenItem(claim.number, claim.project.name, f"/claims/{claim.id}", claim.region_code)
        for claim in list_held_of(organisation_id)
        if claim.organisation_id == organisation_id
    ]
