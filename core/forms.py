"""Forms: shape and type of input. Rules of law live in rules; what they refuse comes back here by `refuse`."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from core.errors import Conflict, DomainError, Refusals


class Form(FlaskForm):  # type: ignore[misc]
    """The base of every form: Chinese messages, refusals of services beside their field, the status to answer with."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        locales = ("zh",)

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
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() else -1


def required(message: str, *, most: int | None = None) -> list[Any]:
    """Validators of a field that must be filled in; the message says what with."""
    return [InputRequired(message), *_length(most)]


def optional(*, most: int | None = None) -> list[Any]:
    """Validators of a field that may stay empty."""
    return [Optional(), *_length(most)]


def _length(most: int | None) -> list[Any]:
    return [] if most is None else [Length(max=most, message=f"请控制在 {most} 个字以内")]


class NotOnlyBlanks:
    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Any, field: Field) -> None:
        if not (field.data or "").strip():
            raise ValidationError(self.message)


def reason_field(label: str, message: str = "请写明理由", *, most: int = 1000, hint: str = "") -> TextAreaField:
    """A reason that must be given: kept with the decision and shown to whom it concerns."""
    return TextAreaField(label, [NotOnlyBlanks(message), *_length(most)], description=hint)
