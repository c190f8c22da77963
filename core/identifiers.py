"""Unified social credit codes (GB 32100-2015) and identity numbers (GB 11643-1999), read from what people type."""

import csv
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import ClassVar, Self

from config import FOLDER
from core import clock
from core.errors import DomainError

DIVISIONS = FOLDER / "gb2260.csv"

LENGTH = 18
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: without I, O, S, V, Z
CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
ID_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
ID_CHECKS = "10X98765432"
RESIDENCE_PERMITS = frozenset({"810000", "820000", "830000"})  # Hong Kong, Macao, Taiwan residents
SPECIMEN_AREAS = frozenset({"340524"})  # of the specimen number in circulation; no list of divisions has it
FOREIGNERS_MARK = "9"  # permanent residence cards: 9, province, country of nationality
EARLIEST_BIRTH = date(1900, 1, 1)


class IdentifierError(DomainError):
    """A text that is no number of its kind. `code` is the stable reason that lists and commands print."""

    code: ClassVar[str] = "invalid"


class CreditCodeMissing(IdentifierError):
    code = "credit_code_missing"


class CreditCodeLength(IdentifierError):
    code = "credit_code_length_invalid"


class CreditCodeCharacter(IdentifierError):
    code = "credit_code_character_invalid"


class CreditCodeCheckFailed(IdentifierError):
    """Real codes with a wrong check character exist (reading 20): an officer may overrule this one refusal."""

    code = "credit_code_check_invalid"


class IdMissing(IdentifierError):
    code = "id_missing"


class IdLength(IdentifierError):
    code = "id_length_invalid"


class IdCharacter(IdentifierError):
    code = "id_character_invalid"


class IdArea(IdentifierError):
    code = "id_area_code_invalid"


class IdBirthDate(IdentifierError):
    code = "id_birth_date_invalid"


class IdCheckFailed(IdentifierError):
    code = "id_check_digit_invalid"


class IdPrecisionLost(IdentifierError):
    """Never raised by parse, which sees text: for readers of spreadsheets, where a number kept fifteen digits."""

    code = "id_precision_lost"


def normalise(text: str) -> str:
    """What was meant by a typed number: half width, upper case, without blanks, marks and invisible characters."""
    folded = unicodedata.normalize("NFKC", text).upper()
    kept = (char for char in folded if not char.isspace() and unicodedata.category(char) not in ("Cf", "Cc"))
    return "".join(kept).lstrip("'‘’`")


def _credit_value(char: str) -> int:
    return CREDIT_ALPHABET.index(char)


def credit_check_character(first_17: str) -> str:
    """The 18th character that GB 32100 asks for after seventeen."""
    total = sum(_credit_value(char) * weight for char, weight in zip(first_17, CREDIT_WEIGHTS, strict=True))
    return CREDIT_ALPHABET[-total % 31]


def id_check_character(first_17: str) -> str:
    """The 18th character that GB 11643 asks for after seventeen digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, ID_WEIGHTS, strict=True))
    return ID_CHECKS[total % 11]


@cache
def divisions() -> frozenset[str]:
    """Every six-digit code of GB/T 2260 that was ever in force: numbers keep the division of their day."""
    with DIVISIONS.open(encoding="utf-8", newline="") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))


@cache
def _provinces() -> frozenset[str]:
    return frozenset(code[:2] for code in divisions() | RESIDENCE_PERMITS)


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A unified social credit code. Its prefix doesn't tell a branch from a company: both have 91."""

    text: str

    def __str__(self) -> str:
        return self.text

    @property
    def passes_check(self) -> bool:
        return self.text[-1] == credit_check_character(self.text[:-1])

    @classmethod
    def parse(cls, text: str, *, overrule_check: bool = False) -> Self:
        """Read a code, or raise the IdentifierError that says what is wrong.

        Prefixes with letters (Y1, N2, A1 …) are lawful, and the division inside is that of the first registration:
        neither is judged. `overrule_check`: an officer has seen the certificate and accepts a wrong check character.
        """
        code = normalise(text)
        if not code:
            raise CreditCodeMissing("请填写统一社会信用代码（18 位）。")
        if len(code) != LENGTH:
            raise CreditCodeLength(f"统一社会信用代码应为 18 位，现为 {len(code)} 位，请对照证照核对。")
        for place, char in enumerate(code, 1):
            if char not in CREDIT_ALPHABET:
                raise CreditCodeCharacter(
                    f"统一社会信用代码第 {place} 位“{char}”不在允许的字符内：只用数字和大写字母，"
                    "且不用字母 I、O、S、V、Z（常被误认作 1、0、5、U、2）。"
                )
        read = cls(code)
        if not overrule_check and not read.passes_check:
            raise CreditCodeCheckFailed(
                "统一社会信用代码的校验位（第 18 位）不符，多为录入有误，请逐位核对；证照上确系如此的，可申请人工核验。"
            )
        return read


@dataclass(frozen=True, slots=True)
class IdNumber:
    """An identity number: of a resident, of a residence permit (81, 82, 83) or of a permanent residence card (9)."""

    text: str

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"IdNumber({self.masked})"  # a number never slips into a log or a traceback in clear

    @property
    def birth_on(self) -> date:
        return date(int(self.text[6:10]), int(self.text[10:12]), int(self.text[12:14]))

    @property
    def is_male(self) -> bool:
        return int(self.text[16]) % 2 == 1

    @property
    def masked(self) -> str:
        return f"{self.text[:3]}{'*' * (LENGTH - 7)}{self.text[-4:]}"

    @classmethod
    def parse(cls, text: str, *, on: date | None = None) -> Self:
        """Read a number as of a day (unless given: today), or raise the IdentifierError that says what is wrong."""
        number = normalise(text)
        _require_shape(number)
        _require_area(number)
        _require_birth_date(number, on=on or clock.today())
        if number[-1] != id_check_character(number[:-1]):
            raise IdCheckFailed("身份证件号码的校验位（第 18 位）不符，多为录入有误，请对照证件逐位核对。")
        return cls(number)


def _require_shape(number: str) -> None:
    if not number:
        raise IdMissing("请填写身份证件号码（18 位）。")
    if len(number) == 15 and number.isdecimal():
        raise IdLength("这是 15 位的第一代身份证号码，自 2013 年 1 月 1 日起停止使用，请填写 18 位号码。")
    if len(number) != LENGTH:
        raise IdLength(f"身份证件号码应为 18 位，现为 {len(number)} 位，请对照证件核对。")
    for place, char in enumerate(number, 1):
        lawful = char in "0123456789" or (place == LENGTH and char == "X")
        if not lawful:
            right = "前 17 位应为数字" if place < LENGTH else "第 18 位应为数字或 X"
            raise IdCharacter(f"身份证件号码第 {place} 位“{char}”有误：{right}。")


def _require_area(number: str) -> None:
    area = number[:6]
    if area in divisions() or area in RESIDENCE_PERMITS | SPECIMEN_AREAS:
        return
    if number.startswith(FOREIGNERS_MARK) and number[1:3] in _provinces():
        return
    raise IdArea(f"身份证件号码前六位 {area} 不是曾经启用过的行政区划代码（GB/T 2260），请对照证件核对。")


def _require_birth_date(number: str, *, on: date) -> None:
    written = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    try:
        born = date.fromisoformat(written)
    except ValueError:
        raise IdBirthDate(f"身份证件号码第 7 至 14 位的出生日期 {written} 不存在，请对照证件核对。") from None
    if born < EARLIEST_BIRTH:
        raise IdBirthDate(f"身份证件号码第 7 至 14 位的出生日期 {written} 过早，请对照证件核对。")
    if born > on:
        raise IdBirthDate(f"身份证件号码第 7 至 14 位的出生日期 {written} 晚于 {on.isoformat()}，请对照证件核对。")
