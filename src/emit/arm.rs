//! ARM JSON from the resource tree.

use super::deployment::Deployment;
use super::{EmitError, FileSet};
use crate::plan::Plan;

pub(super) fn emit(_plan: &Plan, _deployment: &Deployment, _files: &mut FileSet) -> Result<(), EmitError> {
    Ok(())
}
