//! Bicep from the resource tree.

use super::FileSet;
use super::deployment::Deployment;
use crate::plan::Plan;

pub(super) fn emit(_plan: &Plan, _deployment: &Deployment, _files: &mut FileSet) {}
