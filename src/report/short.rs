//! One line per finding: `path:line:col: severity[id]: message`.

use super::lines::Lines;
use super::{Look, safe_line};
use crate::diag::{Finding, Position, Report};

/// Every finding that `look` shows.
pub fn render(report: &Report, look: Look) -> String {
    let lines: Vec<Lines<'_>> = report.sources.iter().map(|(_, source)| Lines::new(&source.text)).collect();
    look.shown(report)
        .map(|finding| {
            let span = finding.span();
            written(finding, report, lines[span.source.index()].position(span.start as usize))
        })
        .collect()
}

/// One finding.
pub(super) fn line(finding: &Finding, report: &Report) -> String {
    written(finding, report, report.sources.position(finding.span()))
}

fn written(finding: &Finding, report: &Report, at: Position) -> String {
    let path = safe_line(&report.sources.get(finding.span().source).name);
    let (severity, id) = (finding.severity, finding.code.id);
    format!("{path}:{}:{}: {severity}[{id}]: {}\n", at.line, at.column, safe_line(&finding.message))
}
