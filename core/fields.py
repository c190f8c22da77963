"""Fields and validators that forms of several packages are made of."""

from collections.abc import Iterable
from typing import Any

from wtforms import Field, SelectMultipleField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from core.contacts import EMAIL, PHONE
from core.contacts import phone_text as without_blanks
from core.forms import SelectChoice, required
from core.labels import Labelled


def choices_of(kinds: Iterable[Labelled], *, empty: str = "") -> list[SelectChoice]:
    """The kinds as choices; `empty` words a first one that is no answer."""
    first = [SelectChoice("", empty)] if empty else []
    return [*first, *(SelectChoice(kind.value, kind.label) for kind in kinds)]


def phone_text(text: Any) -> Any:
    """What was typed as a phone number, as a field's filter: without blanks, in half width."""
    return without_blanks(text) if isinstance(text, str) else text


def phone_field(label: str, message: str, **options: Any) -> StringField:
    return StringField(label, [*required(message, most=30), Phone()], filters=[phone_text], **options)


class Phone:
    def __call__(self, form: Any, field: Field) -> None:
        if not PHONE.fullmatch(field.data or ""):
            raise ValidationError("请填写 11 位手机号，或带区号的固定电话，例如 0431-88900000")


class Email:
    def __call__(self, form: Any, field: Field) -> None:
        if not EMAIL.fullmatch(field.data or ""):
            raise ValidationError("请填写完整的电子邮箱地址，例如 name@example.com")


class Checkboxes(SelectMultipleField):
    """Several of a few choices, each with its box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """As its base; that speaks of values, in English, where a page is older than what may be chosen."""
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError("所选的有的已不在可选范围内，请核对后重新选择") from None


class Ticked:
    """A box that must be ticked; the message says what for."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Any, field: Field) -> None:
        if not field.data:
            raise ValidationError(self.message)
