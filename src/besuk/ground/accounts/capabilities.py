"""Capabilities, and which role holds which. Deny by default: what is not here is not allowed."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop as _

# What can be done, each by one name. A view names one, and the action checks it again.
VISITOR_OWN = "visitor.own"
"""A visitor's own things: ties, visits, device tests, their place in a call."""
STATION_OWN = "station.own"
"""A paired station's own things: its idle page, its call."""
VETTING = "vetting.decide"
DOCUMENT_VIEW = "document.view"
DAY_VIEW = "day.view"
DAY_MARK = "day.mark"
OUTCOME_SETTLE = "outcome.settle"
"""Confirm or correct what became of a visit."""
COMPLAINT_FILE = "complaint.file"
"""Write down what an inmate complains of."""
COMPLAINT_ANSWER = "complaint.answer"
DESK_BOOK = "desk.book"
STATION_PAIR = "station.pair"
COMPUTER_PAIR = "computer.pair"
"""Make a PC of the office one on which officers switch by PIN."""
TIMETABLE_EDIT = "timetable.edit"
WATCH = "call.watch"
LISTEN = "call.listen"
CONDUCT = "call.conduct"
"""Admit, warn, pause, resume, end: supervise."""
BOARD_VIEW = "board.view"
LOOK = "call.look"
"""See a running call from the office board, with a purpose: an onlooker, never a supervisor."""
SUPPORT = "support.give"
"""Look after people whom a call has shaken (pendamping): read what was asked for, say that it was done."""
VISIT_VIEW = "visit.view"
AUDIT_VIEW = "audit.view"
STAFF_MANAGE = "staff.manage"
SETTINGS_EDIT = "settings.edit"
SYSTEM_RUN = "system.run"
"""What the keeper and worker do by themselves."""
ANYONE = "anyone"
"""Pages open to everybody."""
STAFF_ANY = "staff.any"
"""Pages of every signed-in member of staff."""

ROLES: Mapping[str, frozenset[str]] = {
    "desk": frozenset(
        {
            VETTING, DOCUMENT_VIEW, DAY_VIEW, DAY_MARK, OUTCOME_SETTLE, DESK_BOOK, STATION_PAIR, COMPUTER_PAIR,
            VISIT_VIEW, COMPLAINT_FILE,
        }
    ),
    "supervisor": frozenset(
        {
            WATCH, LISTEN, CONDUCT, DOCUMENT_VIEW, DAY_VIEW, DAY_MARK, OUTCOME_SETTLE, STATION_PAIR, COMPUTER_PAIR,
            COMPLAINT_FILE,
        }
    ),
    "head": frozenset(
        {
            VETTING, DOCUMENT_VIEW, DAY_VIEW, DAY_MARK, OUTCOME_SETTLE, TIMETABLE_EDIT, BOARD_VIEW, VISIT_VIEW,
            AUDIT_VIEW, STAFF_MANAGE, SETTINGS_EDIT, COMPUTER_PAIR, SUPPORT, LOOK, COMPLAINT_ANSWER,
        }
    ),
    "companion": frozenset({SUPPORT}),
    "regional": frozenset({BOARD_VIEW, AUDIT_VIEW}),
    "inspector": frozenset({AUDIT_VIEW, VISIT_VIEW}),
    "data_protection": frozenset({AUDIT_VIEW}),
    "system_administrator": frozenset(),
}  # fmt: skip
"""The head of prison oversees without conducting: looking on (LOOK) is not watching (WATCH)."""

ROLE_WORDS: Mapping[str, str] = {
    "desk": _("Petugas pendaftaran"),
    "supervisor": _("Petugas pengawas"),
    "head": _("Kalapas"),
    "companion": _("Pendamping"),
    "regional": _("Kantor wilayah"),
    "inspector": _("Pemeriksa"),
    "data_protection": _("Petugas pelindungan data"),
    "system_administrator": _("Administrator sistem"),
}

VISITOR_MAY = frozenset({VISITOR_OWN})
STATION_MAY = frozenset({STATION_OWN})
SYSTEM_MAY = frozenset({SYSTEM_RUN})
