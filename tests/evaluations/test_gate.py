"""The gate, held against the whole product of its facts: never a hindrance missing, never one too many."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from applicants.models import Kind
from core.errors import DomainError, Refusals
from core.law import jurisdiction
from evaluations.rules import gate
from evaluations.rules.facts import AgencyFacts, ApplicantFacts, GateFacts, Period, PersonFacts
from evaluations.rules.gate import GateClosed, Hindrance
from evaluations.rules.states import Level, Mode
from tests.evaluations import facts
from tests.evaluations.facts import BEGUN_ON, ON, person

LAW = jurisdiction()
DAY = timedelta(days=1)
NOTHING: tuple[Hindrance, ...] = ()


def found(given: GateFacts) -> tuple[Counter[Hindrance], Counter[Hindrance]]:
    result = gate.check(given, LAW)
    return Counter(each.what for each in result.refusals), Counter(each.what for each in result.cautions)


@dataclass(frozen=True)
class Choice:
    """One way a fact can be, and what the gate then has to say; `cautions` to what only wants a word."""

    given: Any
    refusals: tuple[Hindrance, ...] = ()
    cautions: tuple[Hindrance, ...] = ()


# the agreement's day, and the filings
FILINGS = (
    Choice((BEGUN_ON, (Period(BEGUN_ON, None),))),  # on its first day
    Choice((BEGUN_ON, (Period(BEGUN_ON + DAY, None),)), (Hindrance.NOT_FILED,)),  # the day before
    Choice((BEGUN_ON, (Period(date(2025, 1, 2), BEGUN_ON),))),  # on its last day
    Choice((BEGUN_ON, (Period(date(2025, 1, 2), BEGUN_ON - DAY),)), (Hindrance.NOT_FILED,)),  # the day after
    Choice((BEGUN_ON, ()), (Hindrance.NOT_FILED,)),
    Choice((LAW.in_force_since, ()), (Hindrance.NOT_FILED,)),
    Choice((LAW.in_force_since - DAY, ())),  # contracts from before the rules are exempt, and none is counted
)
CONDITIONS = (Choice(None), Choice(date(2026, 2, 1), (Hindrance.CONDITIONS_NOT_MET,)))
PERIODS = (
    Choice(()),
    Choice((Period(ON, date(2029, 3, 12)),), (Hindrance.NON_ADOPTION,)),  # its first day
    Choice((Period(ON + DAY, date(2029, 3, 13)),)),  # the day before it
    Choice((Period(date(2023, 3, 12), ON),), (Hindrance.NON_ADOPTION,)),  # its last day
    Choice((Period(date(2023, 3, 11), ON - DAY),)),  # the day after it
)
EXCLUSIONS = (Choice(()), Choice((facts.exclusion(),), (Hindrance.EXCLUDED,)))
KINDS = (Choice(frozenset({Kind.FACTORY})), Choice(frozenset({Kind.PARK}), (Hindrance.NOT_OF_KIND,)))
CAPABILITIES = (
    Choice(frozenset({Kind.FACTORY})),
    Choice(frozenset({Kind.PARK, Kind.SUPPLY_CHAIN}), (Hindrance.NO_CAPABILITY,)),
)
CODES = (Choice("91220101MA0TE5T16T"), Choice("91220106MA0TE5T22X", (Hindrance.SAME_CODE,)))
# the agency's representative; the applicant's is 罗企业, whose identity is known
REPRESENTATIVES = (
    Choice(person("沈知远", "identity-shen")),
    Choice(person("罗企业", "identity-luo"), (Hindrance.SAME_REPRESENTATIVE,)),
    Choice(person("罗企业", "identity-other")),  # of one name, and known to be two
    Choice(person("罗企业"), (), (Hindrance.SAME_NAME,)),
)
# one of the staff; the applicant's contact is 韩联络, of whom nobody knows more than the name
STAFF = (
    Choice(person("林可", "identity-lin")),
    Choice(person("罗企业", "identity-luo"), (Hindrance.STAFF_OF_APPLICANT,)),
    Choice(person("韩联络", "identity-han"), (), (Hindrance.SAME_NAME,)),
)
# the places that the representative and the agency have used
PLACES = (
    Choice((14, 14)),
    Choice((15, 14), (Hindrance.NO_PLACE,)),
    Choice((14, 15), (Hindrance.NO_PLACE,)),
    Choice((16, 15), (Hindrance.NO_PLACE, Hindrance.NO_PLACE)),
)
TWINS = (Choice(()), Choice(("评〔2026〕00007",), (), (Hindrance.RUNNING_TWIN,)))


def used(places: tuple[int, int]) -> tuple[Any, ...]:
    holder = facts.usage(places[0], shares=(("吉林省衡准评价有限公司", 3), ("同一法定代表人的其他机构", places[0] - 3)))
    return (holder, facts.usage(places[1], holder="吉林省衡准评价有限公司"))


def every_combination() -> Iterator[tuple[GateFacts, Counter[Hindrance], Counter[Hindrance]]]:
    """The whole product, with what is expected of each."""
    usages = {choice.given: used(choice.given) for choice in PLACES}
    of_applicant = [
        (
            ApplicantFacts(
                "长春砺川零部件有限公司",
                frozenset({"91220106MA0TE5T22X"}),
                kinds.given,
                person("罗企业", "identity-luo"),
                "韩联络",
                exclusions.given,
            ),
            (kinds, exclusions),
        )
        for kinds, exclusions in product(KINDS, EXCLUSIONS)
    ]
    of_agency = list(product(CONDITIONS, PERIODS, CAPABILITIES, CODES, REPRESENTATIVES, STAFF))
    for filing in FILINGS:
        begun_on, filed = filing.given
        intent = facts.intent(begun_on=begun_on)
        for conditions, periods, capabilities, codes, representative, member in of_agency:
            agency = AgencyFacts(
                "吉林省衡准评价有限公司",
                codes.given,
                representative.given,
                filed,
                conditions.given,
                periods.given,
                capabilities.given,
                (representative.given, member.given),
            )
            choices = (filing, conditions, periods, capabilities, codes, representative, member)
            for (applicant, own), places, twins in product(of_applicant, PLACES, TWINS):
                given = GateFacts(intent, applicant, (agency,), usages[places.given], twins.given)
                yield given, *expected((*choices, *own, places, twins), begun_on)


def expected(choices: tuple[Choice, ...], begun_on: date) -> tuple[Counter[Hindrance], Counter[Hindrance]]:
    refusals = Counter(what for choice in choices for what in choice.refusals)
    cautions = Counter(what for choice in choices for what in choice.cautions)
    if begun_on < LAW.in_force_since:
        del refusals[Hindrance.NO_PLACE]  # there was no cap yet
    if Hindrance.SAME_REPRESENTATIVE in refusals:
        del refusals[Hindrance.STAFF_OF_APPLICANT]  # it is one and the same person
    return refusals, cautions


@pytest.mark.clause("JL-11", "JL-20-5", "JL-21-2", "JL-22-1a", "JL-22-2", "JL-22-3")
def test_exactly_what_stands_in_the_way_is_told_for_every_combination_of_facts() -> None:
    combinations = 0
    for case, refusals, cautions in every_combination():
        combinations += 1
        assert found(case) == (refusals, cautions), case
    assert combinations == 7 * 2 * 5 * 2 * 2 * 2 * 2 * 4 * 3 * 4 * 2


@pytest.mark.clause("JL-12-1")
def test_a_self_evaluation_knows_no_agency_and_no_cap_but_exclusions_count() -> None:
    """第十二条: whatever is said of an agency, for every combination."""
    full = used((16, 16))
    for exclusions, kinds, twins, agencies in product(
        EXCLUSIONS, KINDS, TWINS, ((), (facts.agency(filed=(), conditions_lost_on=ON),))
    ):
        given = facts.gate(
            intent=facts.intent(mode=Mode.SELF),
            applicant=facts.applicant(exclusions=exclusions.given, kinds=kinds.given),
            agencies=agencies,
            usage=full,
            running=twins.given,
        )
        refusals = Counter((*exclusions.refusals, *kinds.refusals))
        assert found(given) == (refusals, Counter(twins.cautions))


@pytest.mark.clause("JL-22-1a")
@pytest.mark.clause("JL-21-2")
def test_of_a_joint_evaluation_every_agency_is_judged_and_named() -> None:
    second = facts.agency(name="长春同衡咨询有限公司", credit_code="91220101MA0TE5T33Y", filed=())
    third = facts.agency(
        name="吉林市景行评价中心", credit_code="91220101MA0TE5T44Z", non_adoption=(Period(ON, ON),), staff=()
    )
    result = gate.check(facts.gate(agencies=(facts.agency(), second, third)), LAW)
    assert [(each.what, each.message[:10]) for each in result.refusals] == [
        (Hindrance.NOT_FILED, second.name[:10]),
        (Hindrance.NON_ADOPTION, third.name + "在"),
    ]


@pytest.mark.clause("JL-22-2")
@pytest.mark.parametrize("level", [Level.PROVINCIAL, Level.MUNICIPAL])
def test_only_national_evaluations_take_places(level: Level) -> None:
    assert found(facts.gate(intent=facts.intent(level=level), usage=used((16, 16)))) == (Counter(), Counter())


@pytest.mark.clause("JL-22-2")
def test_the_refusal_says_how_many_each_agency_has_used_and_of_which_year() -> None:
    shares = (("吉林省衡准评价有限公司", 9), ("同一法定代表人的其他机构", 6))
    given = facts.gate(usage=(facts.usage(15, shares=shares), facts.usage(9, holder="吉林省衡准评价有限公司")))
    (refusal,) = gate.check(given, LAW).refusals
    assert refusal.clause == "JL-22-2"
    assert refusal.message == (
        "法定代表人沈知远 2026 年的国家级评价已有 15 项，上限 15 项："
        "吉林省衡准评价有限公司 9 项，同一法定代表人的其他机构 6 项（第二十二条第二款）。"
    )
    assert "2027 年" in refusal.lift
    assert refusal.field == "level"


@pytest.mark.clause("JL-22-2")
def test_an_agency_that_used_all_of_its_representative_s_places_is_told_once() -> None:
    assert found(facts.gate(usage=(facts.usage(15), facts.usage(15, holder="吉林省衡准评价有限公司"))))[0] == Counter(
        [Hindrance.NO_PLACE]
    )


RAISED_ON = date(2027, 2, 1)


@pytest.mark.clause("JL-21-2")
@pytest.mark.parametrize(
    ("filed", "refused"),
    [
        ((Period(BEGUN_ON, None),), False),
        ((Period(BEGUN_ON, RAISED_ON),), False),
        ((Period(BEGUN_ON, RAISED_ON - DAY),), True),  # cancelled meanwhile
        ((Period(BEGUN_ON + DAY, None),), True),  # it was never rightly begun
        ((Period(BEGUN_ON, BEGUN_ON), Period(RAISED_ON, None)), False),  # filed anew
        ((), True),
    ],
)
def test_what_is_raised_needs_a_filing_on_both_days(filed: tuple[Period, ...], refused: bool) -> None:
    raising = facts.intent(counted_on=RAISED_ON, on=RAISED_ON)
    refusals, _ = found(facts.gate(intent=raising, agencies=(facts.agency(filed=filed),)))
    assert refusals == Counter([Hindrance.NOT_FILED] if refused else [])


@pytest.mark.clause("JL-22-2")
def test_what_is_raised_counts_in_the_year_of_the_raising() -> None:
    raising = facts.intent(begun_on=date(2024, 5, 1), counted_on=RAISED_ON, on=RAISED_ON)
    (refusal,) = gate.check(facts.gate(intent=raising, usage=used((15, 3))), LAW).refusals
    assert refusal.what is Hindrance.NO_PLACE
    assert "2027 年的国家级评价" in refusal.message


@pytest.mark.parametrize(
    ("statement", "is_open"), [("", False), ("  \n", False), ("联系人与本机构人员仅同名，已核对身份证件", True)]
)
def test_a_caution_stops_until_something_is_said_to_it(statement: str, is_open: bool) -> None:
    given = facts.gate(applicant=facts.applicant(contact="林可"), statement=statement)
    result = gate.check(given, LAW)
    assert result.refusals == ()
    assert [each.what for each in result.cautions] == [Hindrance.SAME_NAME]
    assert result.is_open is is_open
    if is_open:
        gate.require_open(given, LAW)
    else:
        with pytest.raises(GateClosed) as raised:
            gate.require_open(given, LAW)
        assert raised.value.field == "statement"


def test_a_statement_lifts_no_refusal() -> None:
    given = facts.gate(agencies=(facts.agency(filed=()),), statement="确已备案")
    with pytest.raises(GateClosed, match="没有有效的备案"):
        gate.require_open(given, LAW)


def test_everything_in_the_way_is_told_at_once() -> None:
    given = facts.gate(
        applicant=facts.applicant(exclusions=(facts.exclusion(),)),
        agencies=(facts.agency(filed=(), conditions_lost_on=ON),),
        running=("评〔2026〕00007",),
    )
    with pytest.raises(Refusals) as raised:
        gate.require_open(given, LAW)
    assert [each.what for each in raised.value.refusals if isinstance(each, GateClosed)] == [
        Hindrance.EXCLUDED,
        Hindrance.NOT_FILED,
        Hindrance.CONDITIONS_NOT_MET,
        Hindrance.RUNNING_TWIN,
    ]


@pytest.mark.clause("JL-22-1a")
@pytest.mark.parametrize(
    ("staff", "contact", "representative", "told"),
    [
        (person("罗 企业"), "", person("罗企业", "identity-luo"), True),  # a blank makes no other name
        (person("罗企业", "identity-x"), "", person("罗企业"), True),  # theirs isn't known
        (person("罗企业", "identity-x"), "", person("罗企业", "identity-luo"), False),
        (person("罗企业", "identity-x"), "罗企业", person("罗企业", "identity-luo"), True),  # the contact's isn't known
        (person("林可"), "林可", None, True),
        (person("林可"), "林可可", None, False),
        (person(""), "", person(""), False),
        (person("罗企业", "identity-luo"), "罗企业", person("罗企业", "identity-luo"), False),  # refused, not hinted at
    ],
)
def test_a_name_alone_is_a_hint(
    staff: PersonFacts, contact: str, representative: PersonFacts | None, told: bool
) -> None:
    given = facts.gate(
        agencies=(facts.agency(staff=(staff,)),),
        applicant=facts.applicant(contact=contact, representative=representative),
    )
    assert found(given)[1] == Counter([Hindrance.SAME_NAME] if told else [])


def test_namesakes_on_one_roster_are_told_once() -> None:
    given = facts.gate(
        agencies=(facts.agency(staff=(person("林可", "identity-1"), person("林可", "identity-2"))),),
        applicant=facts.applicant(contact="林可"),
    )
    assert found(given)[1] == Counter([Hindrance.SAME_NAME])


@pytest.mark.clause("JL-22-1a")
def test_a_park_s_administering_body_is_the_park_itself() -> None:
    given = facts.gate(applicant=facts.applicant(codes=frozenset({"12220100MB1234567A", "91220101MA0TE5T16T"})))
    assert found(given)[0] == Counter([Hindrance.SAME_CODE])


@pytest.mark.clause("JL-11")
def test_an_exclusion_is_told_with_its_source_and_its_last_day() -> None:
    inside = facts.exclusion(whom="园区某化工有限公司", until=None, ground="（一）列入经营异常名录或严重违法失信名单")
    result = gate.check(facts.gate(applicant=facts.applicant(exclusions=(facts.exclusion(), inside))), LAW)
    own, others = result.refusals
    assert own.message.endswith(
        "（来源：中国执行信息公开网），至 2027-05-01（含当日）不得申请、推荐和列入名单（第十一条）。"
    )
    assert own.lift.startswith("2027-05-01 之后方可")
    assert "园区内企业园区某化工有限公司" in others.message
    assert "至今未解除" in others.message


@pytest.mark.clause("JL-22-3")
@pytest.mark.parametrize(
    ("periods", "until"),
    [
        ([], None),
        ([(date(2026, 3, 12), date(2029, 3, 12))], date(2029, 3, 12)),
        ([(date(2023, 1, 1), date(2026, 3, 11))], None),
        (
            [(date(2024, 1, 1), date(2027, 1, 1)), (date(2025, 6, 1), date(2028, 6, 1))],
            date(2028, 6, 1),
        ),  # the latest end
        (
            [(date(2024, 1, 1), date(2027, 1, 1)), (date(2027, 1, 2), date(2030, 1, 2))],
            date(2030, 1, 2),
        ),  # on its heels
        (
            [(date(2024, 1, 1), date(2027, 1, 1)), (date(2027, 1, 3), date(2030, 1, 3))],
            date(2027, 1, 1),
        ),  # a day between
        ([(date(2026, 4, 1), date(2029, 4, 1))], None),
    ],
)
def test_until_when_nothing_new_is_registered(periods: list[tuple[date, date]], until: date | None) -> None:
    assert gate.barred_until([Period(*days) for days in periods], on=ON) == until


def test_every_refusal_says_what_would_lift_it_and_names_its_clause() -> None:
    everything = facts.gate(
        intent=facts.intent(),
        applicant=facts.applicant(
            codes=frozenset({"91220101MA0TE5T16T"}),
            kinds=frozenset({Kind.PARK}),
            representative=person("沈知远", "identity-shen"),
            contact="林可",
            exclusions=(facts.exclusion(),),
        ),
        agencies=(
            facts.agency(
                filed=(), conditions_lost_on=ON, non_adoption=(Period(ON, ON),), capabilities=frozenset(), staff=()
            ),
            facts.agency(representative=person("林可"), staff=(person("沈知远", "identity-shen"),)),
            facts.agency(filed=(), is_partner=True),
        ),
        usage=used((15, 15)),
        running=("评〔2026〕00007",),
    )
    told = gate.check(everything, LAW)
    assert {each.what for each in told.in_the_way} == set(Hindrance)
    for each in told.in_the_way:
        assert each.clause in LAW.clauses
        assert each.message.endswith("。")
        assert each.lift.endswith("。")
        assert each.what is Hindrance.RUNNING_TWIN or LAW.cite(each.clause) in each.message


days = st.dates(date(2023, 1, 1), date(2030, 12, 31))
periods = st.lists(
    st.tuples(days, st.one_of(st.none(), days)).map(
        lambda pair: Period(pair[0], None if pair[1] is None else max(pair[0], pair[1]))
    ),
    max_size=4,
).map(tuple)


@pytest.mark.clause("JL-21-2", "JL-22-3")
@given(begun=days, on=days, filed=periods, barred=periods)
@settings(max_examples=300, deadline=None)
def test_filings_and_periods_are_judged_to_the_day(
    begun: date, on: date, filed: tuple[Period, ...], barred: tuple[Period, ...]
) -> None:
    given = facts.gate(
        intent=facts.intent(begun_on=begun, on=on, level=Level.MUNICIPAL),
        agencies=(facts.agency(filed=filed, non_adoption=barred),),
    )
    refusals, _ = found(given)
    in_force = any(each.first <= begun and (each.last is None or begun <= each.last) for each in filed)
    assert (Hindrance.NOT_FILED in refusals) == (not in_force and begun >= LAW.in_force_since)
    assert (Hindrance.NON_ADOPTION in refusals) == any(period.covers(on) for period in barred)


@pytest.mark.clause("JL-22-2")
@given(numbers=st.lists(st.integers(0, 20), max_size=5), begun=days)
@settings(max_examples=200, deadline=None)
def test_a_place_is_free_when_no_holder_has_used_all(numbers: list[int], begun: date) -> None:
    usage = tuple(
        facts.usage(number, holder=f"持有人{row}", shares=((f"机构{row}", number),))
        for row, number in enumerate(numbers)
    )
    given = facts.gate(intent=facts.intent(begun_on=begun, on=begun), usage=usage)
    full = sum(number >= 15 for number in numbers) if begun >= LAW.in_force_since else 0
    assert found(given)[0][Hindrance.NO_PLACE] == full


@given(
    name=st.sampled_from(["林可", "韩联络", "罗企业", ""]),
    identity=st.sampled_from([None, "identity-luo", "identity-x"]),
)
def test_an_open_gate_raises_nothing_and_a_closed_one_a_domain_error(name: str, identity: str | None) -> None:
    given = facts.with_agency(facts.gate(), staff=(person(name, identity),))
    result = gate.check(given, LAW)
    if result.is_open:
        gate.require_open(given, LAW)
    else:
        with pytest.raises(DomainError):
            gate.require_open(given, LAW)
        gate_with_word = replace(given, statement="已核对")
        assert gate.check(gate_with_word, LAW).is_open == (not result.refusals)
