"""The same form sent twice is done once."""

import pytest
from flask import Flask

from matchplatform.kernel.db import db
from matchplatform.kernel.errors import KeyReused
from matchplatform.kernel.idempotency import find_answer, hash_body, new_key, spend_key


class TestHashBody:
    def test_the_order_of_fields_does_not_matter(self) -> None:
        assert hash_body([("a", "1"), ("b", "2")]) == hash_body([("b", "2"), ("a", "1")])

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ([("a", "1")], [("a", "2")]),
            ([("a", "1")], [("a", "1"), ("a", "1")]),
            ([("a", "1', 'b")], [("a", "1"), ("b", "")]),
            ([("ab", "c")], [("a", "bc")]),
        ],
    )
    def test_other_fields_have_another_fingerprint(
        self, one: list[tuple[str, str]], other: list[tuple[str, str]]
    ) -> None:
        assert hash_body(one) != hash_body(other)

    def test_lone_surrogates_do_not_break_it(self) -> None:
        assert hash_body([("a", "\ud800")])


class TestKeys:
    def test_keys_are_fresh_and_fit_their_column(self) -> None:
        keys = {new_key() for _ in range(200)}
        assert len(keys) == 200
        assert max(map(len, keys)) <= 64

    def test_a_new_key_has_no_answer(self, db_session: Flask) -> None:
        assert find_answer("k", "user:1", "h") is None

    def test_the_same_body_gets_the_first_answer(self, db_session: Flask) -> None:
        spend_key("k", "user:1", "h", "/claims/1")
        db.session.commit()
        assert find_answer("k", "user:1", "h") == "/claims/1"

    def test_another_body_is_refused(self, db_session: Flask) -> None:
        spend_key("k", "user:1", "h", "/claims/1")
        db.session.commit()
        with pytest.raises(KeyReused):
            find_answer("k", "user:1", "other")

    def test_keys_of_others_do_not_count(self, db_session: Flask) -> None:
        spend_key("k", "user:1", "h", "/claims/1")
        db.session.commit()
        assert find_answer("k", "user:2", "h") is None

    def test_a_key_spent_in_vain_is_unspent(self, db_session: Flask) -> None:
        spend_key("k", "user:1", "h", "/claims/1")
        db.session.rollback()
        assert find_answer("k", "user:1", "h") is None
