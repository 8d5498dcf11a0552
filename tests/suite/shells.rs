//! What shells and the manual are told: completions name every command and option, and both are accepted by those who read them.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use aks_egress::checks::codes;
use aks_egress::rules::packs;

use crate::program::run;
use crate::shared::root;

/// The shells that design and README promise.
const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

fn result(args: &[&str]) -> String {
    let ran = run(&root(), args);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}");
    ran.out
}

fn script(shell: &str) -> String {
    result(&["completions", shell])
}

/// Every command, as `--help` lists them.
fn commands() -> Vec<String> {
    let help = result(&["--help"]);
    let list = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names: Vec<String> = list
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .filter(|name| name != "help")
        .collect();
    assert!(names.len() > 7 && names.contains(&"validate".to_owned()), "{names:?}");
    names
}

/// The long options of a command, as its help lists them.
fn options(command: &str) -> Vec<String> {
    let help = result(&[command, "--help"]);
    let list = help.split("Options:\n").nth(1).unwrap();
    let heads = list.lines().filter(|line| line.trim_start().starts_with('-')).map(|line| line.split("  "));
    let words = heads.flat_map(|parts| parts.filter(|p| !p.is_empty()).take(1)).flat_map(str::split_whitespace);
    words.filter(|word| word.starts_with("--")).map(str::to_owned).collect()
}

#[test]
fn every_shell_is_told_every_command_and_option() {
    for shell in SHELLS {
        let script = script(shell);
        for command in commands() {
            assert!(script.contains(&command), "{shell} does not know {command}");
            for option in options(&command) {
                // fish writes long options without their hyphens.
                let bare = option.trim_start_matches('-');
                assert!(script.contains(bare), "{shell} does not know {command} {option}");
            }
        }
    }
    assert!(options("compile").contains(&"--check".to_owned()), "{:?}", options("compile"));
}

#[test]
fn names_of_checks_and_packs_are_completed() {
    let script = script("bash");
    let names = codes().into_iter().map(|code| code.id).chain(packs::names());
    for name in names {
        assert!(script.contains(&format!(" {name} ")) || script.contains(&format!(" {name}\"")), "{name}");
    }
}

#[test]
fn an_unknown_shell_is_refused() {
    let ran = run(&root(), &["completions", "tcsh"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("bash, elvish, fish, powershell, zsh"), "{}", ran.err);
}

/// A program that reads `text` and must say nothing on standard error.
fn accepts(program: &str, args: &[&str], text: &str) -> String {
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} is needed: {error}"));
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{program} {args:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// What a shell offers behind `line`, after it has read its script.
fn offered(shell: &str, ask: impl Fn(&Path) -> String) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("completions");
    std::fs::write(&file, script(shell)).unwrap();
    let answer = accepts(shell, &["-s"][..usize::from(shell == "bash")], &ask(&file));
    answer.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect()
}

#[test]
#[ignore = "needs bash"]
fn bash_completes() {
    accepts("bash", &["-n"], &script("bash"));
    let ask = |words: &'static str| {
        offered("bash", |file| {
            format!(
                "source '{}'; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n\
                 complete -p aks-egress >/dev/null\n\
                 _aks__egress aks-egress \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD - 1]}}\"\n\
                 printf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
                file.display()
            )
        })
    };
    assert_eq!(ask("aks-egress comp"), ["compile", "completions"]);
    assert_eq!(ask("aks-egress compile --ch"), ["--check"]);
    assert_eq!(ask("aks-egress compile --only ''"), ["arm", "bicep", "az", "k8s", "review"]);
    assert_eq!(ask("aks-egress packs docker"), ["docker-hub"]);
    assert_eq!(ask("aks-egress explain host-b"), ["host-bits"]);
}

#[test]
#[ignore = "needs fish"]
fn fish_completes() {
    let ask = |line: &'static str| {
        offered("fish", |file| format!("source '{}'; complete -C'aks-egress {line}'\n", file.display()))
    };
    assert_eq!(ask("comp"), ["compile", "completions"]);
    assert_eq!(ask("compile --ch"), ["--check"]);
    assert_eq!(ask("compile --only b"), ["bicep"]);
}

#[test]
#[ignore = "needs zsh"]
fn zsh_takes_the_script() {
    accepts("zsh", &["-n"], &script("zsh"));
    // Loaded as zsh loads it from a folder of its path, the script defines and runs its function.
    let text = script("zsh");
    assert!(text.starts_with("#compdef aks-egress\n"), "zsh finds scripts by their first line");
    let loaded = offered("zsh", |file| {
        format!("autoload -U compinit; compinit -D -u; source '{}'; print ${{_comps[aks-egress]}}\n", file.display())
    });
    assert_eq!(loaded, ["_aks-egress"]);
}

#[test]
fn the_manual_has_a_page_for_everything() {
    let program = result(&["man"]);
    insta::assert_snapshot!("man", program.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    for command in commands() {
        let page = result(&["man", &command]);
        assert!(page.contains(&format!(".TH aks-egress-{command} 1 ")), "{page}");
        let name = format!("aks\\-egress\\-{}(1)", command.replace('-', "\\-"));
        assert!(program.contains(&name), "the program's page does not lead to {name}");
        for option in options(&command) {
            assert!(page.contains(&option.replace('-', "\\-")), "man {command} does not know {option}");
        }
    }
    let ran = run(&root(), &["man", "complie"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_eq!(ran.err, "error: no command is named `complie`; did you mean `compile`?\n");
}

#[test]
#[ignore = "needs groff"]
fn groff_has_nothing_to_say_of_the_manual() {
    let pages = commands().into_iter().map(|command| result(&["man", &command])).chain([result(&["man"])]);
    for page in pages {
        let shown = accepts("groff", &["-man", "-ww", "-Tutf8", "-P-cbou"], &page);
        for part in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS"] {
            assert!(shown.lines().any(|line| line == part), "no {part}: {shown}");
        }
        assert!(!shown.contains('\\'), "an escape is shown: {shown}");
    }
}
