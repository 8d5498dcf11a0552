//! Findings for programs: one versioned JSON document over all profiles, described by `docs/report.schema.json`.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::lines::{Texts, Unit};
use super::safe::is_unsafe;
use super::{Form, Run};
use crate::diag::{Finding, Position, Report, Span};

/// Raised when a member changes its meaning or goes; new members do not raise it.
const FORMAT: u32 = 1;

pub(super) static FORM: Form = Form {
    name: "json",
    what: "One JSON document with everything that is known",
    for_people: false,
    in_repository: false,
    render,
};

/// The whole run in one document.
fn render(run: &Run<'_>) -> String {
    let summary = run.summary();
    let failures = run.failures.iter().map(|failure| json!({ "path": failure.path, "message": failure.message }));
    text(&json!({
        "format": FORMAT,
        "profiles": run.reports.iter().filter(|report| !is_settings(report)).map(|report| profile(report)).collect::<Vec<_>>(),
        "findings": run.reports.iter().flat_map(|report| findings(report, run)).collect::<Vec<_>>(),
        "failures": failures.collect::<Vec<_>>(),
        "summary": {
            "profiles": summary.profiles,
            "errors": summary.errors,
            "warnings": summary.warnings,
            "advice": summary.advice,
            "suppressed": summary.suppressed,
        },
    }))
}

/// The path of the profile itself.
fn profile(report: &Report) -> Option<&str> {
    report.sources.iter().next().map(|(_, source)| source.name.as_str())
}

/// Whether it is about the settings of a repository rather than a profile.
fn is_settings(report: &Report) -> bool {
    report.sources.iter().next().is_some_and(|(_, source)| source.is_settings())
}

fn findings(report: &Report, run: &Run<'_>) -> Vec<Value> {
    let texts = Texts::new(report);
    run.look.told(report).map(|finding| one(finding, report, &texts)).collect()
}

fn one(finding: &Finding, report: &Report, texts: &Texts<'_>) -> Value {
    let shown = |span: Span| place(span, texts.region(span, Unit::Chars), report);
    let exact = |span: Span| place(span, texts.lines(span.source).exact(span.range(), Unit::Chars), report);
    let with_text = |mut place: Value, text: &str| {
        place["text"] = json!(text);
        place
    };
    let suppressed = finding.suppressed.as_ref().map(|suppression| {
        let mut value = shown(suppression.origin.in_profile());
        value["reason"] = json!(suppression.reason);
        value["until"] = json!(suppression.until.map(|day| day.to_string()));
        value
    });
    json!({
        "profile": profile(report),
        "check": finding.code.id,
        "severity": finding.severity.to_string(),
        "title": finding.code.title,
        "message": finding.message,
        "help": finding.remedy(),
        "dated": finding.dated,
        "suppressed": suppressed,
        "labels": finding.labels.iter().map(|label| with_text(shown(label.span), &label.text)).collect::<Vec<_>>(),
        "edits": finding.edits.iter().map(|edit| with_text(exact(edit.span), &edit.text)).collect::<Vec<_>>(),
    })
}

/// Lines and columns from 1, columns in characters, ends exclusive; `bytes` are offsets into the file as it was read.
fn place(span: Span, (start, end): (Position, Position), report: &Report) -> Value {
    let source = report.sources.get(span.source);
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

/// A document as text. What a terminal would obey or a build service would take for a command is written by number:
/// the data stays the same.
pub(super) fn text(document: &Value) -> String {
    let plain = format!("{document:#}\n");
    if !plain.contains(is_unsafe) && !plain.contains("##") {
        return plain;
    }
    let mut out = String::with_capacity(plain.len());
    for (at, c) in plain.char_indices() {
        // Outside of strings there are neither.
        if is_unsafe(c) || c == '#' && plain[at..].starts_with("##") {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}
