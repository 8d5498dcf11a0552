//! Reading and compiling profiles. Which those are, `find.rs` says.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use aks_egress::diag::Report;
use aks_egress::input::{Base, BaseText};
use aks_egress::report::Failure;
use aks_egress::value::Date;
use aks_egress::{Built, Input, compare, compile, input, profile};
use rayon::prelude::*;

use super::console::Console;
use super::find::{self, Found, From, Wanted};
use super::{Inputs, World};

/// What the PATHs led to.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// One per profile, in the order of their paths.
    pub(super) built: Vec<Built>,
    /// What could not be read; it was said.
    pub(super) failures: Vec<Failure>,
}

impl Batch {
    /// The reports of all profiles.
    pub(super) fn reports(&self) -> impl Iterator<Item = &Report> + Clone {
        self.built.iter().map(Built::report)
    }

    /// Says why something could not be read.
    fn fail(&mut self, failure: Failure, console: &Console) {
        console.error(&failure.message);
        self.failures.push(failure);
    }
}

/// Reads and compiles every profile that `inputs` name, telling what cannot be read.
pub(super) fn batch(inputs: &Inputs, world: &World, console: &mut Console) -> Batch {
    if inputs.quiet {
        console.be_quiet();
    }
    take(find::find(inputs), inputs.today.or(world.today), console)
}

/// Reads and compiles what was found.
fn take(found: Found, today: Option<Date>, console: &Console) -> Batch {
    let mut batch = Batch::default();
    for failure in found.failures {
        batch.fail(failure, console);
    }
    let wanted = found.wanted;
    let results: Vec<io::Result<Option<Built>>> = if wanted.len() > 1 {
        wanted.par_iter().map(|one| read(one, today)).collect()
    } else {
        wanted.iter().map(|one| read(one, today)).collect()
    };
    let mut empty: BTreeSet<&Path> = wanted.iter().filter_map(Wanted::folder).collect();
    for (one, result) in wanted.iter().zip(results) {
        let name = one.name.display();
        match result {
            Ok(Some(built)) => batch.built.push(built),
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

/// Reads and compiles one text; `None` when it is no profile.
fn read(wanted: &Wanted, today: Option<Date>) -> io::Result<Option<Built>> {
    let bytes = match &wanted.from {
        From::Stdin => up_to_limit(io::stdin().lock())?,
        From::Named | From::Found { .. } => up_to_limit(File::open(&wanted.name)?)?,
    };
    let name = wanted.name.to_string_lossy().into_owned();
    let text = match input::text(&name, bytes) {
        Ok(text) => text,
        Err(report) => return Ok(Some(Built::unread(report))),
    };
    if matches!(wanted.from, From::Found { .. }) && !profile::is_meant(&text) {
        return Ok(None);
    }
    let bases = bases(wanted, &text);
    Ok(Some(compile(Input { name, text, stem: wanted.stem.clone(), today, bases, settings: None })))
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
fn up_to_limit(from: impl io::Read) -> io::Result<Vec<u8>> {
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
        find::find(&Inputs { paths: vec![folder.to_owned()], stdin_filename: None, today: None, quiet: true })
    }

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
        let batch = take(found, None, &console);
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
        let batch = take(found, None, &Console::default());
        assert_eq!(batch.failures.len(), 1);
        assert_eq!(Path::new(&batch.failures[0].path), gone.join("a.toml"));
        assert!(batch.built.is_empty());
    }
}
