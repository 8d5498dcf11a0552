//! The program from the outside: help, exit codes, what goes to which stream, folders, standard input, bad input.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use crate::program::{GOOD, Ran, files, finish, program, project, run, run_with};

/// A profile with one error.
const BAD: &str = "region = \"westeurope\"\ncni = \"azurre\"\n";

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn help_of_every_command() {
    for command in ["", "compile", "validate", "explain", "packs", "init", "schema", "completions", "man"] {
        let args = if command.is_empty() { vec!["--help"] } else { vec![command, "--help"] };
        let Ran { code, out, err } = run(here(), &args);
        assert_eq!((code, err.as_str()), (0, ""), "{command}");
        insta::assert_snapshot!(format!("help-{}", if command.is_empty() { "program" } else { command }), out);
    }
}

#[test]
fn usage_mistakes_exit_with_2_and_say_so_on_stderr() {
    let calls: [&[&str]; 8] = [
        &[],
        &["compiel"],
        &["validate", "--format", "xml"],
        &["validate", "--deny", "errors"],
        &["validate", "--today", "2026-02-30"],
        &["compile", "-j", "0"],
        &["compile", "--only", "arm,terraform"],
        &["explain", "a", "b"],
    ];
    for args in calls {
        let Ran { code, out, err } = run(here(), args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert!(err.contains("Usage:") || err.contains("--help"), "{args:?}: {err}");
    }
}

#[test]
fn exit_codes_and_streams_of_validate() {
    let dir = project(&[("good.toml", GOOD), ("bad.toml", BAD)]);
    let Ran { code, out, err } = run(dir.path(), &["validate", "profiles/good.toml"]);
    assert_eq!((code, out.as_str()), (0, ""));
    assert_eq!(err, "no findings in 1 profile\n");
    let Ran { code, out, err } = run(dir.path(), &["validate", "--format", "short"]);
    assert_eq!(code, 1);
    assert_eq!(
        out.lines().next(),
        Some(
            "profiles/bad.toml:2:7: error[unknown-value]: `azurre` is not one of azure-overlay, azure, azure-pod-subnet, kubenet, none"
        )
    );
    assert_eq!(err, "1 error in 2 profiles\n");
    let Ran { code, out, .. } = run(dir.path(), &["validate", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &json["format"], &json["summary"]["errors"]), (1, &1.into(), &1.into()));
    let Ran { code, err, .. } = run(dir.path(), &["validate", "profiles/bad.toml", "profiles/none.toml"]);
    assert_eq!(code, 2, "the highest counts");
    assert!(
        err.contains("error: cannot read profiles/none.toml: ") && err.ends_with("1 error in 1 profile\n"),
        "{err}"
    );
}

#[test]
fn warnings_exit_with_0_unless_denied() {
    let warned = format!("{GOOD}[egress]\npacks = [\"dns\"]\n");
    let dir = project(&[("a.toml", &warned)]);
    let Ran { code, out, .. } = run(dir.path(), &["validate", "--format", "short"]);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains(": warning["), "{out}");
    assert_eq!(run(dir.path(), &["validate", "--deny", "warnings"]).code, 1);
    assert_eq!(run(dir.path(), &["compile"]).code, 0);
}

#[test]
fn compile_writes_and_tells_on_stderr_only() {
    let dir = project(&[("good.toml", GOOD)]);
    let Ran { code, out, err } = run(dir.path(), &["compile"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(err.contains("wrote out/good\n"), "{err}");
    let first = files(&dir.path().join("out"));
    for path in ["good/arm/main.json", "good/bicep/main.bicep", "good/plan.json", "good/review.md"] {
        assert!(first.contains_key(path), "{path}");
    }
    let Ran { code, err, .. } = run(dir.path(), &["compile"]);
    assert!(code == 0 && err.contains("out/good is up to date\n"), "{err}");
    let Ran { code, out, .. } = run(dir.path(), &["compile", "--check"]);
    assert_eq!((code, out.as_str()), (0, ""));
}

#[test]
fn check_shows_what_differs_and_writes_nothing() {
    let dir = project(&[("good.toml", GOOD)]);
    let Ran { code, out, .. } = run(dir.path(), &["compile", "--check"]);
    assert_eq!(code, 1);
    assert!(out.contains("missing: out/good/arm/main.json\n"), "{out}");
    assert!(!dir.path().join("out").exists());
    run(dir.path(), &["compile"]);
    let main = dir.path().join("out/good/arm/main.json");
    fs::write(&main, fs::read_to_string(&main).unwrap().replace("westeurope", "eastus")).unwrap();
    fs::write(dir.path().join("out/good/notes.txt"), "mine").unwrap();
    let before = files(dir.path());
    let Ran { code, out, .. } = run(dir.path(), &["compile", "--check"]);
    assert_eq!(code, 1);
    assert!(out.starts_with("--- a/out/good/arm/main.json\n+++ b/out/good/arm/main.json\n@@ "), "{out}");
    assert!(out.contains("eastus\"") && out.contains("\n+ ") && !out.contains("notes.txt"), "{out}");
    assert!(!out.contains('\u{1b}'));
    assert_eq!(files(dir.path()), before);
}

#[test]
fn schemas_that_cannot_be_read_stop_before_anything_is_written() {
    let dir = project(&[("good.toml", GOOD)]);
    let Ran { code, err, .. } = run(dir.path(), &["compile", "--arm-schemas", "nowhere"]);
    assert_eq!(code, 2);
    assert!(err.contains("cannot read nowhere/template-subset.json: "), "{err}");
    assert!(!dir.path().join("out/good").exists());
}

#[test]
fn only_chooses_targets() {
    let dir = project(&[("good.toml", GOOD)]);
    assert_eq!(run(dir.path(), &["compile", "--only", "arm,review", "-o", "some"]).code, 0);
    let written = files(&dir.path().join("some/good"));
    assert!(written.contains_key("arm/main.json") && written.contains_key("review.md"));
    assert!(written.contains_key("plan.json"));
    assert!(!written.keys().any(|path| path.starts_with("bicep/") || path.starts_with("az/")));
    assert_eq!(run(dir.path(), &["compile", "--check", "--only", "arm", "-o", "some"]).code, 0);
    assert_eq!(run(dir.path(), &["compile", "-o", "some"]).code, 0);
    run(dir.path(), &["compile", "-o", "all"]);
    assert_eq!(files(&dir.path().join("some")), files(&dir.path().join("all")));
}

#[test]
fn a_folder_is_read_by_its_rules() {
    let dir = project(&[
        ("b.toml", GOOD),
        ("a.toml", GOOD),
        ("B/deep.toml", GOOD),
        ("_base.toml", "nonsense"),
        (".hidden.toml", "nonsense"),
        (".hidden/x.toml", "nonsense"),
        ("aks-egress.toml", "[checks]\nany-name = \"warning\"\n"),
        ("ignored.toml", "nonsense"),
        ("notes.txt", "nonsense"),
        ("other.toml", "[dependencies]\nserde = \"1\"\n"),
        (".gitignore", "ignored.toml\n"),
        (".ignore", "a.toml\n"),
    ]);
    fs::create_dir(dir.path().join(".git")).unwrap();
    let Ran { code, err, .. } = run(dir.path(), &["compile", "profiles"]);
    assert_eq!(code, 0, "{err}");
    let told: Vec<&str> = err.lines().filter(|line| line.starts_with("wrote") || line.starts_with("skipped")).collect();
    assert_eq!(
        told,
        [
            "skipped profiles/other.toml: none of its keys is one of a profile",
            "wrote out/deep",
            "wrote out/a",
            "wrote out/b"
        ]
    );
    let Ran { code, err, .. } = run(dir.path(), &["validate", "profiles/_base.toml", "profiles/other.toml"]);
    assert_eq!(code, 1, "named files are profiles whatever they hold: {err}");
    assert_eq!(err, "3 errors in 2 profiles\n");
}

#[test]
fn a_folder_without_profiles_is_an_error() {
    let dir = project(&[("_base.toml", GOOD), ("sub/Cargo.toml", "[package]\nedition = \"2024\"\n")]);
    for args in [vec!["validate"], vec!["validate", "profiles"], vec!["compile", "profiles/sub"]] {
        let Ran { code, out, err } = run(dir.path(), &args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert!(err.contains("error: there is no profile in profiles"), "{args:?}: {err}");
    }
    let empty = tempfile::tempdir().unwrap();
    let Ran { code, err, .. } = run(empty.path(), &["compile"]);
    assert_eq!(code, 2);
    assert!(err.contains("no PATH was given, and there is no folder profiles"), "{err}");
}

#[test]
fn a_file_is_compiled_once_however_it_is_named() {
    let dir = project(&[("a.toml", GOOD)]);
    let Ran { code, err, .. } =
        run(dir.path(), &["validate", "profiles", "profiles/a.toml", "profiles/../profiles/a.toml"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(err, "no findings in 1 profile\n");
}

#[test]
fn two_profiles_of_one_name_are_both_refused_before_anything_is_written() {
    let second = format!("name = \"PROD\"\n{GOOD}");
    let dir = project(&[("prod.toml", GOOD), ("other.toml", &second), ("third.toml", GOOD)]);
    let Ran { code, out, err } = run(dir.path(), &["compile"]);
    assert_eq!((code, out.as_str()), (1, ""), "{err}");
    assert_eq!(err.matches("error[duplicate-profile-name]").count(), 2, "{err}");
    assert!(err.contains("another profile of this run is also named `PROD`"), "{err}");
    assert!(err.contains("[profiles/prod.toml:1:1]") && err.contains("[profiles/other.toml:1:8]"), "{err}");
    assert!(!dir.path().join("out/prod").exists() && !dir.path().join("out/PROD").exists());
    assert!(dir.path().join("out/third").exists(), "profiles are independent");
}

#[test]
fn standard_input_is_a_profile() {
    let dir = tempfile::tempdir().unwrap();
    let Ran { code, err, .. } = run_with(dir.path(), &["validate", "-"], GOOD.as_bytes());
    assert_eq!(code, 1, "it has no name: {err}");
    let named = format!("name = \"piped\"\n{GOOD}");
    let Ran { code, err, .. } = run_with(dir.path(), &["compile", "-"], named.as_bytes());
    assert_eq!(code, 0, "{err}");
    assert!(dir.path().join("out/piped/arm/main.json").exists());
    let args = ["validate", "-", "--stdin-filename", "profiles/from-editor.toml", "--format", "short"];
    assert_eq!(run_with(dir.path(), &args, GOOD.as_bytes()).code, 0);
    let Ran { code, out, .. } = run_with(dir.path(), &args, BAD.as_bytes());
    assert_eq!(code, 1);
    assert!(out.starts_with("profiles/from-editor.toml:2:7: "), "{out}");
}

#[test]
fn bad_input_is_refused_with_a_line_and_nothing_is_written() {
    let deep = format!("a = {}", "[".repeat(200_000));
    let tables = format!("{} = 1", ["a"; 20_000].join("."));
    let line = format!("{GOOD}resource-group = \"{}\" x", "é".repeat(400_000));
    let huge = format!("{GOOD}#{}", "x".repeat(1 << 20));
    let cases: [(&str, &[u8], &str); 13] = [
        ("no TOML", b"region: westeurope\n", "error[syntax]"),
        ("empty", b"", "error[missing-key]"),
        ("only a BOM", b"\xef\xbb\xbf", "error[missing-key]"),
        ("Latin-1", b"region = \"w\xe9st\"\n", "p.toml:1:12: error[not-utf8]"),
        ("UTF-16", b"\xff\xfer\0e\0g\0", "p.toml:1:1: error[not-utf8]"),
        ("NUL", b"region = \"west\0europe\"\n", "p.toml:1:"),
        ("an escape", b"region = \"\x1b[31m\"\n", "p.toml:1:"),
        ("binary", b"\x7fELF\x02\x01\x01\0\0\0", "error[syntax]"),
        ("huge", huge.as_bytes(), "error[input-too-large]: the file is larger than 1048576 bytes (1 MiB)"),
        ("deep", deep.as_bytes(), "error[syntax]"),
        ("deep keys", tables.as_bytes(), "p.toml:1:"),
        ("a long line", line.as_bytes(), "p.toml:3:400021: error[syntax]"),
        ("a climbing name", b"name = \"../../x\"\nregion = \"westeurope\"\n", "p.toml:1:8: error["),
    ];
    let dir = project(&[("p.toml", GOOD)]);
    run(dir.path(), &["compile", "profiles/p.toml"]);
    let before = files(&dir.path().join("out"));
    assert!(!before.is_empty());
    for (what, bytes, wanted) in cases {
        fs::write(dir.path().join("profiles/p.toml"), bytes).unwrap();
        let Ran { code, out, .. } = run(dir.path(), &["validate", "profiles/p.toml", "--format", "short"]);
        assert_eq!(code, 1, "{what}: {out}");
        assert!(out.contains(wanted), "{what}: {out}");
        assert!(out.chars().all(|c| c == '\n' || !c.is_control()), "{what}: {out:?}");
        let Ran { code, out, err } = run(dir.path(), &["compile", "profiles/p.toml"]);
        assert_eq!((code, out.as_str()), (1, ""), "{what}: {err}");
        assert!(!err.contains("panicked"), "{what}: {err}");
        assert_eq!(files(&dir.path().join("out")), before, "{what}");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2, "{what}: nothing is written elsewhere");
    }
}

#[test]
#[cfg(unix)]
fn what_cannot_be_read_is_named_and_the_rest_goes_on() {
    let dir = project(&[("a.toml", GOOD)]);
    std::os::unix::fs::symlink("nowhere", dir.path().join("profiles/broken.toml")).unwrap();
    std::os::unix::fs::symlink("/", dir.path().join("profiles/root.toml")).unwrap();
    for args in [vec!["compile"], vec!["compile", "profiles/a.toml", "profiles/broken.toml"]] {
        let Ran { code, err, .. } = run(dir.path(), &args);
        assert_eq!(code, 2, "{err}");
        assert!(err.contains("error: cannot read profiles/broken.toml: No such file"), "{err}");
        assert!(err.contains("out/a"), "{err}");
    }
}

#[test]
#[cfg(unix)]
fn names_that_a_terminal_would_obey_are_shown_safely() {
    let dir = project(&[("evil\u{1b}[31m\nname.toml", BAD)]);
    let Ran { code, out, err } = run(dir.path(), &["validate", "--format", "short"]);
    assert_eq!(code, 1, "{err}");
    assert!(out.contains("\nprofiles/evil?[31m name.toml:2:7: "), "{out:?}");
    let Ran { err, .. } = run(dir.path(), &["validate", "no\u{1b}[31m\nsuch.toml"]);
    assert!(err.starts_with("error: cannot read no?[31m such.toml: "), "{err:?}");
}

#[test]
fn colour_is_for_terminals() {
    let dir = project(&[("bad.toml", BAD)]);
    for command in ["validate", "compile"] {
        let Ran { out, err, .. } = finish(program(dir.path()).arg(command).env("TERM", "xterm-256color"));
        assert!(!out.contains('\u{1b}') && !err.contains('\u{1b}'), "{out}{err}");
    }
}

#[test]
#[ignore = "needs script"]
fn colour_on_a_terminal_but_never_with_no_color() {
    let dir = project(&[("bad.toml", BAD)]);
    let on_terminal = |extra: &[(&str, &str)]| {
        let line = format!("{} validate", env!("CARGO_BIN_EXE_aks-egress"));
        let mut command = std::process::Command::new("script");
        command.args(["-q", "-e", "-c", &line, "/dev/null"]).current_dir(dir.path()).stdin(Stdio::null());
        command.env("TERM", "xterm-256color").env_remove("NO_COLOR");
        let ran = finish(command.envs(extra.iter().copied()));
        assert_eq!(ran.code, 1);
        ran.out
    };
    assert!(on_terminal(&[]).contains("\u{1b}["));
    assert!(!on_terminal(&[("NO_COLOR", "1")]).contains('\u{1b}'));
    assert!(!on_terminal(&[("TERM", "dumb")]).contains('\u{1b}'));
    assert!(on_terminal(&[("NO_COLOR", "")]).contains("\u{1b}["), "an empty value counts as unset");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let dir = project(&[("bad.toml", BAD)]);
    fs::write(dir.path().join("profiles/good.toml"), GOOD).unwrap();
    let refusing = [&["validate", "--format", "json"][..], &["compile", "profiles/good.toml", "--check"]];
    for args in refusing.into_iter().chain([&["packs"][..], &["explain"], &["schema"], &["--help"]]) {
        let mut child = program(dir.path()).args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(!err.contains("panicked") && !err.contains("error:"), "{args:?}: {err}");
        assert_eq!(output.status.code(), Some(i32::from(refusing.contains(&args))), "{args:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn results_that_cannot_be_written_are_an_error() {
    let full = || fs::File::options().write(true).open("/dev/full").unwrap();
    let Ran { code, err, .. } = finish_with(program(here()).arg("packs").stdout(full()));
    assert_eq!(code, 2);
    assert!(err.starts_with("error: cannot write the results: "), "{err}");
    let dir = project(&[("bad.toml", BAD)]);
    let status = program(dir.path()).arg("validate").stdout(Stdio::null()).stderr(full()).status().unwrap();
    assert_eq!(status.code(), Some(1), "messages that nobody can read change nothing");
}

/// As `finish`, leaving standard output as it is set.
#[cfg(target_os = "linux")]
fn finish_with(command: &mut std::process::Command) -> Ran {
    let output = command.stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    Ran { code: output.status.code().unwrap(), out: String::new(), err: String::from_utf8(output.stderr).unwrap() }
}

#[test]
fn the_same_bytes_wherever_and_whenever() {
    let text = fs::read_to_string(here().join("profiles/walkthrough.toml")).unwrap();
    let at = |dir: &Path, profile: &str, env: &[(&str, &str)], args: &[&str]| {
        let ran = finish(program(dir).args(["compile", profile, "-o", "out"]).args(args).envs(env.iter().copied()));
        assert_eq!(ran.code, 0, "{}", ran.err);
        files(&dir.join("out"))
    };
    let (one, two) = (project(&[("w.toml", &text)]), project(&[("deep/er/w.toml", &text)]));
    let first = at(one.path(), "profiles/w.toml", &[], &[]);
    assert!(first.len() > 10);
    fs::remove_dir_all(one.path().join("out")).unwrap();
    assert_eq!(at(one.path(), "./profiles/../profiles/w.toml", &[], &["-j", "1"]), first);
    let odd = [("TZ", "Pacific/Kiritimati"), ("LANG", "tr_TR.UTF-8"), ("LC_ALL", "tr_TR.UTF-8"), ("HOME", "/nowhere")];
    let absolute = two.path().join("profiles/deep/er/w.toml");
    assert_eq!(at(two.path(), absolute.to_str().unwrap(), &odd, &["--today", "2031-12-31"]), first);
}

#[test]
fn init_writes_a_profile_that_compiles_and_never_over_another() {
    let dir = tempfile::tempdir().unwrap();
    let Ran { code, err, .. } = run(dir.path(), &["init"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("wrote profiles/dev.toml; now run: aks-egress compile profiles/dev.toml"), "{err}");
    assert_eq!(run(dir.path(), &["compile"]).code, 0);
    let before = files(dir.path());
    let Ran { code, err, .. } = run(dir.path(), &["init"]);
    assert_eq!(code, 2);
    assert!(err.contains("cannot write profiles/dev.toml: File exists"), "{err}");
    assert_eq!(files(dir.path()), before);
    let Ran { code, out, .. } = run(dir.path(), &["init", "-", "--example", "minimal"]);
    assert_eq!((code, out), (0, fs::read_to_string(here().join("profiles/minimal.toml")).unwrap()));
    let Ran { code, err, .. } = run(dir.path(), &["init", "--example", "walkthru"]);
    assert!(code == 2 && err.contains("did you mean `walkthrough`?"), "{err}");
}

#[test]
fn init_knows_every_example() {
    let mut known: Vec<String> = Vec::new();
    for path in crate::shared::profiles() {
        let name = crate::shared::stem(&path);
        let Ran { code, out, .. } = run(here(), &["init", "-", "--example", &name]);
        assert_eq!((code, out), (0, fs::read_to_string(&path).unwrap()), "{name}");
        known.push(name);
    }
    let Ran { out, .. } = run(here(), &["init", "--help"]);
    let flat = out.split_whitespace().collect::<Vec<_>>().join(" ");
    for name in known {
        assert!(flat.contains(&name), "{name} is not in the help: {flat}");
    }
}

/// Everything in the commented profile that is commented out is a line that could stand there.
#[test]
fn the_commented_profile_is_right_with_every_comment_taken_away() {
    let Ran { out, .. } = run(here(), &["init", "-"]);
    let bare: String = out
        .lines()
        .map(|line| match line.strip_prefix("#") {
            Some(code) if !code.starts_with(' ') => format!("{code}\n"),
            Some(_) => "\n".to_owned(),
            None => format!("{line}\n"),
        })
        .collect();
    let dir = project(&[("dev.toml", &bare)]);
    let Ran { code, out, err } = run(dir.path(), &["validate", "--format", "short"]);
    assert_eq!(code, 0, "{out}{err}\n{bare}");
    assert!(bare.lines().count() > 60 && bare.contains("[[inbound]]") && bare.contains("[[expect]]"), "{bare}");
}

#[test]
fn explain_and_packs_know_their_names() {
    let Ran { code, out, .. } = run(here(), &["explain", "host-bits"]);
    assert_eq!(code, 0);
    assert!(out.starts_with("host-bits (error)\n") && out.contains("To repair it: "), "{out}");
    let Ran { code, out, err } = run(here(), &["explain", "host-bit"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert_eq!(err, "error: no check is named `host-bit`; did you mean `host-bits`?\n");
    let Ran { code, out, .. } = run(here(), &["explain"]);
    assert!(code == 0 && out.lines().any(|line| line.starts_with("not-utf8 ")), "{out}");
    let Ran { code, out, .. } = run(here(), &["packs", "docker-hub"]);
    assert_eq!(code, 0);
    for part in ["registry-1.docker.io", "https:443", "source ", "reviewed "] {
        assert!(out.contains(part), "{out}");
    }
    assert_eq!(
        run(here(), &["packs", "dokcer-hub"]).err,
        "error: no pack is named `dokcer-hub`; did you mean `docker-hub`?\n"
    );
}
