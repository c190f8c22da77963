"""第二十四条: who may handle a complaint, when it is accepted or refused, and what an officer may not write."""

from datetime import date, datetime

import pytest

from complaints.models import CallResult, Matter, Refusal, ReplyWay, State
from complaints.rules import handling
from complaints.rules.handling import Asking, Officer, Traits
from core.clock import SHANGHAI
from core.errors import DomainError

pytestmark = pytest.mark.clause("JL-24-2")

CONFIRMED, DENIED, NOT_REACHED = CallResult.CONFIRMED, CallResult.DENIED, CallResult.NOT_REACHED
REPORTER = Traits(("辛实名",), "138-0431-0001", "Xin.Shiming@example.org", "长春市朝阳区某路 18 号 3 单元")
WORDS = "评价报告里的能耗数据与实际电费单不符，现场评价那天没有任何人来过厂区，签到表是后来补的。"


@pytest.mark.parametrize(
    ("officer", "bureau", "free"),
    [
        (Officer(1, "周明", None, recused=False), None, True),
        (Officer(1, "周明", None, recused=True), None, False),
        (Officer(1, "周明", "siping", recused=False), None, False),
        (Officer(1, "周明", "siping", recused=False), "siping", True),
        (Officer(1, "李 处长", None, recused=False), None, False),  # named in the text, spaced otherwise
        (Officer(1, "李", None, recused=False), None, True),  # one character is in every text
    ],
)
def test_nobody_handles_what_they_have_to_do_with(officer: Officer, bureau: str | None, free: bool) -> None:
    texts = ("现场是李处长安排的", "某公司")
    assert handling.is_free(officer, bureau=bureau, texts=texts) is free
    if free:
        handling.require_free(officer, bureau=bureau, texts=texts)
    else:
        with pytest.raises(DomainError):
            handling.require_free(officer, bureau=bureau, texts=texts)


def test_a_review_is_for_somebody_who_never_had_it() -> None:
    handling.require_other_officer(Officer(1, "周明", None, recused=False))
    with pytest.raises(handling.NotTheirs):
        handling.require_other_officer(Officer(1, "周明", None, recused=False, before=True))


@pytest.mark.parametrize(
    ("target", "text", "ticked", "refused"),
    [
        ("某公司", "与该局无关", False, False),
        ("四平市工业和信息化局", "他们推荐了不合格的企业", True, True),  # reported itself: no tick helps
        ("某公司", "已向四平市工信局反映过", False, True),
        ("某公司", "已向四平市工信局反映过", True, False),
    ],
)
def test_a_bureau_that_is_reported_never_gets_it(target: str, text: str, ticked: bool, refused: bool) -> None:
    names = {"四平市工业和信息化局", "四平市工信局"}
    if not refused:
        handling.require_uninvolved_bureau(names, target=target, texts=[text], mention_is_harmless=ticked)
        return
    with pytest.raises(handling.Involved):
        handling.require_uninvolved_bureau(names, target=target, texts=[text], mention_is_harmless=ticked)


@pytest.mark.parametrize(
    ("calls", "has_phone", "mail", "confirmed"),
    [
        ([], True, True, False),  # a mailbox is no voice
        ([], False, True, True),  # who gave no phone can't be called
        ([], False, False, False),
        ([CONFIRMED], True, False, True),
        ([NOT_REACHED, CONFIRMED], True, False, True),
        ([CONFIRMED, NOT_REACHED], True, False, True),  # not reached again says nothing
        ([CONFIRMED, DENIED], True, True, False),
        ([DENIED], False, True, False),
        ([NOT_REACHED, NOT_REACHED], True, True, False),
    ],
)
def test_name_and_contact_hold_by_the_last_call(
    calls: list[CallResult], has_phone: bool, mail: bool, confirmed: bool
) -> None:
    assert handling.is_confirmed(calls=calls, has_phone=has_phone, mail_confirmed=mail) is confirmed
    refusing = handling.require_unconfirmed if confirmed else handling.require_confirmed
    with pytest.raises(DomainError):
        refusing(confirmed)


@pytest.mark.every_zone
@pytest.mark.parametrize(
    ("ground", "asked", "files", "now", "refused"),
    [
        (Refusal.NOT_OURS, [], False, "2026-03-10 10:00:00", False),
        (Refusal.NO_EVIDENCE, [], False, "2026-03-10 10:00:00", True),
        (Refusal.NO_EVIDENCE, [Asking(date(2026, 3, 19))], False, "2026-03-19 23:59:59", True),
        (Refusal.NO_EVIDENCE, [Asking(date(2026, 3, 19))], False, "2026-03-20 00:00:00", False),
        (Refusal.NO_EVIDENCE, [Asking(date(2026, 3, 19))], True, "2026-03-20 00:00:00", True),
    ],
)
def test_lack_of_evidence_is_a_ground_only_after_asking(
    ground: Refusal, asked: list[Asking], files: bool, now: str, refused: bool
) -> None:
    instant = datetime.fromisoformat(now).replace(tzinfo=SHANGHAI)
    if not refused:
        handling.require_refusable(ground, asked=asked, has_files=files, now=instant)
        return
    with pytest.raises(handling.NotAskedYet):
        handling.require_refusable(ground, asked=asked, has_files=files, now=instant)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("核实报告的能耗数据是否与电费单一致，是否到过现场。", ""),
        ("据辛 实名反映，能耗数据不实。", "姓名"),
        ("联系 １３８０４３１０００１ 了解情况。", "电话"),
        ("邮件 xin.shiming@EXAMPLE.org 所附材料。", "邮箱"),
        ("住长春市朝阳区某路18号3单元的人反映。", "地址"),
        ("核实：现场评价那天没有任何人来过厂区，签到表。", "相同"),  # 20 characters in a row
        ("核实“现场评价那天没有任何人来”是否属实。", ""),  # 13 of them: nobody can write of it otherwise
    ],
)
def test_an_officers_wording_gives_nobody_away(text: str, told: str) -> None:
    if not told:
        handling.require_discreet(text, traits=[REPORTER], own_words=[WORDS])
        return
    with pytest.raises(handling.GivesAway) as refused:
        handling.require_discreet(text, traits=[REPORTER], own_words=[WORDS])
    assert told in refused.value.message


def test_the_name_of_whom_it_is_about_may_stand_in_both() -> None:
    name = "吉林省衡准绿色制造评价咨询服务有限责任公司"
    handling.require_discreet(f"{name}的报告", traits=[], own_words=[f"{name}骗人"], known=[name])
    with pytest.raises(handling.GivesAway):
        handling.require_discreet(f"{name}的报告", traits=[], own_words=[f"{name}骗人"])


@pytest.mark.parametrize("state", State)
def test_one_is_joined_only_to_what_is_still_worked_on(state: State) -> None:
    sound = {"same": False, "state": state, "is_joined": False, "one_desk": True}
    if state in (State.RECEIVED, State.ASSIGNED, State.ACCEPTED):
        handling.require_joinable(**sound)  # type: ignore[arg-type]
        for wrong in ({"same": True}, {"is_joined": True}, {"one_desk": False}):
            with pytest.raises(handling.NotJoinable):
                handling.require_joinable(**sound | wrong)  # type: ignore[arg-type]
        return
    with pytest.raises(handling.NotJoinable):
        handling.require_joinable(**sound)  # type: ignore[arg-type]


def test_what_is_of_weight_goes_on_though_it_was_taken_back() -> None:
    handling.require_closable([Matter.INACCURATE, Matter.OVER_CAP])
    with pytest.raises(handling.OfWeight):
        handling.require_closable([Matter.INACCURATE, Matter.FALSE_REPORT])


@pytest.mark.parametrize(
    ("has_mail", "chosen", "way"),
    [
        (True, None, ReplyWay.MAIL),
        (True, ReplyWay.POST, ReplyWay.MAIL),
        (False, ReplyWay.POST, ReplyWay.POST),
        (False, ReplyWay.PHONE, ReplyWay.PHONE),
    ],
)
def test_who_has_no_mailbox_is_told_otherwise(has_mail: bool, chosen: ReplyWay | None, way: ReplyWay) -> None:
    assert handling.way_of_telling(has_mail=has_mail, chosen=chosen) is way
    with pytest.raises(handling.NoWay):
        handling.way_of_telling(has_mail=False, chosen=None)
