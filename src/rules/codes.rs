//! Problems that the reader of values, rules and packs raises.

use crate::diag::{Code, Severity};

const fn error(id: &'static str, title: &'static str, help: &'static str) -> Code {
    Code { id, severity: Severity::Error, title, help, docs: "", bad: &[], good: &[] }
}

pub(crate) static UNKNOWN_KEY: Code = error("unknown-key", "key is not known", "remove it or write a known key");
pub(crate) static UNKNOWN_VALUE: Code =
    error("unknown-value", "value is not one of those known", "write one of the known values");
pub(crate) static WRONG_TYPE: Code =
    error("wrong-type", "value has another type", "write a value of the type that is named");
pub(crate) static MISSING_KEY: Code = error("missing-key", "key is missing", "write it");
pub(crate) static EMPTY_VALUE: Code = error("empty-value", "value is empty", "write a value or remove the key");
pub(crate) static OUT_OF_RANGE: Code =
    error("out-of-range", "number is out of range", "write a number within the range");
pub(crate) static CONTROL_CHARACTER: Code =
    error("control-character", "text holds a control character", "remove the character");
pub(crate) static DUPLICATE_NAME: Code = error("duplicate-name", "name is used twice", "rename one of them");
pub(crate) static UNKNOWN_REFERENCE: Code =
    error("unknown-reference", "name refers to nothing", "write a name that exists");
pub(crate) static BAD_ADDRESS: Code = error(
    "bad-address",
    "text is no IPv4 address or prefix",
    "write an address such as 10.0.5.4 or a prefix such as 10.0.5.0/24",
);
pub(crate) static HOST_BITS: Code =
    error("host-bits", "prefix has host bits set", "write the prefix with its host bits zero");
pub(crate) static IPV6_ADDRESS: Code = error("ipv6-address", "address is IPv6", "write an IPv4 address");
pub(crate) static WILDCARD_NOT_LEFTMOST: Code = error(
    "wildcard-not-leftmost",
    "wildcard stands elsewhere than left-most",
    "write the wildcard as the first character only",
);
pub(crate) static HOST_NOT_BARE: Code =
    error("host-not-bare", "host carries a scheme, port or path", "write the host alone");
pub(crate) static BAD_HOST: Code =
    error("bad-host", "text is no host name", "write a host name such as mcr.microsoft.com");
pub(crate) static BAD_PORT: Code = error(
    "bad-port",
    "text is no protocol with ports",
    "write protocol and port, such as \"https:443\" or \"tcp:5432\"",
);
pub(crate) static BAD_DATE: Code =
    error("bad-date", "text is no day of the calendar", "write a day such as 2026-12-31, without quotes");
pub(crate) static NO_TARGET: Code =
    error("no-target", "rule names nothing", "write one of fqdns, fqdn-tags, addresses, service-tags or groups");
pub(crate) static TWO_TARGETS: Code =
    error("two-targets", "rule names two kinds of targets", "split it into one rule per kind");
pub(crate) static MIXED_PORTS: Code =
    error("mixed-ports", "rule mixes ports of two kinds", "split it into an application rule and a network rule");
pub(crate) static PORTS_DO_NOT_FIT: Code =
    error("ports-do-not-fit", "ports do not fit what the rule names", "write ports of the kind that the target takes");
pub(crate) static MIXED_COLLECTION: Code = error(
    "mixed-collection",
    "collection mixes rule kinds",
    "move the rules of one kind into a collection of their own",
);
pub(crate) static MIXED_GROUP: Code =
    error("mixed-group", "group mixes addresses and names", "split it into a group of addresses and a group of names");
pub(crate) static EMPTY_VARIABLE: Code =
    error("empty-variable", "pack needs a value that the profile lacks", "write the value that the pack needs");
pub(crate) static PACK_OVERRIDE: Code =
    error("pack-override", "pack has no single list of names to replace", "write a collection of your own instead");

pub(crate) static BROKEN_PACK: Code =
    error("broken-pack", "pack of the program is broken", "report this as a defect of aks-egress");

/// Every problem declared here.
pub static CODES: &[&Code] = &[
    &BAD_ADDRESS,
    &BAD_DATE,
    &BAD_HOST,
    &BAD_PORT,
    &CONTROL_CHARACTER,
    &DUPLICATE_NAME,
    &EMPTY_VALUE,
    &EMPTY_VARIABLE,
    &HOST_BITS,
    &HOST_NOT_BARE,
    &IPV6_ADDRESS,
    &MISSING_KEY,
    &MIXED_COLLECTION,
    &MIXED_GROUP,
    &MIXED_PORTS,
    &NO_TARGET,
    &OUT_OF_RANGE,
    &PACK_OVERRIDE,
    &PORTS_DO_NOT_FIT,
    &TWO_TARGETS,
    &UNKNOWN_KEY,
    &UNKNOWN_REFERENCE,
    &UNKNOWN_VALUE,
    &WILDCARD_NOT_LEFTMOST,
    &WRONG_TYPE,
];
