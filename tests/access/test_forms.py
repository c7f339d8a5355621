"""What a verb found wrong, at the fields of a form."""

from flask import Flask
from wtforms import FieldList, Form, FormField, StringField

from matchplatform.access.forms import show_wrongs
from matchplatform.kernel.errors import InvalidInput


class Line(Form):  # type: ignore[misc]
    item = StringField()


class Sheet(Form):  # type: ignore[misc]
    name = StringField()
    lines = FieldList(FormField(Line), min_entries=2)


class TestShowWrongs:
    def test_each_message_stands_at_its_field(self, db_session: Flask) -> None:
        form = Sheet()
        show_wrongs(form, InvalidInput(fields={"name": "太长", "lines-1-item": "没写"}))
        assert form.name.errors == ["太长"]
        assert form.lines.entries[1].form.item.errors == ["没写"]
        assert list(form.lines.entries[0].form.item.errors) == []
        assert form.form_errors == []

    def test_what_has_no_field_stands_over_the_form(self, db_session: Flask) -> None:
        form = Sheet()
        names = ("other", "lines-9-item", "lines-x-item", "lines-0-nothing", "lines-²-item")
        show_wrongs(form, InvalidInput(fields=dict.fromkeys(names, "不对")))
        assert form.form_errors == ["不对"] * len(names)

    def test_an_error_without_fields_shows_its_words_once(self, db_session: Flask) -> None:
        form = Sheet()
        show_wrongs(form, InvalidInput("整张表不对"))
        assert form.form_errors == ["整张表不对"]
