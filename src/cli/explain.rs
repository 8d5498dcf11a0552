//! `explain`: the page of a check.

use std::fmt::Write as _;

use aks_egress::{checks, report::page};
use clap::Args;

use super::Exit;
use super::console::Console;
use aks_egress::nearest::nearest;

/// Explain a check: why it is there, what raises it and what does not
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The check's name, as it stands in findings; without one, all are listed
    #[arg(value_name = "CHECK")]
    check: Option<String>,
}

impl Explain {
    pub(super) fn run(&self, console: &mut Console) -> Exit {
        let codes = checks::codes();
        let Some(wanted) = &self.check else {
            let mut list = String::new();
            for code in codes {
                let _ = writeln!(list, "{:<32} {:<8} {}", code.id, code.severity.to_string(), code.title);
            }
            console.result(&list);
            return Exit::Clean;
        };
        if let Some(code) = codes.iter().find(|code| code.id == wanted) {
            console.result(&page::render(code));
            return Exit::Clean;
        }
        match nearest(wanted, codes.iter().map(|code| code.id)) {
            Some(near) => console.error(&format_args!("no check is named `{wanted}`; did you mean `{}`?", near.name)),
            None => console.error(&format_args!("no check is named `{wanted}`; `aks-egress explain` lists them")),
        }
        Exit::Failed
    }
}
