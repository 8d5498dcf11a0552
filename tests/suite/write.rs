//! Writing when the system does not play along, seen from the outside: the old output stays whole, the exit code is 2.
//!
//! What a kill leaves at each single step is tested beside the code, in `src/write/tests.rs`.

#![cfg(unix)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::program::{GOOD, Ran, files, finish, program, project, run};

/// A project with output of an earlier run and a profile that has changed since.
fn changed() -> tempfile::TempDir {
    let dir = project(&[("prod.toml", GOOD)]);
    assert_eq!(run(dir.path(), &["compile"]).code, 0);
    fs::write(dir.path().join("out/prod/notes.txt"), "mine").unwrap();
    fs::write(dir.path().join("profiles/prod.toml"), format!("{GOOD}[firewall]\nname = \"other-fw\"\n")).unwrap();
    dir
}

/// What the output becomes when nothing goes wrong.
fn compiled(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let ran = run(dir, &["compile"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let out = files(&dir.join("out"));
    assert_eq!(out.keys().filter(|path| !path.starts_with("prod")).count(), 0, "{:?}", out.keys());
    out
}

#[test]
fn a_full_disk_leaves_the_old_output() {
    for blocks in [0, 1, 4, 16] {
        let dir = changed();
        let before = files(&dir.path().join("out"));
        // Files may hold so many blocks of 512 bytes and no more; writing further fails as on a full disk.
        let line = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" compile");
        let mut command = Command::new("/bin/sh");
        command.args(["-c", &line, env!("CARGO_BIN_EXE_aks-egress")]).current_dir(dir.path()).env_clear();
        let Ran { code, err, .. } = finish(&mut command);
        assert_eq!(code, 2, "{blocks}: {err}");
        assert_eq!(files(&dir.path().join("out")), before, "{blocks}: {err}");
        if blocks > 0 {
            assert!(err.contains("error: cannot write out/.prod."), "{blocks}: {err}");
        }
        assert_ne!(compiled(dir.path()), before);
    }
}

#[test]
fn a_file_in_place_of_a_folder_is_said_and_kept() {
    let dir = project(&[("prod.toml", GOOD)]);
    fs::write(dir.path().join("out"), "mine").unwrap();
    let Ran { code, err, .. } = run(dir.path(), &["compile"]);
    assert_eq!(code, 2);
    assert!(err.starts_with("error: cannot create the folder out: "), "{err}");
    assert_eq!(fs::read_to_string(dir.path().join("out")).unwrap(), "mine");
    let Ran { code, err, .. } = run(dir.path(), &["compile", "-o", "out/below"]);
    assert_eq!(code, 2, "{err}");
}

#[test]
fn what_stands_in_the_way_of_one_profile_does_not_stop_the_others() {
    let dir = project(&[("a.toml", GOOD), ("b.toml", GOOD)]);
    fs::create_dir_all(dir.path().join("out/a/arm/main.json/mine")).unwrap();
    let Ran { code, err, .. } = run(dir.path(), &["compile"]);
    assert_eq!(code, 2);
    assert!(err.contains("error: cannot write out/a: in the way stands the folder out/a/arm/main.json/mine"), "{err}");
    assert!(dir.path().join("out/a/arm/main.json/mine").is_dir());
    assert!(!dir.path().join("out/a/plan.json").exists());
    assert!(dir.path().join("out/b/plan.json").exists());
}

#[test]
fn an_interrupt_leaves_each_output_old_or_new_and_the_next_run_heals() {
    let names: Vec<String> = (0..8).map(|n| format!("p{n:02}")).collect();
    let texts = |name: &str| {
        let changed = format!("{GOOD}[firewall]\nname = \"{name}\"\n");
        names.iter().map(|n| (format!("{n}.toml"), changed.clone())).collect::<Vec<_>>()
    };
    let dir = tempfile::tempdir().unwrap();
    let put = |firewall: &str| {
        fs::create_dir_all(dir.path().join("profiles")).unwrap();
        for (file, text) in texts(firewall) {
            fs::write(dir.path().join("profiles").join(file), text).unwrap();
        }
    };
    let out = dir.path().join("out");
    let all = |firewall: &str| {
        put(firewall);
        assert_eq!(run(dir.path(), &["compile"]).code, 0);
        names.iter().map(|name| files(&out.join(name))).collect::<Vec<_>>()
    };
    let new = all("new-fw");
    let old = all("old-fw");
    let mut cut_short = 0;
    for begun in [1, 2, 3, 5, 7] {
        all("old-fw");
        put("new-fw");
        let mut child = program(dir.path()).args(["compile", "-j", "2"]).stderr(Stdio::null()).spawn().unwrap();
        let mut staged = BTreeSet::new();
        while staged.len() < begun && child.try_wait().unwrap().is_none() {
            let names = fs::read_dir(&out).unwrap().flatten().map(|entry| entry.file_name());
            staged.extend(names.filter(|name| name.to_string_lossy().ends_with(".tmp")));
            std::thread::yield_now();
        }
        // Where interrupts are ignored, as in a job in the background, the program inherits that.
        let kill = format!("kill -INT {0} && kill -TERM {0}", child.id());
        assert!(Command::new("/bin/sh").args(["-c", &kill]).status().is_ok());
        cut_short += usize::from(!child.wait().unwrap().success());
        for (n, name) in names.iter().enumerate() {
            let found = files(&out.join(name));
            assert!(found == old[n] || found == new[n], "{name} after {begun}: {:?}", found.keys());
        }
        assert_eq!(run(dir.path(), &["compile"]).code, 0);
        assert_eq!(names.iter().map(|name| files(&out.join(name))).collect::<Vec<_>>(), new);
        let left = fs::read_dir(&out).unwrap().count();
        assert_eq!(left, names.len(), "nothing is left beside the folders");
    }
    assert!(cut_short > 0, "no run was interrupted");
}

#[test]
fn two_runs_at_once_take_turns() {
    let (dir, other) = (changed(), changed());
    let wanted = compiled(other.path());
    let start = || program(dir.path()).arg("compile").stderr(Stdio::piped()).spawn().unwrap();
    let runs: Vec<_> = (0..6).map(|_| start()).collect();
    for child in runs {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(files(&dir.path().join("out")), wanted);
}

#[test]
fn links_in_the_output_lead_nowhere() {
    let dir = changed();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("main.json"), "theirs").unwrap();
    fs::remove_dir_all(dir.path().join("out/prod/arm")).unwrap();
    std::os::unix::fs::symlink(outside.path(), dir.path().join("out/prod/arm")).unwrap();
    let Ran { code, err, .. } = run(dir.path(), &["compile"]);
    assert_eq!(code, 2);
    assert!(err.contains("in the way stands the symbolic link out/prod/arm"), "{err}");
    assert_eq!(files(outside.path()).len(), 1);
    assert_eq!(fs::read_to_string(outside.path().join("main.json")).unwrap(), "theirs");
}
