//! Both sides of the peering between the cluster's network and the firewall's.

use serde_json::json;

use super::ensure::{Fact, Home, ask_in, ensure_in};
use super::network::network_id;
use super::shell::{Command, Query, Script, Word};
use crate::plan::peering::{CONNECTED, Peering};
use crate::plan::{Network, Plan};

/// One side: what it is called, in which network, a command on it, where it leads, and the subscription that it is in.
pub(super) struct Side<'a> {
    pub(super) name: &'a str,
    pub(super) network: &'a str,
    pub(super) command: Box<dyn Fn(&'static str) -> Command + 'a>,
    pub(super) remote: Word,
    pub(super) subscription: Word,
}

impl Side<'_> {
    fn what(&self) -> String {
        format!("peering {} of network {}", self.name, self.network)
    }

    /// Creates it, unless it is there and as planned.
    pub(super) fn ensure(&self, script: &mut Script) {
        let create = create((self.command)("az network vnet peering create"), &self.remote);
        let show = (self.command)("az network vnet peering show");
        ensure_in(script, &self.what(), show, &facts(&self.remote), create, &self.subscription);
    }

    /// A line of the table of `verify.sh`: both sides are there when the state says so.
    pub(super) fn row(&self, script: &mut Script) {
        let mut facts = facts(&self.remote);
        facts.push(Fact::text("state", "peeringState", CONNECTED));
        let queries: Vec<Query> = facts.iter().map(|fact| fact.query.clone()).collect();
        let show = (self.command)("az network vnet peering show");
        let asked = ask_in(show, &Query::lines(&queries), &self.subscription);
        super::verify::check_asked(script, &self.what(), &asked, &facts);
    }
}

/// Both sides of the peering with a hub.
fn sides<'a>(plan: &'a Plan) -> Vec<Side<'a>> {
    let (Some(hub), Some(Peering { to_firewall, to_cluster, back: _, origin: _ })) = (&plan.hub, &plan.peering) else {
        return Vec::new();
    };
    let side = |home: Home, network: &'a Network, name: &'a str, remote: Word| Side {
        name,
        network: &network.name,
        command: Box::new(move |words| {
            home.grouped(words, "--vnet-name", &Word::quote(&network.name)).option("--name", &Word::quote(name))
        }),
        remote,
        subscription: Word::var("subscription"),
    };
    let (cluster, firewall) = (&plan.network, &hub.network);
    vec![
        side(Home::MAIN, cluster, to_firewall, network_id(Home::HUB, firewall)),
        side(Home::HUB, firewall, to_cluster, network_id(Home::MAIN, cluster)),
    ]
}

/// What one side of a peering is: it lets through what the firewall forwards, and uses no gateway of the other.
fn facts(remote: &Word) -> Vec<Fact> {
    vec![
        Fact::known("remote network", "remoteVirtualNetwork.id", remote.clone()),
        Fact::json("access", "allowVirtualNetworkAccess", &json!(true)),
        Fact::json("forwarded traffic", "allowForwardedTraffic", &json!(true)),
        Fact::json("gateway transit", "allowGatewayTransit || !@", &json!(false)),
        Fact::json("remote gateways", "useRemoteGateways || !@", &json!(false)),
    ]
}

/// The options of the same.
fn create(command: Command, remote: &Word) -> Command {
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
    sides.iter().for_each(|side| side.ensure(script));
}

/// Lines of the table of `verify.sh`.
pub(super) fn rows(script: &mut Script, plan: &Plan) {
    sides(plan).iter().for_each(|side| side.row(script));
}
