"""Going through a list of the desk one by one: the list stays in the addresses until one leaves it."""

from flask import Flask, current_app, has_request_context, request

from matchplatform.access.current import current_actor
from matchplatform.access.policy import Permission, role_holds
from matchplatform.home.tasks import QUEUES, WATCHES

ALL = "all"
# The pages on which one deals with a thing of a list, and what belongs to them.
STEPPED = ("/desk/projects/<", "/desk/organisations/<", "/claims/<", "/capacity/<")


def follow_lists(app: Flask) -> None:
    """Let every page know which list one is going through; when the site is put together."""
    app.url_defaults(stay_in_list)
    app.context_processor(show_list)


def stay_in_list(endpoint: str, values: dict[str, object]) -> None:
    """Keep the list that one goes through in the addresses of its pages, forms and answers."""
    if has_request_context() and is_stepped(endpoint) and (queue := current_queue()):
        values.setdefault("queue", queue)


def show_list() -> dict[str, object]:
    """Tell every page which list one is going through, or an empty name."""
    queue = current_queue() if has_request_context() and is_stepped(request.endpoint or "") else ""
    return {
        "worklist": queue if queue and role_holds(current_actor(), Permission.DESK_VIEW) else ""
    }


def current_queue() -> str:
    """Return the list that the address names; empty where it names none that there is."""
    queue = request.args.get("queue", "")
    return queue if queue == ALL or queue in QUEUES or queue in WATCHES else ""


def is_stepped(endpoint: str) -> bool:
    """Tell whether a page belongs to a thing that a list of the desk may lead to."""
    rules = current_app.url_map.iter_rules(endpoint) if endpoint else ()
    return any(rule.rule.startswith(STEPPED) for rule in rules)
