"""The public forms: registering, and asking for a doubtful code to be looked at."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, Field, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from agency.entries import AccountEntry, CodeCheckEntry, IdentityEntry, RepresentativeEntry
from agency.forms.fields import (
    ContactForm,
    PlaceForm,
    ServiceForm,
    Ticked,
    capabilities_field,
    choices_of,
    kinds_field,
    phone_field,
)
from agency.particulars import AgencyKind, Capability
from core.forms import DayField, Form, given, optional, required
from core.identity import IdentityDocument

DOCUMENT_HINT = "居民身份证、居住证填 18 位号码；护照按护照填写"


class IdentityFields(PlaceForm, ContactForm, ServiceForm):
    """Who an agency is, as registering and changing it share."""

    name = StringField(
        "机构名称",
        required("请按营业执照或法人证书填写机构全称", most=120),
        description="与证照完全一致；分公司、分院、分所、办事处等分支机构不能登记（第二十条（一））",
    )
    kind = kinds_field("机构类型", AgencyKind, "请选择机构类型")
    platform_number = StringField(
        "国家管理平台注册编号", optional(most=60), description="工业节能与绿色发展管理平台；可以以后补填，备案前须有"
    )
    platform_registered_on = DayField("平台注册日期", optional())
    capabilities = capabilities_field()

    def identity(self) -> IdentityEntry:
        """The entry of a valid form."""
        return IdentityEntry(
            name=self.name.data or "",
            kind=AgencyKind(self.kind.data),
            address=self.address.data or "",
            division=self.division,
            bureau=self.bureau.data or "",
            platform_number=self.platform_number.data or "",
            platform_registered_on=self.platform_registered_on.data,
            capabilities=tuple(Capability(value) for value in self.capabilities.data or ()),
            contact_name=self.contact_name.data or "",
            contact_phone=self.contact_phone.data or "",
            contact_email=self.contact_email.data or "",
            service_consent=bool(self.service_consent.data),
            service_address=self.service_address.data or "",
        )


class RegistrationForm(IdentityFields):
    credit_code = StringField(
        "统一社会信用代码",
        required("请填写 18 位统一社会信用代码", most=60),
        description="营业执照或法人证书上的 18 位代码",
        render_kw={"autocapitalize": "characters", "spellcheck": "false"},
    )
    representative_name = StringField("法定代表人姓名", required("请填写法定代表人姓名", most=60))
    representative_document = SelectField("证件类型", choices=choices_of(IdentityDocument))
    representative_number = StringField(
        "证件号码", required("请填写证件号码", most=60), description=f"{DOCUMENT_HINT}；加密保存，只显示首尾几位"
    )
    representative_phone = phone_field("法定代表人电话", "请填写法定代表人电话")
    representative_since = DayField(
        "任职日期", required("请填写任职日期"), description="登记机关登记的日期，例如 2021-06-01"
    )
    username = StringField(
        "用户名",
        required("请为第一个账号取一个用户名", most=80),
        description="3 至 40 个小写字母、数字、点、横线或下划线；登录后可为同事添加账号",
    )
    password = PasswordField("密码", required("请设置密码", most=200), description="至少 10 个字符，不用常见密码")
    password_again = PasswordField("再输入一次密码", required("请再输入一次密码", most=200))
    authorised = BooleanField(
        "我受本机构委托办理登记，所填内容真实，愿承担相应责任",
        [Ticked("请确认您受本机构委托办理登记")],
    )

    def validate_password_again(self, field: Field) -> None:
        if field.data != self.password.data:
            raise ValidationError("两次输入的密码不一样，请重新输入")

    def representative(self) -> RepresentativeEntry:
        return RepresentativeEntry(
            name=self.representative_name.data or "",
            document=IdentityDocument(self.representative_document.data),
            number=self.representative_number.data or "",
            phone=self.representative_phone.data or "",
            since=given(self.representative_since.data),
        )

    def account(self) -> AccountEntry:
        return AccountEntry(self.username.data or "", self.password.data or "")


class FileChosen:
    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Any, field: Field) -> None:
        if not getattr(field.data, "filename", ""):
            raise ValidationError(self.message)


class CodeCheckForm(Form):
    credit_code = StringField("统一社会信用代码", required("请填写证照上的 18 位代码", most=60))
    name = StringField("机构名称", required("请按证照填写机构全称", most=120))
    contact_name = StringField("联系人", required("请填写联系人姓名", most=60))
    contact_phone = phone_field("联系电话", "请填写联系电话", description="核验结果由办理人电话告知")
    explanation = TextAreaField(
        "情况说明", required("请说明证照的情况", most=1000), description="例如：2015 年换证时即为此代码，证照照片见附件"
    )
    proof = FileField("证照照片或扫描件", [FileChosen("请选择营业执照或法人证书的照片或扫描件")])

    def entry(self) -> CodeCheckEntry:
        return CodeCheckEntry(
            credit_code=self.credit_code.data or "",
            name=self.name.data or "",
            contact_name=self.contact_name.data or "",
            contact_phone=self.contact_phone.data or "",
            explanation=self.explanation.data or "",
        )
