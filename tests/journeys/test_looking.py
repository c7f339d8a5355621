"""The strict reader itself: what it must find on a page that was spoilt on purpose."""

from collections.abc import Callable

import pytest

from tests.journeys.looking import find_faults
from tests.journeys.person import Person

pytestmark = pytest.mark.journey

SPOILS = {
    "color-contrast": "document.querySelector('h1').classList.add('b-tx');"
    "document.styleSheets[0].insertRule('h1.b-tx { color: #bbb !important }')",
    "html-has-lang": "document.documentElement.removeAttribute('lang')",
    "label": "document.querySelector('label[for=username]').remove()",
    "scrolls sideways": "document.styleSheets[0].insertRule('main { width: 1400px !important }')",
    "dark: color-contrast": "document.styleSheets[0].insertRule("
    "'@media (prefers-color-scheme: dark) { h1 { color: #333 !important } }')",
}


class TestStrictReader:
    @pytest.mark.parametrize("fault", SPOILS)
    def test_it_finds_what_was_spoilt(self, visit: Callable[..., Person], fault: str) -> None:
        person = visit()
        person.go("/sign-in")
        person.page.evaluate(f"() => {{ {SPOILS[fault]} }}")
        assert any(fault in found for found in find_faults(person.page))

    def test_it_hears_the_console_and_sees_what_the_policy_of_the_site_forbids(
        self, visit: Callable[..., Person]
    ) -> None:
        person = visit()
        person.go("/help")
        person.page.evaluate(
            """() => { const script = document.createElement("script");
                script.textContent = "1"; document.body.append(script); }"""
        )
        person.go("/help")
        assert any("Content Security Policy" in trouble for trouble in person.troubles)
        person.troubles.clear()
