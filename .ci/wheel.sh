#!/usr/bin/env bash
# Builds the wheel and the source distribution, and installs the wheel where there is neither Rust nor a network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
target=${CARGO_TARGET_DIR:-$PWD/target}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

maturin build --quiet --release --locked --out "$work/dist"
maturin sdist --out "$work/dist" 2>"$work/log" || {
    cat "$work/log" >&2
    exit 1
}
python3 .ci/wheel.py "$work/dist"

python3 -m venv "$work/clean"
"$work/clean/bin/pip" install --quiet --no-index --no-deps "$work"/dist/*.whl
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
[ "$(env -i "$work/clean/bin/aks-egress" --version)" = "aks-egress $version" ]
env -i "$work/clean/bin/aks-egress" compile profiles/minimal.toml --quiet -o golden --check
"$work/clean/bin/pip" uninstall --quiet --yes aks-egress
[ ! -e "$work/clean/bin/aks-egress" ]

# What is in the source distribution is enough to build from.
tar -xzf "$work"/dist/*.tar.gz -C "$work"
CARGO_TARGET_DIR=$target cargo check --quiet --locked --offline --manifest-path "$work/aks_egress-$version/Cargo.toml"
