//! Waivers: which findings a profile accepts, and what is wrong with accepting them.
//!
//! A waiver covers warnings and advice. What is an error stays one: Azure refuses it, whatever a profile says.

use crate::diag::{Code, Finding, Findings, Origin, Severity, Suppression, in_order};
use crate::nearest::nearest;
use crate::profile::WaiveSpec;
use crate::rules::{quoted, shown};
use crate::settings::{InForce, UNKNOWN_CHECK, levelled};
use crate::value::Date;

/// Problems of waivers, sorted by id.
pub static CODES: &[&Code] = &[&EXPIRED_WAIVER, &UNUSED_WAIVER, &WAIVED_ERROR];

/// Checks that find something on one day and nothing on another.
pub static DATED: &[&str] = &["distant-expiry", "expired-rule"];

/// Checks that compare the profiles of one run.
pub static COMPARED: &[&str] = &[
    "added-subnet-overlap",
    "created-policy-clash",
    "crowded-api-server-subnet",
    "peered-overlap",
    "shared-group",
    "shared-inbound-target",
    "shared-peering",
    "shared-policy",
    "shared-public-port",
    "shared-resource",
    "shared-subnet",
    "spoke-overlap",
    "two-firewalls",
];

static EXPIRED_WAIVER: Code = Code {
    id: "expired-waiver",
    severity: Severity::Warning,
    title: "waiver is past its last day",
    help: "repair what it covers, or agree on a new `until`",
    docs: "A waiver with `until` was meant to end. After that day its findings count again, in the terminal and in \
           reports; artifacts never change by the calendar and still list the waiver with its day.",
    bad: &[r#"region = "westeurope"
cni    = "kubenet"

[[waive]]
check  = "kubenet-retirement"
reason = "the cluster is replaced before that"
until  = 2020-06-30
"#],
    good: &[r#"region = "westeurope"
cni    = "kubenet"

[[waive]]
check  = "kubenet-retirement"
reason = "the cluster is replaced before that"
until  = 2099-12-31
"#],
};

static UNUSED_WAIVER: Code = Code {
    id: "unused-waiver",
    severity: Severity::Warning,
    title: "waiver covers nothing",
    help: "remove the waiver",
    docs: "What the waiver accepts is not found, or not at the place that it names: it was repaired, or it moved. A \
           waiver that stays behind would one day accept something that nobody has agreed to. While the profile has \
           errors nothing is said, since they may hide what the waiver covers.",
    bad: &[
        r#"region = "westeurope"

[[waive]]
check  = "kubenet-retirement"
reason = "the cluster is replaced before that"
"#,
        r#"region = "westeurope"
cni    = "kubenet"

[[waive]]
check  = "kubenet-retirement"
where  = "cluster"
reason = "the cluster is replaced before that"
"#,
    ],
    good: &[r#"region = "westeurope"
cni    = "kubenet"

[[waive]]
check  = "kubenet-retirement"
where  = "cni"
reason = "the cluster is replaced before that"
"#],
};

static WAIVED_ERROR: Code = Code {
    id: "waived-error",
    severity: Severity::Error,
    title: "waiver is for an error",
    help: "repair what the check reports, and remove the waiver",
    docs: "Errors are what Azure refuses, what cannot work, or what the settings of the repository forbid. Accepting one \
           would only move the failure into the deployment, or undo what the repository has decided, so that warnings \
           and advice alone can be waived.",
    bad: &[r#"region = "westeurope"

[[waive]]
check  = "subnet-overlap"
reason = "it has always been like this"
"#],
    good: &[r#"region = "westeurope"
cni    = "kubenet"

[[waive]]
check  = "kubenet-retirement"
reason = "the cluster is replaced before that"
"#],
};

/// Findings with the waivers applied.
#[derive(Debug)]
pub(crate) struct Settled {
    /// As they are told today.
    pub(crate) told: Vec<Finding>,
    /// As artifacts keep them: whatever the day, without those that depend on it.
    pub(crate) kept: Vec<Finding>,
}

/// Applies `waivers` to what was `found`; `codes` are all that there are, and `settings` may have made errors of some.
pub(crate) fn settle(
    waivers: &[WaiveSpec],
    codes: &[&'static Code],
    settings: Option<InForce<'_>>,
    found: Vec<Finding>,
    today: Option<Date>,
) -> Settled {
    let mut said = Findings::default();
    let valid: Vec<&WaiveSpec> = waivers.iter().filter(|w| is_valid(w, codes, settings, &mut said)).collect();
    let covering: Vec<Option<&WaiveSpec>> =
        found.iter().map(|f| valid.iter().copied().find(|w| covers(w, f))).collect();
    let certain = !found.iter().any(|f| f.severity == Severity::Error) && !said.has_errors();
    for waiver in valid {
        let used = found.iter().any(|f| covers(waiver, f));
        if used {
            say_expired(waiver, today, &mut said);
        } else if certain && !of_several(&waiver.check) {
            say_unused(waiver, &found, &mut said);
        }
    }
    let mut settled = Settled { told: Vec::new(), kept: Vec::new() };
    for (finding, waiver) in found.into_iter().zip(covering) {
        if !finding.dated {
            settled.kept.push(Finding { suppressed: waiver.map(suppression), ..finding.clone() });
        }
        let holding = waiver.filter(|w| !has_expired(w, today));
        settled.told.push(Finding { suppressed: holding.map(suppression), ..finding });
    }
    let said = levelled(settings, said);
    settled.kept.extend(said.iter().filter(|f| !f.dated).cloned());
    settled.told.extend(said);
    Settled { told: in_order(settled.told), kept: in_order(settled.kept) }
}

/// Applies `waivers` to what came after they were settled: findings of several profiles together.
pub(crate) fn cover(waivers: &[WaiveSpec], findings: &mut [Finding], today: Option<Date>) {
    for finding in findings.iter_mut().filter(|f| of_several(f.code.id) && f.is_active()) {
        let waiver = waivers.iter().find(|w| covers(w, finding) && !has_expired(w, today));
        finding.suppressed = waiver.map(suppression);
    }
}

/// Whether a check compares profiles, so that nothing is known of it while one is looked at.
fn of_several(check: &str) -> bool {
    COMPARED.contains(&check)
}

/// Whether a waiver can be applied; says why not.
fn is_valid(waiver: &WaiveSpec, codes: &[&'static Code], settings: Option<InForce<'_>>, said: &mut Findings) -> bool {
    let check = &waiver.check;
    if waiver.origin.poisoned || check.origin.poisoned {
        return false;
    }
    let Some(code) = codes.iter().find(|code| code.id == check.value) else {
        let message = format!("no check is called `{}`", shown(check));
        let finding = said.raise(&UNKNOWN_CHECK, check.origin, message, "not known");
        if let Some(near) = nearest(check, codes.iter().map(|code| code.id)) {
            finding.help(format!("did you mean `{}`?", near.name));
            if near.certain {
                finding.edit(check.origin.at, quoted(near.name));
            }
        }
        return false;
    };
    let level = settings.map_or(Some(code.severity), |s| s.settings.level(code));
    if level == Some(Severity::Error) {
        let message = format!("`{}` is an error, and errors cannot be waived", code.id);
        let finding = said.raise(&WAIVED_ERROR, check.origin, message, code.title);
        if let Some(origin) = settings.and_then(|s| s.level_of(code)) {
            finding.also(origin, "made an error here");
        }
        return false;
    }
    true
}

fn covers(waiver: &WaiveSpec, finding: &Finding) -> bool {
    let here = waiver.place.as_ref().is_none_or(|place| place.holds(finding.span()));
    here && finding.code.id == waiver.check.value && finding.severity != Severity::Error
}

fn has_expired(waiver: &WaiveSpec, today: Option<Date>) -> bool {
    matches!((&waiver.until, today), (Some(until), Some(today)) if until.value < today)
}

fn say_expired(waiver: &WaiveSpec, today: Option<Date>, said: &mut Findings) {
    let (Some(until), Some(today)) = (&waiver.until, today) else { return };
    if until.value < today {
        let message = format!("the waiver of `{}` was meant to hold until {}", *waiver.check, **until);
        said.raise(&EXPIRED_WAIVER, until.origin, message, format!("today is {today}")).dated();
    }
}

fn say_unused(waiver: &WaiveSpec, found: &[Finding], said: &mut Findings) {
    let check = waiver.check.as_str();
    let elsewhere = found.iter().find(|f| f.code.id == check);
    let finding = match &waiver.place {
        Some(place) if place.is_written() => {
            let message = format!("`{check}` finds nothing at `{}`", shown(&place.path));
            said.raise(&UNUSED_WAIVER, place.origin, message, "nothing to waive here")
        }
        Some(place) => {
            let message = format!("nothing is written at `{}`", shown(&place.path));
            said.raise(&UNUSED_WAIVER, place.origin, message, "leads nowhere")
        }
        None => {
            let message = format!("`{check}` finds nothing that could be waived");
            said.raise(&UNUSED_WAIVER, waiver.check.origin, message, "nothing to waive")
        }
    };
    if let Some(other) = elsewhere {
        finding
            .also(Origin::written(other.span()), "found here")
            .help("name the place where it is found, or remove the waiver");
    }
    if DATED.contains(&check) {
        finding.dated();
    }
}

fn suppression(waiver: &WaiveSpec) -> Suppression {
    Suppression {
        reason: waiver.reason.value.clone(),
        until: waiver.until.as_ref().map(|until| until.value),
        origin: waiver.origin,
    }
}
