"""The form by which an officer drops files or a folder in."""

from collections.abc import Iterator
from typing import Any

from wtforms import MultipleFileField, StringField

from core.forms import Form, optional
from evaluations.entries import Upload
from supervision import naming, rules


class FolderForm(Form):
    title = StringField("这批文件叫什么", optional(most=80), description="例如 2026 年双随机抽查协议")
    files = MultipleFileField("选择文件", description="可以一次选多份。")
    folder = MultipleFileField(
        "或者选择一个文件夹", description="连同里面的文件夹一起放入。", render_kw={"webkitdirectory": ""}
    )

    def chosen(self) -> list[Any]:
        """The files that were sent, without what systems leave lying in folders."""
        sent = [*(self.files.data or ()), *(self.folder.data or ())]
        return [file for file in sent if getattr(file, "filename", "") and not naming.is_left_lying(file.filename)]

    def uploads(self) -> Iterator[Upload]:
        """Each read when it is its turn. Raises TooManyFiles before the first."""
        files = self.chosen()
        rules.require_not_too_many(len(files))
        for file in files:
            yield Upload(file.read(), file.filename)
            file.close()  # a large one is a file on the disk

    @property
    def called(self) -> str:
        """What the officer says, else the name of the folder."""
        given = self.title.data or ""
        first = next((naming.path_of(file.filename) for file in self.chosen()), "")
        return given or (first.partition("/")[0] if "/" in first else "")
