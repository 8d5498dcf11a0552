#!/usr/bin/env python3
"""Looks into the wheel and the source distribution of a folder: the program, its licences and what they say of it."""

import pathlib
import sys
import tarfile
import tomllib
import zipfile
from email.parser import HeaderParser

LICENCES = ("LICENSE-APACHE", "LICENSE-MIT")


def wheel_problems(names: list[str], metadata: str, manifest: dict) -> list[str]:
    """What is missing in a wheel."""
    headers = HeaderParser().parsestr(metadata)
    wanted = {
        "Name": manifest["name"],
        "Version": manifest["version"],
        "Summary": manifest["description"],
        "License-Expression": manifest["license"],
        "Description-Content-Type": None,
        "Requires-Python": None,
    }
    found = []
    for key, value in wanted.items():
        said = headers.get(key)
        if said is None or (value is not None and said != value):
            found.append(f"{key} is {said!r}, not {value!r}")
    if headers.get("Requires-Dist"):
        found.append("the wheel needs other packages")
    scripts = [name for name in names if "/scripts/" in name]
    if [name.rsplit("/", 1)[1].removesuffix(".exe") for name in scripts] != ["aks-egress"]:
        found.append(f"the scripts are {scripts}")
    found += [f"{name} is missing" for name in LICENCES if not any(n.endswith(f"licenses/{name}") for n in names)]
    found += [f"{name} does not belong there" for name in names if ".dist-info/" not in name and name not in scripts]
    return found


def source_problems(names: list[str]) -> list[str]:
    """What is missing in a source distribution, or too much."""
    inside = {name.split("/", 1)[1] for name in names if "/" in name}
    wanted = ["Cargo.lock", "Cargo.toml", "README.md", "PKG-INFO", "pyproject.toml", "src/main.rs", *LICENCES]
    found = [f"{name} is missing" for name in wanted if name not in inside]
    return found + [f"{name} does not belong there" for name in inside if name.startswith(("golden/", "target/", ".ci/"))]


def self_test() -> None:
    """Both must be able to refuse."""
    manifest = {"name": "a", "version": "1", "description": "x", "license": "MIT"}
    assert len(wheel_problems(["a.py"], "Name: a\nRequires-Dist: b\n", manifest)) == 10
    assert len(source_problems(["a/golden/x"])) == 9


if __name__ == "__main__":
    self_test()
    folder = pathlib.Path(sys.argv[1])
    manifest = tomllib.loads(pathlib.Path("Cargo.toml").read_text())["package"]
    (wheel,) = folder.glob("*.whl")
    (source,) = folder.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        problems = wheel_problems(archive.namelist(), archive.read(metadata).decode(), manifest)
    with tarfile.open(source) as archive:
        problems += source_problems(archive.getnames())
    size = (wheel.stat().st_size + 1023) // 1024
    print("\n".join(problems) or f"{wheel.name} ({size} KiB) and {source.name} are whole")
    sys.exit(1 if problems else 0)
