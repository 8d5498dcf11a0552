//! What the plan takes for granted about resources that others own: looked at, never written.

use serde_json::json;

use super::ensure::{Fact, ask, compare};
use super::shell::{Command, Query, Script, Word};
use crate::plan::Plan;
use crate::plan::assume::{Assumption, Claim, SubnetClaim};
use crate::value::{ResourceId, ResourceType};

/// Ends the script when something of it is not so. For scripts that build.
pub(super) fn before(script: &mut Script, plan: &Plan) {
    if plan.assumptions.is_empty() {
        return;
    }
    script.section("What others own has to be there, and to be what the profile says.");
    for assumption in &plan.assumptions {
        let (what, show, facts) = parts(assumption);
        script.gap();
        script.open_with("if look", &show, "; then");
        compare(script, &what, &facts);
        script.between("else");
        script.short("stop", &[Word::quote(&format!("{what} does not exist; its owner has to make it"))]);
        script.close("fi");
    }
}

/// Lines of the table of `verify.sh`.
pub(super) fn rows(script: &mut Script, plan: &Plan) {
    for assumption in &plan.assumptions {
        let (what, show, facts) = parts(assumption);
        super::verify::check_asked(script, &what, &show, &facts);
    }
}

/// What a resource is called, the command that asks for it, and what the answer should be.
fn parts(assumption: &Assumption) -> (String, Command, Vec<Fact>) {
    let Assumption { about, claim, why: _, origin: _ } = assumption;
    let words = about.kind.words();
    let what = format!("{} {}", words.strip_prefix("a ").unwrap_or(words), about.name);
    let lines = |facts: &[Fact]| Query::lines(&facts.iter().map(|fact| fact.query.clone()).collect::<Vec<_>>());
    let (command, facts) = match claim {
        Claim::Region(region) => (show(about), vec![Fact::text("region", "location", region)]),
        Claim::Subscription => {
            let facts = vec![Fact::text("subscription", "id", &about.subscription)];
            let command = ask(Command::new("az account show"), &lines(&facts));
            return (format!("subscription of {what}"), command, facts);
        }
        Claim::Subnet(subnet) => {
            let facts = subnet_facts(subnet);
            let show = Command::new("az network vnet subnet show")
                .option("--resource-group", &Word::quote(&about.group))
                .option("--vnet-name", &Word::quote(&about.name))
                .option("--name", &Word::quote(&subnet.name));
            return (format!("subnet {} of {what}", subnet.name), asked(show, about, &lines(&facts)), facts);
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
    };
    let query = lines(&facts);
    (what, asked(command, about, &query), facts)
}

fn subnet_facts(SubnetClaim { role: _, name: _, bits, delegated_to, table }: &SubnetClaim) -> Vec<Fact> {
    let mut facts = Vec::new();
    if let Some(bits) = bits {
        // JMESPath has no numbers in texts: one comparison for each length that is short enough.
        let mut query = Query::new("(addressPrefix || addressPrefixes[0]) | (ends_with(@, ").literal("/8").then(")");
        for bits in 9..=*bits {
            query = query.then(" || ends_with(@, ").literal(&format!("/{bits}")).then(")");
        }
        let query = query.then(") && ").literal("large enough").then(" || @");
        facts.push(Fact { name: format!("a /{bits} or larger").into(), query, planned: Word::quote("large enough") });
    }
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
