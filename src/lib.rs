//! aks-egress: one profile becomes ARM JSON, Bicep, az scripts, Kubernetes manifests and a review document.
//!
//! Data flows one way; a module imports only from lower floors:
//!
//! ```text
//! text -> profile -> plan -> checks -> emit -> write
//!         meaning   decisions  gate    spelling  disk
//! ```
//!
//! | Floor | Modules |
//! |---|---|
//! | 0 | [`diag`], [`nearest`], [`tables`], [`value`] |
//! | 1 | [`rules`], [`report`], [`input`] |
//! | 2 | [`profile`], [`settings`] |
//! | 3 | [`plan`], [`waive`] |
//! | 4 | [`checks`] |
//! | 5 | [`emit`] |
//! | 6 | [`write`] |
//! | 7 | this file and the binary |
//!
//! [`write`]: mod@write

pub mod checks;
pub mod diag;
pub mod emit;
pub mod input;
pub mod nearest;
pub mod plan;
pub mod profile;
pub mod report;
pub mod rules;
pub mod settings;
pub mod tables;
pub mod value;
pub mod waive;
pub mod write;

use std::sync::Arc;

use checks::Checked;
use checks::together::{Meeting, Member, compare as compare_plans};
use diag::{At, Findings, Report, Severity, Source, Sources};
use input::Base;
use report::Look;
use report::fix::Repaired;
use settings::{InForce, Settings};
use value::Date;

/// One profile's text and what the caller knows about it.
#[derive(Debug, Clone)]
pub struct Input {
    /// What messages call the text: its path, or `<stdin>`.
    pub name: String,
    /// The text, as read.
    pub text: String,
    /// Name of the profile when it gives none: the file's stem. `None` for standard input.
    pub stem: Option<String>,
    /// Today, for checks of dates.
    pub today: Option<Date>,
    /// What it extends, nearest first, as [`profile::bases`] asks for it.
    pub bases: Vec<Base>,
    /// The settings of the repository that it lies in, as [`read_settings`] reads them once for all profiles.
    pub settings: Option<Arc<Settings>>,
}

/// What came of one profile.
#[derive(Debug)]
pub struct Built {
    report: Report,
    checked: Option<Checked>,
    name: Option<At<String>>,
    today: Option<Date>,
    settings: Option<Arc<Settings>>,
}

impl Built {
    /// What came of a text that could not be read at all.
    pub fn unread(report: Report) -> Built {
        Built { report, checked: None, name: None, today: None, settings: None }
    }

    /// All findings, whatever happened.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The plan, when nothing of error severity was found.
    pub fn checked(&self) -> Option<&Checked> {
        self.checked.as_ref()
    }
}

/// Compares profiles that were compiled for one run: those that have the name of another, or are in its way. What is of
/// error severity takes their plans from them.
pub fn compare(all: &mut [&mut Built]) {
    let name = |built: &Built| {
        let name = built.name.as_ref().filter(|name| !name.origin.poisoned)?;
        Some((name.value.clone(), name.origin.in_profile()))
    };
    let names: Vec<_> = all.iter().map(|built| name(built)).collect();
    let mut reports: Vec<&mut Report> = all.iter_mut().map(|built| &mut built.report).collect();
    let clash = input::same_names(&mut reports, &names);
    for (built, _) in all.iter_mut().zip(&clash).filter(|(_, clash)| **clash) {
        built.checked = None; // and what follows from one name is not said
    }
    let plans = all.iter().enumerate().filter_map(|(index, built)| Some((index, &built.checked.as_ref()?.plan)));
    let meetings = compare_plans(&plans.map(|(index, plan)| Member { index, plan }).collect::<Vec<_>>());
    let mut reports: Vec<&mut Report> = all.iter_mut().map(|built| &mut built.report).collect();
    for Meeting { code, help, sides: [one, other] } in &meetings {
        for (here, there) in [(one, other), (other, one)] {
            let elsewhere = (there.index, there.origin.in_profile(), there.label.as_str());
            let (at, message, label) = (here.origin.in_profile(), here.message.as_str(), here.label.as_str());
            let finding = input::Met { code, at, message, label, help: *help };
            input::tell(&mut reports, here.index, &finding, elsewhere);
        }
    }
    for built in all.iter_mut() {
        if let Some(settings) = &built.settings {
            settings.apply(&mut built.report.findings);
        }
        let waivers = built.checked.as_ref().map_or(&[][..], |checked| &checked.plan.waivers);
        waive::cover(waivers, &mut built.report.findings, built.today);
    }
    for (code, side) in meetings.iter().flat_map(|meeting| meeting.sides.iter().map(|side| (meeting.code, side))) {
        let built = &mut all[side.index];
        let level = built.settings.as_ref().map_or(Some(code.severity), |settings| settings.level(code));
        if level == Some(Severity::Error) {
            built.checked = None;
        }
    }
}

/// Compiles one profile. Pure: no files, no clock, no environment.
pub fn compile(input: Input) -> Built {
    let mut sources = Sources::default();
    let source = sources.add(Source { name: input.name, text: input.text.into(), built_in: false });
    let mut findings = Findings::default();
    let Some(profile) = profile::parse(&mut sources, source, &input.bases, input.stem.as_deref(), &mut findings) else {
        return Built::unread(Report { sources, findings: findings.finish() });
    };
    let plan = plan::Plan::build(&profile);
    let in_force = input.settings.as_deref().map(|settings| {
        let source = sources.add(settings.source().clone());
        InForce { settings, source }
    });
    let (report, mut checked) = checks::run(plan, sources, findings, in_force, input.today);
    if in_force.is_some_and(|in_force| !in_force.settings.is_sound) {
        checked = None; // what the repository asks for is not known
    }
    Built { report, checked, name: Some(profile.name), today: input.today, settings: input.settings }
}

/// Reads the settings of a repository, and says what is wrong with them. What could not be read is not in force.
pub fn read_settings(name: String, text: String) -> (Settings, Report) {
    Settings::read(name, text, &checks::codes())
}

/// Makes the certain repairs of one profile, of what `look` shows. Pure: what becomes of the text is the caller's affair.
pub fn repair(input: &Input, look: Look) -> Repaired {
    let check = |text: &str| compile(Input { text: text.to_owned(), ..input.clone() }).report;
    report::fix::repair(check(&input.text), look, check)
}
