//! `schema`: what editors and validators need to know of profiles.

use aks_egress::{profile, settings};
use clap::Args;

use super::Exit;
use super::console::Console;

/// Print the JSON Schema of profiles, for editors
#[derive(Debug, Args)]
pub(super) struct Schema {
    /// That of aks-egress.toml instead, the settings of a repository
    #[arg(long)]
    settings: bool,
}

impl Schema {
    pub(super) fn run(&self, console: &mut Console) -> Exit {
        console.result(if self.settings { settings::schema() } else { profile::schema() });
        Exit::Clean
    }
}
