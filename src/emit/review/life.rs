//! What ends on a day, and what is switched off, as rows.

use serde::Serialize;

use super::rows::Place;
use crate::plan::life::{Ends, Off};
use crate::plan::{Ending, Plan, SwitchedOff};
use crate::rules::Life;

/// One line of the calendar.
#[derive(Debug, Serialize)]
pub(super) struct EndingRow {
    day: String,
    /// A rule, or a waiver.
    what: &'static str,
    name: String,
    owner: String,
    ticket: String,
    why: String,
    place: String,
}

/// One thing that is switched off.
#[derive(Debug, Serialize)]
pub(super) struct OffRow {
    /// A rule, or a pack.
    what: &'static str,
    name: String,
    owner: String,
    ticket: String,
    /// What it would do.
    why: String,
    place: String,
}

/// Everything that ends, by day.
pub(super) fn calendar(plan: &Plan, place: &Place<'_>) -> Vec<EndingRow> {
    let row = |ending: &Ending| {
        let Ending { day, what, life: Life { why, owner, ticket, expires: _ }, origin } = ending;
        let (what, name) = match what {
            Ends::Rule { collection, name } => ("rule", format!("{collection}: {name}")),
            Ends::Waiver { check } => ("waiver", check.clone()),
        };
        let [why, owner, ticket] =
            [why, owner, ticket].map(|text| text.as_ref().map_or_else(String::new, |t| t.value.clone()));
        EndingRow { day: day.to_string(), what, name, owner, ticket, why, place: place.span(origin.in_profile()) }
    };
    plan.calendar.iter().map(row).collect()
}

/// Everything that is switched off.
pub(super) fn switched_off(plan: &Plan, place: &Place<'_>) -> Vec<OffRow> {
    let row = |off: &SwitchedOff| {
        let SwitchedOff { what, life: Life { why, owner, ticket, expires: _ }, origin } = off;
        let [why, owner, ticket] =
            [why, owner, ticket].map(|text| text.as_ref().map_or_else(String::new, |t| t.value.clone()));
        let (what, name, why) = match what {
            Off::Pack(pack) => ("pack", pack.name.to_owned(), pack.title.clone()),
            Off::Rule { collection, name } => ("rule", format!("{collection}: {name}"), why),
        };
        OffRow { what, name, owner, ticket, why, place: place.span(origin.in_profile()) }
    };
    plan.switched_off.iter().map(row).collect()
}
