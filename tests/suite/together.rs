//! Profiles of one run against each other: each clash is said once to either side, at the line that should change, and
//! what two templates write is never passed over.

use std::collections::{BTreeMap, BTreeSet};

use aks_egress::{Built, Input, compare, compile};
use serde_json::Value;

use crate::program::{Ran, project, run};
use crate::shared::{files_of, layers_of, profiles};

/// Several profiles of one run, by their names.
fn together(texts: &[(&str, &str)]) -> Vec<Built> {
    let mut all: Vec<Built> = texts.iter().map(|(name, text)| sound(name, text)).collect();
    compare(&mut all.iter_mut().collect::<Vec<_>>());
    all
}

fn one(name: &str, text: &str) -> Built {
    compile(Input {
        name: format!("{name}.toml"),
        text: text.to_owned(),
        stem: Some(name.to_owned()),
        today: None,
        bases: Vec::new(),
        settings: None,
    })
}

/// One of them that is sound by itself.
fn sound(name: &str, text: &str) -> Built {
    let built = one(name, text);
    let problems: Vec<&str> = built.report().findings.iter().map(|f| f.message.as_str()).collect();
    assert!(built.checked().is_some(), "{problems:?} in\n{text}");
    built
}

/// What is said to one of them, as `line check: message`.
fn said(built: &Built) -> Vec<String> {
    let report = built.report();
    let line = |f: &aks_egress::diag::Finding| report.sources.position(f.span()).line;
    let known = |f: &&aks_egress::diag::Finding| aks_egress::waive::COMPARED.contains(&f.code.id);
    report.findings.iter().filter(known).map(|f| format!("{} {}: {}", line(f), f.code.id, f.message)).collect()
}

/// Every resource that the templates of a profile write, but for parts of others: `subscription/group/type/name`, in lower
/// case.
fn written(built: &Built, group: &str) -> BTreeSet<String> {
    let files = files_of(built);
    let mut found = BTreeSet::new();
    for layer in layers_of(&files) {
        let template: Value = serde_json::from_slice(&files[&format!("arm/{layer}.json")]).unwrap();
        collect(&template, &format!("/{group}"), &mut found);
    }
    found
}

fn collect(template: &Value, place: &str, found: &mut BTreeSet<String>) {
    let list: Vec<&Value> = match &template["resources"] {
        Value::Array(list) => list.iter().collect(),
        Value::Object(map) => map.values().collect(),
        other => panic!("{other}"),
    };
    for resource in list {
        let text = |key: &str| resource[key].as_str().unwrap_or_default();
        if text("type") == "Microsoft.Resources/deployments" {
            let inside = match (text("subscriptionId"), text("resourceGroup")) {
                (_, "") => place.to_owned(),
                (subscription, group) => format!("{subscription}/{group}"),
            };
            collect(&resource["properties"]["template"], &inside, found);
        } else if text("type").matches('/').count() == 1 && text("scope").is_empty() && !text("name").starts_with('[') {
            found.insert(format!("{place}/{}/{}", text("type"), text("name")).to_lowercase());
        }
    }
}

const IN_ONE_GROUP: &str = "region = \"westeurope\"\nresource-group = \"shared\"\n";

/// Settings of two profiles that make them write one thing, with the words for it.
fn meetings() -> Vec<(&'static str, String, String)> {
    let gateway = |name: &str| {
        format!(
            "[gateway]\nname = \"{name}\"\nservice = \"web\"\n[[inbound]]\nname = \"web\"\nport = 80\nto = \"10.0.4.10:80\"\n\
             from = [\"198.51.100.0/24\"]\n"
        )
    };
    let group = |prefix: &str| {
        format!(
            "[egress]\nip-groups = true\n[egress.groups]\nhosts = [\"{prefix}\"]\n[egress.collections.own]\npriority = 300\n\
             [[egress.collections.own.rules]]\nname = \"own\"\ngroups = [\"hosts\"]\nports = [\"tcp:443\"]\n"
        )
    };
    let network = |name: &str, more: &str| {
        format!(
            "[network]\nexisting = \"/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/net/providers/\
             Microsoft.Network/virtualNetworks/{name}\"\n[network.subnets]\nnodes = {{ name = \"snet\" }}\n\
             firewall = \"10.90.8.0/26\"\n{more}"
        )
    };
    let foreign = "[firewall.existing]\nprivate-ip = \"10.1.0.4\"\npublic-ips = [\"20.50.1.4\"]\npriority = 2000\n\
        firewall = \"/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network/\
        azureFirewalls/hub-fw\"\npolicy = \"/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/\
        providers/Microsoft.Network/firewallPolicies/company\"\n";
    let long = "a-cluster-with-a-name-that-is-cut-off-behind-this-";
    let monitored = |tail: &str| format!("[cluster]\nname = \"{long}{tail}\"\naddons = [\"monitoring\"]\n");
    let named = |table: &str, name: &str| format!("[{table}]\n{name}\n");
    let hub = |space: &str| {
        format!("[network]\naddress-space = [\"{space}\"]\n[hub]\nresource-group = \"connectivity\"\nvnet = \"hub\"\n")
    };
    vec![
        ("network `net`", named("network", "vnet = \"net\""), named("network", "vnet = \"Net\"")),
        ("network `hub`", hub("10.20.0.0/16"), hub("10.30.0.0/16")),
        ("firewall `fw`", named("firewall", "name = \"fw\""), named("firewall", "name = \"FW\"")),
        (
            "firewall `fw`",
            network("one-vnet", "[firewall]\nname = \"fw\"\n"),
            network("two-vnet", "[firewall]\nname = \"fw\"\n"),
        ),
        ("route table `one-rt`", foreign.to_owned(), named("firewall", "name = \"one\"")),
        (
            "route table `x-tunnel-rt`",
            named("firewall", "name = \"x-tunnel\""),
            named("firewall", "name = \"x\"\nforced-tunnel = \"10.200.0.4\""),
        ),
        ("public address `x-ip`", named("firewall", "name = \"x\""), gateway("x")),
        (
            "public address `x-management-ip`",
            named("firewall", "name = \"x\"\ntier = \"Basic\""),
            gateway("x-management"),
        ),
        ("IP group `hosts`", group("10.60.10.0/24"), group("10.60.11.0/24")),
        ("application gateway `gw`", gateway("gw"), gateway("gw")),
        ("workspace `logs`", named("logs", "workspace = \"logs\""), named("logs", "workspace = \"logs\"")),
        ("cluster `aks`", named("cluster", "name = \"aks\""), named("cluster", "name = \"aks\"")),
        ("data collection rule `MSCI-westeurope-a-cluster", monitored("one"), monitored("two")),
    ]
}

#[test]
fn what_two_templates_write_is_said() {
    for (what, one_text, other_text) in meetings() {
        let texts = [one_text, other_text].map(|text| format!("{IN_ONE_GROUP}{text}"));
        let built = together(&[("one", &texts[0]), ("two", &texts[1])]);
        let common = &written(&built[0], "shared") & &written(&built[1], "shared");
        assert!(!common.is_empty(), "nothing meets: {what}");
        for built in &built {
            let said = said(built);
            let own: Vec<&String> = said.iter().filter(|line| line.contains(" shared-resource: ")).collect();
            assert!(
                matches!(own[..], [line] if line.to_lowercase().contains(&what.to_lowercase())),
                "once, and of {what}: {said:?} of {common:?}"
            );
        }
    }
}

/// Each example beside a copy of another name, in one group: what does not follow from the name of the profile meets.
#[test]
fn two_templates_write_nothing_that_is_not_said() {
    let mut met = 0;
    for path in profiles() {
        let text = std::fs::read_to_string(&path).unwrap();
        let top: toml::Table = text.parse().unwrap();
        if top.contains_key("extends") || top.contains_key("name") {
            continue;
        }
        let named = top.get("resource-group").and_then(|name| name.as_str());
        let (group, text) = match named {
            Some(group) => (group, text.clone()),
            None => ("shared", format!("resource-group = \"shared\"\n{text}")),
        };
        let built = together(&[("one", &text), ("two", &text)]);
        let refused = built.iter().any(|built| built.report().has_errors());
        let common = &written(&one("one", &text), group) & &written(&one("two", &text), group);
        let told = said(&built[0]).iter().any(|line| line.contains(" shared-resource: "));
        assert!(told != common.is_empty() || refused, "{}: {:?}, {common:?}", path.display(), said(&built[0]));
        met += usize::from(told);
    }
    assert!(met >= 3, "some examples name what they write: {met}");
}

#[test]
fn nothing_meets_in_two_subscriptions() {
    let text = |subscription: &str| {
        format!(
            "{IN_ONE_GROUP}[network]\nexisting = \"/subscriptions/{subscription}/resourceGroups/net/providers/\
             Microsoft.Network/virtualNetworks/spoke\"\n[network.subnets]\nnodes = {{ name = \"snet\" }}\n\
             firewall = \"10.90.8.0/26\"\n[firewall]\nname = \"fw\"\n[cluster]\nname = \"aks\"\n"
        )
    };
    let (here, there) = (text("11111111-2222-4333-8444-555555555555"), text("22222222-2222-4333-8444-555555555555"));
    let built = together(&[("one", &here), ("two", &there)]);
    assert_eq!(said(&built[0]), [""; 0]);
    // One that does not say where it goes may go to either.
    let anywhere = format!("{IN_ONE_GROUP}[cluster]\nname = \"aks\"\n");
    let built = together(&[("one", &here), ("two", &there), ("three", &anywhere)]);
    let line = |other: &str| format!("shared-resource: profile `{other}` also writes the cluster `aks`");
    for (built, other) in built.iter().zip(["three", "three", "one"]) {
        let said = said(built);
        assert!(said[0].contains(&line(other)), "{said:?}");
    }
    assert_eq!(said(&built[2]).len(), 2, "of each of the others");
}

const NET: &str = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/net/providers/Microsoft.Network/virtualNetworks";
const HUB: &str = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/hub/providers/Microsoft.Network";

/// A firewall of somebody else, with a group of rules of this priority.
fn foreign(priority: u32, more: &str) -> String {
    format!(
        "[firewall.existing]\nfirewall = \"{HUB}/azureFirewalls/fw\"\npolicy = \"{HUB}/firewallPolicies/company\"\n\
         private-ip = \"10.1.0.4\"\npublic-ips = [\"20.50.1.4\"]\npriority = {priority}\n{more}"
    )
}

/// A profile in the network of somebody else, behind the firewall of somebody else.
fn tenant(subnets: &str, priority: u32, more: &str) -> String {
    format!(
        "region = \"westeurope\"\n[network]\nexisting = \"{NET}/spoke\"\n[network.subnets]\n{subnets}\n{}{more}",
        foreign(priority, "")
    )
}

#[test]
fn each_of_three_is_told_of_a_subnet_with_one_route_table() {
    let text = |priority| tenant("nodes = { name = \"snet-aks\" }", priority, "");
    let built = together(&[("a", &text(2000)), ("b", &text(2100)), ("c", &text(2200))]);
    let line = |own: &str, other: &str| {
        format!(
            "5 shared-subnet: subnet `snet-aks` of the network `spoke` gets the route table `{own}-rt`, and `{other}-rt` \
             from profile `{other}`"
        )
    };
    assert_eq!(said(&built[0]), [line("a", "b"), line("a", "c")]);
    assert_eq!(said(&built[1]), [line("b", "a")]);
    assert_eq!(said(&built[2]), [line("c", "a")]);
    assert!(built.iter().all(|built| built.checked().is_none()), "nothing is written");
}

#[test]
fn uses_of_one_subnet_meet_or_do_not() {
    let vnet = "[cluster]\napi-server = \"vnet-integrated\"\n";
    let gateway = "[gateway]\nservice = \"web\"\n[[inbound]]\nname = \"web\"\nport = 80\nto = \"10.90.20.10:80\"\n\
                   from = [\"198.51.100.0/24\"]\n";
    let profile = |own: &str, shared: &str, priority: u32| {
        let (role, rest) = shared.split_once(' ').unwrap();
        let (role, used) = if role == "unused" { ("gateway", false) } else { (role, true) };
        let subnet = format!("{role} = {{ name = \"shared\"{rest} }}");
        let nodes = if role == "nodes" { String::new() } else { format!("nodes = {{ name = \"{own}\" }}\n") };
        let more = match role {
            "api-server" => vnet.to_owned(),
            "gateway" if used => gateway.to_owned(),
            _ => String::new(),
        };
        let ingress = if role == "gateway" && used {
            format!("ingress = {{ name = \"{own}-ilb\", prefix = \"10.90.{}.0/24\" }}\n", 10 + priority / 100)
        } else {
            String::new()
        };
        let text = tenant(&format!("{nodes}{ingress}{subnet}"), priority, &more);
        let text = text.replace("10.90.20.10", &format!("10.90.{}.10", 10 + priority / 100));
        match role {
            "pods" => format!("cni = \"azure-pod-subnet\"\n{text}"),
            _ => text,
        }
    };
    let prefix = ", prefix = \"10.90.9.0/24\"";
    let cases = [
        ("nodes ", "nodes ", Some("gets the route table")),
        ("pods ", "pods ", Some("gets the route table")),
        ("nodes ", "ingress ", None),
        ("ingress ", "ingress ", None),
        ("api-server ", "api-server ", None),
        ("gateway ", "gateway ", None),
        ("unused ", "ingress ", None),
        ("unused ", "gateway ", None),
        ("api-server ", "ingress ", Some("is the subnet of an API server")),
        ("api-server ", "nodes ", Some("is the subnet of an API server")),
        ("pods ", "nodes ", Some("is the subnet of pods")),
        ("gateway ", "ingress ", Some("is the subnet of an application gateway")),
        ("ingress +", "ingress ", None),
        ("ingress +", "ingress +", Some("also adds the subnet")),
        ("ingress +", "nodes ", Some("is added without a route table")),
        ("nodes +", "ingress ", None),
        ("nodes +", "nodes +", Some("gets the route table")),
        ("api-server +", "api-server ", None),
    ];
    for (one, other, expected) in cases {
        let [a, b] = [(one, "a", 2000), (other, "b", 2100)]
            .map(|(shared, own, priority)| profile(own, &shared.replace('+', prefix), priority));
        for texts in [[("a", &*a), ("b", &*b)], [("b", &*b), ("a", &*a)]] {
            let built = together(&texts);
            let problems: Vec<Vec<String>> = built.iter().map(said).collect();
            assert!(built.iter().all(|b| b.report().findings.iter().all(|f| f.code.id != "syntax")), "{a}\n{b}");
            match expected {
                None => assert!(built.iter().all(|b| b.checked().is_some()), "{one}/{other}: {problems:?}"),
                Some(words) => {
                    assert!(problems.iter().all(|said| said.len() == 1), "{one}/{other}: {problems:?}");
                    assert!(problems.iter().any(|said| said[0].contains(words)), "{one}/{other}: {problems:?}");
                }
            }
        }
    }
}

#[test]
fn a_firewall_for_each_is_said_once_in_one_network() {
    // Names, subnets and their prefixes are the same, and all of it follows from the two firewalls.
    let text = |nodes: &str| {
        format!(
            "region = \"westeurope\"\n[network]\nexisting = \"{NET}/spoke\"\n[network.subnets]\n\
             nodes = {{ name = \"{nodes}\" }}\nfirewall = \"10.90.8.0/26\"\n[firewall]\nname = \"fw\"\n"
        )
    };
    let built = together(&[("a", &text("snet-a")), ("b", &text("snet-b"))]);
    let line = "3 two-firewalls: profile `b` also creates a firewall in the network `spoke`";
    assert_eq!(said(&built[0]), [line]);
    // One of them has its management interface where the other one has the firewall.
    let other = text("snet-b").replace("firewall = \"10", "firewall-management = \"10");
    let other = other.replace("[firewall]", "firewall = \"10.90.8.64/26\"\n[firewall]");
    assert_eq!(said(&together(&[("a", &text("snet-a")), ("b", &other)])[0]), [line]);
}

/// A firewall lies in the group of its network, whatever the group of the profile.
#[test]
fn firewalls_meet_in_the_group_of_their_networks() {
    let text = |network: &str, group: &str| {
        format!(
            "region = \"westeurope\"\nresource-group = \"{group}\"\n[network]\nexisting = \"{NET}/{network}\"\n\
             [network.subnets]\nnodes = {{ name = \"snet\" }}\nfirewall = \"10.90.8.0/26\"\n[firewall]\nname = \"fw\"\n"
        )
    };
    let built = together(&[("a", &text("one-net", "a-rg")), ("b", &text("two-net", "b-rg"))]);
    let common = &written(&built[0], "a-rg") & &written(&built[1], "b-rg");
    let common: Vec<&str> = common.iter().filter_map(|id| id.rsplit('/').next()).collect();
    assert_eq!(common, ["fw"], "the firewall alone");
    let line = "9 shared-resource: profile `b` also writes the firewall `fw` in the resource group `net`";
    assert_eq!(said(&built[0]), [line]);
    // Beside a firewall in the group of the profile, it is the policy that meets.
    let plain = "region = \"westeurope\"\nresource-group = \"a-rg\"\n[firewall]\nname = \"fw\"\n";
    let line =
        "9 shared-resource: profile `b` also writes the firewall policy `fw-policy` in the resource group `a-rg`";
    assert_eq!(said(&together(&[("a", &text("one-net", "a-rg")), ("b", plain)])[0]), [line]);
}

#[test]
fn peerings_of_one_name_meet_when_they_lead_to_two_networks() {
    let text = |own: &str, nodes: &str, priority: u32, hub: &str| {
        format!(
            "region = \"westeurope\"\n[network]\nexisting = \"{}/{own}\"\n[network.subnets]\nnodes = {{ name = \"{nodes}\" }}\n{}",
            NET,
            foreign(priority, &format!("peer = \"{HUB}/virtualNetworks/hub-vnet\"\n")).replace("Groups/hub/", hub)
        )
    };
    let (here, there) = ("Groups/hub/", "Groups/other-hub/");
    // Two clusters in one network want the same two entries.
    let built = together(&[("a", &text("spoke", "a", 2000, here)), ("b", &text("spoke", "b", 2100, here))]);
    assert_eq!(said(&built[0]), [""; 0]);
    // An entry in their own network that would lead to two hubs of one name.
    let built = together(&[("a", &text("spoke", "a", 2000, here)), ("b", &text("spoke", "b", 2100, there))]);
    let line = "also peers the network `spoke` under the name `to-hub-vnet`, with another network";
    assert!(matches!(&said(&built[0])[..], [one] if one.ends_with(line)), "{:?}", said(&built[0]));
}

#[test]
fn address_spaces_meet_round_a_hub_or_a_peer() {
    let spoke = |name: &str, space: &str, way: &str| {
        format!("region = \"westeurope\"\n[network]\nvnet = \"{name}-net\"\naddress-space = [{space}]\n{way}")
    };
    let hub = "[hub]\nresource-group = \"hub\"\nvnet = \"hub-vnet\"\naddress-space = [\"10.1.0.0/16\"]\n";
    let peer = |priority| foreign(priority, &format!("peer = \"{HUB}/virtualNetworks/hub-vnet\"\n"));
    let ids = |built: &[Built]| -> Vec<Vec<String>> {
        let id = |line: &String| line.split_once(' ').unwrap().1.split_once(':').unwrap().0.to_owned();
        built.iter().map(|built| said(built).iter().map(id).collect()).collect()
    };
    // By name only, and by ID.
    let space = "\"10.20.0.0/16\"";
    let built = together(&[("a", &spoke("a", space, hub)), ("b", &spoke("b", space, &peer(2000)))]);
    assert_eq!(ids(&built), [["peered-overlap"], ["peered-overlap"]]);
    let built = together(&[("a", &spoke("a", space, &peer(2000))), ("b", &spoke("b", space, &peer(2100)))]);
    assert_eq!(ids(&built), [["spoke-overlap"], ["spoke-overlap"]]);
    // What the hub has itself, against a network and against the services of a cluster.
    let inside =
        "[network.subnets]\ngateway = \"10.1.128.0/24\"\ningress = \"10.1.129.0/24\"\nnodes = \"10.1.130.0/24\"\n";
    let inside = spoke("b", "\"10.1.128.0/17\"", &format!("{inside}{}", peer(2000)));
    let built = together(&[("a", &spoke("a", space, hub)), ("b", &inside)]);
    let why = "and the two networks are peered";
    assert_eq!(
        said(&built[1]),
        [format!(
            "4 peered-overlap: the network 10.1.128.0/17 overlaps the hub's network 10.1.0.0/16 of profile `a`, {why}"
        )]
    );
    let services = format!("{}[cluster]\nservice-cidr = \"10.1.2.0/23\"\n", peer(2000));
    let built = together(&[("a", &spoke("a", space, hub)), ("b", &spoke("b", "\"10.30.0.0/16\"", &services))]);
    assert_eq!(
        said(&built[1])[0].split_once(' ').unwrap().1,
        format!(
            "peered-overlap: the service range 10.1.2.0/23 overlaps the hub's network 10.1.0.0/16 of profile `a`, {why}"
        )
    );
    // Two prefixes that overlap two prefixes are one problem; pods of two clusters are none.
    let two = "\"10.20.0.0/16\", \"10.21.0.0/16\"";
    let built = together(&[("a", &spoke("a", two, &peer(2000))), ("b", &spoke("b", two, &peer(2100)))]);
    assert_eq!(ids(&built), [["spoke-overlap"], ["spoke-overlap"]]);
    let built =
        together(&[("a", &spoke("a", space, &peer(2000))), ("b", &spoke("b", "\"10.30.0.0/16\"", &peer(2100)))]);
    assert_eq!(ids(&built), [[""; 0], [""; 0]]);
}

/// As many findings as profiles, not as pairs of them.
#[test]
fn many_of_one_address_space_are_told_once_each() {
    let text = |n: usize| {
        format!(
            "region = \"westeurope\"\n{}",
            foreign(2000 + u32::try_from(n).unwrap(), &format!("peer = \"{HUB}/virtualNetworks/hub-vnet\"\n"))
        )
    };
    let texts: Vec<(String, String)> = (0..40).map(|n| (format!("p{n}"), text(n))).collect();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (&**name, &**text)).collect();
    let counts: Vec<usize> = together(&texts).iter().map(|built| said(built).len()).collect();
    assert_eq!(counts[0], 39, "the first is told of all others");
    assert!(counts[1..].iter().all(|count| *count == 1), "{counts:?}");
}

/// Names of groups of rules follow from names of profiles, which Azure would take for one.
#[test]
fn names_of_profiles_that_differ_in_case_do_not_meet_in_a_policy() {
    let text = |name: &str, priority| {
        format!("name = \"{name}\"\nregion = \"westeurope\"\n{}", foreign(priority, "[deploy]\nsplit = true\n"))
    };
    let dir = project(&[("a.toml", &text("shop", 2000)), ("b.toml", &text("SHOP", 2100))]);
    let Ran { code, out, .. } = run(dir.path(), &["validate", "--format", "short"]);
    assert_eq!(code, 1);
    assert_eq!(
        out.lines().map(|line| line.split(": ").skip(1).collect::<Vec<_>>().join(": ")).collect::<Vec<_>>(),
        [
            "error[duplicate-profile-name]: another profile of this run is also named `shop`",
            "error[duplicate-profile-name]: another profile of this run is also named `SHOP`",
        ]
    );
}

#[test]
fn what_two_inherit_from_one_base_says_which_they_are() {
    let tenant = |subnets: &str, priority: u32| {
        format!("extends = \"_net.toml\"\n[network.subnets]\n{subnets}\n[firewall.existing]\npriority = {priority}\n")
    };
    let base = format!(
        "region = \"westeurope\"\n[network]\nexisting = \"{NET}/spoke\"\n[network.subnets]\nnodes = {{ name = \"snet-aks\" }}\n{}",
        foreign(1000, "")
    );
    let dir = project(&[
        ("a.toml", &tenant("ingress = { name = \"a-ilb\", prefix = \"10.90.9.0/27\" }", 2000)),
        ("b.toml", &tenant("ingress = { name = \"b-ilb\", prefix = \"10.90.9.0/26\" }", 2100)),
        ("_net.toml", &base),
    ]);
    let Ran { code, out, err } = run(dir.path(), &["validate", "--format", "short"]);
    assert_eq!(code, 1, "{err}");
    insta::assert_snapshot!(out);
    let Ran { out, .. } = run(dir.path(), &["validate"]);
    insta::assert_snapshot!(out);
    // Alone, either of them is sound.
    let Ran { code, err, .. } = run(dir.path(), &["validate", "profiles/a.toml"]);
    assert_eq!(code, 0, "{err}");
}

/// Every check of this kind, by how its example looks to whoever runs the program.
#[test]
fn examples_read_well() {
    let mut shown = BTreeMap::new();
    for comparison in aks_egress::checks::together::COMPARISONS {
        let text = comparison.code.bad[0];
        let (first, second) = text.split_once("# file: other.toml\n").unwrap();
        let dir = project(&[("shop.toml", first), ("other.toml", second)]);
        let Ran { out, .. } = run(dir.path(), &["validate", "--format", "short"]);
        shown.insert(comparison.code.id, out);
    }
    insta::assert_snapshot!(shown.into_iter().map(|(id, out)| format!("{id}\n{out}\n")).collect::<String>());
}

#[test]
fn a_policy_that_another_profile_creates_has_groups_of_its_own() {
    let creator = format!(
        "region = \"westeurope\"\nresource-group = \"shop-rg\"\n[network]\nexisting = \"{NET}/spoke\"\n[network.subnets]\n\
         nodes = {{ name = \"snet-a\" }}\nfirewall = \"10.90.8.0/26\"\n[firewall]\nname = \"shop-fw\"\n"
    );
    let user = |name: &str, priority: u32| {
        let policy = NET.replace("/net/", "/shop-rg/").replace("virtualNetworks", "firewallPolicies/shop-fw-policy");
        let firewall = NET.replace("virtualNetworks", "azureFirewalls/shop-fw");
        format!(
            "name = \"{name}\"\nregion = \"westeurope\"\n[network]\nexisting = \"{NET}/spoke\"\n[network.subnets]\n\
             nodes = {{ name = \"snet-b\" }}\n[firewall.existing]\nfirewall = \"{firewall}\"\npolicy = \"{policy}\"\n\
             private-ip = \"10.90.8.4\"\npublic-ips = [\"20.50.1.4\"]\npriority = {priority}\n"
        )
    };
    let said = |name, priority| said(&together(&[("a", &creator), ("b", &user(name, priority))])[1]);
    assert_eq!(said("b", 400), [""; 0]);
    let line = "shared-policy: profile `a` also has a rule collection group";
    assert_eq!(said("b", 300), [format!("12 {line} of priority 300 in the policy `shop-fw-policy`")]);
    assert_eq!(
        said("Application", 400),
        [format!("1 {line} with the name `Application` in the policy `shop-fw-policy`")]
    );
}

#[test]
fn a_resource_group_is_wished_for_in_one_way() {
    let text = |region: &str, group: &str, tags: &str| {
        format!("region = \"{region}\"\nresource-group = \"{group}\"\ntags = {{ {tags} }}\n")
    };
    let said = |one: &str, other: &str| said(&together(&[("one", one), ("two", other)])[0]);
    let first = text("westeurope", "shared", "env = \"prod\", team = \"a\"");
    assert_eq!(said(&first, &text("westeurope", "Shared", "ENV = \"prod\"")), [""; 0]);
    assert_eq!(said(&first, &text("northeurope", "other", "env = \"test\"")), [""; 0]);
    assert_eq!(
        said(&first, &text("northeurope", "Shared", "env = \"test\"")),
        ["1 shared-group: resource group `shared` is in `westeurope` here, and in `northeurope` for profile `two`"]
    );
    assert_eq!(
        said(&first, &text("westeurope", "shared", "TEAM = \"b\"")),
        ["3 shared-group: resource group `shared` has the tag `team = a` here, and `team = b` for profile `two`"]
    );
}

#[test]
fn a_subnet_has_room_for_so_many_api_servers() {
    let text = |own: &str, priority: u32, prefix: &str| {
        let subnets = format!("nodes = {{ name = \"{own}\" }}\napi-server = {{ name = \"api\"{prefix} }}");
        tenant(&subnets, priority, "[cluster]\napi-server = \"vnet-integrated\"\n")
    };
    // Nine for each and five for Azure: 16, 32 and 64 addresses are enough for one, three and six.
    for (bits, room) in [(28, 1), (27, 3), (26, 6)] {
        let prefix = format!(", prefix = \"10.90.9.0/{bits}\"");
        let texts: Vec<(String, String)> = (0..8_u32)
            .map(|n| (format!("p{n}"), text(&format!("snet-{n}"), 2000 + n, if n == 3 { &prefix } else { "" })))
            .collect();
        let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (&**name, &**text)).collect();
        let built = together(&texts);
        let refused = built.iter().filter(|built| built.checked().is_none()).count();
        assert_eq!(refused, 8 - room + 1, "/{bits}: those without room, and who adds it");
        assert_eq!(said(&built[3]).len(), 8 - room, "/{bits}");
    }
}
