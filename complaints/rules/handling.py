"""Who may handle a complaint, when it is accepted, kept as a clue or refused, and what must not be written. Pure."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from complaints.models import CallResult, Matter, Refusal, ReplyWay, State
from complaints.rules.clocks import Clock, is_over
from complaints.rules.course import NotPossibleNow
from core.errors import DomainError
from core.labels import Labelled
from core.law import implements

SHORTEST_NAME = 2  # characters of a name that is looked for in a text
LONGEST_QUOTED = 16  # characters in a row that an officer's wording may share with the reporter's
OF_WEIGHT = frozenset({Matter.FALSE_REPORT, Matter.CONCEALED})
JOINABLE = frozenset({State.RECEIVED, State.ASSIGNED, State.ACCEPTED})


class Purpose(Labelled):
    """What for an officer looks at who reported: it stands in the log."""

    CALL = "call", "电话核实身份和联系方式"
    ASK = "ask", "请举报人补充"
    TELL = "tell", "告知或者答复举报人"
    CHECK = "check", "核对案件文字，避免泄露"


class Involved(DomainError):
    """回避: the officer, or the bureau, has to do with what was reported."""


class NotTheirs(DomainError):
    """Who is named cannot be the one: not of this desk, not at work, or on it before."""


class NotConfirmed(DomainError):
    """Who reported is not known for certain: what they report is a clue."""


class IsConfirmed(DomainError):
    """Who reported is known: they are owed an acceptance or a refusal."""


class NotAskedYet(DomainError):
    """Nobody is told that evidence is lacking who was not asked for it, or may still bring it."""


class AskedBefore(DomainError):
    """Evidence is asked for once."""


class GivesAway(DomainError):
    """The wording holds something of the reporter's."""


class NotJoinable(DomainError):
    """The other complaint can't take this one up."""


class NotExtendable(DomainError):
    """The term was extended before, is over, or nobody asked for it."""


class NoSuchParty(DomainError):
    """No agency or applicant is called so, or several are."""


class NamedAlready(DomainError):
    """It is said already that this one is concerned."""


class IsRecused(DomainError):
    """It is registered already."""


class NoWay(DomainError):
    """Who has no mailbox must be told in another way."""


class NotVerified(NotPossibleNow):
    """The case is still being verified."""


class OfWeight(DomainError):
    """It goes on though the reporter took it back."""


# ── 回避 ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Officer:
    """Who might handle it: of which desk, and what is registered about them."""

    id: int
    name: str
    bureau: str | None  # None: the provincial desk
    recused: bool  # declared or entered, for a party of it or for itself
    before: bool = False  # handled it before


def occurs(name: str, *texts: str) -> bool:
    """Whether a name stands in one of the texts, however it is spaced or set."""
    wanted = plain(name)
    return len(wanted) >= SHORTEST_NAME and any(wanted in plain(text) for text in texts)


def plain(text: str) -> str:
    """Letters and digits alone, of one width and case: for comparing."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if char.isalnum())


@implements("JL-24-2")
def is_free(officer: Officer, *, bureau: str | None, texts: Sequence[str]) -> bool:
    """第二十四条: whether an officer of the competent desk may be given it: not recused, not named in it."""
    return officer.bureau == bureau and not officer.recused and not occurs(officer.name, *texts)


@implements("JL-24-2")
def require_free(officer: Officer, *, bureau: str | None, texts: Sequence[str]) -> None:
    """第二十四条: nobody handles what they are named in or have to do with. The refusal doesn't say which it is."""
    if officer.bureau != bureau:
        raise NotTheirs("该人员不属于办理这件举报的部门，请另选一名。", field="account_id")
    if officer.recused or occurs(officer.name, *texts):
        raise Involved("该人员对这件举报应当回避，请另选一名。", clause="JL-24-2", field="account_id")


@implements("JL-24-2")
def require_free_of_party(*, recused: bool, is_named: bool) -> None:
    """第二十四条: a handler who stands aside for a party doesn't handle what turns out to concern it."""
    if is_named:
        raise NamedAlready("已经写明涉及的是这个单位，不用再写。", field="party")
    if recused:
        raise Involved(
            "办理人对这个单位登记了回避，不能继续办理：请申请回避，由他人接办后写明。", clause="JL-24-2", field="party"
        )


@implements("JL-24-2")
def require_uninvolved(*, recused: bool) -> None:
    """第二十四条: who is registered as standing aside neither takes it in hand nor says who handles it."""
    if recused:
        raise Involved("您已登记对这件举报或者被举报单位回避，请由其他人员指派和办理。", clause="JL-24-2")


@implements("JL-24-2")
def require_other_officer(officer: Officer) -> None:
    """第二十四条: a reply is reviewed by somebody who never handled the complaint."""
    if officer.before:
        raise NotTheirs("该人员办理过这件举报，复核和重新核实请指派另一名人员。", field="account_id")


@implements("JL-24-2")
def require_reviewer(*, given: datetime, asked: datetime | None) -> None:
    """第二十四条: who decides on a review was given the complaint for it, not before."""
    if asked is None or given < asked:
        raise NotTheirs("这件举报的复核由另行指派的人员办理。", clause="JL-24-2")


@implements("JL-24-2")
def require_own_or_approver(account_id: int, *, by: int, is_approver: bool) -> None:
    """第二十四条: everybody declares for themselves; for others an approver enters it."""
    if account_id != by and not is_approver:
        raise NotTheirs("只能为自己登记回避；他人的由省厅审批人登记。", field="account_id")


@implements("JL-24-2")
def require_uninvolved_bureau(
    names: Collection[str], *, target: str, texts: Sequence[str], mention_is_harmless: bool
) -> None:
    """第二十四条: a bureau that is itself reported never gets it; one that is only mentioned, if an officer says so."""
    if any(occurs(name, target) or occurs(target, name) for name in names):
        raise Involved("被举报的就是该局，不能转交给它，请由省厅办理。", clause="JL-24-2", field="bureau")
    if not mention_is_harmless and any(occurs(name, *texts) for name in names):
        raise Involved(
            "举报内容提到该局。确认举报的不是该局后，请勾选下面的确认再转交；举报涉及该局的，由省厅办理。",
            clause="JL-24-2",
            field="bureau",
        )


# ── 受理 ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@implements("JL-24-2")
def is_confirmed(*, calls: Sequence[CallResult], has_phone: bool, mail_confirmed: bool) -> bool:
    """第二十四条（实名、联系方式）: whether name and contact hold: by the last call, or, without a phone, by the mail.

    `calls` in their order. Who denied having reported is not confirmed by a mailbox.
    """
    if calls:
        reached = [result for result in calls if result is not CallResult.NOT_REACHED]
        if reached:
            return reached[-1] is CallResult.CONFIRMED
    return mail_confirmed and not has_phone


@implements("JL-24-2")
def require_confirmed(confirmed: bool) -> None:
    """第二十四条: only a report by somebody who is who they say is accepted; the others are clues (reading 19)."""
    if not confirmed:
        raise NotConfirmed(
            "还没有核实举报人身份和联系方式：请先电话核实并登记结果；核实不了的，作为线索办理。", clause="JL-24-2"
        )


@implements("JL-24-2")
def require_unconfirmed(confirmed: bool) -> None:
    """第二十四条: who is known is not put off with a clue, on which nobody owes a reply."""
    if confirmed:
        raise IsConfirmed("举报人身份已经核实一致，请受理，或者写明理由不予受理。", clause="JL-24-2")


@dataclass(frozen=True, slots=True)
class Asking:
    """A question that asked for evidence."""

    due: date


@implements("JL-24-2")
def require_refusable(ground: Refusal, *, asked: Sequence[Asking], has_files: bool, now: datetime) -> None:
    """第二十四条（佐证材料）: who brought no evidence is refused only after having been asked, in time to answer."""
    if ground is not Refusal.NO_EVIDENCE:
        return
    if has_files:
        raise NotAskedYet("举报人提供了材料，不能以没有佐证材料为由不予受理。", clause="JL-24-1", field="ground")
    if not asked:
        raise NotAskedYet("还没有请举报人补充佐证，请先发出询问，期满后再办理。", clause="JL-24-1", field="ground")
    if not is_over(asked[-1].due, now=now):
        raise NotAskedYet(
            f"请举报人补充佐证的期限到 {asked[-1].due} 为止，期满后再办理。", clause="JL-24-1", field="ground"
        )


@implements("JL-24-2")
def require_not_asked(asked: Sequence[Asking]) -> None:
    """第二十四条: evidence is asked for once; other questions may follow."""
    if asked:
        raise AskedBefore("已经请举报人补充过佐证，只能请一次；可以就具体问题另行询问。", field="for_evidence")


# ── 不泄露举报人 ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Traits:
    """What of a reporter may not stand in an officer's wording."""

    names: tuple[str, ...]
    phone: str
    email: str
    address: str


@implements("JL-24-2")
def require_discreet(
    text: str, *, traits: Sequence[Traits], own_words: Sequence[str], known: Sequence[str] = ()
) -> None:
    """第二十四条: what the case says must not give the reporter away: no name, no contact, not their own sentences.

    `known`: names of those it is about, which both may hold.
    """
    found = dict.fromkeys(word for each in traits for word, there in _given_away(text, each) if there)
    if found:
        raise GivesAway(f"文字里有举报人的{'、'.join(found)}，请改写后再提交。", clause="JL-24-2", field="facts")
    quoted = longest_shared(text, own_words, known=known)
    if len(quoted) > LONGEST_QUOTED:
        raise GivesAway(
            f"文字里有一段与举报原文相同（从“{quoted[:8]}”开始的 {len(quoted)} 个字）。"
            "原文的语气和细节可能暴露举报人，请用自己的话写。",
            clause="JL-24-2",
            field="facts",
        )


def _given_away(text: str, traits: Traits) -> list[tuple[str, bool]]:
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text))
    phone = re.sub(r"\D", "", traits.phone)[-11:]
    mailbox = plain(traits.email.partition("@")[0])
    return [
        ("姓名或者名称", any(occurs(name, text) for name in traits.names)),
        ("电话", len(phone) >= 7 and phone in digits),
        ("邮箱", len(mailbox) >= 3 and plain(traits.email) in plain(text)),
        ("地址", len(plain(traits.address)) >= 6 and plain(traits.address) in plain(text)),
    ]


def longest_shared(text: str, sources: Sequence[str], *, known: Sequence[str] = ()) -> str:
    """The longest run of characters that a text shares with one of the sources.

    Punctuation and blanks are left out, and the names that are `known` to both.
    """
    names = [name for name in map(plain, known) if name]
    wanted, best = plain(text), ""
    for source in map(plain, sources):
        for name in names:
            source = source.replace(name, "|")  # which plain text never holds
        start = 0
        while start + len(best) < len(wanted):
            longer = wanted[start : start + len(best) + 1]
            if longer in source:
                best = longer
            else:
                start += 1
    return best


# ── 并案、撤回、延长、核实完毕 ────────────────────────────────────────────────────────────────────────────────────────


@implements("JL-24-2")
def require_joinable(*, same: bool, state: State, is_joined: bool, one_desk: bool) -> None:
    """第二十四条: into one that is still worked on by the same desk; its clock goes on as it was."""
    if same:
        raise NotJoinable("不能并入自己，请填写另一件举报的编号。", field="number")
    if not one_desk:
        raise NotJoinable("那一件由其他部门办理，不能并入；可以先转交。", field="number")
    if is_joined:
        raise NotJoinable("那一件自己已经并入别的举报，请并入后者。", field="number")
    if state not in JOINABLE:
        raise NotJoinable(f"那一件现在是“{state.label}”，不能再并入。", field="number")


@implements("JL-24-2")
def require_takes_up(officer: Officer, *, texts: Sequence[str]) -> None:
    """第二十四条: whoever handles the other one reads what is joined to it: nobody who would have to stand aside."""
    if officer.recused or occurs(officer.name, *texts):
        raise NotJoinable("那一件的办理人不能办理这件举报，请单独办理。", clause="JL-24-2", field="number")


@implements("JL-24-2")
def require_closable(matters: Collection[str]) -> None:
    """第二十四条: what is of weight is verified to its end, though the reporter took it back."""
    grave = [Matter(each).label for each in matters if each in OF_WEIGHT]
    if grave:
        raise OfWeight(f"举报涉及“{'”“'.join(grave)}”，撤回不影响核实，请继续办理到作出结论。", clause="JL-24-2")


@implements("JL-24-2")
def require_extension_askable(clock: Clock | None, *, extended_days: int, is_asked: bool) -> None:
    """第二十四条: once, and before the term is over."""
    if extended_days:
        raise NotExtendable("核实期限已经延长过一次，不能再延长。", clause="JL-24-2")
    if is_asked:
        raise NotExtendable("已经申请延长，等审批人决定。", clause="JL-24-2")
    if clock is None or (clock.days_left < 0 and not clock.paused):
        raise NotExtendable("核实期限已满，不能再申请延长，请尽快作出结论。", clause="JL-24-2")


@implements("JL-24-2")
def require_extension(*, is_asked: bool, handlers: Collection[int | None], by: int) -> None:
    """第二十四条: what the handler asks for, somebody else grants."""
    if not is_asked:
        raise NotPossibleNow("没有待决定的延长申请，请刷新后再看。")
    if by in handlers:
        raise NotTheirs("您办理这件举报，延长期限请由另一名审批人决定。", clause="JL-24-2")


@implements("JL-24-2")
def require_verified(done: bool) -> None:
    """第二十四条（核实）: a reply follows the conclusion of the case, not the other way round."""
    if not done:
        raise NotVerified("案件还没有作出核实结论，请先在案件里作出结论。", clause="JL-24-2")


@implements("JL-24-2")
def way_of_telling(*, has_mail: bool, chosen: ReplyWay | None) -> ReplyWay:
    """第二十四条（联系方式）: by mail where a mailbox was proved, else as the officer did, who says how."""
    if has_mail:
        return ReplyWay.MAIL
    if chosen is None or chosen is ReplyWay.MAIL:
        raise NoWay("举报人没有经确认的邮箱，请电话或者邮寄告知后，选择告知的方式。", field="way")
    return chosen
