//! `verify.sh` prints a table and fails when a line of it says so.
