"""An incident: who saw it, when, in which call; staff alone read of it."""

import pytest

from besuk.flow.live.models import Call
from besuk.flow.live.queries import timeline
from besuk.flow.live.tests.theatre import Theatre
from besuk.flow.oversight.models import Incident
from besuk.ground.audit.models import Entry
from besuk.ground.kernel.errors import Refused


async def test_one_click_keeps_who_saw_what_and_when(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("incident", kind="threat")
    row = Incident.objects.get()
    assert (row.kind, row.text, row.at) == ("threat", "", theatre.clock.now())
    assert (row.by_id, row.call_id) == (theatre.actors["officer"].pk, theatre.call.pk)
    assert theatre.is_open


async def test_the_family_never_reads_of_it(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("incident", kind="recording", text="Ponsel kedua terlihat di meja.")
    visit = Call.objects.select_related("visit").get(pk=theatre.call.pk).visit
    line = next(line for line in timeline(visit) if line.code == "incident")
    assert line.sentence == f"Petugas {theatre.actors['officer'].label} mencatat kejadian: Merekam layar"
    assert not line.outward


async def test_its_words_stand_beside_the_chain_and_not_in_it(theatre: Theatre) -> None:
    await theatre.go_live()
    await theatre.act("incident", kind="other", text="Lampu padam.")
    entry = Entry.objects.get(code="call.incident")
    assert entry.data == {"kind": "other"}
    assert Incident.objects.get().text == "Lampu padam."


@pytest.mark.parametrize(
    ("body", "code"),
    [({"kind": "gossip"}, "REASON_MISSING"), ({"kind": "other", "text": "x" * 501}, "FORM_INCOMPLETE")],
)
async def test_what_does_not_fit_is_refused(theatre: Theatre, body: dict[str, str], code: str) -> None:
    await theatre.go_live()
    with pytest.raises(Refused, match=code):
        await theatre.act("incident", **body)
    assert not Incident.objects.exists()
