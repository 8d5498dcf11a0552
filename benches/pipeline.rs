//! How long each floor takes.
fn main() {}
