//! `verify.sh`: compares what matters with the plan and runs the probes.

use serde_json::json;

use super::ensure::{Fact, Home, ask, grouped};
use super::prelude::{ALIKE, EXTENSION, HERE, KUBECTL, begin};
use super::shell::{Command, Query, Script, Word};
use super::{firewall, foreign, logs, network, peer, peering};
use crate::plan::{Network, NextHop, Plan, Route, RouteTable, Subnet};
use crate::profile::ApiServer;

const PURPOSE: &str = "\
Proves that the environment does what the plan says: next hop, routes, diagnostics, states, and what a pod on
a node can reach. Prints a table; the exit status is 1 when a line of it says so.";

const USAGE: &str = r"usage() {
  cat <<'END'
Usage: verify.sh --subscription ID [--without-probes]

Compares the environment with the plan and tries every expectation of the profile from a pod.
The probes need kubectl and an API server that can be reached from here; with a private API server they run
through az aks command invoke instead.

  --subscription ID   ID or name of the subscription (else the variable AZURE_SUBSCRIPTION_ID)
  --without-probes    compare only
  -h, --help          this text
END
}
";

const USAGE_BEFORE: &str = r"usage() {
  cat <<'END'
Usage: verify.sh --subscription ID [--before | --without-probes]

Compares the environment with the plan and tries every expectation of the profile from a pod.
The probes need kubectl and an API server that can be reached from here.

  --subscription ID   ID or name of the subscription (else the variable AZURE_SUBSCRIPTION_ID)
  --before            only what others own, before anything is built
  --without-probes    compare only
  -h, --help          this text
END
}
";

const ARGUMENTS_BEFORE: &str = r#"subscription="${AZURE_SUBSCRIPTION_ID:-}"
before=0
probes=1
while (($# > 0)); do
  case "$1" in
    --subscription)
      (($# > 1)) || { usage >&2 && exit 2; }
      subscription="$2"
      shift 2
      ;;
    --before)
      before=1
      shift
      ;;
    --without-probes)
      probes=0
      shift
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

const ARGUMENTS: &str = r#"subscription="${AZURE_SUBSCRIPTION_ID:-}"
probes=1
while (($# > 0)); do
  case "$1" in
    --subscription)
      (($# > 1)) || { usage >&2 && exit 2; }
      subscription="$2"
      shift 2
      ;;
    --without-probes)
      probes=0
      shift
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

const TABLE: &str = r#"failures=0
unknowns=0

# Prints one line of the table and counts.
row() {
  printf '%-8s %-48s %s\n' "$1" "$2" "$3"
  case "$1" in
    fail) failures=$((failures + 1)) ;;
    unknown) unknowns=$((unknowns + 1)) ;;
  esac
}

# Compares what was found with the plan, given as pairs of property and value.
expect() {
  local what="$1" at=0
  shift
  while (($# > 0)); do
    if alike "$2" "${found[at]-}" "$1"; then
      row ok "$what: $1" "$2"
    else
      row fail "$what: $1" "planned $2, found ${found[at]-nothing}"
    fi
    at=$((at + 1))
    shift 2
  done
}
"#;

/// Runs the Job and reads its lines: result, expected verdict, target, what was seen.
const PROBES: &str = r#"kubectl delete job egress-probe --namespace default --ignore-not-found --wait=true >/dev/null
kubectl apply --filename "$here/../k8s/egress-probe.yaml" >/dev/null
state=''
for ((try = 1; try <= 200; try++)); do
  state="$(kubectl get job egress-probe --namespace default --output 'jsonpath={.status.conditions[?(@.status=="True")].type}')"
  [[ "$state" != *Complete* && "$state" != *Failed* ]] || break
  sleep 10
done
kubectl logs job/egress-probe --namespace default --tail=-1 >"$scratch/probes" || true
tried=0
while IFS=$'\t' read -r result verdict target detail; do
  case "$result" in
    ok | fail | unknown) ;;
    *) continue ;;
  esac
  tried=$((tried + 1))
  row "$result" "$verdict $target" "$detail"
done <"$scratch/probes"
((tried == expected)) || row fail 'probes' "$tried of $expected expectations were tried (${state:-no end in time})"
"#;

const END: &str = r#"if ((unknowns > 0)); then
  say "$unknowns lines could not be decided"
fi
if ((failures > 0)); then
  say "$failures lines failed"
  exit 1
fi
say 'everything is as planned'
"#;

pub(super) fn script(plan: &Plan) -> String {
    let probes = !plan.expectations.is_empty() && plan.layers.has_cluster();
    let mut helpers = vec![ALIKE, TABLE];
    helpers.extend(foreign::helper_after(plan));
    if probes {
        helpers.extend(inside(plan));
    }
    if probes {
        helpers.insert(0, HERE);
    }
    let (usage, arguments) =
        if plan.assumptions.is_empty() { (USAGE, ARGUMENTS) } else { (USAGE_BEFORE, ARGUMENTS_BEFORE) };
    let mut script = begin(plan, PURPOSE, usage, arguments, &helpers);
    script.section("Extension with the commands of the firewall.");
    script.syntax(EXTENSION);
    if !plan.assumptions.is_empty() {
        script.section("What others own has to be there, and to be what the profile says.");
        foreign::rows(&mut script, plan);
        script.gap();
        script.open("if ((before == 1)); then");
        script.syntax(END);
        script.syntax("exit 0");
        script.close("fi");
    }
    if plan.firewall.existing.is_none() {
        script.section("Firewall and next hop.");
        self::firewall(&mut script, plan);
    }
    script.section("Routes.");
    routes(&mut script, plan);
    if plan.hub.is_some() {
        script.section("Peering.");
        peering::rows(&mut script, plan);
    }
    peer::rows(&mut script, plan);
    if let Some(name) = &plan.logs.diagnostic_setting {
        script.section("Logs.");
        let what = format!("diagnostic setting {name}");
        check(&mut script, &what, logs::diagnostic_show(plan, name), &logs::diagnostic_facts(plan));
    }
    if plan.layers.has_cluster() {
        cluster(&mut script, plan);
    }
    if probes {
        script.section("What a pod on a node can reach.");
        script.open("if ((probes == 1)); then");
        credentials(&mut script, plan);
        script.assign("expected", &Word::number(plan.expectations.len() as u64));
        script.syntax(PROBES);
        script.close("fi");
    } else {
        let (title, line) = if plan.layers.has_cluster() {
            (
                "The profile has no expectations, so that there is nothing to try.",
                r#"((probes == 0)) || row unknown 'probes' 'the profile has no [[expect]]'"#,
            )
        } else {
            (
                "The cluster is somebody else's; k8s/egress-probe.yaml is for its owner.",
                r#"((probes == 0)) || row unknown 'probes' 'the cluster is made by somebody else'"#,
            )
        };
        script.section(title);
        script.syntax(line);
    }
    script.section("Outcome.");
    script.syntax(END);
    script.finish()
}

fn cluster(script: &mut Script, plan: &Plan) {
    script.section("Cluster.");
    let facts = [
        Fact::text("state", "provisioningState", "Succeeded"),
        Fact::text("power", "powerState.code", "Running"),
        Fact::text("outbound type", "networkProfile.outboundType", "userDefinedRouting"),
    ];
    let show = grouped("az aks show", "--name", &Word::quote(&plan.cluster.name));
    check(script, &format!("cluster {}", *plan.cluster.name), show, &facts);
}

/// Runs kubectl inside the cluster where its API server cannot be reached from outside.
const INSIDE: &str = r#"# kubectl, run inside the cluster: its API server has no address outside. Manifests are sent along.
kubectl() {
  local word line='kubectl' files=() answer
  for word in "$@"; do
    if [[ "$word" == /*.yaml ]]; then
      files+=(--file "$word")
      word="${word##*/}"
    fi
    line+=" $(printf '%q' "$word")"
  done
  answer="$(az aks command invoke --resource-group "$resource_group" --name "$cluster" --command "$line" ${files[@]+"${files[@]}"} --query '[to_string(exitCode), logs]' --subscription "$subscription" --output tsv)"
  if [[ "$answer" == *$'\n'* ]]; then
    printf '%s\n' "${answer#*$'\n'}"
  fi
  [[ "${answer%%$'\n'*}" == 0 ]]
}
"#;

/// What a script needs that calls kubectl.
pub(super) fn inside(plan: &Plan) -> Option<&'static str> {
    match *plan.cluster.api_server {
        ApiServer::Public | ApiServer::VnetIntegrated => None,
        ApiServer::Private => Some(INSIDE),
    }
}

/// Credentials for kubectl in a private file, where it runs here.
pub(super) fn credentials(script: &mut Script, plan: &Plan) {
    match *plan.cluster.api_server {
        ApiServer::Public | ApiServer::VnetIntegrated => {}
        ApiServer::Private => {
            script.assign("cluster", &Word::quote(&plan.cluster.name));
            return;
        }
    }
    script.syntax(KUBECTL);
    let command = grouped("az aks get-credentials", "--name", &Word::quote(&plan.cluster.name))
        .option("--file", &Word::var("KUBECONFIG"));
    script.run(&super::ensure::act(command));
}

pub(super) fn check(script: &mut Script, what: &str, show: Command, facts: &[Fact]) {
    let queries: Vec<Query> = facts.iter().map(|fact| fact.query.clone()).collect();
    check_asked(script, what, &ask(show, &Query::lines(&queries)), facts);
}

/// The same with a command that asks already.
pub(super) fn check_asked(script: &mut Script, what: &str, asked: &Command, facts: &[Fact]) {
    script.gap();
    script.open_with("if look", asked, "; then");
    let mut expect = Command::new("expect").word(&Word::quote(what));
    for Fact { name, query: _, planned } in facts {
        expect = expect.word(&Word::quote(name).gap(planned));
    }
    script.run(&expect);
    script.between("else");
    script.short("row", &[Word::bare("fail"), Word::quote(what), Word::quote("does not exist")]);
    script.close("fi");
}

fn firewall(script: &mut Script, plan: &Plan) {
    let mut facts = vec![
        Fact::text("state", "provisioningState", "Succeeded"),
        Fact::json("public addresses", "length(ipConfigurations || '')", &json!(plan.firewall.public_ips.len())),
    ];
    let show = |words| firewall::there(&plan.firewall, words, "--name", &Word::quote(&plan.firewall.name));
    if plan.hub.is_none() {
        let address = plan.firewall.private_ip.to_string();
        facts.insert(1, Fact::text("next hop", firewall::PRIVATE_ADDRESS, &address));
    }
    check(script, &format!("firewall {}", *plan.firewall.name), show("az network firewall show"), &facts);
    if plan.hub.is_some() {
        script.gap();
        script.syntax("next_hop='no address'");
        let asked = ask(show("az network firewall show"), &Query::lines(&[Query::new(firewall::PRIVATE_ADDRESS)]));
        script.open_with("if look", &asked, "; then");
        script.syntax(r#"next_hop="${found[0]}""#);
        script.close("fi");
    }
}

/// Reads the addresses as the other scripts do, except that a missing one is a line of the table.
fn addresses(script: &mut Script, plan: &Plan) {
    script.gap();
    if super::firewall::known_addresses(script, plan) {
        return;
    }
    script.syntax("addresses=()");
    for address in &plan.firewall.public_ips {
        let home = Home::of(&plan.firewall);
        let show = home.grouped("az network public-ip show", "--name", &Word::quote(&address.name));
        script.open_with("if look", &ask(show, &Query::new("ipAddress")), "; then");
        script.syntax(r#"addresses+=("${found[0]}")"#);
        script.between("else");
        let what = format!("public address {}", address.name);
        script.short("row", &[Word::bare("fail"), Word::quote(&what), Word::quote("does not exist")]);
        script.syntax("addresses+=('no address')");
        script.close("fi");
    }
}

fn routes(script: &mut Script, plan: &Plan) {
    addresses(script, plan);
    let tunnel = plan.tunnel.iter().map(|table| (Home::of(&plan.firewall), table));
    for (home, table) in std::iter::once((Home::MAIN, &plan.routes)).chain(tunnel) {
        for route in &table.routes {
            let show = route_show(home, table, route, "az network route-table route show");
            check(script, &format!("route {}", route.name), show, &route_facts(&route.hop));
        }
    }
    for (network, subnet, table) in plan.tables() {
        let show = network::in_network(plan, network, subnet, "az network vnet subnet show");
        let fact =
            Fact::known("route table", "routeTable.id", network::table_id(Home::of_network(plan, network), table));
        check(script, &format!("subnet {}", *subnet.name), show, &[fact]);
    }
}

fn route_show(home: Home, table: &RouteTable, route: &Route, words: &'static str) -> Command {
    home.grouped(words, "--route-table-name", &Word::quote(&table.name)).option("--name", &Word::quote(&route.name))
}

/// Asks for the first route of the nodes, which has to be there.
pub(super) fn default_route(plan: &Plan) -> Command {
    let asked = |route| route_show(Home::MAIN, &plan.routes, route, "ask az network route-table route show");
    plan.routes.routes.first().map_or_else(|| Command::new("ask"), asked)
}

/// What a route has to say.
pub(super) fn route_facts(hop: &NextHop) -> Vec<Fact> {
    let default = |address| {
        vec![
            Fact::text("prefix", "addressPrefix", "0.0.0.0/0"),
            Fact::text("type of the next hop", "nextHopType", "VirtualAppliance"),
            Fact::known("next hop", "nextHopIpAddress", address),
        ]
    };
    match hop {
        NextHop::Firewall { address } | NextHop::Appliance { address } => default(Word::quote(&address.to_string())),
        NextHop::Hub { expected: _ } => default(Word::var("next_hop")),
        NextHop::Internet { public_ip } => vec![
            Fact::known("prefix", "addressPrefix", Word::element("addresses", *public_ip).and(&Word::bare("/32"))),
            Fact::text("type of the next hop", "nextHopType", "Internet"),
        ],
    }
}

/// Asks whether a route table is attached to a subnet, and what the answer should be.
pub(super) fn attachment(plan: &Plan, network: &Network, subnet: &Subnet, table: &RouteTable) -> (Command, Fact) {
    let show = network::in_network(plan, network, subnet, "ask az network vnet subnet show");
    let fact = Fact::known("route table", "routeTable.id", network::table_id(Home::of_network(plan, network), table));
    (ask(show, &Query::lines(std::slice::from_ref(&fact.query))), fact)
}
