//! The settings of a repository: reading them, their schema, levels and policies, and where the program finds them.

use std::collections::BTreeSet;
use std::fs;

use aks_egress::checks::codes;
use aks_egress::diag::{Finding, Severity};
use aks_egress::settings::{self, POLICIES};
use aks_egress::value::Date;
use aks_egress::{Built, Input, compile, read_settings};
use serde_json::{Value, json};

use crate::program::{GOOD, Ran, files, project, run, run_with};

/// What is said about some settings.
fn said(text: &str) -> Vec<String> {
    let (_, report) = read_settings("aks-egress.toml".to_owned(), text.to_owned());
    let line = |f: &Finding| {
        let at = report.sources.position(f.span());
        let help = f.help.as_deref().map_or_else(String::new, |help| format!(" ({help})"));
        format!("{}:{} {}: {}{help}", at.line, at.column, f.code.id, f.message)
    };
    report.findings.iter().map(line).collect()
}

/// A profile under some settings.
fn built(text: &str, settings: &str, today: Option<Date>) -> Built {
    let (settings, report) = read_settings("aks-egress.toml".to_owned(), settings.to_owned());
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    let (name, stem) = ("example.toml".to_owned(), Some("example".to_owned()));
    compile(Input { name, text: text.to_owned(), stem, today, bases: Vec::new(), settings: Some(settings.into()) })
}

/// Findings as `severity check`, `-` before waived ones.
fn found(built: &Built) -> Vec<String> {
    let word = |f: &Finding| format!("{}{} {}", if f.is_active() { "" } else { "-" }, f.severity, f.code.id);
    built.report().findings.iter().map(word).collect()
}

const HTTP: &str = "region = \"westeurope\"\n[egress.collections.own]\npriority = 300\n[[egress.collections.own.rules]]\nname = \"a\"\nfqdns = [\"a.example.com\"]\nports = [\"http:80\"]\n";

#[test]
fn settings_that_cannot_be_read_are_explained() {
    let text = "chekcs = 1\nname = \"x\"\n[checks]\nplain-htp = \"error\"\nany-source = \"fatal\"\nany-name = 3\nsubnet-overlap = \"off\"\nunlisted-registry = \"warning\"\n[rules]\nrequired-fields = [\"why\", \"onwer\", 3]\nforbidden-suffixes = [\"*.github.io\", \"*\", \"https://x.example\", \"a b\"]\nallowed-registries = \"quay.io\"\nmax-expiry-days = 0\n";
    insta::assert_snapshot!(said(text).join("\n"));
    assert_eq!(said(""), [""; 0]);
    assert_eq!(said("checks = []\n"), ["1:10 wrong-type: `checks` is an array, not a table"]);
    assert_eq!(said("[checks\n").len(), 1);
}

#[test]
fn what_azure_refuses_cannot_be_lowered_and_all_else_can() {
    for code in codes() {
        for level in ["warning", "advice", "off"] {
            let refused =
                said(&format!("[checks]\n{} = \"{level}\"\n", code.id)).iter().any(|s| s.contains("lowered-error"));
            let firm = code.severity == Severity::Error && !POLICIES.contains(&code.id);
            assert_eq!(refused, firm, "{} {level}", code.id);
        }
        assert_eq!(said(&format!("[checks]\n{} = \"error\"\n", code.id)), [""; 0]);
    }
    let ids: BTreeSet<_> = codes().iter().map(|c| c.id).collect();
    assert!(POLICIES.iter().all(|id| ids.contains(id)));
}

#[test]
fn levels_decide() {
    assert_eq!(found(&built(HTTP, "", None)), ["warning plain-http"]);
    let error = built(HTTP, "[checks]\nplain-http = \"error\"\n", None);
    assert_eq!(found(&error), ["error plain-http"]);
    assert!(error.checked().is_none());
    assert_eq!(found(&built(HTTP, "[checks]\nplain-http = \"advice\"\n", None)), ["advice plain-http"]);
    assert_eq!(found(&built(HTTP, "[checks]\nplain-http = \"off\"\n", None)), [""; 0]);
}

#[test]
fn what_a_repository_made_an_error_cannot_be_waived_and_what_it_lowered_can() {
    let waived = |check: &str| format!("{HTTP}[[waive]]\ncheck = \"{check}\"\nreason = \"agreed\"\n");
    assert_eq!(found(&built(&waived("plain-http"), "", None)), ["-warning plain-http"]);
    let error = built(&waived("plain-http"), "[checks]\nplain-http = \"error\"\n", None);
    assert_eq!(found(&error), ["error plain-http", "error waived-error"]);
    let place = error.report().findings[1].labels[1].span;
    assert_eq!(error.report().sources.get(place.source).name, "aks-egress.toml");
    let policy = "[rules]\nrequired-fields = [\"owner\"]\n";
    let strict = built(&waived("missing-rule-field"), policy, None);
    assert_eq!(found(&strict), ["error missing-rule-field", "warning plain-http", "error waived-error"]);
    let lowered = format!("{policy}[checks]\nmissing-rule-field = \"warning\"\n");
    let lowered = built(&waived("missing-rule-field"), &lowered, None);
    assert_eq!(found(&lowered), ["-warning missing-rule-field", "warning plain-http"]);
    let off = built(&waived("plain-http"), "[checks]\nplain-http = \"off\"\n", None);
    assert_eq!(found(&off), ["warning unused-waiver"]);
}

#[test]
fn policies_look_at_rules() {
    let names = |name: &str, registries: &str| {
        let text = format!(
            "region = \"westeurope\"\n[egress.collections.own]\npriority = 300\n[[egress.collections.own.rules]]\nname = \"a\"\nfqdns = [\"{name}\"]\n"
        );
        let built = built(&text, &format!("[rules]\nallowed-registries = [{registries}]\n"), None);
        built.report().findings.iter().any(|f| f.code.id == "unlisted-registry")
    };
    for allowed in
        ["quay.io", "cdn01.quay.io", "contoso.azurecr.io", "mcr.microsoft.com", "images.example.com", "azurecr.io"]
    {
        assert!(!names(allowed, "\"quay.io\", \"contoso.azurecr.io\""), "{allowed}");
    }
    assert!(!names("contoso.westeurope.data.azurecr.io", "\"contoso.azurecr.io\""));
    assert!(!names("*.azurecr.io", "\"azurecr.io\""));
    for refused in [
        "docker.io",
        "auth.docker.io",
        "ghcr.io",
        "fabrikam.azurecr.io",
        "*.azurecr.io",
        "*.io",
        "*",
        "fabrikam.westeurope.data.azurecr.io",
    ] {
        assert!(names(refused, "\"quay.io\", \"contoso.azurecr.io\""), "{refused}");
    }
    assert!(names("quay.io", ""), "no registry is allowed");
    assert!(names("azurecr.io", "\"quay.io\""));
}

#[test]
fn a_policy_of_the_day_never_decides_what_is_written() {
    let text = HTTP.replace("ports = [\"http:80\"]", "expires = 2027-03-31");
    let settings = "[rules]\nmax-expiry-days = 30\n[checks]\ndistant-expiry = \"error\"\n";
    let early = built(&text, settings, Date::new(2026, 9, 1));
    assert_eq!(found(&early), ["error distant-expiry"]);
    assert!(early.report().has_errors() && early.checked().is_some());
    let late = built(&text, settings, Date::new(2027, 3, 1));
    assert_eq!(found(&late), [""; 0]);
    assert_eq!(crate::shared::files_of(&early), crate::shared::files_of(&late));
}

#[test]
fn settings_are_an_input_of_the_artifacts() {
    let files = crate::shared::files_of(&built(HTTP, "[checks]\nplain-http = \"advice\"\n", None));
    let plan: Value = serde_json::from_slice(&files["plan.json"]).unwrap();
    let inputs: Vec<_> = plan["inputs"].as_array().unwrap().iter().map(|i| i["file"].as_str().unwrap()).collect();
    assert_eq!(inputs, ["example.toml", "aks-egress.toml"]);
}

fn schema() -> Value {
    serde_json::from_str(settings::schema()).unwrap()
}

#[test]
fn the_schema_has_the_same_keys_and_words() {
    let schema = schema();
    let keys = |node: &Value| node["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(", ");
    let unknown = |text: &str| said(text)[0].clone();
    assert!(unknown("qqqqqqqqqq = 1\n").ends_with(&format!("(known keys here: {})", keys(&schema))));
    let rules = &schema["properties"]["rules"];
    assert!(unknown("[rules]\nqqqqqqqqqq = 1\n").ends_with(&format!("(known keys here: {})", keys(rules))));
    let words = |node: &Value| {
        node["enum"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect::<Vec<_>>().join(", ")
    };
    let levels = words(&schema["properties"]["checks"]["additionalProperties"]);
    assert!(unknown("[checks]\nany-name = \"qqqqqqqqqq\"\n").ends_with(&format!("is not one of {levels}")));
    let fields = words(&rules["properties"]["required-fields"]["items"]);
    assert!(unknown("[rules]\nrequired-fields = [\"qqqqqqqqqq\"]\n").ends_with(&format!("is not one of {fields}")));
}

#[test]
fn the_schema_and_the_reader_give_the_same_verdict() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let values = [
        "1",
        "0",
        "3650",
        "3651",
        "-1",
        "1.5",
        "true",
        "\"\"",
        "\"error\"",
        "\"Error\"",
        "[]",
        "{}",
        "[\"why\"]",
        "[\"who\"]",
        "[\"github.io\"]",
        "[\"*.github.io\"]",
        "[\"10.0.0.1\"]",
        "[\"a b\"]",
        "[3]",
        "{ any-name = \"off\" }",
        "{ any-name = \"of\" }",
        "{ required-fields = [] }",
        "{ required-fields = [\"expires\"], max-expiry-days = 30 }",
    ];
    let keys = [
        "checks",
        "rules",
        "other",
        "checks.any-name",
        "rules.required-fields",
        "rules.forbidden-suffixes",
        "rules.allowed-registries",
        "rules.max-expiry-days",
    ];
    let mut valid = 0;
    for key in keys {
        for value in values {
            let text = format!("{key} = {value}\n");
            let document = serde_json::to_value(text.parse::<toml::Table>().unwrap()).unwrap();
            let said = said(&text);
            assert_eq!(said.is_empty(), validator.is_valid(&document), "{text}{said:?}");
            valid += usize::from(said.is_empty());
        }
    }
    assert!(valid > 15, "{valid}");
}

#[test]
fn the_schema_describes_everything_with_valid_examples() {
    fn walk(root: &Value, node: &Value) {
        for (key, value) in node["properties"].as_object().into_iter().flatten() {
            assert!(value["description"].is_string(), "{key}");
            for example in value["examples"].as_array().into_iter().flatten().chain(value.get("default")) {
                let mut alone = value.clone();
                alone["$defs"] = root["$defs"].clone();
                assert!(jsonschema::validator_for(&alone).unwrap().is_valid(example), "{key}: {example}");
            }
            walk(root, value);
        }
    }
    walk(&schema(), &schema());
    let Ran { code, out, .. } = run(&crate::shared::root(), &["schema", "--settings"]);
    assert_eq!((code, serde_json::from_str::<Value>(&out).unwrap()), (0, schema()));
}

#[test]
fn settings_are_found_upwards_to_the_root_of_the_repository() {
    let dir = project(&[("a.toml", HTTP), ("eu/b.toml", HTTP)]);
    let short = |args: &[&str]| {
        let mut all = vec!["validate", "--format", "short"];
        all.extend(args);
        run(dir.path(), &all)
    };
    assert_eq!(short(&[]).code, 0);
    fs::write(dir.path().join("aks-egress.toml"), "[checks]\nplain-http = \"error\"\n").unwrap();
    let Ran { code, out, err } = short(&[]);
    assert_eq!((code, err.as_str()), (1, "2 errors in 2 profiles\n"), "{out}");
    assert_eq!(short(&["--no-settings"]).code, 0);
    // The nearest file counts alone.
    fs::write(dir.path().join("profiles/eu/aks-egress.toml"), "[checks]\nplain-http = \"off\"\n").unwrap();
    assert_eq!(short(&["profiles/eu"]).out, "");
    assert_eq!(short(&["profiles/a.toml"]).code, 1);
    // What lies in another repository is not looked at.
    fs::create_dir(dir.path().join("profiles/.git")).unwrap();
    assert_eq!(short(&["profiles/a.toml"]).code, 0);
    // Standard input lies where its name says, else here.
    let stdin = |args: &[&str]| {
        run_with(dir.path(), &[&["validate", "--format", "short", "-"], args].concat(), HTTP.as_bytes())
    };
    assert_eq!(stdin(&["--stdin-filename", "profiles/a.toml"]).code, 0);
    assert_eq!(stdin(&["--stdin-filename", "a.toml"]).code, 1);
}

#[test]
fn broken_settings_are_told_once_and_keep_everything_from_being_written() {
    let dir = project(&[("a.toml", GOOD), ("b.toml", GOOD)]);
    fs::write(dir.path().join("aks-egress.toml"), "[checks]\nplain-htp = \"error\"\n").unwrap();
    let Ran { code, out, err } = run(dir.path(), &["validate", "--format", "short"]);
    assert_eq!(code, 1);
    assert_eq!(out, "aks-egress.toml:2:1: error[unknown-check]: no check is called `plain-htp`\n");
    assert_eq!(err, "1 error in 2 profiles\n");
    let Ran { code, err, .. } = run(dir.path(), &["compile"]);
    assert_eq!(code, 1, "{err}");
    assert!(!dir.path().join("out").exists() || files(&dir.path().join("out")).is_empty());
    let Ran { out, .. } = run(dir.path(), &["validate", "--format", "json"]);
    let findings: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(findings["findings"].as_array().unwrap().len(), 1);
    fs::write(dir.path().join("aks-egress.toml"), b"\xff").unwrap();
    assert!(run(dir.path(), &["validate", "--format", "short"]).out.contains("not-utf8"));
}

#[test]
fn settings_are_no_profile() {
    let dir = project(&[("aks-egress.toml", "[checks]\nany-name = \"off\"\n"), ("a.toml", GOOD)]);
    assert_eq!(run(dir.path(), &["validate"]).err, "no findings in 1 profile\n");
    let Ran { code, out, err } = run(dir.path(), &["validate", "profiles/aks-egress.toml"]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "", ""));
    fs::write(dir.path().join("profiles/aks-egress.toml"), "[checks]\nany-nam = \"off\"\n").unwrap();
    let Ran { code, out, .. } = run(dir.path(), &["validate", "--format", "short", "profiles/aks-egress.toml"]);
    assert_eq!(code, 1);
    assert!(out.starts_with("profiles/aks-egress.toml:2:1: error[unknown-check]"), "{out}");
}

#[test]
fn findings_of_profiles_point_into_the_settings() {
    let dir = project(&[("a.toml", HTTP)]);
    fs::write(dir.path().join("aks-egress.toml"), "[rules]\nrequired-fields = [\"owner\"]\n").unwrap();
    let Ran { out, .. } = run(dir.path(), &["validate", "--format", "json"]);
    let document: Value = serde_json::from_str(&out).unwrap();
    let finding = document["findings"].as_array().unwrap().iter().find(|f| f["check"] == "missing-rule-field").unwrap();
    assert_eq!(finding["labels"][1]["path"], json!("aks-egress.toml"));
    assert_eq!(finding["labels"][1]["line"], json!(2));
}

#[test]
fn the_page_describes_every_key_with_an_example_that_is_right() {
    let page = fs::read_to_string(crate::shared::root().join("docs/settings.md")).unwrap();
    let example = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(said(example), [""; 0]);
    let rules = schema()["properties"]["rules"]["properties"].as_object().unwrap().clone();
    for key in rules.keys() {
        assert!(example.contains(&format!("{key} ")) && page.contains(&format!("| `{key}` |")), "{key}");
    }
    for word in ["error", "warning", "advice", "off"] {
        assert!(page.contains(&format!("| `{word}` |")), "{word}");
    }
}
