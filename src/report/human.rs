//! Findings for people: the lines concerned, what stands there, and what to do. The one place that knows `miette`.

use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::excerpt::Excerpt;
use super::lines::Lines;
use super::{Look, safe_line};
use crate::diag::{Finding, Label, Report, Severity, SourceId};

/// Every finding that `look` shows, each followed by an empty line.
pub fn render(report: &Report, look: Look) -> String {
    let lines: Vec<Lines<'_>> = report.sources.iter().map(|(_, source)| Lines::new(&source.text)).collect();
    let handler = handler(look);
    let mut out = String::new();
    for finding in look.shown(report) {
        let shown = Shown::new(finding, report, &lines);
        // Writing to a string fails only if the renderer refuses; then the short form must do.
        if handler.render_report(&mut out, &shown).is_err() {
            out.push_str(&super::short::line(finding, report));
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
    elsewhere: Vec<Shown>,
}

impl Shown {
    fn new(finding: &Finding, report: &Report, lines: &[Lines<'_>]) -> Shown {
        let mut sources: Vec<SourceId> = Vec::new();
        for label in &finding.labels {
            if !sources.contains(&label.span.source) {
                sources.push(label.span.source);
            }
        }
        let mut parts = sources.into_iter().map(|source| Shown::part(finding, report, lines, source));
        let mut first = parts.next().unwrap_or_else(|| Shown::part(finding, report, lines, SourceId::FIRST));
        first.elsewhere = parts.collect();
        first.code = Some(format!("{}[{}]", finding.severity, finding.code.id));
        first.severity = finding.severity;
        first.message = safe_line(&finding.message);
        first.help = Some(safe_line(finding.help.as_deref().unwrap_or(finding.code.help)));
        first
    }

    /// What a finding points at in one source.
    fn part(finding: &Finding, report: &Report, lines: &[Lines<'_>], source: SourceId) -> Shown {
        let labels: Vec<&Label> = finding.labels.iter().filter(|l| l.span.source == source).collect();
        let name = &report.sources.get(source).name;
        Shown {
            code: None,
            severity: Severity::Advice,
            message: format!("the other place is in {}", safe_line(name)),
            help: None,
            excerpt: Excerpt::new(name, &lines[source.index()], &labels),
            labels: labels.iter().map(|label| safe_line(&label.text)).collect(),
            elsewhere: Vec::new(),
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

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.elsewhere.iter().map(|part| part as &dyn Diagnostic)))
    }
}
