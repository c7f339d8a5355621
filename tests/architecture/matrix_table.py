"""Who gets what from every route, written out: route -> thing -> one answer a person.

``in`` is a 303 to the page of signing in. A refusal (``in``, 4xx) changes nothing; a 403, and a
404 to somebody signed in about something that is there, leave one row in the trail. A GET
writes nothing else, whatever it answers. A route new to the site stands here before its tests pass.
"""

PEOPLE = "vis agt riv pen ret cty ct2 cit ci2 pro bei aud adm org rec".split()
"""Visitor; agents of the claimant, of another verified, of a pending and of a returned
organisation; officers of Zhangbei, another county, its city, another city, the province and
Beijing; auditor, admin, organiser, receiver."""

Table = dict[str, dict[str, dict[str, str]]]

# The counties, the things and their states are made in matrix_world.py.
TEXT = """
#                    vis agt riv pen ret cty ct2 cit ci2 pro bei aud adm org rec
GET /
  -                  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /counties
  -                  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /help
  -                  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /healthz
  -                  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /projects
  -                  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /projects/<number>
  open               200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
  suspended          200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
  draft              404 404 404 404 404 302 404 302 404 302 404 302 404 404 404
  sent               404 404 404 404 404 302 404 302 404 302 404 302 404 404 404
  verified           404 404 404 404 404 302 404 302 404 302 404 302 404 404 404
GET /desk
  -                  in  403 403 403 403 200 200 200 200 200 200 403 403 403 403
GET /my
  -                  in  200 200 200 200 403 403 403 403 403 403 403 403 403 403
GET /matches
  -                  in  200 200 200 200 403 403 403 403 403 403 403 403 403 403
GET /notices
  -                  in  200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /notices/<int:notice_id>/open
  agents notice      in  303 404 404 404 404 404 404 404 404 404 404 404 404 404
POST /notices/read-all
  -                  in  303 303 303 303 303 303 303 303 303 303 303 303 303 303
GET /projects/<number>/claim
  open               in  200 200 200 200 403 403 403 403 403 403 403 403 403 403
  draft              in  404 404 404 404 403 403 403 403 403 403 403 403 403 403
POST /projects/<number>/claims
  open               in  303 303 409 409 403 403 403 403 403 403 403 403 403 403
  suspended          in  409 409 409 409 403 403 403 403 403 403 403 403 403 403
  draft              in  404 404 404 404 403 403 403 403 403 403 403 403 403 403
GET /claims/<int:claim_id>
  reserved           in  200 404 404 404 200 404 200 404 200 404 200 403 403 403
  submitted          in  200 404 404 404 200 404 200 404 200 404 200 403 403 403
POST /claims/<int:claim_id>/extend
  reserved           in  303 404 404 404 403 403 403 403 403 403 403 403 403 403
  submitted          in  409 404 404 404 403 403 403 403 403 403 403 403 403 403
POST /claims/<int:claim_id>/submit
  reserved           in  303 404 404 404 403 403 403 403 403 403 403 403 403 403
POST /claims/<int:claim_id>/withdraw
  reserved           in  303 404 404 404 403 403 403 403 403 403 403 403 403 403
  submitted          in  303 404 404 404 403 403 403 403 403 403 403 403 403 403
POST /claims/<int:claim_id>/accept
  submitted          in  403 403 403 403 303 404 303 404 403 404 403 403 403 403
  reserved           in  403 403 403 403 409 404 409 404 403 404 403 403 403 403
POST /claims/<int:claim_id>/decline
  submitted          in  403 403 403 403 303 404 303 404 403 404 403 403 403 403
GET /desk/projects
  -                  in  403 403 403 403 200 200 200 200 200 200 200 403 403 403
GET /desk/projects/new
  -                  in  403 403 403 403 200 200 403 403 403 403 403 403 403 403
POST /desk/projects/new
  -                  in  403 403 403 403 303 303 403 403 403 403 403 403 403 403
GET /desk/projects/<string:number>
  open               in  403 403 403 403 200 403 200 403 200 403 200 403 403 403
  draft              in  403 403 403 403 200 404 200 404 200 404 200 403 403 403
  sent               in  403 403 403 403 200 404 200 404 200 404 200 403 403 403
GET /desk/projects/<string:number>/edit
  draft              in  403 403 403 403 200 404 403 404 403 404 403 403 403 403
  open               in  403 403 403 403 409 403 403 403 403 403 403 403 403 403
POST /desk/projects/<string:number>/edit
  draft              in  403 403 403 403 303 404 403 404 403 404 403 403 403 403
  open               in  403 403 403 403 409 403 403 403 403 403 403 403 403 403
POST /desk/projects/<string:number>/submit
  draft              in  403 403 403 403 303 404 403 404 403 404 403 403 403 403
POST /desk/projects/<string:number>/verify
  sent               in  403 403 403 403 303 404 403 404 403 404 403 403 403 403
POST /desk/projects/<string:number>/return
  sent               in  403 403 403 403 303 404 403 404 403 404 403 403 403 403
  verified           in  403 403 403 403 403 404 303 404 303 404 403 403 403 403
POST /desk/projects/<string:number>/publish
  verified           in  403 403 403 403 403 404 303 404 303 404 403 403 403 403
POST /desk/projects/<string:number>/suspend
  open               in  403 403 403 403 403 403 303 403 303 403 403 403 403 403
POST /desk/projects/<string:number>/resume
  suspended          in  403 403 403 403 403 403 303 403 303 403 403 403 403 403
POST /desk/projects/<string:number>/close
  open               in  403 403 403 403 403 403 303 403 303 403 403 403 403 403
GET /desk/organisations
  -                  in  403 403 403 403 200 200 200 200 200 200 200 403 403 403
GET /desk/organisations/<int:organisation_id>
  of the claimant    in  403 403 403 403 404 404 404 404 404 200 200 403 403 403
  of Zhangbei        in  403 403 403 403 200 404 200 404 200 404 200 403 403 403
  of the ministry    in  403 403 403 403 404 404 404 404 200 404 200 403 403 403
POST /desk/organisations/<int:organisation_id>/verify
  of the claimant    in  403 403 403 403 404 404 404 404 404 409 403 403 403 403
  of Beijing         in  403 403 403 403 404 404 404 404 404 303 403 403 403 403
  of Zhangbei        in  403 403 403 403 303 404 303 404 303 404 403 403 403 403
  of the ministry    in  403 403 403 403 404 404 404 404 303 404 403 403 403 403
POST /desk/organisations/<int:organisation_id>/return
  of Beijing         in  403 403 403 403 404 404 404 404 404 303 403 403 403 403
  of Zhangbei        in  403 403 403 403 303 404 303 404 303 404 403 403 403 403
  of the ministry    in  403 403 403 403 404 404 404 404 303 404 403 403 403 403
POST /desk/organisations/<int:organisation_id>/members/<int:user_id>/password-link
  a member           in  403 403 403 403 404 404 404 404 404 200 403 404 403 403
  no member          in  403 403 403 403 404 404 404 404 404 404 403 404 403 403
GET /register
  -                  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /register
  -                  303 303 303 303 303 303 303 303 303 303 303 303 303 303 303
GET /my/organisation
  -                  in  200 200 200 200 403 403 403 403 403 403 403 403 403 403
POST /my/organisation
  -                  in  409 409 409 303 403 403 403 403 403 403 403 403 403 403
GET /admin/accounts
  -                  in  403 403 403 403 403 403 403 403 403 403 403 200 403 403
GET /admin/accounts/new
  -                  in  403 403 403 403 403 403 403 403 403 403 403 200 403 403
POST /admin/accounts/new
  -                  in  403 403 403 403 403 403 403 403 403 403 403 200 403 403
GET /admin/accounts/<int:user_id>
  an account         in  403 403 403 403 403 403 403 403 403 403 403 200 403 403
POST /admin/accounts/<int:user_id>/password-link
  an account         in  403 403 403 403 403 403 403 403 403 403 403 200 403 403
POST /admin/accounts/<int:user_id>/disable
  an account         in  403 403 403 403 403 403 403 403 403 403 403 303 403 403
POST /admin/accounts/<int:user_id>/enable
  an account         in  403 403 403 403 403 403 403 403 403 403 403 409 403 403
GET /sign-in
  -                  200 303 303 303 303 303 303 303 303 303 303 303 303 303 303
POST /sign-in
  -                  303 303 303 303 303 303 303 303 303 303 303 303 303 303 303
POST /sign-out
  -                  in  303 303 303 303 303 303 303 303 303 303 303 303 303 303
GET /account
  -                  in  200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /account
  -                  in  303 303 303 303 303 303 303 303 303 303 303 303 303 303
GET /password/<token>
  a link             200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
  a wrong link       404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST /password/<token>
  a link             303 303 303 303 303 303 303 303 303 303 303 303 303 303 303
  a wrong link       404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /audit
  -                  in  403 403 403 403 403 403 403 403 403 403 200 403 403 403
GET /audit/<int:seq>
  an entry           in  403 403 403 403 403 403 403 403 403 403 200 403 403 403
GET /audit/verify
  -                  in  403 403 403 403 403 403 403 403 403 403 200 403 403 403
"""


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
        thing, answers = line[:21].strip(), line[21:].split()
        table[route][thing] = dict(zip(PEOPLE, answers, strict=True))
    return table


TABLE = read_table(TEXT)
