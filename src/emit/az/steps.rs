//! `deploy-steps.sh`: the whole environment with plain az commands.

use super::prelude::{ALIKE, ARGUMENTS, EXTENSION, LINE, ONLY, RULES, SAME, SECRET, begin};
use super::shell::{Command, Word};
use super::{cluster, firewall, foreign, logs, network};
use crate::plan::{Identity, Plan};

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
    let usage = match &plan.identity {
        Identity::Managed { name: _ } => USAGE,
        Identity::ServicePrincipal { name: _ } => USAGE_SERVICE_PRINCIPAL,
    };
    let mut helpers = vec![ALIKE, SAME, ONLY, LINE, RULES, cluster::RETRY];
    match &plan.identity {
        Identity::Managed { name: _ } => {}
        Identity::ServicePrincipal { name: _ } => helpers.push(SECRET),
    }
    let mut script = begin(plan, PURPOSE, usage, ARGUMENTS, &helpers);
    script.section("Extension with the commands of the firewall.");
    script.syntax(EXTENSION);
    foreign::before(&mut script, plan);
    script.section("Resource group.");
    network::group(&mut script, plan);
    script.section("Network and subnets.");
    network::network(&mut script, plan);
    network::tunnel(&mut script, plan);
    script.section("Identity of the cluster's control plane.");
    cluster::identity(&mut script, plan);
    script.section("Public addresses of the firewall.");
    firewall::addresses(&mut script, plan);
    firewall::firewall(&mut script, plan);
    script.section("The default route leads to a computed address: the firewall has to have it.");
    firewall::guard(&mut script, plan);
    script.section("Logs.");
    logs::logs(&mut script, plan);
    script.section("Routes: everything from the nodes goes to the firewall.");
    network::route_table(&mut script, plan);
    script.section("What the cluster may do, on exactly these resources.");
    cluster::roles(&mut script, plan);
    logs::insights_rule(&mut script, plan);
    script.section("Cluster; the subnet's route has to be there before.");
    cluster::cluster(&mut script, plan);
    logs::insights_association(&mut script, plan, &cluster::id(plan));
    cluster::pools(&mut script, plan);
    script.section("Done.");
    script.short("say", &[Word::quote("everything is as planned")]);
    script.short("say", &[Word::quote("next: verify.sh proves what the nodes can reach")]);
    let credentials = Command::new("say").word(&Word::quote(&format!(
        "to use kubectl: az aks get-credentials --resource-group {} --name {}",
        *plan.resource_group, *plan.cluster.name
    )));
    script.run(&credentials);
    script.finish()
}
