#!/usr/bin/env bash
# Uses the hooks as a user of pre-commit does: installed from a clone of this project's last commit, run by `git commit`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
project=$PWD
target=${CARGO_TARGET_DIR:-$project/target}
export CARGO_TARGET_DIR=$target
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PRE_COMMIT_HOME=$work/cache PRE_COMMIT_COLOR=never
export GIT_AUTHOR_NAME=nobody GIT_AUTHOR_EMAIL=nobody@example.com
export GIT_COMMITTER_NAME=nobody GIT_COMMITTER_EMAIL=nobody@example.com

fail() {
    printf 'error: %s\n' "$1" >&2
    cat "$work/log" >&2
    exit 1
}

# Commits everything with the hooks: `commit passes WHY` or `commit fails WHY`.
commit() {
    git add --all
    local code=0
    git commit --quiet --message "$2" >"$work/log" 2>&1 || code=$?
    case $1 in
    passes) [ "$code" = 0 ] || fail "$2: the commit was refused" ;;
    fails) [ "$code" != 0 ] || fail "$2: the commit was let through" ;;
    esac
}

says() {
    grep -qF -- "$1" "$work/log" || fail "nothing says $1"
}

good='region = "westeurope"
cni = "azure"
'
bad='region = "westeurope"
cni = "azurre"
'

git init --quiet "$work/team"
cd "$work/team"
cat >.pre-commit-config.yaml <<YAML
repos:
  - repo: $project
    rev: $(git -C "$project" rev-parse HEAD)
    hooks:
      - id: aks-egress-validate
      - id: aks-egress-check
YAML
mkdir profiles
printf '%s' "$bad" >profiles/old.toml
git add --all
git commit --quiet --no-verify --message "Start with a mistake"
pre-commit install >/dev/null
pre-commit install-hooks >"$work/log" 2>&1 || fail "the hooks cannot be installed"
program=$(find "$work/cache" -path '*/bin/aks-egress' | head -n 1)
[ -x "$program" ] || fail "the hooks brought no program"

# Only what changed is looked at: the old mistake is none of this commit.
printf '%s' "$good" >profiles/shop.toml
SKIP=aks-egress-check commit passes "a good profile beside a bad one"
git rm --quiet profiles/old.toml
rm -f profiles/old.toml
"$program" compile --quiet
commit passes "artifacts that are up to date"

printf '%s' "$bad" >profiles/bad.toml
commit fails "a bad profile"
says 'profiles/bad.toml:2:7'
says 'did you mean'
git rm --quiet --force profiles/bad.toml

# Bases, settings and what is no profile are not passed on as profiles.
printf 'cni = "azure"\n' >profiles/_base.toml
printf '[tool]\nname = "x"\n' >other.toml
commit passes "a base and a file of something else"

printf '%s[firewall]\ntier = "Premium"\n' "$good" >profiles/shop.toml
commit fails "a profile without its artifacts"
says '--- a/out/shop/arm/main.json'
"$program" compile --quiet
commit passes "a profile with its artifacts"
sed -i 's/Premium/Standard/' out/shop/arm/main.json
commit fails "an artifact that somebody edited"
says '+++ b/out/shop/arm/main.json'

printf 'the hooks were installed, and refuse what they should\n'
