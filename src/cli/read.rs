//! Reading and compiling profiles. Which those are, `find.rs` says.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aks_egress::checks;
use aks_egress::diag::Report;
use aks_egress::input::{Base, BaseText};
use aks_egress::report::{Failure, Look, Run};
use aks_egress::settings::Settings;
use aks_egress::value::Date;
use aks_egress::{Built, Input, compare, compile, input, profile};
use rayon::prelude::*;

use super::console::Console;
use super::find::{self, Found, From, Wanted};
use super::repair::Mended;
use super::settings::Known;
use super::{Inputs, World};

/// What the PATHs led to.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// What is wrong with the settings of repositories.
    pub(super) settings: Vec<Report>,
    /// One per profile, in the order of their paths.
    pub(super) built: Vec<Built>,
    /// What became of those that were to be repaired, in the same order.
    pub(super) mended: Vec<Mended>,
    /// What could not be read; it was said.
    pub(super) failures: Vec<Failure>,
}

impl Batch {
    /// The reports of all settings and profiles.
    pub(super) fn reports(&self) -> impl Iterator<Item = &Report> + Clone {
        self.settings.iter().chain(self.built.iter().map(Built::report))
    }

    /// All of it, as the forms of findings take it.
    pub(super) fn run(&self, look: Look) -> Run<'_> {
        Run {
            reports: self.reports().collect(),
            failures: &self.failures,
            look,
            deny: false,
            version: env!("CARGO_PKG_VERSION"),
            codes: checks::codes,
            repository: None,
        }
    }

    /// Says why something could not be read.
    fn fail(&mut self, failure: Failure, console: &Console) {
        console.error(&failure.message);
        self.failures.push(failure);
    }
}

/// How profiles are read.
#[derive(Debug, Clone, Copy)]
struct Manner {
    /// The day that dates are compared with.
    today: Option<Date>,
    /// Whether what a repository asks for is looked at.
    settings: bool,
    /// What is repaired.
    repair: Option<Look>,
}

/// Reads and compiles every profile that `inputs` name, telling what cannot be read.
pub(super) fn batch(inputs: &Inputs, world: &World, console: &mut Console) -> Batch {
    in_manner(inputs, world, None, console)
}

/// As [`batch`], with the certain repairs of what `look` shows.
pub(super) fn repaired(inputs: &Inputs, world: &World, look: Look, console: &mut Console) -> Batch {
    in_manner(inputs, world, Some(look), console)
}

fn in_manner(inputs: &Inputs, world: &World, repair: Option<Look>, console: &mut Console) -> Batch {
    if inputs.quiet {
        console.be_quiet();
    }
    let manner = Manner { today: inputs.today.or(world.today), settings: !inputs.no_settings, repair };
    take(find::find(inputs), manner, console)
}

/// Reads and compiles what was found.
fn take(found: Found, manner: Manner, console: &Console) -> Batch {
    let mut batch = Batch::default();
    for failure in found.failures {
        batch.fail(failure, console);
    }
    let (settings, wanted): (Vec<Wanted>, Vec<Wanted>) = found.wanted.into_iter().partition(Wanted::is_settings);
    let mut known = Known::default();
    settings.iter().for_each(|one| drop(known.read(&one.name)));
    let wanted: Vec<(Wanted, Option<Arc<Settings>>)> = wanted
        .into_iter()
        .map(|one| {
            let settings = if manner.settings { known.of(&one) } else { None };
            (one, settings)
        })
        .collect();
    known.failures.into_iter().for_each(|failure| batch.fail(failure, console));
    batch.settings = known.reports;
    let one = |(one, settings): &(Wanted, Option<Arc<Settings>>)| read(one, settings.clone(), manner);
    let results: Vec<io::Result<Option<Taken>>> =
        if wanted.len() > 1 { wanted.par_iter().map(one).collect() } else { wanted.iter().map(one).collect() };
    let mut empty: BTreeSet<&Path> = wanted.iter().filter_map(|(one, _)| one.folder()).collect();
    for ((one, _), result) in wanted.iter().zip(results) {
        let name = one.name.display();
        match result {
            Ok(Some((built, mended))) => {
                batch.built.push(built);
                batch.mended.extend(mended);
            }
            Ok(None) => {
                console.note(&format_args!("skipped {name}: none of its keys is one of a profile"));
                continue;
            }
            Err(error) => batch.fail(find::unreadable(&one.name, &error), console),
        }
        one.folder().map(|folder| empty.remove(folder));
    }
    empty.into_iter().for_each(|folder| batch.fail(find::nothing_in(folder), console));
    compare(&mut batch.built.iter_mut().collect::<Vec<_>>());
    batch
}

/// One profile, and what became of it where it was to be repaired.
type Taken = (Built, Option<Mended>);

/// Reads and compiles one text; `None` when it is no profile.
fn read(wanted: &Wanted, settings: Option<Arc<Settings>>, manner: Manner) -> io::Result<Option<Taken>> {
    let bytes = match &wanted.from {
        From::Stdin => up_to_limit(io::stdin().lock())?,
        From::Named | From::Found { .. } => up_to_limit(File::open(&wanted.name)?)?,
    };
    let name = wanted.name.to_string_lossy().into_owned();
    let text = match input::text(&name, bytes) {
        Ok(text) => text,
        Err(report) => return Ok(Some((Built::unread(report), None))),
    };
    if matches!(wanted.from, From::Found { .. }) && !profile::is_meant(&text) {
        return Ok(None);
    }
    let bases = bases(wanted, &text);
    let mut input = Input { name, text, stem: wanted.stem.clone(), today: manner.today, bases, settings };
    let mended = manner.repair.map(|look| Mended::of(&input, wanted.file(), look));
    if let Some(mended) = &mended {
        mended.text().clone_into(&mut input.text);
    }
    Ok(Some((compile(input), mended)))
}

/// What a profile extends. A path is relative to the file that names it; standard input lies where its name says, else
/// here.
fn bases(wanted: &Wanted, text: &str) -> Vec<Base> {
    let mut seen: Vec<PathBuf> = wanted.name.canonicalize().into_iter().collect();
    profile::bases(text, |path, asking| {
        let asking = asking.map_or(wanted.name.as_path(), |base| Path::new(&base.name));
        let path = asking.parent().unwrap_or(Path::new("")).join(path);
        let text = base_text(&path, &mut seen).unwrap_or_else(|error| {
            let missing = error.kind() == io::ErrorKind::NotFound;
            if missing { BaseText::Missing } else { BaseText::Unreadable(error.to_string()) }
        });
        Base { name: path.to_string_lossy().into_owned(), text }
    })
}

fn base_text(path: &Path, seen: &mut Vec<PathBuf>) -> io::Result<BaseText> {
    let real = path.canonicalize()?;
    if seen.contains(&real) {
        return Ok(BaseText::Seen);
    }
    seen.push(real);
    if !path.is_file() {
        return Ok(BaseText::Unreadable("it is no file".to_owned()));
    }
    let bytes = up_to_limit(File::open(path)?)?;
    Ok(match input::text(&path.to_string_lossy(), bytes) {
        Ok(text) => BaseText::Read(text),
        Err(report) => BaseText::Unreadable(report.findings.into_iter().map(|finding| finding.message).collect()),
    })
}

/// Everything, or one byte more than is allowed.
pub(super) fn up_to_limit(from: impl io::Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(input::LIMIT as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test makes its own files")]
mod tests {
    use super::*;
    use std::fs;

    fn found(folder: &Path) -> Found {
        find::find(&Inputs {
            paths: vec![folder.to_owned()],
            stdin_filename: None,
            today: None,
            no_settings: true,
            quiet: true,
        })
    }

    const PLAIN: Manner = Manner { today: None, settings: false, repair: None };

    #[test]
    fn what_vanishes_or_changes_between_listing_and_reading_is_taken_as_it_is_then() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        let names = ["a.toml", "b.toml", "c.toml", "d.toml", "e.toml"];
        names.iter().for_each(|name| fs::write(path(name), "region = \"westeurope\"\n").unwrap());
        let found = found(dir.path());
        assert_eq!(found.wanted.len(), 5);
        fs::remove_file(path("a.toml")).unwrap();
        fs::write(path("b.toml"), "# now longer\nregion = 3\n").unwrap();
        fs::write(path("c.toml"), "").unwrap();
        fs::remove_file(path("d.toml")).unwrap();
        fs::create_dir(path("d.toml")).unwrap();
        let mut console = Console::default();
        console.be_quiet();
        let batch = take(found, PLAIN, &console);
        let failed: Vec<&Path> = batch.failures.iter().map(|failure| Path::new(&failure.path)).collect();
        assert_eq!(failed, [path("a.toml"), path("d.toml")]);
        let read: Vec<&str> = batch.reports().map(|report| &*report.sources.iter().next().unwrap().1.name).collect();
        assert_eq!(read, [path("b.toml").to_str().unwrap(), path("e.toml").to_str().unwrap()], "the empty one is none");
        let changed = batch.reports().next().unwrap();
        assert_eq!(
            changed.sources.slice(changed.findings[0].span()),
            "3",
            "places are those of the text that was read"
        );
    }

    #[test]
    fn a_folder_that_vanishes_is_named_once() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.toml"), "region = \"westeurope\"\n").unwrap();
        let (found, gone) = (found(dir.path()), dir.path().to_owned());
        drop(dir);
        let batch = take(found, PLAIN, &Console::default());
        assert_eq!(batch.failures.len(), 1);
        assert_eq!(Path::new(&batch.failures[0].path), gone.join("a.toml"));
        assert!(batch.built.is_empty());
    }
}
