"""Lists as files: whoever sees the page gets its rows."""

TEXT = """
#                    vis hlf agt sec riv pen ret sus non cty ct2 cit ci2 pro bei tia aud adm org rec
GET /desk/projects/export.csv
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 403 403
GET /desk/projects/export.xlsx
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 403 403
GET /desk/organisations/export.csv
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 403 403
GET /desk/organisations/export.xlsx
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 403 403
GET /audit/export.csv
  -                  in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403 403 403
GET /audit/export.xlsx
  -                  in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403 403 403
GET /notices/export.csv
  -                  in  in  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /notices/export.xlsx
  -                  in  in  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /my/members/export.csv
  -                  in  in  200 200 200 200 200 200 404 403 403 403 403 403 403 403 403 403 403 403
GET /my/members/export.xlsx
  -                  in  in  200 200 200 200 200 200 404 403 403 403 403 403 403 403 403 403 403 403
GET /my/claims/export.csv
  -                  in  in  200 200 200 200 200 200 404 403 403 403 403 403 403 403 403 403 403 403
GET /my/claims/export.xlsx
  -                  in  in  200 200 200 200 200 200 404 403 403 403 403 403 403 403 403 403 403 403
GET /my/favourites/export.csv
  -                  in  in  200 200 200 200 200 200 200 403 403 403 403 403 403 403 403 403 403 403
GET /my/favourites/export.xlsx
  -                  in  in  200 200 200 200 200 200 200 403 403 403 403 403 403 403 403 403 403 403
GET /my/searches/export.csv
  -                  in  in  200 200 200 200 200 200 200 403 403 403 403 403 403 403 403 403 403 403
GET /my/searches/export.xlsx
  -                  in  in  200 200 200 200 200 200 200 403 403 403 403 403 403 403 403 403 403 403
GET /my/memberships/export.csv
  -                  in  in  200 200 200 200 200 200 200 403 403 403 403 403 403 403 403 403 403 403
GET /my/memberships/export.xlsx
  -                  in  in  200 200 200 200 200 200 200 403 403 403 403 403 403 403 403 403 403 403
GET /my/organisation/papers/export.csv
  -                  in  in  200 200 200 200 200 200 404 403 403 403 403 403 403 403 403 403 403 403
GET /my/organisation/papers/export.xlsx
  -                  in  in  200 200 200 200 200 200 404 403 403 403 403 403 403 403 403 403 403 403
GET /my/offers/export.csv
  -                  in  in  200 200 200 200 200 200 404 403 403 403 403 403 403 403 403 403 403 403
GET /my/offers/export.xlsx
  -                  in  in  200 200 200 200 200 200 404 403 403 403 403 403 403 403 403 403 403 403
GET /my/invitations/export.csv
  -                  in  in  200 200 200 200 200 200 200 403 403 403 403 403 403 403 403 403 403 403
GET /my/invitations/export.xlsx
  -                  in  in  200 200 200 200 200 200 200 403 403 403 403 403 403 403 403 403 403 403
GET /matches/export.csv
  -                  in  in  200 200 200 200 200 200 404 403 403 403 403 403 403 403 403 403 403 403
GET /matches/export.xlsx
  -                  in  in  200 200 200 200 200 200 404 403 403 403 403 403 403 403 403 403 403 403
GET /admin/accounts/export.csv
  -                  in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403 403
GET /admin/accounts/export.xlsx
  -                  in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403 403
GET /desk/prices/export.csv
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 403 403
GET /desk/prices/export.xlsx
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 403 403
GET /desk/projects/<string:number>/candidates/export.csv
  open               in  in  403 403 403 403 403 403 403 200 403 200 403 200 403 403 403 403 403 403
  draft              in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 403 403 403 403
GET /desk/projects/<string:number>/candidates/export.xlsx
  open               in  in  403 403 403 403 403 403 403 200 403 200 403 200 403 403 403 403 403 403
  draft              in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 403 403 403 403
"""
