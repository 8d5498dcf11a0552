//! `validate`: what is wrong with profiles.

use aks_egress::report::{FORMS, Form, Look, Repository, Run};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::console::Console;
use super::read::Batch;
use super::repair::Mended;
use super::{Exit, Inputs, World, read};

/// Check profiles; write nothing but repairs that are asked for
#[derive(Debug, Args)]
pub(super) struct Validate {
    #[command(flatten)]
    inputs: Inputs,
    /// How findings are printed
    #[arg(long, value_name = "FORMAT", value_parser = forms(), default_value = FORMS[0].name)]
    format: &'static Form,
    /// Exit with 1 for these too
    #[arg(long, value_enum)]
    deny: Option<Deny>,
    /// Give advice too
    #[arg(long)]
    pedantic: bool,
    /// Repair in the files what is certain; a profile on standard input is printed with its repairs
    #[arg(long)]
    fix: bool,
    /// Show what --fix would change, and change nothing
    #[arg(long)]
    diff: bool,
}

/// What else is refused.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Deny {
    /// Warnings, and with --pedantic advice
    Warnings,
}

/// The forms by their names.
fn forms() -> impl TypedValueParser<Value = &'static Form> {
    let names = FORMS.iter().map(|form| PossibleValue::new(form.name).help(form.what));
    PossibleValuesParser::new(names).map(|name| *FORMS.iter().find(|form| form.name == name).unwrap_or(&FORMS[0]))
}

impl Validate {
    pub(super) fn run(&self, world: &World, console: &mut Console) -> Exit {
        let look = world.look_out(self.pedantic);
        if self.diff {
            return self.differences(look, world, console);
        }
        let batch = if self.fix {
            read::repaired(&self.inputs, world, look, console)
        } else {
            read::batch(&self.inputs, world, console)
        };
        let mut exit = Exit::Clean;
        for mended in &batch.mended {
            exit = exit.max(mended.keep(console));
        }
        let run = self.run_of(&batch, look);
        let text = (self.format.render)(&run);
        // Standard output has the text of a profile.
        if batch.mended.iter().any(Mended::is_stdin) {
            console.messages(&text)
        } else {
            console.result(&text)
        }
        if self.format.for_people {
            console.summary(&run.summary());
        }
        exit.max(run.verdict().into())
    }

    /// Shows what repairs would change; there is something to do as long as they would or an error is left.
    fn differences(&self, look: Look, world: &World, console: &mut Console) -> Exit {
        let batch = read::repaired(&self.inputs, world, look, console);
        let mut exit = Exit::from(self.run_of(&batch, look).verdict());
        for mended in &batch.mended {
            exit = exit.max(mended.show(world.terminal_out, console));
        }
        exit
    }

    fn run_of<'b>(&self, batch: &'b Batch, look: Look) -> Run<'b> {
        Run {
            deny: self.deny.is_some(),
            repository: if self.format.in_repository { repository() } else { None },
            ..batch.run(look)
        }
    }
}

/// The working directory and the root of the repository around it.
fn repository() -> Option<Repository> {
    let folder = std::env::current_dir().ok()?;
    let root = folder.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&folder).to_owned();
    Some(Repository { folder, root })
}

impl World {
    /// How results look.
    fn look_out(&self, pedantic: bool) -> Look {
        Look { colour: self.colour_out, width: width(self.terminal_out), pedantic }
    }

    /// How messages look.
    pub(super) fn look_err(&self) -> Look {
        Look { colour: self.colour_err, width: width(self.terminal_err), pedantic: false }
    }
}

fn width(terminal: bool) -> usize {
    let size = if terminal { terminal_size::terminal_size() } else { None };
    size.map_or(Look::PLAIN.width, |(width, _)| usize::from(width.0).clamp(60, 140))
}
