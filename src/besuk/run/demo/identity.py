"""Made-up numbers: NIKs of a province that does not exist, phone numbers of nobody."""


def nik(number: int, sex: str) -> str:
    """A NIK that is well formed and obviously false: province 99, women's day of birth plus 40."""
    day, month, year = 1 + number * 5 % 28, 1 + number * 3 % 12, 60 + number * 11 % 40
    day += 40 if sex == "f" else 0
    return f"9971{number // 100 % 100:02d}{day:02d}{month:02d}{year:02d}{number % 9999 + 1:04d}"


def phone(number: int) -> str:
    """A mobile number as people write it."""
    return f"0812 0000 {number:04d}"
