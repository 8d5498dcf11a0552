//! How it is deployed: the commands that a reader copies, and what is said beside them.

use crate::plan::{Identity, Layers, Plan};
use crate::value::Cloud;

/// What the script does beyond passing the parameter file.
pub(super) fn deploy_alone(plan: &Plan) -> &'static str {
    if has_secret(plan) {
        "It passes the secret in a private file; the parameter file has none."
    } else if plan.routes.shared_with_aks {
        "It finds out whether the route table exists, which the template has to know: AKS writes routes of its own into \
         it, and writing the table again would remove them."
    } else {
        "At the end it proves the next hop."
    }
}

pub(super) fn has_secret(plan: &Plan) -> bool {
    match &plan.identity {
        Identity::Managed { name: _ } => false,
        Identity::ServicePrincipal { name: _ } => true,
    }
}

/// What signs in to another cloud than the usual one.
fn environment(plan: &Plan) -> Vec<String> {
    match *plan.cloud {
        Cloud::Public => Vec::new(),
        Cloud::UsGov | Cloud::China => {
            vec![format!("az cloud set --name {} && az login", plan.cloud.environment())]
        }
    }
}

pub(super) fn commands(plan: &Plan) -> Vec<String> {
    let mut list = environment(plan);
    list.push("subscription=\"$(az account show --query id --output tsv)\"".to_owned());
    if has_secret(plan) {
        let once =
            "az/create-service-principal.sh --subscription \"$subscription\" --output ~/service-principal.env  # once";
        list.push(once.to_owned());
        list.push("source ~/service-principal.env".to_owned());
    }
    match plan.layers {
        Layers::One | Layers::Network => {
            list.push("az/deploy-template.sh --subscription \"$subscription\"".to_owned());
        }
        Layers::Two => {
            for layer in ["network", "cluster"] {
                list.push(format!("az/deploy-template.sh --subscription \"$subscription\" --layer {layer}"));
            }
        }
    }
    list.push("az/verify.sh --subscription \"$subscription\"".to_owned());
    if !has_secret(plan) && !plan.routes.shared_with_aks && plan.layers != Layers::Two {
        let group = shell_word(&plan.resource_group);
        list.push(String::new());
        list.push("# Or the template alone, without the look ahead:".to_owned());
        for name in plan.firewall.resource_group.iter().chain([&plan.resource_group]) {
            let (name, region) = (shell_word(name), shell_word(&plan.region));
            list.push(format!("# az group create --name {name} --location {region}"));
        }
        list.extend(attachments(plan));
        list.push(format!(
            "# az deployment group create --resource-group {group} --template-file arm/main.json --parameters @arm/main.parameters.json"
        ));
    }
    list
}

/// What no template does: route tables at subnets of somebody else. Routes come with the template.
fn attachments(plan: &Plan) -> Vec<String> {
    let mut list = Vec::new();
    let group = shell_word(&plan.resource_group);
    for (network, subnet, table) in plan.tables().filter(|(_, subnet, _)| subnet.prefix.is_none()) {
        let Some(id) = &network.existing else { continue };
        let (table, region) = (shell_word(&table.name), shell_word(&plan.region));
        let subnet = shell_word(&format!("{}/subnets/{}", id.value, *subnet.name));
        list.push(format!(
            "# az network route-table create --resource-group {group} --name {table} --location {region} \
             --disable-bgp-route-propagation true"
        ));
        list.push(format!(
            "# az network vnet subnet update --ids {subnet} --route-table \"$(az network route-table show \
             --resource-group {group} --name {table} --query id --output tsv)\""
        ));
    }
    list
}

/// A word as a shell reads it back.
fn shell_word(text: &str) -> String {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
