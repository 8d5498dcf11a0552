//! JUnit XML: one test case per profile, which fails when something in it is refused.

use super::lines::Texts;
use super::{Form, Run, safe, safe_line, short, summary, words};
use crate::diag::{Finding, Report, Severity};

pub(super) static FORM: Form = Form {
    name: "junit",
    what: "JUnit XML, one test case per profile",
    for_people: false,
    in_repository: true,
    render,
};

fn render(run: &Run<'_>) -> String {
    let cases: Vec<Case> = run.reports.iter().map(|report| Case::new(report, run)).collect();
    let failed = cases.iter().filter(|case| case.refused.is_some()).count().to_string();
    let errors = run.failures.len().to_string();
    let all = (cases.len() + run.failures.len()).to_string();
    let counts = [
        ("name", "aks-egress"),
        ("tests", all.as_str()),
        ("failures", &failed),
        ("errors", &errors),
        ("skipped", "0"),
        ("time", "0"),
    ];
    let mut xml = Xml { out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned() };
    xml.element("testsuites", &counts, |xml| {
        xml.element("testsuite", &counts, |xml| {
            run.failures.iter().for_each(|failure| {
                let name = run.path(&failure.path);
                xml.element("testcase", &attributes(&name, "1"), |xml| {
                    let message = safe_line(&failure.message);
                    xml.text("error", &[("type", "unreadable-input"), ("message", &message)], &message);
                });
            });
            cases.iter().for_each(|case| case.write(xml));
        });
    });
    xml.out
}

fn attributes<'a>(name: &'a str, line: &'a str) -> [(&'static str, &'a str); 5] {
    [("classname", "aks-egress"), ("name", name), ("file", name), ("line", line), ("time", "0")]
}

/// One profile.
struct Case {
    name: String,
    line: String,
    /// How much is refused, and the first of it.
    refused: Option<(String, &'static str)>,
    /// Every finding that is shown, with its further lines.
    all: String,
}

impl Case {
    fn new(report: &Report, run: &Run<'_>) -> Case {
        let texts = Texts::new(report);
        let refuses = |finding: &&&Finding| run.deny || finding.severity == Severity::Error;
        let shown: Vec<&Finding> = run.look.shown(report).collect();
        let refused: Vec<&&Finding> = shown.iter().filter(refuses).collect();
        let profile = report.sources.iter().next().map_or("", |(_, source)| source.name.as_str());
        // The line of what is refused first, if it stands in the profile itself.
        let place =
            refused.first().map(|finding| words::place(finding, report)).filter(|span| span.source.index() == 0);
        Case {
            name: run.path(profile),
            line: place.map_or(1, |span| texts.start(span).line).to_string(),
            refused: refused.first().map(|first| {
                let more = match refused.len() - 1 {
                    0 => String::new(),
                    n => format!(" (and {})", summary::counted(n, "more finding")),
                };
                (format!("{}{more}", short::line(first, report, &texts)), first.code.id)
            }),
            all: shown
                .iter()
                .flat_map(|finding| {
                    let further = words::further(finding, report, &texts).into_iter().map(|line| format!("  {line}\n"));
                    std::iter::once(short::line(finding, report, &texts) + "\n").chain(further)
                })
                .collect(),
        }
    }

    fn write(&self, xml: &mut Xml) {
        xml.element("testcase", &attributes(&self.name, &self.line), |xml| match &self.refused {
            Some((message, id)) => xml.text("failure", &[("type", id), ("message", message)], &self.all),
            None if self.all.is_empty() => {}
            None => xml.text("system-out", &[], &self.all),
        });
    }
}

/// XML under construction. Data enters as the values of attributes and as text, both escaped.
struct Xml {
    out: String,
}

impl Xml {
    fn element(&mut self, name: &'static str, attributes: &[(&'static str, &str)], inside: impl FnOnce(&mut Xml)) {
        self.start(name, attributes);
        self.out.push('\n');
        inside(self);
        self.end(name);
    }

    fn text(&mut self, name: &'static str, attributes: &[(&'static str, &str)], text: &str) {
        self.start(name, attributes);
        self.escape(text, false);
        self.end(name);
    }

    fn start(&mut self, name: &'static str, attributes: &[(&'static str, &str)]) {
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            self.out.push(' ');
            self.out.push_str(key);
            self.out.push_str("=\"");
            self.escape(value, true);
            self.out.push('"');
        }
        self.out.push('>');
    }

    fn end(&mut self, name: &'static str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    /// Characters that XML cannot hold at all are made visible.
    fn escape(&mut self, text: &str, in_attribute: bool) {
        for c in safe(text).chars() {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                '\n' | '\t' if in_attribute => self.out.push_str(&format!("&#{};", u32::from(c))),
                '\u{fffe}' | '\u{ffff}' => self.out.push('\u{fffd}'),
                c => self.out.push(c),
            }
        }
    }
}
