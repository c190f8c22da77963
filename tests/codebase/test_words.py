"""A filing is no licence and a measure no penalty (readings 1 and 16): pages and messages never call them so."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.codebase import sources

FORBIDDEN = re.compile("处罚|许可|资质|吊销|颁证|发证")
ALLOWED = re.compile("备案不是(行政)?许可|不(属于|构成|是)(行政)?许可")


def sayings(path: Path, line: int, text: str) -> Iterator[str]:
    for word in FORBIDDEN.findall(ALLOWED.sub("", text)):
        yield f"{sources.name(path)}:{line}: {word}"


def test_pages_never_call_a_filing_a_licence_or_a_measure_a_penalty() -> None:
    lines = (
        (path, number, line)
        for path in [*sources.templates(), *sources.assets()]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    )
    assert [said for line in lines for said in sayings(*line)] == []


def test_messages_never_call_a_filing_a_licence_or_a_measure_a_penalty() -> None:
    texts = ((path, line, text) for path in sources.modules() for line, text in sources.messages(path))
    assert [said for text in texts for said in sayings(*text)] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [("备案不是许可，不设有效期。", 0), ("请上传许可证。", 1), ("不构成行政许可，也不是行政处罚。", 1)],
)
def test_only_the_denial_may_be_said(text: str, words: int) -> None:
    assert len(list(sayings(sources.ROOT / "app.py", 1, text))) == words
