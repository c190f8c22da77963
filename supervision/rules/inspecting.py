"""Inspections: whom they may be of, how agencies are drawn so that anybody can draw them again, what they end in. Pure.

The drawing (METHOD): each code of the pool is ranked by the SHA-256 of "seed:code" in hexadecimal, and the lowest ranks
are drawn. Nothing but pool, seed and a tool for SHA-256 is needed to do it again (decision 23).
"""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import Conflict, DomainError
from core.law import implements
from supervision.models import Adjustment, CaseKind, CaseState, Ground

METHOD = "sha256-rank/1"
LONGEST_SEED = 64
MOST_DRAWN = 100


class NothingToDraw(DomainError):
    """The pool is empty, or more are wanted than it holds."""


class PoolChanged(Conflict):
    """An agency was filed, or ended its filing, since the pool was shown."""


class AlreadyDrawn(Conflict):
    """A draw has one seed, and one result."""


class NotASeed(DomainError):
    """The seed can't be read, or has nothing to draw with."""


class NotOnAList(DomainError):
    """第十七条 is about what stands on a list."""


class BeingInspected(Conflict):
    """There is an inspection of it that is not closed."""


class NoOpinionNow(DomainError):
    """An opinion follows an on-site assessment, once."""


@dataclass(frozen=True, slots=True)
class Ranked:
    code: str
    mark: str  # the SHA-256 that it is ranked by, 64 hex digits


def ranked(pool: Sequence[str], seed: str) -> tuple[Ranked, ...]:
    """The whole pool in the order in which it is drawn."""
    marks = (Ranked(code, hashlib.sha256(f"{seed}:{code}".encode()).hexdigest()) for code in pool)
    return tuple(sorted(marks, key=lambda each: (each.mark, each.code)))


@implements("JL-22-1a")
def draw(pool: Sequence[str], seed: str, wanted: int) -> tuple[str, ...]:
    """第二十二条第一款 (接受监督): whom a seed draws from a pool, in the order drawn."""
    return tuple(each.code for each in ranked(pool, seed)[:wanted])


def fingerprint(pool: Sequence[str], *, wanted: int, source: str, method: str = METHOD) -> str:
    """SHA-256 over what is fixed before the seed: one line each of method, number wanted, source, then the codes."""
    return hashlib.sha256("\n".join((method, str(wanted), source, *pool)).encode()).hexdigest()


def pool_mark(pool: Sequence[str]) -> str:
    """Whether a pool is still the one that was shown."""
    return hashlib.sha256("\n".join(pool).encode()).hexdigest()


def require_drawable(pool: Sequence[str], wanted: int) -> None:
    """Raises NothingToDraw."""
    if not pool:
        raise NothingToDraw("按这些条件没有可抽的已备案机构，请放宽条件。", clause="JL-22-1a")
    if not 1 <= wanted <= min(len(pool), MOST_DRAWN):
        raise NothingToDraw(
            f"候选 {len(pool)} 家，抽取家数应在 1 至 {min(len(pool), MOST_DRAWN)} 之间。",
            clause="JL-22-1a",
            field="wanted",
        )


def require_same_pool(shown: str, pool: Sequence[str]) -> None:
    """Nobody fixes what they did not see. Raises PoolChanged."""
    if shown != pool_mark(pool):
        raise PoolChanged("候选名单刚刚有变化，请按下面的最新名单核对后再确定。")


def seed_text(typed: str) -> str:
    """A public draw's number as it goes into the drawing: half width, without blanks. Raises NotASeed."""
    seed = "".join(unicodedata.normalize("NFKC", typed).split())
    if not any(char.isalnum() for char in seed) or len(seed) > LONGEST_SEED or not seed.isprintable():
        raise NotASeed(f"请照公布的号码填写，数字或字母，{LONGEST_SEED} 个字以内。", field="seed")
    return seed


def require_undrawn(*, drawn: bool, shown: int, now: int) -> None:
    """Raises AlreadyDrawn."""
    if drawn or shown != now:
        raise AlreadyDrawn("这次抽查已经摇号，结果不再改变。")


@implements("JL-17-1")
def require_listed(*, is_listed: bool) -> None:
    """第十七条: spot checks on site are made of enterprises and parks on a list. Raises NotOnAList."""
    if not is_listed:
        raise NotOnAList(
            "该单位没有列入绿色制造名单（或已移出），不作第十七条的现场抽查复核。请核对名单；在名单中的，先在“历年名单”登记。",
            clause="JL-17-1",
        )


def grounds_of(*, is_agency: bool) -> tuple[Ground, ...]:
    """What an inspection may rest on."""
    return (Ground.AGENCY,) if is_agency else (Ground.SPOT_CHECK, Ground.KEY_INDICATORS)


def require_none_open(number: str | None) -> None:
    """One inspection at a time, so that a second click opens none. Raises BeingInspected."""
    if number:
        raise BeingInspected(f"已有一件在办的检查 {number}，请在该案件中继续，办结后再立新的检查。")


@dataclass(frozen=True, slots=True)
class AdjustmentFacts:
    """What an opinion depends on: the case's kind and state, its ground, whether it was assessed on site."""

    kind: CaseKind
    state: CaseState
    ground: Ground | None
    on_site: bool
    opinion: Adjustment | None


def awaits_opinion(facts: AdjustmentFacts) -> bool:
    """Whether an opinion is due some day: key indicators fall short, and none was given yet."""
    return (
        facts.kind is CaseKind.INSPECTION
        and facts.ground is Ground.KEY_INDICATORS
        and facts.state is not CaseState.CLOSED
        and facts.opinion is None
    )


@implements("JL-17-3")
def require_opinion_possible(facts: AdjustmentFacts) -> None:
    """第十七条: where key indicators fall short, an on-site assessment comes first, then the opinion on the list.

    Raises NoOpinionNow.
    """
    if not awaits_opinion(facts):
        raise NoOpinionNow("只有因关键指标不符合要求而立案、尚未提出意见的检查，才提出动态调整意见。", clause="JL-17-3")
    if not facts.on_site:
        raise NoOpinionNow("请先组织现场评估并记入现场核查记录，再提出动态调整意见。", clause="JL-17-3")
