"""Routes whose people and things are tried in their own feature's tests, not in the written table.

They need papers, partners or letters that the small world of the table does not have. Each stands
here with the folder whose tests name its address; test_matrix.py checks that they do.
"""

ELSEWHERE: dict[str, tuple[str, ...]] = {
    "accounts": (
        "/sign-in/code",
        "/account/second-step",
        "/account/sessions/",
        "/admin/accounts/<int:user_id>/reset-second-step",
    ),
    "organisations": (
        "/desk/certificates/",
        "/desk/names/",
        "/desk/organisations/<int:organisation_id>/deregister",
        "/desk/organisations/<int:organisation_id>/lift",
        "/desk/organisations/<int:organisation_id>/members/<int:user_id>/signer",
        "/desk/organisations/<int:organisation_id>/merge",
        "/desk/organisations/<int:organisation_id>/restrict",
        "/desk/organisations/<int:organisation_id>/suspend",
        "/join/",
        "/my/invitations/",
        "/my/members",
        "/my/organisation/name",
        "/my/organisation/papers",
    ),
    "claims": (
        "/capacity/",
        "/claims/<int:claim_id>/joint/",
        "/claims/<int:claim_id>/release",
        "/projects/<number>/capacity",
        "/projects/<number>/extra",
        "/projects/<number>/joint",
        "/projects/<number>/waitlist",
        "/release-requests/",
        "/waitlist/",
    ),
    "interests": (
        "/my/favourites",
        "/my/searches",
        "/projects/<number>/favourite/",
    ),
    "catalogue": ("/projects/export", "/projects/print", "/projects/suggest"),
    "home": ("/counties/",),
    "notifications": ("/notices/confirm/", "/notices/preferences", "/notices/unsubscribe/"),
    "files": ("/files/",),
}
