//! Paths as build services look for them: from the root of the repository, with slashes.

use std::path::{Component, Path, PathBuf};

use crate::diag::Source;

/// Where the program runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// The working directory, which paths are given from.
    pub folder: PathBuf,
    /// The root of the repository around it, or else the working directory.
    pub root: PathBuf,
}

/// A source's name from the root of the repository; as a whole path when it lies elsewhere.
pub(super) fn from_root(name: &str, here: Option<&Repository>) -> String {
    let Some(here) = here.filter(|_| name != Source::STDIN) else {
        return with_slashes(&plain(Path::new(name)));
    };
    let whole = plain(&here.folder.join(name));
    with_slashes(whole.strip_prefix(&here.root).unwrap_or(&whole))
}

/// The path without `.`, and without `..` as far as something stands before it.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            Component::Normal(_) | Component::ParentDir | Component::RootDir | Component::Prefix(_) => out.push(part),
        }
    }
    out
}

fn with_slashes(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_given_from_the_root_of_the_repository() {
        let here = Repository { folder: "/srv/repo/infra".into(), root: "/srv/repo".into() };
        let path = |name| from_root(name, Some(&here));
        assert_eq!(path("profiles/a.toml"), "infra/profiles/a.toml");
        assert_eq!(path("./profiles//a.toml"), "infra/profiles/a.toml");
        assert_eq!(path("../a.toml"), "a.toml");
        assert_eq!(path("/srv/repo/x/../a b.toml"), "a b.toml");
        assert_eq!(path("../../other/a.toml"), "/srv/other/a.toml");
        assert_eq!(path("<stdin>"), "<stdin>");
        assert_eq!(from_root("./profiles/../a.toml", None), "a.toml");
        assert_eq!(from_root("../a.toml", None), "../a.toml");
    }
}
