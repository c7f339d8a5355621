"""Registrations, papers, names, rulings and files."""

TEXT = """
#                    vis hlf agt sec riv pen ret sus non cty ct2 cit ci2 pro bei tia aud adm org rec
GET /desk/organisations
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 403 403
GET /desk/organisations/<int:organisation_id>
  of the claimant    in  in  403 403 403 403 403 403 403 404 404 404 404 404 200 404 200 403 403 403
  of Zhangbei        in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 403 403
  of the ministry    in  in  403 403 403 403 403 403 403 404 404 404 404 200 404 404 200 403 403 403
POST /desk/organisations/<int:organisation_id>/verify
  of the claimant    in  in  403 403 403 403 403 403 403 404 404 404 404 404 409 404 403 403 403 403
  of Beijing         in  in  403 403 403 403 403 403 403 404 404 404 404 404 303 404 403 403 403 403
  of Zhangbei        in  in  403 403 403 403 403 403 403 303 404 303 404 303 404 404 403 403 403 403
  of the ministry    in  in  403 403 403 403 403 403 403 404 404 404 404 303 404 404 403 403 403 403
POST /desk/organisations/<int:organisation_id>/return
  of Beijing         in  in  403 403 403 403 403 403 403 404 404 404 404 404 303 404 403 403 403 403
  of Zhangbei        in  in  403 403 403 403 403 403 403 303 404 303 404 303 404 404 403 403 403 403
  of the ministry    in  in  403 403 403 403 403 403 403 404 404 404 404 303 404 404 403 403 403 403
POST /desk/organisations/<int:organisation_id>/members/<int:user_id>/password-link
  a member           in  in  403 403 403 403 403 403 403 404 404 404 404 404 200 404 403 404 403 403
  no member          in  in  403 403 403 403 403 403 403 404 404 404 404 404 404 404 403 404 403 403
GET /register
  -                  200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /register
  -                  303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303
GET /my/organisation
  -                  in  in  200 200 200 200 200 200 404 403 403 403 403 403 403 403 403 403 403 403
POST /my/organisation
  -                  in  in  409 409 409 409 303 409 404 403 403 403 403 403 403 403 403 403 403 403
GET /my/organisation/name
  -                  in  in  200 200 200 200 200 200 404 403 403 403 403 403 403 403 403 403 403 403
POST /my/organisation/name
  -                  in  in  303 303 303 409 409 303 404 403 403 403 403 403 403 403 403 403 403 403
GET /my/organisation/papers
  -                  in  in  200 200 200 200 200 200 404 403 403 403 403 403 403 403 403 403 403 403
POST /my/organisation/papers
  -                  in  in  303 303 303 303 303 303 404 403 403 403 403 403 403 403 403 403 403 403
POST /desk/certificates/<int:certificate_id>/accept
  claimants paper    in  in  403 403 403 403 403 403 403 404 404 404 404 404 303 404 403 403 403 403
  Zhangbeis paper    in  in  403 403 403 403 403 403 403 303 404 303 404 303 404 404 403 403 403 403
POST /desk/certificates/<int:certificate_id>/refuse
  claimants paper    in  in  403 403 403 403 403 403 403 404 404 404 404 404 303 404 403 403 403 403
  Zhangbeis paper    in  in  403 403 403 403 403 403 403 303 404 303 404 303 404 404 403 403 403 403
POST /desk/names/<int:change_id>/accept
  claimants name     in  in  403 403 403 403 403 403 403 404 404 404 404 404 303 404 403 403 403 403
  Zhangbeis name     in  in  403 403 403 403 403 403 403 303 404 303 404 303 404 404 403 403 403 403
POST /desk/names/<int:change_id>/refuse
  claimants name     in  in  403 403 403 403 403 403 403 404 404 404 404 404 303 404 403 403 403 403
  Zhangbeis name     in  in  403 403 403 403 403 403 403 303 404 303 404 303 404 404 403 403 403 403
POST /desk/organisations/<int:organisation_id>/restrict
  of the claimant    in  in  403 403 403 403 403 403 403 404 404 404 404 404 303 404 403 403 403 403
  active in Zhangbei in  in  403 403 403 403 403 403 403 303 404 303 404 303 404 404 403 403 403 403
  of the ministry    in  in  403 403 403 403 403 403 403 404 404 404 404 409 404 404 403 403 403 403
POST /desk/organisations/<int:organisation_id>/suspend
  of the claimant    in  in  403 403 403 403 403 403 403 404 404 404 404 404 303 404 403 403 403 403
  active in Zhangbei in  in  403 403 403 403 403 403 403 303 404 303 404 303 404 404 403 403 403 403
POST /desk/organisations/<int:organisation_id>/lift
  body suspended     in  in  403 403 403 403 403 403 403 404 404 404 404 404 303 404 403 403 403 403
  of the claimant    in  in  403 403 403 403 403 403 403 404 404 404 404 404 409 404 403 403 403 403
POST /desk/organisations/<int:organisation_id>/deregister
  of the claimant    in  in  403 403 403 403 403 403 403 404 404 404 404 404 303 404 403 403 403 403
  active in Zhangbei in  in  403 403 403 403 403 403 403 303 404 303 404 303 404 404 403 403 403 403
POST /desk/organisations/<int:organisation_id>/merge
  of Beijing         in  in  403 403 403 403 403 403 403 404 404 404 404 404 303 404 403 403 403 403
  of Zhangbei        in  in  403 403 403 403 403 403 403 303 404 303 404 303 404 404 403 403 403 403
  of the ministry    in  in  403 403 403 403 403 403 403 404 404 404 404 400 404 404 403 403 403 403
POST /desk/organisations/<int:organisation_id>/members/<int:user_id>/signer
  a last member      in  in  403 403 403 403 403 403 403 404 404 404 404 404 303 404 403 403 403 403
  a member           in  in  403 403 403 403 403 403 403 404 404 404 404 404 409 404 403 403 403 403
  no member          in  in  403 403 403 403 403 403 403 404 404 404 404 404 404 404 403 403 403 403
GET /files/<int:file_id>
  claimants file     in  in  200 200 404 404 404 404 404 404 404 404 404 404 200 404 200 404 404 404
  Zhangbeis file     in  in  404 404 404 404 404 404 404 200 404 200 404 200 404 404 200 404 404 404
"""
