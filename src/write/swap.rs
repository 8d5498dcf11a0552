//! Staging a folder beside the old one, letting the two change places, and healing what a killed run left.
//!
//! | Beside the profile's folder | What it is |
//! |---|---|
//! | `.<name>.<pid>.tmp` | the new folder while it is staged; after a change of places in one step, the old one |
//! | `.<name>.<pid>.old` | the old folder, where the system cannot change places in one step |
//! | `.<name>.<pid>.journal` | says that two renames are under way |
//!
//! The lock is held throughout, so whatever of this a run finds was left by one that was killed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::place::Place;
use super::{Doing, WriteError};
use crate::emit::listing;

/// The names beside a profile's folder that one run uses.
struct Beside {
    folder: PathBuf,
    stage: PathBuf,
    old: PathBuf,
    journal: PathBuf,
}

impl Beside {
    fn new(dir: &Path, name: &str, pid: u32) -> Beside {
        let at = |ending: &str| dir.join(format!(".{name}.{pid}.{ending}"));
        Beside { folder: dir.join(name), stage: at("tmp"), old: at("old"), journal: at("journal") }
    }
}

/// Puts the new folder in the old one's place.
pub(super) fn replace(dir: &Path, name: &str, place: &Place) -> Result<(), WriteError> {
    let beside = Beside::new(dir, name, std::process::id());
    if let Err(error) = stage(&beside.stage, place) {
        let _ = remove(&beside.stage);
        return Err(error);
    }
    step();
    if let Err(error) = change_places(&beside, place.exists) {
        let _ = remove(&beside.stage);
        return Err(error);
    }
    step();
    if place.exists { remove(&beside.stage) } else { Ok(()) }
}

/// Writes the new folder.
fn stage(stage: &Path, place: &Place) -> Result<(), WriteError> {
    fs::create_dir(stage).doing("create the folder", stage)?;
    step();
    for path in &place.carried {
        carry(&place.folder.join(path), &stage.join(path))?;
        step();
    }
    for (path, file) in &place.files {
        let to = stage.join(path);
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).doing("create the folder", folder)?;
        }
        let mut made = create(&to, file.executable).doing("create", &to)?;
        made.write_all(&file.bytes).doing("write", &to)?;
        if path == Path::new(listing::PATH) {
            // The list of what is ours must outlive a loss of power; all else is written again from the profile.
            made.sync_all().doing("write", &to)?;
        }
        step();
    }
    if place.exists { copy_permissions(&place.folder, stage) } else { Ok(()) }
}

#[cfg(unix)]
fn create(path: &Path, executable: bool) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new().write(true).create_new(true).mode(if executable { 0o777 } else { 0o666 }).open(path)
}

#[cfg(not(unix))]
fn create(path: &Path, _executable: bool) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// Gives the new folder what stays of the old one: the same file under a second name, never what a link points to.
fn carry(from: &Path, to: &Path) -> Result<(), WriteError> {
    let meta = fs::symlink_metadata(from).doing("read", from)?;
    if meta.is_dir() {
        fs::create_dir(to).doing("create the folder", to)?;
        return copy_permissions(from, to);
    }
    if fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    if meta.is_symlink() {
        let target = fs::read_link(from).doing("read", from)?;
        return link(&target, to).doing("create", to);
    }
    fs::copy(from, to).doing("copy", from)?;
    let times = fs::FileTimes::new().set_modified(meta.modified().doing("read", from)?);
    File::options().write(true).open(to).and_then(|file| file.set_times(times)).or_else(|error| {
        // A copy that may not be written keeps the time of its making.
        if error.kind() == io::ErrorKind::PermissionDenied { Ok(()) } else { Err(error).doing("copy", from) }
    })
}

#[cfg(unix)]
fn link(target: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, at)
}

#[cfg(not(unix))]
fn link(_target: &Path, _at: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn copy_permissions(from: &Path, to: &Path) -> Result<(), WriteError> {
    let permissions = fs::symlink_metadata(from).doing("read", from)?.permissions();
    // A folder that its owner cannot write stays so only if nothing has to be put into it any more.
    if permissions.readonly() { Ok(()) } else { fs::set_permissions(to, permissions).doing("write", to) }
}

fn change_places(beside: &Beside, exists: bool) -> Result<(), WriteError> {
    if !exists {
        return fs::rename(&beside.stage, &beside.folder).doing("create the folder", &beside.folder);
    }
    match exchange(&beside.stage, &beside.folder) {
        Err(error) if cannot(&error) => in_two_steps(beside),
        other => other.doing("replace", &beside.folder),
    }
}

/// Whether the system lacks the operation, rather than refuses it.
fn cannot(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput)
}

#[cfg(target_os = "linux")]
fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    if only_two_steps() {
        return Err(io::ErrorKind::Unsupported.into());
    }
    Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
}

#[cfg(not(target_os = "linux"))]
fn exchange(_a: &Path, _b: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Leaves the old folder at the name of the staged one, as a change of places in one step does.
fn in_two_steps(beside: &Beside) -> Result<(), WriteError> {
    let journal = File::create_new(&beside.journal).doing("create", &beside.journal)?;
    journal.sync_all().doing("write", &beside.journal)?;
    step();
    if let Err(error) = fs::rename(&beside.folder, &beside.old) {
        let _ = fs::remove_file(&beside.journal);
        return Err(error).doing("replace", &beside.folder);
    }
    step();
    if let Err(error) = fs::rename(&beside.stage, &beside.folder) {
        let back = fs::rename(&beside.old, &beside.folder);
        if back.is_ok() {
            let _ = fs::remove_file(&beside.journal);
        }
        return Err(error).doing("replace", &beside.folder);
    }
    step();
    fs::rename(&beside.old, &beside.stage).doing("rename", &beside.old)?;
    step();
    fs::remove_file(&beside.journal).doing("remove", &beside.journal)
}

/// Completes or undoes what killed runs left in `dir`.
pub(super) fn heal(dir: &Path) -> Result<(), WriteError> {
    let mut left: Vec<(String, u32, &str)> = Vec::new();
    for entry in fs::read_dir(dir).doing("read", dir)? {
        let name = entry.doing("read", dir)?.file_name();
        left.extend(name.to_str().and_then(parse));
    }
    left.sort_by_key(|(_, _, ending)| *ending != "journal");
    for (name, pid, ending) in left {
        let beside = Beside::new(dir, &name, pid);
        match ending {
            "journal" => finish(&beside)?,
            "tmp" => remove(&beside.stage)?,
            _ => {}
        }
    }
    Ok(())
}

/// `.<name>.<pid>.<ending>`
fn parse(file: &str) -> Option<(String, u32, &'static str)> {
    let (rest, ending) = file.strip_prefix('.')?.rsplit_once('.')?;
    let ending = ["journal", "tmp"].into_iter().find(|known| *known == ending)?;
    let (name, pid) = rest.rsplit_once('.')?;
    let plain = !name.is_empty() && pid.bytes().all(|b| b.is_ascii_digit());
    plain.then_some(())?;
    Some((name.to_owned(), pid.parse().ok()?, ending))
}

/// Two renames were under way. Where the folder misses its place, the new one gets it, else the old one; where it does
/// not, either nothing happened yet or all did, and what stands beside it goes.
fn finish(beside: &Beside) -> Result<(), WriteError> {
    let exists = |path: &Path| fs::symlink_metadata(path).is_ok();
    let there = (exists(&beside.folder), exists(&beside.stage), exists(&beside.old));
    if there == (true, true, true) {
        let both = io::Error::other(format!("{} was made anew meanwhile: delete one", beside.folder.display()));
        return Err(both).doing("put back", &beside.old);
    }
    match there {
        (true, _, _) | (false, false, false) => {}
        (false, true, _) => fs::rename(&beside.stage, &beside.folder).doing("replace", &beside.folder)?,
        (false, false, true) => fs::rename(&beside.old, &beside.folder).doing("replace", &beside.folder)?,
    }
    remove(&beside.old)?;
    remove(&beside.stage)?;
    fs::remove_file(&beside.journal).doing("remove", &beside.journal)
}

/// Removes a folder of ours, if it is there.
fn remove(folder: &Path) -> Result<(), WriteError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            open_up(folder);
            fs::remove_dir_all(folder).doing("remove", folder)
        }
        other => other.doing("remove", folder),
    }
}

/// Lets the owner remove what is in a folder and those below it.
fn open_up(folder: &Path) {
    #[cfg(unix)]
    for entry in walkdir::WalkDir::new(folder).into_iter().flatten().filter(|e| e.file_type().is_dir()) {
        use std::os::unix::fs::PermissionsExt as _;
        let _ = fs::set_permissions(entry.path(), fs::Permissions::from_mode(0o700));
    }
    #[cfg(not(unix))]
    let _ = folder;
}

/// A place where a run may be killed.
fn step() {
    #[cfg(test)]
    super::tests::step();
}

/// Whether a test wants the way of systems that cannot change places in one step.
#[cfg(target_os = "linux")]
fn only_two_steps() -> bool {
    #[cfg(test)]
    return super::tests::only_two_steps();
    #[cfg(not(test))]
    false
}
