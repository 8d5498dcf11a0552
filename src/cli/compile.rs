//! `compile`: profiles become folders of artifacts.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use aks_egress::Built;
use aks_egress::checks::Checked;
use aks_egress::emit::{self, FileSet, Target, schema};
use aks_egress::report::human;
use aks_egress::write::{self, Folder, Outcome};
use clap::{Args, ValueEnum};
use rayon::prelude::*;

use super::console::Console;
use super::progress::Progress;
use super::{Exit, Inputs, World, read};

/// Write the artifacts of profiles
#[derive(Debug, Args)]
pub(super) struct Compile {
    #[command(flatten)]
    inputs: Inputs,
    /// The folder that gets one folder per profile
    #[arg(short, long, value_name = "DIR", default_value = "out")]
    output: PathBuf,
    /// Write only these, and plan.json
    #[arg(long, value_enum, value_delimiter = ',', value_name = "TARGETS")]
    only: Vec<Only>,
    /// Write nothing; show what differs from what is there
    #[arg(long)]
    check: bool,
    /// Also hold the templates against Microsoft's schemas in this folder
    #[arg(long, value_name = "DIR")]
    arm_schemas: Option<PathBuf>,
    /// How many profiles to work on at once [default: one per processor]
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
}

/// Names of targets.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Only {
    Arm,
    Bicep,
    Az,
    K8s,
    Review,
}

impl From<Only> for Target {
    fn from(only: Only) -> Target {
        match only {
            Only::Arm => Target::Arm,
            Only::Bicep => Target::Bicep,
            Only::Az => Target::Az,
            Only::K8s => Target::K8s,
            Only::Review => Target::Review,
        }
    }
}

/// What became of one profile.
enum Done {
    /// Its folder was replaced, or held this already.
    Wrote(Outcome),
    /// What `--check` shows; empty when nothing differs.
    Differs(String),
}

impl Compile {
    pub(super) fn run(&self, world: &World, console: &mut Console) -> Exit {
        if let Some(jobs) = self.jobs {
            let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs.get()).build_global(); // fails only when done twice
        }
        let batch = read::batch(&self.inputs, world, console);
        let run = batch.run(world.look_err());
        console.messages(&(human::FORM.render)(&run));
        let plans: Vec<&Checked> = batch.built.iter().filter_map(Built::checked).collect();
        let done = match self.all(&plans, world, console) {
            Ok(done) => done,
            Err(error) => {
                console.error(&error);
                return Exit::Failed;
            }
        };
        let mut exit = if batch.failures.is_empty() { Exit::Clean } else { Exit::Failed };
        for (plan, done) in plans.iter().zip(done) {
            exit = exit.max(self.tell(plan, done, world, console));
        }
        let sum = run.summary();
        console.summary(&sum);
        exit.max(if sum.errors > 0 { Exit::Findings } else { Exit::Clean })
    }

    /// Emits every plan and writes or compares it.
    fn all(
        &self,
        plans: &[&Checked],
        world: &World,
        console: &Console,
    ) -> Result<Vec<Result<Done, String>>, write::WriteError> {
        if plans.is_empty() {
            return Ok(Vec::new());
        }
        let waiting = || console.note(&format_args!("waiting for another run to finish {}", self.output.display()));
        let folder = if self.check { None } else { Some(Folder::open(&self.output, waiting)?) };
        let targets: Vec<Target> = self.only.iter().map(|only| Target::from(*only)).collect();
        let targets = if targets.is_empty() { &Target::ALL[..] } else { &targets };
        let progress = Progress::new(plans.len(), world);
        let one = |plan: &&Checked| {
            let done = self.one(plan, targets, folder.as_ref());
            progress.step();
            done
        };
        let done = if plans.len() > 1 { plans.par_iter().map(one).collect() } else { plans.iter().map(one).collect() };
        progress.end();
        Ok(done)
    }

    fn one(&self, plan: &Checked, targets: &[Target], folder: Option<&Folder>) -> Result<Done, String> {
        let files = emit::some(plan, targets).map_err(|error| error.to_string())?;
        let name = plan.plan.name.as_str();
        self.ask_microsoft(name, &files)?;
        match folder {
            Some(folder) => folder.replace(name, &files, targets).map(Done::Wrote).map_err(|error| error.to_string()),
            None => {
                let list = write::compare(&self.output, name, &files, targets).map_err(|error| error.to_string())?;
                Ok(Done::Differs(list.iter().map(ToString::to_string).collect()))
            }
        }
    }

    /// An outside opinion on the templates, where the user has the schemas for one.
    #[expect(clippy::disallowed_methods, reason = "the folder of schemas is an input like the profiles")]
    fn ask_microsoft(&self, name: &str, files: &FileSet) -> Result<(), String> {
        let Some(folder) = self.arm_schemas.clone() else { return Ok(()) };
        let read = move |path: &str| {
            let file = folder.join(path);
            std::fs::read_to_string(&file).map_err(|error| format!("cannot read {}: {error}", file.display()))
        };
        let list = schema::violations(files, read).map_err(|error| error.to_string())?;
        if list.is_empty() {
            return Ok(());
        }
        Err(format!("the template of {name} breaks Microsoft's schemas, so nothing was written: {}", list.join("; ")))
    }

    fn tell(&self, plan: &Checked, done: Result<Done, String>, world: &World, console: &mut Console) -> Exit {
        let folder = self.output.join(plan.plan.name.as_str());
        match done {
            Ok(Done::Wrote(Outcome::Written)) => console.note(&format_args!("wrote {}", folder.display())),
            Ok(Done::Wrote(Outcome::Unchanged)) => {
                console.note(&format_args!("{} is up to date", folder.display()));
            }
            Ok(Done::Differs(text)) if text.is_empty() => {}
            Ok(Done::Differs(text)) => {
                console.difference(&text, world.terminal_out);
                return Exit::Findings;
            }
            Err(error) => {
                console.error(&error);
                return Exit::Failed;
            }
        }
        Exit::Clean
    }
}
