//! What people add to resources by hand, as rows.

use serde::Serialize;

use super::rows::Place;
use crate::plan::json::plain;
use crate::plan::{Override, Plan};

/// One addition.
#[derive(Debug, Serialize)]
pub(super) struct AddedRow {
    resource: String,
    /// Its name in Azure.
    name: String,
    /// The pointer, in the parts between which a line may break.
    pointer: Vec<String>,
    /// As JSON.
    value: String,
    reason: String,
    place: String,
}

/// Every addition, in the order of the profile.
pub(super) fn rows(plan: &Plan, place: &Place<'_>) -> Vec<AddedRow> {
    let row = |one: &Override| {
        let Override { resource, pointer, value, reason, origin } = one;
        AddedRow {
            resource: resource.to_string(),
            name: plan.overridden(resource).unwrap_or_default().to_owned(),
            pointer: pointer.to_string().split_inclusive('/').map(str::to_owned).collect(),
            value: plain(value).to_string(),
            reason: reason.value.clone(),
            place: place.span(origin.in_profile()),
        }
    };
    plan.overrides.iter().map(row).collect()
}
