"""Importing a library that imports another one whose name one of our packages has too."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@contextmanager
def without_our_packages(*names: str) -> Iterator[None]:
    """Inside, these names mean what is installed; afterwards they are ours again."""
    ours = _taken(names)
    path, sys.path = sys.path, [entry for entry in sys.path if Path(entry).resolve() != ROOT]
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path = path
        _taken(names)
        sys.modules.update(ours)
        importlib.invalidate_caches()


def _taken(names: tuple[str, ...]) -> dict[str, object]:
    found = [name for name in sys.modules if name.partition(".")[0] in names]
    return {name: sys.modules.pop(name) for name in found}
