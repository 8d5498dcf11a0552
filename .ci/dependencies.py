#!/usr/bin/env python3
"""Holds deny.toml against the packages that the program is built from: bans, licences, sources.

Reads what `cargo metadata --format-version 1 --locked` prints on standard input. Exit code 1 with one line per problem.
"""

import json
import re
import sys
import tomllib


def allowed(expression: str, allow: set[str]) -> bool:
    """Evaluates an SPDX expression: OR, AND, WITH, parentheses, and the old spelling of OR as a slash."""
    words = re.findall(r"\(|\)|[^\s()]+", expression.replace("/", " OR "))

    def either() -> bool:
        value = both()
        while words and words[0] == "OR":
            words.pop(0)
            value = both() or value
        return value

    def both() -> bool:
        value = one()
        while words and words[0] == "AND":
            words.pop(0)
            value = one() and value
        return value

    def one() -> bool:
        word = words.pop(0)
        if word == "(":
            value = either()
            words.pop(0)
            return value
        if words and words[0] == "WITH":
            words.pop(0)
            word += f" WITH {words.pop(0)}"
        return word in allow

    return either()


def problems(metadata: dict, rules: dict) -> list[str]:
    """One line per package that the rules refuse."""
    allow = set(rules["licenses"]["allow"])
    excepted = {e["crate"]: allow | set(e["allow"]) for e in rules["licenses"].get("exceptions", [])}
    banned = set(rules["bans"]["deny"])
    registries = {f"registry+{url}" for url in rules["sources"]["allow-registry"]}
    own = set(metadata["workspace_members"])
    found = []
    for package in metadata["packages"]:
        name = f"{package['name']} {package['version']}"
        if package["name"] in banned:
            found.append(f"{name}: banned")
        if not package["license"] or not allowed(package["license"], excepted.get(package["name"], allow)):
            found.append(f"{name}: licence {package['license']!r} is not allowed")
        if package["id"] not in own and package["source"] not in registries:
            found.append(f"{name}: comes from elsewhere")
        for dependency in package["dependencies"]:
            if package["id"] in own and dependency["req"] == "*" and not dependency.get("path"):
                found.append(f"{name}: any version of {dependency['name']} would do")
    return found


def self_test() -> None:
    """The rules must be able to refuse."""
    allow = {"MIT", "Apache-2.0 WITH LLVM-exception"}
    for good in ("MIT", "GPL-3.0 OR MIT", "Zlib/MIT", "(MIT OR X) AND MIT", "Apache-2.0 WITH LLVM-exception OR X"):
        assert allowed(good, allow), good
    for bad in ("GPL-3.0", "MIT AND GPL-3.0", "Apache-2.0", "(MIT OR X) AND X", "X OR Y"):
        assert not allowed(bad, allow), bad
    rules = {"licenses": {"allow": ["MIT"]}, "bans": {"deny": ["evil"]}, "sources": {"allow-registry": []}}
    package = {"id": "e", "name": "evil", "version": "1", "license": "X", "source": "git+x", "dependencies": []}
    assert len(problems({"packages": [package], "workspace_members": []}, rules)) == 3
    rules["licenses"]["exceptions"] = [{"crate": "evil", "allow": ["X"]}]
    assert len(problems({"packages": [package], "workspace_members": []}, rules)) == 2
    rules["licenses"]["exceptions"] = [{"crate": "other", "allow": ["X"]}]
    assert len(problems({"packages": [package], "workspace_members": []}, rules)) == 3


if __name__ == "__main__":
    self_test()
    with open("deny.toml", "rb") as file:
        refused = problems(json.load(sys.stdin), tomllib.load(file))
    print("\n".join(refused) or "every package is allowed")
    sys.exit(1 if refused else 0)
