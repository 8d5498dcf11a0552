//! Both sides of the peering between the cluster's network and the firewall's.

use serde_json::json;

use super::ensure::{Fact, Home, ensure};
use super::network::network_id;
use super::shell::{Command, Script, Word};
use crate::plan::peering::{CONNECTED, Peering};
use crate::plan::{Network, Plan};

/// One side: in which network, what it is called, and where it leads.
struct Side<'a> {
    home: Home,
    network: &'a Network,
    name: &'a str,
    remote: Word,
}

fn sides(plan: &Plan) -> Vec<Side<'_>> {
    let (Some(hub), Some(Peering { to_firewall, to_cluster, back: _, origin: _ })) = (&plan.hub, &plan.peering) else {
        return Vec::new();
    };
    let (cluster, firewall) = (&plan.network, &hub.network);
    vec![
        Side { home: Home::MAIN, network: cluster, name: to_firewall, remote: network_id(Home::HUB, firewall) },
        Side { home: Home::HUB, network: firewall, name: to_cluster, remote: network_id(Home::MAIN, cluster) },
    ]
}

impl Side<'_> {
    fn what(&self) -> String {
        format!("peering {} of network {}", self.name, *self.network.name)
    }

    fn command(&self, words: &'static str) -> Command {
        self.home
            .grouped(words, "--vnet-name", &Word::quote(&self.network.name))
            .option("--name", &Word::quote(self.name))
    }
}

/// What one side of a peering is: it lets through what the firewall forwards, and uses no gateway of the other.
pub(super) fn facts(remote: &Word) -> Vec<Fact> {
    vec![
        Fact::known("remote network", "remoteVirtualNetwork.id", remote.clone()),
        Fact::json("access", "allowVirtualNetworkAccess", &json!(true)),
        Fact::json("forwarded traffic", "allowForwardedTraffic", &json!(true)),
        Fact::json("gateway transit", "allowGatewayTransit || !@", &json!(false)),
        Fact::json("remote gateways", "useRemoteGateways || !@", &json!(false)),
    ]
}

/// The options of the same.
pub(super) fn create(command: Command, remote: &Word) -> Command {
    command
        .option("--remote-vnet", remote)
        .option("--allow-vnet-access", &Word::bare("true"))
        .option("--allow-forwarded-traffic", &Word::bare("true"))
        .option("--allow-gateway-transit", &Word::bare("false"))
        .option("--use-remote-gateways", &Word::bare("false"))
}

pub(super) fn peerings(script: &mut Script, plan: &Plan) {
    let sides = sides(plan);
    if !sides.is_empty() {
        script.section("Peering of both networks; nothing passes until both sides are there.");
    }
    for side in sides {
        let create = create(side.command("az network vnet peering create"), &side.remote);
        ensure(script, &side.what(), side.command("az network vnet peering show"), &facts(&side.remote), create);
    }
}

/// Lines of the table of `verify.sh`.
pub(super) fn rows(script: &mut Script, plan: &Plan) {
    for side in sides(plan) {
        let mut facts = facts(&side.remote);
        facts.push(Fact::text("state", "peeringState", CONNECTED));
        super::verify::check(script, &side.what(), side.command("az network vnet peering show"), &facts);
    }
}
