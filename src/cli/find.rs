//! Which texts are meant by the PATHs of a command: named files, folders by their rules, standard input.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use aks_egress::diag::Source;
use aks_egress::report::Failure;

use super::Inputs;

/// Where profiles are looked for when no PATH is given.
const DEFAULT: &str = "profiles";

/// What the PATHs led to.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Texts to be read, in the order of their paths.
    pub(super) wanted: Vec<Wanted>,
    /// What is wrong with the naming.
    pub(super) failures: Vec<Failure>,
}

/// One text to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    /// How it was found.
    pub(super) from: From,
    /// What messages call it.
    pub(super) name: PathBuf,
    /// The name of a profile that gives none.
    pub(super) stem: Option<String>,
}

/// How a text was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum From {
    /// Standard input.
    Stdin,
    /// Named by the user: a profile whatever it holds.
    Named,
    /// Found in a folder: a profile if it looks like one.
    Found {
        /// The folder that was named.
        folder: PathBuf,
    },
}

impl Wanted {
    /// Whether it is no profile but the settings of a repository, which may be named to be looked at.
    pub(super) fn is_settings(&self) -> bool {
        self.from == From::Named && self.name.file_name() == Some(OsStr::new(Source::SETTINGS))
    }

    /// Its file; nothing for standard input.
    pub(super) fn file(&self) -> Option<&Path> {
        match &self.from {
            From::Stdin => None,
            From::Named | From::Found { .. } => Some(&self.name),
        }
    }

    /// The folder in which it was found.
    pub(super) fn folder(&self) -> Option<&Path> {
        match &self.from {
            From::Found { folder } => Some(folder.as_path()),
            From::Stdin | From::Named => None,
        }
    }
}

/// Every text that is named, in the order of their paths, each once; and what is wrong with the naming.
pub(super) fn find(inputs: &Inputs) -> Found {
    let mut found = Found::default();
    let default = [PathBuf::from(DEFAULT)];
    let paths = if inputs.paths.is_empty() { &default[..] } else { &inputs.paths };
    for path in paths {
        if path.as_os_str() == "-" {
            found.wanted.push(stdin(inputs));
        } else if path.is_dir() {
            found.add_folder(path);
        } else if inputs.paths.is_empty() {
            let message = format!("no PATH was given, and there is no folder {DEFAULT}; name a profile or a folder");
            found.failures.push(Failure { path: DEFAULT.to_owned(), message });
        } else {
            found.wanted.push(Wanted { from: From::Named, name: path.clone(), stem: stem(path) });
        }
    }
    found.wanted.sort_by(|a, b| a.name.as_os_str().as_encoded_bytes().cmp(b.name.as_os_str().as_encoded_bytes()));
    let mut seen = BTreeSet::new();
    found.wanted.retain(|one| match one.from {
        From::Stdin => seen.insert(PathBuf::from("-")),
        From::Named | From::Found { .. } => seen.insert(one.name.canonicalize().unwrap_or(one.name.clone())),
    });
    found
}

fn stdin(inputs: &Inputs) -> Wanted {
    let name = inputs.stdin_filename.clone();
    let stem = name.as_deref().and_then(stem);
    Wanted { from: From::Stdin, name: name.unwrap_or_else(|| PathBuf::from(Source::STDIN)), stem }
}

fn stem(path: &Path) -> Option<String> {
    Some(path.file_stem()?.to_string_lossy().into_owned())
}

impl Found {
    /// Adds the files of a folder that may be profiles. What cannot be listed does not keep back the rest.
    fn add_folder(&mut self, folder: &Path) {
        let mut walk = ignore::WalkBuilder::new(folder);
        walk.ignore(false).require_git(true).follow_links(false);
        let before = (self.wanted.len(), self.failures.len());
        for entry in walk.build() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = path_of(&error).unwrap_or(folder).to_owned();
                    self.failures.push(unreadable(&path, &reason(error)));
                    continue;
                }
            };
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file() || kind.is_symlink());
            if is_file && may_be_profile(entry.path()) && !entry.path().is_dir() {
                let name = entry.into_path();
                self.wanted.push(Wanted { from: From::Found { folder: folder.to_owned() }, stem: stem(&name), name });
            }
        }
        if before == (self.wanted.len(), self.failures.len()) {
            self.failures.push(nothing_in(folder));
        }
    }
}

/// The path that could not be listed.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Partial(_)
        | ignore::Error::Loop { .. }
        | ignore::Error::Io(_)
        | ignore::Error::Glob { .. }
        | ignore::Error::UnrecognizedFileType(_)
        | ignore::Error::InvalidDefinition => None,
    }
}

/// Why it could not be listed, in the system's words alone.
fn reason(error: ignore::Error) -> io::Error {
    let error = error.into_io_error().unwrap_or_else(|| io::Error::other("it cannot be listed"));
    let inner = error.source().and_then(|inner| inner.downcast_ref::<io::Error>());
    inner.and_then(io::Error::raw_os_error).map_or(error, io::Error::from_raw_os_error)
}

/// A path that could not be read.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> Failure {
    failure(path, format!("cannot read {}: {error}", path.display()))
}

/// A folder in which nothing was found.
pub(super) fn nothing_in(folder: &Path) -> Failure {
    failure(folder, format!("there is no profile in {}", folder.display()))
}

fn failure(path: &Path, message: String) -> Failure {
    Failure { path: path.to_string_lossy().into_owned(), message }
}

fn may_be_profile(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    path.extension() == Some(OsStr::new("toml"))
        && name != Source::SETTINGS
        && !name.as_encoded_bytes().starts_with(b"_")
}
