"""A checkpoint is a signed statement that holds without us."""

import json
from datetime import datetime
from typing import cast

import pytest
from django.conf import settings

from besuk.ground.audit.actions import checkpoint
from besuk.ground.audit.chain import merkle_root
from besuk.ground.audit.checkpoints import Statement, holds
from besuk.ground.audit.models import Checkpoint
from besuk.ground.kernel.models import Facility


@pytest.fixture
def statement(log: Facility, now: datetime) -> Statement:
    """What stands in the file."""
    checkpoint(now)
    (path,) = settings.BESUK_CHECKPOINTS_DIR.iterdir()
    return cast(Statement, json.loads(path.read_text()))


def test_it_names_every_head(statement: Statement, log: Facility) -> None:
    assert [(head["facility"], head["number"]) for head in statement["heads"]] == [("uji", 6)]
    assert Checkpoint.objects.get().root == statement["root"]


def test_it_holds(statement: Statement) -> None:
    assert holds(statement)


@pytest.mark.parametrize("field", ["at", "root", "signature", "heads"])
def test_a_changed_one_does_not_hold(statement: Statement, field: str) -> None:
    forged: dict[str, object] = dict(statement)
    if field == "heads":
        forged["heads"] = [{**statement["heads"][0], "number": 5}]
    elif field == "at":
        forged["at"] = "2027-01-01T00:00:00.000000Z"
    else:
        value = str(forged[field])
        forged[field] = ("1" if value[0] != "1" else "2") + value[1:]
    assert not holds(cast(Statement, forged))


def test_the_root_depends_on_every_leaf_and_on_the_order() -> None:
    leaves = ["a", "b", "c"]
    roots = {merkle_root(one) for one in (leaves, ["b", "a", "c"], ["a", "b"], ["a", "b", "c", "c"], ["a", "b", "d"])}
    assert len(roots) == 5
