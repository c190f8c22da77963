"""The lock files pin what pyproject.toml asks for, by hash, and name nothing but packages."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.codebase import sources

LOCKS = ("base.lock", "dev.lock", "ocr.lock")
PROJECT = tomllib.loads((sources.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
ASKED = {
    "base.lock": PROJECT["dependencies"],
    "dev.lock": PROJECT["dependencies"] + EXTRAS["pdf"] + EXTRAS["dev"],
    "ocr.lock": PROJECT["dependencies"] + EXTRAS["ocr"],
}


def read(lock: str) -> str:
    return (sources.ROOT / "requirements" / lock).read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, str]:
    found = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", read(lock), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_satisfies_what_is_asked_for(lock: str) -> None:
    pinned = pins(lock)
    for text in ASKED[lock]:
        requirement = Requirement(text)
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{text} is not in {lock}: make lock"
        assert version in requirement.specifier, f"{text} is {version} in {lock}: make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_and_no_path(lock: str) -> None:
    assert re.findall(r".*(?:://|^-|(?<![\w-])/\w).*", read(lock), re.MULTILINE) == []


@pytest.mark.parametrize("lock", ["dev.lock", "ocr.lock"])
def test_the_locks_agree(lock: str) -> None:
    wider, base, development = pins(lock), pins("base.lock"), pins("dev.lock")
    assert {name: wider.get(name) for name in base} == base
    assert {name: version for name, version in wider.items() if development.get(name, version) != version} == {}
