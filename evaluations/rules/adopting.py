"""What stands in the way of handing a report over, and of adopting its result (第二十二条第三款, readings 6 and 15)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.errors import Collected, Conflict, DomainError
from core.law import Jurisdiction, implements, jurisdiction
from evaluations.rules.facts import ExclusionFacts, Period
from evaluations.rules.screening import NOTHING_FOUND, ScreeningFacts
from evaluations.rules.states import Conclusion, Mode


class Obstacle(StrEnum):
    DISPUTED = "disputed"
    DISPUTE_UPHELD = "dispute_upheld"
    BLOCKED = "blocked"
    NOT_CONFIRMED = "not_confirmed"
    UNFILED = "unfiled"
    OVER_CAP = "over_cap"
    RECORDED = "recorded"  # past the gate, for any other reason
    NO_REPORT = "no_report"
    DOES_NOT_CONFORM = "does_not_conform"
    EXCLUDED = "excluded"
    ISSUED_BARRED = "issued_barred"  # inside a period of non-adoption, and presented inside one too
    PRESENTED_BARRED = "presented_barred"
    ISSUED_INSIDE = "issued_inside"  # and presented after it: a person decides, with a reason
    DECIDED_INSIDE = "decided_inside"  # issued and presented before it: likewise
    BEING_SCREENED = "being_screened"
    NOT_READ = "not_read"
    MARKS_UNDECIDED = "marks_undecided"
    MARKS_CONFIRMED = "marks_confirmed"
    PARTNER_ASKED = "partner_asked"
    PARTNER_REFUSED = "partner_refused"


@dataclass(frozen=True, slots=True)
class AdoptionFacts:
    """An evaluation as it lies before who decides on the day `on`."""

    on: date
    mode: Mode
    issued: tuple[date, ...]  # the days of its report and of its corrections
    conclusion: Conclusion | None  # of the newest
    handed_over_on: date | None
    is_confirmed: bool  # by the applicant's login, or by its letter
    is_disputed: bool
    is_blocked: bool
    is_unfiled: bool
    is_over_cap: bool
    is_recorded: bool  # by an officer, past the gate (reading 6)
    non_adoption: tuple[tuple[str, Period], ...] = ()  # agency's name and period, not annulled, of all its agencies
    is_dispute_upheld: bool = False  # and the applicant has not confirmed since
    exclusions: tuple[ExclusionFacts, ...] = ()  # that stand on this day
    screening: ScreeningFacts = NOTHING_FOUND  # of its agreements
    asked: tuple[str, ...] = ()  # agencies named as making it jointly that have not answered yet
    refused: tuple[str, ...] = ()  # and those that say that they don't
    is_admitted: bool = False  # an approver decided that the report as it is counts all the same (reading 15)


@dataclass(frozen=True, slots=True)
class Objection:
    """Why not: names the clause; `lift` says what would lift it. Some yield to a reason that somebody answers for."""

    what: Obstacle
    clause: str
    message: str
    lift: str
    yields: bool = False

    @property
    def told(self) -> str:
        return self.message + self.lift


class NotAdoptable(DomainError):
    """One thing that stands in the way of adopting, or of handing over."""

    def __init__(self, objection: Objection) -> None:
        super().__init__(objection.told, clause=objection.clause, field="in_spite_of" if objection.yields else None)
        self.what = objection.what


class NothingToAdmit(Conflict):
    """Nothing is to be decided otherwise, or it was decided already."""


def hindrances(facts: AdoptionFacts, law: Jurisdiction | None = None) -> tuple[Objection, ...]:
    """Everything that stands in the way of adopting the result on this day."""
    rules = law or jurisdiction()
    found = [*halting(facts, rules), *commissioned(facts, rules), *concluded(facts, rules)]
    if facts.mode is Mode.THIRD_PARTY:
        found += [*lawfully_made(facts, rules), *not_barred(facts, rules)]
    return (*found, *still_admitted(facts, rules))


def require_adoptable(facts: AdoptionFacts, *, in_spite_of: str, law: Jurisdiction | None = None) -> None:
    """Raises NotAdoptable, or Refusals of several. `in_spite_of`: the reason why what yields to one doesn't count."""
    reasoned = bool(in_spite_of.strip())
    _raise(each for each in hindrances(facts, law) if not (each.yields and reasoned))


def require_hand_over(facts: AdoptionFacts, law: Jurisdiction | None = None) -> None:
    """Raises NotAdoptable for a dispute, a block, an agreement whose screening is not settled, a partner that has not
    confirmed: nothing else stops the hand-over, though it may the adoption."""
    _raise(halting(facts, law or jurisdiction()))


def halting(facts: AdoptionFacts, law: Jurisdiction) -> Iterator[Objection]:
    """What stops the hand-over as well as the adoption."""
    yield from undisputed(facts, law)
    yield from agreed_lawfully(facts, law)
    yield from jointly_made(facts, law)


def _raise(objections: Iterator[Objection]) -> None:
    collected = Collected()
    for objection in objections:
        with collected.attempt():
            raise NotAdoptable(objection)
    collected.settle()


@implements("JL-12-1")
def undisputed(facts: AdoptionFacts, law: Jurisdiction) -> Iterator[Objection]:
    """第十二条: an evaluation by a third party is commissioned by the applicant; what it disputes is decided first."""
    cite = law.cite("JL-12-1")
    if facts.is_disputed:
        yield Objection(
            Obstacle.DISPUTED,
            "JL-12-1",
            f"培育对象对委托该评价有异议，尚未处理（{cite}）。",
            "主管部门对异议作出处理后方可办理。",
        )
    elif facts.is_dispute_upheld:
        yield Objection(
            Obstacle.DISPUTE_UPHELD,
            "JL-12-1",
            f"培育对象对委托该评价的异议成立（{cite}）。",
            "培育对象重新确认委托后方可办理。",
        )
    if facts.is_blocked:
        yield Objection(
            Obstacle.BLOCKED,
            "JL-12-2",
            f"该评价已被主管部门中止（{law.cite('JL-12-2')}）。",
            "主管部门解除中止后方可办理。",
        )


@implements("JL-22-1b")
def agreed_lawfully(facts: AdoptionFacts, law: Jurisdiction) -> Iterator[Objection]:
    """第二十二条第一款: no bet-on agreement, no promise of passing, no tied sale.

    Each version of the agreement is read, and an officer decides on every mark, also of one that was replaced; none is
    confirmed in the version in use.
    """
    cite, known = law.cite("JL-22-1b"), facts.screening
    if known.is_running:
        yield Objection(
            Obstacle.BEING_SCREENED,
            "JL-22-1b",
            f"协议正在核查是否含有禁止的条款，还没有结果（{cite}）。",
            "核查由系统自动进行，完成后即可办理，请稍候刷新。",
        )
    if known.is_unread:
        yield Objection(
            Obstacle.NOT_READ,
            "JL-22-1b",
            f"协议无法由系统读取，或者有的页没有读到，尚未核查（{cite}）。",
            "请机构更换为可读取的协议（.docx 或带文字的 PDF），或由主管部门人工阅看后方可办理。",
        )
    if known.undecided:
        yield Objection(
            Obstacle.MARKS_UNDECIDED,
            "JL-22-1b",
            f"协议（含已更换的）有 {known.undecided} 处标记待主管部门核定（{cite}）。",
            "主管部门逐处核定后方可办理；机构可以更换协议，或者说明理由。",
        )
    if known.confirmed:
        yield Objection(
            Obstacle.MARKS_CONFIRMED,
            "JL-22-1b",
            f"现用协议有 {known.confirmed} 处经主管部门认定违反规定（{cite}）。",
            "机构更换为不含该内容的协议，并经核查后方可办理。",
        )


@implements("JL-12-1")
def jointly_made(facts: AdoptionFacts, law: Jurisdiction) -> Iterator[Objection]:
    """第十二条: who is commissioned jointly says so itself: naming an agency binds the one that names it alone."""
    cite = law.cite("JL-12-1")
    if facts.asked:
        yield Objection(
            Obstacle.PARTNER_ASKED,
            "JL-12-1",
            f"{'、'.join(facts.asked)}还没有确认联合参加该评价（{cite}）。",
            "联合机构登录本系统，在该评价页确认后方可办理。",
        )
    if facts.refused:
        yield Objection(
            Obstacle.PARTNER_REFUSED,
            "JL-12-1",
            f"{'、'.join(facts.refused)}不同意联合参加该评价（{cite}）。",
            "主管部门作出决定，或者该机构改为确认后方可办理；牵头机构也可以撤回该评价。",
        )


@implements("JL-12-1")
def commissioned(facts: AdoptionFacts, law: Jurisdiction) -> Iterator[Objection]:
    """第十二条: the applicant says that it commissioned it, with its login or by a letter; itself it needn't."""
    if facts.mode is Mode.THIRD_PARTY and not facts.is_confirmed:
        yield Objection(
            Obstacle.NOT_CONFIRMED,
            "JL-12-1",
            f"培育对象尚未确认委托该机构评价（{law.cite('JL-12-1')}）。",
            "请培育对象登录确认，或由机构上传其盖章的确认函。",
        )


@implements("JL-12-2")
def concluded(facts: AdoptionFacts, law: Jurisdiction) -> Iterator[Objection]:
    """第十二条: adopted is a report that was handed over and says that the applicant conforms."""
    cite = law.cite("JL-12-2")
    if not facts.issued or facts.conclusion is None or facts.handed_over_on is None:
        yield Objection(
            Obstacle.NO_REPORT, "JL-12-2", f"评价报告尚未提交（{cite}）。", "请机构出具并提交报告后再办理。"
        )
    elif facts.conclusion is Conclusion.DOES_NOT_CONFORM:
        yield Objection(
            Obstacle.DOES_NOT_CONFORM,
            "JL-12-2",
            f"评价结论为不符合，不能作为列入名单的依据（{cite}）。",
            "请按“不予采信”办理；结论有误的，由机构更正报告后重新提交。",
        )


@implements("JL-21-2", "JL-22-2")
def lawfully_made(facts: AdoptionFacts, law: Jurisdiction) -> Iterator[Objection]:
    """第二十一条、第二十二条第二款: made without a filing or beyond the fifteen it is never adopted (reading 6).

    So too what an officer recorded in spite of anything else that the gate refused: an excluded applicant, a conflict
    of interest, results that were not adopted then.
    """
    if facts.is_unfiled:
        yield Objection(
            Obstacle.UNFILED,
            "JL-21-2",
            f"该评价开展时机构没有有效的备案，其结果不能采信（{law.cite('JL-21-2')}）。",
            "请由在案机构另行评价。",
        )
    if facts.is_over_cap:
        yield Objection(
            Obstacle.OVER_CAP,
            "JL-22-2",
            f"该评价超出国家级评价名额，其结果不能采信（{law.cite('JL-22-2')}）。",
            "请由尚有名额的机构另行评价；法定代表人的任职时间登记有误的，机构更正后系统重新核算；"
            "名额以后空出的，由主管部门核定名额。",
        )
    if facts.is_recorded and not (facts.is_unfiled or facts.is_over_cap):
        yield Objection(
            Obstacle.RECORDED,
            "JL-21-2",
            f"该评价由主管部门补录，开展时不符合登记条件，其结果不能采信（{law.cite('JL-21-2')}）。",
            "请由符合条件的机构另行评价。",
        )


@implements("JL-22-3")
def not_barred(facts: AdoptionFacts, law: Jurisdiction) -> Iterator[Objection]:
    """第二十二条第三款: what was issued or presented while an agency's results are not adopted (reading 15).

    Issued inside and presented after, a person may decide otherwise with a reason; so too where the text is silent:
    issued and presented before, and decided inside. The gravest is told, of each agency once.
    """
    told: set[str] = set()
    weighed = sorted(
        ((_bar(facts, period), name, period) for name, period in facts.non_adoption),
        key=lambda each: (WEIGHT.index(each[0]) if each[0] else len(WEIGHT), each[2].first),
    )
    for what, name, period in weighed:
        if what is None or name in told or (facts.is_admitted and what in YIELDING):
            continue
        told.add(name)
        happened, lift = BARRED[what]
        term = f"{period.first} 至 {period.last}" if period.last else f"{period.first} 起"
        yield Objection(
            what,
            "JL-22-3",
            f"{name}在 {term}（含当日）不予采信，{happened}（{law.cite('JL-22-3')}）。",
            lift,
            yields=what in YIELDING,
        )


@implements("JL-22-3")
def yielding(facts: AdoptionFacts, law: Jurisdiction | None = None) -> tuple[Objection, ...]:
    """第二十二条第三款: what a person may decide otherwise, with a reason (reading 15)."""
    return tuple(each for each in hindrances(facts, law) if each.yields)


def require_admissible(facts: AdoptionFacts, law: Jurisdiction | None = None) -> None:
    """Raises NothingToAdmit where nothing stands against it that a person may decide otherwise."""
    if facts.is_admitted:
        raise NothingToAdmit("对现有报告已经作出认定，不必重复办理。")
    if not facts.issued or facts.handed_over_on is None or not yielding(facts, law):
        raise NothingToAdmit("这项评价没有可由个人认定的不予采信情形，不需要认定。")


YIELDING = frozenset({Obstacle.ISSUED_INSIDE, Obstacle.DECIDED_INSIDE})
WEIGHT = (Obstacle.ISSUED_BARRED, Obstacle.PRESENTED_BARRED, Obstacle.ISSUED_INSIDE, Obstacle.DECIDED_INSIDE)
_FINAL = "不能采信；决定经复核撤销的除外。"
_REASONED = "确需采信的，由省厅审批人写明理由作出认定，理由随决定留存。"
BARRED = {
    Obstacle.ISSUED_BARRED: ("报告在此期间出具并提交", _FINAL),
    Obstacle.PRESENTED_BARRED: ("报告在此期间提交", _FINAL),
    Obstacle.ISSUED_INSIDE: ("报告在此期间出具、期满后提交", _REASONED),
    Obstacle.DECIDED_INSIDE: ("报告在此之前出具和提交，尚未采信", _REASONED),
}


def _bar(facts: AdoptionFacts, period: Period) -> Obstacle | None:
    issued = any(period.covers(day) for day in facts.issued)
    presented_on = facts.handed_over_on or facts.on
    if period.covers(presented_on):
        return Obstacle.ISSUED_BARRED if issued else Obstacle.PRESENTED_BARRED
    if issued:
        return Obstacle.ISSUED_INSIDE
    return Obstacle.DECIDED_INSIDE if period.covers(facts.on) else None


@implements("JL-11")
def still_admitted(facts: AdoptionFacts, law: Jurisdiction) -> Iterator[Objection]:
    """第十一条: who has come under one of the six since is not recommended nor listed."""
    for fact in facts.exclusions:
        term = f"{fact.until}（含当日）以前" if fact.until else "解除以前"
        yield Objection(
            Obstacle.EXCLUDED,
            "JL-11",
            f"{fact.whom}于 {fact.on} 有“{fact.ground}”的情形（来源：{fact.source}），"
            f"{term}不得推荐和列入名单（{law.cite('JL-11')}）。",
            "登记有误的，请先更正；否则请按“不予采信”办理。",
        )
