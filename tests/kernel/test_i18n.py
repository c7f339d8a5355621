"""Lazy words are text, never HTML."""

from flask import Flask, render_template_string
from markupsafe import Markup, escape

from matchplatform.kernel.i18n import lazy_gettext

EVIL = "<script>alert(1)</script>"


class TestLazyGettext:
    def test_what_stands_in_a_variable_is_escaped_like_any_text(self, db_session: Flask) -> None:
        words = lazy_gettext("“%(typed)s”不是能读懂的数", typed=EVIL)
        assert EVIL in str(words)
        assert EVIL not in escape(words)
        assert EVIL not in Markup("<p>{}</p>").format(words)
        assert EVIL not in Markup("<p>%s</p>") % words
        with db_session.test_request_context("/"):
            for template in ("{{ words }}", "<b>{{ words ~ '。' }}</b>", "{{ [words]|join('、') }}",
                             "{{ _('因为：%(why)s', why=words) }}"):  # fmt: skip
                page = render_template_string(template, words=words)
                assert EVIL not in page
                assert "&lt;script&gt;" in page

    def test_it_is_escaped_once(self, db_session: Flask) -> None:
        with db_session.test_request_context("/"):
            page = render_template_string("{{ words }}", words=lazy_gettext("甲 & 乙"))
            assert page == "甲 &amp; 乙"
