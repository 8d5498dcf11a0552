//! The walk-through of 2019 that the example `walkthrough` follows had 48 defects. Each is named here, and what is
//! written instead is held against it; then the defect is put back into the text, which has to be noticed.

use serde_json::Value;

use crate::defects_checks as check;
use crate::written::Written;

/// The profiles whose files are looked at.
pub(crate) const WALK: &str = "walkthrough";
pub(crate) const KUBENET: &str = "walkthrough-kubenet";
pub(crate) const MINIMAL: &str = "minimal";
pub(crate) const PREMIUM: &str = "policy-premium";
pub(crate) const SECRET: &str = "service-principal";

/// Nothing, or what is wrong.
pub(crate) type Verdict = Result<(), String>;

/// One defect: its number, what is written instead, what sees to it, and how the defect looks when it is put back
/// (profile, path, text, text in its place).
struct Defect {
    number: u8,
    instead: &'static str,
    holds: fn(&Written) -> Verdict,
    again: (&'static str, &'static str, &'static str, &'static str),
}

const STEPS: &str = "az/deploy-steps.sh";
const ARM: &str = "arm/main.json";

#[rustfmt::skip]
const DEFECTS: &[Defect] = &[
    Defect { number: 1, instead: "the version of Kubernetes is literal or absent, and every variable is set before it is read",
        holds: check::variables_are_set, again: (WALK, STEPS, "--dns-name-prefix dzkubekube", "--kubernetes-version \"$KUBE_VERSION\"") },
    Defect { number: 2, instead: "the cluster gets its subnet and its identity",
        holds: check::cluster_has_subnet_and_identity, again: (WALK, STEPS, "      --assign-identity", "      --tags") },
    Defect { number: 3, instead: "an ID is one word on one line",
        holds: check::ids_are_whole, again: (WALK, STEPS, "/virtualNetworks/knets/subnets", "/virtualNetworks/'kn\nets'/subnets") },
    Defect { number: 4, instead: "every collection has an action and a priority",
        holds: check::collections_are_complete, again: (WALK, ARM, "\"priority\": 120,", "") },
    Defect { number: 5, instead: "the firewall is created once, and its extension is added once",
        holds: check::firewall_is_created_once, again: (WALK, STEPS, "az network firewall ip-config create", "az network firewall create") },
    Defect { number: 6, instead: "one public address per address asked for, with a name of its own",
        holds: check::one_public_address, again: (WALK, STEPS, "--name dzkubenetfw-ip", "--name dzkubenetfw") },
    Defect { number: 7, instead: "what a script reads comes without quotes",
        holds: check::answers_are_plain, again: (WALK, STEPS, "--output tsv", "--output json") },
    Defect { number: 8, instead: "the private address is asked for in the case in which Azure answers",
        holds: check::private_address_in_its_case, again: (WALK, STEPS, "privateIPAddress", "privateIpAddress") },
    Defect { number: 9, instead: "a role is given on a resource ID",
        holds: check::roles_have_a_scope, again: (WALK, STEPS, "    --name \"$uuid\" \\\n    --scope", "    --name \"$uuid\" \\\n    -g") },
    Defect { number: 10, instead: "the role is Network Contributor, on exactly the subnets",
        holds: check::roles_are_narrow, again: (WALK, ARM, "4d97b98b-1d4f-4787-a291-c67834d212e7", "b24988ac-6180-42a0-ab88-20f7382dd24c") },
    Defect { number: 11, instead: "a managed identity; where a service principal is asked for, its secret is made once",
        holds: check::identity_is_managed, again: (SECRET, "az/create-service-principal.sh", "az ad sp list", "az ad sp credential reset") },
    Defect { number: 12, instead: "nobody waits a fixed time for the directory: the kind of principal is said, creation is retried",
        holds: check::no_blind_waiting, again: (WALK, ARM, "\"principalType\": \"ServicePrincipal\",", "") },
    Defect { number: 13, instead: "ranges of network and services are written out and do not meet",
        holds: check::ranges_are_disjoint, again: (WALK, ARM, "\"serviceCidr\": \"10.2.0.0/24\"", "\"serviceCidr\": \"10.0.0.0/16\"") },
    Defect { number: 14, instead: "a diagnostic setting sends the firewall's logs to the workspace",
        holds: check::logs_arrive, again: (WALK, ARM, "\"workspaceId\": \"[resourceId", "\"storageAccountId\": \"[resourceId") },
    Defect { number: 15, instead: "the workbook is a resource with queries of its own",
        holds: check::workbook_is_made, again: (WALK, ARM, "Microsoft.Insights/workbooks", "Microsoft.Insights/links") },
    Defect { number: 16, instead: "one workspace for firewall and cluster",
        holds: check::one_workspace, again: (WALK, STEPS, "az identity create", "az monitor log-analytics workspace create") },
    Defect { number: 17, instead: "each of the firewall's addresses has a route to the internet",
        holds: check::own_addresses_are_routed, again: (WALK, ARM, "\"nextHopType\": \"Internet\"", "\"nextHopType\": \"None\"") },
    Defect { number: 18, instead: "routes are named for what they do, BGP is off, and gateway and ingress stay off the table",
        holds: check::routes_are_clear, again: (WALK, ARM, "\"disableBgpRoutePropagation\": true", "\"disableBgpRoutePropagation\": false") },
    Defect { number: 19, instead: "every resource has a name of its own",
        holds: check::names_differ, again: (WALK, ARM, "\"name\": \"dzkubenetfw-rt\"", "\"name\": \"dzkubenetfw\"") },
    Defect { number: 20, instead: "service tags are allowed by TCP 443 from the nodes",
        holds: check::service_tags_are_narrow, again: (WALK, ARM, "\"destinationPorts\": [\n                    \"443\"", "\"destinationPorts\": [\n                    \"*\"") },
    Defect { number: 21, instead: "a tag comes with those that it depends on, for the region where there is one",
        holds: check::service_tags_are_complete, again: (WALK, ARM, "\"AzureFrontDoor.FirstParty\",", "") },
    Defect { number: 22, instead: "DNS goes to the named servers only",
        holds: check::dns_is_narrow, again: (WALK, ARM, "\"168.63.129.16\"\n", "\"*\"\n") },
    Defect { number: 23, instead: "time comes from a named server, and only where it is asked for",
        holds: check::time_is_narrow, again: (WALK, ARM, "\"ntp.ubuntu.com\"", "\"*\"") },
    Defect { number: 24, instead: "the sources of outbound rules are the nodes",
        holds: check::sources_are_the_nodes, again: (WALK, ARM, "\"sourceAddresses\": [\n                    \"10.0.5.0/24\"", "\"sourceAddresses\": [\n                    \"*\"") },
    Defect { number: 25, instead: "every rule has a name of its own without blanks",
        holds: check::rules_are_told_apart, again: (WALK, ARM, "\"name\": \"sign-in\"", "\"name\": \"allow network\"") },
    Defect { number: 26, instead: "the narrow rules take the wide one's place",
        holds: check::narrow_rules_replace, again: (KUBENET, "az/narrow-api-server.sh", "collection remove", "collection list") },
    Defect { number: 27, instead: "a priority is used once among collections of one kind",
        holds: check::priorities_differ, again: (WALK, ARM, "\"priority\": 110", "\"priority\": 120") },
    Defect { number: 28, instead: "what the cluster needs today is allowed",
        holds: check::endpoints_are_complete, again: (PREMIUM, ARM, "\"packages.aks.azure.com\",", "") },
    Defect { number: 29, instead: "no host that nobody asks for any more; what is required is not among the updates",
        holds: check::hosts_are_current, again: (WALK, ARM, "\"changelogs.ubuntu.com\"", "\"motd.ubuntu.com\"") },
    Defect { number: 30, instead: "Docker Hub by exact names and HTTPS, with the hosts of its layers",
        holds: check::docker_hub_is_exact, again: (WALK, ARM, "\"registry-1.docker.io\"", "\"*registry-1.docker.io\"") },
    Defect { number: 31, instead: "a name is one word",
        holds: check::names_are_whole, again: (WALK, STEPS, " registry-1.docker.io", " 'registry-\n1.docker.io'") },
    Defect { number: 32, instead: "what the test says is allowed is allowed by a rule",
        holds: check::the_test_is_true, again: (WALK, ARM, "\"www.ubuntu.com\"", "\"ubuntu.com\"") },
    Defect { number: 33, instead: "long commands go on after a backslash, never within a word",
        holds: check::lines_are_whole, again: (WALK, STEPS, "--node-count 2", "--node-\ncount 2") },
    Defect { number: 35, instead: "with kubenet the identity may write the table, and the day of retirement is said",
        holds: check::kubenet_is_complete, again: (KUBENET, ARM, "[resourceId('Microsoft.Network/routeTables', 'dzkubenetfw-rt')]\",\n      \"properties\"", "[resourceGroup().id]\",\n      \"properties\"") },
    Defect { number: 36, instead: "a subnet is kept for a gateway; none is named that does not exist",
        holds: check::no_phantom_gateway, again: (WALK, STEPS, "resource_group=kubes_fw_knet", "resource_group=kubes_fw_knet\ngateway=dzkubepgw") },
    Defect { number: 37, instead: "the review says what passes the firewall by",
        holds: check::bypasses_are_declared, again: (WALK, "review.md", "the firewall neither sees nor logs it", "it is fast") },
    Defect { number: 38, instead: "the names that monitoring needs are allowed",
        holds: check::monitoring_is_allowed, again: (WALK, ARM, "\"*.ods.opinsights.azure.com\",", "") },
    Defect { number: 39, instead: "the API server's address is looked up by its name, from outside the cluster",
        holds: check::api_address_is_looked_up, again: (WALK, "az/narrow-api-server.sh", "az aks show", "kubectl get endpoints") },
    Defect { number: 40, instead: "images come from Microsoft's registry in a fixed version",
        holds: check::images_are_allowed, again: (WALK, "k8s/egress-probe.yaml", "mcr.microsoft.com/azure-cli:2.91.0", "centos") },
    Defect { number: 41, instead: "the sample service is a Deployment",
        holds: check::sample_is_a_deployment, again: (WALK, "k8s/inbound-nginx-internal.yaml", "\"Deployment\"", "\"Pod\"") },
    Defect { number: 42, instead: "the service is valid YAML and asks for its address by annotation",
        holds: check::service_is_valid, again: (WALK, "k8s/inbound-nginx-internal.yaml", "azure-load-balancer-ipv4: \"10.0.4.4\"", "azure-load-balancer-ipv4:\n\"10.0.4.4\"") },
    Defect { number: 43, instead: "DNAT leads to the fixed address, after the service has it",
        holds: check::dnat_waits, again: (WALK, "az/publish-service.sh", "serve nginx-internal 10.0.4.4\n", "") },
    Defect { number: 44, instead: "DNAT names who may come",
        holds: check::dnat_names_its_clients, again: (WALK, ARM, "\"203.0.113.0/24\"", "\"*\"") },
    Defect { number: 45, instead: "tier, threat intelligence and DNS proxy are said",
        holds: check::firewall_is_explicit, again: (WALK, ARM, "\"threatIntelMode\": \"Alert\",", "") },
    Defect { number: 46, instead: "a rule is made only after looking whether it is there",
        holds: check::rules_are_looked_up, again: (WALK, STEPS, "if ((kept < 2)); then", "if true; then") },
    Defect { number: 47, instead: "every command names the subscription; none is selected",
        holds: check::subscription_is_named, again: (WALK, STEPS, "    --subscription \"$subscription\" \\\n", "") },
    Defect { number: 48, instead: "the registry is allowed by name alone unless tags are asked for, which is warned about",
        holds: check::one_way_to_the_registry, again: (MINIMAL, ARM, "\"AzureKubernetesService\"", "\"MicrosoftContainerRegistry\"") },
];

/// Sentences that the saved page lost; nothing that is written could show it.
const ONLY_PROSE: u8 = 34;

#[test]
fn none_of_the_defects_is_written() {
    let written = Written::of(&[WALK, KUBENET, MINIMAL, PREMIUM, SECRET]);
    let numbers: Vec<u8> = DEFECTS.iter().map(|defect| defect.number).collect();
    assert_eq!(numbers, (1..=48).filter(|n| *n != ONLY_PROSE).collect::<Vec<_>>());
    for Defect { number, instead, holds, again: _ } in DEFECTS {
        if let Err(reason) = holds(&written) {
            panic!("D{number}: {instead}: {reason}");
        }
    }
}

#[test]
fn each_defect_would_be_noticed() {
    let written = Written::of(&[WALK, KUBENET, MINIMAL, PREMIUM, SECRET]);
    for Defect { number, instead, holds, again: (profile, path, from, to) } in DEFECTS {
        let mut worse = written.clone();
        worse.replace(profile, path, from, to);
        assert!(holds(&worse).is_err(), "D{number} is not noticed: {instead}");
    }
}

/// Says what is wrong unless it is right.
pub(crate) fn ensure(right: bool, wrong: impl Into<String>) -> Verdict {
    if right { Ok(()) } else { Err(wrong.into()) }
}

/// Rule collections of a template whose rules are classic or in a policy: kind, name, the collection's properties.
pub(crate) fn collections(written: &Written, profile: &str) -> Vec<(&'static str, Value)> {
    let mut all = Vec::new();
    for firewall in written.resources(profile, "Network/azureFirewalls") {
        for (kind, key) in [
            ("dnat", "natRuleCollections"),
            ("network", "networkRuleCollections"),
            ("application", "applicationRuleCollections"),
        ] {
            for one in firewall["properties"][key].as_array().into_iter().flatten() {
                let mut inner = one["properties"].clone();
                inner["name"] = one["name"].clone();
                all.push((kind, inner));
            }
        }
    }
    for group in written.resources(profile, "Network/firewallPolicies/ruleCollectionGroups") {
        let kind = match group["properties"]["priority"].as_u64() {
            Some(100) => "dnat",
            Some(200) => "network",
            _ => "application",
        };
        all.extend(group["properties"]["ruleCollections"].as_array().into_iter().flatten().map(|c| (kind, c.clone())));
    }
    all
}

/// Rules of a template with the kind and the name of their collection.
pub(crate) fn rules(written: &Written, profile: &str) -> Vec<(&'static str, String, Value)> {
    let all = collections(written, profile);
    all.iter()
        .flat_map(|(kind, collection)| {
            let name = collection["name"].as_str().unwrap().to_owned();
            let rules = collection["rules"].as_array().unwrap().clone();
            rules.into_iter().map(move |rule| (*kind, name.clone(), rule))
        })
        .collect()
}

/// Texts of an array.
pub(crate) fn texts(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}
