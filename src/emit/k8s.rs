//! Kubernetes manifests from the plan.

use super::FileSet;
use crate::plan::Plan;

pub(super) fn emit(_plan: &Plan, _files: &mut FileSet) {}
