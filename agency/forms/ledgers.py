"""Forms of the old ledgers: bringing one, deciding what is proposed."""

from collections.abc import Sequence

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, RadioField, SelectMultipleField, SubmitField, TextAreaField
from wtforms.validators import Length, ValidationError

from agency.models import Proposal, Spelling
from core.forms import Form, NotOnlyBlanks, SelectChoice, VersionedForm, reason_field, required


class LedgerForm(Form):
    file = FileField(
        "台账文件",
        [FileRequired("请选择台账文件（.xlsx 或 .csv）。")],
        description="一列写机构名称；有统一社会信用代码的，另用一列。表头写“机构名称”“统一社会信用代码”，名称各种写法都可以。",
    )


class ProposalForm(VersionedForm):
    """Which spellings of a proposal are one body, and the name to go by; or that they are several bodies."""

    chosen = SelectMultipleField("属于同一家的写法", coerce=int)
    main = RadioField("主名称", coerce=int)
    reason = TextAreaField("理由", [Length(max=1000, message="请控制在 1000 个字以内")])
    join = SubmitField("勾选的是一家")
    apart = SubmitField("都不是一家，分开")

    def __init__(self, proposal: Proposal) -> None:
        ids = [row.id for row in proposal.spellings]
        super().__init__(prefix=f"p{proposal.id}-", version=proposal.version, chosen=ids, main=proposal.main_id)
        self.chosen.choices = self.main.choices = [SelectChoice(str(row.id), row.text) for row in proposal.spellings]

    def validate_reason(self, field: TextAreaField) -> None:
        if self.apart.data and not field.data:
            raise ValidationError("请写明为什么不是一家，例如：两家代码不同，均在营")


class CertainForm(Form):
    """The proposals that were listed, each with its version: what is joined is what was shown."""

    shown = HiddenField()

    @staticmethod
    def listing(proposals: Sequence[Proposal]) -> str:
        return " ".join(f"{row.id}:{row.version}" for row in proposals)

    @property
    def versions(self) -> dict[int, int]:
        """Proposal → version, as they were shown; what is none of ours is left out."""
        pairs = (pair.partition(":") for pair in (self.shown.data or "").split())
        return {int(one): int(other) for one, _, other in pairs if _is_number(one) and _is_number(other)}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


class ConfirmForm(Form):
    """Nothing to fill in."""


class CellForm(Form):
    """Whether a cell names one body or several."""

    decision = RadioField(
        "这一格写的是",
        required("请选择写的是一家还是几家"),
        choices=[
            SelectChoice("whole", "一家机构，整格是它的名称"),
            SelectChoice("divide", "几家机构，分成下面的名称"),
        ],
    )
    names = TextAreaField("分成的名称", description="一行一个；在册的写法会用它已有的机构")
    reason = reason_field("理由")

    def __init__(self, cell: Spelling) -> None:
        super().__init__(names=cell.holds)

    @property
    def lines(self) -> list[str]:
        return (self.names.data or "").splitlines()


class SplitForm(Form):
    agency = HiddenField()
    reason = TextAreaField(
        "理由",
        [NotOnlyBlanks("请写明为什么分出，例如：执照显示是另一家"), Length(max=1000, message="请控制在 1000 个字以内")],
    )

    @property
    def agency_id(self) -> int:
        text = self.agency.data or ""
        return int(text) if _is_number(text) else 0
