//! `validate`: what is wrong with profiles.

use aks_egress::checks;
use aks_egress::report::{FORMS, Form, Look, Repository, Run};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::console::Console;
use super::{Exit, Inputs, World, read};

/// Check profiles and write nothing
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
        let batch = read::batch(&self.inputs, world, console);
        let run = Run {
            reports: batch.reports().collect(),
            failures: &batch.failures,
            look: world.look_out(self.pedantic),
            deny: self.deny.is_some(),
            version: env!("CARGO_PKG_VERSION"),
            codes: checks::codes,
            repository: if self.format.in_repository { repository() } else { None },
        };
        console.result(&(self.format.render)(&run));
        if self.format.for_people {
            console.summary(&run.summary());
        }
        run.verdict().into()
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
