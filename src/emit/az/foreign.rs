//! What the plan takes for granted about resources that others own: looked at, never written.

use serde_json::json;

use super::ensure::{Fact, ask, compare};
use super::network::PREFIXES;
use super::shell::{Command, Query, Script, Word};
use crate::plan::Plan;
use crate::plan::assume::{Assumption, Claim, Prefixes, SubnetClaim};
use crate::value::{ResourceId, ResourceType};

/// Looking through a list.
const AMONG: &str = r#"# Whether one of the lines that were found is this value.
among() {
  local line
  for line in ${found[@]+"${found[@]}"}; do
    if alike "$1" "$line"; then
      return 0
    fi
  done
  return 1
}
"#;

/// What the scripts need that look for the way to somebody else's firewall.
pub(super) fn helper(plan: &Plan) -> Option<&'static str> {
    let listed = |claim: &Claim| match claim {
        Claim::Reaches(_) | Claim::OnlyPeering { with: _, name: _ } => true,
        Claim::Region(_)
        | Claim::Subscription
        | Claim::Subnet(_)
        | Claim::Firewall { private_ip: _, policy: _, network: _ }
        | Claim::Policy { tier: _, dns_proxy: _ }
        | Claim::FreePriority { priority: _, group: _ } => false,
    };
    plan.assumptions.iter().any(|assumption| listed(&assumption.claim)).then_some(AMONG)
}

/// The same for scripts that look for the way from a network that is created, where others peer it.
pub(super) fn helper_after(plan: &Plan) -> Option<&'static str> {
    helper(plan).or((plan.firewall.existing.is_some() && plan.peering.is_none()).then_some(AMONG))
}

/// Ends the script when something of it is not so. For scripts that build.
pub(super) fn before(script: &mut Script, plan: &Plan) {
    if plan.assumptions.is_empty() {
        return;
    }
    script.section("What others own has to be there, and to be what the profile says.");
    for assumption in &plan.assumptions {
        match look(assumption) {
            Look::Facts { what, show, facts } => {
                script.gap();
                script.open_with("if look", &show, "; then");
                compare(script, &what, &facts);
                script.between("else");
                script.short("stop", &[Word::quote(&format!("{what} does not exist; its owner has to make it"))]);
                script.close("fi");
            }
            Look::Way(way) => way.stop_without(
                script,
                "its owner peers both networks and lets forwarded traffic in, or the profile names firewall.existing.peer",
            ),
            Look::OnlyPeering { network, with, list } => {
                script.gap();
                script.run(&list);
                script.open_around("if among ", &Word::quote(&with.to_string()), "; then");
                let text = format!(
                    "network {} is peered with {} already, and Azure takes no second peering: take \
                     firewall.existing.peer out of the profile",
                    network.name, with.name
                );
                script.short("stop", &[Word::quote(&text)]);
                script.close("fi");
            }
        }
    }
}

/// Lines of the table of `verify.sh`.
pub(super) fn rows(script: &mut Script, plan: &Plan) {
    for assumption in &plan.assumptions {
        match look(assumption) {
            Look::Facts { what, show, facts } => super::verify::check_asked(script, &what, &show, &facts),
            Look::Way(way) => way.row(script),
            Look::OnlyPeering { network, with, list } => {
                let what = format!("network {}", network.name);
                let text = format!("no other peering with {}", with.name);
                script.gap();
                script.run(&list);
                script.open_around("if among ", &Word::quote(&with.to_string()), "; then");
                script.short("row", &[Word::bare("fail"), Word::quote(&what), Word::quote(&format!("planned {text}"))]);
                script.between("else");
                script.short("row", &[Word::bare("ok"), Word::quote(&what), Word::quote(&text)]);
                script.close("fi");
            }
        }
    }
}

/// How an assumption is looked at.
enum Look<'a> {
    /// One command, whose answer should be this.
    Facts {
        /// What the resource is called.
        what: String,
        /// The command that asks for it.
        show: Command,
        /// What the answer should be.
        facts: Vec<Fact>,
    },
    /// The networks that a network is peered with should include the firewall's.
    Way(Way),
    /// The networks that other entries of a network lead to should not include this one.
    OnlyPeering {
        /// Which network.
        network: &'a ResourceId,
        /// The other one.
        with: &'a ResourceId,
        /// The command that lists them.
        list: Command,
    },
}

/// From a network to a firewall.
pub(super) struct Way {
    network: String,
    network_id: Word,
    firewall: ResourceId,
    peerings: Command,
}

impl Way {
    /// From the cluster's network; `peerings` is a command that lists what it is peered with.
    pub(super) fn new(network: &str, network_id: Word, firewall: &ResourceId, peerings: Command) -> Way {
        Way { network: network.to_owned(), network_id, firewall: firewall.clone(), peerings }
    }

    fn what(&self) -> String {
        format!("way from network {} to firewall {}", self.network, self.firewall.name)
    }

    /// Ends the script where there is no way.
    pub(super) fn stop_without(&self, script: &mut Script, help: &'static str) {
        self.ask(script);
        let (network, firewall) = (&self.network, &self.firewall.name);
        let failure =
            format!("network {network} neither holds the firewall {firewall} nor reaches its network: {help}");
        script.short("stop", &[Word::quote(&failure)]);
        script.close("fi");
        script.short("say", &[Word::quote(&format!("unchanged: {}", self.what()))]);
    }

    /// Opens the branch for no way.
    fn ask(&self, script: &mut Script) {
        let subnet = Query::lines(&[Query::new("ipConfigurations[].subnet.id | [0]")]);
        script.gap();
        script.syntax("firewall_network=nowhere");
        script.open_with("if look", &asked(show(&self.firewall), &self.firewall, &subnet), "; then");
        script.syntax(r#"firewall_network="${found[0]%/*/*}""#);
        script.close("fi");
        script.open_with("if ! look", &self.peerings, "; then");
        script.syntax("found=()");
        script.close("fi");
        let head = r#"if ! alike "$firewall_network" "#;
        script.open_around(head, &self.network_id, r#" && ! among "$firewall_network"; then"#);
    }

    /// A line of the table of `verify.sh`.
    pub(super) fn row(&self, script: &mut Script) {
        let row = |script: &mut Script, result, text: &str| {
            script.short("row", &[Word::bare(result), Word::quote(&self.what()), Word::quote(text)]);
        };
        self.ask(script);
        row(script, "fail", "neither in this network nor in one that it is peered with");
        script.between("else");
        row(script, "ok", "reached directly");
        script.close("fi");
    }
}

/// What lists the networks that a network exchanges traffic with, forwarded traffic included.
pub(super) const REACHED: &str = "[?peeringState=='Connected' && allowVirtualNetworkAccess && allowForwardedTraffic]\
.remoteVirtualNetwork.id";

/// A command on the peerings of a network of somebody else.
fn peerings(network: &ResourceId, words: &'static str, query: &Query) -> Command {
    let list = Command::new(words)
        .option("--resource-group", &Word::quote(&network.group))
        .option("--vnet-name", &Word::quote(&network.name));
    asked(list, network, query)
}

fn look(assumption: &Assumption) -> Look<'_> {
    let Assumption { about, claim, why: _, origin: _ } = assumption;
    let words = about.kind.words();
    let what = format!("{} {}", words.strip_prefix("a ").unwrap_or(words), about.name);
    let lines = |facts: &[Fact]| Query::lines(&facts.iter().map(|fact| fact.query.clone()).collect::<Vec<_>>());
    let (command, facts) = match claim {
        Claim::Region(region) => (show(about), vec![Fact::text("region", "location", region)]),
        Claim::Subscription => {
            let facts = vec![Fact::text("subscription", "id", &about.subscription)];
            let show = ask(Command::new("az account show"), &lines(&facts));
            return Look::Facts { what: format!("subscription of {what}"), show, facts };
        }
        Claim::Subnet(subnet) => {
            let facts = subnet_facts(subnet);
            let show = Command::new("az network vnet subnet show")
                .option("--resource-group", &Word::quote(&about.group))
                .option("--vnet-name", &Word::quote(&about.name))
                .option("--name", &Word::quote(&subnet.name));
            let show = asked(show, about, &lines(&facts));
            return Look::Facts { what: format!("subnet {} of {what}", subnet.name), show, facts };
        }
        Claim::Firewall { private_ip, policy, network } => {
            let mut facts = vec![
                Fact::text("private address", "ipConfigurations[].privateIPAddress | [0]", &private_ip.to_string()),
                Fact::text("policy", "firewallPolicy.id", &policy.to_string()),
            ];
            facts.extend(network.as_ref().map(|network| {
                let subnet = format!("{network}/subnets/AzureFirewallSubnet");
                Fact::text("subnet", "ipConfigurations[].subnet.id | [0]", &subnet)
            }));
            (show(about), facts)
        }
        Claim::Policy { tier, dns_proxy } => {
            let mut facts = vec![Fact::text("tier", "sku.tier", tier.word())];
            if *dns_proxy {
                facts.push(Fact::json("DNS proxy", "dnsSettings.enableProxy", &json!(true)));
            }
            (show(about), facts)
        }
        Claim::FreePriority { priority, group } => {
            let list = Command::new("az network firewall policy rule-collection-group list")
                .option("--resource-group", &Word::quote(&about.group))
                .option("--policy-name", &Word::quote(&about.name));
            let query = Query::new("[?to_string(priority)==").literal(&priority.to_string());
            let query = query.then(" && name!=").literal(group).then("].name | [0] || 'none'");
            let name = format!("other group of priority {priority}").into();
            (list, vec![Fact { name, query, planned: Word::bare("none") }])
        }
        Claim::Reaches(firewall) => {
            let list = peerings(about, "az network vnet peering list", &Query::new(REACHED));
            return Look::Way(Way::new(&about.name, Word::quote(&about.to_string()), firewall, list));
        }
        Claim::OnlyPeering { with, name } => {
            let query = Query::new("[?name!=").literal(name).then("].remoteVirtualNetwork.id");
            let list = peerings(about, "ask az network vnet peering list", &query);
            return Look::OnlyPeering { network: about, with, list };
        }
    };
    let query = lines(&facts);
    Look::Facts { what, show: asked(command, about, &query), facts }
}

fn subnet_facts(SubnetClaim { role: _, name: _, bits, prefixes, delegated_to, table }: &SubnetClaim) -> Vec<Fact> {
    let list = || Query::new(PREFIXES).then(" | ");
    let mut facts = Vec::new();
    if let Some(bits) = bits {
        // JMESPath has no numbers in texts: one comparison for each length that is short enough.
        let mut query = list().then("([?ends_with(@, ").literal("/8").then(")");
        for bits in 9..=*bits {
            query = query.then(" || ends_with(@, ").literal(&format!("/{bits}")).then(")");
        }
        let query = query.then("] | [0]) && ").literal("large enough").then(" || join(', ', @)");
        facts.push(Fact { name: format!("a /{bits} or larger").into(), query, planned: Word::quote("large enough") });
    }
    facts.push(match prefixes {
        Prefixes::One => Fact {
            name: "number of prefixes".into(),
            query: list().then("[1] && join(', ', @) || 'one'"),
            planned: Word::bare("one"),
        },
        Prefixes::Ipv4 => Fact {
            name: "IPv6 prefix".into(),
            query: list().then("[?contains(@, ':')] | [0] || 'none'"),
            planned: Word::bare("none"),
        },
    });
    if let Some(service) = delegated_to {
        facts.push(Fact::text("delegation", "delegations[0].serviceName || 'none'", service));
    }
    let (query, planned) = match table {
        Some(id) => (Query::new("routeTable.id || ").literal(id), Word::quote(id)),
        None => (Query::new("routeTable.id || 'none'"), Word::bare("none")),
    };
    facts.push(Fact { name: "route table".into(), query, planned });
    facts
}

fn show(id: &ResourceId) -> Command {
    let ResourceId { subscription: _, group, kind, name } = id;
    let command = match kind {
        ResourceType::Network => Command::new("az network vnet show"),
        ResourceType::Firewall => Command::new("az network firewall show"),
        ResourceType::FirewallPolicy => Command::new("az network firewall policy show"),
        ResourceType::Workspace => Command::new("az monitor log-analytics workspace show"),
    };
    command.option("--resource-group", &Word::quote(group)).option("--name", &Word::quote(name))
}

/// A command that asks in the subscription of a resource.
fn asked(command: Command, id: &ResourceId, query: &Query) -> Command {
    command
        .option("--query", &Word::query(query))
        .option("--subscription", &Word::quote(&id.subscription))
        .option("--output", &Word::bare("tsv"))
}
