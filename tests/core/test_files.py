import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core.crypto import Keyring, Undecryptable
from core.files import FileStore, PageCache

SECRET = "hash:" + "h" * 43 + ",1:" + "a" * 43
CONTENT = "李雪梅 220104199001011234".encode()


@pytest.fixture
def keyring() -> Keyring:
    return Keyring.from_secret(SECRET)


@pytest.fixture
def root(tmp_path) -> Path:
    return tmp_path / "var" / "files"


@pytest.fixture
def store(root, keyring) -> FileStore:
    return FileStore(root, keyring)


def files_in(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def run(program: str, *arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, cwd=Path(__file__).parents[2], stderr=subprocess.PIPE)


def test_what_is_put_can_be_opened_until_it_is_deleted(store):
    digest = store.put(CONTENT)
    assert store.exists(digest)
    assert store.open(digest) == CONTENT
    store.delete(digest)
    store.delete(digest)
    assert not store.exists(digest)
    with pytest.raises(FileNotFoundError):
        store.open(digest)


def test_the_same_content_is_kept_once(store, root):
    assert store.put(CONTENT) == store.put(CONTENT)
    assert store.put(b"other") != store.put(CONTENT)
    assert len(files_in(root)) == 2


def test_neither_content_nor_its_plain_hash_can_be_read_from_the_disk(store, root, keyring):
    digest = store.put(CONTENT)
    (path,) = files_in(root)
    assert b"220104" not in path.read_bytes()
    assert digest != FileStore(root, Keyring.from_secret(Keyring.generate_secret())).put(CONTENT)


def test_only_the_owner_can_read_files_and_folders(store, root):
    before = os.umask(0)
    try:
        store.put(CONTENT)
    finally:
        os.umask(before)
    (path,) = files_in(root)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (path.parent, root)} == {0o700}


@pytest.mark.parametrize(
    "digest",
    ["", "../../etc/passwd", "/etc/passwd", "a" * 63, "a" * 65, "A" * 64, "g" * 64, "a" * 64 + "\n", "../" + "a" * 61],
)
def test_a_malformed_digest_touches_no_path(store, digest):
    for use in (store.open, store.exists, store.delete):
        with pytest.raises(ValueError, match="not a digest"):
            use(digest)


def test_a_file_swapped_for_another_on_the_disk_is_noticed(store, root):
    mine, theirs = store.put(CONTENT), store.put(b"theirs")
    (root / theirs[:2] / theirs).replace(root / mine[:2] / mine)
    with pytest.raises(Undecryptable):
        store.open(mine)


def test_processes_that_put_and_read_the_same_content_at_once_never_see_half_of_it(store, root):
    program = """
import sys
from pathlib import Path
from core.crypto import Keyring
from core.files import FileStore
store = FileStore(Path(sys.argv[1]), Keyring.from_secret(sys.argv[2]))
content = bytes(2_000_000)
for _ in range(15):
    digest = store.put(content)
    try:
        assert store.open(digest) == content
    except FileNotFoundError:
        pass  # another has just deleted it
    store.delete(digest)
"""
    processes = [run(program, root, SECRET) for _ in range(3)]
    for process in processes:
        _, complaint = process.communicate(timeout=30)
        assert process.returncode == 0, complaint.decode()
    assert files_in(root) == []


def test_a_put_that_fails_leaves_nothing_behind(root):
    program = """
import resource, sys
from pathlib import Path
from core.crypto import Keyring
from core.files import FileStore
store = FileStore(Path(sys.argv[1]), Keyring.from_secret(sys.argv[2]))
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
store.put(bytes(100_000))
"""
    process = run(program, root, SECRET)
    _, complaint = process.communicate(timeout=30)
    assert b"File too large" in complaint
    assert files_in(root) == []


DIGEST = "ab" * 32


def test_a_page_is_rendered_once_for_each_width(root, keyring):
    cache = PageCache(root, keyring)
    rendered = []
    for page, width in [(1, 1240), (1, 1240), (1, 300), (2, 1240), (1, 300)]:
        picture = cache.fetch(DIGEST, page, width, lambda: rendered.append(0) or CONTENT * len(rendered))
        assert picture.startswith(CONTENT)
    assert len(rendered) == 3
    assert all(CONTENT not in path.read_bytes() for path in files_in(root))


def test_a_picture_that_cannot_be_read_is_rendered_again(root, keyring):
    cache = PageCache(root, keyring)
    cache.fetch(DIGEST, 1, 300, lambda: b"first")
    (path,) = files_in(root)
    path.write_bytes(b"garbage")
    assert cache.fetch(DIGEST, 1, 300, lambda: b"second") == b"second"
    assert cache.fetch(DIGEST, 1, 300, lambda: b"third") == b"second"


def test_the_oldest_pictures_make_room(root, keyring):
    cache = PageCache(root, keyring, max_bytes=2500)
    for page in (1, 2, 3):
        cache.fetch(DIGEST, page, 300, lambda: bytes(1000))
        (path,) = root.rglob(f"{DIGEST}.{page}.300")
        os.utime(path, (page, page))
    assert sorted(path.name.split(".")[1] for path in files_in(root)) == ["2", "3"]


def test_a_forgotten_file_leaves_no_picture(root, keyring):
    cache = PageCache(root, keyring)
    other = "ab" + "cd" * 31
    for digest, page in [(DIGEST, 1), (DIGEST, 2), (other, 1)]:
        cache.fetch(digest, page, 300, lambda: CONTENT)
    cache.forget(DIGEST)
    assert [path.name for path in files_in(root)] == [f"{other}.1.300"]


def test_a_malformed_digest_is_no_path_of_the_cache_either(root, keyring):
    with pytest.raises(ValueError, match="not a digest"):
        PageCache(root, keyring).fetch("../x", 1, 300, lambda: b"")
