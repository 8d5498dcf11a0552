//! Running the program as a user does, in a folder of its own and with an empty environment.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// How a run ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The program in a folder, without the environment of whoever runs the tests.
pub(crate) fn program(cwd: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aks-egress"));
    command.current_dir(cwd).env_clear().stdin(Stdio::null());
    command
}

/// Runs it to its end.
pub(crate) fn run(cwd: &Path, args: &[&str]) -> Ran {
    finish(program(cwd).args(args))
}

/// Runs it with text on standard input.
pub(crate) fn run_with(cwd: &Path, args: &[&str], stdin: &[u8]) -> Ran {
    let mut command = program(cwd);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(stdin); // the program may stop reading
    ended(child.wait_with_output().unwrap())
}

/// Runs a command to its end.
pub(crate) fn finish(command: &mut Command) -> Ran {
    ended(command.output().unwrap())
}

fn ended(output: std::process::Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Every file below a folder with its bytes; no folder, no files.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
            (path, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// A folder with `profiles/` in it, made of names and texts.
pub(crate) fn project(profiles: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in profiles {
        let path = dir.path().join("profiles").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    dir
}

/// A profile without findings of error severity.
pub(crate) const GOOD: &str = "region = \"westeurope\"\ncni = \"azure\"\n";
