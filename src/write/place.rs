//! What stands in a profile's folder, what is to stand there, and what of the old is carried over. Writes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::Metadata;
use std::path::{Component, Path, PathBuf};

use super::difference::{Difference, Kind};
use super::{Doing, WriteError};
use crate::emit::{File, FileSet, Target, listing};

/// The folder of one profile, before and after.
pub(super) struct Place {
    /// The folder.
    pub(super) folder: PathBuf,
    /// Whether it exists.
    pub(super) exists: bool,
    /// What is to be written, by path in the folder.
    pub(super) files: BTreeMap<PathBuf, File>,
    /// What of the old folder stays, folders before what they hold.
    pub(super) carried: Vec<PathBuf>,
    /// Our old files that stand there.
    old: BTreeMap<PathBuf, Found>,
    /// Those of them that go.
    surplus: Vec<PathBuf>,
}

/// A regular file as it was found.
struct Found {
    bytes: Vec<u8>,
    executable: bool,
}

impl Place {
    /// Reads the folder of `name` and decides.
    pub(super) fn read(dir: &Path, name: &str, files: &FileSet, only: &[Target]) -> Result<Place, WriteError> {
        let mut place = Place {
            folder: dir.join(one_component(dir, name)?),
            exists: false,
            files: files.iter().map(|(path, file)| (PathBuf::from(path), file.clone())).collect(),
            carried: Vec::new(),
            old: BTreeMap::new(),
            surplus: Vec::new(),
        };
        let Some(entries) = entries(&place.folder)? else { return Ok(place) };
        place.exists = true;
        let listed = listed(&place.folder, &entries)?;
        let (ours, kept): (BTreeMap<_, _>, BTreeMap<_, _>) = listed
            .into_iter()
            .filter(|(path, _)| entries.contains_key(Path::new(path)))
            .partition(|(path, _)| rewritten(path, only) || files.get(path).is_some());
        if let Some(plan) = place.files.get_mut(Path::new(listing::PATH)) {
            plan.bytes = listing::with(&plan.bytes, &kept);
        }
        let carried = place.sort_out(&entries, &ours)?;
        place.refuse_if_in_the_way(&carried, &entries)?;
        let folders: BTreeSet<PathBuf> = carried.iter().flat_map(|path| above(path)).collect();
        place.carried = carried.into_iter().chain(folders).collect::<BTreeSet<_>>().into_iter().collect();
        Ok(place)
    }

    /// Says of every entry whether it is replaced, goes, or stays; returns what stays.
    fn sort_out(
        &mut self,
        entries: &BTreeMap<PathBuf, Metadata>,
        ours: &BTreeMap<String, String>,
    ) -> Result<BTreeSet<PathBuf>, WriteError> {
        let mut carried = BTreeSet::new();
        for (path, meta) in entries {
            if meta.is_dir() {
                if !holds_something(path, entries) {
                    carried.insert(path.clone());
                }
                continue;
            }
            let is_ours = path.to_str().is_some_and(|p| ours.contains_key(p));
            match self.files.get(path) {
                None if is_ours => self.surplus.push(path.clone()),
                None => _ = carried.insert(path.clone()),
                Some(file) => {
                    let found = if meta.is_file() { Some(found(&self.folder.join(path), meta)?) } else { None };
                    // What equals ours to the byte may be taken for ours: nothing is lost.
                    if !is_ours && found.as_ref().is_none_or(|found| found.bytes != file.bytes) {
                        carried.insert(path.clone());
                    }
                    self.old.extend(found.map(|found| (path.clone(), found)));
                }
            }
        }
        Ok(carried)
    }

    fn refuse_if_in_the_way(
        &self,
        carried: &BTreeSet<PathBuf>,
        entries: &BTreeMap<PathBuf, Metadata>,
    ) -> Result<(), WriteError> {
        let mut what: BTreeMap<PathBuf, &'static str> = BTreeMap::new();
        for path in self.files.keys() {
            if carried.contains(path) {
                what.insert(path.clone(), kind(&entries[path]));
            }
            if let Some(below) = carried.iter().find(|c| *c != path && c.starts_with(path)) {
                what.insert(below.clone(), kind(&entries[below]));
            }
            for folder in above(path) {
                if carried.contains(&folder) && !entries[&folder].is_dir() {
                    what.insert(folder.clone(), kind(&entries[&folder]));
                }
            }
        }
        if what.is_empty() {
            return Ok(());
        }
        let what = what.into_iter().map(|(path, kind)| (self.folder.join(path), kind)).collect();
        Err(WriteError::InTheWay { folder: self.folder.clone(), what })
    }

    /// What is not yet as it should be, by path.
    pub(super) fn differences(&self) -> Vec<Difference> {
        let mut list: Vec<Difference> = Vec::new();
        for (path, file) in &self.files {
            let kind = match self.old.get(path) {
                None => Kind::Missing,
                Some(found) if found.bytes != file.bytes => {
                    Kind::Changed { old: found.bytes.clone(), new: file.bytes.clone() }
                }
                Some(found) if cfg!(unix) && found.executable != file.executable => {
                    Kind::Mode { executable: file.executable }
                }
                Some(_) => continue,
            };
            list.push(Difference { path: self.folder.join(path), kind });
        }
        list.extend(self.surplus.iter().map(|p| Difference { path: self.folder.join(p), kind: Kind::Surplus }));
        list.sort_by(|a, b| a.path.cmp(&b.path));
        list
    }
}

/// A name that is one plain component of a path; the reader of profiles lets no other pass.
fn one_component<'a>(dir: &Path, name: &'a str) -> Result<&'a OsStr, WriteError> {
    let mut parts = Path::new(name).components();
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(part)), None) if part == name && !name.starts_with('.') => Ok(part),
        _ => Err(std::io::Error::from(std::io::ErrorKind::InvalidInput)).doing(&format!("write {name:?} into"), dir),
    }
}

/// Everything below a folder, by path in it; `None` when there is no folder. Links are not followed.
fn entries(folder: &Path) -> Result<Option<BTreeMap<PathBuf, Metadata>>, WriteError> {
    match std::fs::symlink_metadata(folder) {
        Ok(meta) if meta.is_dir() => {}
        Ok(meta) => {
            let what = vec![(folder.to_owned(), kind(&meta))];
            return Err(WriteError::InTheWay { folder: folder.to_owned(), what });
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).doing("read", folder),
    }
    let mut list = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder).min_depth(1) {
        let entry = entry.map_err(std::io::Error::from).doing("read", folder)?;
        let meta = entry.metadata().map_err(std::io::Error::from).doing("read", entry.path())?;
        if let Ok(path) = entry.path().strip_prefix(folder) {
            list.insert(path.to_owned(), meta);
        }
    }
    Ok(Some(list))
}

/// Our files according to the folder's `plan.json`, which is one of them when it is ours.
fn listed(folder: &Path, entries: &BTreeMap<PathBuf, Metadata>) -> Result<BTreeMap<String, String>, WriteError> {
    let path = folder.join(listing::PATH);
    match entries.get(Path::new(listing::PATH)) {
        Some(meta) if meta.is_file() => {
            let bytes = std::fs::read(&path).doing("read", &path)?;
            let Some(mut list) = listing::files(&bytes) else { return Ok(BTreeMap::new()) };
            list.insert(listing::PATH.to_owned(), String::new());
            Ok(list)
        }
        _ => Ok(BTreeMap::new()),
    }
}

/// Whether a run for some targets replaces one of our old files.
fn rewritten(path: &str, only: &[Target]) -> bool {
    let all = Target::ALL.iter().all(|target| only.contains(target));
    all || path == listing::PATH || only.iter().any(|target| target.owns(path))
}

fn found(path: &Path, meta: &Metadata) -> Result<Found, WriteError> {
    Ok(Found { bytes: std::fs::read(path).doing("read", path)?, executable: is_executable(meta) })
}

#[cfg(unix)]
fn is_executable(meta: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    meta.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_meta: &Metadata) -> bool {
    false
}

/// Whether a folder has anything in it.
fn holds_something(folder: &Path, entries: &BTreeMap<PathBuf, Metadata>) -> bool {
    use std::ops::Bound;
    let after = (Bound::Excluded(folder.to_owned()), Bound::Unbounded);
    entries.range::<PathBuf, _>(after).next().is_some_and(|(path, _)| path.starts_with(folder))
}

/// The folders above a path, within the profile's folder.
fn above(path: &Path) -> impl Iterator<Item = PathBuf> {
    path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()).map(Path::to_owned)
}

fn kind(meta: &Metadata) -> &'static str {
    if meta.is_dir() {
        "the folder"
    } else if meta.is_symlink() {
        "the symbolic link"
    } else if meta.is_file() {
        "the file"
    } else {
        "the special file"
    }
}
