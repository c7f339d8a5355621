"""Spreadsheets that officers bring in: their own office's, and nobody else's."""

import io

from matchplatform.config.settings import Settings
from matchplatform.files.storage import Storage
from matchplatform.imports.kinds import adapter_of
from matchplatform.imports.services import take_in
from matchplatform.imports.spreadsheet import receive_spreadsheet
from matchplatform.imports.states import ImportKind
from matchplatform.imports.working import Importer
from matchplatform.kernel.db import db
from matchplatform.sheets import ReadLimits
from tests.architecture.matrix_people import People
from tests.architecture.matrix_things import Thing, Things
from tests.factories import actor_for
from tests.imports.sheets import FIRST, xlsx

TEXT = """
#                    vis hlf agt sec riv pen ret sus non cty ct2 cit ci2 pro bei tia aud adm org rec
GET /desk/imports
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 403 403
GET /desk/imports/export.csv
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 403 403
GET /desk/imports/export.xlsx
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 200 403 403 403
GET /desk/imports/new/projects
  -                  in  in  403 403 403 403 403 403 403 200 200 404 404 404 404 404 403 403 403 403
POST /desk/imports/new/projects
  -                  in  in  403 403 403 403 403 403 403 400 400 404 404 404 404 404 403 403 403 403
GET /desk/imports/template/projects.xlsx
  -                  in  in  403 403 403 403 403 403 403 200 200 404 404 404 404 404 403 403 403 403
GET /desk/imports/new/organisations
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 403 403 403 403
POST /desk/imports/new/organisations
  -                  in  in  403 403 403 403 403 403 403 400 400 400 400 400 400 400 403 403 403 403
GET /desk/imports/template/organisations.xlsx
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 200 200 403 403 403 403
GET /desk/imports/new/poor_people
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 404 404 403 403 403 403
POST /desk/imports/new/poor_people
  -                  in  in  403 403 403 403 403 403 403 400 400 400 400 400 404 404 403 403 403 403
GET /desk/imports/template/poor_people.xlsx
  -                  in  in  403 403 403 403 403 403 403 200 200 200 200 200 404 404 403 403 403 403
GET /desk/imports/new/prices
  -                  in  in  403 403 403 403 403 403 403 404 404 404 404 200 404 404 403 403 403 403
POST /desk/imports/new/prices
  -                  in  in  403 403 403 403 403 403 403 404 404 404 404 400 404 404 403 403 403 403
GET /desk/imports/template/prices.xlsx
  -                  in  in  403 403 403 403 403 403 403 404 404 404 404 200 404 404 403 403 403 403
GET /desk/imports/<int:import_id>
  an import          in  in  403 403 403 403 403 403 403 200 404 404 404 404 404 404 200 403 403 403
GET /desk/imports/<int:import_id>/marked.xlsx
  an import          in  in  403 403 403 403 403 403 403 200 404 404 404 404 404 404 200 403 403 403
GET /desk/imports/<int:import_id>/rows.csv
  an import          in  in  403 403 403 403 403 403 403 200 404 404 404 404 404 404 200 403 403 403
GET /desk/imports/<int:import_id>/rows.xlsx
  an import          in  in  403 403 403 403 403 403 403 200 404 404 404 404 404 404 200 403 403 403
POST /desk/imports/<int:import_id>/apply
  an import          in  in  403 403 403 403 403 403 403 303 404 404 404 404 404 404 403 403 403 403
POST /desk/imports/<int:import_id>/drop
  an import          in  in  403 403 403 403 403 403 403 303 404 404 404 404 404 404 403 403 403 403
"""


def make_imports(people: People, settings: Settings) -> Things:
    """Make an import that was looked through and waits for a yes."""
    kind = ImportKind.PROJECTS
    sheet = receive_spreadsheet(
        Storage(settings.files_path), io.BytesIO(xlsx(kind, [FIRST])), "需求.xlsx",
        adapter_of(kind).layout(), ReadLimits(),
    )  # fmt: skip
    taken = take_in(actor=actor_for(people["cty"]), kind=kind, sheet=sheet)
    db.session.commit()
    importer = Importer(settings)
    while importer.do_step():
        pass
    return {"an import": Thing({"import_id": taken.id}, {"version": str(taken.version)})}
