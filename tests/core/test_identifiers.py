"""Credit codes and identity numbers: what is read, what is refused, and with which words."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.identifiers import (
    CREDIT_ALPHABET,
    CreditCode,
    CreditCodeCharacter,
    CreditCodeCheckFailed,
    CreditCodeLength,
    CreditCodeMissing,
    IdArea,
    IdBirthDate,
    IdCharacter,
    IdCheckFailed,
    IdentifierError,
    IdLength,
    IdMissing,
    IdNumber,
)
from tests.numbers import credit_code, id_number

ON = date(2026, 6, 30)
CODES = ["91110000600037341L", "91220101MA0TE5T16T", "51220000500200113B"]
NUMBERS = ["11010519491231002X", "34052419800101001X", "220104197803169912"]


@pytest.mark.parametrize("code", CODES)
def test_published_codes_are_read(code):
    assert str(CreditCode.parse(code)) == code


@pytest.mark.parametrize("number", NUMBERS)
def test_textbook_numbers_are_read(number):
    assert str(IdNumber.parse(number, on=ON)) == number


@pytest.mark.parametrize(
    "typed",
    [
        "91220101ma0te5t16t",
        " 9122 0101 MA0T E5T1 6T ",
        "９１２２０１０１ＭＡ０ＴＥ５Ｔ１６Ｔ",
        "'91220101MA0TE5T16T",
        "\ufeff91220101MA0TE5T16T\u200b",
        "91220101\nMA0TE5T16T\u3000",
    ],
)
def test_a_code_is_read_however_it_was_typed(typed):
    assert str(CreditCode.parse(typed)) == "91220101MA0TE5T16T"


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２ｘ",
        "’110105 19491231 002X",
        "\u2060110105\u00ad19491231002X\t",
    ],
)
def test_a_number_is_read_however_it_was_typed(typed):
    assert str(IdNumber.parse(typed, on=ON)) == "11010519491231002X"


@pytest.mark.parametrize("prefix", ["Y1", "N2", "A1", "11", "12", "51", "52", "53", "91", "92", "93"])
def test_prefixes_with_letters_and_unknown_divisions_are_lawful_in_codes(prefix):
    code = credit_code(prefix=prefix, area="000000")
    assert str(CreditCode.parse(code)) == code


@pytest.mark.parametrize(
    ("typed", "error", "says"),
    [
        ("", CreditCodeMissing, "请填写"),
        ("　 ", CreditCodeMissing, "请填写"),
        ("91220101MA0TE5T16", CreditCodeLength, "现为 17 位"),
        ("220101000012345", CreditCodeLength, "现为 15 位"),
        ("9122O101MA0TE5T16T", CreditCodeCharacter, "第 5 位“O”"),
        ("91220101MA0TE5T1-T", CreditCodeCharacter, "第 17 位“-”"),
        ("91220101MA0TE5T16X", CreditCodeCheckFailed, "人工核验"),
    ],
)
def test_a_wrong_code_is_told_what_is_wrong(typed, error, says):
    with pytest.raises(error, match=says) as refusal:
        CreditCode.parse(typed)
    assert refusal.value.code.startswith("credit_code_")


def test_an_officer_may_overrule_the_check_character_and_nothing_else():
    assert str(CreditCode.parse("91220101MA0TE5T16X", overrule_check=True)) == "91220101MA0TE5T16X"
    with pytest.raises(CreditCodeCharacter):
        CreditCode.parse("9122O101MA0TE5T16X", overrule_check=True)


@pytest.mark.parametrize(
    ("typed", "error", "code", "says"),
    [
        ("", IdMissing, "id_missing", "请填写"),
        ("220204680402147", IdLength, "id_length_invalid", "第一代"),
        ("2201041978031699", IdLength, "id_length_invalid", "现为 16 位"),
        ("2201041978O3169912", IdCharacter, "id_character_invalid", "第 11 位“O”"),
        ("X20104197803169912", IdCharacter, "id_character_invalid", "第 1 位"),
        ("22010419780316991Y", IdCharacter, "id_character_invalid", "数字或 X"),
        ("990102198706115330", IdArea, "id_area_code_invalid", "990102"),
        ("222405198502314257", IdBirthDate, "id_birth_date_invalid", "1985-02-31"),
        ("22010119850229001X", IdBirthDate, "id_birth_date_invalid", "1985-02-29"),
        ("220103198601095346", IdCheckFailed, "id_check_digit_invalid", "校验位"),
    ],
)
def test_a_wrong_number_is_told_what_is_wrong(typed, error, code, says):
    with pytest.raises(error, match=says) as refusal:
        IdNumber.parse(typed, on=ON)
    assert refusal.value.code == code


def test_nobody_is_born_after_the_day_of_asking_nor_before_1900():
    born = id_number(born=ON)
    assert IdNumber.parse(born, on=ON).birth_on == ON
    with pytest.raises(IdBirthDate, match="晚于 2026-06-29"):
        IdNumber.parse(born, on=date(2026, 6, 29))
    with pytest.raises(IdBirthDate, match="过早"):
        IdNumber.parse(id_number(born=date(1899, 12, 31)), on=ON)


def test_without_a_day_it_is_judged_today():
    number = id_number(born=date(2026, 6, 30))
    with clock.frozen(clock.start_of(date(2026, 6, 30))):
        assert IdNumber.parse(number).birth_on == date(2026, 6, 30)
    with clock.frozen(clock.start_of(date(2026, 6, 29))), pytest.raises(IdBirthDate):
        IdNumber.parse(number)


@pytest.mark.parametrize(
    "area",
    ["220381", "220184", "210219", "132201", "710000", "810000", "820000", "830000", "911124", "922840"],
)
def test_areas_are_held_against_every_code_ever_in_force(area):
    number = id_number(area=area)
    assert str(IdNumber.parse(number, on=ON)) == number


def test_a_number_tells_birth_date_and_sex_and_shows_itself_only_masked():
    woman = IdNumber.parse("220103198107222589", on=ON)
    assert (woman.birth_on, woman.is_male) == (date(1981, 7, 22), False)
    assert IdNumber.parse("220104197803169912", on=ON).is_male
    assert woman.masked == "220***********2589"
    assert "19810722" not in repr(woman)
    assert len(woman.masked) == 18


@given(data=st.data(), serial=st.integers(0, 999_999_999), prefix=st.sampled_from(["91", "12", "51", "Y1", "N2"]))
def test_any_single_changed_character_of_a_code_is_caught(data, serial, prefix):
    code = credit_code(serial, prefix=prefix)
    place = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from(CREDIT_ALPHABET.replace(code[place], "")))
    with pytest.raises(CreditCodeCheckFailed):
        CreditCode.parse(code[:place] + other + code[place + 1 :])


@given(
    data=st.data(),
    serial=st.integers(0, 499),
    born=st.dates(date(1930, 1, 1), date(2005, 12, 31)),
    male=st.booleans(),
)
def test_any_single_changed_character_of_a_number_is_caught(data, serial, born, male):
    number = id_number(serial, born=born, male=male)
    assert IdNumber.parse(number, on=ON).is_male is male
    place = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from("0123456789X".replace(number[place], "")))
    with pytest.raises(IdentifierError):
        IdNumber.parse(number[:place] + other + number[place + 1 :], on=ON)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused_in_words(text):
    for parse in (CreditCode.parse, IdNumber.parse):
        with contextlib.suppress(IdentifierError):
            assert len(str(parse(text))) == 18
