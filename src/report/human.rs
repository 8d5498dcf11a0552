//! Findings for people: the lines concerned, what stands there, and what to do. The one place that knows `miette`.

use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::excerpt::Excerpt;
use super::lines::Texts;
use super::{Form, Look, safe_line};
use crate::diag::{Finding, Label, Report, Severity, SourceId};

/// The form for people.
pub static FORM: Form = Form {
    name: "human",
    what: "The lines concerned, with what to do",
    for_people: true,
    in_repository: false,
    render: |run| run.shown().map(|(report, findings)| all(&findings, report, run.look)).collect(),
};

/// Every finding that `look` shows of one profile, each followed by an empty line.
pub fn render(report: &Report, look: Look) -> String {
    all(&look.shown(report).collect::<Vec<_>>(), report, look)
}

fn all(findings: &[&Finding], report: &Report, look: Look) -> String {
    let texts = Texts::new(report);
    let mut out = String::new();
    for finding in findings {
        let parts = Shown::parts(finding, report, &texts);
        let handler = handler(look);
        // Writing to a string fails only if the renderer refuses; then the short form must do.
        if parts.iter().any(|part| handler.render_report(&mut out, part).is_err()) {
            out.push_str(&super::short::line(finding, report, &texts));
            out.push('\n');
        }
        out.push('\n');
    }
    out
}

fn handler(look: Look) -> GraphicalReportHandler {
    let theme = if look.colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    GraphicalReportHandler::new_themed(theme).with_width(look.width).with_links(false).with_context_lines(1)
}

/// A finding, or the part of one that lies in another source.
#[derive(Debug)]
struct Shown {
    code: Option<String>,
    severity: Severity,
    message: String,
    help: Option<String>,
    excerpt: Excerpt,
    labels: Vec<String>,
}

impl Shown {
    /// A finding, a part for each source; what to do stands behind the last.
    fn parts(finding: &Finding, report: &Report, texts: &Texts<'_>) -> Vec<Shown> {
        let mut sources: Vec<SourceId> = Vec::new();
        for label in &finding.labels {
            if !sources.contains(&label.span.source) {
                sources.push(label.span.source);
            }
        }
        let mut parts: Vec<Shown> =
            sources.into_iter().map(|source| Shown::part(finding, report, texts, source)).collect();
        if let Some(first) = parts.first_mut() {
            first.code = Some(format!("{}[{}]", finding.severity, finding.code.id));
            first.severity = finding.severity;
            first.message = safe_line(&finding.message);
        }
        if let Some(last) = parts.last_mut() {
            last.help = Some(safe_line(finding.remedy()));
        }
        parts
    }

    /// What a finding points at in one source.
    fn part(finding: &Finding, report: &Report, texts: &Texts<'_>, source: SourceId) -> Shown {
        let labels: Vec<&Label> = finding.labels.iter().filter(|l| l.span.source == source).collect();
        let name = &report.sources.get(source).name;
        Shown {
            code: None,
            severity: Severity::Advice,
            message: format!("the other place is in {}", safe_line(name)),
            help: None,
            excerpt: Excerpt::new(name, texts.lines(source), &labels),
            labels: labels.iter().map(|label| safe_line(&label.text)).collect(),
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.as_ref().map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Advice => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let spans = self.excerpt.spans().zip(&self.labels).enumerate();
        Some(Box::new(spans.map(|(n, (range, text))| {
            let text = Some(text.clone());
            let span = (range.start, range.len());
            if n == 0 { LabeledSpan::new_primary_with_span(text, span) } else { LabeledSpan::new_with_span(text, span) }
        })))
    }
}
