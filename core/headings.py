"""Headings of spreadsheets as people write them, and rows that hold no record: totals, signatures, notes."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

SAME_WORDS = 4096  # sheets say the same words over and over

TOTAL = re.compile(r"^(合计|总计|小计|共计|累计|总人数|人数合计|合计人数|人员合计|(以上)?共(计)?\d+[人家个户]|总共\d+)")
SIGNATURE = re.compile(
    r"^(制表|填表|填报|审核|审批|复核|编制|经办|负责人|单位负责人|联系人|联系电话|单位\(?盖章|\(?盖章|日期|法定代表人)[^:]{0,8}[:(]?"
)
NOTE = re.compile(r"^(注|备注|说明|填表说明|填报说明|\*)(\d|[:：.、)]|$)")


@lru_cache(maxsize=SAME_WORDS)
def squeezed(text: str) -> str:
    """Half width, lower case, without blanks and invisible characters."""
    folded_text = unicodedata.normalize("NFKC", text).lower()
    return "".join(char for char in folded_text if not char.isspace() and unicodedata.category(char) != "Cf")


@lru_cache(maxsize=SAME_WORDS)
def folded(text: str) -> str:
    """A heading as it is compared: also without a bracketed ending, asterisks, colons and strokes."""
    bare = re.sub(r"(?<=.)[(\[【][^()\[\]【】]*[)\]】]", "", squeezed(text))
    return re.sub(r"[*:/、,，★·.。_#\"“”]", "", bare)


@lru_cache(maxsize=SAME_WORDS)
def folded_word(text: str) -> str:
    """A filled-in word as it is compared: as a heading, but a lone stroke or star stays."""
    return folded(text) or squeezed(text)


def by_wording(columns: Mapping[str, Iterable[str]]) -> Mapping[str, str]:
    """Heading → field, of a table that lists the headings of each field."""
    return MappingProxyType({folded(heading): field for field, headings in columns.items() for heading in headings})
