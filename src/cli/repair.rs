//! Repairs: writing them into the files of profiles, or showing what they would change.

use std::path::{Path, PathBuf};

use aks_egress::report::Look;
use aks_egress::report::fix::{Left, Repaired};
use aks_egress::{Input, repair, write};

use super::Exit;
use super::console::Console;

/// What became of one text.
#[derive(Debug)]
pub(super) struct Mended {
    /// The file, or nothing for standard input.
    file: Option<PathBuf>,
    /// What messages call it.
    name: String,
    /// The text as it was read.
    old: String,
    /// What was made of it.
    new: Repaired,
}

impl Mended {
    /// Repairs a text that stands in `file`.
    pub(super) fn of(input: &Input, file: Option<&Path>, look: Look) -> Mended {
        let (name, old) = (input.name.clone(), input.text.clone());
        Mended { file: file.map(Path::to_owned), name, old, new: repair(input, look) }
    }

    /// The text with its repairs.
    pub(super) fn text(&self) -> &str {
        &self.new.text
    }

    /// Whether it was read from standard input.
    pub(super) fn is_stdin(&self) -> bool {
        self.file.is_none()
    }

    /// Puts the text where the old one was: into its file, or onto standard output.
    pub(super) fn keep(&self, console: &mut Console) -> Exit {
        let Some(file) = &self.file else {
            console.result(&self.new.text);
            return Exit::Clean;
        };
        if self.new.repaired > 0 {
            if let Err(error) = write::rewrite(file, self.old.as_bytes(), self.new.text.as_bytes()) {
                console.error(&error);
                return Exit::Failed;
            }
            console.note(&format_args!("repaired {} in {}", counted(self.new.repaired), self.name));
        }
        self.new.left.iter().for_each(|left| self.tell(left, console));
        Exit::Clean
    }

    /// Shows what would change, and writes nothing.
    pub(super) fn show(&self, terminal: bool, console: &mut Console) -> Exit {
        if self.new.repaired == 0 {
            return Exit::Clean;
        }
        let diff = write::change(Path::new(&self.name), &self.old, &self.new.text).to_string();
        console.difference(&diff, terminal);
        console.note(&format_args!("would repair {} in {}", counted(self.new.repaired), self.name));
        Exit::Findings
    }

    /// Says why a finding was left.
    fn tell(&self, left: &Left, console: &Console) {
        let report = &self.new.report;
        let finding = &report.findings[left.finding];
        let at = report.sources.position(finding.span());
        let place = format!("{}:{}:{}", report.sources.get(finding.span().source).name, at.line, at.column);
        match &left.brings {
            Some((id, message)) => console.note(&format_args!(
                "{place}: {} is not repaired, since that would bring {id}: {message}",
                finding.code.id
            )),
            None => console.note(&format_args!("{place}: {} is not repaired, since it would stay", finding.code.id)),
        }
    }
}

fn counted(findings: usize) -> String {
    if findings == 1 { "1 finding".to_owned() } else { format!("{findings} findings") }
}
