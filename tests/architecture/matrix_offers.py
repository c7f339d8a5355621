"""What organisations offer, and what officers ask of them."""

TEXT = """
#                    vis hlf agt sec riv pen ret sus non cty ct2 cit ci2 pro bei tia aud adm org rec
GET /my/offers
  -                  in  in  200 200 200 200 200 200 404 403 403 403 403 403 403 403 403 403 403 403
GET /my/offers/new
  -                  in  in  200 200 200 200 200 200 404 403 403 403 403 403 403 403 403 403 403 403
POST /my/offers/new
  -                  in  in  303 303 303 409 409 409 404 403 403 403 403 403 403 403 403 403 403 403
GET /my/offers/<int:offer_id>
  an offer           in  in  200 200 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
GET /my/offers/<int:offer_id>/edit
  an offer           in  in  200 200 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /my/offers/<int:offer_id>/edit
  an offer           in  in  303 303 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /my/offers/<int:offer_id>/close
  an offer           in  in  303 303 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
GET /desk/offers
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 403 403
GET /desk/offers/export.csv
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 403 403
GET /desk/offers/export.xlsx
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 403 403
GET /desk/offers/<int:offer_id>
  an offer           in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 403 403
POST /desk/offers/<int:offer_id>/invite
  an offer           in  in  403 403 403 403 403 403 403 303 403 303 403 303 403 403 403 403 403 403
GET /my/invitations
  -                  in  in  200 200 200 200 200 200 200 403 403 403 403 403 403 403 403 403 403 403
GET /my/invitations/<int:invitation_id>
  a call             in  in  200 200 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /my/invitations/<int:invitation_id>/answer/interested
  a call             in  in  303 303 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /my/invitations/<int:invitation_id>/answer/declined
  a call             in  in  303 303 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
GET /desk/invitations
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 403 403
GET /desk/invitations/export.csv
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 403 403
GET /desk/invitations/export.xlsx
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 403 403
GET /desk/invitations/<int:invitation_id>
  a call             in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 403 403
POST /desk/invitations/<int:invitation_id>/withdraw
  a call             in  in  403 403 403 403 403 403 403 303 404 303 404 303 404 404 403 403 403 403
GET /desk/projects/<string:number>/candidates
  open               in  in  403 403 403 403 403 403 403 200 403 200 403 200 403 403 403 403 403 403
  draft              in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 403 403 403 403
POST /desk/projects/<string:number>/candidates
  open               in  in  403 403 403 403 403 403 403 303 403 303 403 303 403 403 403 403 403 403
  draft              in  in  403 403 403 403 403 403 403 409 404 409 404 409 404 404 403 403 403 403
"""
