"""A call froze and was counted as completed: the family complains, the desk corrects it, the next call is longer."""

import re
from datetime import timedelta

from besuk.flow.live import actions as live
from besuk.ground.accounts.actors import visitor_actor
from besuk.ground.audit.command import main as audit
from besuk.testing.builders import booked_visit
from tests.flows.steps import Journey, key_in


def test_what_froze_is_corrected_told_and_added_to_the_next_call(journey: Journey) -> None:
    visit = journey.vetted_and_booked()
    journey.pair(visit.station)
    journey.go_to(visit, minutes=4)
    journey.check_in(visit)
    journey.inmate_is_ready(visit)
    journey.go_to(visit)
    call = journey.admitted(visit)
    family = visit.people.get(is_host=True).visitor
    assert family is not None
    journey.clock.move(minutes=12)
    live.end(call_ref=call.ref, ended_by="visitor", actor=visitor_actor(family), now=journey.now)
    result, complain = f"/visits/{visit.ref}/result/", f"/visits/{visit.ref}/complaint/"
    assert f'href="{complain}"' in journey.phone.get(result).content.decode()
    form = {"reason": "line", "words": "Gambar beku", "key": key_in(journey.phone.get(complain).content)}
    assert journey.phone.post(complain, form).status_code == 302
    day = f"/desk/day/?on={visit.starts_at:%Y-%m-%d}"
    assert f'data-testid="ended-{visit.ref}"' in journey.desk.get(day).content.decode()
    path = f"/desk/day/{visit.ref}/outcome/"
    wrong = {"act": "correct", "seen": "completed_early_by_visitor", "outcome": "failed_technical"}
    page = journey.desk.get(path)
    sent = journey.desk.post(path, {**wrong, "reason": "Gambar beku, keluarga menelepon", "key": key_in(page.content)})
    assert sent.status_code == 302, sent.content.decode()
    told = journey.phone.get(f"/visits/{visit.ref}/result/").content.decode()
    assert "Terganggu karena kami. Yang hilang kami ganti." in told
    assert 'data-testid="minutes-saved"' in told
    assert "keluarga menelepon" not in told
    journey.sign_in_staff(journey.office, "head")
    office = journey.office.get("/office/complaints/").content.decode()
    one = re.search(r'href="(/office/complaints/[^"?]+/)"', office)
    assert one is not None, office
    assert journey.office.post(one[1], {"words": "Kabelnya sudah diganti."}).status_code == 302
    told = journey.phone.get(result).content.decode()
    assert "Kabelnya sudah diganti." in told
    assert journey.phone.post(f"/visits/{visit.ref}/rating/", {"points": "3"}).status_code == 302
    assert 'data-points="3"' in journey.phone.get(result).content.decode()
    tie = visit.people.get(is_host=True).tie
    assert tie is not None
    later = booked_visit(tie, starts_at=visit.starts_at + timedelta(days=7), now=journey.now)
    journey.go_to(later, minutes=4)
    journey.check_in(later)
    journey.inmate_is_ready(later)
    journey.go_to(later)
    assert journey.admitted(later).ends_at == journey.now + timedelta(minutes=18)
    assert audit(["verify"]) == 0
