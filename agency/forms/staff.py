"""Forms in which an agency keeps its staff, and brings it in a spreadsheet."""

from datetime import date
from typing import Any, cast

from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SearchField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from agency.forms.fields import choices_of
from agency.members import FIELDS, MemberEntry
from agency.particulars import Employment, TitleLevel
from agency.workforce import Counting, Presence, Selection
from core.forms import DayField, Form, SelectChoice, VersionedForm, optional, required

LEVELS = (TitleLevel.FULL_SENIOR, TitleLevel.DEPUTY_SENIOR, TitleLevel.INTERMEDIATE, TitleLevel.JUNIOR)


class MemberForm(VersionedForm):
    """What is written of a person."""

    name = StringField(FIELDS["name"], required("请填写姓名", most=60), description="与身份证一致")
    title = StringField(
        FIELDS["title"],
        optional(most=60),
        description="照职称证书填写全称，例如 高级工程师；执业、注册类资格和技能等级不是职称",
    )
    declared_level = SelectField(
        "机构认为属于哪一级",
        choices=choices_of(LEVELS, empty="按职称表确定"),
        description="只有职称表中没有的职称才要选，由办理人判断",
    )
    series = StringField(FIELDS["series"], optional(most=60), description="例如 工程技术")
    major = StringField(FIELDS["major"], optional(most=80), description="照职称证书填写；证书没有专业的可不填")
    degree_major = StringField(FIELDS["degree_major"], optional(most=80), description="最高学历的专业")
    granted_on = DayField("职称取得日期", optional())
    certificate_number = StringField("职称证书编号", optional(most=60))
    employment = SelectField(FIELDS["employment"], required("请选择用工形式"), choices=choices_of(Employment))
    full_time = RadioField(
        "是否专职",
        required("请选择是否专职"),
        choices=[SelectChoice("yes", "专职"), SelectChoice("no", "不是专职")],
    )
    contract_until = DayField(FIELDS["contract_until"], optional(), description="无固定期限的不填，例如 2028-02-29")
    insured_since = DayField("本单位参保起始日", optional(), description="本单位开始缴纳社会保险的日期")
    insured_elsewhere = StringField(
        "其他缴纳单位", optional(most=120), description="社会保险由其他单位缴纳的，填写该单位全称"
    )
    joined_on = DayField(FIELDS["joined_on"], optional())
    note = TextAreaField(FIELDS["note"], optional(most=1000))

    def entry(self, *, left_on: date | None = None) -> MemberEntry:
        level = self.declared_level.data
        return MemberEntry(
            name=self.name.data or "",
            title="".join((self.title.data or "").split()),
            series=self.series.data or "",
            declared_level=TitleLevel(level) if level else None,
            major=self.major.data or "",
            degree_major=self.degree_major.data or "",
            granted_on=self.granted_on.data,
            certificate_number=self.certificate_number.data or "",
            employment=Employment(self.employment.data),
            full_time=self.full_time.data == "yes",
            contract_until=self.contract_until.data,
            insured_since=self.insured_since.data,
            insured_elsewhere=self.insured_elsewhere.data or "",
            joined_on=self.joined_on.data,
            left_on=left_on,
            note=self.note.data or "",
        )


class NewMemberForm(MemberForm):
    number = StringField(
        "身份证号码",
        required("请填写 18 位身份证号码", most=40),
        description="18 位；保存后只显示首尾几位",
        render_kw={"autocomplete": "off"},
    )


class FormerMemberForm(MemberForm):
    left_on = DayField(FIELDS["left_on"], optional(), description="最后工作日；并未离职的请清空")


class LeavingForm(VersionedForm):
    left_on = DayField(FIELDS["left_on"], required("请填写离职日期"), description="最后工作日，例如 2026-12-15")

    def day(self) -> date:
        return cast(date, self.left_on.data)  # a submitted form has it


class RosterUploadForm(Form):
    file = FileField("人员名单")

    def validate_file(self, field: Any) -> None:
        if not getattr(field.data, "filename", ""):
            raise ValidationError("请选择要上传的电子表格")


class StaffFilterForm(Form):
    """Search and filters, kept in the address."""

    class Meta(Form.Meta):
        csrf = False

    q = SearchField("姓名、职称或专业")
    counting = SelectField("是否计入", choices=choices_of(Counting, empty="不限"))
    presence = SelectField("在职情况", choices=choices_of(Presence), default=Presence.PRESENT.value)
    page = HiddenField()

    def selection(self) -> Selection:
        """What is asked for; what isn't one of the choices counts as not asked."""
        counting, presence, page = self.counting.data or "", self.presence.data or "", self.page.data or ""
        return Selection(
            word=(self.q.data or "")[:60],
            presence=Presence(presence) if presence in set(Presence) else Presence.PRESENT,
            counting=Counting(counting) if counting in set(Counting) else None,
            page=int(page) if page.isascii() and page.isdigit() else 1,
        )
