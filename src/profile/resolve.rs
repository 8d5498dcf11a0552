//! From what was written to what is meant: defaults, packs, references.

use super::Profile;
use crate::diag::{Findings, SourceId, Sources};

/// Reads the profile at `source`. `None` when the text is no TOML.
pub(super) fn profile(
    _sources: &mut Sources,
    _source: SourceId,
    _default_name: Option<&str>,
    _findings: &mut Findings,
) -> Option<Profile> {
    None
}
