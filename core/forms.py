"""Forms: shape and type of input. Rules of law live in rules; what they refuse comes back here by `refuse`."""

import unicodedata
from typing import Any, TypeVar

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    DateField,
    Field,
    FileField,
    FloatField,
    HiddenField,
    IntegerField,
    PasswordField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice as SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.meta import DefaultMeta
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from core.errors import Conflict, DomainError, Refusals

T = TypeVar("T")
UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
LONGEST_VERSION = 9  # digits


def tidy(text: Any) -> Any:
    """Text without blanks at its ends and without characters that nobody means.

    Databases refuse some; others (writing direction, zero width) make a text look like another one.
    """
    if not isinstance(text, str):
        return text
    kept = (char for char in text if char in "\n\t" or unicodedata.category(char) not in UNSEEN)
    return "".join(kept).strip()


class Form(FlaskForm):  # type: ignore[misc]
    """The base of every form: Chinese messages, refusals of services beside their field, the status to answer with."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        locales = ("zh",)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was sent, as our pages send it: no JSON, and a file only where one is asked for."""
            sent = super().wrap_formdata(form, request.form if request and request.is_json else formdata)
            if sent is None:
                return None
            return MultiDict(
                (name, value)
                for name, value in sent.items(multi=True)
                if isinstance(value, str) or isinstance(form._fields.get(name), FileField)
            )

        def get_translations(self, form: Any) -> Any:
            """Those of WTForms: without Babel, which this program doesn't need, Flask-WTF has none of its own."""
            return DefaultMeta.get_translations(self, form)

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                options["filters"] = [tidy, *unbound_field.kwargs.get("filters", ())]
            return super().bind_field(form, unbound_field, options)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.status = 200

    def submitted(self) -> bool:
        """Whether this is a hand-in that has the right shape."""
        if not self.is_submitted():
            return False
        if self.validate():
            return True
        self.status = 422
        return False

    def refuse(self, refusal: DomainError) -> None:
        """Show a refusal at its field, or on top of the form; what was typed stays."""
        for single in refusal.refusals if isinstance(refusal, Refusals) else (refusal,):
            field = self._fields.get(single.field or "")
            if field is None:
                self.form_errors.append(single.message)
            else:
                field.errors = [*field.errors, single.message]
        self.status = 409 if isinstance(refusal, Conflict) else 422


class VersionedForm(Form):
    """A form on something that others may change meanwhile: it carries the version it showed."""

    version = HiddenField()

    @property
    def shown_version(self) -> int:
        """What came back with the form; -1 where nothing did: then nothing was shown, and nothing may be changed."""
        text = str((self.version.raw_data or [""])[0])
        return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_VERSION else -1


class DayField(DateField):
    """A day, in any of the ways people write one; shown as 2026-12-15."""

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        formats = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]
        super().__init__(label, validators, format=formats, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(["".join(unicodedata.normalize("NFKC", text).split()) for text in valuelist])
        except ValueError:
            raise ValueError("没有这个日期，请写作 2026-12-15 的样子") from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.isoformat() if self.data else ""


class NumberField(FloatField):
    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([unicodedata.normalize("NFKC", text).replace(",", "") for text in valuelist])
        except ValueError:
            raise ValueError("请填写数字，例如 120 或 120.5") from None
        if self.data is not None and not -1e9 < self.data < 1e9:
            self.data = None
            raise ValueError("这个数不合情理，请核对")

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:g}"


class CountField(IntegerField):
    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([unicodedata.normalize("NFKC", text).strip() for text in valuelist])
        except ValueError:
            raise ValueError("请填写整数，例如 3") from None
        if self.data is not None and not -(10**9) < self.data < 10**9:
            self.data = None
            raise ValueError("这个数不合情理，请核对")


def required(message: str, *, most: int | None = None) -> list[Any]:
    """Validators of a field that must be filled in; the message says what with."""
    return [InputRequired(message), NotOnlyBlanks(message), *_length(most)]


def optional(*, most: int | None = None) -> list[Any]:
    """Validators of a field that may stay empty."""
    return [Optional(), *_length(most)]


def _length(most: int | None) -> list[Any]:
    return [] if most is None else [Length(max=most, message=f"请控制在 {most} 个字以内")]


def given(value: T | None) -> T:
    """What a required field holds in a form that was found valid."""
    if value is None:
        raise ValueError("asked of a form that was not found valid")
    return value


class NotOnlyBlanks:
    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Any, field: Field) -> None:
        unread = field.data is None and field.raw_data  # a day or number that says itself what is wrong with it
        if not unread and not str("" if field.data is None else field.data).strip():
            raise ValidationError(self.message)


def reason_field(label: str, message: str = "请写明理由", *, most: int = 1000, hint: str = "") -> TextAreaField:
    """A reason that must be given: kept with the decision and shown to whom it concerns."""
    return TextAreaField(label, [NotOnlyBlanks(message), *_length(most)], description=hint)
