"""A circular or an announcement as an official document (.docx, GB/T 9704), ready to be edited and signed.

第二十二条第三款, 第十八条, 第二十四条: who, what was found, on what ground, which measure, which days, remedies.
"""

from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from core import law, official
from core.law import Jurisdiction, implements
from sanctions.models import Measure, Proceeding
from sanctions.rules import periods

LINE = official.LINE / 20  # points: 22 lines a page
BLANK_NUMBER = "吉工信〔{year}〕　　号"
TO = "各市（州）工业和信息化主管部门，各绿色制造第三方评价机构，各有关单位："


@dataclass(frozen=True, slots=True)
class Concerned:
    """An evaluation that the decision concerns, as the annex lists it."""

    number: str
    applicant: str
    what: str


@dataclass(frozen=True, slots=True)
class Content:
    """What the paper says; `document`, `dated` and `first_day` are left blank in it where nothing is decided yet."""

    measure: Measure
    subject: str
    credit_code: str
    facts: str
    evidence: str
    clause: str  # as lawyers cite it
    document: str | None
    dated: date | None
    first_day: date | None
    stated: str  # what became of the statement, in a sentence
    reasons: str = ""
    entry: str = ""  # the list, of a removal
    ground: str = ""
    is_ministrys: bool = False
    concerned: tuple[Concerned, ...] = ()


def content_of(proceeding: Proceeding, concerned: tuple[Concerned, ...] = ()) -> Content:
    """Of a proceeding with its agency or applicant, its list entry and its points."""
    whose = proceeding.agency or proceeding.applicant
    entry, cite = proceeding.entry, law.jurisdiction().clauses
    return Content(
        measure=proceeding.measure,
        subject=entry.name if entry is not None and whose is None else whose.name if whose is not None else "",
        credit_code=(whose.credit_code or "") if whose is not None else "",
        facts=proceeding.facts,
        evidence=proceeding.evidence,
        clause=cite[proceeding.clause].label if proceeding.clause in cite else proceeding.clause,
        document=proceeding.document,
        dated=proceeding.dated,
        first_day=proceeding.first_day,
        stated=_stated(proceeding),
        reasons=proceeding.reasons or "",
        entry=entry.list_name if entry is not None else "",
        ground=proceeding.ground.label if proceeding.ground is not None else "",
        is_ministrys=entry is not None and entry.level.value == "national",
        concerned=concerned,
    )


def _stated(proceeding: Proceeding) -> str:
    if not proceeding.points:
        return "你单位" + (
            "表示没有需要陈述、申辩的意见。" if proceeding.waived else "在规定期限内未提出陈述、申辩意见。"
        )
    accepted = sum(point.accepted is True for point in proceeding.points)
    heard = f"你单位提出陈述、申辩意见 {len(proceeding.points)} 点，我厅逐点进行了复核"
    return (
        f"{heard}，采纳 {accepted} 点，其余不予采纳，理由已逐点答复。"
        if accepted
        else f"{heard}并逐点答复，均不予采纳。"
    )


def paper(content: Content, *, red_head: bool, at: datetime) -> BytesIO:
    """A rewound file; `red_head`: with the issuer's name in red on top, else room for printed paper."""
    rules = law.jurisdiction()
    title = title_of(content, rules)
    made = official.new(title=title, author=rules.department, at=at, line=LINE, gridded=True)
    _head(made, content, rules, red_head, at)
    official.centred(made, title, font=official.TITLE, size=official.TITLE_SIZE)
    official.flush(made, "", line=LINE)
    official.flush(made, TO, line=LINE)
    for text in body(content, rules):
        official.paragraph(made, text, line=LINE)
    if content.concerned:
        official.flush(made, "", line=LINE)
        official.paragraph(made, "附件：所涉评价清单", line=LINE)
    for _ in range(2):
        official.flush(made, "", line=LINE)
    official.flush(made, rules.department, line=LINE, right=48)
    official.flush(made, _day(content.dated, at), line=LINE, right=64)
    official.paragraph(made, "（此件公开发布）", line=LINE)
    if content.concerned:
        _annex(made, content)
    return official.packed(made)


def _head(made: Any, content: Content, rules: Jurisdiction, red_head: bool, at: datetime) -> None:
    number = content.document or BLANK_NUMBER.format(year=(content.dated or at.date()).year)
    if red_head:
        name = official.centred(made, f"{rules.department}文件", font=official.TITLE, size=official.RED_HEAD, line=60)
        name.runs[0].font.color.rgb = official.RED
        official.flush(made, "", line=LINE)
    line = official.centred(made, number, line=LINE)
    if red_head:
        official.ruled(line, str(official.RED))
    official.flush(made, "", line=LINE)


def title_of(content: Content, rules: Jurisdiction) -> str:
    if content.measure is Measure.REMOVAL:
        verb = "建议将" if content.is_ministrys else "将"
        return f"{rules.department}关于{verb}{content.subject}移出绿色制造名单的公告"
    return f"{rules.department}关于{content.subject}有关问题的通报"


def body(content: Content, rules: Jurisdiction) -> list[str]:
    """Facts, hearing, ground, measure with its days, remedies: a paragraph each."""
    code = f"（统一社会信用代码 {content.credit_code}）" if content.credit_code else ""
    basis = f"《{rules.title}》（{rules.document}）{content.clause}"
    told = [
        f"经查，{content.subject}{code}存在以下问题：",
        *_lines(content.facts),
        "以上事实有下列证据证明：" + "；".join(_lines(content.evidence)).rstrip("；。") + "。",
        content.stated.replace("你单位", "该单位"),
    ]
    if content.reasons:
        told += _lines(content.reasons)
    return [*told, *measure_taken(content, basis, rules), _remedies(content, rules)]


@implements("JL-22-3", "JL-18")
def measure_taken(content: Content, basis: str, rules: Jurisdiction) -> list[str]:
    """第二十二条第三款、第十八条: what is decided; of three years both days are stated, the last one included."""
    if content.measure is Measure.REMOVAL:
        how = "建议工业和信息化部将其" if content.is_ministrys else "将其"
        ground = f"其“{content.ground}”，" if content.ground else ""
        return [f"{ground}依据{basis}，我厅决定{how}移出{content.entry or '绿色制造名单'}，并予以公告。"]
    if content.measure is Measure.CIRCULAR:
        return [f"依据{basis}，我厅决定对{content.subject}予以通报，并要求其引以为戒，立即改正。"]
    first = official.day(content.first_day) if content.first_day else "　　年　月　日"
    last = "　　年　月　日"
    if content.first_day:
        years = rules.number("non_adoption_years", on=content.first_day)
        last = official.day(periods.last_day(content.first_day, years=years))
    return [
        f"依据{basis}，我厅决定对{content.subject}予以通报，"
        f"自{first}起至{last}止（首日、末日均包括在内），不予采信其出具的评价结果。",
        "在此期间，该机构出具或者提交的评价结果不予采信，该机构不得登记新的绿色制造评价；期满自行终止。"
        "此前已经采信的，由各级工业和信息化主管部门逐项复核；正在委托该机构评价的单位，请另选在案机构。",
    ]


def _remedies(content: Content, rules: Jurisdiction) -> str:
    on = content.dated or rules.in_force_since
    days, months = rules.number("review_days", on=on), rules.number("suit_months", on=on)
    return (
        f"对本决定不服的，可以自收到之日起 {days} 日内向{rules.review_body}申请行政复议，"
        f"或者自收到之日起 {months} 个月内依法向人民法院提起行政诉讼。复议、诉讼期间，本决定不停止执行。"
    )


def _annex(made: Any, content: Content) -> None:
    made.add_page_break()
    official.flush(made, "附件", line=LINE, font=official.HEADING)
    official.centred(made, "所涉评价清单", font=official.TITLE, size=official.TITLE_SIZE)
    rows = [(str(number), each.number, each.applicant, each.what) for number, each in enumerate(content.concerned, 1)]
    official.table(made, f"共 {len(rows)} 项", ("序号", "评价编号", "培育对象", "类别和级别"), rows)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _day(dated: date | None, at: datetime) -> str:
    return official.day(dated) if dated else f"{at.year}年　月　日"
