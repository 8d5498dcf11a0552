//! Faults of writing: whatever happens, the old folder or the new one stands, and the next run heals.
//!
//! A killed run is a real one: this test program starts itself again, and the child ends at a chosen step.

#![expect(clippy::disallowed_methods, reason = "tests look at files and tell their children what to do")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Folder, Outcome, WriteError, compare};
use crate::emit::{FileSet, Target};

/// In a child: the number of the step at which it ends.
const DIE_AT: &str = "AKS_EGRESS_TEST_DIE_AT";
/// In a child: the output folder.
const DIR: &str = "AKS_EGRESS_TEST_DIR";
/// In a child: two renames in place of one exchange.
const TWO_STEPS: &str = "AKS_EGRESS_TEST_TWO_STEPS";
/// How a child ends that reached its step.
const KILLED: i32 = 77;

fn told(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Called at every step of a run.
pub(super) fn step() {
    static STEPS: AtomicUsize = AtomicUsize::new(0);
    if let Some(at) = told(DIE_AT)
        && STEPS.fetch_add(1, Ordering::SeqCst).to_string() == at
    {
        std::process::exit(KILLED); // no destructor runs
    }
}

pub(super) fn only_two_steps() -> bool {
    told(TWO_STEPS).is_some()
}

/// Files with a `plan.json` that lists them.
fn set(files: &[(&str, &str)]) -> FileSet {
    let mut set = FileSet::default();
    let mut list = Vec::new();
    for (path, text) in files {
        if path.ends_with(".sh") {
            set.script(*path, (*text).to_owned());
        } else {
            set.text(*path, (*text).to_owned());
        }
        list.push(format!("    \"{path}\": \"hash of {text}\""));
    }
    set.text("plan.json", format!("{{\n  \"format\": 1,\n  \"files\": {{\n{}\n  }}\n}}\n", list.join(",\n")));
    set
}

fn old() -> FileSet {
    set(&[("arm/main.json", "old"), ("az/verify.sh", "old"), ("k8s/gone.yaml", "old"), ("review.md", "same")])
}

fn new() -> FileSet {
    set(&[
        ("arm/main.json", "new"),
        ("az/verify.sh", "new"),
        ("bicep/modules/more.bicep", "new"),
        ("review.md", "same"),
    ])
}

fn write(dir: &Path, files: &FileSet) -> Result<Outcome, WriteError> {
    Folder::open(dir, || ())?.replace("prod", files, &Target::ALL)
}

/// Everything below a folder: kind, content, and whether it may be run.
fn snapshot(folder: &Path) -> BTreeMap<String, String> {
    let entries = walkdir::WalkDir::new(folder).min_depth(1).into_iter().map(Result::unwrap);
    entries
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            let what = if entry.file_type().is_dir() {
                "folder".to_owned()
            } else if entry.path_is_symlink() {
                format!("-> {}", fs::read_link(entry.path()).unwrap().display())
            } else {
                format!("{}: {}", mode(entry.path()), fs::read_to_string(entry.path()).unwrap())
            };
            (path, what)
        })
        .collect()
}

#[cfg(unix)]
fn mode(path: &Path) -> &'static str {
    use std::os::unix::fs::PermissionsExt as _;
    if fs::metadata(path).unwrap().permissions().mode() & 0o100 != 0 { "program" } else { "file" }
}

#[cfg(not(unix))]
fn mode(_path: &Path) -> &'static str {
    "file"
}

fn names(dir: &Path) -> Vec<String> {
    let mut list: Vec<String> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    list.sort();
    list
}

/// What others put into the folder.
fn add_foreign(folder: &Path) {
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    fs::write(folder.join("arm/custom.json"), "mine").unwrap();
    fs::create_dir_all(folder.join("empty/inner")).unwrap();
    fs::write(folder.join(".hidden"), "mine").unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/nowhere/at/all", folder.join("dangling")).unwrap();
        std::os::unix::fs::symlink("../..", folder.join("up")).unwrap();
    }
}

/// An output folder with the old files and foreign ones.
fn dir_with_old() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(write(dir.path(), &old()).unwrap(), Outcome::Written);
    add_foreign(&dir.path().join("prod"));
    dir
}

#[test]
fn foreign_files_stay_and_ours_that_are_no_longer_written_go() {
    let dir = dir_with_old();
    let folder = dir.path().join("prod");
    let before = snapshot(&folder);
    assert_eq!(before["az/verify.sh"], if cfg!(unix) { "program: old" } else { "file: old" });
    assert_eq!(write(dir.path(), &new()).unwrap(), Outcome::Written);
    let after = snapshot(&folder);
    let foreign = ["notes.txt", "arm/custom.json", "empty", "empty/inner", ".hidden"];
    for path in foreign.into_iter().chain(if cfg!(unix) { &["dangling", "up"][..] } else { &[] }.iter().copied()) {
        assert_eq!(after[path], before[path], "{path}");
    }
    assert!(!after.contains_key("k8s/gone.yaml"));
    assert!(!after.contains_key("k8s"), "a folder in which nothing is left goes too");
    assert_eq!(after["arm/main.json"], "file: new");
    assert_eq!(after["bicep/modules/more.bicep"], "file: new");
    assert_eq!(names(dir.path()), ["prod"], "nothing is left beside it");
}

#[test]
fn nothing_is_touched_when_nothing_changes() {
    let dir = dir_with_old();
    let stamp = |path: &str| fs::metadata(dir.path().join("prod").join(path)).unwrap().modified().unwrap();
    let before = (stamp("arm/main.json"), stamp("plan.json"), stamp(""));
    std::thread::sleep(std::time::Duration::from_millis(20));
    assert_eq!(write(dir.path(), &old()).unwrap(), Outcome::Unchanged);
    assert_eq!((stamp("arm/main.json"), stamp("plan.json"), stamp("")), before);
}

#[test]
#[cfg(unix)]
fn a_script_that_lost_its_permission_is_written_again() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = dir_with_old();
    let script = dir.path().join("prod/az/verify.sh");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o644)).unwrap();
    let shown: String =
        compare(dir.path(), "prod", &old(), &Target::ALL).unwrap().iter().map(|d| d.to_string()).collect();
    assert_eq!(shown, format!("not executable: {}\n", script.display()));
    assert_eq!(write(dir.path(), &old()).unwrap(), Outcome::Written);
    assert_eq!(mode(&script), "program");
}

#[test]
fn only_some_targets_leave_the_others_and_stay_ours() {
    let dir = dir_with_old();
    let folder = dir.path().join("prod");
    let arm = set(&[("arm/main.json", "new")]);
    let run = |files: &FileSet, only: &[Target]| Folder::open(dir.path(), || ()).unwrap().replace("prod", files, only);
    assert_eq!(run(&arm, &[Target::Arm]).unwrap(), Outcome::Written);
    let after = snapshot(&folder);
    assert_eq!(after["arm/main.json"], "file: new");
    assert_eq!(after["k8s/gone.yaml"], "file: old");
    assert_eq!(after["notes.txt"], "file: mine");
    assert!(after["plan.json"].contains("\"k8s/gone.yaml\": \"hash of old\""), "{}", after["plan.json"]);
    assert_eq!(run(&arm, &[Target::Arm]).unwrap(), Outcome::Unchanged);
    assert!(compare(dir.path(), "prod", &arm, &[Target::Arm]).unwrap().is_empty());
    assert_eq!(run(&new(), &Target::ALL).unwrap(), Outcome::Written);
    assert!(!snapshot(&folder).contains_key("k8s/gone.yaml"), "what an earlier run wrote is still known as ours");
}

/// Puts something in the way and wants it named and everything else untouched.
fn refused(put: impl FnOnce(&Path), named: &str) {
    let dir = dir_with_old();
    put(dir.path());
    let before = snapshot(dir.path());
    let error = write(dir.path(), &new()).unwrap_err();
    assert!(matches!(error, WriteError::InTheWay { .. }), "{error}");
    let said = error.to_string();
    assert!(said.contains(named), "{said}");
    assert_eq!(snapshot(dir.path()), before, "{said}");
    assert!(compare(dir.path(), "prod", &new(), &Target::ALL).is_err());
}

#[test]
fn what_is_foreign_and_in_the_way_is_named_and_kept() {
    refused(
        |dir| {
            fs::create_dir_all(dir.join("prod/bicep/modules")).unwrap();
            fs::write(dir.join("prod/bicep/modules/more.bicep"), "mine").unwrap();
        },
        "the file",
    );
    refused(|dir| fs::create_dir_all(dir.join("prod/bicep/modules/more.bicep")).unwrap(), "the folder");
    refused(|dir| fs::write(dir.join("prod/bicep"), "mine").unwrap(), "the file");
    refused(|dir| fs::write(dir.join("prod/plan.json"), "{}").unwrap(), "the file");
    refused(
        |dir| {
            fs::remove_dir_all(dir.join("prod")).unwrap();
            fs::write(dir.join("prod"), "mine").unwrap();
        },
        "the file",
    );
}

#[test]
#[cfg(unix)]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("main.json"), "theirs").unwrap();
    refused(|dir| symlink(outside.path(), dir.join("prod/bicep")).unwrap(), "the symbolic link");
    refused(
        |dir| {
            fs::rename(dir.join("prod"), dir.join("elsewhere")).unwrap();
            symlink("elsewhere", dir.join("prod")).unwrap();
        },
        "the symbolic link",
    );
    // A link where a file of ours stood is replaced by the file; what it pointed to stays.
    let dir = dir_with_old();
    let main = dir.path().join("prod/arm/main.json");
    fs::remove_file(&main).unwrap();
    symlink(outside.path().join("main.json"), &main).unwrap();
    write(dir.path(), &new()).unwrap();
    assert_eq!(snapshot(&dir.path().join("prod"))["arm/main.json"], "file: new");
    assert_eq!(fs::read_to_string(outside.path().join("main.json")).unwrap(), "theirs");
}

#[test]
#[cfg(unix)]
fn a_lock_file_that_is_a_link_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("target");
    std::os::unix::fs::symlink(&target, dir.path().join(super::LOCK)).unwrap();
    assert!(write(dir.path(), &old()).is_err());
    assert!(!target.exists());
}

#[test]
fn a_foreign_file_with_the_same_bytes_is_taken_for_ours() {
    let dir = dir_with_old();
    fs::create_dir_all(dir.path().join("prod/bicep/modules")).unwrap();
    fs::write(dir.path().join("prod/bicep/modules/more.bicep"), "new").unwrap();
    assert_eq!(write(dir.path(), &new()).unwrap(), Outcome::Written);
}

#[test]
#[cfg(unix)]
fn read_only_files_and_folders_are_no_obstacle_and_stay_read_only_when_foreign() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = dir_with_old();
    let folder = dir.path().join("prod");
    let lock_up = |path: &str, mode| fs::set_permissions(folder.join(path), fs::Permissions::from_mode(mode)).unwrap();
    lock_up("arm/main.json", 0o444);
    lock_up("notes.txt", 0o400);
    lock_up("empty/inner", 0o711);
    write(dir.path(), &new()).unwrap();
    let bits = |path: &str| fs::metadata(folder.join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(snapshot(&folder)["arm/main.json"], "file: new");
    assert_eq!(bits("notes.txt"), 0o400);
    assert_eq!(bits("empty/inner"), 0o711);
}

#[test]
fn names_that_climb_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let folder = Folder::open(&out, || ()).unwrap();
    for name in ["", ".", "..", "../x", "a/b", "/etc", "a/", "./a", ".hidden", "a/../b"] {
        let result = folder.replace(name, &old(), &Target::ALL);
        assert!(matches!(result, Err(WriteError::System { .. })), "{name:?}");
        assert!(compare(&out, name, &old(), &Target::ALL).is_err(), "{name:?}");
    }
    assert_eq!(names(&out), [super::LOCK]);
    drop(folder);
    assert_eq!(names(dir.path()), ["out"]);
}

#[test]
fn a_folder_that_cannot_be_made_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "mine").unwrap();
    for out in [file.clone(), file.join("out")] {
        let error = write(&out, &old()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("cannot create the folder {}: ", out.display())), "{error}");
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn comparing_writes_nothing_and_says_everything() {
    let dir = dir_with_old();
    let before = snapshot(dir.path());
    let list = compare(dir.path(), "prod", &new(), &Target::ALL).unwrap();
    let root = format!("{}/", dir.path().display());
    let text: String = list.iter().map(|d| d.to_string().replace(&root, "")).collect();
    let text = text.split("--- a/prod/plan.json").next().unwrap(); // its content is not the point here
    assert_eq!(
        text.lines().filter(|line| !line.starts_with("\\ No newline")).collect::<Vec<_>>(),
        [
            "--- a/prod/arm/main.json",
            "+++ b/prod/arm/main.json",
            "@@ -1 +1 @@",
            "-old",
            "+new",
            "--- a/prod/az/verify.sh",
            "+++ b/prod/az/verify.sh",
            "@@ -1 +1 @@",
            "-old",
            "+new",
            "missing: prod/bicep/modules/more.bicep",
            "surplus: prod/k8s/gone.yaml",
        ]
    );
    assert_eq!(snapshot(dir.path()), before);
    let nowhere = dir.path().join("nowhere");
    assert_eq!(compare(&nowhere, "prod", &new(), &Target::ALL).unwrap().len(), new().len());
    assert!(!nowhere.exists());
}

/// What a child does; as a test of its own it writes into a folder of its own.
#[test]
fn child_writes_the_new_files() {
    match told(DIR) {
        Some(dir) => assert_eq!(write(Path::new(&dir), &new()).unwrap(), Outcome::Written),
        None => assert_eq!(write(tempfile::tempdir().unwrap().path(), &new()).unwrap(), Outcome::Written),
    }
}

fn child(dir: &Path, die_at: usize, two_steps: bool) -> Option<i32> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "write::tests::child_writes_the_new_files", "--test-threads=1"]);
    command.env(DIR, dir).env(DIE_AT, die_at.to_string());
    if two_steps {
        command.env(TWO_STEPS, "1");
    }
    command.output().unwrap().status.code()
}

/// Kills a run at each of its steps; returns how many there were.
fn killed_at_every_step(two_steps: bool, with_old: bool) -> usize {
    let start = || if with_old { dir_with_old() } else { tempfile::tempdir().unwrap() };
    let done = start();
    write(done.path(), &new()).unwrap();
    let new_folder = snapshot(&done.path().join("prod"));
    for n in 0.. {
        let dir = start();
        let folder = dir.path().join("prod");
        let old_folder = if with_old { snapshot(&folder) } else { BTreeMap::new() };
        let code = child(dir.path(), n, two_steps);
        let whole = |when: &str| {
            let found = if folder.exists() { snapshot(&folder) } else { BTreeMap::new() };
            assert!(found == old_folder || found == new_folder, "step {n}, {when}: a mixture: {found:#?}");
        };
        if code == Some(0) {
            whole("at the end");
            return n;
        }
        assert_eq!(code, Some(KILLED), "step {n}");
        let between = two_steps && names(dir.path()).iter().any(|name| name.ends_with(".journal"));
        if folder.exists() || !between {
            whole("after the kill");
        }
        drop(Folder::open(dir.path(), || ()).unwrap());
        whole("healed");
        assert_eq!(folder.exists(), with_old || !snapshot(dir.path()).is_empty(), "step {n}");
        let left: Vec<String> = names(dir.path()).into_iter().filter(|name| name != "prod").collect();
        assert!(left.is_empty(), "step {n}: {left:?}");
        write(dir.path(), &new()).unwrap();
        assert_eq!(snapshot(&folder), new_folder, "step {n}");
    }
    unreachable!("a run has an end")
}

#[test]
fn a_killed_run_leaves_the_old_folder_or_the_new_one() {
    let steps = killed_at_every_step(false, true);
    assert!(steps >= 10, "{steps}");
}

#[test]
fn a_killed_first_run_leaves_nothing_or_everything() {
    let steps = killed_at_every_step(false, false);
    assert!(steps >= 6, "{steps}");
}

#[test]
fn a_killed_run_that_renames_twice_is_finished_by_the_next() {
    let (one, two) = (killed_at_every_step(false, true), killed_at_every_step(true, true));
    if cfg!(target_os = "linux") {
        assert_eq!(two, one + 4, "the journal and three renames");
    }
}

#[test]
fn a_folder_made_anew_between_two_renames_is_not_thrown_away() {
    let dir = dir_with_old();
    for (name, text) in [(".prod.7.old", "old"), (".prod.7.tmp", "new")] {
        fs::create_dir(dir.path().join(name)).unwrap();
        fs::write(dir.path().join(name).join("notes.txt"), text).unwrap();
    }
    fs::write(dir.path().join(".prod.7.journal"), "").unwrap();
    let before = snapshot(dir.path());
    let error = Folder::open(dir.path(), || ()).unwrap_err().to_string();
    assert!(error.contains(".prod.7.old") && error.contains("was made anew meanwhile"), "{error}");
    let mut after = snapshot(dir.path());
    after.remove(super::LOCK);
    assert_eq!(after, before);
}

#[test]
fn runs_take_turns() {
    let dir = tempfile::tempdir().unwrap();
    let first = Folder::open(dir.path(), || panic!("nobody holds it yet")).unwrap();
    let (said, heard) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let second = scope.spawn(|| {
            let folder = Folder::open(dir.path(), || said.send("waiting").unwrap()).unwrap();
            folder.replace("prod", &new(), &Target::ALL).unwrap();
        });
        assert_eq!(heard.recv().unwrap(), "waiting");
        first.replace("prod", &old(), &Target::ALL).unwrap();
        assert_eq!(snapshot(&dir.path().join("prod"))["arm/main.json"], "file: old");
        drop(first);
        second.join().unwrap();
    });
    assert_eq!(snapshot(&dir.path().join("prod"))["arm/main.json"], "file: new");
    assert_eq!(names(dir.path()), ["prod"]);
}

#[test]
#[cfg(target_os = "linux")]
fn whoever_looks_sees_no_mixture() {
    use rustix::fs::{CWD, Mode, OFlags, openat};
    use std::sync::atomic::AtomicBool;
    let dir = dir_with_old();
    let over = AtomicBool::new(false);
    let read = |folder: &rustix::fd::OwnedFd, path: &str| -> Option<String> {
        let file = openat(folder, path, OFlags::RDONLY, Mode::empty()).ok()?;
        std::io::read_to_string(fs::File::from(file)).ok()
    };
    let seen = std::thread::scope(|scope| {
        for files in [old(), new()] {
            let (dir, over) = (dir.path(), &over);
            scope.spawn(move || {
                for _ in 0..60 {
                    write(dir, &files).unwrap();
                }
                over.store(true, Ordering::SeqCst);
            });
        }
        let mut seen = 0;
        while !over.load(Ordering::SeqCst) {
            let folder = openat(CWD, dir.path().join("prod"), OFlags::DIRECTORY, Mode::empty()).expect("always there");
            // A folder that has been replaced is soon gone, with what was in it.
            if let (Some(a), Some(b)) = (read(&folder, "arm/main.json"), read(&folder, "az/verify.sh")) {
                assert_eq!(a, b);
                seen += 1;
            }
        }
        seen
    });
    assert!(seen > 0);
}
