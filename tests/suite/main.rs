//! One module per promise.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking, and reads its own files and settings"
)]

mod agree;
mod architecture;
mod arm;
mod arm_schemas;
mod bad_input;
mod bases;
mod bicep;
mod bicep_reader;
mod browser;
mod canon;
mod cli;
mod codes;
mod commands;
mod defects;
mod defects_checks;
mod findings;
mod fix;
mod forms;
mod gateway;
mod golden;
mod manifests;
mod mutations;
mod overrides;
mod pages;
mod profile;
mod profile_bad;
mod program;
mod queries;
mod readme;
mod report;
mod report_forms;
mod report_schemas;
mod review;
mod schema;
mod scripts;
mod settings;
mod shapes;
mod shared;
mod shells;
mod stub;
mod template;
mod together;
mod types;
mod values;
mod waive;
mod write;
mod written;
