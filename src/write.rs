//! A [`FileSet`] becomes a directory, all or nothing; and what differs from one that exists.
//!
//! The files of a profile are staged beside its folder, then the two change places. Whoever looks, and whatever run is
//! killed, finds the old folder or the new one. Ours are the files that the folder's `plan.json` lists; all others are
//! foreign and carried over. `place.rs` decides what is to be done, `swap.rs` does it and heals what a killed run left.

mod difference;
mod file;
mod place;
mod swap;
#[cfg(test)]
mod tests;

use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::emit::{FileSet, Target};

pub use difference::Difference;
pub use file::{change, rewrite};

/// Name of the lock file in an output folder.
const LOCK: &str = ".aks-egress.lock";

/// Why writing failed. What stood there before still stands.
#[derive(Debug)]
pub enum WriteError {
    /// The system refused.
    System {
        /// What was tried, such as `create out/minimal`.
        doing: String,
        /// Its answer.
        answer: io::Error,
    },
    /// The file is no longer what was read.
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// Something that is not ours stands where one of our files must stand.
    InTheWay {
        /// The folder of the profile.
        folder: PathBuf,
        /// What stands there, by path.
        what: Vec<(PathBuf, &'static str)>,
    },
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::System { doing, answer } => write!(f, "cannot {doing}: {answer}"),
            WriteError::Changed { path } => {
                write!(f, "cannot write {}: it has changed since it was read; run again", path.display())
            }
            WriteError::InTheWay { folder, what } => {
                write!(f, "cannot write {}: in the way", folder.display())?;
                for (n, (path, kind)) in what.iter().enumerate() {
                    write!(f, "{} {kind} {}", if n == 0 { " stands" } else { "," }, path.display())?;
                }
                f.write_str("; move or delete what is not wanted, it was not written by aks-egress")
            }
        }
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            WriteError::System { answer, .. } => Some(answer),
            WriteError::Changed { .. } | WriteError::InTheWay { .. } => None,
        }
    }
}

/// Says what was tried when the system refuses.
trait Doing<T> {
    fn doing(self, verb: &str, path: &Path) -> Result<T, WriteError>;
}

impl<T> Doing<T> for io::Result<T> {
    fn doing(self, verb: &str, path: &Path) -> Result<T, WriteError> {
        self.map_err(|answer| WriteError::System { doing: format!("{verb} {}", path.display()), answer })
    }
}

/// What became of one profile's folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was replaced.
    Written,
    /// It held exactly this already and was not touched.
    Unchanged,
}

/// An output folder that nobody else writes to while this exists.
#[derive(Debug)]
pub struct Folder {
    dir: PathBuf,
    lock: Option<File>,
}

impl Folder {
    /// Creates the folder if need be, waits for its lock (after saying so through `waiting`), and heals what a killed
    /// run left.
    ///
    /// # Errors
    /// When the folder cannot be created, locked or healed.
    pub fn open(dir: &Path, waiting: impl FnOnce()) -> Result<Folder, WriteError> {
        std::fs::create_dir_all(dir).doing("create the folder", dir)?;
        let lock = lock(&dir.join(LOCK), waiting)?;
        let folder = Folder { dir: dir.to_owned(), lock };
        swap::heal(dir)?;
        Ok(folder)
    }

    /// Makes the folder of profile `name` hold `files` of the targets `only`, and of ours nothing else; files of other
    /// targets stay. May be called from several threads for different names.
    ///
    /// # Errors
    /// When something foreign is in the way or the system refuses; the old folder is then whole.
    pub fn replace(&self, name: &str, files: &FileSet, only: &[Target]) -> Result<Outcome, WriteError> {
        let place = place::Place::read(&self.dir, name, files, only)?;
        if place.differences().is_empty() {
            return Ok(Outcome::Unchanged);
        }
        swap::replace(&self.dir, name, &place)?;
        Ok(Outcome::Written)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Removed while it is held; a run that waited for it notices and makes a new one.
        if cfg!(unix) && self.lock.is_some() {
            let _ = std::fs::remove_file(self.dir.join(LOCK));
        }
    }
}

/// What [`Folder::replace`] would change. Writes nothing.
///
/// # Errors
/// When something foreign is in the way or the folder cannot be read.
pub fn compare(dir: &Path, name: &str, files: &FileSet, only: &[Target]) -> Result<Vec<Difference>, WriteError> {
    Ok(place::Place::read(dir, name, files, only)?.differences())
}

/// Takes the lock; `None` where the file system knows no locks.
fn lock(path: &Path, waiting: impl FnOnce()) -> Result<Option<File>, WriteError> {
    let mut waiting = Some(waiting);
    loop {
        let file = open_lock(path).doing("create the lock file", path)?;
        let held = match file.try_lock() {
            Ok(()) => Ok(()),
            Err(std::fs::TryLockError::WouldBlock) => {
                if let Some(say) = waiting.take() {
                    say();
                }
                file.lock()
            }
            Err(std::fs::TryLockError::Error(error)) => Err(error),
        };
        match held {
            Ok(()) if is_at(&file, path) => return Ok(Some(file)),
            Ok(()) => {} // its holder removed it; there may be a new one
            Err(error) if error.kind() == io::ErrorKind::Unsupported => return Ok(None),
            Err(error) => return Err(error).doing("lock", path),
        }
    }
}

/// Opens the lock file itself, never what a link of its name points to.
fn open_lock(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
    }
    options.open(path)
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(held), Ok(there)) = (file.metadata(), std::fs::symlink_metadata(path)) else { return false };
    (held.dev(), held.ino()) == (there.dev(), there.ino())
}

#[cfg(not(unix))]
fn is_at(_file: &File, _path: &Path) -> bool {
    true
}
