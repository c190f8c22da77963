"""A stack of scans: whose proof each file is."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agency.entries import UploadEntry
from core.errors import Collected, DomainError


class WhoseIsIt(DomainError):
    """The name of a file names nobody on the roster, or two people of one name."""


@dataclass(frozen=True, slots=True)
class Share:
    """One file and the rows of the persons it proves something of."""

    file: UploadEntry
    members: tuple[int, ...]


def by_name(files: Sequence[UploadEntry], people: Mapping[int, str]) -> tuple[Share, ...]:
    """Give each file to everyone whom its name names. `people`: row → name. Raises WhoseIsIt, several as Refusals."""
    shares, refusals = [], Collected()
    for file in files:
        with refusals.attempt():
            shares.append(Share(file, _named_in(file.name, people)))
    refusals.settle()
    return tuple(shares)


def _named_in(file_name: str, people: Mapping[int, str]) -> tuple[int, ...]:
    text = _plain(file_name)
    there = {row: _plain(name) for row, name in people.items() if _plain(name) in text}
    # 王伟 is not meant by a file of 王伟民
    meant = {row: name for row, name in there.items() if not any(name in other != name for other in there.values())}
    if not meant:
        raise WhoseIsIt(f"{file_name}：文件名中没有在职人员的姓名，请改名后再传，或勾选人员后上传。", field="files")
    if len(set(meant.values())) < len(meant):
        raise WhoseIsIt(f"{file_name}：人员中有同名的，请勾选人员后上传。", field="files")
    return tuple(meant)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
