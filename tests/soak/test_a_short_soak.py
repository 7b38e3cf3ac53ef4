"""Four calls for a minute, as the long run has twenty for twenty minutes: nothing is missed."""

import pytest

from bench import soak
from besuk.testing import needs
from tools.build import load_binary


@pytest.mark.media
@pytest.mark.slow
def test_nothing_is_missed_in_a_minute() -> None:
    needs.media_server()
    if not load_binary().exists():
        pytest.fail("there is no load generator: run `make setup`", pytrace=False)
    seen = soak.soak(1.0, 4, walls=0)
    assert seen["missed"] == []
    assert seen["helped"] == 1
