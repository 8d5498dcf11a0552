//! `packs`: what can be asked for in `egress.packs`, with its sources.

use std::fmt::Write as _;

use aks_egress::rules::{Pack, packs};
use clap::Args;

use super::Exit;
use super::console::Console;
use aks_egress::nearest::nearest;

/// List rule packs, or show one with its hosts, ports, source and review date
#[derive(Debug, Args)]
pub(super) struct Packs {
    /// The pack's name
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

impl Packs {
    pub(super) fn run(&self, console: &mut Console) -> Exit {
        let Some(name) = &self.name else {
            console.result(&table());
            return Exit::Clean;
        };
        if let Some(pack) = packs::find(name) {
            console.result(&page(pack));
            return Exit::Clean;
        }
        match nearest(name, packs::names()) {
            Some(near) => console.error(&format_args!("no pack is named `{name}`; did you mean `{}`?", near.name)),
            None => console.error(&format_args!("no pack is named `{name}`; `aks-egress packs` lists them")),
        }
        Exit::Failed
    }
}

fn table() -> String {
    let mut out = String::new();
    for pack in packs::all() {
        let _ = writeln!(out, "{:<20} {:>5}  {}  {}", pack.name, pack.priority, day(pack), pack.title);
    }
    out
}

fn page(pack: &Pack) -> String {
    let mut out = format!("{}: {}\n{}\n\n", pack.name, pack.title, pack.why);
    let _ = writeln!(out, "priority  {}\nsource    {}\nreviewed  {}", pack.priority, pack.source, day(pack));
    for row in packs::rows(pack) {
        let when = if row.when.is_empty() { String::new() } else { format!(" (when {})", row.when) };
        let _ = write!(out, "\n{}: {}{when}\n  {}\n", row.name, row.ports.join(", "), row.why);
        for to in &row.to {
            let _ = writeln!(out, "  - {to}");
        }
    }
    out
}

fn day(pack: &Pack) -> String {
    let day = pack.reviewed;
    format!("{:04}-{:02}-{:02}", day.year, day.month, day.day)
}
