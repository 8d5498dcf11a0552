//! The review document: Markdown, one self-contained HTML page, the picture, and the queries.

use super::FileSet;
use crate::checks::Checked;

pub(super) fn emit(_checked: &Checked, _files: &mut FileSet) {}
