//! One line per finding: `path:line:col: severity[id]: message`.

use super::lines::Texts;
use super::{Form, Look, safe_line};
use crate::diag::{Finding, Report, Span};

pub(super) static FORM: Form = Form {
    name: "short",
    what: "One line each: path:line:column: severity[check]: message",
    for_people: true,
    in_repository: false,
    render: |run| run.shown().map(|(report, findings)| all(&findings, report)).collect(),
};

/// Every finding that `look` shows of one profile.
pub fn render(report: &Report, look: Look) -> String {
    all(&look.shown(report).collect::<Vec<_>>(), report)
}

fn all(findings: &[&Finding], report: &Report) -> String {
    let texts = Texts::new(report);
    findings.iter().map(|finding| line(finding, report, &texts) + "\n").collect()
}

/// One finding, without a line feed.
pub(super) fn line(finding: &Finding, report: &Report, texts: &Texts<'_>) -> String {
    let (severity, id) = (finding.severity, finding.code.id);
    let place = place(finding.span(), report, texts);
    format!("{place}: {severity}[{id}]: {}", safe_line(&finding.message))
}

/// `path:line:col`.
pub(super) fn place(span: Span, report: &Report, texts: &Texts<'_>) -> String {
    let at = texts.start(span);
    format!("{}:{}:{}", safe_line(&report.sources.get(span.source).name), at.line, at.column)
}
