//! Finding and reading the settings of the repositories that profiles lie in, each file once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aks_egress::diag::{Report, Source};
use aks_egress::report::Failure;
use aks_egress::settings::Settings;
use aks_egress::{input, read_settings};

use super::find::{Wanted, unreadable};
use super::read::up_to_limit;

/// Settings that were read.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// By the file they stand in, its links followed.
    files: BTreeMap<PathBuf, Arc<Settings>>,
    /// By the folder of a profile.
    folders: BTreeMap<PathBuf, Option<Arc<Settings>>>,
    /// What is wrong with them.
    pub(super) reports: Vec<Report>,
    /// What could not be read.
    pub(super) failures: Vec<Failure>,
}

impl Known {
    /// The settings for a text: those of the nearest folder above it that has some, up to the root of its repository.
    pub(super) fn of(&mut self, wanted: &Wanted) -> Option<Arc<Settings>> {
        let folder = wanted.name.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = folder.canonicalize().ok()?;
        if let Some(known) = self.folders.get(&folder) {
            return known.clone();
        }
        let settings = above(&folder).and_then(|file| self.read(&file));
        self.folders.insert(folder, settings.clone());
        settings
    }

    /// The settings in a file.
    pub(super) fn read(&mut self, file: &Path) -> Option<Arc<Settings>> {
        let real = file.canonicalize().unwrap_or_else(|_| file.to_owned());
        if let Some(known) = self.files.get(&real) {
            return Some(Arc::clone(known));
        }
        let bytes = match std::fs::File::open(file).and_then(up_to_limit) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.failures.push(unreadable(file, &error));
                Vec::new()
            }
        };
        let name = file.to_string_lossy().into_owned();
        let (settings, report) = match input::text(&name, bytes) {
            Ok(text) => read_settings(name, text),
            Err(report) => (Settings::unread(name), report),
        };
        if !report.findings.is_empty() {
            self.reports.push(report);
        }
        let settings = Arc::new(settings);
        self.files.insert(real, Arc::clone(&settings));
        Some(settings)
    }
}

/// The file with settings for what lies in `folder`, whose links are followed; named from here where it lies below.
fn above(folder: &Path) -> Option<PathBuf> {
    for folder in folder.ancestors() {
        let file = folder.join(Source::SETTINGS);
        if file.is_file() {
            let here = std::env::current_dir().and_then(|here| here.canonicalize()).ok();
            let below = here.and_then(|here| Some(file.strip_prefix(here).ok()?.to_owned()));
            return Some(below.unwrap_or(file));
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}
