"""The documents of a proceeding as both sides read and print them: notice, decision. Never a word on who reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.clock import day_of
from core.law import Jurisdiction
from core.presentation import day
from filing.rules import against_decision
from sanctions.models import Measure, Proceeding, Served
from sanctions.rules import removal
from sanctions.rules.course import CLAUSE_OF
from sanctions.rules.periods import last_day


@dataclass(frozen=True, slots=True)
class Section:
    head: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    number: str
    addressee: str
    sections: tuple[Section, ...]
    issuer: str
    dated: date | None


@dataclass(frozen=True, slots=True)
class EvaluationLine:
    """An evaluation concerned, as the other side knows it."""

    number: str
    applicant: str
    kind: str


def party_name(row: Proceeding) -> str:
    if row.agency is not None:
        return row.agency.name
    return row.applicant.name if row.applicant is not None else ""


def measure_text(row: Proceeding, measure: Measure, law: Jurisdiction, *, on: date) -> str:
    """What the measure does, in a sentence's part."""
    if measure is Measure.NON_ADOPTION:
        years = law.number("non_adoption_years", on=on)
        return f"对你单位予以通报，{years} 年内不予采信你单位出具的评价结果"
    if measure is Measure.CIRCULAR:
        return "对你单位予以通报"
    if row.entry is None:
        return "将你单位移出绿色制造名单，并予公告"
    listed = f"{row.entry.list_name}（{row.entry.kind.label}）"
    if removal.is_ministrys(row.entry.level):
        return f"向工业和信息化部提出将你单位移出{listed}的意见"
    return f"将你单位移出{listed}，并予公告"


def basis_text(row: Proceeding, measure: Measure, law: Jurisdiction) -> str:
    cited = law.cite(CLAUSE_OF[measure])
    ground = f"（{row.ground.label}）" if row.ground is not None and measure is Measure.REMOVAL else ""
    return f"《吉林省绿色制造梯度培育及管理实施细则》（{law.document}）{cited}{ground}"


def notice(row: Proceeding, evaluations: Sequence[EvaluationLine], files: Sequence[str], law: Jurisdiction) -> Document:
    """事先告知书: facts, evidence by kind, clause, what is intended, rights and term."""
    on = day_of(row.told_at or row.proposed_at)
    days = law.number("statement_workdays", on=on)
    term = f"{day(row.statement_due)} 24 时" if row.statement_due else f"收到本告知书之日起 {days} 个工作日内"
    sections = [
        Section("查明的事实", _lines(row.facts)),
        Section("证据", (*_lines(row.evidence), *(f"随附证据副本：{title}" for title in files))),
        Section("依据", (basis_text(row, row.intended, law),)),
        Section("拟采取的措施", (f"依据上述规定，拟{measure_text(row, row.intended, law, on=on)}。",)),
        Section(
            "你单位的权利",
            (
                "你单位有权陈述和申辩，并可以提交证据。提出的事实、理由和证据成立的，应当采纳；"
                "不因陈述、申辩而采取更重的措施。",
                f"陈述、申辩的期限：{term}止（{days} 个工作日）。可以在系统内提交，也可以书面提交。",
                "逾期没有陈述、申辩，也没有申请延长的，视为放弃。",
            ),
        ),
    ]
    if evaluations:
        told = tuple(f"{each.number}　{each.applicant}（{each.kind}）" for each in evaluations)
        sections.insert(1, Section("涉及的评价", told))
    return Document("事先告知书", row.number, party_name(row), tuple(sections), law.department, on)


def decision(row: Proceeding, law: Jurisdiction) -> Document:
    """The decision: facts, what was stated and answered, basis, measure with its days, remedies."""
    on = row.dated or day_of(row.decided_at or row.proposed_at)
    measure = [f"决定{measure_text(row, row.measure, law, on=on)}。"]
    if row.first_day is not None:
        last = last_day(row.first_day, years=law.number("non_adoption_years", on=row.first_day))
        measure.append(
            f"期限自 {row.first_day} 起至 {last} 止，首末两日均计算在内。"
            "期内出具或者提交的评价结果不予采信，也不能登记新的评价。"
        )
    sections = (
        Section("查明的事实", _lines(row.facts)),
        Section("证据", _lines(row.evidence)),
        Section("陈述、申辩", hearing_lines(row)),
        Section("依据", (basis_text(row, row.measure, law),)),
        Section("决定", tuple(measure)),
        Section("理由", _lines(row.reasons or "")),
        Section("救济途径", against_decision(law, on=on)),
    )
    title = {Measure.NON_ADOPTION: "通报（不予采信决定）", Measure.CIRCULAR: "通报", Measure.REMOVAL: "移出名单决定"}
    return Document(title[row.measure], row.document or "", party_name(row), sections, law.department, row.dated)


def hearing_lines(row: Proceeding) -> tuple[str, ...]:
    """What became of the statement, a point a line."""
    if row.waived:
        return ("你单位放弃陈述、申辩。",)
    if row.stated_at is None:
        return ("你单位在期限内没有陈述、申辩。",)
    answered = {True: "采纳", False: "不予采纳", None: ""}
    return tuple(f"{point.text}　答复（{answered[point.accepted]}）：{point.answer or ''}" for point in row.points)


def title_of(what: Served, row: Proceeding, law: Jurisdiction) -> str:
    """What a served document is called."""
    return "事先告知书" if what is Served.NOTICE else decision(row, law).title


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.splitlines() if line.strip())


def publication(row: Proceeding, law: Jurisdiction) -> str:
    """What the publication starts from: the party, its facts, the measure and its days. An officer may change it."""
    on = row.dated or day_of(row.proposed_at)
    name = party_name(row)
    done = measure_text(row, row.measure, law, on=on).replace("你单位", name)
    days = ""
    if row.first_day is not None:
        last = last_day(row.first_day, years=law.number("non_adoption_years", on=row.first_day))
        days = f"期限自 {row.first_day} 起至 {last} 止。"
    return f"经查，{row.facts}\n依据{basis_text(row, row.measure, law)}，决定{done}。{days}（{row.document}）"
