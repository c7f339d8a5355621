"""What time does to claims, by the worker and by hand alike."""

from collections.abc import Callable

from matchplatform.claims.holds import expire_lapsed
from matchplatform.claims.joint import free_lapsed_offers
from matchplatform.claims.waitlist import drop_hopeless, promote_waiting


def promote_all() -> int:
    """Give what is free to those who wait for it; return how many claims that made."""
    return len(promote_waiting())


# In this order: what runs out first becomes free for those who wait. Each step is for a
# transaction of its own: it ends with the trail, and the next one begins with organisations.
STEPS: tuple[Callable[[], int], ...] = (
    expire_lapsed,
    free_lapsed_offers,
    drop_hopeless,
    promote_all,
)
