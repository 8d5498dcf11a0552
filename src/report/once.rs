//! What several profiles share is told once: a finding in a base that two of them extend is one mistake.

use std::collections::BTreeSet;

use super::paths;
use crate::diag::{Finding, Report};

/// What was told of shared files so far.
#[derive(Debug, Default)]
pub(super) struct Once<'a> {
    told: BTreeSet<(String, u32, &'static str, &'a str, bool)>,
}

impl<'a> Once<'a> {
    /// Whether a finding was not told yet. Those in the profile itself or in a pack are each profile's own.
    pub(super) fn is_new(&mut self, finding: &'a Finding, report: &'a Report) -> bool {
        let span = finding.span();
        let source = report.sources.get(span.source);
        if span.source.index() == 0 || source.built_in {
            return true;
        }
        let path = paths::from_root(&source.name, None);
        self.told.insert((path, span.start, finding.code.id, &finding.message, finding.is_active()))
    }
}
