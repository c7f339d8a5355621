"""Accounts, sessions, the second step, notices by page and mail, the trail."""

TEXT = """
#                    vis hlf agt sec riv pen ret sus non cty ct2 cit ci2 pro bei tia aud adm org rec
GET /notices
  -                  in  in  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /notices/<int:notice_id>/open
  agents notice      in  in  303 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST /notices/read-all
  -                  in  in  303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303
GET /admin/accounts
  -                  in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403 403
GET /admin/accounts/new
  -                  in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403 403
POST /admin/accounts/new
  -                  in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403 403
GET /admin/accounts/<int:user_id>
  an account         in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403 403
POST /admin/accounts/<int:user_id>/password-link
  an account         in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403 403
POST /admin/accounts/<int:user_id>/disable
  an account         in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403 403
POST /admin/accounts/<int:user_id>/enable
  an account         in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403 403
GET /sign-in
  -                  200 200 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303
POST /sign-in
  -                  303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303
POST /sign-out
  -                  in  in  303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303
GET /account
  -                  in  in  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /account
  -                  in  in  303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303
GET /password/<token>
  a link             200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
  a wrong link       404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST /password/<token>
  a link             303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303
  a wrong link       404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /audit
  -                  in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403 403 403
GET /audit/<int:seq>
  an entry           in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403 403 403
GET /audit/verify
  -                  in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 200 403 403 403
GET /sign-in/code
  -                  in  200 in  in  in  in  in  in  in  in  in  in  in  in  in  in  in  in  in  in
POST /sign-in/code
  -                  in  303 in  in  in  in  in  in  in  in  in  in  in  in  in  in  in  in  in  in
GET /account/second-step
  -                  in  in  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /account/second-step/start
  -                  in  in  303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 409 303 303
POST /account/second-step/confirm
  -                  in  in  409 409 200 409 409 409 409 409 409 409 409 409 409 409 409 409 409 409
POST /account/second-step/codes
  -                  in  in  409 409 409 409 409 409 409 409 409 409 409 409 409 409 409 200 409 409
POST /account/second-step/remove
  -                  in  in  409 409 409 409 409 409 409 409 409 409 409 409 409 409 409 303 409 409
POST /account/sessions/<handle>/end
  agents session     in  in  303 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST /account/sessions/end-others
  -                  in  in  303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303
POST /admin/accounts/<int:user_id>/reset-second-step
  a locked account   in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 303 403 403
  an account         in  in  403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 409 403 403
GET /notices/preferences
  -                  in  in  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /notices/preferences
  -                  in  in  303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303
POST /notices/preferences/address
  -                  in  in  303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303
POST /notices/preferences/address/remove
  -                  in  in  303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303
GET /notices/confirm/<token>
  agents address     in  in  200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST /notices/confirm/<token>
  agents address     in  in  303 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /notices/unsubscribe/<int:user_id>/<token>
  agents letters     200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
  a wrong letter     404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST /notices/unsubscribe/<int:user_id>/<token>
  agents letters     200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
  a wrong letter     404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /forgotten-password
  -                  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /forgotten-password
  -                  303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303
"""
