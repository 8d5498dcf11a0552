//! `init`: a first profile.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::Exit;
use super::console::Console;
use aks_egress::nearest::nearest;

/// Where a profile is written when no PATH is given; its stem is the profile's name.
const DEFAULT: &str = "profiles/dev.toml";

/// Profiles to begin with, by name. The first is the default.
const EXAMPLES: &[(&str, &str)] = &[
    ("commented", aks_egress::profile::starter()),
    ("add-ons", include_str!("../../profiles/add-ons.toml")),
    ("authorized-ranges", include_str!("../../profiles/authorized-ranges.toml")),
    ("basic-tier", include_str!("../../profiles/basic-tier.toml")),
    ("central-logs", include_str!("../../profiles/central-logs.toml")),
    ("china", include_str!("../../profiles/china.toml")),
    ("company-rules", include_str!("../../profiles/company-rules.toml")),
    ("existing-estate", include_str!("../../profiles/existing-estate.toml")),
    ("existing-firewall", include_str!("../../profiles/existing-firewall.toml")),
    ("existing-network", include_str!("../../profiles/existing-network.toml")),
    ("forced-tunnel", include_str!("../../profiles/forced-tunnel.toml")),
    ("gateway", include_str!("../../profiles/gateway.toml")),
    ("hub-and-spoke", include_str!("../../profiles/hub-and-spoke.toml")),
    ("inspected", include_str!("../../profiles/inspected.toml")),
    ("minimal", include_str!("../../profiles/minimal.toml")),
    ("network-only", include_str!("../../profiles/network-only.toml")),
    ("node-pools", include_str!("../../profiles/node-pools.toml")),
    ("overrides", include_str!("../../profiles/overrides.toml")),
    ("own-registries", include_str!("../../profiles/own-registries.toml")),
    ("pod-subnet", include_str!("../../profiles/pod-subnet.toml")),
    ("policy-premium", include_str!("../../profiles/policy-premium.toml")),
    ("private-cluster", include_str!("../../profiles/private-cluster.toml")),
    ("service-principal", include_str!("../../profiles/service-principal.toml")),
    ("shop-dev", include_str!("../../profiles/shop-dev.toml")),
    ("shop-prod", include_str!("../../profiles/shop-prod.toml")),
    ("shop-test", include_str!("../../profiles/shop-test.toml")),
    ("three-teams", include_str!("../../profiles/three-teams.toml")),
    ("two-teams", include_str!("../../profiles/two-teams.toml")),
    ("usgov", include_str!("../../profiles/usgov.toml")),
    ("walkthrough", include_str!("../../profiles/walkthrough.toml")),
    ("walkthrough-kubenet", include_str!("../../profiles/walkthrough-kubenet.toml")),
];

/// What some of them extend; written beside them.
const BASES: [(&str, &str); 1] = [("_shop.toml", include_str!("../../profiles/_shop.toml"))];

/// Write a commented profile to begin with
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The file to write, or a folder; `-` is standard output [default: profiles/dev.toml]
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    #[arg(long, value_name = "NAME", default_value = "commented", help = format!("Which profile: {}", names()))]
    example: String,
}

/// The names of all examples.
fn names() -> String {
    EXAMPLES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

impl Init {
    pub(super) fn run(&self, console: &mut Console) -> Exit {
        let Some((_, text)) = EXAMPLES.iter().find(|(name, _)| *name == self.example) else {
            let hint = nearest(&self.example, EXAMPLES.iter().map(|(name, _)| *name))
                .map_or_else(|| format!("there are {}", names()), |near| format!("did you mean `{}`?", near.name));
            console.error(&format_args!("no example is named `{}`; {hint}", self.example));
            return Exit::Failed;
        };
        let path = self.path.as_deref().unwrap_or(Path::new(DEFAULT));
        if path.as_os_str() == "-" {
            console.result(text);
            return Exit::Clean;
        }
        let path = if path.is_dir() { path.join("dev.toml") } else { path.to_owned() };
        match write_new(&path, text).and_then(|()| write_bases(&path, text)) {
            Ok(()) => {
                let shown = path.display();
                console.note(&format_args!("wrote {shown}; now run: aks-egress compile {shown}"));
                Exit::Clean
            }
            Err(error) => {
                console.error(&format_args!("cannot write {}: {error}", path.display()));
                Exit::Failed
            }
        }
    }
}

/// Writes what a profile extends beside it, unless it is there.
fn write_bases(profile: &Path, text: &str) -> io::Result<()> {
    for (name, base) in BASES.iter().filter(|(name, _)| text.contains(name)) {
        let path = profile.with_file_name(name);
        if !path.exists() {
            write_new(&path, base)?;
        }
    }
    Ok(())
}

/// Writes a file that must not exist yet.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    File::create_new(path)?.write_all(text.as_bytes())
}
