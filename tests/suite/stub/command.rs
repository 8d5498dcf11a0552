//! Commands of the CLI: how they are declared, found, and called.

use std::path::Path;

use serde_json::Value;

use super::args::Args;
use super::cloud::{Cloud, Spelling};
use super::{account, cluster, deploy, firewall, id, logs, network, output, policy, spelling};

/// Why a command failed: its exit status and what it says.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(super) code: i32,
    pub(super) message: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

/// What a command prints, before any query.
pub(super) type Answer = Result<Value, Failure>;

impl Failure {
    /// There is no such thing; the CLI's status for that is 3.
    pub(super) fn not_found(id: &str) -> Failure {
        Failure { code: 3, message: format!("(ResourceNotFound) The Resource '{id}' was not found.") }
    }

    /// The CLI does not understand.
    pub(super) fn usage(message: impl Into<String>) -> Failure {
        Failure { code: 2, message: message.into() }
    }

    /// Azure does not want to.
    pub(super) fn refused(code: &str, message: impl std::fmt::Display) -> Failure {
        Failure { code: 1, message: format!("({code}) {message}") }
    }
}

/// How a command reads the values of its options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// As they are.
    Plain,
    /// In the shorthand syntax, as commands do that are generated from Azure's interfaces.
    Shorthand,
}

/// Whether a command changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Does {
    /// It asks.
    Ask,
    /// It creates, changes or deletes.
    Act,
    /// It changes something on the machine that runs it, not in Azure.
    Local,
}

/// How many values an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// None.
    Flag,
    /// One.
    One,
    /// One or more.
    Many,
}

/// An option of a command.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opt {
    /// With its dashes.
    pub(crate) name: &'static str,
    pub(crate) takes: Takes,
    pub(crate) required: bool,
}

/// An option with one value that must be given.
pub(super) const fn need(name: &'static str) -> Opt {
    Opt { name, takes: Takes::One, required: true }
}

/// An option with one value.
pub(super) const fn one(name: &'static str) -> Opt {
    Opt { name, takes: Takes::One, required: false }
}

/// An option with one or more values.
pub(super) const fn many(name: &'static str) -> Opt {
    Opt { name, takes: Takes::Many, required: false }
}

/// An option with one or more values that must be given.
pub(super) const fn needs(name: &'static str) -> Opt {
    Opt { name, takes: Takes::Many, required: true }
}

/// An option without a value.
pub(super) const fn flag(name: &'static str) -> Opt {
    Opt { name, takes: Takes::Flag, required: false }
}

/// A command.
pub(crate) struct Command {
    /// Without `az`.
    pub(crate) words: &'static str,
    pub(super) reading: Reading,
    pub(crate) does: Does,
    pub(crate) options: &'static [Opt],
    pub(super) run: fn(&mut Cloud, &Args) -> Answer,
}

/// Options that every command has.
pub(super) const EVERYWHERE: [Opt; 3] = [one("--subscription"), one("--query"), one("--output")];

/// All commands, by area.
fn tables() -> [&'static [Command]; 7] {
    [
        account::COMMANDS,
        network::COMMANDS,
        firewall::COMMANDS,
        policy::COMMANDS,
        logs::COMMANDS,
        cluster::COMMANDS,
        deploy::COMMANDS,
    ]
}

/// Every command.
pub(crate) fn commands() -> impl Iterator<Item = &'static Command> {
    tables().into_iter().flatten()
}

/// The command that words begin with, and how many words it has.
pub(crate) fn find(words: &[String]) -> Option<(&'static Command, usize)> {
    commands()
        .map(|command| (command, command.words.split(' ').count()))
        .filter(|(command, count)| words.iter().take(*count).map(String::as_str).eq(command.words.split(' ')))
        .max_by_key(|(_, count)| *count)
}

/// Runs a command: what it prints, or why it failed.
pub(super) fn call(cloud: &mut Cloud, words: &[String], cwd: &Path) -> Result<String, Failure> {
    let (command, count) =
        find(words).ok_or_else(|| Failure::usage(format!("unknown command: {}", words.join(" "))))?;
    let args = Args::parse(command, &words[count..], cwd)?;
    // What belongs to no subscription, and what has not been told which one yet.
    let everywhere = ["account ", "ad ", "extension "].iter().any(|area| command.words.starts_with(area));
    if !everywhere && !args.subscription().is_some_and(id::is_guid) {
        return Err(Failure::usage(format!("{} goes to whatever subscription is current", command.words)));
    }
    let mut answer = (command.run)(cloud, &args)?;
    if cloud.spelling == Spelling::Other {
        spelling::respell(&mut answer);
    }
    output::print(&answer, args.query(), args.output())
}
