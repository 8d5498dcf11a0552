//! `deploy-steps.sh`: the whole environment with plain az commands.

use super::prelude::{
    ALIKE, ARGUMENTS, ARGUMENTS_LAYERS, CLUSTER_LAYER, EXTENSION, GUID, LINE, NETWORK_LAYER, ONLY, RULES, SAME, SECRET,
    begin,
};
use super::shell::{Command, Script, Word};
use super::{cluster, firewall, foreign, gateway, logs, network, overrides, peer, peering};
use crate::plan::{Identity, Layers, Plan};

const PURPOSE: &str = "\
Builds the whole environment with plain az commands, one step after another.

What is there already and as planned is left alone, so that the script can be run again at any time, also
after an interruption. What is there but differs stops it with the difference: decide which one is right.";

const USAGE: &str = r"usage() {
  cat <<'END'
Usage: deploy-steps.sh --subscription ID

Builds the environment of the plan. Run it again to continue after an interruption or to compare with the plan.

  --subscription ID   ID or name of the subscription (else the variable AZURE_SUBSCRIPTION_ID)
  -h, --help          this text
END
}
";

const USAGE_LAYERS: &str = r"usage() {
  cat <<'END'
Usage: deploy-steps.sh --subscription ID [--layer network | --layer cluster]

Builds the environment of the plan. Run it again to continue after an interruption or to compare with the plan.

  --subscription ID   ID or name of the subscription (else the variable AZURE_SUBSCRIPTION_ID)
  --layer network     only what the network team owns: network, firewall, routes, logs, identity and its roles
  --layer cluster     only the cluster, in a network that is there
  -h, --help          this text
END
}
";

const USAGE_SERVICE_PRINCIPAL: &str = r"usage() {
  cat <<'END'
Usage: deploy-steps.sh --subscription ID

Builds the environment of the plan. Run it again to continue after an interruption or to compare with the plan.

  --subscription ID   ID or name of the subscription (else the variable AZURE_SUBSCRIPTION_ID)
  -h, --help          this text

The variables SERVICE_PRINCIPAL_CLIENT_ID, SERVICE_PRINCIPAL_OBJECT_ID and SERVICE_PRINCIPAL_SECRET say who
the cluster is; create-service-principal.sh makes such a service principal. The secret is never printed.
END
}
";

pub(super) fn script(plan: &Plan) -> String {
    let (usage, arguments) = match (&plan.identity, plan.layers) {
        (Identity::Managed { name: _ }, Layers::Two) => (USAGE_LAYERS, ARGUMENTS_LAYERS),
        (Identity::Managed { name: _ }, Layers::One | Layers::Network) => (USAGE, ARGUMENTS),
        (Identity::ServicePrincipal { name: _ }, _) => (USAGE_SERVICE_PRINCIPAL, ARGUMENTS),
    };
    let mut helpers = vec![ALIKE, SAME, ONLY, LINE, RULES, GUID, cluster::RETRY];
    helpers.extend(match plan.layers {
        Layers::One => foreign::helper_after(plan),
        Layers::Network | Layers::Two => foreign::helper(plan),
    });
    if !plan.overrides.is_empty() {
        helpers.push(overrides::HOLDS);
    }
    match &plan.identity {
        Identity::Managed { name: _ } => {}
        Identity::ServicePrincipal { name: _ } => helpers.push(SECRET),
    }
    let mut script = begin(plan, PURPOSE, usage, arguments, &helpers);
    script.section("Extension with the commands of the firewall.");
    script.syntax(EXTENSION);
    if plan.layers != Layers::Two {
        foreign::before(&mut script, plan);
    }
    network::groups(&mut script, plan);
    match plan.layers {
        Layers::One => {
            network_layer(&mut script, plan);
            cluster_layer(&mut script, plan);
        }
        Layers::Network => network_layer(&mut script, plan),
        Layers::Two => {
            script.section("The layer of the network.");
            script.open(NETWORK_LAYER);
            // Who deploys the second layer need not be allowed to see it.
            foreign::before(&mut script, plan);
            network::group_of_layer(&mut script, plan);
            network_layer(&mut script, plan);
            script.close("fi");
            script.section("The layer of the cluster.");
            script.open(CLUSTER_LAYER);
            script.section("The identity, which the layer of the network made.");
            cluster::principal(&mut script, plan);
            if !plan.cluster.authorized_ip_ranges.is_empty() {
                script.section("Public addresses of the firewall, which nodes come from.");
                firewall::read_addresses(&mut script, plan);
            }
            cluster_layer(&mut script, plan);
            script.close("fi");
        }
    }
    script.section("Done.");
    script.short("say", &[Word::quote("everything is as planned")]);
    if plan.layers.has_cluster() {
        script.short("say", &[Word::quote("next: verify.sh proves what the nodes can reach")]);
        let credentials = Command::new("say").word(&Word::quote(&format!(
            "to use kubectl: az aks get-credentials --resource-group {} --name {}",
            *plan.resource_group, *plan.cluster.name
        )));
        script.run(&credentials);
    }
    script.finish()
}

fn network_layer(script: &mut Script, plan: &Plan) {
    match &plan.hub {
        None => {
            script.section("Network and subnets.");
            network::network(script, plan, &plan.network);
        }
        Some(hub) => {
            script.section("Network of the firewall.");
            network::network(script, plan, &hub.network);
        }
    }
    network::tunnel(script, plan);
    peer::written(script, plan);
    script.section("Identity of the cluster's control plane.");
    cluster::identity(script, plan);
    script.section("Public addresses of the firewall.");
    firewall::addresses(script, plan);
    firewall::firewall(script, plan);
    if plan.firewall.existing.is_none() {
        script.section(match plan.hub {
            None => "The default route leads to a computed address: the firewall has to have it.",
            Some(_) => "The default route leads to the address that the firewall has.",
        });
        firewall::guard(script, plan);
    }
    script.section("Logs.");
    logs::logs(script, plan);
    script.section("Routes: everything from the nodes goes to the firewall.");
    network::route_table(script, plan);
    if plan.hub.is_some() {
        script.section("Network of the cluster.");
        network::network(script, plan, &plan.network);
    }
    network::attachments(script, plan);
    peering::peerings(script, plan);
    gateway::gateway(script, plan);
    script.section("What the cluster may do, on exactly these resources.");
    cluster::roles(script, plan);
    overrides::of_network(script, plan);
}

fn cluster_layer(script: &mut Script, plan: &Plan) {
    peer::connected(script, plan);
    logs::insights_rule(script, plan);
    script.section("Cluster; the subnet's route has to be there before.");
    cluster::cluster(script, plan);
    logs::insights_association(script, plan, &cluster::id(plan));
    cluster::pools(script, plan);
    overrides::of_cluster(script, plan);
}
