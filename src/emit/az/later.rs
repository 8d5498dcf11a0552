//! The steps that come later: `narrow-api-server.sh`, `publish-service.sh` and `create-service-principal.sh`.
//!
//! They apply what the profile says and nothing else: a change that the profile does not know would be undone by the next
//! deployment. Where the profile says nothing, they print the lines to add to it.

use super::ensure::{act_in, ask, grouped};
use super::prelude::{ALIKE, ARGUMENTS, EQUAL, EXTENSION, HERE, LINE, MESSAGES, ONLY, RULES, SAME, begin};
use super::shell::{Command, Query, Script, Word};
use super::{firewall, network, rules, verify};
use crate::plan::{Firewall, Inbound, Plan, RuleCollection, RuleCollectionGroup, RuleKind};
use crate::profile::RuleModel;

const NARROW: &str = "\
Replaces the wide rule for the API server by one for its address.

The address comes from the profile; where that names none, the script prints the lines to add to it.";

const NARROW_USAGE: &str = r"usage() {
  cat <<'END'
Usage: narrow-api-server.sh --subscription ID

Brings the rules api-server and api-tunnel to what the profile says: they replace what is there.

  --subscription ID   ID or name of the subscription (else the variable AZURE_SUBSCRIPTION_ID)
  -h, --help          this text
END
}
";

/// Finds the API server's address from here; prints nothing when that is not possible.
const RESOLVE: &str = r#"# Prints the addresses of a name, sorted, as far as this machine can find them.
resolve() {
  local address
  if command -v getent >/dev/null; then
    getent ahostsv4 "$1" | while read -r address _; do
      printf '%s\n' "$address"
    done | LC_ALL=C sort -u
  elif command -v dig >/dev/null; then
    dig +short A "$1" | grep -E '^[0-9.]+$' | LC_ALL=C sort -u
  fi
}

# Prints the lines of the profile for these addresses.
advise() {
  local address list=''
  for address in "$@"; do
    list+="${list:+, }\"$address\""
  done
  printf '\napi-server-address = [%s]\n\n' "$list"
}
"#;

const RESOLVED: &str = r#"host="${found[0]}"
current=()
while IFS= read -r address; do
  current+=("$address")
done < <(resolve "$host" || true)
"#;

const ADVISE: &str = r#"((${#current[@]} > 0)) || stop "the address of $host cannot be found from here: look it up and add api-server-address to [egress]"
say 'The profile names no address of the API server. Add this to its table [egress], compile and deploy again:'
advise "${current[@]}"
say 'Nothing was changed.'
"#;

const CURRENT: &str = r#"if ((${#current[@]} == 0)); then
  say "the address of $host cannot be found from here; the profile's is taken"
elif [[ "${current[*]}" != "${planned[*]}" ]]; then
  say "The profile says ${planned[*]}, but $host is ${current[*]}. If that is right, write into its table [egress]:"
  advise "${current[@]}"
  stop 'nothing was changed'
fi
"#;

/// Packs whose collections depend on the API server's address, the narrow allow before the narrowed tunnel.
const BY_ADDRESS: [&str; 2] = ["api-server", "api-tunnel"];

/// Nothing to narrow where no rule opens a way to the API server.
fn narrow_nothing(plan: &Plan) -> String {
    let mut script = Script::new(&crate::emit::generated_from(plan), NARROW);
    for part in [NARROW_USAGE, MESSAGES, HELP] {
        script.prelude(part);
    }
    script.section("The API server is inside the network.");
    script.syntax("say 'Nodes and pods reach the API server inside the network: the firewall needs no rule for it.'");
    script.syntax("say 'Nothing was changed.'");
    script.finish()
}

pub(super) fn narrow(plan: &Plan) -> String {
    if !plan.cluster.api_server.through_firewall() {
        return narrow_nothing(plan);
    }
    let wanted = |name: &str| {
        plan.firewall.collections().find(|(_, collection)| collection.pack.is_some_and(|pack| pack.name == name))
    };
    let list: Vec<_> = BY_ADDRESS.into_iter().filter_map(wanted).collect();
    let mut script = if plan.api_server_addresses.is_empty() {
        begin(plan, NARROW, NARROW_USAGE, ARGUMENTS, &[RESOLVE])
    } else {
        begin(plan, NARROW, NARROW_USAGE, ARGUMENTS, &[RESOLVE, LINE, RULES, EQUAL])
    };
    script.section("Address of the API server, as the world sees it now.");
    let show = grouped("ask az aks show", "--name", &Word::quote(&plan.cluster.name));
    script.run(&ask(show, &Query::new("fqdn")));
    script.syntax(RESOLVED);
    if plan.api_server_addresses.is_empty() {
        script.section("The profile has to know it, or the next deployment would undo the change.");
        script.syntax(ADVISE);
        return script.finish();
    }
    let mut addresses: Vec<String> = plan.api_server_addresses.iter().map(|a| a.value.to_string()).collect();
    addresses.sort();
    script.section("What the profile says has to be still true.");
    script.array("planned", &addresses);
    script.syntax(CURRENT);
    script.section("Extension with the commands of the firewall.");
    script.syntax(EXTENSION);
    network::read_prefixes(&mut script, plan, |other| list.iter().any(|(_, one)| std::ptr::eq(*one, other)));
    for (group, collection) in list {
        script.section(&format!("{}.", capital(&rules::what(collection))));
        replace(&mut script, &plan.firewall, group, collection);
    }
    script.section("Done.");
    script.syntax("say 'the rules name the API server alone'");
    script.finish()
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Removes a collection that differs from the plan and writes it again. After an interruption in between, it is missing
/// and the next run writes it.
fn replace(script: &mut Script, firewall: &Firewall, group: &RuleCollectionGroup, collection: &RuleCollection) {
    script.run(&rules::look(firewall, group, collection));
    let equal = rules::compared("equal_rules", firewall, collection);
    script.open_with("if ((${#found[@]} > 0)) && !", &equal, "; then");
    script.short("say", &[Word::quote(&format!("replacing: {}", rules::what(collection)))]);
    let name = Word::quote(&collection.name);
    let remove = match *firewall.rules {
        RuleModel::Policy => {
            rules::of_policy(firewall, "az network firewall policy rule-collection-group collection remove")
                .option("--rule-collection-group-name", &Word::quote(&group.name))
                .option("--name", &name)
        }
        RuleModel::Classic => {
            let words = match collection.kind {
                RuleKind::Dnat => "az network firewall nat-rule collection delete",
                RuleKind::Network => "az network firewall network-rule collection delete",
                RuleKind::Application => "az network firewall application-rule collection delete",
            };
            firewall::there(firewall, words, "--firewall-name", &Word::quote(&firewall.name))
                .option("--collection-name", &name)
        }
    };
    script.run(&act_in(remove, &rules::subscription_of_policy(firewall)));
    script.close("fi");
    rules::collection(script, firewall, group, collection);
}

const PUBLISH: &str = "\
Publishes the services of the profile: an internal load balancer with a fixed address in the cluster, and a
DNAT rule from the firewall's public address to it.

Where the profile has no [[inbound]], the script prints the lines to add to it.";

const PUBLISH_USAGE: &str = r"usage() {
  cat <<'END'
Usage: publish-service.sh --subscription ID

Makes the services of the profile reachable from outside. It needs kubectl and an API server that can be
reached from here; with a private API server it works through az aks command invoke instead.

  --subscription ID   ID or name of the subscription (else the variable AZURE_SUBSCRIPTION_ID)
  -h, --help          this text
END
}
";

const WAIT: &str = r#"# Creates a service from its manifest unless it is there, and waits until it has its address.
serve() {
  local label="$1" planned="$2" address='' try
  if ! kubectl get service "$label" --namespace default >/dev/null 2>&1; then
    say "creating: service $label"
    kubectl apply --filename "$here/../k8s/inbound-$label.yaml"
  fi
  for ((try = 1; try <= 60; try++)); do
    address="$(kubectl get service "$label" --namespace default --output 'jsonpath={.status.loadBalancer.ingress[0].ip}')"
    [[ -z "$address" ]] || break
    say "waiting for the address of service $label ($try)"
    sleep 10
  done
  [[ "$address" == "$planned" ]] || stop "service $label has the address ${address:-none}, planned is $planned"
  say "unchanged: service $label has the address $planned"
}
"#;

pub(super) fn publish(plan: &Plan) -> String {
    if plan.inbound.is_empty() {
        return publish_nothing(plan);
    }
    let mut helpers = vec![HERE, ALIKE, SAME, ONLY, LINE, RULES];
    helpers.extend(verify::inside(plan));
    helpers.push(WAIT);
    let mut script = begin(plan, PUBLISH, PUBLISH_USAGE, ARGUMENTS, &helpers);
    script.section("Services and their load balancers.");
    verify::credentials(&mut script, plan);
    for service in &plan.inbound {
        script.short("serve", &[Word::quote(&service.label), Word::quote(&service.to.to_string())]);
    }
    if plan.inbound.iter().any(|service| !service.by_gateway) {
        inbound_rules(&mut script, plan);
    }
    script.section("Done.");
    for service in &plan.inbound {
        published(&mut script, plan, service);
    }
    script.finish()
}

/// What DNAT publishes.
fn inbound_rules(script: &mut Script, plan: &Plan) {
    script.section("Extension with the commands of the firewall.");
    script.syntax(EXTENSION);
    script.section("Public addresses of the firewall.");
    firewall::read_addresses(script, plan);
    network::read_prefixes(script, plan, |collection| collection.kind == RuleKind::Dnat);
    script.section("Inbound rules of the firewall.");
    for group in plan.firewall.groups.iter().filter(|group| group.kind == RuleKind::Dnat) {
        match *plan.firewall.rules {
            RuleModel::Policy => rules::group(script, &plan.firewall, group),
            RuleModel::Classic => {}
        }
        for collection in &group.collections {
            rules::collection(script, &plan.firewall, group, collection);
        }
    }
}

/// Says where a service is reached.
fn published(script: &mut Script, plan: &Plan, service: &Inbound) {
    let inside = format!("{} at {}:{}", *service.name, *service.to, *service.to_port);
    let gateway = plan.gateway.as_ref().filter(|_| service.by_gateway);
    if let Some(gateway) = gateway {
        let show = grouped("ask az network public-ip show", "--name", &Word::quote(&gateway.address.name));
        script.run(&ask(show, &Query::new("ipAddress")));
        let text = format!(" port {} ({}) leads to {inside}", *service.port, gateway.scheme());
        script.short("say", &[Word::element("found", 0).and(&Word::quote(&text))]);
        return;
    }
    let text = format!(" port {} ({}) leads to {inside}", *service.port, service.protocol.word());
    script.short("say", &[Word::element("addresses", 0).and(&Word::quote(&text))]);
}

const HELP: &str = r#"if [[ "${1:-}" == -h || "${1:-}" == --help ]]; then
  usage
  exit 0
fi
"#;

fn publish_nothing(plan: &Plan) -> String {
    let mut script = Script::new(&crate::emit::generated_from(plan), PUBLISH);
    for part in [PUBLISH_USAGE, MESSAGES, HELP] {
        script.prelude(part);
    }
    script.section("Only the profile publishes: the next deployment would undo anything else.");
    script.syntax("say 'The profile publishes nothing. Add a service to it, compile and deploy again, for example:'");
    let example = plan.example_inbound().map_or("ADDRESS".to_owned(), |address| address.to_string());
    let lines = [
        String::new(),
        "[[inbound]]".to_owned(),
        "name = \"web\"".to_owned(),
        "port = 80".to_owned(),
        format!("to   = \"{example}:80\""),
        "from = [\"203.0.113.0/24\"]".to_owned(),
        String::new(),
    ];
    for line in lines {
        script.short("say", &[Word::quote(&line)]);
    }
    script.syntax("say 'Nothing was changed.'");
    script.finish()
}

const PRINCIPAL: &str = "\
Makes the service principal of the cluster, once, and writes its secret to a private file.

A managed identity needs none of this: prefer it.";

const PRINCIPAL_USAGE: &str = r"usage() {
  cat <<'END'
Usage: create-service-principal.sh --subscription ID --output FILE

Makes a service principal without any role and writes FILE, which only you can read. Load it before deploying:
  source FILE

  --subscription ID   ID or name of the subscription (else the variable AZURE_SUBSCRIPTION_ID)
  --output FILE       where to write; it must not exist
  -h, --help          this text
END
}
";

const PRINCIPAL_ARGUMENTS: &str = r#"subscription="${AZURE_SUBSCRIPTION_ID:-}"
output=''
while (($# > 0)); do
  case "$1" in
    --subscription | --output)
      (($# > 1)) || { usage >&2 && exit 2; }
      if [[ "$1" == --output ]]; then output="$2"; else subscription="$2"; fi
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
if [[ -n "$output" && "$output" != /* ]]; then
  output="$PWD/$output"
fi
"#;

const PRINCIPAL_CHECK: &str = r#"[[ -n "$output" ]] || stop 'say where the secret goes: --output FILE'
[[ ! -e "$output" ]] || stop "$output exists already"
: >"$output"
"#;

/// Only the application and its secret stand in the file at first, should something go wrong in between.
const PRINCIPAL_WRITE: &str = r#"{
  IFS= read -r client_id
  IFS= read -r secret
} <"$output"
{
  printf 'export SERVICE_PRINCIPAL_CLIENT_ID=%q\n' "$client_id"
  printf 'export SERVICE_PRINCIPAL_SECRET=%q\n' "$secret"
} >"$output"
unset secret
"#;

const PRINCIPAL_ID: &str = r#"for ((try = 1; ; try++)); do
  if look az ad sp show --id "$client_id" --query id --output tsv; then
    break
  fi
  ((try < 30)) || stop "the service principal $client_id does not appear; its object ID is missing in $output"
  sleep 5
done
printf 'export SERVICE_PRINCIPAL_OBJECT_ID=%q\n' "${found[0]}" >>"$output"
say "wrote $output; load it before deploying: source $output"
"#;

pub(super) fn service_principal(plan: &Plan, name: &str) -> String {
    let mut script = begin(plan, PRINCIPAL, PRINCIPAL_USAGE, PRINCIPAL_ARGUMENTS, &[]);
    script.section("Running this twice would leave two secrets behind.");
    let list = Command::new("ask az ad sp list").option("--display-name", &Word::quote(name));
    let query = Query::new("[?displayName==").literal(name).then("].appId");
    script.run(&list.option("--query", &Word::query(&query)).option("--output", &Word::bare("tsv")));
    script.open("if ((${#found[@]} > 0)); then");
    let there = format!("service principal {name} exists already; delete it or renew its secret by hand: ");
    script.short("stop", &[Word::quote(&there).and(&Word::element("found", 0))]);
    script.close("fi");
    script.section("The file comes first: without it, the secret would be lost.");
    script.syntax(PRINCIPAL_CHECK);
    script.section("No role is given here: deployment gives it exactly those that it needs.");
    script.short("say", &[Word::quote(&format!("creating: service principal {name}"))]);
    let create = Command::new("az ad sp create-for-rbac")
        .option("--display-name", &Word::quote(name))
        .option("--years", &Word::bare("1"))
        .option("--query", &Word::quote("[appId, password]"))
        .option("--output", &Word::bare("tsv"));
    script.wrapped("", &create, r#" >"$output" || { rm -f "$output" && stop "nothing was written"; }"#);
    script.syntax(PRINCIPAL_WRITE);
    script.section("A new service principal takes a moment to appear everywhere.");
    script.syntax(PRINCIPAL_ID);
    script.finish()
}
