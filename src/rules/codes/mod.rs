//! Problems that the reader of values, rules and packs raises: what each is called, why it matters, and examples.

mod form;
mod shape;
mod values;

use crate::diag::{Code, Severity};

pub(crate) use form::{
    EMPTY_VARIABLE, MIXED_COLLECTION, MIXED_GROUP, MIXED_PORTS, NO_TARGET, PACK_OF_ANOTHER_CLOUD, PACK_OVERRIDE,
    PORTS_DO_NOT_FIT, SERVICE_TAG_AS_SOURCE, TWO_TARGETS, UNSORTED_ENTRIES,
};
pub(crate) use shape::{
    CONTROL_CHARACTER, DUPLICATE_NAME, EMPTY_VALUE, MISSING_KEY, OUT_OF_RANGE, UNKNOWN_KEY, UNKNOWN_REFERENCE,
    UNKNOWN_VALUE, WRONG_TYPE,
};
pub(crate) use values::{
    BAD_ADDRESS, BAD_DATE, BAD_HOST, BAD_PORT, BAD_URL, HOST_BITS, HOST_NOT_BARE, IPV6_ADDRESS, WILDCARD_NOT_LEFTMOST,
};

/// A pack that is built in cannot be read. A test opens every pack, so that nobody meets this.
pub(crate) static BROKEN_PACK: Code = Code {
    id: "broken-pack",
    severity: Severity::Error,
    title: "a pack of the program is broken",
    help: "report this as a defect of aks-egress",
    docs: "",
    bad: &[],
    good: &[],
};

/// Problems that the reader of rules and packs raises, sorted by id.
pub static CODES: &[&Code] = &[
    &BAD_ADDRESS,
    &BAD_DATE,
    &BAD_HOST,
    &BAD_PORT,
    &BAD_URL,
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
    &PACK_OF_ANOTHER_CLOUD,
    &PACK_OVERRIDE,
    &PORTS_DO_NOT_FIT,
    &SERVICE_TAG_AS_SOURCE,
    &TWO_TARGETS,
    &UNKNOWN_KEY,
    &UNKNOWN_REFERENCE,
    &UNKNOWN_VALUE,
    &UNSORTED_ENTRIES,
    &WILDCARD_NOT_LEFTMOST,
    &WRONG_TYPE,
];
