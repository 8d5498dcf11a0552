//! The commands that the pages and the hooks show are commands of this program.

#[path = "../../tests/suite/commands.rs"]
mod commands;

use clap::Parser as _;

use super::{Cli, NAME};

/// Pages with commands. A page that is missing here is missed by a test of the suite.
const PAGES: &[(&str, &str)] = &[
    ("README.md", include_str!("../../README.md")),
    ("docs/artifacts.md", include_str!("../../docs/artifacts.md")),
    ("docs/ci.md", include_str!("../../docs/ci.md")),
    ("docs/editors.md", include_str!("../../docs/editors.md")),
    ("docs/profile.md", include_str!("../../docs/profile.md")),
    ("docs/repairs.md", include_str!("../../docs/repairs.md")),
    ("docs/reports.md", include_str!("../../docs/reports.md")),
];

fn own(list: Vec<Vec<String>>) -> Vec<Vec<String>> {
    list.into_iter().filter(|words| words[0] == NAME).collect()
}

#[test]
fn commands_of_the_pages_are_understood() {
    let mut seen = 0;
    for (page, text) in PAGES {
        for words in own(commands::of_page(text)) {
            assert!(Cli::try_parse_from(&words).is_ok(), "{page}: {}", words.join(" "));
            seen += 1;
        }
    }
    assert!(seen > 15, "only {seen} commands were found");
}

#[test]
fn commands_of_the_hooks_are_understood() {
    let hooks = serde_saphyr::from_str(include_str!("../../.pre-commit-hooks.yaml")).unwrap();
    let list = own(commands::of_yaml(&hooks));
    assert_eq!(list.len(), 2);
    for words in list {
        assert!(Cli::try_parse_from(&words).is_ok(), "{}", words.join(" "));
        // Files and arguments are put behind it.
        let more =
            words.iter().map(String::as_str).chain(["--today", "2026-01-31", "profiles/a.toml", "profiles/b.toml"]);
        assert!(Cli::try_parse_from(more).is_ok(), "{}", words.join(" "));
    }
}

#[test]
fn what_is_no_command_is_refused() {
    let page = "```console\n$ aks-egress compile --nothing && aks-egress packs > x\n```\n";
    let list = own(commands::of_page(page));
    assert_eq!(list, [vec!["aks-egress", "compile", "--nothing"], vec!["aks-egress", "packs"]]);
    assert!(Cli::try_parse_from(&list[0]).is_err());
    assert!(Cli::try_parse_from(&list[1]).is_ok());
}
