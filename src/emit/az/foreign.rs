//! What the plan takes for granted about resources that others own: looked at, never written.

use super::ensure::{Fact, compare};
use super::shell::{Command, Query, Script, Word};
use crate::plan::Plan;
use crate::plan::assume::{Assumption, Claim};
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
    let facts = match claim {
        Claim::Region(region) => vec![Fact::text("region", "location", region)],
    };
    let queries: Vec<Query> = facts.iter().map(|fact| fact.query.clone()).collect();
    let words = about.kind.words();
    let what = format!("{} {}", words.strip_prefix("a ").unwrap_or(words), about.name);
    (what, asked(show(about), about, &Query::lines(&queries)), facts)
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
