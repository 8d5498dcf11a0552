//! What comes from outside: bytes that are to be a profile's text, the files that it extends, and several profiles of one
//! run that clash.

use crate::diag::{Code, Findings, Label, Origin, Report, Severity, Source, Sources, Span};

/// A file that a profile extends, as the caller found it.
#[derive(Debug, Clone)]
pub struct Base {
    /// What messages call it: its path.
    pub name: String,
    /// What it holds.
    pub text: BaseText,
}

/// What a file that is to be extended holds.
#[derive(Debug, Clone)]
pub enum BaseText {
    /// This text.
    Read(String),
    /// There is no such file.
    Missing,
    /// It cannot be read, for this reason.
    Unreadable(String),
    /// It is the profile itself or a base that was loaded before.
    Seen,
}

impl Base {
    /// Its text, where it could be read.
    pub fn text(&self) -> Option<&str> {
        match &self.text {
            BaseText::Read(text) => Some(text),
            BaseText::Missing | BaseText::Unreadable(_) | BaseText::Seen => None,
        }
    }
}

/// Bytes of the largest text that is read.
pub const LIMIT: usize = 1 << 20;

/// Problems that this file raises.
pub static CODES: &[&Code] = &[&TOO_LARGE, &NOT_UTF8, &SAME_NAME];

static TOO_LARGE: Code = Code {
    id: "input-too-large",
    severity: Severity::Error,
    title: "the file is larger than 1 MiB",
    help: "name a profile, not another file; split very large profiles",
    docs: "A profile is a few kilobytes of text that a person reads. A file over 1 MiB (1,048,576 bytes) is some other\n\
           file, given by mistake, and is refused before it is read.",
    bad: &[],
    good: &[],
};

static NOT_UTF8: Code = Code {
    id: "not-utf8",
    severity: Severity::Error,
    title: "the text is not UTF-8",
    help: "save the file as UTF-8",
    docs: "TOML is UTF-8 by definition. The label marks the first byte that is not.",
    bad: &[],
    good: &[],
};

static SAME_NAME: Code = Code {
    id: "duplicate-profile-name",
    severity: Severity::Error,
    title: "two profiles of one run have the same name",
    help: "give one of them another `name`",
    docs: "The name is the folder that a profile's artifacts are written to and the prefix of its resources. Two profiles\n\
           of one name would overwrite each other. Case is ignored, as Azure and several file systems do.",
    bad: &[r#"name   = "shop"
region = "westeurope"

# file: other.toml
name   = "Shop"
region = "northeurope"
"#],
    good: &[r#"name   = "shop"
region = "westeurope"

# file: other.toml
region = "northeurope"
"#],
};

/// The text of a file that was read as `bytes`, at most one byte more than [`LIMIT`] of them.
///
/// # Errors
/// The report that says why there is none.
pub fn text(name: &str, bytes: Vec<u8>) -> Result<String, Report> {
    if bytes.len() > LIMIT {
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
        let message = format!("the file is larger than {LIMIT} bytes (1 MiB)");
        return Err(refusal(name, head, &TOO_LARGE, 0..0, message, "this is its beginning"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let byte = error.as_bytes()[at];
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        let message = format!("the byte 0x{byte:02x} at offset {at} is not UTF-8");
        refusal(name, text, &NOT_UTF8, at..at + '\u{fffd}'.len_utf8(), message, "not UTF-8 from here")
    })
}

fn refusal(
    name: &str,
    text: String,
    code: &'static Code,
    range: std::ops::Range<usize>,
    message: String,
    label: &str,
) -> Report {
    let mut sources = Sources::default();
    let source = sources.add(Source { name: name.to_owned(), text: text.into(), built_in: false });
    let mut findings = Findings::default();
    findings.raise(code, Origin::written(Span::new(source, range)), message, label);
    Report { sources, findings: findings.finish() }
}

/// Adds a finding to every report whose profile has the name of another one. `names` holds, for each report, the name
/// and where it stands; `None` where there is none.
///
/// Returns which reports got one.
pub fn same_names(reports: &mut [&mut Report], names: &[Option<(String, Span)>]) -> Vec<bool> {
    let mut first: std::collections::BTreeMap<String, Vec<usize>> = std::collections::BTreeMap::new();
    for (n, name) in names.iter().enumerate() {
        if let Some((name, _)) = name {
            first.entry(name.to_ascii_lowercase()).or_default().push(n);
        }
    }
    let mut clash = vec![false; reports.len()];
    for group in first.values().filter(|group| group.len() > 1) {
        for &n in group {
            let other = if n == group[0] { group[1] } else { group[0] };
            if let (Some((name, here)), Some((_, there))) = (&names[n], &names[other]) {
                let message = format!("another profile of this run is also named `{name}`");
                let met = Met { code: &SAME_NAME, at: *here, message: &message, label: "this one", help: None };
                tell(reports, n, &met, (other, *there, "the other one"));
                clash[n] = true;
            }
        }
    }
    clash
}

/// A finding about two profiles of one run, as one of them is told.
#[derive(Debug)]
pub struct Met<'a> {
    /// What kind of problem it is.
    pub code: &'static Code,
    /// Where it stands in the profile that is told.
    pub at: Span,
    /// What is wrong, seen from there.
    pub message: &'a str,
    /// What stands there.
    pub label: &'a str,
    /// What to do, where that of the code does not fit.
    pub help: Option<&'static str>,
}

/// Adds a finding to one report, with a label in the profile of another one: which, where and what stands there.
pub fn tell(reports: &mut [&mut Report], index: usize, met: &Met<'_>, (other, there, text): (usize, Span, &str)) {
    let elsewhere = reports[other].sources.get(there.source).clone();
    let report = &mut reports[index];
    let mut findings = Findings::default();
    let finding = findings.raise(met.code, Origin::written(met.at), met.message, met.label);
    finding.help = met.help.map(str::to_owned);
    let here = report.sources.get(met.at.source);
    if (&here.name, met.at.range()) == (&elsewhere.name, there.range()) {
        // Both say it in a file that they extend: one place, which is of both.
        finding.labels.iter_mut().for_each(|label| label.text = format!("{} and {text}", met.label));
    } else {
        let source = report.sources.add(elsewhere);
        finding.labels.push(Label { span: Span { source, ..there }, text: text.to_owned() });
    }
    report.findings.extend(findings.finish());
    report.findings.sort_by_key(|f| f.span());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::SourceId;

    #[test]
    fn text_is_refused_with_the_reason() {
        assert_eq!(text("a", b"region".to_vec()).unwrap(), "region");
        assert_eq!(text("a", vec![b' '; LIMIT]).unwrap().len(), LIMIT);
        let large = text("a", vec![b' '; LIMIT + 1]).unwrap_err();
        assert_eq!(large.findings[0].code.id, "input-too-large");
        let broken = text("a", b"ab\xffcd".to_vec()).unwrap_err();
        assert_eq!(broken.findings[0].message, "the byte 0xff at offset 2 is not UTF-8");
        assert_eq!(broken.findings[0].span().range(), 2..5);
    }

    #[test]
    fn each_of_three_profiles_of_one_name_is_told_of_another() {
        let report = |name: &str| {
            let mut sources = Sources::default();
            sources.add(Source { name: name.to_owned(), text: "name = 'x'".into(), built_in: false });
            Report { sources, findings: Vec::new() }
        };
        let mut all = [report("a"), report("b"), report("c"), report("d")];
        let span = Span::new(SourceId::FIRST, 7..10);
        let names = ["prod", "dev", "PROD", "Prod"].map(|n| Some((n.to_owned(), span)));
        let clash = same_names(&mut all.iter_mut().collect::<Vec<_>>(), &names);
        assert_eq!(clash, [true, false, true, true]);
        let other = |n: usize| all[n].sources.get(all[n].findings[0].labels[1].span.source).name.as_str();
        assert_eq!([other(0), other(2), other(3)], ["c", "a", "a"]);
    }
}
