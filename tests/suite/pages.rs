//! The pages for pipelines and editors: their commands exist, and the hooks pass on profiles and nothing else.

use std::collections::BTreeSet;

use regex::Regex;
use serde_json::Value;

use crate::commands::{blocks, of_page};
use crate::shared::{outside_data, root};

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

#[test]
fn every_page_with_commands_is_held_to_the_program() {
    let held = read("src/cli/pages.rs");
    let pages = std::fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().file_name());
    let pages = pages.map(|name| format!("docs/{}", name.to_string_lossy())).chain(["README.md".to_owned()]);
    for page in pages.filter(|page| page.ends_with(".md")) {
        let own = of_page(&read(&page)).iter().any(|words| words[0] == "aks-egress");
        assert!(!own || held.contains(&format!("(\"{page}\", ")), "src/cli/pages.rs does not know {page}");
    }
}

#[test]
fn every_pipeline_validates_compiles_and_asks_azure() {
    let page = read("docs/ci.md");
    let services = [
        ("## GitHub Actions", "github sarif"),
        ("## Azure Pipelines", "azure-pipelines junit"),
        ("## GitLab", "gitlab junit"),
    ];
    for (heading, formats) in services {
        let section = page.split(heading).nth(1).unwrap().split("\n## ").next().unwrap();
        let commands: Vec<String> = of_page(section).iter().map(|words| words.join(" ")).collect();
        let has = |start: &str| commands.iter().any(|command| command.starts_with(start));
        for format in formats.split(' ') {
            assert!(has(&format!("aks-egress validate --format {format}")), "{heading}: {format}");
        }
        assert!(has("aks-egress compile") && has("az deployment group what-if"), "{heading}: {commands:#?}");
        assert!(section.contains("review"), "{heading} does not publish the review");
    }
}

#[test]
fn versions_are_those_of_this_program() {
    let page = read("docs/ci.md");
    let version = env!("CARGO_PKG_VERSION");
    let pins = Regex::new(r"aks-egress==([0-9.]+)|rev: v([0-9.]+)").unwrap();
    let found: BTreeSet<String> =
        pins.captures_iter(&page).map(|c| c.get(1).or(c.get(2)).unwrap().as_str().to_owned()).collect();
    assert_eq!(found, BTreeSet::from([version.to_owned()]));
}

#[test]
fn settings_of_editors_are_json() {
    let page = read("docs/editors.md");
    let list = blocks(&page, "json");
    assert_eq!(list.len(), 1);
    let settings: Value = serde_json::from_str(list[0]).unwrap();
    let (pattern, _) = settings["evenBetterToml.schema.associations"].as_object().unwrap().iter().next().unwrap();
    let pattern = Regex::new(pattern).unwrap();
    assert!(pattern.is_match("/home/me/team/profiles/shop.toml"));
    assert!(!pattern.is_match("/home/me/team/profiles/_base.toml"));
}

#[test]
fn hooks_are_given_profiles_and_nothing_else() {
    let hooks: Value = serde_saphyr::from_str(&read(".pre-commit-hooks.yaml")).unwrap();
    let hook = |id: &str| hooks.as_array().unwrap().iter().find(|hook| hook["id"] == id).unwrap();
    let concerns = |id: &str, path: &str| {
        let matches = |key: &str| hook(id)[key].as_str().map(|pattern| Regex::new(pattern).unwrap().is_match(path));
        matches("files").unwrap_or(true) && !matches("exclude").unwrap_or(false)
    };
    for path in ["profiles/shop.toml", "profiles/eu/shop.toml", "platform/profiles/shop.toml"] {
        assert!(concerns("aks-egress-validate", path), "{path}");
    }
    for path in [
        "Cargo.toml",
        "profiles/_base.toml",
        "profiles/eu/_base.toml",
        "profiles/.draft.toml",
        ".old/profiles/shop.toml",
        "profiles/aks-egress.toml",
        "aks-egress.toml",
        "myprofiles/shop.toml",
    ] {
        assert!(!concerns("aks-egress-validate", path), "{path}");
    }
    assert_eq!(hook("aks-egress-validate")["types"], serde_json::json!(["toml"]));
    for path in ["profiles/_base.toml", "profiles/aks-egress.toml", "out/shop/arm/main.json"] {
        assert!(concerns("aks-egress-check", path), "{path}");
    }
    assert!(!concerns("aks-egress-check", "src/main.rs"));
    assert_eq!(hook("aks-egress-check")["pass_filenames"], false);
}

/// Commands of az that pages show are commands of the real one, with options that it has.
#[test]
#[ignore = "needs the list of commands"]
fn commands_of_az_are_published() {
    let list: Value =
        serde_json::from_str(&std::fs::read_to_string(outside_data().join("az-commands.json")).unwrap()).unwrap();
    let mut seen = 0;
    for page in ["README.md", "docs/ci.md", "docs/artifacts.md"] {
        for words in of_page(&read(page)).iter().filter(|words| words[0] == "az") {
            let end = words.iter().position(|word| word.starts_with('-')).unwrap_or(words.len());
            let name = words[1..end].join(" ");
            let command = &list["commands"][&name];
            assert!(command.is_object(), "{page}: az {name} is not published");
            let options =
                command["options"].as_array().unwrap().iter().chain(list["global_options"].as_array().unwrap());
            let options: Vec<&Vec<Value>> = options.filter_map(Value::as_array).collect();
            let names = |option: &str| options.iter().find(|names| names.iter().any(|name| name == option));
            for option in words[end..].iter().filter(|word| word.starts_with("--")) {
                assert!(names(option).is_some(), "{page}: az {name} has no {option}");
            }
            for required in command["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                let given = |name: &Value| words.iter().any(|word| name == word);
                assert!(names(required).unwrap().iter().any(given), "{page}: az {name} requires {required}");
            }
            seen += 1;
        }
    }
    assert!(seen >= 3, "only {seen} commands were found");
}
