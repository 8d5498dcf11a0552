//! Facts about Azure as dated tables: each with its source and the day on which it was compared with that source.
//!
//! A change in Azure is a change of a row here. What follows from a row is decided by the plan and the checks.

pub mod addresses;
pub mod api_versions;
pub mod categories;
pub mod endpoints;
pub mod hosts;
pub mod limits;
pub mod names;
pub mod overridable;
pub mod regions;
pub mod registries;
pub mod suffixes;
pub mod tags;

/// Rows with their provenance.
#[derive(Debug)]
pub struct Table<T: 'static> {
    /// The day of the comparison, as `2026-08-21`.
    pub as_of: &'static str,
    /// The page that the rows were compared with.
    pub source: &'static str,
    /// The facts.
    pub rows: &'static [T],
}
