//! One file changes its content: all or nothing, with its mode, at the end of every link that leads to it.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{Difference, Doing, WriteError};
use crate::write::difference::Kind;

/// Replaces what stands in the file at `path`, which was read as `old`. Whoever looks finds the old content or the new.
///
/// # Errors
/// When the file holds something else by now, or the system refuses. Then it is as it was.
pub fn rewrite(path: &Path, old: &[u8], new: &[u8]) -> Result<(), WriteError> {
    let real = path.canonicalize().doing("find", path)?;
    if fs::read(&real).doing("read", path)? != old {
        return Err(WriteError::Changed { path: path.to_owned() });
    }
    let stage = beside(&real);
    let staged = stage_file(&stage, &real, new).and_then(|()| fs::rename(&stage, &real));
    if staged.is_err() {
        let _ = fs::remove_file(&stage); // what stands there is of no use to anybody
    }
    staged.doing("write", path)
}

/// How the content of the file at `path` changes, as a unified diff.
pub fn change(path: &Path, old: &str, new: &str) -> Difference {
    let (old, new) = (old.as_bytes().to_vec(), new.as_bytes().to_vec());
    Difference { path: path.to_owned(), kind: Kind::Changed { old, new } }
}

fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}

fn stage_file(stage: &Path, like: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(stage)?;
    file.set_permissions(fs::metadata(like)?.permissions())?;
    file.write_all(content)?;
    // The file is the only copy of what somebody wrote.
    file.sync_all()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests write their own files")]
mod tests {
    use super::*;

    #[test]
    fn content_changes_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        fs::write(&path, "old").unwrap();
        rewrite(&path, b"old", b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_changed_meanwhile_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        fs::write(&path, "newer").unwrap();
        let error = rewrite(&path, b"old", b"new").unwrap_err();
        assert!(matches!(error, WriteError::Changed { .. }), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"newer");
    }

    #[cfg(unix)]
    #[test]
    fn mode_and_links_stay() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a.toml"), folder.path().join("link.toml"));
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("a.toml", &link).unwrap();
        rewrite(&link, b"old", b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn a_file_that_is_gone_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        assert!(rewrite(&folder.path().join("a.toml"), b"", b"new").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
