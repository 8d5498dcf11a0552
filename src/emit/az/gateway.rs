//! The application gateway, with the generic command where az has none of its own.

use super::ensure::Home;
use super::firewall::address;
use super::generic;
use super::shell::Script;
use crate::emit::deployment::target::Symbol;
use crate::plan::Plan;

/// Address, web application firewall, gateway.
pub(super) fn gateway(script: &mut Script, plan: &Plan) {
    let Some(gateway) = &plan.gateway else { return };
    script.section("Application gateway: the way in for a service that speaks HTTP.");
    address(script, plan, Home::MAIN, &gateway.address, None);
    let policy = format!("web application firewall {}", gateway.policy);
    generic::ensure(script, plan, Home::MAIN, Symbol::GatewayPolicy, &policy);
    generic::ensure(script, plan, Home::MAIN, Symbol::Gateway, &format!("application gateway {}", *gateway.name));
}
