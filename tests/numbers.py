"""Made-up identity numbers and credit codes that pass their checks."""

from datetime import date

from core.identifiers import credit_check_character, id_check_character


def id_number(serial: int = 1, *, area: str = "220104", born: date = date(1985, 5, 20), male: bool = True) -> str:
    """A valid number of an invented person; `serial` (1 to 499) tells those of one area, day and sex apart."""
    first = f"{area}{born:%Y%m%d}{serial * 2 + (1 if male else 0):03d}"
    return first + id_check_character(first)


def credit_code(serial: int = 1, *, prefix: str = "91", area: str = "220101") -> str:
    """A valid code of an invented body."""
    first = f"{prefix}{area}{serial:09d}"
    return first + credit_check_character(first)
