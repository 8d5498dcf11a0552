//! az CLI scripts from the plan.
//!
//! `shell` is the writer with its doors for data, `prelude` the fixed parts, `ensure` the pattern by which a script can be
//! run again, `generic` what has no command of its own. `steps`, `template`, `verify` and `later` are the scripts; the rest writes one part of the environment each.

mod cluster;
mod ensure;
mod firewall;
mod foreign;
mod gateway;
mod generic;
mod later;
mod logs;
mod network;
mod overrides;
mod peer;
mod peering;
mod prelude;
mod removal;
mod rules;
mod shell;
mod steps;
mod template;
mod verify;

use super::FileSet;
use crate::plan::{Identity, Plan};

pub(super) fn emit(plan: &Plan, files: &mut FileSet) {
    files.script("az/deploy-steps.sh", steps::script(plan));
    files.script("az/deploy-template.sh", template::script(plan));
    if plan.layers.has_cluster() {
        files.script("az/narrow-api-server.sh", later::narrow(plan));
        files.script("az/publish-service.sh", later::publish(plan));
    }
    files.script("az/verify.sh", verify::script(plan));
    if plan.firewall.existing.is_some() {
        files.script("az/remove-rules.sh", removal::script(plan));
    }
    if let Some(script) = peer::far(plan) {
        files.script("az/peer-back.sh", script);
    }
    match &plan.identity {
        Identity::Managed { name: _ } => {}
        Identity::ServicePrincipal { name } => {
            files.script("az/create-service-principal.sh", later::service_principal(plan, name));
        }
    }
}
