//! Arguments and exit codes; one file per command.

mod compile;
mod completions;
mod console;
mod explain;
mod find;
mod init;
mod man;
mod packs;
#[cfg(test)]
mod pages;
mod progress;
mod read;
mod repair;
mod schema;
mod settings;
mod validate;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use aks_egress::report::Verdict;
use aks_egress::value::Date;
use clap::{Args, Parser, Subcommand};

use console::Console;

/// What the program is called.
const NAME: &str = "aks-egress";

/// What the program knows of its surroundings.
pub(crate) struct World {
    /// Whether results may have colour.
    pub(crate) colour_out: bool,
    /// Whether messages may have colour.
    pub(crate) colour_err: bool,
    /// Whether results go to a terminal.
    pub(crate) terminal_out: bool,
    /// Whether messages go to a terminal.
    pub(crate) terminal_err: bool,
    /// The system's day.
    pub(crate) today: Option<Date>,
    /// When the program started.
    pub(crate) started: std::time::Instant,
}

/// How a run ended; the worst of several counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    /// Nothing of error severity.
    Clean,
    /// Findings of error severity, or a comparison says no.
    Findings,
    /// It could not run.
    Failed,
}

impl From<Verdict> for Exit {
    fn from(verdict: Verdict) -> Exit {
        match verdict {
            Verdict::Clean => Exit::Clean,
            Verdict::Refused => Exit::Findings,
            Verdict::Failed => Exit::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Failed => 2,
        })
    }
}

/// Compiles a short profile into everything that an AKS cluster behind Azure Firewall needs, and checks it first.
#[derive(Debug, Parser)]
#[command(name = NAME, version, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 clean, 1 findings of error severity, 2 could not run.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Compile(compile::Compile),
    Validate(validate::Validate),
    Packs(packs::Packs),
    Init(init::Init),
    Explain(explain::Explain),
    Schema(schema::Schema),
    Completions(completions::Completions),
    Man(man::Man),
}

/// Which profiles a command reads.
#[derive(Debug, Args)]
struct Inputs {
    /// Profiles or folders of profiles; `-` is standard input [default: profiles/]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What messages call standard input; its stem is the name of a profile that gives none
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,
    /// The day that dates are compared with, such as 2026-01-31 [default: the system's]
    #[arg(long, value_name = "DATE", value_parser = date)]
    today: Option<Date>,
    /// Ask of profiles what Azure asks alone: leave out the settings of the repository in aks-egress.toml
    #[arg(long)]
    no_settings: bool,
    /// Print findings and errors, nothing else: no summary, and not what is done or skipped
    #[arg(short, long)]
    quiet: bool,
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "not a day such as 2026-01-31".to_owned())
}

/// Runs the program.
pub(crate) fn main(world: &World, args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let mut console = Console::default();
    let exit = match cli.command {
        Command::Compile(command) => command.run(world, &mut console),
        Command::Validate(command) => command.run(world, &mut console),
        Command::Packs(command) => command.run(&mut console),
        Command::Init(command) => command.run(&mut console),
        Command::Explain(command) => command.run(&mut console),
        Command::Schema(command) => command.run(&mut console),
        Command::Completions(command) => command.run(&mut console),
        Command::Man(command) => command.run(&mut console),
    };
    exit.max(console.exit()).into()
}

/// Help and versions are results, all else is a mistake.
fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print(); // a reader that has gone away has read enough
    if error.use_stderr() { Exit::Failed.into() } else { Exit::Clean.into() }
}
