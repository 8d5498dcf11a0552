//! What `defects` holds the written files against, one function per defect.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::defects::{KUBENET, MINIMAL, PREMIUM, SECRET, Verdict, WALK, collections, ensure, rules, texts};
use crate::shared::{compile_file, root};
use crate::written::{Written, option};

/// Network Contributor.
const NETWORK_CONTRIBUTOR: &str = "4d97b98b-1d4f-4787-a291-c67834d212e7";

const ALL: [&str; 5] = [WALK, KUBENET, MINIMAL, PREMIUM, SECRET];

/// The only command of `deploy-steps.sh` that starts like this.
fn only_step(written: &Written, profile: &str, start: &str) -> Result<Vec<String>, String> {
    match <[_; 1]>::try_from(written.az(profile, "deploy-steps", start)) {
        Ok([one]) => Ok(one),
        Err(list) => Err(format!("{} commands az {start}", list.len())),
    }
}

/// Names that a line of a script reads: what follows `$` or `${`.
fn read_in(line: &str) -> impl Iterator<Item = &str> {
    let name = |rest: &str| rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let starts = |text: &&str| text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    line.split('$')
        .skip(1)
        .map(|rest| rest.strip_prefix('{').unwrap_or(rest))
        .filter(starts)
        .map(move |r| &r[..name(r)])
}

/// Names that a line of a script sets: assigned, declared, read, or counted by a loop.
fn set_in(line: &str) -> impl Iterator<Item = &str> {
    let words = line.split(|c: char| c.is_whitespace() || matches!(c, '(' | ';' | '"'));
    let declares = line.contains("local ") || line.contains("read ") || line.contains("for ");
    words.filter_map(move |word| match word.split_once('=') {
        Some((name, _)) => Some(name.trim_end_matches('+')),
        None => declares.then_some(word),
    })
}

pub(crate) fn variables_are_set(written: &Written) -> Verdict {
    // What the shell gives, and what the scripts ask the environment for before they read it.
    let given = [
        "BASH_SOURCE",
        "PWD",
        "SERVICE_PRINCIPAL_CLIENT_ID",
        "SERVICE_PRINCIPAL_OBJECT_ID",
        "SERVICE_PRINCIPAL_SECRET",
    ];
    for (profile, path, text) in written.below("az/") {
        let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
        let set: BTreeSet<&str> = code.iter().flat_map(|line| set_in(line)).chain(given).collect();
        for name in code.iter().flat_map(|line| read_in(line)) {
            let known = set.contains(name) || text.contains(&format!("${{{name}:-"));
            ensure(known, format!("{profile}/{path} reads {name}"))?;
        }
    }
    let version = only_step(written, PREMIUM, "aks create").map(|words| option(&words, "--kubernetes-version"))?;
    ensure(version == Some(vec!["1.33".to_owned()]), format!("{version:?}"))
}

pub(crate) fn cluster_has_subnet_and_identity(written: &Written) -> Verdict {
    let words = only_step(written, WALK, "aks create")?;
    for (name, end) in [
        ("--vnet-subnet-id", "/virtualNetworks/knets/subnets/aks-5-subnet"),
        ("--assign-identity", "/userAssignedIdentities/walkthrough-identity"),
    ] {
        let value = option(&words, name).unwrap_or_default().concat();
        ensure(value.starts_with("$group_id/providers/") && value.ends_with(end), format!("{name} {value}"))?;
    }
    let cluster = written.only(WALK, "ContainerService/managedClusters")?;
    ensure(cluster["identity"]["type"] == "UserAssigned", "identity of the template")
}

pub(crate) fn ids_are_whole(written: &Written) -> Verdict {
    for (profile, path, text) in written.below("az/") {
        for word in crate::written::commands(text).into_iter().flatten().filter(|word| word.contains("/providers/")) {
            // The workbook is JSON that carries an ID; nothing else has blanks.
            let whole = !word.contains(char::is_whitespace) || word.starts_with('{');
            ensure(whole, format!("{profile}/{path}: {word}"))?;
        }
    }
    Ok(())
}

pub(crate) fn collections_are_complete(written: &Written) -> Verdict {
    for profile in ALL {
        for (_, collection) in collections(written, profile) {
            let priority = collection["priority"].as_u64().unwrap_or(0);
            let action = collection["action"]["type"].as_str().unwrap_or("");
            let right = (100..=65_000).contains(&priority) && ["Allow", "Deny", "Dnat", "DNAT"].contains(&action);
            ensure(right, format!("{profile}: {}", collection["name"]))?;
        }
    }
    Ok(())
}

pub(crate) fn firewall_is_created_once(written: &Written) -> Verdict {
    for profile in ALL {
        only_step(written, profile, "network firewall create")?;
        only_step(written, profile, "extension add")?;
        written.only(profile, "Network/azureFirewalls")?;
    }
    Ok(())
}

pub(crate) fn one_public_address(written: &Written) -> Verdict {
    let address = option(&only_step(written, WALK, "network public-ip create")?, "--name");
    let firewall = option(&only_step(written, WALK, "network firewall create")?, "--name");
    ensure(address != firewall, "address and firewall have one name")?;
    for profile in ALL {
        let wanted = written.resources(profile, "Network/publicIPAddresses").len();
        let made = written.az(profile, "deploy-steps", "network public-ip create");
        let names: BTreeSet<_> = made.iter().map(|words| option(words, "--name")).collect();
        ensure(made.len() == wanted && names.len() == wanted, format!("{profile}: {names:?}"))?;
        let configs = configurations(written, profile)?;
        let made = written.az(profile, "deploy-steps", "network firewall ip-config create");
        let names: BTreeSet<_> = made.iter().map(|words| option(words, "--name")).collect();
        ensure(made.len() == configs && names.len() == configs, format!("{profile}: {names:?}"))?;
    }
    ensure(configurations(written, WALK)? == 1, "more than one")
}

/// How many addresses the firewall answers and sends from.
fn configurations(written: &Written, profile: &str) -> Result<usize, String> {
    let firewall = written.only(profile, "Network/azureFirewalls")?;
    Ok(firewall["properties"]["ipConfigurations"].as_array().map_or(0, Vec::len))
}

pub(crate) fn answers_are_plain(written: &Written) -> Verdict {
    for (profile, path, text) in written.below("az/") {
        for words in crate::written::commands(text) {
            let output = option(&words, "--output").unwrap_or_default().concat();
            let wanted = if words.iter().any(|word| word == "--query") { "tsv" } else { "none" };
            let silent = words[0] == "aks" && words[1] == "get-credentials";
            ensure(output == wanted || silent, format!("{profile}/{path}: az {}", words.join(" ")))?;
        }
    }
    Ok(())
}

pub(crate) fn private_address_in_its_case(written: &Written) -> Verdict {
    for folder in ["az/", "arm/", "bicep/"] {
        for (profile, path, text) in written.below(folder) {
            ensure(!text.contains("privateIpAddress"), format!("{profile}/{path}"))?;
        }
    }
    let asked = written.text(WALK, "az/deploy-steps.sh").contains("ipConfigurations[].privateIPAddress");
    ensure(asked && written.text(WALK, "arm/main.json").contains("privateIPAddress"), "nobody asks for it")
}

pub(crate) fn roles_have_a_scope(written: &Written) -> Verdict {
    for profile in ALL {
        let list = written.az(profile, "deploy-steps", "role assignment create");
        ensure(list.len() >= 2, format!("{profile}: {} roles", list.len()))?;
        for words in list {
            let scope = option(&words, "--scope").unwrap_or_default().concat();
            let wide = words.iter().any(|word| word == "-g" || word == "--resource-group");
            ensure(scope.starts_with("$group_id/providers/") && !wide, words.join(" "))?;
        }
    }
    Ok(())
}

pub(crate) fn roles_are_narrow(written: &Written) -> Verdict {
    for profile in ALL {
        for role in written.resources(profile, "Authorization/roleAssignments") {
            let (scope, definition) =
                (role["scope"].as_str().unwrap_or(""), role["properties"]["roleDefinitionId"].to_string());
            let place =
                scope.contains("virtualNetworks/subnets'") || profile == KUBENET && scope.contains("/routeTables'");
            ensure(place && definition.contains(NETWORK_CONTRIBUTOR), format!("{profile}: {scope} {definition}"))?;
        }
        for words in written.az(profile, "deploy-steps", "role assignment create") {
            ensure(option(&words, "--role") == Some(vec![NETWORK_CONTRIBUTOR.to_owned()]), words.join(" "))?;
        }
    }
    Ok(())
}

pub(crate) fn identity_is_managed(written: &Written) -> Verdict {
    for (profile, path, text) in written.below("az/") {
        for word in ["--skip-assignment", "credential reset", "jq "] {
            ensure(!text.contains(word), format!("{profile}/{path}: {word}"))?;
        }
        ensure(profile == SECRET || !text.contains("az ad "), format!("{profile}/{path}: a service principal"))?;
    }
    let script = written.text(SECRET, "az/create-service-principal.sh");
    let (look, make) = (script.find("az ad sp list"), script.find("az ad sp create-for-rbac"));
    ensure(look.is_some() && look < make && script.matches("create-for-rbac").count() == 1, "made without looking")
}

pub(crate) fn no_blind_waiting(written: &Written) -> Verdict {
    for profile in ALL {
        for role in written.resources(profile, "Authorization/roleAssignments") {
            ensure(role["properties"]["principalType"] == "ServicePrincipal", format!("{profile}: {}", role["scope"]))?;
        }
        for words in written.az(profile, "deploy-steps", "role assignment create") {
            let kind = option(&words, "--assignee-principal-type");
            ensure(kind == Some(vec!["ServicePrincipal".to_owned()]), words.join(" "))?;
        }
        let steps = written.text(profile, "az/deploy-steps.sh");
        ensure(
            steps.contains("with_new_roles \\\n    az aks create"),
            format!("{profile}: the cluster is not retried"),
        )?;
    }
    for (profile, path, text) in written.below("az/") {
        let (mut depth, mut outside) = (0, 0);
        for line in text.lines().map(str::trim) {
            depth += i32::from(line.starts_with("for ") || line.starts_with("while "));
            depth -= i32::from(line == "done" || line.starts_with("done "));
            outside += i32::from(line.starts_with("sleep ") && depth == 0);
        }
        ensure(outside == 0, format!("{profile}/{path} sleeps outside a loop"))?;
    }
    Ok(())
}

pub(crate) fn ranges_are_disjoint(written: &Written) -> Verdict {
    let parse =
        |text: &Value| aks_egress::value::Cidr::parse(text.as_str().unwrap_or("")).map_err(|e| format!("{e:?}"));
    for profile in ALL {
        let network = written.only(profile, "Network/virtualNetworks")?;
        let cluster = written.only(profile, "ContainerService/managedClusters")?;
        let inner = &cluster["properties"]["networkProfile"];
        let services = parse(&inner["serviceCidr"])?;
        let dns: std::net::Ipv4Addr =
            inner["dnsServiceIP"].as_str().unwrap_or("").parse().map_err(|_| "no DNS address")?;
        ensure(services.has(dns) && dns != services.base(), format!("{profile}: {dns}"))?;
        let mut ranges = vec![services];
        if inner.get("podCidr").is_some() {
            ranges.push(parse(&inner["podCidr"])?);
        }
        for space in network["properties"]["addressSpace"]["addressPrefixes"].as_array().unwrap() {
            ranges.push(parse(space)?);
        }
        for (n, one) in ranges.iter().enumerate() {
            for other in &ranges[n + 1..] {
                ensure(!one.overlaps(*other), format!("{profile}: {one} and {other}"))?;
            }
        }
        let words = only_step(written, profile, "aks create")?;
        ensure(option(&words, "--service-cidr") == Some(vec![services.to_string()]), format!("{profile}: az"))?;
    }
    Ok(())
}

pub(crate) fn logs_arrive(written: &Written) -> Verdict {
    for profile in ALL {
        let setting = written.only(profile, "Insights/diagnosticSettings")?;
        let inner = &setting["properties"];
        let right = setting["scope"].to_string().contains("/azureFirewalls'")
            && inner["workspaceId"].to_string().contains("/workspaces'")
            && inner["logAnalyticsDestinationType"] == "Dedicated"
            && inner["logs"].to_string().contains("AZFWApplicationRule");
        ensure(right, format!("{profile}: {setting}"))?;
        only_step(written, profile, "monitor diagnostic-settings create")?;
    }
    Ok(())
}

pub(crate) fn workbook_is_made(written: &Written) -> Verdict {
    let workbook = written.only(WALK, "Insights/workbooks")?;
    let text = workbook["properties"]["serializedData"].as_str().unwrap_or("");
    let inner: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    ensure(inner.to_string().contains("AZFWApplicationRule"), "no queries")?;
    let created = written.az(WALK, "deploy-steps", "resource create");
    let kinds: Vec<_> = created.iter().filter_map(|words| option(words, "--resource-type")).flatten().collect();
    ensure(kinds.iter().any(|kind| kind == "Microsoft.Insights/workbooks"), "the script makes none")
}

pub(crate) fn one_workspace(written: &Written) -> Verdict {
    for profile in ALL {
        only_step(written, profile, "monitor log-analytics workspace create")?;
        written.only(profile, "OperationalInsights/workspaces")?;
    }
    Ok(())
}

/// Name, prefix and kind of next hop of every route.
fn routes(written: &Written, profile: &str) -> Vec<(String, String, String)> {
    let mut all: Vec<Value> = Vec::new();
    for table in written.resources(profile, "Network/routeTables") {
        all.extend(table["properties"]["routes"].as_array().into_iter().flatten().cloned());
    }
    all.extend(written.resources(profile, "Network/routeTables/routes"));
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let inner = |route: &Value| route["properties"].clone();
    all.iter().map(|r| (text(&r["name"]), text(&inner(r)["addressPrefix"]), text(&inner(r)["nextHopType"]))).collect()
}

pub(crate) fn own_addresses_are_routed(written: &Written) -> Verdict {
    for profile in ALL {
        let addresses = configurations(written, profile)?;
        let all = routes(written, profile);
        let own = all.iter().filter(|(_, to, hop)| hop == "Internet" && to.contains(".ipAddress, '/32')")).count();
        ensure(own == addresses && all.len() == addresses + 1, format!("{profile}: {all:?}"))?;
        let made = written.az(profile, "deploy-steps", "network route-table route create");
        let own =
            made.iter().filter(|words| option(words, "--next-hop-type") == Some(vec!["Internet".to_owned()])).count();
        ensure(own == addresses, format!("{profile}: az"))?;
    }
    Ok(())
}

pub(crate) fn routes_are_clear(written: &Written) -> Verdict {
    for profile in ALL {
        let table = written.only(profile, "Network/routeTables")?;
        ensure(table["properties"]["disableBgpRoutePropagation"] == true, format!("{profile}: BGP"))?;
        let all = routes(written, profile);
        let default =
            all.iter().find(|(_, to, _)| to == "0.0.0.0/0").map(|(name, _, hop)| (name.as_str(), hop.as_str()));
        let named =
            default.is_some_and(|(name, hop)| name.ends_with("default-to-firewall") && hop == "VirtualAppliance");
        ensure(named, format!("{profile}: {all:?}"))?;
        let network = written.only(profile, "Network/virtualNetworks")?;
        let subnets = network["properties"]["subnets"].as_array().unwrap();
        let routed = subnets.iter().filter(|subnet| subnet["properties"].get("routeTable").is_some()).count();
        ensure(routed == 1 && subnets.len() == 4, format!("{profile}: {routed} subnets have the table"))?;
        let said = subnets.iter().all(|subnet| subnet["properties"]["defaultOutboundAccess"] == false);
        ensure(said, format!("{profile}: default outbound access"))?;
    }
    Ok(())
}

pub(crate) fn names_differ(written: &Written) -> Verdict {
    for profile in ALL {
        let template = written.template(profile);
        let mut seen = BTreeSet::new();
        for resource in template["resources"].as_array().unwrap() {
            let name = resource["name"].as_str().unwrap().to_lowercase();
            ensure(seen.insert(name.clone()), format!("{profile}: {name} twice"))?;
            for config in resource["properties"]["ipConfigurations"].as_array().into_iter().flatten() {
                let name = config["name"].as_str().unwrap().to_lowercase();
                ensure(seen.insert(name.clone()), format!("{profile}: {name} twice"))?;
            }
        }
    }
    Ok(())
}

pub(crate) fn service_tags_are_narrow(written: &Written) -> Verdict {
    let tagged: Vec<_> = rules(written, WALK).into_iter().filter(|(_, name, _)| name == "service-tags").collect();
    ensure(tagged.len() == 4, format!("{} rules", tagged.len()))?;
    for (_, _, rule) in tagged {
        let right = texts(&rule["protocols"]) == ["TCP"]
            && texts(&rule["destinationPorts"]) == ["443"]
            && texts(&rule["sourceAddresses"]) == ["10.0.5.0/24"];
        ensure(right, rule.to_string())?;
    }
    Ok(())
}

pub(crate) fn service_tags_are_complete(written: &Written) -> Verdict {
    for (_, name, rule) in rules(written, WALK).into_iter().filter(|(kind, _, _)| *kind == "network") {
        let to = texts(&rule["destinationAddresses"]);
        for (tag, with) in [
            ("MicrosoftContainerRegistry", "AzureFrontDoor.FirstParty"),
            ("AzureContainerRegistry", "Storage.westeurope"),
        ] {
            if to.iter().any(|one| one.split('.').next() == Some(tag)) {
                let right = to.contains(&with) && to.contains(&format!("{tag}.westeurope").as_str());
                ensure(right, format!("{name}: {to:?}"))?;
            }
        }
    }
    let used = written.text(WALK, "arm/main.json");
    ensure(used.contains("\"MicrosoftContainerRegistry.westeurope\""), "the tag is not used")
}

pub(crate) fn dns_is_narrow(written: &Written) -> Verdict {
    for (profile, servers) in [(WALK, &["168.63.129.16"][..]), (PREMIUM, &["10.60.0.4", "10.60.0.5"])] {
        let all = rules(written, profile);
        let port: Vec<_> = all.iter().filter(|(_, _, r)| texts(&r["destinationPorts"]).contains(&"53")).collect();
        ensure(port.len() == 1, format!("{profile}: {} rules", port.len()))?;
        ensure(texts(&port[0].2["destinationAddresses"]) == servers, port[0].2.to_string())?;
    }
    Ok(())
}

pub(crate) fn time_is_narrow(written: &Written) -> Verdict {
    let ntp = |profile| {
        let all = rules(written, profile).into_iter();
        all.filter(|(_, _, r)| texts(&r["destinationPorts"]).contains(&"123")).map(|(_, _, r)| r).collect::<Vec<_>>()
    };
    for rule in ntp(WALK) {
        let named =
            texts(&rule["destinationFqdns"]) == ["ntp.ubuntu.com"] && rule.get("destinationAddresses").is_none();
        ensure(named, rule.to_string())?;
    }
    ensure(ntp(WALK).len() == 1 && ntp(MINIMAL).is_empty(), "asked for by one, not by the other")
}

pub(crate) fn sources_are_the_nodes(written: &Written) -> Verdict {
    for (profile, nodes) in [(WALK, "10.0.5.0/24"), (KUBENET, "10.0.5.0/24"), (PREMIUM, "10.40.32.0/22")] {
        for (_, name, rule) in rules(written, profile).into_iter().filter(|(kind, _, _)| *kind != "dnat") {
            ensure(texts(&rule["sourceAddresses"]) == [nodes], format!("{profile}: {name}: {rule}"))?;
        }
    }
    Ok(())
}

pub(crate) fn rules_are_told_apart(written: &Written) -> Verdict {
    for profile in ALL {
        let mut seen = BTreeSet::new();
        for (kind, collection, rule) in rules(written, profile) {
            let name = rule["name"].as_str().unwrap_or("").to_owned();
            ensure(!name.is_empty() && !name.contains(' '), format!("{profile}: {collection}: {name:?}"))?;
            ensure(seen.insert((kind, name.clone())), format!("{profile}: {name} twice"))?;
        }
    }
    Ok(())
}

pub(crate) fn narrow_rules_replace(written: &Written) -> Verdict {
    for (_, name, rule) in rules(written, KUBENET).into_iter().filter(|(kind, _, _)| *kind == "network") {
        ensure(!rule.to_string().contains("AzureCloud"), format!("{name} is still wide"))?;
        if name == "api-tunnel" || name == "api-server" {
            ensure(texts(&rule["destinationAddresses"]) == ["40.118.84.118"], rule.to_string())?;
        }
    }
    let all = written.az(KUBENET, "narrow-api-server", "network firewall policy rule-collection-group collection");
    let of = |verb: &str| all.iter().position(|w| w[5] == verb && w.iter().any(|word| word == "api-tunnel"));
    ensure(of("remove").is_some() && of("remove") < of("add-filter-collection"), "the wide rules stay")
}

pub(crate) fn priorities_differ(written: &Written) -> Verdict {
    for profile in ALL {
        let mut seen = BTreeSet::new();
        for (kind, collection) in collections(written, profile) {
            ensure(seen.insert((kind, collection["priority"].as_u64())), format!("{profile}: {}", collection["name"]))?;
        }
    }
    Ok(())
}

pub(crate) fn endpoints_are_complete(written: &Written) -> Verdict {
    let text = |collection: &str, profile| {
        let all = rules(written, profile).into_iter().filter(|(_, name, _)| name == collection);
        all.map(|(_, _, rule)| rule.to_string()).collect::<String>()
    };
    for needed in ["1194", "9000"] {
        ensure(text("api-tunnel", WALK).contains(&format!("\"{needed}\"")), needed)?;
    }
    ensure(text("aks", WALK).contains("\"AzureKubernetesService\""), "the tag")?;
    for host in ["login.microsoftonline.com", "packages.aks.azure.com", "packages.microsoft.com", "mcr.microsoft.com"] {
        ensure(text("aks", PREMIUM).contains(&format!("\"{host}\"")), host)?;
    }
    Ok(())
}

pub(crate) fn hosts_are_current(written: &Written) -> Verdict {
    for profile in ALL {
        let updates: String = rules(written, profile)
            .into_iter()
            .filter(|(_, name, _)| name == "os-updates")
            .map(|(_, _, rule)| rule.to_string())
            .collect();
        let text = written.text(profile, "arm/main.json");
        for host in ["download.opensuse.org", "snapcraft.io", "motd.ubuntu.com"] {
            ensure(!text.contains(host), format!("{profile}: {host}"))?;
        }
        ensure(!updates.contains("packages.microsoft.com"), format!("{profile}: among the updates"))?;
    }
    Ok(())
}

pub(crate) fn docker_hub_is_exact(written: &Written) -> Verdict {
    for profile in [WALK, MINIMAL, KUBENET] {
        let all: Vec<_> = rules(written, profile).into_iter().filter(|(_, name, _)| name == "docker-hub").collect();
        ensure(all.len() == 1, format!("{profile}: {} rules", all.len()))?;
        let (_, _, rule) = &all[0];
        let names = texts(&rule["targetFqdns"]);
        let exact = names.iter().all(|name| !name.contains('*') && *name != "cloudflare.docker.io");
        let https = rule["protocols"] == serde_json::json!([{ "protocolType": "Https", "port": 443 }]);
        let layers =
            names.contains(&"production.cloudflare.docker.com") && names.contains(&"production.cloudfront.docker.com");
        ensure(exact && https && layers, format!("{profile}: {rule}"))?;
    }
    Ok(())
}

pub(crate) fn names_are_whole(written: &Written) -> Verdict {
    for profile in ALL {
        for (_, _, rule) in rules(written, profile) {
            let names = [texts(&rule["targetFqdns"]), texts(&rule["destinationFqdns"])].concat();
            ensure(names.iter().all(|name| !name.contains(char::is_whitespace)), rule.to_string())?;
        }
    }
    for (profile, path, text) in written.below("az/") {
        for words in crate::written::commands(text) {
            for name in ["--target-fqdns", "--destination-fqdns"] {
                let list = option(&words, name).unwrap_or_default();
                ensure(list.iter().all(|n| !n.contains(char::is_whitespace)), format!("{profile}/{path}: {list:?}"))?;
            }
        }
    }
    Ok(())
}

pub(crate) fn the_test_is_true(written: &Written) -> Verdict {
    let all = rules(written, WALK);
    let named = |host: &str| {
        let mut names = all.iter().flat_map(|(_, _, rule)| texts(&rule["targetFqdns"]));
        names.any(|name| name == host || name == "*" || name.strip_prefix('*').is_some_and(|end| host.ends_with(end)))
    };
    ensure(named("www.ubuntu.com") && !named("ubuntu.com") && !named("batman.com"), "rules")?;
    let probe = written.text(WALK, "k8s/egress-probe.yaml");
    for line in ["allow\\thttp\\twww.ubuntu.com\\t80\\t", "deny\\thttp\\tbatman.com\\t80\\t"] {
        ensure(probe.contains(line), line)?;
    }
    Ok(())
}

pub(crate) fn lines_are_whole(written: &Written) -> Verdict {
    for (profile, path, text) in written.below("az/") {
        let mut carried = false;
        for line in text.lines() {
            // Else an option begins a line only in the help and where arguments are read.
            let option = line.trim_start().starts_with("--") && !line.starts_with("  --") || line.starts_with("    --");
            ensure(!option || carried || line.ends_with(')'), format!("{profile}/{path}: {line}"))?;
            ensure(!line.ends_with('-') && !line.ends_with("-\\"), format!("{profile}/{path}: {line}"))?;
            carried = line.ends_with(" \\");
        }
    }
    Ok(())
}

pub(crate) fn kubenet_is_complete(written: &Written) -> Verdict {
    let roles = written.resources(KUBENET, "Authorization/roleAssignments");
    let table = roles.iter().any(|r| r["scope"].as_str().unwrap_or("").contains("Microsoft.Network/routeTables'"));
    ensure(table, "no role on the table")?;
    let cluster = written.only(KUBENET, "ContainerService/managedClusters")?;
    ensure(cluster["identity"]["type"] == "UserAssigned", "identity")?;
    let built = compile_file(&root().join(format!("profiles/{KUBENET}.toml")));
    ensure(built.report().findings.iter().any(|f| f.code.id == "kubenet-retirement"), "no warning of its retirement")
}

pub(crate) fn no_phantom_gateway(written: &Written) -> Verdict {
    for folder in ["az/", "arm/", "bicep/"] {
        for (profile, path, text) in written.below(folder) {
            for word in ["applicationGateways", "network application-gateway", "gateway="] {
                ensure(!text.contains(word), format!("{profile}/{path}: {word}"))?;
            }
        }
    }
    Ok(())
}

pub(crate) fn bypasses_are_declared(written: &Written) -> Verdict {
    let said = "Traffic from aks-5-subnet to Microsoft.AzureCosmosDB, Microsoft.KeyVault, Microsoft.Sql, Microsoft.Storage \
                takes the subnet's service endpoints: the firewall neither sees nor logs it.";
    ensure(written.text(WALK, "review.md").contains(said), "the review is silent")?;
    let built = compile_file(&root().join(format!("profiles/{WALK}.toml")));
    ensure(built.report().findings.iter().any(|f| f.code.id == "service-endpoint-bypass"), "no finding")
}

pub(crate) fn monitoring_is_allowed(written: &Written) -> Verdict {
    for profile in [WALK, MINIMAL, KUBENET, PREMIUM] {
        let all = rules(written, profile).into_iter().filter(|(_, name, _)| name == "azure-monitor");
        let text: String = all.map(|(_, _, rule)| rule.to_string()).collect();
        for host in [
            "*.ods.opinsights.azure.com",
            "*.oms.opinsights.azure.com",
            "*.monitoring.azure.com",
            "*.ingest.monitor.azure.com",
        ] {
            ensure(text.contains(host), format!("{profile}: {host}"))?;
        }
    }
    Ok(())
}

pub(crate) fn api_address_is_looked_up(written: &Written) -> Verdict {
    for (profile, path, text) in written.below("az/") {
        ensure(!text.contains("get endpoints"), format!("{profile}/{path}"))?;
    }
    let asked = written.az(WALK, "narrow-api-server", "aks show");
    ensure(asked.len() == 1 && option(&asked[0], "--query") == Some(vec!["fqdn".to_owned()]), "the name")
}

pub(crate) fn images_are_allowed(written: &Written) -> Verdict {
    let mut seen = 0;
    for (profile, path, text) in written.below("k8s/") {
        for line in text.lines().filter(|line| line.trim_start().starts_with("image: ")) {
            let image = line.split('"').nth(1).unwrap_or("");
            let fixed = image.rsplit('/').next().is_some_and(|name| name.contains(':') && !name.ends_with(":latest"));
            ensure(image.starts_with("mcr.microsoft.com/") && fixed, format!("{profile}/{path}: {image}"))?;
            seen += 1;
        }
    }
    ensure(seen >= 4, format!("{seen} images"))
}

/// The documents of a manifest by kind.
fn manifest(written: &Written, path: &str) -> Result<BTreeMap<String, Value>, String> {
    let list: Vec<Value> = serde_saphyr::from_multiple(written.text(WALK, path)).map_err(|e| e.to_string())?;
    Ok(list.into_iter().map(|one| (one["kind"].as_str().unwrap_or("").to_owned(), one)).collect())
}

const SERVICE: &str = "k8s/inbound-nginx-internal.yaml";

pub(crate) fn sample_is_a_deployment(written: &Written) -> Verdict {
    let all = manifest(written, SERVICE)?;
    let pods = all.get("Deployment").ok_or("there is none")?;
    let labels = &pods["spec"]["template"]["metadata"]["labels"];
    ensure(!all.contains_key("Pod") && labels["app.kubernetes.io/name"] == "nginx-internal", labels.to_string())
}

pub(crate) fn service_is_valid(written: &Written) -> Verdict {
    let all = manifest(written, SERVICE)?;
    let service = all.get("Service").ok_or("there is none")?;
    let notes = &service["metadata"]["annotations"];
    let right = notes["service.beta.kubernetes.io/azure-load-balancer-ipv4"] == "10.0.4.4"
        && notes["service.beta.kubernetes.io/azure-load-balancer-internal"] == "true"
        && service["spec"].get("loadBalancerIP").is_none();
    ensure(right, service.to_string())
}

pub(crate) fn dnat_waits(written: &Written) -> Verdict {
    let script = written.text(WALK, "az/publish-service.sh");
    let (wait, rule) = (script.find("\nserve nginx-internal 10.0.4.4\n"), script.find("nat-rule create"));
    ensure(wait.is_some() && wait < rule, "the rule comes first")?;
    let made = written.az(WALK, "publish-service", "network firewall nat-rule create");
    let to = made.first().and_then(|words| option(words, "--translated-address"));
    ensure(to == Some(vec!["10.0.4.4".to_owned()]), format!("{to:?}"))
}

pub(crate) fn dnat_names_its_clients(written: &Written) -> Verdict {
    for profile in [WALK, PREMIUM] {
        for (_, name, rule) in rules(written, profile).into_iter().filter(|(kind, _, _)| *kind == "dnat") {
            let from = texts(&rule["sourceAddresses"]);
            ensure(!from.is_empty() && !from.contains(&"*"), format!("{profile}: {name}: {from:?}"))?;
        }
    }
    Ok(())
}

pub(crate) fn firewall_is_explicit(written: &Written) -> Verdict {
    let firewall = written.only(WALK, "Network/azureFirewalls")?;
    let inner = &firewall["properties"];
    let right = inner["sku"]["tier"] == "Standard"
        && inner["threatIntelMode"] == "Alert"
        && inner["additionalProperties"]["Network.DNS.EnableProxy"] == "true";
    ensure(right, inner["sku"].to_string())?;
    let policy = written.only(PREMIUM, "Network/firewallPolicies")?;
    let inner = &policy["properties"];
    let right = inner["sku"]["tier"] == "Premium"
        && inner["threatIntelMode"] == "Deny"
        && inner["dnsSettings"]["enableProxy"] == true;
    ensure(right, inner.to_string())?;
    let zones = &written.only(PREMIUM, "Network/azureFirewalls")?["zones"];
    ensure(*zones == serde_json::json!(["1", "2", "3"]), zones.to_string())
}

pub(crate) fn rules_are_looked_up(written: &Written) -> Verdict {
    let mut made = 0;
    for (profile, path, text) in written.below("az/") {
        let mut guard = "";
        for line in text.lines().map(str::trim) {
            if line.starts_with("if ") || line == "else" {
                guard = line;
            }
            let makes = [
                "nat-rule create",
                "network-rule create",
                "application-rule create",
                "add-filter-collection",
                "add-nat-collection",
                "collection rule add",
            ];
            if makes.iter().any(|verb| line.contains(verb)) {
                ensure(guard.starts_with("if ((kept < "), format!("{profile}/{path}: {line} after {guard}"))?;
                made += 1;
            }
        }
    }
    ensure(made > 40, format!("{made} rules"))
}

pub(crate) fn subscription_is_named(written: &Written) -> Verdict {
    for (profile, path, text) in written.below("az/") {
        for words in crate::written::commands(text) {
            // Extensions belong to the machine and the directory to the tenant.
            let elsewhere = ["extension", "ad"].contains(&words[0].as_str());
            let named = option(&words, "--subscription") == Some(vec!["$subscription".to_owned()]);
            ensure(named || elsewhere, format!("{profile}/{path}: az {}", words.join(" ")))?;
            ensure(words[..2] != ["account".to_owned(), "set".to_owned()], format!("{profile}/{path} selects one"))?;
        }
    }
    Ok(())
}

pub(crate) fn one_way_to_the_registry(written: &Written) -> Verdict {
    ensure(!written.text(MINIMAL, "arm/main.json").contains("MicrosoftContainerRegistry"), "by tag too")?;
    let built = compile_file(&root().join(format!("profiles/{WALK}.toml")));
    let warned = built.report().findings.iter().any(|f| f.code.id == "service-tag-hides-names");
    ensure(warned, "tags are not warned about")
}
