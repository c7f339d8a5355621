"""What a notice is about, told by where it leads."""

import pytest

from matchplatform.notifications.kinds import KIND_WORDS, MODE_WORDS, MailMode, NoticeKind, kind_of


class TestKindOf:
    @pytest.mark.parametrize(
        ("url", "kind"),
        [
            ("/claims/7", "claims"),
            ("/capacity/3", "claims"),
            ("/my/invitations/3", "claims"),
            ("/desk/invitations/3", "claims"),
            ("/projects/HB-1#lines", "projects"),
            ("/desk/projects/HB-1", "projects"),
            ("/desk/organisations/2", "organisation"),
            ("/my", "organisation"),
            ("/my/members?page=2", "organisation"),
            ("/my/searches/4", "searches"),
            ("/account", "other"),
            ("/mystery", "other"),
            ("", "other"),
        ],
    )
    def test_it_goes_by_the_longest_lead(self, url: str, kind: str) -> None:
        assert kind_of(url) == kind

    def test_everything_has_words(self) -> None:
        assert set(KIND_WORDS) == set(NoticeKind)
        assert set(MODE_WORDS) == set(MailMode)
