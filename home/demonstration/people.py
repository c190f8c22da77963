"""Invented people with valid numbers, the same at each making."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.identifiers import credit_check_character, id_check_character

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛范彭郎鲁韦昌马苗"
GIVEN = """
明远 书华 立业 欣然 海洋 晓枫 祥宇 静怡 长河 雪梅 子轩 文博 思齐 佳宁 春生 国栋 丽娜 建新 玉兰 志成
若水 云帆 晨曦 振宇 秋实 慧敏 天佑 一鸣 雨桐 景行 怀瑾 松涛 令仪 望舒 知白 承泽 嘉禾 北辰 冬青 远山
""".split()  # noqa: SIM905 - names read better than a list of quotes
RELEVANT = """
环境工程 能源与动力工程 生态学 低碳技术与管理 热能工程 环境科学 资源循环科学与工程 环境监测
""".split()  # noqa: SIM905 - likewise
OTHER = """
机械工程 计算机应用技术 自动化 电气工程及其自动化 环境科学 化工环保
""".split()  # noqa: SIM905 - likewise
AREAS = ("220102", "220104", "220202", "220302", "220502", "220602", "220702", "220802", "222401")


@dataclass(frozen=True, slots=True)
class Invented:
    name: str
    number: str
    major: str


class Population:
    """People one after another, no two with one number."""

    def __init__(self) -> None:
        self._random = random.Random(279)  # noqa: S311 - the same province at each making
        self._names = self._all_names()
        self._serial = 100

    def person(self, *, relevant: bool) -> Invented:
        chance = self._random
        self._serial += 2
        born = date(1973, 1, 1) + timedelta(days=chance.randrange(365 * 19))  # nobody near retirement
        first = f"{chance.choice(AREAS)}{born:%Y%m%d}{self._serial % 900 + chance.randrange(2):03d}"
        return Invented(
            next(self._names), first + id_check_character(first), chance.choice(RELEVANT if relevant else OTHER)
        )

    def _all_names(self) -> Iterator[str]:
        names = [surname + given for surname in SURNAMES for given in GIVEN]
        self._random.shuffle(names)
        return iter(names)


def credit_code(prefix: str, division: str, serial: int) -> str:
    """A valid code of an invented body."""
    first = f"{prefix}{division}MADEM{serial:04d}"
    return first + credit_check_character(first)
