//! The peering with the network of somebody else's firewall: the cluster's side, and a script for the owner of the other.

use super::ensure::{Fact, Home, ask, ensure, ensure_in, grouped};
use super::foreign::{REACHED, Way};
use super::network::network_id;
use super::peering::{create, facts};
use super::prelude::{ALIKE, ARGUMENTS, SAME, begin};
use super::shell::{Command, Query, Script, Word};
use crate::plan::Plan;
use crate::plan::peering::CONNECTED;
use crate::value::ResourceId;

const PURPOSE: &str = "\
For the owner of the firewall's network: adds its side of the peering with the cluster's network.

Nothing passes between the two networks before both sides are there.";

const USAGE: &str = r"usage() {
  cat <<'END'
Usage: peer-back.sh --subscription ID

Adds the peering to the firewall's network. It changes nothing else of that network.

  --subscription ID   ID or name of the cluster's subscription (else the variable AZURE_SUBSCRIPTION_ID)
  -h, --help          this text
END
}
";

/// The two names and the network of the firewall, where it is peered.
fn parts(plan: &Plan) -> Option<(&str, &str, &ResourceId)> {
    let peering = plan.peering.as_ref()?;
    let peer = plan.firewall.existing.as_ref()?.peer.as_ref()?;
    Some((&peering.to_firewall, &peering.to_cluster, &peer.value))
}

/// A command on the cluster's network, which may be somebody else's.
fn near_network(plan: &Plan, words: &'static str) -> Command {
    match &plan.network.existing {
        Some(id) => Command::new(words)
            .option("--resource-group", &Word::quote(&id.group))
            .option("--vnet-name", &Word::quote(&id.name)),
        None => grouped(words, "--vnet-name", &Word::quote(&plan.network.name)),
    }
}

/// A command on the cluster's side.
fn near_side(plan: &Plan, name: &str, words: &'static str) -> Command {
    near_network(plan, words).option("--name", &Word::quote(name))
}

pub(super) fn near(script: &mut Script, plan: &Plan) {
    let Some((name, _, peer)) = parts(plan) else { return };
    script.section("Peering with the firewall's network; its owner adds the other side with peer-back.sh.");
    let remote = Word::quote(&peer.to_string());
    let command = |words| near_side(plan, name, words);
    let create = create(command("az network vnet peering create"), &remote);
    ensure(script, &format!("peering {name}"), command("az network vnet peering show"), &facts(&remote), create);
}

/// The state of the cluster's side, and what to say while the other one is missing.
fn state(plan: &Plan, words: &'static str) -> Option<(Command, Word)> {
    let (name, _, peer) = parts(plan)?;
    let show = ask(near_side(plan, name, words), &Query::lines(&[Query::new("peeringState")]));
    let missing = format!(
        "peering {name} has no other side: peer-back.sh, run by the owner of network {}, adds it; then run this again",
        peer.name
    );
    Some((show, Word::quote(&missing)))
}

fn stop_unless_connected(script: &mut Script, missing: Word) {
    script.open_around("if [[ \"${found[0]-}\" != ", &Word::quote(CONNECTED), " ]]; then");
    script.short("stop", &[missing]);
    script.close("fi");
}

/// Ends the script while nothing passes to the firewall: nodes that reach nothing make no cluster.
pub(super) fn connected(script: &mut Script, plan: &Plan) {
    let Some((show, missing)) = state(plan, "ask az network vnet peering show") else { return };
    script.section("Nothing passes to the firewall until the owner of its network has added the other side.");
    script.run(&show);
    stop_unless_connected(script, missing);
}

/// The same before a template, which makes the cluster's side and then stops by itself.
pub(super) fn connected_before(script: &mut Script, plan: &Plan) {
    let Some((show, missing)) = state(plan, "az network vnet peering show") else { return };
    script.section("Nothing passes to the firewall until the owner of its network has added the other side.");
    script.open_with("if look", &show, "; then");
    stop_unless_connected(script, missing);
    script.between("else");
    let text = "the peering is new: this deployment ends at its step peering-guard, before the cluster; the owner of \
                the firewall's network then runs peer-back.sh, and this continues when it is run again";
    script.short("say", &[Word::quote(text)]);
    script.close("fi");
}

/// A line of the table of `verify.sh`: both sides are there when the state says so.
pub(super) fn row(script: &mut Script, plan: &Plan) {
    let Some((name, _, peer)) = parts(plan) else {
        // Of a network of somebody else it is taken for granted, and looked at there.
        if let (Some(existing), None) = (&plan.firewall.existing, &plan.network.existing) {
            script.section("The way to the firewall, which others made.");
            let list = ask(near_network(plan, "az network vnet peering list"), &Query::new(REACHED));
            Way::new(&plan.network.name, network_id(Home::MAIN, &plan.network), &existing.id, list).row(script);
        }
        return;
    };
    script.section("Peering.");
    let mut facts = facts(&Word::quote(&peer.to_string()));
    facts.push(Fact::text("state", "peeringState", CONNECTED));
    let show = near_side(plan, name, "az network vnet peering show");
    super::verify::check(script, &format!("peering {name}"), show, &facts);
}

/// The script for the owner of the firewall's network.
pub(super) fn far(plan: &Plan) -> Option<String> {
    let (_, name, peer) = parts(plan)?;
    let ResourceId { subscription, group, kind: _, name: network } = peer;
    let mut script = begin(plan, PURPOSE, USAGE, ARGUMENTS, &[ALIKE, SAME]);
    script.section("The side of the firewall's network.");
    let remote = network_id(Home::MAIN, &plan.network);
    let command = |words| {
        Command::new(words)
            .option("--resource-group", &Word::quote(group))
            .option("--vnet-name", &Word::quote(network))
            .option("--name", &Word::quote(name))
    };
    let create = create(command("az network vnet peering create"), &remote);
    let what = format!("peering {name} of network {network}");
    let show = command("az network vnet peering show");
    ensure_in(&mut script, &what, show, &facts(&remote), create, &Word::quote(subscription));
    Some(script.finish())
}
