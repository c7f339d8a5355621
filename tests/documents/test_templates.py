"""The templates of DOCX papers are what our own script builds, and fetch nothing."""

import pytest
from jinja2.exceptions import SecurityError

from matchplatform.documents.pages import FOLDER, NothingFromOutside, environment
from matchplatform.documents.word_templates import build_templates


class TestTemplates:
    @pytest.mark.parametrize("name", ["agreement.docx", "cards.docx", "paper.docx"])
    def test_each_is_as_the_script_builds_it(self, name: str) -> None:
        assert (FOLDER / name).read_bytes() == build_templates()[name]

    def test_code_in_a_template_reaches_nothing_inside_python(self) -> None:
        with pytest.raises(SecurityError):
            environment().from_string("{{ ().__class__.__bases__[0].__subclasses__() }}").render()

    @pytest.mark.parametrize("address", ["file:///etc/passwd", "http://127.0.0.1/", "data:,x"])
    def test_papers_fetch_nothing(self, address: str) -> None:
        with pytest.raises(ValueError, match="nothing"):
            NothingFromOutside().fetch(address)
