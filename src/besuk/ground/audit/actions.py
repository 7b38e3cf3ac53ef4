"""Writing the log: `record` notes an act, `transition` changes a state and notes it, both or neither."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models

from besuk.ground.audit.chain import link, moment, text_hash
from besuk.ground.audit.checkpoints import Head, as_text, signed
from besuk.ground.audit.models import ChainHead, Checkpoint, Entry, EntryText, Transition
from besuk.ground.kernel import crypto
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse
from besuk.ground.kernel.lifecycle import Lifecycle
from besuk.ground.kernel.locks import Rank, lock
from besuk.ground.kernel.unit import current

Data = Mapping[str, str | int | bool | None | list[str] | list[int]]
PENDING = "audit.pending"


@dataclass(frozen=True)
class _Pending:
    facility_id: int
    at: datetime
    code: str
    actor: Actor
    object_kind: str
    object_ref: str
    data: Data
    purpose: str
    words: str


def record(
    code: str,
    *,
    facility_id: int,
    actor: Actor,
    about: models.Model,
    now: datetime,
    data: Data | None = None,
    purpose: str = "",
    words: str = "",
) -> None:
    """Note that `actor` did `code` to `about`. Written at the end of the outermost unit, with it.

    `about` stands in the log by its `ref` where it has one, a person by its random `subject`.
    `data` holds codes and numbers, never names or free text; free text goes into `words`, which is
    kept beside the chain. Raises RuntimeError outside a unit.
    """
    entry = _Pending(
        facility_id, now, code, actor, about._meta.label_lower, ref_of(about), dict(data or {}), purpose, words
    )
    unit = current()
    if PENDING not in unit.notes:
        unit.notes[PENDING] = []
        unit.before_commit.append(_append_pending)
    unit.notes[PENDING].append(entry)


def ref_of(about: models.Model) -> str:
    """How a thing is named in the log."""
    for name in ("subject", "ref", "code"):
        value = getattr(about, name, None)
        if isinstance(value, str) and value:
            return value
    return str(about.pk)


def transition(
    row: models.Model,
    lifecycle: Lifecycle,
    verb: str,
    *,
    facility_id: int,
    actor: Actor,
    now: datetime,
    field: str = "state",
    changes: Mapping[str, Any] | None = None,
    data: Data | None = None,
    words: str = "",
) -> None:
    """Do `verb` on `row`: conditional update, history row, audit entry, all in the open unit.

    The caller's `row` is brought up to date. Raises Refused(STATE_CHANGED) when the state does not
    allow the verb, or when somebody else was faster.
    """
    before = str(getattr(row, field))
    step = lifecycle.moves[verb]
    if before not in step.sources:
        raise refuse("STATE_CHANGED")
    values = {field: step.target, **(changes or {})}
    mine = type(row)._default_manager.filter(pk=row.pk, **{field: before})
    if mine.update(**values) != 1:
        raise refuse("STATE_CHANGED")
    for name, value in values.items():
        setattr(row, name, value)
    Transition.objects.create(
        facility_id=facility_id,
        kind=row._meta.label_lower,
        object_pk=row.pk,
        verb=verb,
        before=before,
        after=step.target,
        at=now,
        actor_subject=actor.subject,
    )
    told = {"before": before, "after": step.target, **(data or {})}
    record(f"{lifecycle.name}.{verb}", facility_id=facility_id, actor=actor, about=row, now=now, data=told, words=words)


def _append_pending() -> None:
    pending: list[_Pending] = current().notes[PENDING]
    facilities = {entry.facility_id for entry in pending}
    existing = ChainHead.objects.filter(facility_id__in=facilities)
    missing = facilities - set(existing.values_list("facility_id", flat=True))
    ChainHead.objects.bulk_create([ChainHead(facility_id=pk) for pk in sorted(missing)], ignore_conflicts=True)
    heads = {head.facility_id: head for head in lock(Rank.CHAIN, ChainHead.objects.filter(facility_id__in=facilities))}
    salts: list[tuple[Entry, str, str]] = []
    entries = [_chained(heads[one.facility_id], one, salts) for one in pending]
    Entry.objects.bulk_create(entries)
    if salts:
        EntryText.objects.bulk_create([EntryText(entry=e, salt=salt, words=words) for e, salt, words in salts])
    ChainHead.objects.bulk_update(heads.values(), ["number", "hash"])


def _chained(head: ChainHead, one: _Pending, salts: list[tuple[Entry, str, str]]) -> Entry:
    """The next entry of this chain; moves `head` on to it."""
    salt = secrets.token_hex(16) if one.words else ""
    entry = Entry(
        facility_id=one.facility_id,
        number=head.number + 1,
        at=one.at,
        code=one.code,
        actor_kind=one.actor.kind,
        actor_subject=one.actor.subject,
        actor_role=one.actor.role,
        object_kind=one.object_kind,
        object_ref=one.object_ref,
        data=dict(one.data),
        purpose=one.purpose,
        request_id=one.actor.request_id,
        address=one.actor.address,
        text_hash=text_hash(salt, one.words) if one.words else "",
        previous=head.hash,
    )
    entry.hash = link(head.hash, as_written(entry))
    head.number, head.hash = entry.number, entry.hash
    if salt:
        salts.append((entry, salt, one.words))
    return entry


def as_written(entry: Entry) -> dict[str, Any]:
    """The entry's fields as the chain hashes them."""
    return {
        "facility": entry.facility_id,
        "number": entry.number,
        "at": moment(entry.at),
        "code": entry.code,
        "actor_kind": entry.actor_kind,
        "actor_subject": entry.actor_subject,
        "actor_role": entry.actor_role,
        "object_kind": entry.object_kind,
        "object_ref": entry.object_ref,
        "data": entry.data,
        "purpose": entry.purpose,
        "request_id": entry.request_id,
        "address": entry.address,
        "text_hash": entry.text_hash,
    }


def checkpoint(now: datetime) -> Checkpoint:
    """Sign where every chain ends, keep the statement here and as a file for an outsider.

    The file lies in BESUK_CHECKPOINTS_DIR, named by its moment. Raises OSError when it cannot be written.
    """
    rows = ChainHead.objects.order_by("facility__code").values_list("facility__code", "number", "hash")
    heads = [Head(facility=code, number=number, hash=hash_) for code, number, hash_ in rows]
    statement = signed(moment(now), heads, crypto.audit_key())
    folder: Path = settings.BESUK_CHECKPOINTS_DIR
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{now:%Y%m%dT%H%M%S}-{statement['root'][:12]}.json"
    (folder / name).write_text(as_text(statement), encoding="utf-8")
    return Checkpoint.objects.create(
        at=now,
        heads=heads,
        root=statement["root"],
        signature=statement["signature"],
        public_key=statement["public_key"],
    )
