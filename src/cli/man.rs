//! `man`: pages for the manual, made of what `--help` says.

use aks_egress::nearest::nearest;
use clap::{Args, Command, CommandFactory as _};

use super::console::Console;
use super::{Cli, Exit, NAME};

/// Print a page of the manual
#[derive(Debug, Args)]
pub(super) struct Man {
    /// The command that the page is about; without one, the whole program
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

impl Man {
    pub(super) fn run(&self, console: &mut Console) -> Exit {
        let mut program = Cli::command().disable_help_subcommand(true);
        program.build();
        let page = match &self.command {
            None => program,
            Some(wanted) => match named(&program, wanted) {
                Ok(command) => command,
                Err(hint) => {
                    console.error(&format_args!("no command is named `{wanted}`; {hint}"));
                    return Exit::Failed;
                }
            },
        };
        let mut text = Vec::new();
        let source = format!("{NAME} {}", env!("CARGO_PKG_VERSION"));
        if let Err(error) = clap_mangen::Man::new(page).source(source).render(&mut text) {
            console.error(&format_args!("cannot make the page: {error}"));
            return Exit::Failed;
        }
        console.result(&String::from_utf8_lossy(&text));
        Exit::Clean
    }
}

/// One command, or which name was meant.
fn named(program: &Command, wanted: &str) -> Result<Command, String> {
    let names = || program.get_subcommands().map(Command::get_name);
    match program.find_subcommand(wanted) {
        Some(command) => Ok(command.clone()),
        None => Err(nearest(wanted, names()).map_or_else(
            || format!("there are {}", names().collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean `{}`?", near.name),
        )),
    }
}
