//! The fixed parts of the scripts: arguments, the subscription, and how they ask and compare.
//!
//! They keep to what bash 3.2 knows, which is what macOS has.

use super::shell::{Script, Word};
use crate::plan::Plan;

/// Messages.
pub(super) const MESSAGES: &str = r#"say() {
  printf '%s\n' "$*"
}

stop() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

"#;

/// A folder of our own.
const FOLDER: &str = r#"command -v az >/dev/null || stop 'the command az is missing'

# A private folder for what az answers; az also takes words for files, so that no foreign file may lie around.
umask 077
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
"#;

/// Reads the arguments of a script that takes none of its own.
pub(super) const ARGUMENTS: &str = r#"subscription="${AZURE_SUBSCRIPTION_ID:-}"
while (($# > 0)); do
  case "$1" in
    --subscription)
      (($# > 1)) || { usage >&2 && exit 2; }
      subscription="$2"
      shift 2
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      printf 'error: unknown argument %s\n' "$1" >&2
      usage >&2
      exit 2
      ;;
  esac
done
"#;

/// Reads the application and its secret from the environment, before any command could see it there.
pub(super) const SECRET: &str = r#"# Who the cluster is. The secret stays in a private file, which az reads itself, and in the environment of no command.
for name in SERVICE_PRINCIPAL_CLIENT_ID SERVICE_PRINCIPAL_OBJECT_ID SERVICE_PRINCIPAL_SECRET; do
  [[ -n "${!name:-}" ]] || stop "set the variable $name; create-service-principal.sh makes a service principal"
done
printf '%s' "$SERVICE_PRINCIPAL_SECRET" >"$scratch/secret"
unset SERVICE_PRINCIPAL_SECRET
"#;

/// The same for a script that builds two layers, one of which may be asked for.
pub(super) const ARGUMENTS_LAYERS: &str = r#"subscription="${AZURE_SUBSCRIPTION_ID:-}"
layer=both
while (($# > 0)); do
  case "$1" in
    --subscription)
      (($# > 1)) || { usage >&2 && exit 2; }
      subscription="$2"
      shift 2
      ;;
    --layer)
      [[ "${2-}" == network || "${2-}" == cluster ]] || { usage >&2 && exit 2; }
      layer="$2"
      shift 2
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      printf 'error: unknown argument %s\n' "$1" >&2
      usage >&2
      exit 2
      ;;
  esac
done
"#;

/// Begins what belongs to the network.
pub(super) const NETWORK_LAYER: &str = r#"if [[ "$layer" != cluster ]]; then"#;
/// Begins what belongs to the cluster.
pub(super) const CLUSTER_LAYER: &str = r#"if [[ "$layer" != network ]]; then"#;

/// The subscription is named, never taken from whatever account happens to be current.
const ACCOUNT: &str = r#"[[ -n "$subscription" ]] || stop 'name the subscription: --subscription ID or AZURE_SUBSCRIPTION_ID'
"#;

/// Where the script lies, before the working folder changes.
pub(super) const HERE: &str = r#"here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
"#;

/// Asking: the answer's lines, and whether the thing exists.
const LOOK: &str = r#"# Runs a query; `found` holds the lines of its answer. Returns 1 when az says, with status 3, that there is no such
# thing; every other failure ends the script.
look() {
  local status=0 line
  found=()
  "$@" >"$scratch/answer" 2>"$scratch/failure" || status=$?
  if ((status == 3)); then
    return 1
  elif ((status != 0)); then
    cat "$scratch/failure" >&2
    exit "$status"
  fi
  while IFS= read -r line || [[ -n "$line" ]]; do
    found+=("${line%$'\r'}")
  done <"$scratch/answer"
}

# The same for something that has to be there.
ask() {
  if ! look "$@"; then
    cat "$scratch/failure" >&2
    exit 3
  fi
}
"#;

/// Comparing values.
pub(super) const ALIKE: &str = r#"# Whether a planned value and one that was found are the same. Azure changes the case of resource IDs at will, and writes
# regions with blanks too; the third word says what the values are of.
alike() {
  local actual="$2" result=0
  [[ "$1" != "$2" ]] || return 0
  case "${3-}" in
    location | region) actual="${actual// /}" ;;
    *) [[ "$1" == /subscriptions/* ]] || return 1 ;;
  esac
  shopt -s nocasematch
  [[ "$1" == "$actual" ]] || result=1
  shopt -u nocasematch
  return "$result"
}
"#;

/// Comparing lines of rules.
pub(super) const LINE: &str = r#"# Whether two lines of rules are the same; Azure changes the case of resource IDs at will.
same_line() {
  local result=0
  [[ "$1" != "$2" ]] || return 0
  [[ "$1" == *'"/subscriptions/'* ]] || return 1
  shopt -s nocasematch
  [[ "$1" == "$2" ]] || result=1
  shopt -u nocasematch
  return "$result"
}
"#;

/// Whether a collection is as planned.
pub(super) const EQUAL: &str = r#"# Whether the rules of a collection are those of the plan; the first argument is what it is called.
equal_rules() {
  local at=0
  shift
  (($# == ${#found[@]})) || return 1
  while (($# > 0)); do
    same_line "$1" "${found[at]}" || return 1
    at=$((at + 1))
    shift
  done
}
"#;

/// kubectl, with credentials in a private file.
pub(super) const KUBECTL: &str = r#"command -v kubectl >/dev/null || stop 'the command kubectl is missing'
export KUBECONFIG="$scratch/kubeconfig""#;

/// Comparing: a resource, property by property.
pub(super) const SAME: &str = r#"# Compares what was found with the plan, given as pairs of property and value. A difference ends the script.
same() {
  local what="$1" at=0 differences=''
  shift
  while (($# > 0)); do
    if ! alike "$2" "${found[at]-}" "$1"; then
      differences+=$'\n'"  $1: planned $2, found ${found[at]-nothing}"
    fi
    at=$((at + 1))
    shift 2
  done
  [[ -z "$differences" ]] || stop "$what differs from the plan:$differences"
  say "unchanged: $what"
}
"#;

/// Names of role assignments.
pub(super) const GUID: &str = r#"# Sets `uuid` to what the function guid() of templates makes of these words: both ways give a role assignment the same
# name, without which the second would be refused. It is a UUID of version 5 in Azure's name space.
guid() {
  local text="$1" word hash
  shift
  for word in "$@"; do
    text+="-$word"
  done
  hash="$(printf '\x11\xfb\x06\xfb\x71\x2d\x4d\xdd\x98\xc7\xe7\x1b\xbd\x58\x88\x30%s' "$text" | sha1)"
  uuid="${hash:0:8}-${hash:8:4}-5${hash:13:3}-$(printf '%x' $((0x${hash:16:1} & 3 | 8)))${hash:17:3}-${hash:20:12}"
}

sha1() {
  if command -v sha1sum >/dev/null; then
    sha1sum
  elif command -v shasum >/dev/null; then
    shasum
  else
    openssl dgst -sha1 -r
  fi
}
"#;

/// Comparing: the rules of a collection, in order.
pub(super) const RULES: &str = r#"# Compares the rules of a collection with the plan: first its priority and action, then its rules in order. `kept` is
# how many lines are there already; rules may be missing at the end, but nothing may differ. A difference ends the script.
same_rules() {
  local what="$1" planned
  shift
  kept=0
  for planned in "$@"; do
    ((kept < ${#found[@]})) || break
    same_line "$planned" "${found[kept]}" ||
      stop "$what differs from the plan:"$'\n'"  planned $planned"$'\n'"  found   ${found[kept]}"
    kept=$((kept + 1))
  done
  ((${#found[@]} <= $#)) || stop "$what has a rule that the plan lacks:"$'\n'"  found   ${found[$#]}"
  ((kept < $#)) || say "unchanged: $what"
}
"#;

/// The extension that brings the firewall's commands.
pub(super) const EXTENSION: &str = r#"ask az extension list --query "[?name=='azure-firewall'].version" --output tsv
if ((${#found[@]} == 0)); then
  say 'adding the extension azure-firewall'
  az extension add --name azure-firewall --yes --output none
fi
"#;

/// Resolves the subscription and proves that az is signed in.
const SUBSCRIPTION: &str = r#"# The subscription is resolved once; this also proves that az is signed in.
ask az account show --subscription "$subscription" --query '[id, name, environmentName]' --output tsv
subscription="${found[0]}"
[[ "${found[2]}" == "$environment" ]] ||
  stop "this is for $environment, and az is signed in to ${found[2]}: az cloud set --name $environment, then az login"
say "subscription: ${found[1]} ($subscription)"
"#;

/// Opens a script: head, usage, arguments, helpers, and the names that every command needs.
pub(super) fn begin(
    plan: &Plan,
    purpose: &'static str,
    usage: &'static str,
    arguments: &'static str,
    helpers: &[&'static str],
) -> Script {
    let mut script = Script::new(&crate::emit::generated_from(plan), purpose);
    script.prelude(usage);
    script.prelude(arguments);
    script.prelude(MESSAGES);
    // Where the script lies is known before the working folder changes, and a secret is read before anything runs.
    let early = [HERE, SECRET];
    for (part, before) in [(FOLDER, HERE), (ACCOUNT, SECRET)] {
        for helper in helpers.iter().filter(|helper| **helper == before) {
            script.prelude(helper);
        }
        script.prelude(part);
    }
    script.prelude(LOOK);
    for helper in helpers.iter().filter(|helper| !early.contains(helper)) {
        script.prelude(helper);
    }
    script.prelude("");
    script.constant("resource_group", &Word::quote(&plan.resource_group));
    script.constant("location", &Word::quote(&plan.region));
    script.constant("environment", &Word::bare(plan.cloud.environment()));
    script.prelude(SUBSCRIPTION);
    let group = Word::bare("/subscriptions/").and(&Word::var("subscription")).and(&Word::bare("/resourceGroups/"));
    script.constant("group_id", &group.clone().and(&Word::var("resource_group")));
    if let Some(hub) = &plan.firewall.resource_group {
        script.constant("hub_group", &Word::quote(hub));
        script.constant("hub_group_id", &group.and(&Word::var("hub_group")));
    }
    script
}

/// Comparing: nothing may be there that the plan lacks.
pub(super) const ONLY: &str = r#"# Stops when something was found that the plan lacks.
only() {
  local what="$1" at name planned known
  shift
  for ((at = 0; at < ${#found[@]}; at++)); do
    name="${found[at]}"
    known=0
    for planned in "$@"; do
      [[ "$name" != "$planned" ]] || known=1
    done
    ((known == 1)) || stop "$what: $name is there, but the plan has none such"
  done
}
"#;
