"""What the site is made of: its blueprints, and what lower floors are told by higher ones."""

from flask import Flask

from matchplatform.accounts import passwords, standing, vault
from matchplatform.accounts.forms import REGIONS
from matchplatform.accounts.views import bp as accounts
from matchplatform.audit.views import bp as audit
from matchplatform.catalogue.attached import bp as attached
from matchplatform.catalogue.downloads import bp as downloads
from matchplatform.catalogue.saved import bp as interests
from matchplatform.catalogue.views import bp as catalogue
from matchplatform.ceremonies import arrivals
from matchplatform.ceremonies.moving import move_guests
from matchplatform.ceremonies.views import bp as ceremonies
from matchplatform.claims import halts
from matchplatform.claims.handover import list_open_items
from matchplatform.claims.merging import move_project_claims
from matchplatform.claims.moving import move_claims
from matchplatform.claims.standing import follow_ruling
from matchplatform.claims.views import bp as claims
from matchplatform.commitments import scans
from matchplatform.commitments.bundle_queries import stored_names as bundle_names
from matchplatform.commitments.bundle_views import bp as bundles
from matchplatform.commitments.commitment_views import bp as commitments
from matchplatform.commitments.verify_views import bp as verify
from matchplatform.commitments.views import bp as agreements
from matchplatform.config.settings import Settings, secret_of
from matchplatform.files.queries import keep_also
from matchplatform.files.views import bp as files
from matchplatform.home.ceremony_files import bp as ceremony_files
from matchplatform.home.claim_files import bp as claim_files
from matchplatform.home.commitment_files import bp as commitment_files
from matchplatform.home.desk_files import bp as desk_lists
from matchplatform.home.distribution_views import bp as distribution
from matchplatform.home.fit_files import bp as fit_files
from matchplatform.home.import_files import bp as import_files
from matchplatform.home.invitation_files import bp as invitation_files
from matchplatform.home.list_files import bp as list_files
from matchplatform.home.offer_files import bp as offer_files
from matchplatform.home.office_files import bp as office_files
from matchplatform.home.own_files import bp as own_files
from matchplatform.home.stepping import follow_lists
from matchplatform.home.views import bp as home
from matchplatform.imports.queries import stored_names
from matchplatform.imports.views import bp as imports
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
from matchplatform.projects import attachments
from matchplatform.projects import merging as project_merging
from matchplatform.projects.batch_views import bp as batches
from matchplatform.projects.closing import add_closing_guard
from matchplatform.projects.gate_views import bp as gate
from matchplatform.projects.handover import ProjectsOfOfficers
from matchplatform.projects.keeping_views import bp as keeping
from matchplatform.projects.merging_views import bp as project_mergers
from matchplatform.projects.picture_views import bp as pictures
from matchplatform.projects.posting_views import bp as posting
from matchplatform.projects.prices_views import bp as prices
from matchplatform.projects.proposing_views import bp as proposing
from matchplatform.projects.views import bp as projects
from matchplatform.regions.choices import officer_regions
from matchplatform.regions.views import bp as poor_people

BLUEPRINTS = (
    home, desk_lists, distribution, poor_people, catalogue, downloads, interests, matching,
    invitations, claims, projects, posting, proposing, batches, gate, prices, keeping, project_mergers,
    organisations, candidates, invitation_files, offers, supply, offer_files, notifications,
    accounts, audit, files, imports, import_files, list_files, own_files, claim_files,
    fit_files, office_files, attached, pictures, agreements, ceremonies, ceremony_files,
    commitments, commitment_files, bundles, verify,
)  # fmt: skip


def wire(app: Flask, settings: Settings) -> None:
    """Tell the lower floors what they need of the higher ones, and what a secret costs."""
    app.extensions[REGIONS] = officer_regions
    vault.configure(secret_of(settings))
    passwords.configure(settings.argon2_memory_kib, settings.argon2_time, settings.hash_slots)
    standing.configure(ProjectsOfOfficers())
    handover.configure(list_open_items)
    certificates.answer_for_files()
    attachments.answer_for_files()
    scans.answer_for_files()
    arrivals.answer_for_files()
    rulings.configure(follow_ruling)
    merging.configure(move_offers, move_invitations, move_guests, move_claims)
    keep_also(stored_names, bundle_names)
    project_merging.configure(move_project_claims)
    follow_lists(app)
    add_closing_guard(halts.why_not_close)
