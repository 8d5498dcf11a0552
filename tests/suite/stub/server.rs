//! The pipe between scripts and the state: a folder with two pipes, the shim, and real commands that use it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::cloud::Cloud;
use super::id::SUBSCRIPTION;
use crate::program::{Ran, finish};

/// State, and the folder in which scripts run against it.
pub(crate) struct Stub {
    folder: tempfile::TempDir,
    pub(crate) cloud: Cloud,
    /// More variables for the scripts.
    pub(crate) variables: BTreeMap<String, String>,
    /// Whether scripts call real commands; otherwise functions, which is the same and much faster.
    pub(crate) commands: bool,
}

const SHIM: &str = include_str!("shim.sh");

impl Stub {
    /// Nothing exists yet.
    pub(crate) fn new() -> Stub {
        let folder = tempfile::tempdir().unwrap();
        for name in ["bin", "tmp", "home"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        let pipes = Command::new("mkfifo").args(["request", "answer"]).current_dir(folder.path()).status().unwrap();
        assert!(pipes.success());
        let shim = SHIM.replace("STUB_FOLDER", &folder.path().display().to_string());
        std::fs::write(folder.path().join("shim.sh"), shim).unwrap();
        for name in ["az", "kubectl", "getent", "sleep"] {
            let path = folder.path().join("bin").join(name);
            let text = format!("#!/usr/bin/env bash\n. '{}/shim.sh'\n{name} \"$@\"\n", folder.path().display());
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        Stub { folder, cloud: Cloud::default(), variables: BTreeMap::new(), commands: false }
    }

    /// Another one with the same variables, and this state.
    pub(crate) fn with(&self, cloud: Cloud) -> Stub {
        Stub { cloud, variables: self.variables.clone(), ..Stub::new() }
    }

    /// Puts files where scripts find each other: `az/deploy-steps.sh` and so on.
    pub(crate) fn install(&self, files: &BTreeMap<String, Vec<u8>>) {
        for (path, bytes) in files {
            let path = self.path(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }

    /// Where a file is.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("out").join(name)
    }

    /// Where scripts keep what is temporary. Nothing may stay there.
    pub(crate) fn leftovers(&self) -> Vec<PathBuf> {
        let list = std::fs::read_dir(self.folder.path().join("tmp")).unwrap();
        list.map(|entry| entry.unwrap().path()).collect()
    }

    /// Runs a script to its end in the stub's subscription.
    pub(crate) fn run(&mut self, script: &str) -> Ran {
        self.run_with(script, &["--subscription", SUBSCRIPTION])
    }

    /// Runs a script to its end.
    pub(crate) fn run_with(&mut self, script: &str, args: &[&str]) -> Ran {
        let open = |name: &str| File::options().read(true).write(true).open(self.folder.path().join(name)).unwrap();
        let (requests, answers) = (open("request"), open("answer"));
        let mut end = requests.try_clone().unwrap();
        let mut command = self.command(script, args);
        let cloud = &mut self.cloud;
        let ran = std::thread::scope(|scope| {
            let server = scope.spawn(move || serve(BufReader::new(requests), answers, cloud));
            let ran = finish(&mut command);
            end.write_all(b"end\0").unwrap();
            server.join().unwrap();
            ran
        });
        assert!(self.leftovers().is_empty(), "{script} left {:?}", self.leftovers());
        ran
    }

    fn command(&self, script: &str, args: &[&str]) -> Command {
        let folder = self.folder.path();
        let bin = folder.join("bin");
        let mut command = Command::new("bash");
        command.arg(self.path(script)).args(args).env_clear().envs(&self.variables);
        command.env("PATH", format!("{}:/usr/bin:/bin", bin.display()));
        command.env("HOME", folder.join("home")).env("TMPDIR", folder.join("tmp")).current_dir(folder);
        if !self.commands {
            command.env("BASH_ENV", folder.join("shim.sh"));
        }
        command
    }
}

fn serve(mut requests: BufReader<File>, mut answers: File, cloud: &mut Cloud) {
    loop {
        let program = field(&mut requests);
        if program == "end" {
            return;
        }
        let (cwd, exported) = (field(&mut requests), field(&mut requests));
        let count: usize = field(&mut requests).parse().unwrap();
        let words: Vec<String> = (0..count).map(|_| field(&mut requests)).skip(1).collect();
        // A script would wait for ever for an answer that does not come.
        let answer = catch_unwind(AssertUnwindSafe(|| cloud.answer(&program, words, Path::new(&cwd), exported)));
        let (code, out, err) = answer.unwrap_or_else(|_| {
            cloud.refusals.push(format!("{program}: the stub panicked"));
            (70, String::new(), "the stub panicked\n".to_owned())
        });
        answers.write_all(format!("{code}\0{out}\0{err}\0").as_bytes()).unwrap();
    }
}

fn field(requests: &mut impl BufRead) -> String {
    let mut bytes = Vec::new();
    requests.read_until(0, &mut bytes).unwrap();
    assert_eq!(bytes.pop(), Some(0), "a request ends early");
    String::from_utf8(bytes).expect("words are UTF-8")
}

impl Cloud {
    /// Answers a command of a script: exit status, output, messages.
    fn answer(&mut self, program: &str, words: Vec<String>, cwd: &Path, exported: String) -> (i32, String, String) {
        let known = match program {
            "az" => Some(self.az(words.clone(), cwd, exported)),
            "kubectl" => self.kube.kubectl(&words, &exported),
            "getent" => self.kube.getent(&words),
            "sleep" => {
                self.kube.slept += 1;
                Some((0, String::new(), String::new()))
            }
            _ => None,
        };
        known.unwrap_or_else(|| {
            self.refusals.push(format!("{program} {}", words.join(" ")));
            (2, String::new(), format!("{program}: not known\n"))
        })
    }
}
