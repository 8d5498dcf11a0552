//! `aks-egress.toml`: what a repository asks of its profiles, beside what Azure asks.
//!
//! The file is read once for all profiles below it. Levels change how bad findings are; the rest is what the checks of
//! policies look at.

mod codes;

use crate::diag::{At, Code, Finding, Findings, Origin, Report, Severity, Source, SourceId, Sources, Span};
use crate::nearest::nearest;
use crate::rules::codes::BAD_HOST;
use crate::rules::cursor::{Context, Item, Table};
use crate::rules::{quoted, shown, values};
use crate::value::Fqdn;

pub(crate) use codes::UNKNOWN_CHECK;
pub use codes::{CODES, POLICIES};

use codes::{LOWERED_ERROR, SETTINGS_SYNTAX};

const ROOT: &[&str] = &["checks", "rules"];
const RULES: &[&str] = &["required-fields", "forbidden-suffixes", "allowed-registries", "max-expiry-days"];

/// The settings of a repository.
#[derive(Debug, Clone)]
pub struct Settings {
    source: Source,
    levels: Vec<(&'static str, At<Level>)>,
    /// Whether all of it could be read.
    pub is_sound: bool,
    /// Fields that every rule of a profile has.
    pub required_fields: Vec<At<Field>>,
    /// Names that no rule allows, nor any name below them.
    pub forbidden_suffixes: Vec<At<String>>,
    /// The only container registries that rules allow; `None` when all are.
    pub allowed_registries: Option<Vec<At<String>>>,
    /// How many days from now a rule may expire.
    pub max_expiry_days: Option<At<u32>>,
}

/// How bad a repository takes the findings of a check to be; `None` when it does not want them.
type Level = Option<Severity>;

/// Something that a rule can say of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Its reason.
    Why,
    /// Who answers for it.
    Owner,
    /// Where it was asked for.
    Ticket,
    /// Its last day.
    Expires,
}

impl Field {
    /// Every field.
    pub const ALL: [Field; 4] = [Field::Why, Field::Owner, Field::Ticket, Field::Expires];

    /// The key of a rule.
    pub fn word(self) -> &'static str {
        match self {
            Field::Why => "why",
            Field::Owner => "owner",
            Field::Ticket => "ticket",
            Field::Expires => "expires",
        }
    }
}

/// Levels with their words.
const LEVELS: &[(&str, Level)] = &[
    ("error", Some(Severity::Error)),
    ("warning", Some(Severity::Warning)),
    ("advice", Some(Severity::Advice)),
    ("off", None),
];

/// The JSON Schema of the settings, for editors.
pub const fn schema() -> &'static str {
    include_str!("schema.json")
}

impl Settings {
    /// Reads the settings in `text`, which messages call `name`; `codes` are all checks whose levels can be set. What
    /// cannot be read is in the report and is not in force.
    pub fn read(name: String, text: String, codes: &[&'static Code]) -> (Settings, Report) {
        let mut sources = Sources::default();
        let source = Source { name, text: text.into(), built_in: false };
        let cx = Context::profile(sources.add(source.clone()));
        let read = |t: &Table<'_>| Settings::of(t, &source, codes);
        let settings = cx.document(&source.text, &SETTINGS_SYNTAX, ROOT, read);
        let mut settings = settings.unwrap_or_else(|| Settings::none(&source));
        let report = Report { sources, findings: cx.into_findings().finish() };
        settings.is_sound = !report.has_errors();
        (settings, report)
    }

    /// Settings whose text could not be read: nothing is in force, and no profile below them is compiled.
    pub fn unread(name: String) -> Settings {
        Settings::none(&Source { name, text: "".into(), built_in: false })
    }

    fn none(source: &Source) -> Settings {
        Settings {
            source: source.clone(),
            levels: Vec::new(),
            is_sound: false,
            required_fields: Vec::new(),
            forbidden_suffixes: Vec::new(),
            allowed_registries: None,
            max_expiry_days: None,
        }
    }

    fn of(t: &Table<'_>, source: &Source, codes: &[&'static Code]) -> Settings {
        let levels = t.entries("checks", |name, item| level(&name, item, codes)).into_iter().flatten().collect();
        t.table("rules", RULES, |t| Settings {
            levels,
            required_fields: t.list("required-fields", |i| i.one_of(&Field::ALL.map(|f| (f.word(), f)))).list(),
            forbidden_suffixes: t.list("forbidden-suffixes", host).list(),
            allowed_registries: Some(t.list("allowed-registries", host))
                .filter(|list| list.is_written() && !list.failed())
                .map(|list| list.list()),
            max_expiry_days: t.get("max-expiry-days", |i| i.number(1..=3_650)).read(),
            ..Settings::none(source)
        })
    }

    /// The text that they were read from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// How bad a finding of `code` is here; `None` when it is not wanted.
    pub fn level(&self, code: &Code) -> Option<Severity> {
        self.set_level(code).map_or(Some(code.severity), |level| level.value)
    }

    /// The level that is set for `code`.
    fn set_level(&self, code: &Code) -> Option<&At<Level>> {
        self.levels.iter().find(|(id, _)| *id == code.id).map(|(_, level)| level)
    }

    /// Gives findings the level that is set for them, and leaves out those that are not wanted.
    pub fn apply(&self, findings: &mut Vec<Finding>) {
        findings.retain_mut(|finding| match self.level(finding.code) {
            Some(severity) => {
                finding.severity = severity;
                true
            }
            None => false,
        });
    }
}

/// Whether a repository may lower the level of a check: what Azure refuses stays an error.
fn can_be_lowered(code: &Code) -> bool {
    code.severity != Severity::Error || POLICIES.contains(&code.id)
}

/// A host name, lower case.
fn host(item: &Item<'_>) -> Option<String> {
    let (whole, bare) = match values::fqdn(item)? {
        Fqdn::Host(name) => return Some(name),
        Fqdn::SubdomainsOf(name) => (format!("*.{name}"), Some(name)),
        pattern @ (Fqdn::Any | Fqdn::EndsWith(_)) => (pattern.to_string(), None),
    };
    let message = format!("`{}` is a pattern, and a name stands for all below it", shown(&whole));
    item.refuse(&BAD_HOST, message, "no wildcard belongs here", |f| {
        if let Some(bare) = bare {
            f.help(format!("write `{bare}`")).edit(item.origin.at, quoted(&bare));
        }
    })
}

/// One line of `[checks]`.
fn level(name: &At<String>, item: &Item<'_>, codes: &[&'static Code]) -> Option<(&'static str, At<Level>)> {
    let Some(code) = codes.iter().find(|code| code.id == name.value) else {
        let mut finding =
            item.cx.raise(&UNKNOWN_CHECK, name.origin, format!("no check is called `{}`", shown(name)), "not known");
        if let Some(near) = nearest(name, codes.iter().map(|code| code.id)) {
            finding.help(format!("did you mean `{}`?", near.name));
            if near.certain {
                finding.edit(name.origin.at, near.name);
            }
        }
        return None;
    };
    let level = item.one_of(LEVELS)?;
    if level < Some(Severity::Error) && !can_be_lowered(code) {
        let message = format!("`{}` is what Azure refuses or what cannot work, and stays an error", code.id);
        return item.refuse(&LOWERED_ERROR, message, "lower than an error", |_| ());
    }
    Some((code.id, At::new(level, item.origin)))
}

/// Settings with the place of their text among the texts of a profile.
#[derive(Debug, Clone, Copy)]
pub struct InForce<'a> {
    /// The settings.
    pub settings: &'a Settings,
    /// Their text.
    pub source: SourceId,
}

impl InForce<'_> {
    /// Where a setting is written, for the findings of a profile.
    pub fn place<T>(&self, setting: &At<T>) -> Origin {
        Origin::written(Span { source: self.source, ..setting.origin.at })
    }

    /// Where the level of a check is set.
    pub fn level_of(&self, code: &Code) -> Option<Origin> {
        self.settings.set_level(code).map(|level| self.place(level))
    }
}

/// Findings of a profile with the levels of the settings that are in force.
pub(crate) fn levelled(in_force: Option<InForce<'_>>, findings: Findings) -> Vec<Finding> {
    let mut findings = findings.finish();
    if let Some(in_force) = in_force {
        in_force.settings.apply(&mut findings);
    }
    findings
}
