//! Every code's examples: each bad one raises it, each good one does not, and what is said is a snapshot.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use aks_egress::checks::together::COMPARISONS;
use aks_egress::checks::{CHECKS, codes};
use aks_egress::diag::{Code, Finding, Severity, Sources};
use aks_egress::value::Date;
use aks_egress::{Built, Input, compare, compile};

use crate::shared::{bases_among, files_of_example, root, settings_among};

/// Problems of files rather than of their text, which no short example can show; the tests of the commands raise them.
const OF_FILES: [&str; 4] = ["input-too-large", "not-utf8", "too-large", "unreadable-base"];

/// The first profile of an example, compared with the others in it; or its settings, when something is wrong with them.
fn built(text: &str) -> Built {
    let files = files_of_example("example.toml", text);
    if let Some((_, report)) = settings_among(&files).filter(|(_, report)| !report.findings.is_empty()) {
        return Built::unread(report);
    }
    let profiles = (0..files.len()).filter(|n| *n == 0 || COMPARED.iter().any(|name| *name == files[*n].0));
    let mut all: Vec<Built> = profiles.map(|n| one_of(&files, n)).collect();
    compare(&mut all.iter_mut().collect::<Vec<_>>());
    all.swap_remove(0)
}

/// Files of an example that are profiles of their own rather than bases.
const COMPARED: [&str; 2] = ["other.toml", "third.toml"];

fn one_of(files: &[(&str, &str)], n: usize) -> Built {
    let mut files = files.to_vec();
    files.swap(0, n);
    compile(Input {
        name: files[0].0.to_owned(),
        text: files[0].1.to_owned(),
        stem: Some(files[0].0.trim_end_matches(".toml").to_owned()),
        today: Date::new(2026, 9, 1),
        bases: bases_among(&files),
        settings: settings_among(&files).map(|(settings, _)| settings.into()),
    })
}

/// A finding as plain text: stable, without colour or the width of a terminal.
fn dump(out: &mut String, sources: &Sources, finding: &Finding) {
    let dated = if finding.dated { " (dated)" } else { "" };
    writeln!(out, "{} {}{dated}: {}", finding.severity, finding.code.id, finding.message).unwrap();
    for label in &finding.labels {
        let position = sources.position(label.span);
        let source = &sources.get(label.span.source).name;
        let text = sources.slice(label.span).lines().next().unwrap_or_default();
        writeln!(out, "  {source}:{}:{} {text} <- {}", position.line, position.column, label.text).unwrap();
    }
    writeln!(out, "  help: {}", finding.help.as_deref().unwrap_or(finding.code.help)).unwrap();
    for edit in &finding.edits {
        writeln!(out, "  edit: {:?} -> {:?}", sources.slice(edit.span), edit.text).unwrap();
    }
}

fn rendering(code: &Code) -> String {
    let mut out = String::new();
    for text in code.bad {
        let built = built(text);
        let report = built.report();
        let (own, other): (Vec<&Finding>, Vec<&Finding>) = report.findings.iter().partition(|f| f.code.id == code.id);
        for finding in own {
            dump(&mut out, &report.sources, finding);
        }
        let other: BTreeSet<&str> = other.iter().map(|f| f.code.id).collect();
        if !other.is_empty() {
            writeln!(out, "also: {}", other.into_iter().collect::<Vec<_>>().join(", ")).unwrap();
        }
        out.push('\n');
    }
    out
}

#[test]
fn every_bad_example_raises_its_code() {
    let mut problems = Vec::new();
    for code in codes() {
        if code.bad.is_empty() != OF_FILES.contains(&code.id) {
            problems.push(format!("{} has no bad example, or is a problem of files with one", code.id));
        }
        for text in code.bad {
            let built = built(text);
            let raised: BTreeSet<_> = built.report().findings.iter().map(|f| f.code.id).collect();
            if !raised.contains(code.id) {
                problems.push(format!("{} not raised, but {raised:?} by\n{text}", code.id));
            }
            if built.checked().is_none() != built.report().has_errors() {
                problems.push(format!("{}: a plan is refused exactly when there is an error", code.id));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn no_good_example_raises_its_code_or_an_error() {
    let mut problems = Vec::new();
    for code in codes() {
        if code.good.is_empty() && !OF_FILES.contains(&code.id) {
            problems.push(format!("{} has no good example", code.id));
        }
        for text in code.good {
            let built = built(text);
            let noise = |f: &&Finding| f.code.id == code.id || f.severity == Severity::Error;
            let noise = built.report().findings.iter().filter(noise);
            problems.extend(
                noise.map(|f| format!("good example of {} raises {}: {}\n{text}", code.id, f.code.id, f.message)),
            );
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn renderings() {
    for code in codes().into_iter().filter(|c| !c.bad.is_empty()) {
        insta::with_settings!({
            snapshot_path => "snapshots/codes",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(code.id, rendering(code));
        });
    }
}

#[test]
fn every_snapshot_has_its_code() {
    let known: BTreeSet<&str> = codes().iter().map(|c| c.id).collect();
    for entry in std::fs::read_dir(root().join("tests/suite/snapshots/codes")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let id = name.strip_suffix(".snap").unwrap_or_else(|| panic!("{name} is no snapshot"));
        assert!(known.contains(id), "{name} belongs to no code");
    }
}

#[test]
fn the_list_of_checks_is_the_folder_of_checks() {
    let mut files: Vec<String> = std::fs::read_dir(root().join("src/checks"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "mod.rs" && name != "together")
        .map(|name| name.trim_end_matches(".rs").replace('_', "-"))
        .collect();
    files.sort();
    let listed: Vec<&str> = CHECKS.iter().map(|c| c.code.id).collect();
    assert_eq!(files, listed, "one file per check, listed in order, each called like its id");
}

#[test]
fn the_list_of_comparisons_is_the_folder_of_comparisons() {
    let mut files: Vec<String> = std::fs::read_dir(root().join("src/checks/together"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "mod.rs")
        .map(|name| name.trim_end_matches(".rs").replace('_', "-"))
        .collect();
    files.sort();
    let listed: Vec<&str> = COMPARISONS.iter().map(|c| c.code.id).collect();
    assert_eq!(files, listed, "one file per comparison, listed in order, each called like its id");
    assert_eq!(aks_egress::waive::COMPARED, listed, "waivers know them");
}

#[test]
fn ids_are_unique_and_sorted_words() {
    let ids: Vec<&str> = codes().iter().map(|c| c.id).collect();
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
    for id in ids {
        let plain = id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        assert!(plain && !id.starts_with('-') && !id.ends_with('-'), "{id}");
        assert_ne!(id, "unnamed");
    }
}

#[test]
fn declarations_follow_the_house_style() {
    for code in codes() {
        assert!(!code.docs.is_empty(), "{} has no page", code.id);
        for (what, text) in [("title", code.title), ("help", code.help)] {
            assert!(!text.is_empty(), "{} has no {what}", code.id);
            assert!(!text.ends_with('.'), "the {what} of {} ends with a full stop", code.id);
            let first = text.split(' ').next().unwrap();
            // Abbreviations and names keep their capitals.
            let lower = first.chars().next().is_some_and(|c| !c.is_uppercase());
            let name = first.chars().skip(1).any(char::is_uppercase) || first == "Kubernetes";
            assert!(lower || name, "the {what} of {} starts with a capital: {text}", code.id);
        }
    }
}

#[test]
fn nothing_is_reported_without_a_name_or_with_a_full_stop() {
    for code in codes() {
        for text in code.bad.iter().chain(code.good) {
            for finding in &built(text).report().findings {
                assert_ne!(finding.code.id, "unnamed", "{}: {}", code.id, finding.message);
                let texts = std::iter::once(&finding.message).chain(finding.labels.iter().map(|l| &l.text));
                for text in texts.chain(finding.help.as_ref()) {
                    assert!(!text.is_empty() && !text.ends_with('.') && !text.contains('\n'), "{}: {text:?}", code.id);
                }
            }
        }
    }
}

#[test]
fn edits_lie_in_the_profile_and_do_not_overlap() {
    for code in codes() {
        for text in code.bad {
            let built = built(text);
            for finding in &built.report().findings {
                let mut spans: Vec<_> = finding.edits.iter().map(|e| e.span).collect();
                spans.sort();
                assert!(spans.windows(2).all(|p| p[0].end <= p[1].start), "{}", code.id);
                for span in spans {
                    assert!(!built.report().sources.get(span.source).built_in, "{} edits a pack", code.id);
                }
            }
        }
    }
}

#[test]
fn edits_of_checks_repair_what_they_report() {
    for check in CHECKS {
        for text in check.code.bad {
            let built = built(text);
            let own = || built.report().findings.iter().filter(|f| f.code.id == check.code.id);
            let mut edits: BTreeMap<_, &str> = BTreeMap::new();
            edits.extend(own().flat_map(|f| &f.edits).map(|e| (e.span, e.text.as_str())));
            if edits.is_empty() {
                continue;
            }
            let mut repaired = (*text).to_owned();
            for (span, new) in edits.iter().rev() {
                repaired.replace_range(span.range(), new);
            }
            let before = own().count();
            let after = crate::codes::built(&repaired);
            let left = after.report().findings.iter().filter(|f| f.code.id == check.code.id).count();
            assert!(left < before, "{} is as bad after its edit:\n{repaired}", check.code.id);
        }
    }
}

#[test]
fn the_page_of_checks_is_up_to_date() {
    let path = root().join("docs/checks.md");
    let page = page();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &page).unwrap();
    }
    let old = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(old == page, "docs/checks.md is out of date: run the tests with UPDATE_GOLDEN=1");
}

/// `docs/checks.md`, made of the declarations.
fn page() -> String {
    let mut out = String::from(
        "<!-- Made from the declarations in src/; `UPDATE_GOLDEN=1 cargo test codes` rewrites it. -->\n\n# Checks\n\n\
         An **error** is what Azure refuses or what cannot work: nothing is written. A **warning** works, but is unsafe, \
         fragile or surely not meant. **Advice** is shown with `--pedantic`.\n\n\
         A repository can set other levels, see [settings.md](settings.md); a profile can accept a warning with a reason, see \
         [profile.md](profile.md#waive); what is certain can be repaired, see [repairs.md](repairs.md).\n\n| Check | | Problem |\n|---|---|---|\n",
    );
    for code in codes() {
        writeln!(out, "| [`{}`](#{}) | {} | {} |", code.id, code.id, code.severity, code.title.replace('|', "\\|"))
            .unwrap();
    }
    for code in codes() {
        let (title, help) = (code.title, code.help);
        writeln!(out, "\n## {}\n\n**{}**: {title}\n\n{}\n\nWhat to do: {help}.", code.id, code.severity, code.docs)
            .unwrap();
        for (words, examples) in [("This is reported", code.bad), ("This is not", code.good)] {
            for text in examples {
                // Some examples hold bytes that a page should not.
                let shown: String =
                    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect();
                let shown: Vec<&str> = shown.lines().take(40).collect();
                writeln!(out, "\n{words}:\n\n```toml\n{}\n```", shown.join("\n")).unwrap();
            }
        }
    }
    out
}

#[test]
fn example_profiles_raise_what_they_are_known_for() {
    let mut out = String::new();
    for profile in crate::shared::profiles() {
        let built = crate::shared::compile_file(&profile);
        writeln!(out, "{}", crate::shared::stem(&profile)).unwrap();
        for finding in &built.report().findings {
            writeln!(out, "  {} {}: {}", finding.severity, finding.code.id, finding.message).unwrap();
        }
    }
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("example-profiles", out);
    });
}

#[test]
fn a_rule_collection_group_is_measured() {
    let rules = |count: usize| {
        let rule =
            |n: usize| format!("[[egress.collections.own.rules]]\nname = \"r{n}\"\nfqdns = [\"a{n}.example.com\"]\n");
        let rules: String = (0..count).map(rule).collect();
        built(&format!("region = \"westeurope\"\n[egress.collections.own]\npriority = 300\n{rules}"))
    };
    let near = |built: &Built| built.report().findings.iter().filter(|f| f.message.contains("bytes of a rule")).count();
    assert_eq!(near(&rules(1_000)), 0);
    assert_eq!(near(&rules(6_500)), 1);
}
