"""What a phone number, a NIK, a PIN and a name must look like. Pure."""

from itertools import pairwise

import phonenumbers

from besuk.ground.kernel.errors import Refusal, because, refuse

HOME = "ID"
NIK_DIGITS = 16
PIN_DIGITS = 6
LONGEST_NAME = 120
WOMEN_ADD = 40
"""In a NIK the day of birth of a woman is written plus 40."""


def normal_phone(text: str) -> str:
    """The number in E.164 ("0812 3456 7890" -> "+6281234567890"). Raises Refused(PHONE_INVALID).

    Without a country code it is Indonesian. It must be one that a telephone company hands out.
    """
    try:
        number = phonenumbers.parse(text.strip(), HOME)
    except phonenumbers.NumberParseException as error:
        raise refuse("PHONE_INVALID") from error
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise refuse("PHONE_INVALID")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def only_digits(text: str) -> str:
    """The text without the spaces, dots and dashes people put between digits."""
    return text.translate(str.maketrans("", "", " .-\u00a0")).strip()


def check_nik(text: str) -> list[Refusal]:
    """Whether this can be a NIK: 16 digits (else NIK_INVALID), region, a date of birth (DDMMYY), a serial number
    (else NIK_UNLIKELY).
    """
    nik = only_digits(text)
    if len(nik) != NIK_DIGITS or not (nik.isascii() and nik.isdigit()):
        return [because("NIK_INVALID")]
    region, day, month, serial = nik[:6], int(nik[6:8]), int(nik[8:10]), nik[12:]
    day -= WOMEN_ADD if day > WOMEN_ADD else 0
    plausible = region[:2] >= "11" and 1 <= day <= 31 and 1 <= month <= 12 and serial != "0000"
    return [] if plausible else [because("NIK_UNLIKELY")]


def check_pin(pin: str) -> list[Refusal]:
    """Whether this will do as a PIN: 6 digits, not all the same, not counting up or down, not a pair repeated."""
    if len(pin) != PIN_DIGITS or not (pin.isascii() and pin.isdigit()):
        return [because("PIN_WEAK")]
    steps = {int(b) - int(a) for a, b in pairwise(pin)}
    repeated = pin == pin[:2] * 3 or pin == pin[:3] * 2
    return [because("PIN_WEAK")] if repeated or steps in ({0}, {1}, {-1}) else []


def normal_name(text: str) -> str:
    """The name with single spaces. One word is a whole name."""
    return " ".join(text.split())


def check_name(text: str) -> list[Refusal]:
    """Whether there is a name at all: a letter, and no more than a form holds."""
    name = normal_name(text)
    fits = len(name) <= LONGEST_NAME and any(letter.isalpha() for letter in name)
    return [] if fits else [because("NAME_MISSING")]
