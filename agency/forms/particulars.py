"""Forms in which an agency keeps who it is."""

from wtforms import SelectField, StringField, TextAreaField

from agency.entries import RepresentativeEntry
from agency.forms.fields import Checkboxes, Ticked, choices_of, phone_field
from agency.forms.registration import DOCUMENT_HINT, IdentityFields
from agency.particulars import DeclarationKind
from core.forms import DayField, VersionedForm, given, optional, required
from core.identity import IdentityDocument


class IdentityForm(VersionedForm, IdentityFields):
    pass


class RepresentativeForm(VersionedForm):
    """A new one: also for a change that is entered late."""

    name = StringField("新任法定代表人姓名", required("请填写姓名", most=60))
    document = SelectField("证件类型", choices=choices_of(IdentityDocument))
    number = StringField("证件号码", required("请填写证件号码", most=60), description=DOCUMENT_HINT)
    phone = phone_field("电话", "请填写电话")
    since = DayField(
        "任职日期", required("请填写任职日期"), description="登记机关登记的日期，可以补录；前任的任期止于前一日"
    )

    def entry(self) -> RepresentativeEntry:
        return RepresentativeEntry(
            name=self.name.data or "",
            document=IdentityDocument(self.document.data),
            number=self.number.data or "",
            phone=self.phone.data or "",
            since=given(self.since.data),
        )


class CorrectionForm(RepresentativeForm):
    """The same person, mistyped."""

    name = StringField("姓名", required("请填写姓名", most=60))
    number = StringField("证件号码", optional(most=60), description="没有录错的留空；已备案的机构不能更正号码")
    since = DayField("任职日期", required("请填写任职日期"), description="登记机关登记的日期")


class FinanceForm(VersionedForm):
    finance_system = TextAreaField(
        "财务管理制度说明",
        required("请说明财务管理制度", most=2000),
        description="一两句话：机构设置、执行的准则、审计情况；制度文本在下方上传",
    )


class DeclarationForm(VersionedForm):
    kinds = Checkboxes("声明内容", [Ticked("请逐项勾选要作出的声明")], choices=choices_of(DeclarationKind))
    signed_by = StringField(
        "签署人姓名", required("请填写签署人姓名", most=60), description="法定代表人或其授权的人；签署日期为今天"
    )
