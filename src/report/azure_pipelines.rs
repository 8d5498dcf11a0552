//! Logging commands of Azure Pipelines: one `task.logissue` per finding, which the agent reads from the log.

use super::lines::{Texts, Unit};
use super::{Form, Run, safe_line, words};
use crate::diag::{Finding, Report, Severity};

pub(super) static FORM: Form =
    Form { name: "azure-pipelines", what: "Issues of Azure Pipelines", for_people: false, in_repository: true, render };

fn render(run: &Run<'_>) -> String {
    let mut out = String::new();
    for failure in run.failures {
        let mut command = Command::new("task.logissue");
        command.property("type", "error");
        out.push_str(&command.finish(&safe_line(&failure.message)));
    }
    for (report, findings) in run.shown() {
        let texts = Texts::new(report);
        for finding in findings {
            out.push_str(&issue(finding, report, &texts, run));
        }
    }
    out
}

fn issue(finding: &Finding, report: &Report, texts: &Texts<'_>, run: &Run<'_>) -> String {
    let mut command = Command::new("task.logissue");
    let span = words::place(finding, report);
    let (start, _) = texts.region(span, Unit::Chars);
    // There are two types of issues.
    command.property(
        "type",
        match finding.severity {
            Severity::Error => "error",
            Severity::Warning | Severity::Advice => "warning",
        },
    );
    command.property("sourcepath", &run.path(&report.sources.get(span.source).name));
    command.property("linenumber", &start.line.to_string());
    command.property("columnnumber", &start.column.to_string());
    command.property("code", finding.code.id);
    // The agent writes path, line, column, type and code before the text.
    let lines: Vec<String> =
        std::iter::once(safe_line(&finding.message)).chain(words::further(finding, report, texts)).collect();
    command.finish(&lines.join("\n"))
}

/// A logging command under construction. Data enters by `property` and `finish`, which escape it.
struct Command {
    out: String,
}

impl Command {
    fn new(name: &'static str) -> Self {
        Command { out: format!("##vso[{name} ") }
    }

    fn property(&mut self, key: &'static str, value: &str) {
        self.out.push_str(key);
        self.out.push('=');
        self.escape(value, &[';', ']']);
        self.out.push(';');
    }

    /// The command with its text, and a line feed.
    fn finish(mut self, text: &str) -> String {
        self.out.push(']');
        self.escape(text, &[]);
        self.out.push('\n');
        self.out
    }

    fn escape(&mut self, text: &str, too: &[char]) {
        for c in text.chars() {
            match c {
                '%' => self.out.push_str("%AZP25"),
                c if matches!(c, '\r' | '\n') || too.contains(&c) => {
                    self.out.push_str(&format!("%{:02X}", u32::from(c)));
                }
                // The agent reads no other characters by number.
                c if c.is_control() => self.out.push('?'),
                c => self.out.push(c),
            }
        }
    }
}
