"""What the views of claims share: for whom they act, and a panel that says why it was refused."""

from matchplatform.access.actor import Actor
from matchplatform.claims.forms import ClaimForm
from matchplatform.kernel.errors import AskAgain, DomainError, InvalidInput, KeyReused, NotFound
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.queries import find_own_organisation


def own_organisation(actor: Actor) -> Organisation:
    """Return the organisation that the actor acts for.

    Raises:
        NotFound: there is none.
    """
    organisation = find_own_organisation(actor)
    if organisation is None:
        raise NotFound(_("您的账号还没有加入社会组织。"))
    return organisation


def show_error(form: ClaimForm, error: DomainError) -> int:
    """Show in a panel why a verb refused; return the status of the answer."""
    if isinstance(error, InvalidInput):
        form.show(error)
        return 400
    if isinstance(error, KeyReused):
        form.earlier = error.answer
        return 422
    if isinstance(error, AskAgain):
        form.questions = error.questions
    else:
        form.over_the_form.append(error.words)
    return 409
