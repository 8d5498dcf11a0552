//! One module per promise.

mod golden;
mod profile;
mod profile_bad;
mod shared;
