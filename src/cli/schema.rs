//! `schema`: what editors and validators need to know of profiles.

use aks_egress::profile;
use clap::Args;

use super::Exit;
use super::console::Console;

/// Print the JSON Schema of profiles, for editors
#[derive(Debug, Args)]
pub(super) struct Schema {}

impl Schema {
    pub(super) fn run(&self, console: &mut Console) -> Exit {
        console.result(profile::schema());
        Exit::Clean
    }
}
