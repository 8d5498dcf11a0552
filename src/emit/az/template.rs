//! `deploy-template.sh`: previews and deploys the ARM template.

use super::ensure::{ask, compare, grouped};
use super::prelude::{ALIKE, EXTENSION, HERE, ONLY, SAME, SECRET, begin};
use super::shell::{Command, Query, Script, Word};
use super::{cluster, firewall, foreign, network, verify};
use crate::plan::{Identity, Plan};

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

/// Every change on a line of its own; a deletion is never wanted here.
const CHANGES: &str = r#"deletions=0
for ((at = 0; at < ${#found[@]}; at++)); do
  say "  ${found[at]}"
  [[ "${found[at]}" != Delete* ]] || deletions=$((deletions + 1))
done
((deletions == 0)) || stop "the deployment would delete $deletions of these; nothing was changed"
if ((preview == 1)); then
  say 'nothing was changed'
  exit 0
fi
"#;

pub(super) fn script(plan: &Plan) -> String {
    let secret = match &plan.identity {
        Identity::Managed { name: _ } => false,
        Identity::ServicePrincipal { name: _ } => true,
    };
    let usage = if secret { USAGE_SERVICE_PRINCIPAL } else { USAGE };
    let mut helpers = vec![HERE, ALIKE, SAME, ONLY, cluster::RETRY];
    if secret {
        helpers.push(SECRET);
    }
    let mut script = begin(plan, PURPOSE, usage, ARGUMENTS, &helpers);
    script.section("Template and parameters.");
    script.syntax(
        r#"template="$here/../arm/main.json"
parameters=("@$here/../arm/main.parameters.json")"#,
    );
    if secret {
        script.section("Who the cluster is.");
        script.syntax(
            r#"parameters+=("servicePrincipalClientId=$SERVICE_PRINCIPAL_CLIENT_ID")
parameters+=("servicePrincipalObjectId=$SERVICE_PRINCIPAL_OBJECT_ID")
parameters+=('servicePrincipalSecret=@secret')"#,
        );
    }
    script.section("Extension with the commands of the firewall.");
    script.syntax(EXTENSION);
    foreign::before(&mut script, plan);
    script.section("Resource group.");
    network::group(&mut script, plan);
    route_table(&mut script, plan);
    subnets(&mut script, plan);
    script.section("What would change.");
    script.syntax("say 'previewing the deployment'");
    let preview = with_template(Command::new("ask az deployment group what-if"))
        .flag("--no-pretty-print")
        .list("--exclude-change-types", &[Word::bare("Ignore"), Word::bare("NoChange")]);
    script.run(&ask(preview, &Query::new("changes[].join(' ', [changeType, resourceId])")));
    script.syntax(CHANGES);
    script.section("Deployment.");
    script.syntax("say 'deploying'");
    script.wrapped(
        "with_new_roles",
        &super::ensure::act(with_template(Command::new("az deployment group create"))),
        "",
    );
    script.section("Proof: the next hop is the firewall, and the nodes' subnet uses it.");
    firewall::guard(&mut script, plan);
    for (subnet, table) in plan.tables() {
        let (asked, fact) = verify::attachment(plan, subnet, table);
        script.gap();
        script.run(&asked);
        compare(&mut script, &format!("subnet {}", *subnet.name), &[fact]);
    }
    script.section("Done.");
    script.syntax("say 'deployed; next: verify.sh proves what the nodes can reach'");
    script.finish()
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
    let show = grouped("az network vnet show", "--name", &Word::quote(&plan.network.name));
    script.open_with("if look", &ask(show, &Query::new("subnets[].name")), "; then");
    let what = format!("subnets of network {}", *plan.network.name);
    let mut only = Command::new("only").word(&Word::quote(&what));
    for subnet in &plan.network.subnets {
        only = only.word(&Word::quote(&subnet.name));
    }
    script.run(&only);
    script.close("fi");
}
