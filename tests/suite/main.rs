//! One module per promise.

mod golden;
mod shared;
