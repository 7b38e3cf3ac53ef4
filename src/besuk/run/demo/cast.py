"""Who plays in the demo: two prisons, their staff, the families and how far each has come. Only data.

Everybody is made up. NIKs begin with 99, a province that does not exist.
"""

from dataclasses import dataclass
from typing import Literal

from besuk.run.demo.names import JAVA, PAPUA, Name

PASSWORD = "besuk-demo-demo"
"""Of every member of staff in the demo, and only there."""
STAFF_PIN = "481526"
PIN = "739142"
"""Of every family in the demo, except where two share a phone."""

Stage = Literal["approved", "submitted", "needs_more", "refused", "suspended", "lawyer", "account_only"]


@dataclass(frozen=True)
class Officer:
    """A member of staff. `role` as in accounts.capabilities."""

    username: str
    name: str
    code: str
    role: str


@dataclass(frozen=True)
class Family:
    """Somebody outside, and the inmate (by number in the prison's list, from 1) they want to talk with."""

    name: str
    sex: str
    inmate: int
    relation: str
    stage: Stage = "approved"
    phone: str = ""
    pin: str = PIN
    permit: bool = True
    """For a tahanan: whether the permit of the detaining authority was handed in."""


@dataclass(frozen=True)
class Prison:
    """One facility of the demo."""

    code: str
    name: str
    zone: str
    stations: int
    blocks: tuple[str, ...]
    inmates: tuple[Name, ...]
    remand: frozenset[int]
    """Numbers of inmates who are tahanan."""
    officers: tuple[Officer, ...]
    families: tuple[Family, ...]
    quiet_from: int
    """Inmates from this number on have one approved family each, for the visits of the day."""


LAPAS = Prison(
    code="lapas-contoh",
    name="Lapas Narkotika Contoh",
    zone="Asia/Jakarta",
    stations=3,
    blocks=("Blok Anggrek", "Blok Bougenvil", "Blok Cempaka", "Blok Dahlia"),
    inmates=JAVA,
    remand=frozenset({12, 13, 14, 27, 33, 41, 52, 58}),
    officers=(
        Officer("pendaftaran", "Dewi Anggraini", "D-101", "desk"),
        Officer("pengawas", "Rahman Hakim", "W-201", "supervisor"),
        Officer("pengawas2", "Sri Handayani", "W-202", "supervisor"),
        Officer("kalapas", "Hadi Sutrisno", "K-001", "head"),
        Officer("pendamping", "Lukman Prasetyo", "S-501", "companion"),
    ),
    families=(
        Family("Siti Aminah", "f", 1, "spouse", phone="0812 0000 0001"),
        Family("Budi Suyatno", "m", 1, "child", phone="0812 0000 0001", pin="284617"),
        Family("Ni Luh Ayu Pratiwi", "f", 4, "spouse"),
        Family("Rosmaida Hutapea", "f", 5, "parent"),
        Family("Dewi Lestari", "f", 3, "sibling", "submitted"),
        Family("Rina Marlina", "f", 2, "spouse", "submitted"),
        Family("Sri Mulyani", "f", 7, "parent", "needs_more"),
        Family("Hartini", "f", 6, "relative", "refused"),
        Family("Yuli Astuti", "f", 11, "spouse", "suspended"),
        Family("Ratna Sari Gunawan", "f", 12, "spouse"),
        Family("Adang Sutisna", "m", 13, "parent", "needs_more", permit=False),
        Family("R. Rangkuti, S.H.", "m", 8, "lawyer", "lawyer"),
        Family("Orang Luar", "m", 0, "friend", "account_only"),
    ),
    quiet_from=15,
)

RUTAN = Prison(
    code="rutan-teladan",
    name="Rutan Teladan",
    zone="Asia/Jayapura",
    stations=1,
    blocks=("Blok Matoa", "Blok Kasuari", "Blok Wanita"),
    inmates=PAPUA,
    remand=frozenset({2, 9, 17, 24, 30, 38, 44, 57}),
    officers=(
        Officer("pendaftaran.teladan", "Yuliana Rumbiak", "D-301", "desk"),
        Officer("pengawas.teladan", "Nikolas Pigai", "W-401", "supervisor"),
        Officer("karutan", "Ferry Mambrasar", "K-002", "head"),
        Officer("pendamping.teladan", "Debora Yoku", "S-502", "companion"),
    ),
    families=(
        Family("Yosina Wenda", "f", 1, "parent"),
        Family("Elisabet Tabuni", "f", 2, "sibling"),
        Family("Marthina Kogoya", "f", 3, "spouse", "submitted"),
    ),
    quiet_from=40,
)

PRISONS = (LAPAS, RUTAN)

EVERYWHERE = (
    Officer("kanwil", "Lestari Wulandari", "R-901", "regional"),
    Officer("pemeriksa", "Anwar Ibrahim Nasution", "I-902", "inspector"),
    Officer("pdp", "Maria Gorreti", "P-903", "data_protection"),
)
ADMINISTRATOR = Officer("administrator", "Administrator Sistem", "A-999", "system_administrator")

MORE_REASONS = ["clearer_id_photo"]
REFUSE_REASONS = ["relation_not_shown"]
SUSPENSION_REASON = "Merekam layar pada kunjungan yang lalu. Berlaku 30 hari."

POLICY: dict[str, int | str] = {
    "slot_minutes": 10,
    "book_from_days": 0,
    "check_in_opens_minutes": 60,
    "announcement": "Situs peragaan: semua orang di sini rekaan.",
}
"""Where the demo differs from a real prison: short visits, booked on the day, so that one is always due."""
