"""Posting, verifying and publishing."""

TEXT = """
#                    vis hlf agt sec riv pen ret sus non cty ct2 cit ci2 pro bei tia aud adm org rec
GET /desk/projects
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 403 403
GET /desk/projects/new
  -                  in  in  403 403 403 403 403 403 403 200 200 403 403 403 403 403 403 403 403 403
POST /desk/projects/new
  -                  in  in  403 403 403 403 403 403 403 303 303 403 403 403 403 403 403 403 403 403
GET /desk/projects/<string:number>
  open               in  in  403 403 403 403 403 403 403 200 403 200 403 200 403 403 200 403 403 403
  draft              in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 403 403
  sent               in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 403 403
GET /desk/projects/<string:number>/edit
  draft              in  in  403 403 403 403 403 403 403 200 404 403 404 403 404 404 403 403 403 403
  open               in  in  403 403 403 403 403 403 403 409 403 403 403 403 403 403 403 403 403 403
POST /desk/projects/<string:number>/edit
  draft              in  in  403 403 403 403 403 403 403 303 404 403 404 403 404 404 403 403 403 403
  open               in  in  403 403 403 403 403 403 403 409 403 403 403 403 403 403 403 403 403 403
POST /desk/projects/<string:number>/submit
  draft              in  in  403 403 403 403 403 403 403 303 404 403 404 403 404 404 403 403 403 403
POST /desk/projects/<string:number>/verify
  sent               in  in  403 403 403 403 403 403 403 303 404 403 404 403 404 404 403 403 403 403
POST /desk/projects/<string:number>/return
  sent               in  in  403 403 403 403 403 403 403 303 404 403 404 403 404 404 403 403 403 403
  verified           in  in  403 403 403 403 403 403 403 403 404 303 404 303 404 404 403 403 403 403
POST /desk/projects/<string:number>/publish
  verified           in  in  403 403 403 403 403 403 403 403 404 303 404 303 404 404 403 403 403 403
POST /desk/projects/<string:number>/suspend
  open               in  in  403 403 403 403 403 403 403 403 403 303 403 303 403 403 403 403 403 403
POST /desk/projects/<string:number>/resume
  suspended          in  in  403 403 403 403 403 403 403 403 403 303 403 303 403 403 403 403 403 403
POST /desk/projects/<string:number>/close
  open               in  in  403 403 403 403 403 403 403 403 403 303 403 303 403 403 403 403 403 403
POST /desk/projects/publish
  verified           in  in  403 403 403 403 403 403 403 403 404 200 404 200 404 404 403 403 403 403
GET /desk/projects/<string:number>/remarks
  sent               in  in  403 403 403 403 403 403 403 200 404 403 404 403 404 404 403 403 403 403
  draft              in  in  403 403 403 403 403 403 403 409 404 409 404 409 404 404 403 403 403 403
POST /desk/projects/<string:number>/remarks
  sent               in  in  403 403 403 403 403 403 403 303 404 403 404 403 404 404 403 403 403 403
  verified           in  in  403 403 403 403 403 403 403 403 404 303 404 303 404 404 403 403 403 403
GET /desk/projects/<string:number>/change
  open               in  in  403 403 403 403 403 403 403 403 403 200 403 200 403 403 403 403 403 403
  verified           in  in  403 403 403 403 403 403 403 403 404 409 404 409 404 404 403 403 403 403
POST /desk/projects/<string:number>/change
  open               in  in  403 403 403 403 403 403 403 403 403 303 403 303 403 403 403 403 403 403
GET /desk/batches
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 403 403
POST /desk/batches
  -                  in  in  403 403 403 403 403 403 403 403 403 403 403 303 403 403 403 403 403 403
GET /desk/projects/<string:number>/propose
  open               in  in  403 403 403 403 403 403 403 200 403 403 403 403 403 403 403 403 403 403
  draft              in  in  403 403 403 403 403 403 403 409 404 403 404 403 404 404 403 403 403 403
POST /desk/projects/<string:number>/propose
  open               in  in  403 403 403 403 403 403 403 303 403 403 403 403 403 403 403 403 403 403
POST /desk/projects/<string:number>/proposal/<int:proposal_id>/withdraw
  proposed           in  in  403 403 403 403 403 403 403 303 403 403 403 403 403 403 403 403 403 403
GET /desk/projects/<string:number>/proposal/<int:proposal_id>/refuse
  proposed           in  in  403 403 403 403 403 403 403 403 403 200 403 200 403 403 403 403 403 403
POST /desk/projects/<string:number>/proposal/<int:proposal_id>/refuse
  proposed           in  in  403 403 403 403 403 403 403 403 403 303 403 303 403 403 403 403 403 403
POST /desk/projects/<string:number>/copy
  open               in  in  403 403 403 403 403 403 403 303 403 403 403 403 403 403 403 403 403 403
GET /desk/projects/<string:number>/merge
  open               in  in  403 403 403 403 403 403 403 403 403 200 403 200 403 403 403 403 403 403
POST /desk/projects/<string:number>/merge
  open               in  in  403 403 403 403 403 403 403 403 403 303 403 303 403 403 403 403 403 403
POST /desk/projects/keep
  -                  in  in  403 403 403 403 403 403 403 200 200 403 403 403 403 403 403 403 403 403
POST /desk/projects/<string:number>/keep
  draft              in  in  403 403 403 403 403 403 403 200 404 403 404 403 404 404 403 403 403 403
  open               in  in  403 403 403 403 403 403 403 409 403 403 403 403 403 403 403 403 403 403
GET /desk/step
  -                  in  in  403 403 403 403 403 403 403 302 302 302 302 302 302 302 403 403 403 403
GET /desk/export.csv
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 403 403 403 403
GET /desk/export.xlsx
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 403 403 403 403
GET /desk/poor-people
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 403 403
GET /desk/poor-people/<region_code>/<quarter>
  a count            in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 403 403
POST /desk/poor-people/<region_code>/<quarter>
  a count            in  in  403 403 403 403 403 403 403 303 404 303 404 303 404 404 403 403 403 403
POST /desk/poor-people/<city_code>/<quarter>/publish
  a full quarter     in  in  403 403 403 403 403 403 403 403 403 303 403 303 403 403 403 403 403 403
"""
