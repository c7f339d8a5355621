"""Settings from the environment; the unsafe is refused and named."""

from dataclasses import fields
from pathlib import Path

import pytest

from matchplatform.config.settings import Settings, UnsafeSettings, read_settings, secret_of

SAFE = {
    "MATCHPLATFORM_ENV": "production",
    "MATCHPLATFORM_SECRET_KEY": "k3J9v0Qz7LmX2wPt8RbYc5NdGh1SfUa4",
    "MATCHPLATFORM_BASE_URL": "https://match.example.cn",
    "MATCHPLATFORM_TRUSTED_HOSTS": "match.example.cn",
}
NUMBERS = [field.name for field in fields(Settings) if isinstance(field.default, int | float)
           and not isinstance(field.default, bool)]  # fmt: skip


class TestReadSettings:
    def test_an_empty_environment_gives_the_defaults(self) -> None:
        assert read_settings({}) == Settings()

    def test_each_setting_is_read_from_its_variable(self) -> None:
        read = read_settings(
            {
                "MATCHPLATFORM_SITE_NAME": "试点",
                "MATCHPLATFORM_WEB_THREADS": "3",
                "MATCHPLATFORM_WORKER_PAUSE_SECONDS": "0.25",
                "MATCHPLATFORM_DEBUG": "yes",
                "MATCHPLATFORM_TRUSTED_HOSTS": " a.cn, b.cn ,",
                "SITE_NAME": "别人的",
            }
        )
        assert (read.site_name, read.web_threads, read.worker_pause_seconds) == ("试点", 3, 0.25)
        assert read.debug is True
        assert read.hosts == ["a.cn", "b.cn"]

    def test_overrides_win(self) -> None:
        assert read_settings({"MATCHPLATFORM_WEB_THREADS": "3"}, web_threads=9).web_threads == 9

    @pytest.mark.parametrize(
        ("text", "value"),
        [("1", True), ("TRUE", True), ("yes", True), ("0", False), ("no", False), ("", False)],
    )
    def test_switches_are_read(self, text: str, value: bool) -> None:
        assert read_settings({"MATCHPLATFORM_DEBUG": text}).debug is value

    @pytest.mark.parametrize("name", NUMBERS)
    @pytest.mark.parametrize("text", ["many", "", "1,5", "0x10"])
    def test_a_malformed_number_is_named_with_what_it_says(self, name: str, text: str) -> None:
        variable = f"MATCHPLATFORM_{name.upper()}"
        with pytest.raises(UnsafeSettings, match=variable) as caught:
            read_settings({variable: text})
        assert repr(text) in str(caught.value)

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("web_processes", "0"),
            ("web_threads", "-1"),
            ("session_idle_minutes", "0"),
            ("session_hours", "-2"),
            ("hash_slots", "0"),
            ("proxy_hops", "-1"),
            ("worker_pause_seconds", "0"),
            ("worker_pause_seconds", "nan"),
            ("worker_pause_seconds", "inf"),
            ("mail_port", "0"),
            ("mail_port", "65536"),
        ],
    )
    def test_a_number_that_cannot_work_is_named(self, name: str, text: str) -> None:
        variable = f"MATCHPLATFORM_{name.upper()}"
        with pytest.raises(UnsafeSettings, match=variable):
            read_settings({variable: text})

    def test_a_malformed_switch_is_named(self) -> None:
        with pytest.raises(UnsafeSettings, match="MATCHPLATFORM_DEBUG"):
            read_settings({"MATCHPLATFORM_DEBUG": "maybe"})

    def test_all_that_is_wrong_is_named_at_once(self) -> None:
        with pytest.raises(UnsafeSettings) as caught:
            read_settings({"MATCHPLATFORM_WEB_THREADS": "x", "MATCHPLATFORM_DEBUG": "x"})
        assert "WEB_THREADS" in str(caught.value)
        assert "DEBUG" in str(caught.value)


class TestProduction:
    def test_safe_settings_are_taken(self) -> None:
        assert read_settings(SAFE).is_production

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("SECRET_KEY", ""),
            ("SECRET_KEY", "short"),
            ("SECRET_KEY", "a" * 64),
            ("SECRET_KEY", "changeme" * 4),
            ("DEBUG", "1"),
            ("BASE_URL", "http://match.example.cn"),
            ("BASE_URL", ""),
            ("TRUSTED_HOSTS", ""),
            ("TRUSTED_HOSTS", " , "),
            ("ARGON2_MEMORY_KIB", "19455"),
            ("ARGON2_TIME", "1"),
        ],
    )
    def test_each_unsafe_value_stops_the_start_by_its_name(self, name: str, text: str) -> None:
        with pytest.raises(UnsafeSettings, match=f"MATCHPLATFORM_{name}") as caught:
            read_settings({**SAFE, f"MATCHPLATFORM_{name}": text})
        assert str(caught.value).count("MATCHPLATFORM_") == 1

    def test_all_of_them_are_named_at_once(self) -> None:
        with pytest.raises(UnsafeSettings) as caught:
            read_settings({"MATCHPLATFORM_ENV": "production", "MATCHPLATFORM_DEBUG": "1"})
        for name in ("SECRET_KEY", "DEBUG", "BASE_URL", "TRUSTED_HOSTS"):
            assert f"MATCHPLATFORM_{name}" in str(caught.value)

    def test_the_secret_is_never_printed(self) -> None:
        with pytest.raises(UnsafeSettings) as caught:
            read_settings({**SAFE, "MATCHPLATFORM_SECRET_KEY": "hunter2hunter2"})
        assert "hunter2" not in str(caught.value)

    def test_the_second_step_is_asked_for_unless_somebody_says_otherwise(self) -> None:
        assert read_settings(SAFE).require_totp
        assert not read_settings({**SAFE, "MATCHPLATFORM_REQUIRE_TOTP": "0"}).require_totp
        assert not read_settings({}).require_totp
        assert read_settings({"MATCHPLATFORM_REQUIRE_TOTP": "1"}).require_totp

    @pytest.mark.parametrize("env", ["prod", "Production", "", "staging"])
    def test_an_unknown_environment_is_refused(self, env: str) -> None:
        with pytest.raises(UnsafeSettings, match="MATCHPLATFORM_ENV"):
            read_settings({**SAFE, "MATCHPLATFORM_ENV": env})

    def test_weak_hashing_is_for_tests_only(self) -> None:
        weak = {"MATCHPLATFORM_ARGON2_MEMORY_KIB": "8"}
        with pytest.raises(UnsafeSettings, match="ARGON2_MEMORY_KIB"):
            read_settings({**weak, "MATCHPLATFORM_ENV": "development"})
        assert read_settings({**weak, "MATCHPLATFORM_ENV": "test"}).argon2_memory_kib == 8


class TestSecretOf:
    def test_the_given_secret_is_used(self, tmp_path: Path) -> None:
        assert secret_of(Settings(secret_key="given", instance=str(tmp_path))) == "given"
        assert list(tmp_path.iterdir()) == []

    def test_without_one_it_is_made_once_and_kept_private(self, tmp_path: Path) -> None:
        settings = Settings(instance=str(tmp_path / "new"))
        made = secret_of(settings)
        assert len(made) == 64
        assert secret_of(settings) == made
        kept = tmp_path / "new" / "secret_key"
        assert kept.stat().st_mode & 0o077 == 0
        assert [path.name for path in kept.parent.iterdir()] == ["secret_key"]

    def test_an_empty_file_left_by_a_crash_is_not_a_secret(self, tmp_path: Path) -> None:
        (tmp_path / "secret_key").touch()
        with pytest.raises(UnsafeSettings, match="secret_key"):
            secret_of(Settings(instance=str(tmp_path)))


class TestPlaces:
    def test_without_an_address_the_database_lies_in_the_instance(self, tmp_path: Path) -> None:
        settings = Settings(instance=str(tmp_path))
        assert settings.database == f"sqlite:///{tmp_path / 'matchplatform.db'}"
        assert Settings(database_url="sqlite:////x/y.db").database == "sqlite:////x/y.db"

    @pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
    def test_an_address_of_postgresql_means_the_driver_that_is_installed(self, scheme: str) -> None:
        settings = Settings(database_url=f"{scheme}://who@/y?host=z")
        assert settings.database == "postgresql+psycopg://who@/y?host=z"

    def test_another_kind_of_database_is_refused_without_its_password(self) -> None:
        with pytest.raises(UnsafeSettings, match="MATCHPLATFORM_DATABASE_URL") as refused:
            read_settings({"MATCHPLATFORM_DATABASE_URL": "mysql://a:hush@b/c"})
        assert "hush" not in str(refused.value)


class TestMail:
    MAIL = {
        "MATCHPLATFORM_MAIL_HOST": "smtp.example.cn",
        "MATCHPLATFORM_MAIL_FROM": "no-reply@match.example.cn",
    }

    def test_production_with_a_host_under_tls_is_taken(self) -> None:
        assert read_settings({**SAFE, **self.MAIL}).mail_tls == "starttls"

    def test_production_refuses_a_host_without_tls(self) -> None:
        with pytest.raises(UnsafeSettings, match="MATCHPLATFORM_MAIL_TLS"):
            read_settings({**SAFE, **self.MAIL, "MATCHPLATFORM_MAIL_TLS": "none"})

    def test_elsewhere_a_host_without_tls_is_taken(self) -> None:
        assert read_settings({**self.MAIL, "MATCHPLATFORM_MAIL_TLS": "none"}).mail_host

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("MAIL_TLS", "ssl"),
            ("MAIL_TLS", ""),
            ("MAIL_HOST", "smtp.example.cn\r\nX"),
            ("MAIL_HOST", "邮件.cn"),
            ("MAIL_FROM", ""),
            ("MAIL_FROM", "nobody"),
            ("MAIL_FROM", "a@b.cn\nBcc: c@d.cn"),
            ("MAIL_FROM", "平台 <a@b.cn>"),
            ("MAIL_USER", "用户"),
            ("MAIL_PASSWORD", "密码"),
        ],
    )
    def test_each_unusable_value_is_named_and_not_shown(self, name: str, text: str) -> None:
        with pytest.raises(UnsafeSettings, match=f"MATCHPLATFORM_{name}") as caught:
            read_settings({**self.MAIL, f"MATCHPLATFORM_{name}": text})
        assert str(caught.value).count("MATCHPLATFORM_") == 1
        assert not text or text not in str(caught.value) or name == "MAIL_TLS"

    def test_the_password_is_not_printed_with_the_settings(self) -> None:
        assert "hunter2" not in repr(Settings(mail_password="hunter2"))
