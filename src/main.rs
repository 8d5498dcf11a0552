//! The `aks-egress` program: arguments, reading, printing, exit codes.

fn main() {}
