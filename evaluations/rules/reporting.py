"""The number of a report: the agency's own, and of one evaluation only."""

import unicodedata

from core.errors import DomainError
from core.law import implements

LONGEST = 60


class NumberTaken(DomainError):
    """Another report of the agency bears the number."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"报告编号 {number} 已用于本机构的另一项评价，请核对；一份报告一个编号。", clause="JL-22-1a", field="number"
        )


def key_of(number: str) -> str:
    """A number as it is compared: 绿评(2026) 07 and 绿评（2026）07 are one."""
    return "".join(unicodedata.normalize("NFKC", number).split()).upper()[:LONGEST]


@implements("JL-22-1a")
def require_number(number: str) -> None:
    """第二十二条第一款: a report is known by its number. Raises DomainError."""
    if not key_of(number):
        raise DomainError("请填写报告编号。", clause="JL-22-1a", field="number")
