//! The peering with the network of somebody else's firewall: both sides, or the cluster's and a script for the other's owner.

use super::ensure::{Home, ask, ask_in, grouped};
use super::foreign::{REACHED, Way};
use super::network::network_id;
use super::peering::Side;
use super::prelude::{ALIKE, ARGUMENTS, SAME, begin};
use super::shell::{Command, Query, Script, Word};
use crate::plan::peering::{CONNECTED, Peering};
use crate::plan::{Layers, Plan};
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

/// The peering and the network of the firewall, where they are peered.
fn parts(plan: &Plan) -> Option<(&Peering, &ResourceId)> {
    Some((plan.peering.as_ref()?, &plan.firewall.existing.as_ref()?.peer.as_ref()?.value))
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

/// The entry in the cluster's network.
fn near_entry(plan: &Plan) -> Option<Side<'_>> {
    let (Peering { to_firewall, to_cluster: _, back: _, origin: _ }, peer) = parts(plan)?;
    Some(Side {
        name: to_firewall,
        network: &plan.network.name,
        command: Box::new(|words| near_network(plan, words).option("--name", &Word::quote(to_firewall))),
        remote: Word::quote(&peer.to_string()),
        subscription: Word::var("subscription"),
    })
}

/// The entry in the firewall's network, whoever writes it.
fn far_entry(plan: &Plan) -> Option<Side<'_>> {
    let (Peering { to_firewall: _, to_cluster, back: _, origin: _ }, peer) = parts(plan)?;
    let ResourceId { subscription, group, kind: _, name: network } = peer;
    let command = |words| {
        Command::new(words)
            .option("--resource-group", &Word::quote(group))
            .option("--vnet-name", &Word::quote(network))
            .option("--name", &Word::quote(to_cluster))
    };
    Some(Side {
        name: to_cluster,
        network,
        command: Box::new(command),
        remote: network_id(Home::MAIN, &plan.network),
        subscription: Word::quote(subscription),
    })
}

/// What is written of the peering.
pub(super) fn written(script: &mut Script, plan: &Plan) {
    let Some((peering, _)) = parts(plan) else { return };
    script.section(if peering.back {
        "Peering with the firewall's network; nothing passes until both sides are there."
    } else {
        "Peering with the firewall's network; its owner adds the other side with peer-back.sh."
    });
    near_entry(plan).into_iter().chain(far_entry(plan).filter(|_| peering.back)).for_each(|one| one.ensure(script));
}

/// The state of the cluster's side, and what to say while the other one is missing, which its owner adds.
fn state(plan: &Plan, words: &'static str) -> Option<(Command, Word)> {
    let (peering, peer) = parts(plan).filter(|(peering, _)| !peering.back)?;
    let near = near_entry(plan)?;
    let show = ask_in((near.command)(words), &Query::lines(&[Query::new("peeringState")]), &near.subscription);
    let missing = format!(
        "peering {} has no other side: peer-back.sh, run by the owner of network {}, adds it; then run this again",
        *peering.to_firewall, peer.name
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
    if let Some((show, missing)) = state(plan, "ask az network vnet peering show") {
        script.section("Nothing passes to the firewall until the owner of its network has added the other side.");
        script.run(&show);
        stop_unless_connected(script, missing);
    }
    // Who deploys a second layer need not be allowed to see the firewall.
    if let Some(way) = way_of_others(plan).filter(|_| plan.layers == Layers::One) {
        script.section("Others peer the network with that of the firewall; its nodes reach nothing before.");
        way.stop_without(script, "peer both networks, and run this again");
    }
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

/// Lines of the table of `verify.sh`.
pub(super) fn rows(script: &mut Script, plan: &Plan) {
    if let Some((peering, _)) = parts(plan) {
        script.section("Peering.");
        near_entry(plan).into_iter().chain(far_entry(plan).filter(|_| peering.back)).for_each(|one| one.row(script));
    } else if let Some(way) = way_of_others(plan) {
        script.section("The way to the firewall, which others made.");
        way.row(script);
    }
}

/// From a network that is created, where no peering is written. Of one that is there it is taken for granted and looked at
/// with everything else that is.
fn way_of_others(plan: &Plan) -> Option<Way> {
    let existing = plan.firewall.existing.as_ref().filter(|_| plan.network.existing.is_none())?;
    if plan.peering.is_some() {
        return None;
    }
    let list = ask(near_network(plan, "az network vnet peering list"), &Query::new(REACHED));
    Some(Way::new(&plan.network.name, network_id(Home::MAIN, &plan.network), &existing.id, list))
}

/// The script for the owner of the firewall's network, where that owner adds its side.
pub(super) fn far(plan: &Plan) -> Option<String> {
    let (peering, _) = parts(plan)?;
    let entry = far_entry(plan).filter(|_| !peering.back)?;
    let mut script = begin(plan, PURPOSE, USAGE, ARGUMENTS, &[ALIKE, SAME]);
    script.section("The side of the firewall's network.");
    entry.ensure(&mut script);
    Some(script.finish())
}
