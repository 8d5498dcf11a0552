//! The catalogue of checks and the gate: only a plan without errors becomes [`Checked`].
//!
//! A check is one file with a `static CHECK` and its entry in [`CHECKS`]. It sees the [`Facts`] and nothing else.

use crate::diag::{Code, Finding, Findings, Report, Severity, Sources};
use crate::plan::Plan;
use crate::value::Date;

/// A check: its declaration and the function that runs it.
#[derive(Debug)]
pub struct Check {
    /// Name, severity, page, examples.
    pub code: Code,
    /// Looks at the facts and reports.
    pub(crate) run: fn(&Facts<'_>, &mut Findings),
}

/// What a check may look at.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Today, for checks of dates; `None` where no day was given.
    pub today: Option<Date>,
}

/// Every check, sorted by id.
pub static CHECKS: &[&Check] = &[];

/// Every code of the program: those of the readers and those of the checks, sorted by id.
pub fn codes() -> Vec<&'static Code> {
    let readers = crate::input::CODES.iter().chain(crate::rules::CODES).chain(crate::profile::CODES).copied();
    let mut list: Vec<_> = readers.chain(CHECKS.iter().map(|c| &c.code)).collect();
    list.sort_by_key(|c| c.id);
    list
}

/// A plan without errors. Emitters see this and nothing else.
#[derive(Debug)]
pub struct Checked {
    /// The plan.
    pub plan: Plan,
    /// The texts it was made from.
    pub sources: Sources,
    /// Warnings and advice that remain, without those that depend on the day.
    pub findings: Vec<Finding>,
}

/// Runs every check. `earlier` are the findings of the readers.
pub fn run(plan: Plan, sources: Sources, earlier: Findings, today: Option<Date>) -> (Report, Option<Checked>) {
    let mut findings = earlier;
    let facts = Facts { plan: &plan, today };
    for check in CHECKS {
        findings.speak_for(&check.code);
        (check.run)(&facts, &mut findings);
    }
    let findings = findings.finish();
    let report = Report { sources: sources.clone(), findings: findings.clone() };
    if findings.iter().any(|f| f.severity == Severity::Error) {
        return (report, None);
    }
    let undated = findings.into_iter().filter(|f| !f.dated).collect();
    (report, Some(Checked { plan, sources, findings: undated }))
}
