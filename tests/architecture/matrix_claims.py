"""Claims, alone and together, waiting, asking and deciding."""

TEXT = """
#                    vis hlf agt sec riv pen ret sus non cty ct2 cit ci2 pro bei tia aud adm org rec
GET /projects/<number>/claim
  open               in  in  200 200 200 200 200 200 200 403 403 403 403 403 403 403 403 403 403 403
  draft              in  in  404 404 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /projects/<number>/claims
  open               in  in  303 303 303 409 409 409 404 403 403 403 403 403 403 403 403 403 403 403
  suspended          in  in  409 409 409 409 409 409 404 403 403 403 403 403 403 403 403 403 403 403
  draft              in  in  404 404 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
GET /claims/<int:claim_id>
  reserved           in  in  200 200 404 404 404 404 404 200 404 200 404 200 404 404 200 403 200 403
  submitted          in  in  200 200 404 404 404 404 404 200 404 200 404 200 404 404 200 403 200 403
  rival joined       in  in  200 200 200 404 404 404 404 200 404 200 404 200 404 404 200 403 200 403
POST /claims/<int:claim_id>/extend
  reserved           in  in  303 303 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
  submitted          in  in  409 409 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /claims/<int:claim_id>/submit
  reserved           in  in  303 303 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
  rival joined       in  in  409 409 403 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /claims/<int:claim_id>/withdraw
  reserved           in  in  303 303 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
  submitted          in  in  303 303 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
  rival joined       in  in  303 303 403 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /claims/<int:claim_id>/accept
  submitted          in  in  403 403 403 403 403 403 403 303 404 303 404 403 404 404 403 403 403 403
  reserved           in  in  403 403 403 403 403 403 403 409 404 409 404 403 404 404 403 403 403 403
POST /claims/<int:claim_id>/decline
  submitted          in  in  403 403 403 403 403 403 403 303 404 303 404 403 404 404 403 403 403 403
GET /projects/<number>/waitlist
  held               in  in  200 200 200 200 200 200 404 403 403 403 403 403 403 403 403 403 403 403
  draft              in  in  404 404 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /projects/<number>/waitlist
  held               in  in  303 303 303 409 409 409 404 403 403 403 403 403 403 403 403 403 403 403
  suspended          in  in  409 409 409 409 409 409 404 403 403 403 403 403 403 403 403 403 403 403
  draft              in  in  404 404 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /waitlist/<int:entry_id>/leave
  a place            in  in  303 303 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
GET /projects/<number>/joint
  open               in  in  200 200 200 200 200 200 404 403 403 403 403 403 403 403 403 403 403 403
  draft              in  in  404 404 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /projects/<number>/joint
  open               in  in  303 303 303 409 409 409 404 403 403 403 403 403 403 403 403 403 403 403
  draft              in  in  404 404 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /claims/<int:claim_id>/joint/confirm
  rival invited      in  in  409 409 303 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
  rival joined       in  in  409 409 409 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /claims/<int:claim_id>/joint/decline
  rival invited      in  in  409 409 303 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /claims/<int:claim_id>/joint/leave
  rival joined       in  in  409 409 303 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /claims/<int:claim_id>/joint/<int:member_id>/take
  a share left       in  in  303 303 303 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /claims/<int:claim_id>/joint/<int:member_id>/give
  a share left       in  in  303 303 403 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /claims/<int:claim_id>/release
  silent             in  in  403 403 403 403 403 403 403 303 404 303 404 403 404 404 403 403 403 403
  asked about        in  in  403 403 403 403 403 403 403 409 404 409 404 403 404 404 403 403 403 403
  reserved           in  in  403 403 403 403 403 403 403 409 404 409 404 403 404 404 403 403 403 403
POST /claims/<int:claim_id>/release-request
  silent             in  in  409 409 303 409 409 409 404 403 403 403 403 403 403 403 403 403 403 403
  asked about        in  in  409 409 409 409 409 409 404 403 403 403 403 403 403 403 403 403 403 403
  reserved           in  in  404 404 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /release-requests/<int:request_id>/answer
  a question         in  in  303 303 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /release-requests/<int:request_id>/refuse
  a question         in  in  403 403 403 403 403 403 403 303 404 303 404 403 404 404 403 403 403 403
GET /projects/<number>/extra
  open               in  in  403 403 403 403 403 403 403 200 403 403 403 403 403 403 403 403 403 403
  draft              in  in  403 403 403 403 403 403 403 200 404 403 404 403 404 404 403 403 403 403
POST /projects/<number>/extra/<int:line_id>
  open               in  in  403 403 403 403 403 403 403 303 403 403 403 403 403 403 403 403 403 403
  draft              in  in  403 403 403 403 403 403 403 409 404 403 404 403 404 404 403 403 403 403
GET /projects/<number>/capacity
  open               in  in  200 200 200 200 200 200 404 403 403 403 403 403 403 403 403 403 403 403
  draft              in  in  404 404 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /projects/<number>/capacity
  open               in  in  303 303 303 409 409 409 404 403 403 403 403 403 403 403 403 403 403 403
  draft              in  in  404 404 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
GET /capacity/<int:grant_id>
  a wish             in  in  200 200 404 404 404 404 404 200 404 200 404 200 404 404 200 403 403 403
POST /capacity/<int:grant_id>/grant
  a wish             in  in  403 403 403 403 403 403 403 303 404 303 404 403 404 404 403 403 403 403
POST /capacity/<int:grant_id>/refuse
  a wish             in  in  403 403 403 403 403 403 403 303 404 303 404 403 404 404 403 403 403 403
POST /claims/<int:claim_id>/messages
  reserved           in  in  303 303 404 404 404 404 404 303 404 303 404 403 404 404 403 403 403 403
  rival joined       in  in  303 303 303 404 404 404 404 303 404 303 404 403 404 404 403 403 403 403
  a share left       in  in  303 303 303 404 404 404 404 303 404 303 404 403 404 404 403 403 403 403
"""
