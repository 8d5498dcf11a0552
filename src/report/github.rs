//! Annotations of GitHub Actions: one workflow command per finding, which the runner reads from the log.

use super::lines::{Texts, Unit};
use super::{Form, Run, short, words};
use crate::diag::{Finding, Report, Severity};

pub(super) static FORM: Form =
    Form { name: "github", what: "Annotations of GitHub Actions", for_people: false, in_repository: true, render };

fn render(run: &Run<'_>) -> String {
    let mut out = String::new();
    for failure in run.failures {
        let mut command = Command::new("error");
        command.property("title", "aks-egress");
        out.push_str(&command.finish(&super::safe_line(&failure.message)));
    }
    for (report, findings) in run.shown() {
        let texts = Texts::new(report);
        for finding in findings {
            out.push_str(&annotation(finding, report, &texts, run));
        }
    }
    out
}

fn annotation(finding: &Finding, report: &Report, texts: &Texts<'_>, run: &Run<'_>) -> String {
    let mut command = Command::new(match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "notice",
    });
    let span = words::place(finding, report);
    let (start, end) = texts.region(span, Unit::Chars);
    command.property("title", &format!("aks-egress: {}", finding.code.title));
    command.property("file", &run.path(&report.sources.get(span.source).name));
    command.property("line", &start.line.to_string());
    command.property("endLine", &end.line.to_string());
    // Columns are for a place on one line; the runner drops all others.
    if start.line == end.line {
        command.property("col", &start.column.to_string());
        command.property("endColumn", &end.column.to_string());
    }
    // In the log the runner shows this text alone, so it says where.
    let first = short::line(finding, report, texts);
    let lines: Vec<String> = std::iter::once(first).chain(words::further(finding, report, texts)).collect();
    command.finish(&lines.join("\n"))
}

/// A workflow command under construction. Data enters by `property` and `finish`, which escape it.
struct Command {
    out: String,
    empty: bool,
}

impl Command {
    fn new(name: &'static str) -> Self {
        Command { out: format!("::{name}"), empty: true }
    }

    fn property(&mut self, key: &'static str, value: &str) {
        self.out.push(if self.empty { ' ' } else { ',' });
        self.empty = false;
        self.out.push_str(key);
        self.out.push('=');
        self.escape(value, &[':', ',']);
    }

    /// The command with its text, and a line feed.
    fn finish(mut self, text: &str) -> String {
        self.out.push_str("::");
        self.escape(text, &[]);
        self.out.push('\n');
        self.out
    }

    fn escape(&mut self, text: &str, too: &[char]) {
        for c in text.chars() {
            match c {
                c if matches!(c, '%' | '\r' | '\n') || too.contains(&c) => {
                    self.out.push_str(&format!("%{:02X}", u32::from(c)));
                }
                // The runner reads no other characters by number.
                c if c.is_control() => self.out.push('?'),
                c => self.out.push(c),
            }
        }
    }
}
