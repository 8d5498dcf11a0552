//! SARIF 2.1.0, the exchange format of analysis tools: one run with every rule, and one result per finding. Waived
//! findings are results with a suppression.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::fingerprint::Fingerprints;
use super::lines::{Texts, Unit};
use super::once::Once;
use super::{Form, Run, Verdict, json, safe, safe_line, words};
use crate::diag::{Code, Finding, Label, Position, Report, Severity, Span, Suppression};

pub(super) static FORM: Form =
    Form { name: "sarif", what: "SARIF 2.1.0, for code scanning", for_people: false, in_repository: true, render };

/// Where the schema of the format is published.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What relative addresses are relative to, by the name that services give it.
const ROOT: &str = "%SRCROOT%";
/// Of what could not be read.
const UNREADABLE: &str = "unreadable-input";

fn render(run: &Run<'_>) -> String {
    let mut log = Log { run, artifacts: Artifacts::default(), prints: Fingerprints::default() };
    let codes = (run.codes)();
    let places: BTreeMap<&str, usize> = codes.iter().enumerate().map(|(n, code)| (code.id, n)).collect();
    // Profiles come first, so that also those without findings are listed.
    for report in &run.reports {
        if let Some((_, source)) = report.sources.iter().next() {
            log.artifact(&source.name, !source.is_settings());
        }
    }
    let (mut results, mut once) = (Vec::new(), Once::default());
    for report in &run.reports {
        let texts = Texts::new(report);
        for finding in run.look.told(report).filter(|finding| once.is_new(finding, report)) {
            let mut result = log.result(finding, report, &texts);
            if let Some(place) = places.get(finding.code.id) {
                result.insert("ruleIndex".to_owned(), json!(place));
            }
            results.push(Value::Object(result));
        }
    }
    let invocation = log.invocation();
    let mut driver = json!({
        "name": "aks-egress",
        "version": run.version,
        "semanticVersion": run.version,
        "rules": codes.iter().map(|code| rule(code)).collect::<Vec<_>>(),
    });
    if !run.failures.is_empty() {
        let what = plain("a path could not be read");
        driver["notifications"] = json!([{ "id": UNREADABLE, "name": pascal(UNREADABLE), "shortDescription": what }]);
    }
    json::text(&json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver },
            "invocations": [invocation],
            "columnKind": "utf16CodeUnits",
            "defaultEncoding": "UTF-8",
            "defaultSourceLanguage": "toml",
            "artifacts": log.artifacts.list,
            "results": results,
        }],
    }))
}

/// A run's log under construction.
struct Log<'a> {
    run: &'a Run<'a>,
    artifacts: Artifacts,
    prints: Fingerprints,
}

/// The files that are spoken of, each once.
#[derive(Default)]
struct Artifacts {
    list: Vec<Value>,
    places: BTreeMap<String, usize>,
}

impl Log<'_> {
    /// The address of a file, which is listed from now on.
    fn artifact(&mut self, name: &str, is_profile: bool) -> Value {
        let path = self.run.path(name);
        let mut location = address(&path);
        let next = self.artifacts.list.len();
        let place = *self.artifacts.places.entry(path).or_insert(next);
        if place == next {
            let roles: &[&str] = if is_profile { &["analysisTarget"] } else { &[] };
            self.artifacts.list.push(json!({ "location": location, "roles": roles }));
        }
        location["index"] = json!(place);
        location
    }

    fn result(&mut self, finding: &Finding, report: &Report, texts: &Texts<'_>) -> Map<String, Value> {
        let span = words::place(finding, report);
        let name = &report.sources.get(span.source).name;
        let print = self.prints.of(finding, report, &self.run.path(name));
        let mut others = words::places(finding, report);
        let shown = others.iter().position(|label| label.span == span).map(|n| others.remove(n));
        let mut first = self.location(span, report, texts);
        if let Some(shown) = shown {
            first["message"] = plain(&shown.text);
        }
        let mut result = Map::new();
        let mut put = |key: &str, value: Value| result.insert(key.to_owned(), value);
        put("ruleId", json!(finding.code.id));
        put("level", json!(level(finding.severity)));
        put("message", json!({ "text": message(finding, &others, report, texts) }));
        put("locations", json!([first]));
        let related: Vec<Value> = others
            .iter()
            .filter(|label| words::is_in_file(label, report))
            .zip(1..)
            .map(|(label, id)| {
                let mut location = self.location(label.span, report, texts);
                location["id"] = json!(id);
                location["message"] = plain(&label.text);
                location
            })
            .collect();
        if !related.is_empty() {
            put("relatedLocations", json!(related));
        }
        put("partialFingerprints", json!({ "aksEgress/v1": print }));
        if !finding.edits.is_empty() {
            put("fixes", json!([self.fix(finding, report, texts)]));
        }
        // Where a run knows of suppressions, a result without any says so.
        let suppressions: Vec<Value> =
            finding.suppressed.iter().map(|suppression| self.suppression(suppression, report, texts)).collect();
        put("suppressions", json!(suppressions));
        if finding.dated {
            put("properties", json!({ "dated": true }));
        }
        result
    }

    fn location(&mut self, span: Span, report: &Report, texts: &Texts<'_>) -> Value {
        let artifact = self.artifact(&report.sources.get(span.source).name, false);
        let region = region(texts.region(span, Unit::Utf16));
        json!({ "physicalLocation": { "artifactLocation": artifact, "region": region } })
    }

    fn fix(&mut self, finding: &Finding, report: &Report, texts: &Texts<'_>) -> Value {
        let mut changes: BTreeMap<usize, Vec<Value>> = BTreeMap::new();
        for edit in &finding.edits {
            let lines = texts.lines(edit.span.source);
            let deleted = region(lines.exact(edit.span.range(), Unit::Utf16));
            let replacement = json!({ "deletedRegion": deleted, "insertedContent": { "text": edit.text } });
            changes.entry(edit.span.source.index()).or_default().push(replacement);
        }
        let changes = changes.into_iter().map(|(source, replacements)| {
            let name = report.sources.iter().nth(source).map_or("", |(_, source)| source.name.as_str());
            json!({ "artifactLocation": self.artifact(name, false), "replacements": replacements })
        });
        json!({ "description": plain(finding.remedy()), "artifactChanges": changes.collect::<Vec<_>>() })
    }

    fn suppression(&mut self, suppression: &Suppression, report: &Report, texts: &Texts<'_>) -> Value {
        let span = suppression.origin.in_profile();
        // A waiver in the profile is a part of it; one of the repository's settings stands elsewhere.
        let kind = if span.source.index() == 0 { "inSource" } else { "external" };
        let mut value = json!({
            "kind": kind,
            "status": "accepted",
            "justification": suppression.reason,
            "location": self.location(span, report, texts),
        });
        if let Some(until) = suppression.until {
            value["properties"] = json!({ "until": until.to_string() });
        }
        value
    }

    fn invocation(&mut self) -> Value {
        let (code, what) = match self.run.verdict() {
            Verdict::Clean => (0, "nothing that is refused"),
            Verdict::Refused => (1, "findings that are refused"),
            Verdict::Failed => (2, "something could not be read"),
        };
        let failures = self.run.failures.iter().map(|failure| {
            let location = address(&self.run.path(&failure.path));
            json!({
                "descriptor": { "id": UNREADABLE },
                "level": "error",
                "message": plain(&failure.message),
                "locations": [{ "physicalLocation": { "artifactLocation": location } }],
            })
        });
        json!({
            "executionSuccessful": self.run.failures.is_empty(),
            "exitCode": code,
            "exitCodeDescription": what,
            "toolExecutionNotifications": failures.collect::<Vec<_>>(),
        })
    }
}

/// What is wrong, the other places, and what to do. Places in files are links to the related locations.
fn message(finding: &Finding, others: &[&Label], report: &Report, texts: &Texts<'_>) -> String {
    let mut text = format!("{}.", literal(&finding.message));
    let mut id = 0;
    for (n, label) in others.iter().enumerate() {
        text.push_str(if n == 0 { " See also: " } else { "; " });
        if words::is_in_file(label, report) {
            id += 1;
            let shown = literal(&label.text).replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
            text.push_str(&format!("[{shown}]({id})"));
        } else {
            let (name, line) = (&report.sources.get(label.span.source).name, texts.start(label.span).line);
            text.push_str(&format!("{} ({}, line {line})", literal(&label.text), literal(name)));
        }
    }
    text.push_str(if others.is_empty() { " " } else { ". " });
    text.push_str(&words::remedy(&literal(finding.remedy())));
    text
}

/// Foreign text within a message: neither a placeholder nor a link.
fn literal(text: &str) -> String {
    safe_line(text).replace('{', "{{").replace('}', "}}").replace("](", "] (")
}

/// A message that is foreign text alone.
fn plain(text: &str) -> Value {
    json!({ "text": literal(text) })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

fn region((start, end): (Position, Position)) -> Value {
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

/// The address of a path: relative to the repository's root, or a whole one.
fn address(path: &str) -> Value {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    let with_drive = cfg!(windows) && path.as_bytes().get(1) == Some(&b':');
    match path {
        _ if with_drive => json!({ "uri": format!("file:///{}", uri.replacen("%3A", ":", 1)) }),
        path if path.starts_with('/') => json!({ "uri": format!("file://{uri}") }),
        _ => json!({ "uri": uri, "uriBaseId": ROOT }),
    }
}

/// What the log says of a check.
fn rule(code: &Code) -> Value {
    let mut rule = json!({
        "id": code.id,
        "name": pascal(code.id),
        "shortDescription": { "text": format!("{}.", code.title) },
        "fullDescription": { "text": summary(code) },
        "defaultConfiguration": { "level": level(code.severity) },
        "help": { "text": format!("{}\n\nTo repair it: {}.", code.docs.trim(), code.help), "markdown": markdown(code) },
        "properties": {
            "precision": "high",
            "problem.severity": match code.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Advice => "recommendation",
            },
        },
    });
    if let Some(source) = source(code.docs) {
        rule["helpUri"] = json!(source);
    }
    rule
}

/// The first paragraph of a check's page, within the length that services show; its title where there is no page.
fn summary(code: &Code) -> String {
    let first = code.docs.trim().split("\n\n").next().unwrap_or_default();
    let text: Vec<&str> = first.split_whitespace().collect();
    let text = if text.is_empty() { format!("{}.", code.title) } else { text.join(" ") };
    match text.char_indices().nth(1000) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The page that a check's facts come from, as its own page names it.
fn source(docs: &str) -> Option<&str> {
    let sources = &docs[docs.rfind("Source: ").or_else(|| docs.rfind("Sources: "))?..];
    let url = sources.split_whitespace().nth(1)?.trim_end_matches(['.', ',', ';']);
    url.starts_with("https://").then_some(url)
}

fn markdown(code: &Code) -> String {
    let mut out = format!("{}\n\n**To repair it:** {}.\n", code.docs.trim(), code.help);
    for (words, examples) in [("This is reported", code.bad), ("This is not", code.good)] {
        if let Some(text) = examples.first() {
            out.push_str(&format!("\n{words}:\n\n```toml\n{}\n```\n", safe(text.trim_end())));
        }
    }
    out
}

/// `some-problem` as `SomeProblem`, the form of names that the format asks for.
fn pascal(id: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |c| c.to_ascii_uppercase().to_string() + letters.as_str())
    };
    id.split('-').map(capital).collect()
}
