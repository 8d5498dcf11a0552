//! The one resource tree that ARM and Bicep print.

use crate::plan::Plan;

/// Resources in order.
#[derive(Debug)]
pub struct Deployment {}

/// Turns a plan into resources.
pub fn build(_plan: &Plan) -> Deployment {
    Deployment {}
}
