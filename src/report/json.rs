//! Findings for programs: one versioned JSON document over all profiles.

use serde_json::{Value, json};

use super::lines::Lines;
use super::{Look, Summary};
use crate::diag::{Finding, Report, Span};

/// Raised when a member changes its meaning or goes; new members do not raise it.
pub const FORMAT: u32 = 1;

/// All reports in one document, as text with a line feed at its end.
pub fn render<'a>(reports: impl IntoIterator<Item = &'a Report> + Clone, look: Look) -> String {
    let summary = Summary::of(reports.clone(), look);
    let findings: Vec<Value> = reports.into_iter().flat_map(|report| findings(report, look)).collect();
    let document = json!({
        "format": FORMAT,
        "findings": findings,
        "summary": {
            "profiles": summary.profiles,
            "errors": summary.errors,
            "warnings": summary.warnings,
            "advice": summary.advice,
        },
    });
    format!("{document:#}\n")
}

fn findings(report: &Report, look: Look) -> Vec<Value> {
    let lines: Vec<Lines<'_>> = report.sources.iter().map(|(_, source)| Lines::new(&source.text)).collect();
    look.told(report).map(|finding| one(finding, report, &lines)).collect()
}

fn one(finding: &Finding, report: &Report, lines: &[Lines<'_>]) -> Value {
    let labels = finding.labels.iter().map(|label| {
        let mut value = place(label.span, report, lines);
        value["text"] = json!(label.text);
        value
    });
    let edits = finding.edits.iter().map(|edit| {
        let mut value = place(edit.span, report, lines);
        value["text"] = json!(edit.text);
        value
    });
    let suppressed = finding.suppressed.as_ref().map(|suppression| {
        let mut value = place(suppression.origin.in_profile(), report, lines);
        value["reason"] = json!(suppression.reason);
        value["until"] = json!(suppression.until.map(|day| day.to_string()));
        value
    });
    json!({
        "check": finding.code.id,
        "severity": finding.severity.to_string(),
        "title": finding.code.title,
        "message": finding.message,
        "help": finding.help.as_deref().unwrap_or(finding.code.help),
        "dated": finding.dated,
        "suppressed": suppressed,
        "labels": labels.collect::<Vec<_>>(),
        "edits": edits.collect::<Vec<_>>(),
    })
}

/// Lines and columns from 1, columns in characters, ends exclusive; `bytes` are offsets into the file as it was read.
fn place(span: Span, report: &Report, lines: &[Lines<'_>]) -> Value {
    let source = report.sources.get(span.source);
    let lines = &lines[span.source.index()];
    let (start, end) = (lines.position(span.start as usize), lines.position(span.end as usize));
    json!({
        "path": source.name,
        "built-in": source.built_in,
        "line": start.line,
        "column": start.column,
        "end-line": end.line,
        "end-column": end.column,
        "bytes": [span.start, span.end],
    })
}
