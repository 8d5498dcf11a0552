//! `completions`: what a shell needs to complete the commands, options and names of this program.

use aks_egress::checks;
use aks_egress::rules::packs;
use clap::builder::PossibleValuesParser;
use clap::{Args, Command, CommandFactory as _};
use clap_complete::Shell;

use super::console::Console;
use super::{Cli, Exit, NAME};

/// Print a script that completes commands, options and names in a shell
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell that reads the script
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self, console: &mut Console) -> Exit {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut with_names(Cli::command()), NAME, &mut script);
        let script = String::from_utf8_lossy(&script);
        console.result(&if self.shell == Shell::Bash { with_one_spelling(&script) } else { script.into_owned() });
        Exit::Clean
    }
}

/// The bash script of clap_complete 4.6 looks for the options of a command under another spelling of a program with a
/// hyphen than the one it wrote (clap-rs/clap#6421), and so finds none. Where both are spelt alike nothing is replaced.
fn with_one_spelling(script: &str) -> String {
    let sought = NAME.replace('-', "__");
    let written = NAME.replace('-', "__subcmd__");
    script.replace(&written, &sought)
}

/// The program with the names that its commands take; when one runs, it looks names up itself to suggest the nearest.
fn with_names(program: Command) -> Command {
    let codes = PossibleValuesParser::new(checks::codes().into_iter().map(|code| code.id));
    let packs = PossibleValuesParser::new(packs::names());
    program
        .mut_subcommand("explain", |command| command.mut_arg("check", |arg| arg.value_parser(codes)))
        .mut_subcommand("packs", |command| command.mut_arg("name", |arg| arg.value_parser(packs)))
}
