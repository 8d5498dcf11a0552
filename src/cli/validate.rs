//! `validate`: what is wrong with profiles.

use aks_egress::report::{Look, Summary, human, json, short};
use clap::{Args, ValueEnum};

use super::console::Console;
use super::{Exit, Inputs, World, read};

/// Check profiles and write nothing
#[derive(Debug, Args)]
pub(super) struct Validate {
    #[command(flatten)]
    inputs: Inputs,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Exit with 1 for these too
    #[arg(long, value_enum)]
    deny: Option<Deny>,
    /// Give advice too
    #[arg(long)]
    pedantic: bool,
}

/// The forms of findings.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// The lines concerned, with what to do
    Human,
    /// One line each
    Short,
    /// One JSON document
    Json,
}

/// What else is refused.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Deny {
    /// Warnings, and with --pedantic advice
    Warnings,
}

impl Validate {
    pub(super) fn run(&self, world: &World, console: &mut Console) -> Exit {
        let batch = read::batch(&self.inputs, world, console);
        let look = world.look_out(self.pedantic);
        match self.format {
            Format::Human => batch.reports().for_each(|report| console.result(&human::render(report, look))),
            Format::Short => batch.reports().for_each(|report| console.result(&short::render(report, look))),
            Format::Json => console.result(&json::render(batch.reports(), look)),
        }
        let sum = Summary::of(batch.reports(), look);
        console.note(&sum);
        if batch.failed {
            return Exit::Failed;
        }
        let denied = self.deny.is_some() && sum.warnings + sum.advice > 0;
        if sum.errors > 0 || denied { Exit::Findings } else { Exit::Clean }
    }
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
