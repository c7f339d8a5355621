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
"""
