//! One module per promise.

mod golden;
mod profile;
mod shared;
