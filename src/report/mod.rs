//! Findings as text: for people, and in the forms that programs and build services read.
//!
//! This file owns what the forms share: the table of them, what they receive, and which findings are shown. A form is one
//! file and one line in [`FORMS`]. The `miette` door is `human.rs`; `serde_json` is known to the forms made of JSON.

mod azure_pipelines;
mod excerpt;
mod fingerprint;
pub mod fix;
mod github;
mod gitlab;
pub mod human;
mod json;
mod junit;
mod lines;
mod once;
pub mod page;
mod paths;
mod safe;
mod sarif;
pub mod short;
mod summary;
mod words;

use crate::diag::{Code, Finding, Report, Severity};
use once::Once;

pub use paths::Repository;
pub use safe::{disarmed, safe, safe_line};
pub use summary::Summary;

/// A form in which findings are given.
#[derive(Debug)]
pub struct Form {
    /// What it is asked for by.
    pub name: &'static str,
    /// What it is, for the help.
    pub what: &'static str,
    /// Read by people as it is, so that a summary may follow.
    pub for_people: bool,
    /// Paths are written from the root of the repository, where a service looks for them, rather than as they were given.
    pub in_repository: bool,
    /// All of it as text, each line ended.
    pub render: fn(&Run<'_>) -> String,
}

/// Every form. The first is the default.
pub static FORMS: &[&Form] = &[
    &human::FORM,
    &short::FORM,
    &json::FORM,
    &sarif::FORM,
    &github::FORM,
    &azure_pipelines::FORM,
    &gitlab::FORM,
    &junit::FORM,
];

/// What a run came to.
#[derive(Debug, Clone)]
pub struct Run<'a> {
    /// One report per profile, in the order of their paths.
    pub reports: Vec<&'a Report>,
    /// What could not be read.
    pub failures: &'a [Failure],
    /// What is shown, and how.
    pub look: Look,
    /// Whether warnings are refused as errors are.
    pub deny: bool,
    /// The program's version, for the forms that name the tool.
    pub version: &'static str,
    /// Every code of the program, for the forms that list them.
    pub codes: fn() -> Vec<&'static Code>,
    /// Where the program runs, for the forms that write paths from the root of the repository.
    pub repository: Option<Repository>,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The path that was to be read.
    pub path: String,
    /// Why it was not: a sentence that names the path.
    pub message: String,
}

/// What a run comes to in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing that is refused.
    Clean,
    /// Findings that are refused.
    Refused,
    /// Something could not be read.
    Failed,
}

impl Run<'_> {
    /// The findings that are shown, with their reports; what profiles share is told once.
    fn shown(&self) -> impl Iterator<Item = (&Report, Vec<&Finding>)> {
        let mut once = Once::default();
        self.reports.iter().map(move |report| {
            (*report, self.look.shown(report).filter(|finding| once.is_new(finding, report)).collect())
        })
    }

    /// A path as the form writes it.
    fn path(&self, name: &str) -> String {
        paths::from_root(name, self.repository.as_ref())
    }

    /// How much was found.
    pub fn summary(&self) -> Summary {
        Summary::of(self.reports.iter().copied(), self.look)
    }

    /// What it comes to.
    pub fn verdict(&self) -> Verdict {
        let sum = self.summary();
        if !self.failures.is_empty() {
            Verdict::Failed
        } else if sum.errors > 0 || self.deny && sum.warnings + sum.advice > 0 {
            Verdict::Refused
        } else {
            Verdict::Clean
        }
    }
}

/// How a report is to look.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Whether colour may be used.
    pub colour: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Whether advice is shown.
    pub pedantic: bool,
}

impl Look {
    /// Without colour, 100 columns, without advice: what pipes and files get.
    pub const PLAIN: Look = Look { colour: false, width: 100, pedantic: false };

    /// The findings that are shown to people.
    fn shown(self, report: &Report) -> impl Iterator<Item = &Finding> {
        report.findings.iter().filter(move |f| self.shows(f))
    }

    /// Whether a finding is shown to people.
    fn shows(self, finding: &Finding) -> bool {
        self.tells(finding) && finding.is_active()
    }

    fn tells(self, finding: &Finding) -> bool {
        self.pedantic || finding.severity > Severity::Advice
    }

    /// The findings that programs are told: those that are shown, and suppressed ones.
    fn told(self, report: &Report) -> impl Iterator<Item = &Finding> {
        report.findings.iter().filter(move |f| self.tells(f))
    }
}
