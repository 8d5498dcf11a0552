//! Spelling a checked plan in every target. Nothing is decided here.

pub mod arm;
pub mod az;
pub mod bicep;
pub mod deployment;
pub mod k8s;
pub mod review;
pub mod schema;

use std::collections::BTreeMap;
use std::fmt;

use crate::checks::Checked;

/// Number in `plan.json`, raised by hand when the same plan is spelled differently.
pub const ARTIFACT_FORMAT: u32 = 1;

/// What `--only` chooses from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// `arm/`
    Arm,
    /// `bicep/`
    Bicep,
    /// `az/`
    Az,
    /// `k8s/`
    K8s,
    /// `review.md`, `review.html`, `topology.svg` and `kql/`
    Review,
}

impl Target {
    /// Every target.
    pub const ALL: [Target; 5] = [Target::Arm, Target::Bicep, Target::Az, Target::K8s, Target::Review];

    /// Whether a file of an artifact folder belongs to this target.
    pub fn owns(self, path: &str) -> bool {
        match self {
            Target::Arm => path.starts_with("arm/"),
            Target::Bicep => path.starts_with("bicep/"),
            Target::Az => path.starts_with("az/"),
            Target::K8s => path.starts_with("k8s/"),
            Target::Review => path.starts_with("review.") || path.starts_with("kql/") || path == "topology.svg",
        }
    }
}

/// One file of an artifact folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its bytes; text is UTF-8 with LF and without BOM.
    pub bytes: Vec<u8>,
    /// Whether it is a script.
    pub executable: bool,
}

/// An artifact folder: relative path (with `/`, never `..`) to file, sorted by path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileSet {
    files: BTreeMap<String, File>,
}

impl FileSet {
    /// Adds a text file.
    pub(crate) fn text(&mut self, path: impl Into<String>, text: String) {
        self.put(path.into(), File { bytes: text.into_bytes(), executable: false });
    }

    /// Adds a script that may be run.
    pub(crate) fn script(&mut self, path: impl Into<String>, text: String) {
        self.put(path.into(), File { bytes: text.into_bytes(), executable: true });
    }

    fn put(&mut self, path: String, file: File) {
        debug_assert!(path.split('/').all(|part| !matches!(part, "" | "." | "..")), "{path}");
        self.files.insert(path, file);
    }

    /// A file by its path.
    pub fn get(&self, path: &str) -> Option<&File> {
        self.files.get(path)
    }

    /// All files, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &File)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// How many files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// What was spelled does not fit the closed schema of ARM templates: a defect of this program, never of the profile.
#[derive(Debug)]
pub struct EmitError {
    /// One line per violation, with the place in the template.
    pub violations: Vec<String>,
}

impl fmt::Display for EmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the generated template breaks its own schema: {}", self.violations.join("; "))
    }
}

impl std::error::Error for EmitError {}

/// Every file of a plan.
///
/// # Errors
/// When the template breaks the closed schema, which is a defect of this program.
pub fn all(checked: &Checked) -> Result<FileSet, EmitError> {
    some(checked, &Target::ALL)
}

/// The files of some targets, and always `plan.json`.
///
/// # Errors
/// As [`all`].
pub fn some(checked: &Checked, targets: &[Target]) -> Result<FileSet, EmitError> {
    let mut files = FileSet::default();
    let plan = &checked.plan;
    if targets.contains(&Target::Arm) || targets.contains(&Target::Bicep) {
        let deployment = deployment::build(plan);
        if targets.contains(&Target::Arm) {
            arm::emit(plan, &deployment, &mut files)?;
        }
        if targets.contains(&Target::Bicep) {
            bicep::emit(plan, &deployment, &mut files);
        }
    }
    if targets.contains(&Target::Az) {
        az::emit(plan, &mut files);
    }
    if targets.contains(&Target::K8s) {
        k8s::emit(plan, &mut files);
    }
    if targets.contains(&Target::Review) {
        review::emit(checked, &mut files);
    }
    Ok(files)
}
