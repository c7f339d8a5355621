"""Few papers at a time: who comes third waits a moment, and is then told to come again."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from matchplatform.documents import places, render_agreement_docx, render_agreement_pdf
from matchplatform.documents.places import AT_ONCE, place_at_work
from matchplatform.kernel.errors import Busy
from tests.documents.samples import make_agreement


class TestPlaces:
    def test_the_third_is_told_to_come_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(places, "WAIT_SECONDS", 0.01)
        with place_at_work(), place_at_work():
            with pytest.raises(Busy):
                render_agreement_pdf(make_agreement())
            with pytest.raises(Busy):
                render_agreement_docx(make_agreement())
        render_agreement_docx(make_agreement())

    def test_a_place_is_free_again_after_a_failure(self) -> None:
        for _ in range(AT_ONCE + 1):
            with pytest.raises(ZeroDivisionError), place_at_work():
                raise ZeroDivisionError

    def test_the_third_gets_the_place_that_becomes_free(self) -> None:
        begun = threading.Event()

        def third() -> bool:
            begun.set()
            with place_at_work():
                return True

        with ThreadPoolExecutor(1) as pool, place_at_work():
            with place_at_work():
                waiting = pool.submit(third)
                begun.wait(5)
                assert not waiting.done()
            assert waiting.result(5)

    def test_papers_made_at_once_are_the_papers_made_alone(self) -> None:
        texts = [make_agreement(count) for count in (1, 2, 3, 4)]
        alone = [render_agreement_pdf(text) for text in texts]
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(render_agreement_pdf, texts)) == alone
