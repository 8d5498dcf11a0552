//! GitLab's Code Quality report: a JSON array with one object per finding.

use serde_json::{Value, json};

use super::fingerprint::Fingerprints;
use super::lines::{Texts, Unit};
use super::{Form, Run, json, safe_line, words};
use crate::diag::{Finding, Report, Severity};

pub(super) static FORM: Form =
    Form { name: "gitlab", what: "A Code Quality report of GitLab", for_people: false, in_repository: true, render };

fn render(run: &Run<'_>) -> String {
    let mut prints = Fingerprints::default();
    let mut list = Vec::new();
    for failure in run.failures {
        let path = run.path(&failure.path);
        list.push(json!({
            "description": safe_line(&failure.message),
            "check_name": "unreadable-input",
            "fingerprint": prints.of_failure(&path),
            "severity": "blocker",
            "location": { "path": path, "lines": { "begin": 1 } },
        }));
    }
    for (report, findings) in run.shown() {
        let texts = Texts::new(report);
        list.extend(findings.into_iter().map(|finding| violation(finding, report, &texts, run, &mut prints)));
    }
    json::text(&Value::Array(list))
}

fn violation(finding: &Finding, report: &Report, texts: &Texts<'_>, run: &Run<'_>, prints: &mut Fingerprints) -> Value {
    let span = words::place(finding, report);
    let (start, end) = texts.region(span, Unit::Chars);
    let path = run.path(&report.sources.get(span.source).name);
    json!({
        "description": words::sentences(finding),
        "check_name": finding.code.id,
        "fingerprint": prints.of(finding, report, &path),
        "severity": match finding.severity {
            Severity::Error => "critical",
            Severity::Warning => "major",
            Severity::Advice => "info",
        },
        "location": { "path": path, "lines": { "begin": start.line, "end": end.line } },
    })
}
