"""Parts that several forms about agencies are made of."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from flask import Request, request
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, Field, RadioField, SelectField, StringField
from wtforms.validators import Optional, ValidationError

from agency.entries import UploadEntry
from agency.particulars import Capability
from core import places
from core.fields import Checkboxes as Checkboxes
from core.fields import Email as Email
from core.fields import Phone as Phone
from core.fields import Ticked as Ticked
from core.fields import choices_of as choices_of
from core.fields import phone_field as phone_field
from core.forms import Form, SelectChoice, optional, required
from core.labels import Labelled
from core.places import bureaus, provinces

NOT_MAINLAND = ("71", "81", "82")  # no credit codes are given there
Kind = TypeVar("Kind", bound=Labelled)


def capabilities_field() -> Checkboxes:
    return Checkboxes(
        "评价能力",
        [Ticked("请至少选择一类评价能力")],
        choices=choices_of(Capability),
        description="能开展评价的领域；第二十条（五）要求三类能力",
    )


class PlaceForm(Form):
    """A registered address: as text, and as a division of today's list."""

    address = StringField("注册地址", required("请按营业执照或法人证书填写注册地址", most=200))
    province = SelectField(
        "所在省（自治区、直辖市）",
        required("请选择所在省份"),
        choices=[SelectChoice(key, name) for key, name in provinces().items() if key not in NOT_MAINLAND],
        default="22",
    )
    place = StringField(
        "所在县（市、区）",
        required("请填写所在县（市、区）的名称或六位代码", most=60),
        description="填名称或六位行政区划代码，例如 朝阳区、梅河口市、220104；开发区、新区填其所在的行政区",
        render_kw={"list": "places-of-jilin"},
    )
    bureau = SelectField(
        "所属市（州）工信局",
        choices=[
            SelectChoice("", "按注册地自动确定"),
            *(SelectChoice(bureau.key, bureau.name) for bureau in bureaus().values()),
        ],
        description="一般不用选；在长白山保护开发区的选长白山，省外机构不选",
    )

    division = ""  # found by validate_place

    def validate_place(self, field: Field) -> None:
        found = places.find_divisions(self.province.data or "", field.data or "")
        if not found:
            raise ValidationError(
                f"在{provinces().get(self.province.data or '', '所选省份')}没有找到这个县（市、区），"
                "请按现行行政区划填写全名，例如 朝阳区"
            )
        if len(found) > 1:
            named = "、".join(f"{places.division_label(code)}（{code}）" for code in found[:6])
            raise ValidationError(f"同名的有 {len(found)} 个：{named}；请写全名或代码")
        self.division = found[0]


def jilin_places() -> list[str]:
    """What the field for a place proposes."""
    return [
        places.division_label(code).removeprefix(provinces()["22"])
        for code in places.current_divisions()
        if code.startswith("22") and not code.endswith("00")
    ]


class ContactForm(Form):
    contact_name = StringField("联系人", required("请填写联系人姓名", most=60))
    contact_phone = phone_field("联系人电话", "请填写联系人电话", description="手机，或带区号的固定电话")
    contact_email = StringField("联系人电子邮箱", [*required("请填写联系人电子邮箱", most=120), Email()])


class ServiceForm(Form):
    service_consent = BooleanField(
        "同意以电子方式送达通知和决定", description="不同意的，书面文件寄往注册地址；以后可以更改"
    )
    service_address = StringField(
        "送达用电子邮箱",
        [Optional(), Email(), *optional(most=120)],
        description="同意电子送达的填写；文书在系统内送达，以此为送达地址",
    )


def kinds_field(label: str, kinds: Iterable[Kind], message: str, **options: Any) -> RadioField:
    """One of a few kinds."""
    return RadioField(label, required(message), choices=choices_of(kinds), **options)


def uploaded(name: str, *, source: Request = request) -> Sequence[UploadEntry]:
    """The files chosen in a field, read; empty choices left out."""
    files: list[FileStorage] = source.files.getlist(name)
    return [UploadEntry(file.filename or "未命名", file.read()) for file in files if file.filename]
