"""Phone numbers, NIKs, PINs and names as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from besuk.ground.accounts.rules import check_name, check_nik, check_pin, normal_name, normal_phone, only_digits
from besuk.ground.kernel.errors import Refused


@pytest.mark.parametrize(
    "text",
    ["0812 3456 7890", "081234567890", "+62 812-3456-7890", "62812 3456 7890", "(0812) 3456.7890", " 081234567890 "],
)
def test_one_number_has_one_form(text: str) -> None:
    assert normal_phone(text) == "+6281234567890"


@pytest.mark.parametrize(
    ("text", "number"),
    [("021 390 9090", "+62213909090"), ("0271 633005", "+62271633005"), ("0812 3456 78901", "+62812345678901")],
)
def test_landlines_and_long_mobile_numbers_are_numbers(text: str, number: str) -> None:
    assert normal_phone(text) == number


def test_a_number_of_another_country_keeps_its_code() -> None:
    assert normal_phone("+60 12-345 6789") == "+60123456789"


@pytest.mark.parametrize(
    "text", ["", "abc", "0812", "12345", "08123456", "08123456789012345", "110", "+999 1", "0812 3456 7890 ext. 5"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        normal_phone(text)
    assert refused.value.codes == ("PHONE_INVALID",)


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_a_refusal(text: str) -> None:
    try:
        number = normal_phone(text)
    except Refused:
        return
    assert number.startswith("+")
    assert normal_phone(number) == number


@pytest.mark.parametrize(
    "nik", ["9971011507850001", "9971 0115 0785 0001", "9971015507850001", "9971013112999999", "1101010101010001"]
)
def test_a_plausible_nik_is_taken(nik: str) -> None:
    assert check_nik(nik) == []


@pytest.mark.parametrize(
    "nik",
    [
        "",
        "997101150785000",
        "99710115078500011",
        "99710115O7850001",
        "٩٩٧١٠١١٥٠٧٨٥٠٠٠١",
    ],
)
def test_a_nik_without_16_digits_is_refused(nik: str) -> None:
    assert [one.code for one in check_nik(nik)] == ["NIK_INVALID"]


@pytest.mark.parametrize(
    "nik",
    [
        "9971010007850001",
        "9971013207850001",
        "9971014007850001",
        "9971017207850001",
        "9971011500850001",
        "9971011513850001",
        "9971011507850000",
        "0571011507850001",
    ],
)
def test_a_nik_of_16_digits_that_cannot_be_is_to_be_compared(nik: str) -> None:
    assert [one.code for one in check_nik(nik)] == ["NIK_UNLIKELY"]


@given(st.text(max_size=20))
def test_any_text_can_be_asked_whether_it_is_a_nik(text: str) -> None:
    assert len(check_nik(text)) <= 1


@pytest.mark.parametrize("pin", ["481526", "100000", "112233", "123457"])
def test_a_pin_nobody_tries_first_is_taken(pin: str) -> None:
    assert check_pin(pin) == []


@pytest.mark.parametrize(
    "pin",
    ["", "12345", "1234567", "123456", "654321", "000000", "777777", "121212", "123123", "abcdef", "48152 ", "٤٨١٥٢٦"],
)
def test_a_weak_pin_is_refused(pin: str) -> None:
    assert [one.code for one in check_pin(pin)] == ["PIN_WEAK"]


@pytest.mark.parametrize("name", ["Suyatno", "I Wayan Sudiarta", "Ny. Siti  Aminah", "Ömer", "孙"])
def test_one_word_and_many_words_are_names(name: str) -> None:
    assert check_name(name) == []


@pytest.mark.parametrize("name", ["", "   ", "123", "-", "x" * 121])
def test_no_name_is_refused(name: str) -> None:
    assert [one.code for one in check_name(name)] == ["NAME_MISSING"]


def test_spaces_in_a_name_are_made_single() -> None:
    assert normal_name("  Siti \t Aminah ") == "Siti Aminah"


def test_separators_between_digits_are_left_out() -> None:
    assert only_digits(" 99-71.01 15 ") == "99710115"
