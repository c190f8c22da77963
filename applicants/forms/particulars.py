"""Forms in which an applicant is entered: by an agency, by an officer, and its contact by itself."""

from typing import Any

from wtforms import Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from applicants.entries import ApplicantEntry, ContactEntry
from applicants.models import Applicant, Kind, ListLevel
from core.fields import Checkboxes, Email, Phone, Ticked, choices_of, phone_field, phone_text
from core.forms import Form, NumberField, SelectChoice, VersionedForm, optional, required
from core.identity import IdentityDocument
from core.places import bureaus

YES, NO = "yes", "no"
ANSWERS = {True: YES, False: NO, None: ""}
TENTHS = 10  # a share is kept in tenths of a percent
BUREAUS = [
    SelectChoice("", "请选择"),
    *(SelectChoice(bureau.key, bureau.name) for bureau in bureaus().values()),
]


class ParticularsForm(Form):
    """Everything but the bureau."""

    name = StringField(
        "名称", required("请按营业执照或批准文件填写全称", most=120), description="与证照完全一致，不用简称"
    )
    kinds = Checkboxes(
        "类型",
        [Ticked("请至少选择一类")],
        choices=choices_of(Kind),
        description="按准备申请的名单选择，可以多选",
    )
    credit_code = StringField(
        "统一社会信用代码",
        optional(most=60),
        description="证照上的 18 位代码；园区没有自己的代码的，填写下面的管理机构",
        render_kw={"autocapitalize": "characters", "spellcheck": "false"},
    )
    body_name = StringField("管理机构名称", optional(most=120), description="例如 某某开发区管理委员会")
    body_code = StringField(
        "管理机构统一社会信用代码",
        optional(most=60),
        description="18 位",
        render_kw={"autocapitalize": "characters", "spellcheck": "false"},
    )
    county = StringField("所在县（市、区）", required("请填写所在县（市、区）或开发区", most=60))
    address = StringField("地址", required("请填写地址", most=200))
    industry_code = StringField(
        "行业代码",
        optional(most=10),
        description="国民经济行业分类（GB/T 4754）四位数字，可带门类字母，例如 C3670",
    )
    industry = StringField("行业名称", optional(most=80), description="例如 汽车零部件及配件制造")
    representative = StringField("法定代表人（园区为负责人）", required("请填写法定代表人或负责人姓名", most=60))
    representative_document = SelectField("证件类型", choices=choices_of(IdentityDocument))
    representative_number = StringField(
        "证件号码",
        optional(most=60),
        description="用于核对与第三方机构是否同一法定代表人；不保存号码，只保存核对用的密文和首尾几位",
    )
    contact_name = StringField("联系人", required("请填写联系人姓名", most=60))
    contact_phone = phone_field("联系电话", "请填写联系电话", description="手机，或带区号的固定电话")
    contact_email = StringField("电子邮箱", [*optional(most=120), Email()])
    listed = SelectField("目前列入的最高名单", choices=choices_of(ListLevel))
    is_green_factory = RadioField(
        "是否已是绿色工厂",
        choices=[SelectChoice(YES, "是"), SelectChoice(NO, "否"), SelectChoice("", "未说明")],
        default="",
        validate_choice=False,
        description="推荐的供应链管理企业原则上应为绿色工厂（第十条第三款）",
    )
    industrial_share = NumberField(
        "工业增加值占比",
        [Optional()],
        description="最多一位小数，例如 57.4；应超过 50%（第八条（一））",
    )
    park = StringField(
        "所在园区",
        optional(most=120),
        description="已登记园区的全称或代码；园区内企业有第十一条情形的，园区同样受限",
        render_kw={"list": "parks"},
    )

    def validate_industrial_share(self, field: Field) -> None:
        if field.data is not None and abs(field.data * TENTHS - round(field.data * TENTHS)) > 1e-6:
            raise ValidationError("最多填写一位小数，例如 57.4")

    def entry(self, bureau: str = "") -> ApplicantEntry:
        """The entry of a valid form."""
        share = self.industrial_share.data
        return ApplicantEntry(
            name=self.name.data or "",
            kinds=tuple(Kind(value) for value in self.kinds.data or ()),
            credit_code=self.credit_code.data or "",
            body_name=self.body_name.data or "",
            body_code=self.body_code.data or "",
            bureau=bureau,
            county=self.county.data or "",
            address=self.address.data or "",
            industry_code=self.industry_code.data or "",
            industry=self.industry.data or "",
            representative=self.representative.data or "",
            representative_document=IdentityDocument(self.representative_document.data),
            representative_number=self.representative_number.data or "",
            contact_name=self.contact_name.data or "",
            contact_phone=self.contact_phone.data or "",
            contact_email=self.contact_email.data or "",
            listed=ListLevel(self.listed.data),
            is_green_factory={YES: True, NO: False}.get(self.is_green_factory.data or ""),
            industrial_share=None if share is None else round(share * TENTHS),
            park=self.park.data or "",
            overrule_code=self.overruling,
        )

    @property
    def overruling(self) -> str:
        """Why a wrong check character is accepted: agencies have no such field."""
        return ""


class ApplicantForm(ParticularsForm):
    """As an agency enters one that isn't there yet."""

    bureau = SelectField(
        "所属市（州）工信局",
        required("请选择所属的市（州）工信局"),
        choices=BUREAUS,
        description="长白山、梅河口单列；公主岭属长春",
    )

    def entry(self, bureau: str = "") -> ApplicantEntry:
        """The entry of a valid form."""
        return super().entry(self.bureau.data or "")


class DeskParticularsForm(ParticularsForm):
    """As an officer keeps them: of those in old lists little may be known."""

    county = StringField("所在县（市、区）", optional(most=60))
    address = StringField("地址", optional(most=200))
    representative = StringField("法定代表人（园区为负责人）", optional(most=60))
    contact_name = StringField("联系人", optional(most=60))
    contact_phone = StringField(
        "联系电话",
        [*optional(most=30), Phone()],
        filters=[phone_text],
        description="手机，或带区号的固定电话",
    )
    overrule_code = TextAreaField(
        "核验理由",
        optional(most=500),
        description="已看过证照原件、代码确系如此的，写明经过后可以登记，记入操作日志",
    )

    @property
    def overruling(self) -> str:
        return self.overrule_code.data or ""


class DeskApplicantForm(DeskParticularsForm, ApplicantForm):
    """As an officer enters one."""


class EditApplicantForm(VersionedForm, DeskParticularsForm):
    """What is known, to be corrected; the bureau is changed elsewhere, with the evaluations."""

    representative_number = StringField(
        "证件号码",
        optional(most=60),
        description="没有变化的留空；不保存号码，只保存核对用的密文和首尾几位",
    )


def known(applicant: Applicant) -> dict[str, Any]:
    """What an edit form begins with."""
    share = applicant.industrial_share
    return {
        "version": applicant.version,
        "name": applicant.name,
        "kinds": [kind.value for kind in applicant.kinds],
        "credit_code": applicant.credit_code or "",
        "body_name": applicant.body_name,
        "body_code": applicant.body_code or "",
        "county": applicant.county,
        "address": applicant.address,
        "industry_code": applicant.industry_code,
        "industry": applicant.industry,
        "representative": applicant.representative,
        "contact_name": applicant.contact_name,
        "contact_phone": applicant.contact_phone or "",
        "contact_email": applicant.contact_email,
        "listed": applicant.listed.value,
        "is_green_factory": ANSWERS[applicant.is_green_factory],
        "industrial_share": None if share is None else share / TENTHS,
        "park": applicant.park.name if applicant.park else "",
    }


class OwnContactForm(VersionedForm):
    """An applicant corrects how it is reached."""

    contact_name = StringField("联系人", required("请填写联系人姓名", most=60))
    contact_phone = phone_field("联系电话", "请填写联系电话", description="手机，或带区号的固定电话")
    contact_email = StringField("电子邮箱", [*optional(most=120), Email()])

    def entry(self) -> ContactEntry:
        return ContactEntry(self.contact_name.data or "", self.contact_phone.data or "", self.contact_email.data or "")
