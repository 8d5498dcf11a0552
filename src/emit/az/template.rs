//! `deploy-template.sh`: previews and deploys the ARM template.

use super::ensure::{Fact, Home, ask, compare, grouped};
use super::prelude::{ALIKE, CLUSTER_LAYER, EXTENSION, HERE, NETWORK_LAYER, ONLY, SAME, SECRET, begin};
use super::shell::{Command, Query, Script, Word};
use super::{cluster, firewall, foreign, logs, network, peer, verify};
use crate::emit::deployment::parameter::Parameter;
use crate::emit::deployment::target::Symbol;
use crate::plan::logs::Workspace;
use crate::plan::{Identity, Layers, Plan, SubnetRole};

const PURPOSE: &str = "\
Deploys the template arm/main.json: resource group, preview, deployment, and proof of the next hop.

It stops before the deployment when that would delete something.";

const USAGE: &str = r"usage() {
  cat <<'END'
Usage: deploy-template.sh --subscription ID [--preview]

Shows what the template would change, deploys it, and proves that the default route leads to the firewall.

  --subscription ID   ID or name of the subscription (else the variable AZURE_SUBSCRIPTION_ID)
  --preview           stop after showing what would change
  -h, --help          this text
END
}
";

const USAGE_LAYERS: &str = r"usage() {
  cat <<'END'
Usage: deploy-template.sh --subscription ID [--layer network | --layer cluster] [--preview]

Shows what the templates would change, deploys them one after the other, and proves that the default route leads
to the firewall.

  --subscription ID   ID or name of the subscription (else the variable AZURE_SUBSCRIPTION_ID)
  --layer network     only arm/network.json, which the network team owns
  --layer cluster     only arm/cluster.json, in a network that is there
  --preview           stop after showing what the first of them would change
  -h, --help          this text
END
}
";

const USAGE_SERVICE_PRINCIPAL: &str = r"usage() {
  cat <<'END'
Usage: deploy-template.sh --subscription ID [--preview]

Shows what the template would change, deploys it, and proves that the default route leads to the firewall.

  --subscription ID   ID or name of the subscription (else the variable AZURE_SUBSCRIPTION_ID)
  --preview           stop after showing what would change
  -h, --help          this text

The variables SERVICE_PRINCIPAL_CLIENT_ID, SERVICE_PRINCIPAL_OBJECT_ID and SERVICE_PRINCIPAL_SECRET say who
the cluster is; create-service-principal.sh makes such a service principal. The secret is never printed.
END
}
";

const ARGUMENTS: &str = r#"subscription="${AZURE_SUBSCRIPTION_ID:-}"
preview=0
while (($# > 0)); do
  case "$1" in
    --subscription)
      (($# > 1)) || { usage >&2 && exit 2; }
      subscription="$2"
      shift 2
      ;;
    --preview)
      preview=1
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

const ARGUMENTS_LAYERS: &str = r#"subscription="${AZURE_SUBSCRIPTION_ID:-}"
layer=both
preview=0
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
    --preview)
      preview=1
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

/// Every change on a line of its own; a deletion is never wanted here.
const CHANGES: &str = r#"deletions=0
for ((at = 0; at < ${#found[@]}; at++)); do
  say "  ${found[at]}"
  [[ "${found[at]}" != Delete* ]] || deletions=$((deletions + 1))
done
((deletions == 0)) || stop "the deployment would delete $deletions of these; nothing was deployed"
if ((preview == 1)); then
  say 'nothing was deployed'
  exit 0
fi
"#;

pub(super) fn script(plan: &Plan) -> String {
    let secret = match &plan.identity {
        Identity::Managed { name: _ } => false,
        Identity::ServicePrincipal { name: _ } => true,
    };
    let (usage, arguments) = match plan.layers {
        Layers::Two => (USAGE_LAYERS, ARGUMENTS_LAYERS),
        Layers::One | Layers::Network if secret => (USAGE_SERVICE_PRINCIPAL, ARGUMENTS),
        Layers::One | Layers::Network => (USAGE, ARGUMENTS),
    };
    let mut helpers = vec![HERE, ALIKE, SAME, ONLY, cluster::RETRY];
    helpers.extend(foreign::helper(plan));
    if secret {
        helpers.push(SECRET);
    }
    let mut script = begin(plan, PURPOSE, usage, arguments, &helpers);
    if plan.layers != Layers::Two {
        main_template(&mut script, plan, secret);
    }
    script.section("Extension with the commands of the firewall.");
    script.syntax(EXTENSION);
    if plan.layers != Layers::Two {
        foreign::before(&mut script, plan);
    }
    network::groups(&mut script, plan);
    match plan.layers {
        Layers::One | Layers::Network => with_network(&mut script, plan),
        Layers::Two => {
            script.section("The layer of the network.");
            script.open(NETWORK_LAYER);
            // Who deploys the second layer need not be allowed to see it.
            foreign::before(&mut script, plan);
            network::group_of_layer(&mut script, plan);
            script.gap();
            script.syntax(
                r#"template="$here/../arm/network.json"
parameters=("@$here/../arm/network.parameters.json")"#,
            );
            with_network(&mut script, plan);
            script.close("fi");
            script.section("The layer of the cluster; what it needs to know has names that the plan knows.");
            script.open(CLUSTER_LAYER);
            peer::connected(&mut script, plan);
            script.gap();
            cluster_template(&mut script, plan);
            preview(&mut script);
            deploy(&mut script);
            script.close("fi");
        }
    }
    script.section("Done.");
    script.syntax("say 'deployed; next: verify.sh proves what the nodes can reach'");
    script.finish()
}

fn main_template(script: &mut Script, plan: &Plan, secret: bool) {
    script.section("Template and parameters.");
    script.syntax(
        r#"template="$here/../arm/main.json"
parameters=("@$here/../arm/main.parameters.json")"#,
    );
    if secret {
        script.section("Who the cluster is.");
        if plan.layers.has_cluster() {
            script.syntax(r#"parameters+=("servicePrincipalClientId=$SERVICE_PRINCIPAL_CLIENT_ID")"#);
        }
        script.syntax(r#"parameters+=("servicePrincipalObjectId=$SERVICE_PRINCIPAL_OBJECT_ID")"#);
        if plan.layers.has_cluster() {
            script.syntax("parameters+=('servicePrincipalSecret=@secret')");
        }
    }
}

fn cluster_template(script: &mut Script, plan: &Plan) {
    script.syntax(
        r#"template="$here/../arm/cluster.json"
parameters=("@$here/../arm/cluster.parameters.json")"#,
    );
    // The ID of a subnet of somebody else's network is known, so that the template asks for none.
    if plan.network.existing.is_none() {
        let nodes = network::subnet_id(plan, plan.network.subnet(SubnetRole::Nodes));
        script.push("parameters", &Word::bare("nodeSubnetId=").and(&nodes));
        for (name, role) in [("podSubnetId=", SubnetRole::Pods), ("apiServerSubnetId=", SubnetRole::ApiServer)] {
            if let Some(subnet) = plan.network.find(role) {
                script.push("parameters", &Word::bare(name).and(&network::subnet_id(plan, subnet)));
            }
        }
    }
    match &plan.identity {
        Identity::Managed { name } => {
            script.push("parameters", &Word::bare("clusterIdentityId=").and(&cluster::identity_id(name)));
        }
        Identity::ServicePrincipal { name: _ } => {}
    }
    // Those of somebody else's firewall are known, so that the template asks for none.
    if !plan.cluster.authorized_ip_ranges.is_empty() && plan.firewall.existing.is_none() {
        firewall::read_addresses(script, plan);
        for number in 0..plan.firewall.public_ips.len() {
            let name = Parameter::Property(Symbol::PublicIp(number), "ipAddress").name();
            script
                .push("parameters", &Word::quote(&name).and(&Word::bare("=")).and(&Word::element("addresses", number)));
        }
    }
    match (&plan.logs.workspace, &plan.logs.container_insights) {
        (Workspace::Created { name: _, retention_days: _ }, Some(_)) => {
            script.push("parameters", &Word::bare("workspaceId=").and(&logs::workspace_id(plan)));
        }
        (Workspace::Created { name: _, retention_days: _ }, None) => {}
        (Workspace::Existing { id: _, region: _ }, _) => {}
    }
}

/// A template that holds the network: what it would delete is looked for first, and the next hop is proven afterwards.
fn with_network(script: &mut Script, plan: &Plan) {
    route_table(script, plan);
    if plan.network.existing.is_none() {
        subnets(script, plan);
    }
    preview(script);
    network::attached_before(script, plan);
    if plan.layers == Layers::One {
        peer::connected_before(script, plan);
    }
    deploy(script);
    script.section("Proof: the next hop is the firewall, and the nodes' subnet uses it.");
    firewall::guard(script, plan);
    if plan.hub.is_some() {
        let route = verify::default_route(plan);
        script.run(&ask(route, &Query::lines(&[Query::new("nextHopIpAddress")])));
        let fact = Fact::known("next hop", "", Word::var("next_hop"));
        compare(script, "default route", &[fact]);
    }
    for (network, subnet, table) in plan.tables() {
        let (asked, fact) = verify::attachment(plan, network, subnet, table);
        script.gap();
        script.run(&asked);
        compare(script, &format!("subnet {}", *subnet.name), &[fact]);
    }
}

fn preview(script: &mut Script) {
    script.section("What would change.");
    script.syntax("say 'previewing the deployment'");
    let preview = with_template(Command::new("ask az deployment group what-if"))
        .flag("--no-pretty-print")
        .list("--exclude-change-types", &[Word::bare("Ignore"), Word::bare("NoChange")]);
    script.run(&ask(preview, &Query::new("changes[].join(' ', [changeType, resourceId])")));
    script.syntax(CHANGES);
}

fn deploy(script: &mut Script) {
    script.section("Deployment.");
    script.syntax("say 'deploying'");
    script.wrapped(
        "with_new_roles",
        &super::ensure::act(with_template(Command::new("az deployment group create"))),
        "",
    );
}

fn with_template(command: Command) -> Command {
    command
        .option("--resource-group", &Word::var("resource_group"))
        .option("--template-file", &Word::var("template"))
        .option("--parameters", &Word::all("parameters"))
}

/// AKS keeps routes of its own in a table that it shares: writing the table again would remove them.
fn route_table(script: &mut Script, plan: &Plan) {
    if !plan.routes.shared_with_aks {
        return;
    }
    script.section("A route table that is there keeps the routes that AKS wrote into it.");
    let show = grouped("az network route-table show", "--name", &Word::quote(&plan.routes.name));
    script.open_with("if look", &ask(show, &Query::new("id")), "; then");
    script.syntax("parameters+=('routeTableExists=true')");
    script.between("else");
    script.syntax("parameters+=('routeTableExists=false')");
    script.close("fi");
}

/// The template names every subnet: one that it lacks would be deleted.
fn subnets(script: &mut Script, plan: &Plan) {
    script.section("The template writes every subnet of the network: one that it lacks would be deleted.");
    for network in plan.networks() {
        let home = Home::of_network(plan, network);
        let show = home.grouped("az network vnet show", "--name", &Word::quote(&network.name));
        script.open_with("if look", &ask(show, &Query::new("subnets[].name")), "; then");
        let what = format!("subnets of network {}", *network.name);
        let mut only = Command::new("only").word(&Word::quote(&what));
        for subnet in &network.subnets {
            only = only.word(&Word::quote(&subnet.name));
        }
        script.run(&only);
        script.close("fi");
    }
}
