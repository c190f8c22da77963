"""Names that browsers give dropped files: fit to be shown, their folders kept, nothing unseen in them."""

import re
import unicodedata

LONGEST = 200
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# what systems and programs leave lying in folders: nobody means to have these read
LEFT_LYING = re.compile(r"(^|/)(\.[^/]*|~\$[^/]*|Thumbs\.db|desktop\.ini)$", re.IGNORECASE)


def path_of(name: str) -> str:
    """合同/2026/协议.docx, as the reader sees it; the end of one that is very long."""
    shown = "".join(char for char in unicodedata.normalize("NFC", name) if unicodedata.category(char) not in UNSEEN)
    parts = [part.strip() for part in re.split(r"[/\\]", shown)]
    path = "/".join(part for part in parts if part and part not in (".", ".."))
    return (path if len(path) <= LONGEST else f"…{path[1 - LONGEST :]}") or "未命名"


def is_left_lying(name: str) -> bool:
    """Whether it is one of the files that nobody put there."""
    return LEFT_LYING.search(path_of(name)) is not None


def title_of(text: str) -> str:
    return " ".join(path_of(text).split())[:LONGEST] if text.strip() else ""
