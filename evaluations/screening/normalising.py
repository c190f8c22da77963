"""One way of writing for what is written in many, with the way back to the text as it was given.

Full-width letters and digits, half-width punctuation, traditional characters, radicals that a PDF gives for characters,
Chinese capital numerals, blanks and line breaks inside words. Nothing is decided here: only the same is made alike.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

import opencc

CAPITALS: Final = dict(zip("壹贰叁肆伍陆柒捌玖拾佰仟萬億圆兩", "一二三四五六七八九十百千万亿元两", strict=True))
PUNCTUATION: Final = dict(zip(",;:?!()~｡､﹐﹔", "，；：？！（）～。、，；", strict=True)) | {
    "「": "“", "」": "”", "『": "“", "』": "”", "﹁": "“", "﹂": "”", '"': "“", "•": "·", "％": "%", "﹪": "%",
}  # fmt: skip
INVISIBLE: Final = "\u200b\u200c\u200d\ufeff\u00ad\u2060"
VARIANTS: Final = dict(zip("吿値絶衆緖", "告值绝众绪", strict=True))
HAN: Final = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
OTHERS: Final = ((0x21, 0x3000), (0x3000, 0x3400), (0xFE10, 0xFE70), (0xFF01, 0xFFEF))
BLANK: Final = re.compile(r"\s+")
# A blank stays only between two words of letters or digits, where it parts them.
BLANK_THAT_GOES: Final = re.compile(r"(?<![0-9a-z\s])\s+|\s+(?![0-9a-z\s])|(?<=\s)\s+")


@cache
def _table() -> dict[int, str]:
    """What stands for each character; most stand for themselves and are not in it."""
    table: dict[int, str] = {}
    for low, high in OTHERS:
        for code in range(low, high):
            made = unicodedata.normalize("NFKC", chr(code)).casefold()
            if made != chr(code) and not made.isspace():
                table[code] = made
    characters = [chr(code) for low, high in HAN for code in range(low, high)]
    plain = opencc.OpenCC("t2s").convert("\n".join(unicodedata.normalize("NFKC", each) for each in characters))
    table |= {
        ord(each): one for each, one in zip(characters, plain.split("\n"), strict=True) if one != each and len(one) == 1
    }
    table |= {code: table[ord(made)] for code, made in table.items() if len(made) == 1 and ord(made) in table}
    table |= {ord(each): made for each, made in (CAPITALS | PUNCTUATION | VARIANTS).items()}
    table |= {code: PUNCTUATION.get(made, made) for code, made in table.items()}
    table |= {code: " " for code in range(0x3001) if chr(code).isspace()}
    table |= {ord(each): "" for each in INVISIBLE}
    return table


@dataclass(frozen=True)
class Plain:
    """The text made alike; `given` is what it was made from."""

    text: str
    given: str

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in the text given."""
        if not start < end <= len(self.text):
            raise ValueError("no such part")
        places = self._places
        return places[start], places[end - 1] + 1

    @cached_property
    def _places(self) -> list[int]:
        return _places(self.given)


def normalise(given: str) -> Plain:
    made = given.translate(_table())
    return Plain(BLANK_THAT_GOES.sub("", made) if BLANK.search(made) else made, given)


def _places(given: str) -> list[int]:
    """For each character of the normalised text, the place in `given` of the one that it was made from."""
    table = _table()
    made = [(each, place) for place, character in enumerate(given) for each in table.get(ord(character), character)]
    text = "".join(each for each, _ in made)
    gone = {place for blank in BLANK_THAT_GOES.finditer(text) for place in range(*blank.span())}
    return [origin for place, (_, origin) in enumerate(made) if place not in gone]
