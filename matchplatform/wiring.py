"""What the site is made of: its blueprints, and what lower floors are told by higher ones."""

from flask import Flask

from matchplatform.accounts import passwords, standing, vault
from matchplatform.accounts.forms import REGIONS
from matchplatform.accounts.views import bp as accounts
from matchplatform.audit.views import bp as audit
from matchplatform.catalogue.downloads import bp as downloads
from matchplatform.catalogue.saved import bp as interests
from matchplatform.catalogue.views import bp as catalogue
from matchplatform.claims import halts
from matchplatform.claims.handover import list_open_items
from matchplatform.claims.moving import move_claims
from matchplatform.claims.standing import follow_ruling
from matchplatform.claims.views import bp as claims
from matchplatform.config.settings import Settings, secret_of
from matchplatform.files.views import bp as files
from matchplatform.home.invitation_files import bp as invitation_files
from matchplatform.home.offer_files import bp as offer_files
from matchplatform.home.views import bp as home
from matchplatform.invitations.moving import move_invitations
from matchplatform.invitations.views import bp as invitations
from matchplatform.matching.candidate_views import bp as candidates
from matchplatform.matching.supply_views import bp as supply
from matchplatform.matching.views import bp as matching
from matchplatform.notifications.views import bp as notifications
from matchplatform.offers.moving import move_offers
from matchplatform.offers.views import bp as offers
from matchplatform.organisations import certificates, handover, merging, rulings
from matchplatform.organisations.views import bp as organisations
from matchplatform.projects.closing import add_closing_guard
from matchplatform.projects.handover import ProjectsOfOfficers
from matchplatform.projects.views import bp as projects
from matchplatform.regions.choices import officer_regions

BLUEPRINTS = (
    home, catalogue, downloads, interests, matching, invitations, claims, projects, organisations,
    candidates, invitation_files, offers, supply, offer_files, notifications, accounts, audit, files,
)  # fmt: skip


def wire(app: Flask, settings: Settings) -> None:
    """Tell the lower floors what they need of the higher ones, and what a secret costs."""
    app.extensions[REGIONS] = officer_regions
    vault.configure(secret_of(settings))
    passwords.configure(settings.argon2_memory_kib, settings.argon2_time, settings.hash_slots)
    standing.configure(ProjectsOfOfficers())
    handover.configure(list_open_items)
    certificates.answer_for_files()
    rulings.configure(follow_ruling)
    merging.configure(move_offers, move_invitations, move_claims)
    add_closing_guard(halts.why_not_close)
