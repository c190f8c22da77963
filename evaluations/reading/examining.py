"""Uploaded agreements judged by their content before anything is kept: what the reader reads, if it is whole."""

from core.documents import DocumentKind, DocumentRefused, Examined, examine
from evaluations.reading.agreements import AgreementRefused, kind_of, read_agreement


def examine_agreement(content: bytes, *, name: str) -> Examined:
    """A whole .docx, PDF, JPEG or PNG within the limits: in a process of its own, nothing run or fetched.

    A picture or a PDF without a text layer is a document too; whether it can be read, its screening says.
    Raises DocumentRefused at `agreement`, with one sentence that says what to do.
    """
    try:
        if kind_of(content, name=name) != "docx":
            return examine(content)
        read_agreement(content, name=name)
        return Examined(DocumentKind.DOCX, 1)
    except AgreementRefused as refusal:
        raise DocumentRefused(refusal.message, field="agreement") from refusal
    except DocumentRefused as refusal:
        refusal.field = "agreement"
        raise
