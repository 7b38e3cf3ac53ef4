"""Stations are paired, opened and closed; inmates come and go; their photos are kept and seen."""

import secrets
from datetime import datetime, timedelta

from besuk.ground.accounts.capabilities import CONDUCT, DAY_MARK, DOCUMENT_VIEW, STATION_PAIR, VETTING
from besuk.ground.audit import actions as audit
from besuk.ground.facilities.actors import key_hash, station_actor
from besuk.ground.facilities.events import InmateMoved, StationChanged
from besuk.ground.facilities.models import Inmate, ServiceStop, Station
from besuk.ground.kernel import crypto, files, outbox, rate
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import unit

PAIRING_LASTS = timedelta(minutes=10)
PAIRING_DIGITS = 8
BY_ADDRESS = rate.Limit(tries=10, per=timedelta(minutes=10))
PHOTO = "inmate-photo"


def _fingerprint(code: str) -> str:
    """Keyed: eight digits would be guessed back from a plain hash in a second."""
    return crypto.blind_index(code, purpose="station-pairing")


def offer_pairing(*, station: Station, actor: Actor, now: datetime) -> str:
    """A code of 8 digits that pairs a computer with this station, for 10 minutes, once. Shown once."""
    actor.must(STATION_PAIR, station.facility_id)
    with unit():
        code = _free_code(now)
        station.pairing_hash, station.pairing_until = _fingerprint(code), now + PAIRING_LASTS
        station.save(update_fields=["pairing_hash", "pairing_until"])
        audit.record("station.pairing_offered", facility_id=station.facility_id, actor=actor, about=station, now=now)
    return code


def _free_code(now: datetime) -> str:
    while True:
        code = "".join(secrets.choice("0123456789") for _ in range(PAIRING_DIGITS))
        if not Station.objects.filter(pairing_hash=_fingerprint(code), pairing_until__gt=now).exists():
            return code


def pair_station(*, code: str, actor: Actor, now: datetime) -> tuple[Station, str]:
    """Pair this computer by its code; returns the station and its device key. An older pairing ends.

    The code is the authority, so no capability is asked. Raises PAIRING_CODE_WRONG, TOO_MANY_TRIES.
    """
    rate.take(f"pair:{actor.address}", BY_ADDRESS, now)
    digits = "".join(code.split())
    waiting = Station.objects.filter(pairing_hash=_fingerprint(digits), pairing_until__gt=now)
    station = waiting.select_related("facility").first()
    if station is None or len(digits) != PAIRING_DIGITS:
        raise refuse("PAIRING_CODE_WRONG")
    key = secrets.token_urlsafe(32)
    with unit():
        taken = {"pairing_hash": "", "pairing_until": None, "key_hash": key_hash(key), "paired_at": now}
        if waiting.filter(pk=station.pk).update(**taken) != 1:
            raise refuse("PAIRING_CODE_WRONG")
        station.refresh_from_db()
        paired = station_actor(station, request_id=actor.request_id, address=actor.address)
        audit.record("station.paired", facility_id=station.facility_id, actor=paired, about=station, now=now)
    return station, key


def set_station_open(*, station: Station, is_open: bool, actor: Actor, now: datetime) -> None:
    """Open or close a station for visits. Booked visits stay until somebody decides. STATE_CHANGED when it is so."""
    actor.must(STATION_PAIR, station.facility_id)
    with unit():
        if Station.objects.filter(pk=station.pk, is_open=not is_open).update(is_open=is_open) != 1:
            raise refuse("STATE_CHANGED")
        station.is_open = is_open
        done = "station.opened" if is_open else "station.closed"
        audit.record(done, facility_id=station.facility_id, actor=actor, about=station, now=now)
        outbox.emit(StationChanged(station.pk, station.facility_id, is_open), now)


def stop_service(*, facility_id: int, actor: Actor, now: datetime) -> ServiceStop:
    """Record that all calls were stopped. Again while it stands: the stop that stands."""
    actor.must(CONDUCT, facility_id)
    with unit():
        made, is_new = ServiceStop.objects.get_or_create(
            facility_id=facility_id, lifted_at=None, defaults={"since": now, "by_id": actor.pk}
        )
        if is_new:
            audit.record("service.stopped", facility_id=facility_id, actor=actor, about=made, now=now)
        return made


def reopen_service(*, facility_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Let calls be admitted again. Raises WORDS_MISSING without a reason, STATE_CHANGED when nothing is stopped."""
    actor.must(CONDUCT, facility_id)
    if not reason.strip():
        raise refuse("WORDS_MISSING")
    with unit():
        standing = ServiceStop.objects.filter(facility_id=facility_id, lifted_at__isnull=True)
        stop = standing.first()
        if stop is None or standing.update(lifted_at=now, lifted_by_id=actor.pk) != 1:
            raise refuse("STATE_CHANGED")
        audit.record(
            "service.reopened", facility_id=facility_id, actor=actor, about=stop, now=now, words=reason.strip()
        )


def set_inmate_place(*, inmate: Inmate, place: str, actor: Actor, now: datetime) -> None:
    """Note that an inmate is here or away; where away is never told. Raises FORM_INCOMPLETE, STATE_CHANGED.

    Takes the inmate's lock like `book`, since it changes what `may_talk` answers.
    """
    actor.must(DAY_MARK, inmate.facility_id)
    if place not in Inmate.Place.values:
        raise refuse("FORM_INCOMPLETE")
    with unit():
        (mine,) = lock(Rank.INMATE, Inmate.objects.filter(pk=inmate.pk))
        if mine.place == place:
            raise refuse("STATE_CHANGED")
        before, mine.place = mine.place, place
        mine.save(update_fields=["place"])
        inmate.place = place
        told: audit.Data = {"before": before, "after": place}
        audit.record("inmate.moved", facility_id=mine.facility_id, actor=actor, about=mine, now=now, data=told)
        outbox.emit(InmateMoved(mine.pk, mine.facility_id, place), now)


def set_photo(*, inmate: Inmate, image: bytes, mime: str, actor: Actor, now: datetime) -> None:
    """Keep the inmate's photo, encrypted. `image` must have been checked and re-encoded before."""
    actor.must(VETTING, inmate.facility_id)
    with unit():
        (mine,) = lock(Rank.INMATE, Inmate.objects.filter(pk=inmate.pk).select_related("facility"))
        mine.photo = files.store(image, facility=mine.facility, purpose=PHOTO, mime=mime, now=now)
        mine.save(update_fields=["photo"])
        inmate.photo = mine.photo
        audit.record("inmate.photo_set", facility_id=mine.facility_id, actor=actor, about=mine, now=now)


def view_photo(*, inmate: Inmate, purpose: str = "", actor: Actor, now: datetime) -> tuple[bytes, str]:
    """The photo and its MIME type, and an entry that it was seen. Raises NOT_FOUND when there is none."""
    actor.must(DOCUMENT_VIEW, inmate.facility_id)
    if inmate.photo is None:
        raise refuse("NOT_FOUND")
    with unit():
        audit.record(
            "inmate.photo_viewed", facility_id=inmate.facility_id, actor=actor, about=inmate, now=now, purpose=purpose
        )
    return files.read(inmate.photo), inmate.photo.mime
