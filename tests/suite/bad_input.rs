//! Every form of the program's findings on bad input: odd texts, paths that cannot be read, odd names, readers that go.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use aks_egress::report::FORMS;

use crate::forms::{Seen, azure_command, github_command, read};
use crate::program::{GOOD, Ran, finish, program, project, run, run_with};

/// A profile with one error, on its second line.
const BAD: &str = "region = \"westeurope\"\ncni = \"azurre\"\n";

/// What every form gives for the same arguments, with what a reader sees; nobody reads the human form back.
fn every_form(dir: &Path, args: &[&OsStr]) -> Vec<(&'static str, Ran, Vec<Seen>)> {
    let one = |name: &'static str| {
        let ran = finish(program(dir).arg("validate").args(args).args(["--format", name]));
        assert!(!ran.err.contains("panicked"), "{name}: {}", ran.err);
        assert!(ran.out.chars().all(|c| c == '\n' || !c.is_control()), "{name}: {:?}", ran.out);
        let seen = if name == "human" { Vec::new() } else { read(name, &ran.out) };
        (name, ran, seen)
    };
    FORMS.iter().map(|form| one(form.name)).collect()
}

fn words<'a>(args: &'a [&'a str]) -> Vec<&'a OsStr> {
    args.iter().map(OsStr::new).collect()
}

/// What a text is, its bytes, the check, the line, and the column in characters and in code units of UTF-16.
type OddText<'a> = (&'a str, &'a [u8], &'a str, u64, u64, u64);

#[test]
fn odd_texts_are_placed_right_in_every_form() {
    let long = format!("{GOOD}resource-group = \"{}\" x\n", "😀".repeat(200_000));
    let huge = format!("{GOOD}#{}", "x".repeat(1 << 20));
    let dirt = ["# 😀 ".as_bytes(), b"\xff\n"].concat();
    let cases: [OddText<'_>; 14] = [
        ("empty", b"", "missing-key", 1, 1, 1),
        ("only a BOM", b"\xef\xbb\xbf", "missing-key", 1, 1, 1),
        ("only line breaks", b"\n\n\n", "missing-key", 1, 1, 1),
        ("binary", b"\x7fELF\x02\x01\x01\0\0\0", "syntax", 1, 1, 1),
        ("Latin-1", b"region = \"w\xe9st\"\n", "not-utf8", 1, 12, 12),
        ("not UTF-8 behind an emoji", &dirt, "not-utf8", 1, 5, 6),
        ("UTF-16", b"\xff\xfer\0e\0g\0", "not-utf8", 1, 1, 1),
        ("too large", huge.as_bytes(), "input-too-large", 1, 1, 1),
        ("a long line", long.as_bytes(), "syntax", 3, 200_021, 400_021),
        ("CRLF", b"region = \"westeurope\"\r\ncni = \"azurre\"\r\n", "unknown-value", 2, 7, 7),
        ("BOM", b"\xef\xbb\xbfcni = \"azurre\"\nregion = \"westeurope\"\n", "unknown-value", 1, 7, 7),
        ("tabs", b"region = \"westeurope\"\n\t\tcni = \"azurre\"\n", "unknown-value", 2, 9, 9),
        (
            "wide characters and an emoji",
            "region = \"westeurope\"\ntags = { team = \"中文😀e\u{301}\", size = 3 }\n".as_bytes(),
            "wrong-type",
            2,
            33,
            34,
        ),
        ("the end", b"region = \"westeurope\"\ntags = {", "syntax", 2, 9, 9),
    ];
    let dir = project(&[("p.toml", GOOD)]);
    for (what, bytes, check, line, column, in_utf16) in cases {
        fs::write(dir.path().join("profiles/p.toml"), bytes).unwrap();
        for (form, ran, seen) in every_form(dir.path(), &words(&["profiles/p.toml"])) {
            assert_eq!(ran.code, 1, "{what}, {form}: {}{}", ran.out, ran.err);
            if form == "human" {
                let place = format!("error[{check}]");
                assert!(ran.out.contains(&place), "{what}: {}", ran.out);
                assert!(ran.out.contains(&format!("[profiles/p.toml:{line}:{column}]")), "{what}: {}", ran.out);
                continue;
            }
            let first =
                seen.iter().find(|seen| seen.check == check).unwrap_or_else(|| panic!("{what}, {form}: {seen:?}"));
            let wanted = match form {
                "sarif" => (line, in_utf16),
                "gitlab" | "junit" => (line, 0),
                _ => (line, column),
            };
            assert_eq!((first.path.as_str(), first.start), ("profiles/p.toml", Some(wanted)), "{what}, {form}");
        }
    }
}

/// Whether a form tells of what could not be read, beside standard error.
fn tells_of_failures(form: &str) -> bool {
    !matches!(form, "human" | "short")
}

#[test]
#[cfg(target_os = "linux")]
fn what_cannot_be_read_is_told_in_every_form_and_the_rest_goes_on() {
    let dir = project(&[("bad.toml", BAD), ("none/notes.txt", ""), ("other/Cargo.toml", "[package]\nname = \"x\"\n")]);
    let link = |target: &str, name: &str| std::os::unix::fs::symlink(target, dir.path().join(name)).unwrap();
    link("nowhere", "profiles/none/broken.toml");
    link("/proc/self/mem", "unreadable.toml");
    link("loop.toml", "loop.toml");
    fs::create_dir(dir.path().join("empty")).unwrap();
    let cases = [
        ("missing.toml", "missing.toml", "cannot read missing.toml: No such file or directory"),
        ("profiles/none", "profiles/none/broken.toml", "cannot read profiles/none/broken.toml: No such file"),
        ("unreadable.toml", "unreadable.toml", "cannot read unreadable.toml: "),
        ("loop.toml", "loop.toml", "cannot read loop.toml: "),
        ("empty", "empty", "there is no profile in empty"),
        ("profiles/other", "profiles/other", "there is no profile in profiles/other"),
        ("profiles/bad.toml/x", "profiles/bad.toml/x", "cannot read profiles/bad.toml/x: Not a directory"),
    ];
    for (path, failing, message) in cases {
        for alone in [true, false] {
            let args = if alone { vec![path] } else { vec![path, "profiles/bad.toml"] };
            for (form, ran, seen) in every_form(dir.path(), &words(&args)) {
                assert_eq!(ran.code, 2, "{path}, {form}");
                assert!(ran.err.contains(&format!("error: {message}")), "{path}, {form}: {}", ran.err);
                let (failed, found): (Vec<_>, Vec<_>) = seen.iter().partition(|seen| seen.check == "unreadable-input");
                assert_eq!(failed.len(), usize::from(tells_of_failures(form)), "{path}, {form}: {seen:?}");
                assert_eq!(found.len(), usize::from(!alone && form != "human"), "{path}, {form}: {seen:?}");
                for failure in failed {
                    assert!(failure.text.contains(message), "{path}, {form}: {failure:?}");
                    // The two forms made of commands name the path in the text alone.
                    let wanted = if matches!(form, "github" | "azure-pipelines") { "" } else { failing };
                    assert_eq!(failure.path, wanted, "{form}");
                    assert_eq!(failure.level, "error", "{form}");
                }
            }
        }
    }
}

/// The program as a user without rights, also when the tests run as one who may read everything.
#[cfg(unix)]
fn without_rights(dir: &Path, args: &[&str]) -> Ran {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;
    let binary = dir.join("program");
    if !binary.exists() {
        fs::copy(env!("CARGO_BIN_EXE_aks-egress"), &binary).unwrap();
        fs::set_permissions(dir, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut command = std::process::Command::new(binary);
    if fs::metadata(dir).unwrap().uid() == 0 {
        command.uid(65_534);
    }
    finish(command.args(args).current_dir(dir).env_clear().stdin(Stdio::null()))
}

#[test]
#[cfg(unix)]
fn what_may_not_be_read_is_named_and_the_rest_goes_on() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = project(&[("bad.toml", BAD), ("closed.toml", GOOD), ("closed/a.toml", GOOD), ("open/b.toml", GOOD)]);
    let close = |name: &str, mode| {
        fs::set_permissions(dir.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    close("profiles/closed.toml", 0o000);
    close("profiles/closed", 0o000);
    for form in FORMS {
        let ran = without_rights(dir.path(), &["validate", "--format", form.name]);
        assert_eq!(ran.code, 2, "{}: {}", form.name, ran.err);
        for path in ["profiles/closed", "profiles/closed.toml"] {
            assert_eq!(
                ran.err.matches(&format!("error: cannot read {path}: Permission denied")).count(),
                1,
                "{}",
                ran.err
            );
        }
        if form.name != "human" {
            let seen = read(form.name, &ran.out);
            let failed = seen.iter().filter(|seen| seen.check == "unreadable-input").count();
            assert_eq!(failed, if tells_of_failures(form.name) { 2 } else { 0 }, "{}: {seen:?}", form.name);
            assert!(seen.iter().any(|seen| seen.check == "unknown-value"), "{}: {seen:?}", form.name);
        }
    }
    let alone = without_rights(dir.path(), &["validate", "profiles/closed"]);
    assert_eq!(alone.err, "error: cannot read profiles/closed: Permission denied (os error 13)\n");
    close("profiles/closed", 0o755);
}

#[test]
fn no_path_and_no_folder_is_told_in_every_form() {
    let dir = tempfile::tempdir().unwrap();
    for (form, ran, seen) in every_form(dir.path(), &[]) {
        assert_eq!((ran.code, seen.len()), (2, usize::from(tells_of_failures(form))), "{form}");
        assert_eq!(ran.err.lines().count(), 1, "what stands in the way, and no summary of nothing: {}", ran.err);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn odd_paths_are_whole_in_every_form() {
    use std::os::unix::ffi::OsStrExt as _;
    let names: [&[u8]; 9] = [
        b"with space.toml",
        b"line\nbreak.toml",
        b"a:1:2: b.toml",
        b"a,b;c]d%20%0A.toml",
        b"<a>&\"b\"'c'.toml",
        b"back\\slash.toml",
        "ünïcödé 😀.toml".as_bytes(),
        b"not-utf8-\xff\xfe.toml",
        b"-dash.toml",
    ];
    for name in names {
        let dir = tempfile::tempdir().unwrap();
        let path = Path::new("profiles dir").join(OsStr::from_bytes(name));
        fs::create_dir(dir.path().join("profiles dir")).unwrap();
        fs::write(dir.path().join(&path), format!("name = \"x\"\n{BAD}")).unwrap();
        let shown = path.to_string_lossy();
        for (form, ran, seen) in every_form(dir.path(), &[path.as_os_str()]) {
            assert_eq!(ran.code, 1, "{shown:?}, {form}: {}", ran.err);
            let Some(found) = seen.iter().find(|seen| seen.check == "unknown-value") else {
                assert_eq!(form, "human", "{shown:?}: {}", ran.out);
                continue;
            };
            let one_line = shown.replace('\n', " ");
            let wanted = if form == "short" { one_line.as_str() } else { &shown };
            assert_eq!(found.path, wanted, "{form}");
        }
    }
}

#[test]
fn standard_input_has_a_place_in_every_form() {
    let dir = tempfile::tempdir().unwrap();
    for form in FORMS.iter().map(|form| form.name).filter(|form| *form != "human") {
        for (args, path) in [(&[][..], "<stdin>"), (&["--stdin-filename", "profiles/é x.toml"], "profiles/é x.toml")]
        {
            let args = [&["validate", "-", "--format", form], args].concat();
            for bytes in [BAD.as_bytes(), b"", b"\xff\xfe\0", &[b'x'; (1 << 20) + 1]] {
                let Ran { code, out, err } = run_with(dir.path(), &args, bytes);
                assert_eq!(code, 1, "{form}: {err}");
                let seen = read(form, &out);
                assert!(!seen.is_empty() && seen.iter().all(|seen| seen.path == path), "{form}: {seen:?}");
            }
        }
    }
}

#[test]
fn paths_lead_from_the_root_of_the_repository_where_a_service_looks() {
    let dir = project(&[("bad.toml", BAD)]);
    let below = dir.path().join("deep/er");
    fs::create_dir_all(&below).unwrap();
    fs::rename(dir.path().join("profiles"), below.join("profiles")).unwrap();
    for (is_repository, wanted) in [(false, "profiles/bad.toml"), (true, "deep/er/profiles/bad.toml")] {
        if is_repository {
            fs::create_dir(dir.path().join(".git")).unwrap();
        }
        for form in FORMS.iter().filter(|form| form.name != "human") {
            let Ran { out, .. } = run(&below, &["validate", "--format", form.name]);
            let wanted = if form.in_repository { wanted } else { "profiles/bad.toml" };
            assert_eq!(read(form.name, &out)[0].path, wanted, "{}", form.name);
        }
    }
}

#[test]
fn a_reader_that_goes_away_changes_no_form_into_an_error() {
    let many: String = (0..200).map(|n| format!("key-{n} = 1\n")).collect();
    let dir = project(&[("bad.toml", BAD), ("many.toml", &many)]);
    for form in FORMS {
        let args = ["validate", "--format", form.name];
        let mut child = program(dir.path()).args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(!err.contains("panicked") && !err.contains("error:"), "{}: {err}", form.name);
        assert_eq!(output.status.code(), Some(1), "{}", form.name);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn closed_and_full_streams_end_in_every_form() {
    let dir = project(&[("bad.toml", BAD)]);
    for form in FORMS {
        for (streams, code) in [(">&-", 1), (">&- 2>&-", 1), ("<&- >&- 2>&-", 1), (">/dev/full", 2), ("2>/dev/full", 1)]
        {
            let line = format!("exec \"$0\" validate --format {} {streams}", form.name);
            let mut shell = std::process::Command::new("/bin/sh");
            shell.args(["-c", &line, env!("CARGO_BIN_EXE_aks-egress")]).current_dir(dir.path());
            let Ran { code: ended, err, .. } = finish(shell.env_clear().stdin(Stdio::null()));
            assert_eq!(ended, code, "{} {streams}: {err}", form.name);
            assert!(!err.contains("panicked"), "{} {streams}: {err}", form.name);
            assert_eq!(code == 2, err.contains("error: cannot write the results: "), "{}: {err}", form.name);
        }
    }
}

#[test]
fn a_summary_is_for_people_and_can_be_turned_off() {
    let warned = format!("{GOOD}[egress]\npacks = [\"dns\"]\n");
    let dir = project(&[("a.toml", &warned), ("b.toml", BAD), ("other.toml", "[package]\nname = \"x\"\n")]);
    for form in FORMS {
        let loud = run(dir.path(), &["validate", "--format", form.name]);
        let quiet = run(dir.path(), &["validate", "--format", form.name, "--quiet"]);
        assert_eq!((loud.code, &loud.out), (quiet.code, &quiet.out), "{}", form.name);
        assert_eq!(quiet.err, "", "{}", form.name);
        let skipped = "skipped profiles/other.toml: none of its keys is one of a profile\n";
        let summary = if form.for_people { "1 error, 1 warning in 2 profiles\n" } else { "" };
        assert_eq!(loud.err, format!("{skipped}{summary}"), "{}", form.name);
        let missing = run(dir.path(), &["validate", "-q", "none.toml", "--format", form.name]);
        assert!(missing.err.starts_with("error: cannot read none.toml: "), "errors are always told: {}", missing.err);
        let denied = run(dir.path(), &["validate", "profiles/a.toml", "--deny", "warnings", "--format", form.name]);
        let allowed = run(dir.path(), &["validate", "profiles/a.toml", "--format", form.name]);
        assert_eq!((denied.code, allowed.code), (1, 0), "{}", form.name);
    }
    let Ran { code, err, .. } = run(dir.path(), &["compile", "profiles/a.toml", "-q"]);
    assert!(code == 0 && err.contains("warning[dns-to-anywhere]") && !err.contains("wrote"), "{err}");
}

#[test]
fn what_profiles_share_is_told_once_but_of_each_profile_where_a_form_is_about_profiles() {
    let base = "cni = \"azurre\"\nregion = \"westeurope\"\n";
    let own = "extends = \"_base.toml\"\ncolour = 3\n";
    let dir = project(&[("_base.toml", base), ("a.toml", own), ("b.toml", own)]);
    for (form, ran, seen) in every_form(dir.path(), &[]) {
        assert_eq!(ran.code, 1, "{form}: {}", ran.err);
        let count = |check: &str| seen.iter().filter(|seen| seen.check == check).count();
        let wanted = match form {
            "human" => (ran.out.matches("error[unknown-value]").count(), ran.out.matches("error[unknown-key]").count()),
            _ => (count("unknown-value"), count("unknown-key")),
        };
        let counts = match form {
            "json" => (2, 2),
            // The first finding of each, which is that of the profile itself.
            "junit" => (0, 2),
            _ => (1, 2),
        };
        assert_eq!(wanted, counts, "{form}: {}", ran.out);
        let form = FORMS.iter().find(|known| known.name == form).unwrap();
        assert!(!form.for_people || ran.err.ends_with("3 errors in 2 profiles\n"), "{}", ran.err);
    }
    let Ran { err, .. } = run(dir.path(), &["compile"]);
    assert_eq!(err.matches("error[unknown-value]").count(), 1, "{err}");
    assert!(err.ends_with("3 errors in 2 profiles\n"), "{err}");
}

/// A build service reads the log of a job that compiles somebody's profile.
#[test]
fn no_text_of_a_profile_is_a_command_in_a_log() {
    let commands = ["##vso[task.setvariable variable=PATH]x", "##[add-mask]x", "::stop-commands::x"];
    let rules: String = (0..commands.len())
        .map(|n| {
            let text = commands[n];
            format!("[[egress.collections.own.rules]]\nname = \"r{n}\"\nfqdns = [\"a.example\"]\nwhy = \"{text}\"\n")
        })
        .collect();
    let bad: String = commands.iter().map(|text| format!("\"{text}\" = \"{text}\"\n")).collect();
    let good = format!("{GOOD}[egress.collections.own]\npriority = 300\n{rules}");
    let dir = project(&[("good.toml", &good), ("bad.toml", &format!("{GOOD}{bad}name = \"{}\"\n", commands[0]))]);
    let calls: [&[&str]; 5] = [
        &["compile", "profiles"],
        &["compile", "--check", "-o", "elsewhere"],
        &["validate"],
        &["validate", "--format", "short"],
        &["validate", "::error::no such file", "##vso[task.complete]"],
    ];
    let changed = |text: &str| text.replace(commands[0], "changed").replace(commands[2], "changed");
    let mut seen = String::new();
    for args in calls.iter().chain([&&["compile", "--check"][..]]) {
        if args[..] == ["compile", "--check"] {
            // What differs is shown with what stands around it.
            let template = dir.path().join("out/good/arm/main.json");
            fs::write(&template, changed(&fs::read_to_string(&template).unwrap())).unwrap();
        }
        let Ran { out, err, .. } = run(dir.path(), args);
        for line in out.lines().chain(err.lines()) {
            assert_eq!((github_command(line), azure_command(line)), (None, None), "{args:?}: {line}");
        }
        seen.push_str(&out);
        seen.push_str(&err);
    }
    for shown in ["?#vso[task.setvariable", "?#[add-mask]", ":?stop-commands::x"] {
        assert!(seen.contains(shown), "{shown} is shown");
    }
}
