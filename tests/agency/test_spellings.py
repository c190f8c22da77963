"""Which spellings are proposed as one body, on invented names and on the published lists of 2017 to 2021."""

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from agency.ledgers.spellings import Entry, Likeness, Proposal, joint_cells, propose

PUBLISHED = Path(__file__).parent.parent / "data" / "published" / "agencies_in_national_lists.csv"
CODE, OTHER_CODE = "91220101MA0Y0A0A0A", "91220101MA0Y0B0B0B"


def entries(*names: str | tuple[str, str]) -> list[Entry]:
    pairs = (name if isinstance(name, tuple) else (name, None) for name in names)
    return [Entry(row, name, code) for row, (name, code) in enumerate(pairs, 2)]


def likeness(*names: str | tuple[str, str]) -> Likeness | None:
    """How strongly all of these are proposed as one body; None: not at all."""
    found = [proposal.likeness for proposal in propose(entries(*names)) if len(proposal.entries) == len(names)]
    return found[0] if found else None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("长白绿评（吉林）技术有限公司", "长白绿评(吉林)技术有限公司"),
        ("长白绿评（吉林）技术有限公司", "长白绿评〔吉林〕技术有限公司"),
        ("松江低碳研究院", " 松江 低碳\u3000研究院\u200b"),
        ("松江低碳研究院", "松江低碳研究院。"),
        ("ＳＪ低碳研究院", "sj低碳研究院"),
        ("松江低碳研究院", "松江低碳研究院"),
        ("松江低碳研究院", "松江低碳研究院（原松江节能中心）"),
    ],
)
def test_what_only_typing_or_a_note_tells_apart_is_certain(one: str, other: str) -> None:
    assert likeness(one, other) is Likeness.CERTAIN


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("松江低碳技术有限公司", "松江低碳技术有限责任公司"),
        ("松江低碳技术有限公司", "松江低碳技术股份有限公司"),
        ("吉林省松江低碳技术有限公司", "吉林松江低碳技术有限公司"),
        ("长春市节能中心", "长春节能中心"),
        ("松江低碳研究院", "松江低碳研究院（吉林省节能评价中心）"),
        ("吉林省节能评价中心", "松江低碳研究院（吉林省节能评价中心）"),
        ("松江节能监测中心", "松江低碳研究院（原松江节能监测中心）"),
        ("松江节能监测中心（现松江低碳研究院）", "松江低碳研究院"),
    ],
)
def test_another_form_place_word_or_stated_name_is_likely(one: str, other: str) -> None:
    assert likeness(one, other) is Likeness.LIKELY
    assert likeness(other, one) is Likeness.LIKELY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("松江低碳设计院", "松江低碳设计院有限公司"),
        ("松江低碳技术集团有限公司", "松江低碳技术有限公司"),
        ("长春砚田评价中心有限公司", "砚田评价中心有限公司"),
        ("长春砚田低碳技术有限公司", "长春砚天低碳技术有限公司"),
        ("长春砚田低碳技术有限公司", "长春田砚低碳技术有限公司"),
        ("长春砚田低碳技术有限公司", "长春砚田低炭碳技术有限公司"),
        ("北方集团第七一四研究所", "北方集团第七十一四研究所"),
    ],
)
def test_a_slip_or_a_change_of_nature_is_only_possible(one: str, other: str) -> None:
    assert likeness(one, other) is Likeness.POSSIBLE
    assert likeness(other, one) is Likeness.POSSIBLE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("天津砚田低碳技术有限公司", "北京砚田低碳技术有限公司"),
        ("河北省节能技术服务中心", "河南省节能技术服务中心"),
        ("福州砚田低碳技术有限公司", "泉州砚田低碳技术有限公司"),
        ("吉林省节能监测中心", "吉林市节能监测中心"),
        ("吉林省节能技术中心", "吉林省长春市节能技术中心"),
        ("砚田质量认证公司", "砚田质量认证公司长春分公司"),
        ("砚田质量认证公司长春分公司", "砚田质量认证公司吉林分公司"),
        ("砚田质量认证集团有限公司", "砚田质量认证集团吉林有限公司"),
        ("砚田标准技术服务有限公司", "砚田标准技术服务（上海）有限公司"),
        ("机械工业第四设计研究院有限公司", "机械工业第六设计研究院有限公司"),
        ("松江环保第甲研究所", "松江环保第乙研究所"),
        ("华东电力勘测设计院", "华北电力勘测设计院"),
        ("吉林省工业节能协会", "吉林省工业节能学会"),
        ("北京化工大学", "北京工商大学"),
        ("松江大学", "松江大学绿色发展评价中心"),
        ("砚田认证", "砚天认证"),
        ("长春砚田低碳技术有限公司", "长春砚天低炭技术有限公司"),
    ],
)
def test_different_bodies_are_not_proposed(one: str, other: str) -> None:
    assert propose(entries(one, other)) == ()


def test_one_code_makes_like_names_certain_and_unlike_ones_likely() -> None:
    assert likeness(("松江低碳研究院", CODE), ("松江低碳技术研究院", CODE)) is Likeness.CERTAIN
    assert likeness(("松江低碳研究院", CODE), ("海兰检测中心", CODE)) is Likeness.LIKELY


def test_two_codes_leave_one_name_open_and_end_a_mere_likeness() -> None:
    assert likeness(("松江低碳研究院", CODE), ("松江低碳研究院", OTHER_CODE)) is Likeness.POSSIBLE
    assert likeness(("长春砚田低碳技术有限公司", CODE), ("长春砚天低碳技术有限公司", OTHER_CODE)) is None


def test_an_entry_without_a_code_does_not_join_two_codes() -> None:
    proposals = propose(entries("松江低碳研究院", ("松江低碳 研究院", CODE), ("松江低碳研究院", OTHER_CODE)))
    codes = [{entry.code for entry in proposal.entries} - {None} for proposal in proposals]
    kinds = [proposal.likeness for proposal in proposals]
    assert list(zip(kinds, codes, strict=True)) == [
        (Likeness.CERTAIN, {CODE}),
        (Likeness.POSSIBLE, {CODE, OTHER_CODE}),
    ]


def test_a_weak_link_does_not_chain() -> None:
    proposals = propose(entries("长春砚田低碳技术有限公司", "长春砚天低碳技术有限公司", "长春砚天低碳科技术有限公司"))
    assert [len(proposal.entries) for proposal in proposals] == [2, 2]


def test_a_series_of_names_is_no_slip() -> None:
    names = [f"长春{chr(0x6C5F + number)}华低碳技术有限公司" for number in range(40)]
    assert propose(entries(*names)) == ()


@pytest.mark.parametrize(
    ("names", "main", "why"),
    [
        (["松江低碳研究院（原松江节能中心）", "松江低碳研究院"], "松江低碳研究院", "不带括号说明"),
        (["长白(吉林)技术有限公司", "长白（吉林）技术有限公司"], "长白（吉林）技术有限公司", "书写规范"),
        (["松江低碳设计院", "松江低碳设计院有限公司"], "松江低碳设计院有限公司", "是公司全称"),
        (["松江节能监测中心（现松江低碳研究院）", "松江低碳研究院"], "松江低碳研究院", "其他写法是曾用名"),
        (["松江低碳研究院", ("松江低碳 研究院", CODE)], "松江低碳 研究院", "有信用代码"),
    ],
)
def test_the_main_name_is_proposed_with_what_speaks_for_it(names: list[str], main: str, why: str) -> None:
    (proposal,) = propose(entries(*names))
    assert (proposal.main.name, proposal.why_main) == (main, why)
    assert proposal.entries[0] == proposal.main


@pytest.mark.parametrize(
    "cell",
    [
        "吉林省、长春市节能技术服务中心",
        "砚田低碳研究院有限公司松江咨询有限责任公司",
        "砚田低碳研究院；松江咨询中心",
        "砚田低碳研究院\n松江低碳咨询中心",
        "砚田技术发展基金会-砚田资源利用中心",
    ],
)
def test_a_cell_that_may_name_two_is_pointed_out(cell: str) -> None:
    assert [joint.entry.name for joint in joint_cells(entries(cell))] == [cell]


@pytest.mark.parametrize("cell", ["砚田认证有限公司长春分公司", "长白绿评（吉林）\n有限公司", "松江低碳研究院、"])
def test_a_cell_that_names_one_is_not(cell: str) -> None:
    assert joint_cells(entries(cell)) == ()


# The published lists


@pytest.fixture(scope="module")
def published() -> list[Entry]:
    with PUBLISHED.open(encoding="utf-8-sig", newline="") as file:
        return entries(*(row["agency"] for row in csv.DictReader(file)))


@pytest.fixture(scope="module")
def proposals(published: Sequence[Entry]) -> tuple[Proposal, ...]:
    return propose(published)


def test_the_published_spellings_give_these_proposals(
    published: Sequence[Entry], proposals: Sequence[Proposal]
) -> None:
    assert len(published) == 347
    assert Counter(proposal.likeness for proposal in proposals) == {
        Likeness.CERTAIN: 3,
        Likeness.LIKELY: 15,
        Likeness.POSSIBLE: 18,
    }


@pytest.mark.parametrize(
    ("spellings", "kind"),
    [
        (("国网（北京）节能设计研究院有限公司", "国网(北京)节能设计研究院有限公司"), Likeness.CERTAIN),
        (("湖南中质信管理技术有限公司", "湖南省中质信管理技术有限公司"), Likeness.LIKELY),
        (
            (
                "黑龙江省节能监测中心",
                "黑龙江省节能技术服务中心",
                "黑龙江省节能监测中心（原黑龙江省节能技术服务中心）",
            ),
            Likeness.LIKELY,
        ),
        (
            (
                "工业和信息化部电子第五研究所",
                "工业和信息化部电子第五研究所（中国赛宝实验室）",
                "中国赛宝实验室",
                "中国赛宝实验室（工业和信息化部电子第五研究所)",
            ),
            Likeness.LIKELY,
        ),
        (("广西晨晏信息科技有限公司", "广西晨宴信息科技有限公司"), Likeness.POSSIBLE),
        (("北京国建联信认证中心有限公司", "北京建国联信认证中心有限公司"), Likeness.POSSIBLE),
    ],
)
def test_published_spellings_of_one_body(
    proposals: Sequence[Proposal], spellings: tuple[str, ...], kind: Likeness
) -> None:
    assert [proposal.likeness for proposal in proposals if proposal.spellings == spellings] == [kind]


@pytest.mark.parametrize(
    "pair",
    [
        {"河北省电子信息产品监督检验院", "辽宁省电子信息产品监督检验院"},
        {"江苏省节能技术服务中心", "江苏省南京市节能技术服务中心"},
        {"中国船级社质量认证公司", "中国船级社质量认证公司南京分公司"},
        {"通标标准技术服务有限公司", "通标标准技术服务（上海）有限公司"},
        {"北京卡本能源咨询有限公司", "辽宁卡本能源咨询有限公司"},
        {"机械工业第四设计研究院有限公司", "机械工业第六设计研究院有限公司"},
        {"北京化工大学", "北京工商大学"},
    ],
)
def test_published_names_of_different_bodies(proposals: Sequence[Proposal], pair: set[str]) -> None:
    assert [proposal.spellings for proposal in proposals if pair <= set(proposal.spellings)] == []


def test_published_cells_that_may_name_two(published: Sequence[Entry]) -> None:
    assert {joint.entry.name: [other.name for other in joint.holds] for joint in joint_cells(published)} == {
        "江苏省、南京市节能技术服务中心": ["江苏省南京市节能技术服务中心"],
        "中钢集团武汉安全环保研究院有限公司中钢集团金信咨询有限责任公司": [
            "中钢集团武汉安全环保研究院有限公司",
            "中钢集团金信咨询有限责任公司",
        ],
        "机械工业技术发展基金会-机械工业节能与资源利用中心": ["机械工业节能与资源利用中心"],
    }
