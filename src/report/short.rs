//! One line per finding: `path:line:col: severity[id]: message`.

use super::lines::Texts;
use super::{Form, Look, safe_line};
use crate::diag::{Finding, Report, Span};

pub(super) static FORM: Form = Form {
    name: "short",
    what: "One line each: path:line:column: severity[check]: message",
    for_people: true,
    in_repository: false,
    render: |run| run.reports.iter().map(|report| render(report, run.look)).collect(),
};

/// Every finding that `look` shows.
pub fn render(report: &Report, look: Look) -> String {
    let texts = Texts::new(report);
    look.shown(report).map(|finding| line(finding, report, &texts) + "\n").collect()
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
