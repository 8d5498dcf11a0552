//! A stand-in for Azure that keeps state: scripts run as they are, and what they ask and change is answered from memory.
//!
//! The test process holds the state ([`Cloud`]). The commands that a script runs (`az`, `kubectl`, `getent`, `sleep`) hand
//! their words to it through a pipe and print what comes back (`shim.sh`). Nothing else is replaced: it is the real bash
//! that reads the real script.
//!
//! # To add a command
//!
//! 1. Find the file of its area: `account`, `network`, `firewall`, `policy`, `logs`, `cluster`. A new area is a new file and
//!    one more entry in `command::tables`.
//! 2. Add an entry to the file's `COMMANDS`: its words, how it reads values ([`Reading`]), whether it changes anything
//!    ([`Does`]), its options (`need`, `one`, `many`, `flag`) and a function that answers. A test compares the words and the
//!    options with the published list of commands.
//! 3. The answer is what `--output json` would print, in the shape of Azure's resources. `Cloud::put` stores a resource as
//!    ARM writes it (everything below `properties`) and `Cloud::show` gives it back as the CLI does (`properties` flattened,
//!    with what Azure computes). A resource that lives inside another one is a row of `id::INLINE`.
//! 4. What Azure would refuse is refused: references to what does not exist, a cluster without a route, and so on
//!    (`rules.rs`).
//!
//! Words and options that are not known fail the script and are kept in `Cloud::refusals`, which every test checks.

mod account;
mod args;
mod body;
mod cloud;
mod cluster;
mod command;
mod deploy;
mod firewall;
mod id;
mod kube;
mod logs;
mod network;
mod output;
mod policy;
mod published;
mod rules;
mod server;
mod shorthand;
mod spelling;

pub(crate) use cloud::{Call, Casing, Cloud, Spelling, Trouble};
pub(crate) use command::Does;
pub(crate) use deploy::deploy;
pub(crate) use id::{SUBSCRIPTION, group as group_id, guid, kind, name_of, resource as resource_id};
pub(crate) use server::Stub;
