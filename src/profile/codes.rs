//! Problems that the reader of profiles raises.

use crate::diag::{Code, Severity};

const fn error(id: &'static str, title: &'static str, help: &'static str) -> Code {
    Code { id, severity: Severity::Error, title, help, docs: "", bad: &[], good: &[] }
}

pub(super) static SYNTAX: Code = error("syntax", "text is no TOML", "repair the line");
pub(super) static TOO_LARGE: Code = error("too-large", "profile is too large", "keep a profile below 1 MiB");
pub(super) static BAD_NAME: Code =
    error("bad-name", "name cannot be the name of a profile", "write letters, digits and hyphens");
pub(super) static BAD_VALUE: Code =
    error("bad-value", "value has not the form that Azure takes", "write a value of the form that is named");
pub(super) static BAD_SURGE: Code =
    error("bad-surge", "text is no surge", "write a percentage such as \"10%\" or a number of nodes");
pub(super) static BAD_DESTINATION: Code = error(
    "bad-destination",
    "text is no destination",
    "write https://host, http://host, tcp://address:port or udp://address:port",
);
pub(super) static FIXED_NAME: Code = error("fixed-name", "name cannot be chosen", "remove the name");
pub(super) static MONITORING_WITH_SERVICE_PRINCIPAL: Code = error(
    "monitoring-with-service-principal",
    "monitoring needs a managed identity",
    "remove the add-on or use a managed identity",
);

/// Every problem declared here.
pub static CODES: &[&Code] = &[
    &BAD_DESTINATION,
    &BAD_NAME,
    &BAD_SURGE,
    &BAD_VALUE,
    &FIXED_NAME,
    &MONITORING_WITH_SERVICE_PRINCIPAL,
    &SYNTAX,
    &TOO_LARGE,
];
