//! What the forms without an excerpt say of a finding: where to show it, its further places, and what to do.

use super::lines::Texts;
use super::safe::safe_line;
use super::short;
use crate::diag::{Finding, Label, Report, SourceId, Span};

/// Where services show a finding: its first place in a file, or else the beginning of the profile.
pub(super) fn place(finding: &Finding, report: &Report) -> Span {
    let in_file = finding.labels.iter().find(|label| is_in_file(label, report));
    in_file.map_or(Span { source: SourceId::FIRST, start: 0, end: 0 }, |label| label.span)
}

/// Whether a label points into somebody's file rather than into a pack of this program.
pub(super) fn is_in_file(label: &Label, report: &Report) -> bool {
    !report.sources.get(label.span.source).built_in
}

/// The places of a finding. What a pack only repeats, because the profile asked for it, is left out.
pub(super) fn places<'a>(finding: &'a Finding, report: &Report) -> Vec<&'a Label> {
    let first = finding.labels.first().map(|label| &label.text);
    let repeats = |(n, label): &(usize, &Label)| *n > 0 && !is_in_file(label, report) && Some(&label.text) == first;
    finding.labels.iter().enumerate().filter(|label| !repeats(label)).map(|(_, label)| label).collect()
}

/// What stands at each place, when there are several, and what to do: a line each.
pub(super) fn further(finding: &Finding, report: &Report, texts: &Texts<'_>) -> Vec<String> {
    let places = places(finding, report);
    let places = if places.len() > 1 { &places[..] } else { &[] };
    let places =
        places.iter().map(|label| format!("{}: {}", short::place(label.span, report, texts), safe_line(&label.text)));
    places.chain([format!("help: {}", safe_line(finding.remedy()))]).collect()
}

/// What is wrong and what to do, as sentences on one line.
pub(super) fn sentences(finding: &Finding) -> String {
    format!("{}. {}", safe_line(&finding.message), remedy(&safe_line(finding.remedy())))
}

/// What to do, as a sentence. A question is one already.
pub(super) fn remedy(help: &str) -> String {
    if help.ends_with('?') { help.to_owned() } else { format!("To repair it: {help}.") }
}
