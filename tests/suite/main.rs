//! One module per promise.

mod arm_schemas;
mod golden;
mod profile;
mod profile_bad;
mod shared;
mod types;
