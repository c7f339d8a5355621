"""Who gets what from every route, written out: route -> thing -> one answer a person.

``in`` is a 303 to the page of signing in. A refusal (``in``, 4xx) changes nothing; a 403, and a
404 to somebody signed in about something that is there, leave one row in the trail. A GET
writes nothing else, whatever it answers. What is done leaves a row in the trail, too. A route new
to the site stands here before its tests pass.
"""

from tests.architecture import (
    matrix_accounts,
    matrix_agreements,
    matrix_ceremonies,
    matrix_claims,
    matrix_commitments,
    matrix_gate,
    matrix_imports,
    matrix_lists,
    matrix_live,
    matrix_members,
    matrix_offers,
    matrix_organisations,
    matrix_pictures,
    matrix_projects,
    matrix_public,
)

PEOPLE = "vis hlf agt sec riv pen ret sus non cty ct2 cit ci2 pro bei tia aud adm org rec".split()
"""Visitor, and one who has given the password and not yet the code; the claimant's signer and
another of its agents; signers of another verified, a pending, a returned and a suspended
organisation; an agent of none; officers of Zhangbei, another county, its city, another city, the
province, Beijing and Tianjin; auditor, admin, organiser, receiver."""

Table = dict[str, dict[str, dict[str, str]]]

# The people, the things and their states are made in matrix_people.py and its neighbours.
PARTS = (
    matrix_public,
    matrix_projects,
    matrix_pictures,
    matrix_gate,
    matrix_claims,
    matrix_agreements,
    matrix_commitments,
    matrix_offers,
    matrix_imports,
    matrix_lists,
    matrix_live,
    matrix_ceremonies,
    matrix_organisations,
    matrix_members,
    matrix_accounts,
)
WIDTH = 21


def read_table(text: str) -> Table:
    """Return route -> thing -> person -> answer."""
    table: Table = {}
    route = ""
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            route = line.strip()
            assert route not in table, f"{route} stands twice"
            table[route] = {}
            continue
        thing, answers = line[:WIDTH].strip(), line[WIDTH:].split()
        assert thing not in table[route], f"{route} [{thing}] stands twice"
        table[route][thing] = dict(zip(PEOPLE, answers, strict=True))
    return table


TABLE = read_table("\n".join(part.TEXT for part in PARTS))
