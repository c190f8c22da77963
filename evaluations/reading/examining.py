"""Uploaded agreements judged by their content before anything is kept: what the reader reads, if it is whole."""

from core.documents import DocumentKind, DocumentRefused, Examined, examine
from core.errors import Conflict
from evaluations.reading.agreements import AgreementRefused, kind_of, read_agreement


class TooManyAtOnce(Conflict):
    """Others are being read, and a request can't wait for them any longer."""


def _wait_no_longer(done: int, of: int) -> None:
    """Told of 0 pages of 0 after some time of waiting for a place: whoever waits in a request gives it up."""
    if not of:
        raise TooManyAtOnce("同时上传协议的人较多，系统正忙，请过一会儿再上传。", field="agreement")


def examine_agreement(content: bytes, *, name: str) -> Examined:
    """A whole .docx, PDF, JPEG or PNG within the limits: in a process of its own, nothing run or fetched.

    A picture or a PDF without a text layer is a document too; whether it can be read, its screening says.
    Raises DocumentRefused at `agreement`, with one sentence that says what to do, and TooManyAtOnce.
    """
    try:
        if kind_of(content, name=name) != "docx":
            return examine(content)
        read_agreement(content, name=name, tell=_wait_no_longer)
        return Examined(DocumentKind.DOCX, 1)
    except AgreementRefused as refusal:
        raise DocumentRefused(refusal.message, field="agreement") from refusal
    except DocumentRefused as refusal:
        refusal.field = "agreement"
        raise
