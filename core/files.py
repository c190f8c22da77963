"""Uploaded files on local disk, and the pictures of their pages: encrypted, since they hold personal data."""

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from core.crypto import Keyring, Undecryptable

DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class FileStore:
    """Content-addressed: the same content is kept once, and its name tells nothing without the key."""

    def __init__(self, root: Path, keyring: Keyring) -> None:
        self._root = root
        self._keyring = keyring

    def put(self, content: bytes) -> str:
        """Keep the content and return its digest, 64 hex digits. On return it is on the disk."""
        digest = self._keyring.mac(content, purpose="files").hex()
        path = self._path(digest)
        if not path.exists():
            _write(path, self._keyring.encrypt(content, purpose="files", bound_to=digest.encode()))
        return digest

    def open(self, digest: str) -> bytes:
        """The content. Raises FileNotFoundError, and Undecryptable where the disk holds something else."""
        token = self._path(digest).read_bytes()
        return self._keyring.decrypt(token, purpose="files", bound_to=digest.encode())

    def exists(self, digest: str) -> bool:
        return self._path(digest).exists()

    def delete(self, digest: str) -> None:
        """Remove the content; nothing happens when it is gone already."""
        self._path(digest).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        return _shard(self._root, digest) / digest


class PageCache:
    """Pictures of pages already rendered. May be emptied at any time: whatever is missing is rendered again."""

    def __init__(self, root: Path, keyring: Keyring, *, max_bytes: int = 500 * 1024 * 1024) -> None:
        self._root = root
        self._keyring = keyring
        self._max_bytes = max_bytes

    def fetch(self, digest: str, page: int, width: int, render: Callable[[], bytes]) -> bytes:
        """The picture of a page of the file with this digest, made by `render` when it isn't there."""
        name = f"{digest}.{page}.{width}"
        path = _shard(self._root, digest) / name
        # an unreadable picture (altered, or under a key since retired) is a missing one
        with suppress(FileNotFoundError, Undecryptable):
            return self._keyring.decrypt(path.read_bytes(), purpose="files", bound_to=name.encode())
        picture = render()
        _write(path, self._keyring.encrypt(picture, purpose="files", bound_to=name.encode()))
        self._make_room()
        return picture

    def forget(self, digest: str) -> None:
        """Remove all pictures of a file: deleting a file must not leave them behind."""
        for path in _shard(self._root, digest).glob(f"{digest}.*"):
            path.unlink(missing_ok=True)

    def _make_room(self) -> None:
        entries = sorted(self._entries(), reverse=True)
        kept = 0
        for _, size, path in entries:
            kept += size
            if kept > self._max_bytes:
                path.unlink(missing_ok=True)

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        for path in self._root.glob("*/*"):
            with suppress(FileNotFoundError):  # another process makes room too
                status = path.stat()
                yield status.st_mtime, status.st_size, path


def _shard(root: Path, digest: str) -> Path:
    """The folder for a digest; nothing but a digest may become part of a path."""
    if not DIGEST.fullmatch(digest):
        raise ValueError("not a digest")
    return root / digest[:2]


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, whoever else writes the same: a temporary file, flushed, then renamed."""
    path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=".incoming-", dir=path.parent)  # readable by the owner only
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the rename itself must survive a power cut
    finally:
        os.close(folder)
