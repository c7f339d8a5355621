"""The shape of the code: what views may not know, and how long things may grow."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent.parent / "matchplatform"
TEMPLATES = PACKAGE.parent / "templates"
SOURCES = sorted(PACKAGE.rglob("*.py"))
VIEWS = [path for path in SOURCES if "bp" in path.read_text() and path.parent != PACKAGE]
VERBS = [path for path in SOURCES if path.name == "services.py"]
STATES_AND_ROLES = {"ProjectState", "ClaimState", "OrganisationState", "Role"}
LONGEST_FUNCTION = 45
LONGEST_FILE = 300


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            yield node


def names(path: Path) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)}


def is_view(node: ast.FunctionDef) -> bool:
    return any("bp." in ast.unparse(decorator) for decorator in node.decorator_list)


def title(path: Path) -> str:
    return str(path.relative_to(PACKAGE.parent))


VIEW_FILES = [path for path in VIEWS if any(is_view(node) for node in functions(path))]


class TestViews:
    def test_they_are_found(self) -> None:
        assert len(VIEW_FILES) >= 8

    @pytest.mark.parametrize("path", VIEW_FILES, ids=title)
    def test_they_ask_the_database_nothing_themselves(self, path: Path) -> None:
        assert not names(path) & {"select", "update", "insert", "delete"}

    @pytest.mark.parametrize("path", VIEW_FILES, ids=title)
    def test_they_name_no_state_and_no_role(self, path: Path) -> None:
        named = {
            ast.unparse(node)
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in STATES_AND_ROLES
        }
        assert named == set()

    @pytest.mark.parametrize("path", VIEW_FILES, ids=title)
    def test_each_has_one_guard_directly_under_its_route(self, path: Path) -> None:
        for node in filter(is_view, functions(path)):
            declared = [ast.unparse(decorator) for decorator in node.decorator_list]
            guards = [
                text
                for text in declared
                if text in {"public", "signed_in"} or text.startswith("requires(")
            ]
            assert len(guards) == 1, node.name
            assert not any("bp." in text for text in declared[declared.index(guards[0]) :])

    @pytest.mark.parametrize("path", VIEW_FILES, ids=title)
    def test_none_is_long(self, path: Path) -> None:
        assert too_long(path) == []


class TestVerbs:
    @pytest.mark.parametrize("path", VERBS, ids=title)
    def test_none_is_long(self, path: Path) -> None:
        assert too_long(path) == []

    @pytest.mark.parametrize("path", VERBS, ids=title)
    def test_none_commits(self, path: Path) -> None:
        assert ".commit(" not in path.read_text()


class TestFiles:
    @pytest.mark.parametrize("path", SOURCES, ids=title)
    def test_none_has_grown_past_splitting(self, path: Path) -> None:
        assert len(path.read_text().splitlines()) <= LONGEST_FILE

    @pytest.mark.parametrize("path", SOURCES, ids=title)
    def test_imports_stand_at_the_top(self, path: Path) -> None:
        inner = [
            f"{node.name}:{inside.lineno}"
            for node in functions(path)
            for inside in ast.walk(node)
            if isinstance(inside, ast.Import | ast.ImportFrom)
        ]
        assert inner == []


class TestTemplates:
    @pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
    def test_they_name_no_role(self, path: Path) -> None:
        assert ".role ==" not in path.read_text()


def too_long(path: Path) -> list[str]:
    return [
        f"{node.name}: {length}"
        for node in functions(path)
        if (length := body_length(node)) > LONGEST_FUNCTION
    ]


def body_length(node: ast.FunctionDef) -> int:
    """Count the lines of a function without its signature and docstring."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
