#!/usr/bin/env bash
# Holds every example profile to the schema that a program prints, as editors and validators do.
# usage: schema.sh PROGRAM
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
program=$PWD/$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    printf 'error: %s\n' "$1" >&2
    exit 1
}

"$program" schema >"$work/profile.schema.json"
check-jsonschema --check-metaschema "$work/profile.schema.json"
find profiles -name '*.toml' ! -name '_*' -print0 |
    xargs -0 check-jsonschema --schemafile "$work/profile.schema.json"
printf 'region = 3\n' >"$work/bad.toml"
if check-jsonschema --schemafile "$work/profile.schema.json" "$work/bad.toml" >/dev/null; then
    fail "check-jsonschema takes anything"
fi

# The comment by which an editor finds the schema.
for profile in profiles/*.toml; do
    case ${profile##*/} in _*) continue ;; esac
    { printf '#:schema ./profile.schema.json\n\n' && cat "$profile"; } >"$work/${profile##*/}"
done
cd "$work"
rm bad.toml
taplo lint ./*.toml 2>"$work/taplo.log" || {
    cat "$work/taplo.log"
    fail "taplo refuses an example"
}
printf '#:schema ./profile.schema.json\n\nregion = "westeurope"\ncni = "azurre"\n' >bad.toml
if taplo lint bad.toml >taplo.log 2>&1; then
    fail "taplo does not follow the comment"
fi
grep -q 'azurre' taplo.log || {
    cat taplo.log
    fail "taplo does not point at the value"
}
