"""Parts that several forms about evaluations are made of."""

import unicodedata
from decimal import Decimal, InvalidOperation, Overflow
from typing import Any

from flask import request
from wtforms import Field
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

from evaluations.entries import Upload

AGREEMENT_HINT = "双方签字盖章的完整协议；最好是 .docx 或带文字的 PDF，系统随即核查其中的条款（第二十二条）。"
MOST_FEN = 10**13  # a hundred billion yuan


class MoneyField(Field):
    """An amount typed in yuan, held in fen: exact, never a float."""

    widget = TextInput()
    data: int | None

    def process_formdata(self, valuelist: list[str]) -> None:
        text = unicodedata.normalize("NFKC", valuelist[0] if valuelist else "")
        text = text.strip().removeprefix("¥").removesuffix("元").replace(",", "").strip()
        self.data = None
        if not text:
            return
        try:
            fen = Decimal(text) * 100
        except InvalidOperation:
            raise ValueError("请填写金额，例如 80000 或 80000.50，单位为元") from None
        except Overflow:
            fen = Decimal("Infinity")
        if not fen.is_finite() or abs(fen) >= MOST_FEN:
            raise ValueError("这个金额不合情理，请核对（单位为元）")
        if fen != fen.to_integral_value():
            raise ValueError("金额最多到分，例如 80000.50")
        self.data = int(fen)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{Decimal(self.data) / 100:f}"


class FileChosen:
    """A file must be chosen; the message says which."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if not getattr(field.data, "filename", ""):
            raise ValidationError(self.message)


def uploaded(name: str) -> Upload:
    """The file chosen in a field, read."""
    file = request.files[name]
    return Upload(file.read(), file.filename or "未命名")
