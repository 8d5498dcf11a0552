//! What tells a finding from others over many runs, although lines move and messages change.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::words;
use crate::diag::{Finding, Report};

/// Gives the findings of one run fingerprints of their own.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    seen: BTreeMap<String, usize>,
}

impl Fingerprints {
    /// The fingerprint of a finding in the file at `path`: of the check and of what is written at its places. The
    /// second of the same is told from the first by its number alone.
    pub(super) fn of(&mut self, finding: &Finding, report: &Report, path: &str) -> String {
        let places = finding.labels.iter().filter(|label| words::is_in_file(label, report));
        let written = places.map(|label| report.sources.slice(label.span));
        self.unique([finding.code.id, path].into_iter().chain(written))
    }

    /// The fingerprint of what could not be read.
    pub(super) fn of_failure(&mut self, path: &str) -> String {
        self.unique(["unreadable-input", path].into_iter())
    }

    fn unique<'a>(&mut self, parts: impl Iterator<Item = &'a str>) -> String {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        let digest = hash.finalize();
        let text: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let number = self.seen.entry(text.clone()).or_default();
        *number += 1;
        if *number == 1 { text } else { format!("{text}-{number}") }
    }
}
