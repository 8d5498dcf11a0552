//! Sources, spans, origins, codes and findings: how the program knows where a fact is written and says what is wrong with it.
//!
//! This file owns the data. Turning findings into text is `report`'s work.

pub(crate) mod edits;

use std::fmt;
use std::ops::Deref;

use crate::value::Date;

/// Index of a text in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub(crate) u16);

impl SourceId {
    /// The profile itself.
    pub const FIRST: SourceId = SourceId(0);

    /// Place in the order of [`Sources::iter`].
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// Of a text that stands in no [`Sources`], because nothing will point into it.
    pub(crate) const NONE: SourceId = SourceId(u16::MAX);
}

/// A **byte** range in one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text that the range points into.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span of `range` in `source`; lengths are bounded by the 1 MiB limit on inputs.
    pub fn new(source: SourceId, range: std::ops::Range<usize>) -> Self {
        let clip = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span { source, start: clip(range.start), end: clip(range.end) }
    }

    /// Whether it holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The byte range for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Where a fact is written and, when a pack or an add-on brought it, the place in the profile that asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The place in the profile or in a pack. A default carries the span of the table that implied it.
    pub at: Span,
    /// The place in the profile that asked for it, when `at` lies in a pack.
    pub via: Option<Span>,
    /// The value failed to parse and a default stands in its place: nothing more is said about it.
    pub poisoned: bool,
}

impl Origin {
    /// A fact written at `at`.
    pub fn written(at: Span) -> Self {
        Origin { at, via: None, poisoned: false }
    }

    /// The same place, asked for at `via`.
    pub fn asked_at(self, via: Span) -> Self {
        Origin { via: Some(via), ..self }
    }

    /// The same place, as the place of a value that could not be read.
    pub fn poison(self) -> Self {
        Origin { poisoned: true, ..self }
    }

    /// The place in the profile: where it was asked for, else where it is written.
    pub fn in_profile(self) -> Span {
        self.via.unwrap_or(self.at)
    }
}

/// A value with the place it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Where it is written.
    pub origin: Origin,
}

impl<T> At<T> {
    /// `value`, written at `origin`.
    pub fn new(value: T, origin: Origin) -> Self {
        At { value, origin }
    }

    /// Another value at the same place.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> At<U> {
        At { value: f(self.value), origin: self.origin }
    }

    /// Another value at the same place, from a borrowed one.
    pub fn with<U>(&self, value: U) -> At<U> {
        At { value, origin: self.origin }
    }
}

impl<T> Deref for At<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

/// One text with its name, as it was read (BOM included).
#[derive(Debug, Clone)]
pub struct Source {
    /// What messages call it: a path, `<stdin>`, or `pack os-updates`.
    pub name: String,
    /// The whole text.
    pub text: std::borrow::Cow<'static, str>,
    /// Whether it is one of the program's own packs rather than somebody's file.
    pub built_in: bool,
}

impl Source {
    /// The name of standard input, unless it is given another.
    pub const STDIN: &'static str = "<stdin>";

    /// What the file with the settings of a repository is called.
    pub const SETTINGS: &'static str = "aks-egress.toml";

    /// Whether it holds the settings of a repository rather than a profile.
    pub fn is_settings(&self) -> bool {
        !self.built_in && self.name.rsplit(['/', '\\']).next() == Some(Source::SETTINGS)
    }

    /// SHA-256 of the text as lower-case digits, BOM removed and CRLF as LF, so that a checkout changes nothing.
    pub fn sha256(&self) -> String {
        use sha2::Digest;
        let text = self.text.strip_prefix('\u{feff}').unwrap_or(&self.text).replace("\r\n", "\n");
        sha2::Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Every text that findings may point into. The profile is always the first.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    list: Vec<Source>,
}

impl Sources {
    /// Adds a text.
    pub fn add(&mut self, source: Source) -> SourceId {
        let id = SourceId(u16::try_from(self.list.len()).unwrap_or(u16::MAX));
        self.list.push(source);
        id
    }

    /// The text behind an ID.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.list[usize::from(id.0)]
    }

    /// All texts, in the order of their IDs.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.list.iter().enumerate().map(|(n, s)| (SourceId(u16::try_from(n).unwrap_or(u16::MAX)), s))
    }

    /// The text of a span.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.source).text.get(span.range()).unwrap_or("")
    }

    /// One-based line and column (in characters, a BOM at the beginning not counted) of the first byte of a span.
    pub fn position(&self, span: Span) -> Position {
        let text = &self.get(span.source).text;
        let upto = text.get(..span.start as usize).unwrap_or(text);
        let upto = upto.strip_prefix('\u{feff}').unwrap_or(upto);
        let line_start = upto.rfind('\n').map_or(0, |n| n + 1);
        let line = upto.matches('\n').count() + 1;
        let column = upto[line_start..].chars().count() + 1;
        Position { line, column }
    }
}

/// One-based line and column, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Only said with `--pedantic`.
    Advice,
    /// Works, but unsafe, fragile or surely not meant.
    Warning,
    /// Azure refuses it, or it cannot work.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Advice => "advice",
            Severity::Warning => "warning",
            Severity::Error => "error",
        })
    }
}

/// A kind of problem: its name, how bad it is, its page, and examples that are its tests.
#[derive(Debug)]
pub struct Code {
    /// The problem's name in kebab case, never a remedy or a number.
    pub id: &'static str,
    /// How bad it is unless a repository says otherwise.
    pub severity: Severity,
    /// The problem in a few words, lower case, no full stop.
    pub title: &'static str,
    /// What to do, in the imperative.
    pub help: &'static str,
    /// The page: why it matters, and the source of the fact.
    pub docs: &'static str,
    /// Complete profiles that must raise it.
    pub bad: &'static [&'static str],
    /// Complete profiles that must not raise it.
    pub good: &'static [&'static str],
}

/// A place with a few words beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What stands there, lower case, no full stop.
    pub text: String,
}

/// One replacement of text that repairs a finding with certainty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// Why a finding is not held against the profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The justification, as it is written.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Where it is written.
    pub origin: Origin,
}

/// One problem at one place.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What kind of problem it is.
    pub code: &'static Code,
    /// How bad, after a repository's settings.
    pub severity: Severity,
    /// What is wrong, naming the value; lower case, no full stop.
    pub message: String,
    /// The first is where it is; the others are what it meets.
    pub labels: Vec<Label>,
    /// What to do here, when it is more specific than the code's help.
    pub help: Option<String>,
    /// Certain repairs.
    pub edits: Vec<Edit>,
    /// Depends on the day: never written into an artifact.
    pub dated: bool,
    /// Waived: it stops nothing and is not counted, and only reports for programs show it.
    pub suppressed: Option<Suppression>,
    /// A label or operand is poisoned, so nothing is said.
    pub(crate) muted: bool,
    /// Repairs of lists that are not spelled out yet.
    pub(crate) repairs: Vec<edits::Repair>,
}

impl Finding {
    fn new(code: &'static Code, origin: Origin, message: String, label: String) -> Self {
        let mut finding = Finding {
            code,
            severity: code.severity,
            message,
            labels: Vec::new(),
            help: None,
            edits: Vec::new(),
            dated: false,
            suppressed: None,
            muted: false,
            repairs: Vec::new(),
        };
        finding.point(origin, label);
        finding
    }

    fn point(&mut self, origin: Origin, text: String) {
        self.muted |= origin.poisoned;
        let Some(via) = origin.via else {
            self.labels.push(Label { span: origin.at, text });
            return;
        };
        self.labels.push(Label { span: via, text: text.clone() });
        // The head of a pack stands for the whole of it: the place that asked for the pack says as much.
        if origin.at.start > 0 {
            self.labels.push(Label { span: origin.at, text });
        }
    }

    /// Adds the other place that is involved.
    pub fn also(&mut self, origin: Origin, text: impl Into<String>) -> &mut Self {
        self.point(origin, text.into());
        self
    }

    /// Says nothing when `operand`, which took part in the finding without a label of its own, could not be read.
    pub fn given(&mut self, operand: Origin) -> &mut Self {
        self.muted |= operand.poisoned;
        self
    }

    /// What to do: here, else in general.
    pub fn remedy(&self) -> &str {
        self.help.as_deref().unwrap_or(self.code.help)
    }

    /// What to do, in place of the code's help.
    pub fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.help = Some(text.into());
        self
    }

    /// A certain repair.
    pub fn edit(&mut self, span: Span, text: impl Into<String>) -> &mut Self {
        self.edits.push(Edit { span, text: text.into() });
        self
    }

    /// Marks the finding as depending on today's date.
    pub fn dated(&mut self) -> &mut Self {
        self.dated = true;
        self
    }

    /// Whether it is held against the profile.
    pub fn is_active(&self) -> bool {
        self.suppressed.is_none()
    }

    /// The first place.
    pub fn span(&self) -> Span {
        self.labels[0].span
    }
}

/// Findings while they are collected.
#[derive(Debug, Default)]
pub struct Findings {
    list: Vec<Finding>,
    code: Option<&'static Code>,
}

impl Findings {
    /// What [`Findings::report`] reports from here on.
    pub(crate) fn speak_for(&mut self, code: &'static Code) {
        self.code = Some(code);
    }

    /// Reports the problem of the check that is running: what is wrong, and what stands at `origin`.
    pub fn report(&mut self, origin: Origin, message: impl Into<String>, label: impl Into<String>) -> &mut Finding {
        let code = self.code.unwrap_or(&UNNAMED);
        self.raise(code, origin, message, label)
    }

    /// Reports a problem by its code; for the readers, which raise several.
    pub fn raise(
        &mut self,
        code: &'static Code,
        origin: Origin,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> &mut Finding {
        self.list.push(Finding::new(code, origin, message.into(), label.into()));
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether anything of error severity was said.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|f| !f.muted && f.is_active() && f.severity == Severity::Error)
    }

    /// Takes over what another collection holds.
    pub fn extend(&mut self, other: Findings) {
        self.list.extend(other.list);
    }

    /// The findings sorted by position, without muted ones and duplicates.
    pub fn finish(self) -> Vec<Finding> {
        in_order(self.list.into_iter().filter(|f| !f.muted).collect())
    }
}

/// Findings by position, each once.
pub(crate) fn in_order(mut list: Vec<Finding>) -> Vec<Finding> {
    let places = |f: &Finding| f.labels.iter().map(|l| l.span).collect::<Vec<_>>();
    list.sort_by(|a, b| {
        let first = (a.span(), a.code.id, &a.message).cmp(&(b.span(), b.code.id, &b.message));
        first.then_with(|| places(a).cmp(&places(b)))
    });
    list.dedup_by(|a, b| a.code.id == b.code.id && a.labels == b.labels && a.message == b.message);
    list
}

/// Stands in when a finding is reported outside any check; a test refuses its appearance.
static UNNAMED: Code = Code {
    id: "unnamed",
    severity: Severity::Error,
    title: "unnamed problem",
    help: "report this as a defect of aks-egress",
    docs: "",
    bad: &[],
    good: &[],
};

/// Findings with the texts they point into.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The texts.
    pub sources: Sources,
    /// The findings, sorted by position.
    pub findings: Vec<Finding>,
}

impl Report {
    /// The number of findings of one severity, without suppressed ones.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|f| f.is_active() && f.severity == severity).count()
    }

    /// Whether a finding is an error.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }
}
