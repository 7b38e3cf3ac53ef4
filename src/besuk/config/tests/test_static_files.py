from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.test import override_settings

from besuk.config.static_files import VersionedFiles, version


def test_the_site_uses_addresses_that_change_with_the_content() -> None:
    assert "?v=" in static("besuk/css/besuk.css")


def test_a_changed_file_has_another_address_after_the_restart(tmp_path: Path) -> None:
    script = tmp_path / "call.js"
    addresses = []
    with override_settings(STATICFILES_DIRS=[tmp_path]):
        for content in ("1", "2", "1"):
            script.write_text(content)
            version.cache_clear()
            addresses.append(VersionedFiles().url("call.js"))
    version.cache_clear()
    assert addresses[0] != addresses[1]
    assert addresses[0] == addresses[2]


def test_an_unknown_file_has_its_plain_address() -> None:
    assert VersionedFiles().url("no/such.js") == "/static/no/such.js"


def test_browsers_may_keep_files_for_long() -> None:
    assert settings.WHITENOISE_MAX_AGE >= 30 * 24 * 3600
