"""Members of organisations and their invitations."""

TEXT = """
#                    vis hlf agt sec riv pen ret sus non cty ct2 cit ci2 pro bei tia aud adm org rec
GET /my/members
  -                  in  in  200 200 200 200 200 200 404 403 403 403 403 403 403 403 403 403 403 403
GET /my/members/<int:user_id>
  the second         in  in  200 200 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /my/members/<int:user_id>/approve
  a newcomer         in  in  303 403 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /my/members/<int:user_id>/decline
  a newcomer         in  in  303 403 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /my/members/<int:user_id>/change
  the second         in  in  303 403 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /my/members/<int:user_id>/revoke
  the second         in  in  303 403 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /my/members/invite
  -                  in  in  303 403 303 303 303 303 404 403 403 403 403 403 403 403 403 403 403 403
POST /my/members/invite-link
  -                  in  in  200 403 200 200 200 200 404 403 403 403 403 403 403 403 403 403 403 403
POST /my/members/invitations/<int:invitation_id>/cancel
  an invitation      in  in  303 403 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
  a link to join     in  in  303 403 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
GET /my/memberships
  -                  in  in  200 200 200 200 200 200 200 403 403 403 403 403 403 403 403 403 403 403
GET /my/memberships/<int:organisation_id>/leave
  the claimant       in  in  200 200 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /my/memberships/<int:organisation_id>/leave
  the claimant       in  in  409 303 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /my/invitations/<int:invitation_id>/accept
  an invitation      in  in  404 404 404 404 404 404 303 403 403 403 403 403 403 403 403 403 403 403
  a link to join     in  in  404 404 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
POST /my/invitations/<int:invitation_id>/decline
  an invitation      in  in  404 404 404 404 404 404 303 403 403 403 403 403 403 403 403 403 403 403
GET /join/<token>
  a link to join     200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
  no link to join    404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST /join/<token>
  a link to join     303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303
  no link to join    404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST /join/<token>/accept
  a link to join     in  in  409 409 303 303 303 303 303 403 403 403 403 403 403 403 403 403 403 403
  no link to join    in  in  404 404 404 404 404 404 404 403 403 403 403 403 403 403 403 403 403 403
"""
