"""Every word that people see goes through gettext, so that a catalogue can translate it."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CJK = re.compile(r"[\u4e00-\u9fff]")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MODULES = sorted((ROOT / "matchplatform").rglob("*.py"))
MARKERS = {"_", "gettext", "lazy_gettext", "mark", "_l"}

# Words that are data, not interface: names of divisions and units, numerals, tables of words for
# cutting text, what the seeds say, the font of a sheet, the templates of papers, which are Chinese
# in every language, and labels that only the trail keeps.
DATA = {
    "access/actor.py",
    "cli/accounts.py",
    "cli/housekeeping.py",
    "config/settings.py",
    "documents/word_agreement.py",
    "documents/word_papers.py",
    "documents/word_parts.py",
    "documents/word_templates.py",
    "files/services.py",
    "imports/organisation_layout.py",
    "imports/organisation_rows.py",
    "imports/poor_rows.py",
    "imports/price_rows.py",
    "imports/project_layout.py",
    "kernel/money.py",
    "kernel/numbers.py",
    "offers/units.py",
    "organisations/forms.py",
    "projects/comparison.py",
    "projects/details.py",
    "projects/models.py",
    "regions/choices.py",
    "regions/divisions.py",
    "regions/maps.py",
    "sheets/amounts.py",
    "sheets/days.py",
    "sheets/headings.py",
    "sheets/plain.py",
    "sheets/table.py",
    "sheets/workbook.py",
    "claims/figures.py",
}
DATA_FOLDERS = (
    "seeding/",
    # Papers are Chinese, whatever language the pages are in.
    "commitments/wording",
    "search/",
    "matching/words.py",
    "matching/weights.py",
    "matching/supply_weights.py",
    "quality/lexicon/",
)


def _bare_chinese(template: str) -> list[str]:
    text = re.sub(r"\{#.*?#\}", "", template, flags=re.S)
    code = re.findall(r"\{\{.*?\}\}|\{%.*?%\}", text, flags=re.S)
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", text, flags=re.S)
    found = [line.strip() for line in text.splitlines() if CJK.search(line)]
    for piece in code:
        marked = re.sub(r"_\(\s*(?:'[^']*'|\"[^\"]*\")", "", piece)
        found += [word for word in re.findall(r"'[^']*'|\"[^\"]*\"", marked) if CJK.search(word)]
    return found


# Signs between words, units that are data, and plain joins are no sentences.
FINE_IN_TEMPLATES = {"'元'", "'、'", "'：'", '"："', "'，'"}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_says_nothing_that_is_not_marked(path: Path) -> None:
    found = set(_bare_chinese(path.read_text(encoding="utf-8"))) - FINE_IN_TEMPLATES
    assert not found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_nothing_that_is_not_marked(path: Path) -> None:
    name = str(path.relative_to(ROOT / "matchplatform"))
    if name in DATA or name.startswith(DATA_FOLDERS):
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    marked: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKERS:
            marked |= {id(inner) for arg in node.args for inner in ast.walk(arg)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            marked.add(id(node.value))
    loose = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CJK.search(node.value)
        and id(node) not in marked
    ]
    assert not loose
