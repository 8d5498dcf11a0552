//! Finding profiles, reading and compiling them.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use aks_egress::diag::{Report, Source};
use aks_egress::input::{Base, BaseText};
use aks_egress::report::Failure;
use aks_egress::value::Date;
use aks_egress::{Built, Input, compare, compile, input, profile};
use rayon::prelude::*;

use super::console::Console;
use super::{Inputs, World};

/// Where profiles are looked for when no PATH is given.
const DEFAULT: &str = "profiles";
/// A file in a folder of profiles that is none: the settings of a repository.
const SETTINGS: &str = "aks-egress.toml";

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
}

/// One text to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wanted {
    from: From,
    /// What messages call it.
    name: PathBuf,
    /// The name of a profile that gives none.
    stem: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum From {
    Stdin,
    /// Named by the user: a profile whatever it holds.
    Named,
    /// Found in a folder: a profile if it looks like one.
    Found {
        folder: PathBuf,
    },
}

impl Batch {
    /// Says why something could not be read.
    fn fail(&mut self, path: &Path, message: String, console: &Console) {
        console.error(&message);
        self.failures.push(Failure { path: path.to_string_lossy().into_owned(), message });
    }
}

/// Reads and compiles every profile that `inputs` name, telling what cannot be read.
pub(super) fn batch(inputs: &Inputs, world: &World, console: &mut Console) -> Batch {
    if inputs.quiet {
        console.be_quiet();
    }
    let mut batch = Batch::default();
    let (wanted, errors) = find(inputs);
    for (path, message) in errors {
        batch.fail(&path, message, console);
    }
    let today = inputs.today.or(world.today);
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
            Err(error) => batch.fail(&one.name, format!("cannot read {name}: {error}"), console),
        }
        one.folder().map(|folder| empty.remove(folder));
    }
    empty.into_iter().for_each(|folder| batch.fail(folder, nothing_in(folder), console));
    compare(&mut batch.built.iter_mut().collect::<Vec<_>>());
    batch
}

impl Wanted {
    /// The folder in which it was found.
    fn folder(&self) -> Option<&Path> {
        match &self.from {
            From::Found { folder } => Some(folder.as_path()),
            From::Stdin | From::Named => None,
        }
    }
}

fn nothing_in(folder: &Path) -> String {
    format!("there is no profile in {}", folder.display())
}

/// Every text that is named, in the order of their paths, each once; and what is wrong with the naming.
fn find(inputs: &Inputs) -> (Vec<Wanted>, Vec<(PathBuf, String)>) {
    let (mut wanted, mut errors) = (Vec::new(), Vec::new());
    let mut fail = |path: &Path, message| errors.push((path.to_owned(), message));
    let default = [PathBuf::from(DEFAULT)];
    let paths = if inputs.paths.is_empty() { &default[..] } else { &inputs.paths };
    for path in paths {
        if path.as_os_str() == "-" {
            wanted.push(stdin(inputs));
        } else if path.is_dir() {
            match in_folder(path) {
                Ok(found) if found.is_empty() => fail(path, nothing_in(path)),
                Ok(found) => wanted.extend(found),
                Err(error) => fail(path, format!("cannot read {}: {error}", path.display())),
            }
        } else if inputs.paths.is_empty() {
            fail(path, format!("no PATH was given, and there is no folder {DEFAULT}; name a profile or a folder"));
        } else {
            wanted.push(Wanted { from: From::Named, name: path.clone(), stem: stem(path) });
        }
    }
    wanted.sort_by(|a, b| a.name.as_os_str().as_encoded_bytes().cmp(b.name.as_os_str().as_encoded_bytes()));
    let mut seen = BTreeSet::new();
    wanted.retain(|one| match one.from {
        From::Stdin => seen.insert(PathBuf::from("-")),
        From::Named | From::Found { .. } => seen.insert(one.name.canonicalize().unwrap_or(one.name.clone())),
    });
    (wanted, errors)
}

fn stdin(inputs: &Inputs) -> Wanted {
    let name = inputs.stdin_filename.clone();
    let stem = name.as_deref().and_then(stem);
    Wanted { from: From::Stdin, name: name.unwrap_or_else(|| PathBuf::from(Source::STDIN)), stem }
}

fn stem(path: &Path) -> Option<String> {
    Some(path.file_stem()?.to_string_lossy().into_owned())
}

/// The files of a folder that may be profiles.
fn in_folder(folder: &Path) -> io::Result<Vec<Wanted>> {
    let mut walk = ignore::WalkBuilder::new(folder);
    walk.ignore(false).require_git(true).follow_links(false);
    let mut found = Vec::new();
    for entry in walk.build() {
        let entry = entry.map_err(|error| error.into_io_error().unwrap_or_else(|| io::Error::other("not readable")))?;
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file() || kind.is_symlink());
        if is_file && may_be_profile(entry.path()) && !entry.path().is_dir() {
            let name = entry.into_path();
            found.push(Wanted { from: From::Found { folder: folder.to_owned() }, stem: stem(&name), name });
        }
    }
    Ok(found)
}

fn may_be_profile(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    path.extension() == Some(OsStr::new("toml")) && name != SETTINGS && !name.as_encoded_bytes().starts_with(b"_")
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
    Ok(Some(compile(Input { name, text, stem: wanted.stem.clone(), today, bases })))
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
