"""Made-up people, named as people in Indonesia are: one word is a whole name, a Balinese one tells the birth order,
a Batak or Papuan one ends in the clan. None of them is anybody."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Name:
    """A full name, the name people call (nama panggilan), the father's name, and `m` or `f`."""

    full: str
    call: str
    father: str
    sex: str = "m"


def _names(lines: str) -> tuple[Name, ...]:
    return tuple(Name(*(part.strip() for part in line.split("|"))) for line in lines.strip().splitlines())


JAVA = _names("""
Suyatno|Yatno|Karto Wiyono
Bambang Setiawan|Bambang|Sumarno
Asep Hidayat|Asep|Encep Suryana
I Wayan Sudiarta|Wayan|I Nyoman Rai
Togar Simanjuntak|Togar|Parulian Simanjuntak
Slamet|Slamet|Kromo
Agus Prasetyo|Agus|Teguh Prasetyo
Dedi Mulyadi Saputra|Dedi|Oman Saputra
Muhammad Rizki Ramadhan|Rizki|Zainal Abidin
Paijo|Paijo|Wongso
Eko Purwanto|Eko|Sastro Purwanto
Hendra Gunawan|Hendra|Lie Gunawan
Ujang Sutisna|Ujang|Adang Sutisna
Made Arya Wibawa|Made|I Ketut Wibawa
Sabar Hutagalung|Sabar|Jonas Hutagalung
Ahmad Fauzi|Fauzi|H. Sulaiman
Sugeng Riyadi|Sugeng|Mangun Riyadi
Joko Susilo|Joko|Warto Susilo
Ridwan|Ridwan|Abdul Karim
Yusuf Maulana|Yusuf|Ismail Maulana
Teguh Santoso|Teguh|Harjo Santoso
Marzuki|Marzuki|Tgk. Yunus
Andi Baso Pawelloi|Baso|Andi Patau
Lukman Hakim|Lukman|Muhammad Nur
Sukirman|Kirman|Sodikromo
Fajar Nugroho|Fajar|Budi Nugroho
Rahmat Hidayatullah|Rahmat|Syamsul Bahri
Ketut Suardana|Ketut|I Made Sukra
Parlindungan Siregar|Lindung|Baginda Siregar
Wahyu Widodo|Wahyu|Giman Widodo
Ngatimin|Min|Kariyo
Dian Permana|Dian|Maman Permana
Imam Syafi'i|Imam|K. Mukhlis
Rudi Hartono Tan|Rudi|Tan Hok Lim
Suparman|Parman|Resodikromo
Taufik Rahman|Opik|Dadang Rahman
Aris Munandar|Aris|Mulyono
Dani Firmansyah|Dani|Yayan Firmansyah
Bonar Situmorang|Bonar|Sahat Situmorang
Wawan Kurniawan|Wawan|Idris Kurniawan
Tukiman|Tukiman|Pawiro
Gede Putra Ariawan|Gede|I Putu Ariawan
Syahrul Gunadi|Syahrul|Datuk Gunadi
Irfan Bachtiar|Irfan|Bachtiar
Heru Kristianto|Heru|Yohanes Kristianto
Mulyono|Mul|Atmo Suwito
Cecep Supriatna|Cecep|Engkos Supriatna
Arif Budiman|Arif|Suroso
Darto|Darto|Sastro
Nanang Kosim|Nanang|Kosim
Zulkifli Lubis|Zul|Hasan Lubis
Anton Wijaya|Anton|Hadi Wijaya
Purnomo|Pur|Darmo
Roni Pasaribu|Roni|Maruli Pasaribu
Kasmin|Kasmin|Radi
Didik Haryanto|Didik|Sutrisno
Abdul Muis|Muis|La Ode Muis
Yanto|Yanto|Ngadimin
Galih Pratama|Galih|Untung Pratama
Sarwono|Sarwono|Mangku
""")

PAPUA = _names("""
Yosep Wenda|Yosep|Elias Wenda
Markus Tabuni|Markus|Yunus Tabuni
Benny Kogoya|Benny|Lukas Kogoya
Yakobus Pekey|Yakob|Marten Pekey
Melianus Wonda|Meli|Tinus Wonda
Frans Rumbiak|Frans|Hendrik Rumbiak
Obet Mambraku|Obet|Daud Mambraku
Yulianus Gobay|Yuli|Petrus Gobay
Semuel Wanggai|Semi|Dominggus Wanggai
Daniel Kambu|Dani|Agus Kambu
Isak Yikwa|Isak|Nius Yikwa
Marthen Ohee|Marthen|Ramses Ohee
Paulus Degei|Paulus|Andreas Degei
Elieser Murib|Eli|Nathan Murib
Nikson Telenggen|Nikson|Welis Telenggen
La Ode Saharuddin|Ode|La Ode Baharu
Daeng Rewa|Rewa|Daeng Sila
Suprapto|Prapto|Karyo
Yeremias Felle|Yeri|Oktovianus Felle
Demianus Kaize|Demi|Bernadus Kaize
Agustinus Mahuze|Gusti|Kosmas Mahuze
Lambertus Basik|Lambert|Yohanis Basik
Hengki Sroyer|Hengki|Barnabas Sroyer
Zakeus Mirin|Zakeus|Sem Mirin
Titus Heluka|Titus|Enos Heluka
Amos Kabak|Amos|Yan Kabak
Natan Sobolim|Natan|Pilemon Sobolim
Otniel Deda|Oni|Franklin Deda
Roy Maniagasi|Roy|Simon Maniagasi
Yan Piet Awom|Yan|Piet Awom
Ricky Sawaki|Ricky|Karel Sawaki
Ferdinan Imbiri|Ferdi|Max Imbiri
Alfius Payage|Alfi|Yesaya Payage
Moses Asso|Moses|Silo Asso
Welius Huby|Weli|Agus Huby
Terius Matuan|Teri|Yali Matuan
Lerry Mayor|Lerry|Cornelis Mayor
Soleman Fakdawer|Sole|Adolf Fakdawer
Esau Hamokwarong|Esau|Karel Hamokwarong
Bram Wopari|Bram|Silas Wopari
Oktovianus Yom|Okto|Nimbrot Yom
Robert Taime|Robi|Yordan Taime
Kornelis Bofra|Nelis|Ayub Bofra
Jefri Karubaba|Jefri|Seppy Karubaba
Rahman Kaimuddin|Rahman|La Kaimu
Sahrul Rumadaul|Sahrul|Hasan Rumadaul
Anis Yoku|Anis|Herman Yoku
Piter Ell|Piter|Gerson Ell
Stefanus Gombo|Stef|Ham Gombo
Tomas Nirigi|Tomas|Les Nirigi
Maria Wamena Asso|Maria|Lukas Asso|f
Yohana Kogoya|Yohana|Beni Kogoya|f
Dorkas Rumbewas|Dorkas|Yosias Rumbewas|f
Ester Tabuni|Ester|Markus Tabuni|f
Ribka Wenda|Ribka|Yakob Wenda|f
Selfina Pekei|Fina|Tadius Pekei|f
Naomi Ireeuw|Naomi|Fred Ireeuw|f
Wa Ode Sitti|Sitti|La Ode Hamid|f
Sri Wahyuni|Sri|Kasan|f
Agustina Mandosir|Tina|Demas Mandosir|f
""")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _words("""
Agus Ahmad Andi Anton Ari Bagus Bambang Bayu Budi Cahyo Dani Dedi Dimas Eko Fajar Galih Hari Hendra Heri Indra
Irwan Jaka Joko Kurnia Lukman Mahmud Nanang Nur Panji Rahmat Rian Rizal Rudi Samsul Satria Sigit Slamet Sugeng
Suryo Taufik Teguh Tri Udin Untung Wahyu Wawan Yoga Yudi Yusuf Zaenal
""")
_LAST = _words("""
Adinata Budiman Cahyono Darmawan Effendi Firdaus Gunawan Hakim Hartono Hidayat Irawan Kurniawan Kusuma Lestari
Maulana Mulyadi Nainggolan Nasution Nugroho Permana Pratama Purnomo Ramadhan Riyanto Rumbiak Santoso Saputra
Setiawan Siregar Sitorus Subekti Sudirman Suhendra Sulistyo Supriyadi Susanto Syahputra Utomo Wibowo Widodo Wijaya
""")


def invented(chance: random.Random, sex: str = "m") -> Name:
    """One more name, for large data sets; about one in five people has a single word."""
    first, father = chance.choice(_FIRST), chance.choice(_LAST)
    full = first if chance.random() < 0.2 else f"{first} {chance.choice(_LAST)}"
    return Name(full, first, father, sex)
