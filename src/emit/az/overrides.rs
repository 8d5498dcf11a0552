//! What people add to resources by hand: one update per resource, and none where it is there already.
//!
//! The generic command writes whole properties, so that each of them is given as the template has it.

use super::ensure::{Fact, Home, act, ascii, ask};
use super::shell::{Command, Query, Script, Word};
use super::{cluster, firewall, generic, logs, network};
use crate::emit::deployment::additions;
use crate::emit::deployment::node::Key;
use crate::emit::deployment::target::Kind;
use crate::emit::deployment::{self, Layer};
use crate::plan::json::plain;
use crate::plan::{Layers, Override, Plan};
use crate::profile::OverrideTarget;
use crate::value::Plain;

/// Says whether what was found is what the profile adds.
pub(super) const HOLDS: &str = r#"# Whether what was found last is this, value by value.
holds() {
  local at=0
  while (($# > 0)); do
    alike "$1" "${found[at]-}" || return 1
    at=$((at + 1))
    shift
  done
}
"#;

/// Of everything that belongs to the network.
pub(super) fn of_network(script: &mut Script, plan: &Plan) {
    section(script, plan, |target| match target {
        OverrideTarget::Firewall | OverrideTarget::FirewallPolicy | OverrideTarget::Network => true,
        OverrideTarget::Workspace | OverrideTarget::Subnet(_) => true,
        OverrideTarget::Cluster | OverrideTarget::NodePool(_) => false,
    });
}

/// Of the cluster and its pools.
pub(super) fn of_cluster(script: &mut Script, plan: &Plan) {
    section(script, plan, |target| match target {
        OverrideTarget::Cluster | OverrideTarget::NodePool(_) => true,
        OverrideTarget::Firewall | OverrideTarget::FirewallPolicy | OverrideTarget::Network => false,
        OverrideTarget::Workspace | OverrideTarget::Subnet(_) => false,
    });
}

fn section(script: &mut Script, plan: &Plan, wanted: impl Fn(&OverrideTarget) -> bool) {
    let mut targets: Vec<&OverrideTarget> = Vec::new();
    for one in plan.overrides.iter().filter(|one| wanted(&one.resource)) {
        if !targets.contains(&&one.resource.value) {
            targets.push(&one.resource);
        }
    }
    if targets.is_empty() {
        return;
    }
    script.section("What the profile adds by hand.");
    // As one template, in which nothing is a parameter that the script would not know.
    let mut layers = deployment::build(&Plan { layers: Layers::One, ..plan.clone() });
    for target in targets {
        update(script, plan, target, &mut layers);
    }
}

fn update(script: &mut Script, plan: &Plan, target: &OverrideTarget, layers: &mut [Layer]) {
    let own: Vec<&Override> = plan.overrides.iter().filter(|one| one.resource.value == *target).collect();
    let (id, kind) = place(plan, target);
    let what = format!("additions to {target}");
    let named = |words| {
        Command::new(words).option("--ids", &id).option("--api-version", &Word::bare(kind.version(*plan.cloud)))
    };
    let facts: Vec<Fact> =
        own.iter().flat_map(|one| one.leaves()).flat_map(|(path, leaf)| facts(&path, leaf)).collect();
    let queries: Vec<Query> = facts.iter().map(|fact| fact.query.clone()).collect();
    script.gap();
    script.run(&ask(named("ask az resource show"), &Query::lines(&queries)));
    let mut holds = Command::new("holds");
    for Fact { name: _, query: _, planned } in &facts {
        holds = holds.word(planned);
    }
    script.open_with("if", &holds, "; then");
    script.short("say", &[Word::quote(&format!("unchanged: {what}"))]);
    script.between("else");
    script.short("say", &[Word::quote(&format!("updating: {what}"))]);
    script.run(&act(named("az resource update").list("--set", &settings(plan, target, &own, layers))));
    script.close("fi");
}

/// Each property right below `properties` that is touched, as a whole.
fn settings(plan: &Plan, target: &OverrideTarget, own: &[&Override], layers: &mut [Layer]) -> Vec<Word> {
    let Some(fields) = additions::properties(layers, plan, target) else { return Vec::new() };
    let mut firsts: Vec<&str> = own.iter().filter_map(|one| one.pointer.names.first().map(String::as_str)).collect();
    firsts.sort_unstable();
    firsts.dedup();
    let value = |name: &str| fields.iter().find(|(key, _)| is(key, name)).map(|(_, value)| value);
    let setting = |name: &&str| Some(Word::quote(&format!("properties.{name}=")).and(&generic::json(value(name)?)));
    firsts.iter().filter_map(setting).collect()
}

fn is(key: &Key, wanted: &str) -> bool {
    match key {
        Key::Fixed(name) => *name == wanted,
        Key::Data(name) => name == wanted,
        Key::Expr(_) => false,
    }
}

fn place(plan: &Plan, target: &OverrideTarget) -> (Word, Kind) {
    match target {
        OverrideTarget::Cluster => (cluster::id(plan), Kind::Cluster),
        OverrideTarget::NodePool(name) => {
            (cluster::id(plan).and(&Word::bare("/agentPools/")).and(&Word::quote(name)), Kind::Pool)
        }
        OverrideTarget::Firewall => (firewall::id(plan), Kind::Firewall),
        OverrideTarget::FirewallPolicy => (firewall::policy_id(plan), Kind::Policy),
        OverrideTarget::Network => (network::network_id(Home::MAIN, &plan.network), Kind::Network),
        OverrideTarget::Workspace => (logs::workspace_id(plan), Kind::Workspace),
        OverrideTarget::Subnet(_) => {
            let name = plan.overridden(target).unwrap_or_default();
            (
                network::network_id(Home::MAIN, &plan.network).and(&Word::bare("/subnets/")).and(&Word::quote(name)),
                Kind::Subnet,
            )
        }
    }
}

/// How to ask for a value, and what it should be. What Azure adds beside it is not asked for.
fn facts(path: &[&str], value: &Plain) -> Vec<Fact> {
    let at = path.iter().fold(Query::new("properties"), |query, name| query.then(".").key(name));
    of_value(at, value)
}

fn of_value(at: Query, value: &Plain) -> Vec<Fact> {
    let fact = |query, planned| Fact { name: "".into(), query, planned };
    match value {
        Plain::Bool(_) | Plain::Int(_) => vec![fact(at, Word::quote(&plain(value).to_string()))],
        Plain::Text(text) => vec![fact(at, Word::quote(text))],
        Plain::List(items) if items.iter().all(|item| !matches!(item, Plain::Table(_) | Plain::List(_))) => {
            vec![fact(at, Word::quote(&ascii(&plain(value))))]
        }
        Plain::List(items) => {
            let mut list =
                vec![fact(at.clone().then(" && length(").and(&at).then(")"), Word::number(items.len() as u64))];
            list.extend(items.iter().enumerate().flat_map(|(number, item)| of_value(at.clone().index(number), item)));
            list
        }
        // Azure may fill it.
        Plain::Table(fields) if fields.is_empty() => {
            vec![fact(Query::new("type(").and(&at).then(")"), Word::bare("object"))]
        }
        Plain::Table(fields) => {
            fields.iter().flat_map(|(name, value)| of_value(at.clone().then(".").key(name), value)).collect()
        }
    }
}
