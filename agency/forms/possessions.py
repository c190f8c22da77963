"""Forms in which an agency keeps what it has, each read into the fact that it makes."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import MultipleFileField, RadioField, SelectField, StringField
from wtforms.validators import ValidationError

from agency.entries import UploadEntry
from agency.forms.fields import NOT_MAINLAND, Checkboxes, choices_of, kinds_field
from agency.particulars import (
    Capability,
    Office,
    OutsideProjects,
    Record,
    RecordKind,
    RecordRole,
    Tenure,
    Training,
)
from agency.proofs import Share, by_name
from core.forms import CountField, DayField, NumberField, SelectChoice, VersionedForm, given, optional, required
from core.places import provinces


class OfficeForm(VersionedForm):
    address = StringField("地址", required("请填写办公场所的地址", most=200), description="精确到门牌、楼层")
    area_m2 = NumberField("面积", required("请填写面积"), description="建筑面积，例如 320")
    tenure = kinds_field("取得方式", Tenure, "请选择自有或租赁")
    leased_until = DayField("租赁到期日", optional())

    def fact(self, row_id: int) -> Office:
        return Office(
            row_id, self.address.data or "", given(self.area_m2.data), Tenure(self.tenure.data), self.leased_until.data
        )


class RecordForm(VersionedForm):
    kind = SelectField("业绩类型", required("请选择业绩类型"), choices=choices_of(RecordKind, empty="请选择"))
    role = kinds_field("承担方式", RecordRole, "请选择主导或参与")
    title = StringField("项目、标准或政策名称", required("请填写名称", most=200))
    number = StringField("文号、项目编号或标准号", optional(most=80))
    commissioner = StringField("委托或组织单位", optional(most=120))
    on = DayField("完成或发布日期", required("请填写完成或发布日期"), description="近五年内的计入，例如 2025-03-20")

    def fact(self, row_id: int) -> Record:
        return Record(
            row_id,
            RecordKind(self.kind.data),
            RecordRole(self.role.data),
            self.title.data or "",
            self.number.data or "",
            self.commissioner.data or "",
            given(self.on.data),
        )


class TrainingForm(VersionedForm):
    topic = StringField("培训主题", required("请填写培训主题", most=200))
    on = DayField("培训日期", required("请填写培训日期"))
    attendees = StringField("参加人员", required("请填写参加人员", most=500), description="姓名，或“全体评价人员”")
    hours = NumberField("学时", required("请填写学时"))

    def fact(self, row_id: int) -> Training:
        return Training(
            row_id, self.topic.data or "", given(self.on.data), self.attendees.data or "", given(self.hours.data)
        )


class OutsideProjectsForm(VersionedForm):
    year = CountField("年度", required("请填写年度"))
    province = SelectField(
        "项目所在省份",
        required("请选择省份"),
        choices=[
            SelectChoice("", "请选择"),
            *(SelectChoice(name) for key, name in provinces().items() if key not in ("22", *NOT_MAINLAND)),
        ],
    )
    capability = kinds_field("评价类别", Capability, "请选择评价类别")
    count = CountField("国家级项目数", required("请填写项目数"))

    def fact(self, row_id: int) -> OutsideProjects:
        return OutsideProjects(
            row_id,
            given(self.year.data),
            self.province.data or "",
            Capability(self.capability.data),
            given(self.count.data),
        )


class FilesForm(VersionedForm):
    files = MultipleFileField("文件", description="可以一次选几个。")

    def validate_files(self, field: Any) -> None:
        if not any(getattr(file, "filename", "") for file in field.data or ()):
            raise ValidationError("请选择要上传的文件，可以一次选几个")


class MaterialForm(FilesForm):
    """Its kinds are those that the subject asks for."""

    kind = SelectField("材料类别", required("请选择材料类别"))


class StaffProofsForm(FilesForm):
    """Files of one kind for several persons."""

    shared = RadioField(
        "文件归谁",
        required("请选择文件归谁"),
        choices=[
            SelectChoice("by_name", "一人一份：按文件名中的姓名归到各人，例如“邱明远 职称证书.pdf”"),
            SelectChoice("by_all", "多人一份：每个文件都归下面勾选的各人，例如一份参保人员名单"),
        ],
        default="by_name",
    )
    members = Checkboxes("人员", coerce=int)

    def validate_members(self, field: Any) -> None:
        if self.shared.data == "by_all" and not field.data:
            raise ValidationError("请勾选文件归哪些人")

    def shares(self, files: Sequence[UploadEntry], people: Mapping[int, str]) -> tuple[Share, ...]:
        """Each file with those it is for. Raises WhoseIsIt."""
        if self.shared.data == "by_name":
            return by_name(files, people)
        return tuple(Share(file, tuple(self.members.data or ())) for file in files)
