//! README and docs say what is so: their tables, profiles and outputs come from the program.

use std::fmt::Write as _;

use aks_egress::checks::codes;
use aks_egress::diag::Severity;
use aks_egress::rules::packs;

use crate::program::{files, run};
use crate::shared::{compile_text, root};

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// The fenced blocks of one language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    text.split(fence.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

fn every_page() -> Vec<(String, String)> {
    let mut pages = vec![("README.md".to_owned(), read("README.md"))];
    for entry in std::fs::read_dir(root().join("docs")).unwrap() {
        let name = format!("docs/{}", entry.unwrap().file_name().to_string_lossy());
        if name.ends_with(".md") && name != "docs/checks.md" {
            pages.push((name.clone(), read(&name)));
        }
    }
    pages
}

/// Replaces what stands between two markers of the README, or compares it.
fn keep_in_step(marker: &str, made: &str) {
    let text = read("README.md");
    let (start, end) = (format!("<!-- {marker}: made from the program -->\n"), format!("<!-- end of {marker} -->"));
    let (before, rest) = text.split_once(&start).unwrap_or_else(|| panic!("no marker {start}"));
    let (old, after) = rest.split_once(&end).unwrap_or_else(|| panic!("no marker {end}"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(root().join("README.md"), format!("{before}{start}{made}{end}{after}")).unwrap();
    } else {
        assert_eq!(old, made, "the README's {marker} are not those of the program; UPDATE_GOLDEN=1 rewrites them");
    }
}

#[test]
fn the_tables_are_those_of_the_program() {
    let mut table = "| Pack | Priority | Reviewed | For |\n|---|---|---|---|\n".to_owned();
    for pack in packs::all() {
        let _ = writeln!(table, "| `{}` | {} | {} | {} |", pack.name, pack.priority, pack.reviewed, pack.title);
    }
    keep_in_step("packs", &table);

    let mut lists = String::new();
    for (severity, what) in
        [(Severity::Error, "Errors"), (Severity::Warning, "Warnings"), (Severity::Advice, "Advice, with `--pedantic`")]
    {
        let ids: Vec<_> = codes().iter().filter(|c| c.severity == severity).map(|c| format!("`{}`", c.id)).collect();
        if !ids.is_empty() {
            let _ = writeln!(lists, "**{what}**: {}\n", ids.join(", "));
        }
    }
    keep_in_step("checks", &lists);
}

#[test]
fn every_profile_in_the_docs_compiles() {
    let mut seen = 0;
    for (page, text) in every_page() {
        for block in blocks(&text, "toml").into_iter().filter(|b| b.contains("region")) {
            let built = compile_text(block);
            let said: Vec<_> =
                built.report().findings.iter().map(|f| format!("{}: {}", f.code.id, f.message)).collect();
            assert!(built.checked().is_some(), "{page}:\n{block}\n{said:#?}");
            seen += 1;
        }
    }
    assert!(seen >= 4, "only {seen} profiles found in the docs");
}

#[test]
fn the_part_of_bicep_is_real() {
    let golden = read("golden/minimal/bicep/main.bicep");
    let readme = read("README.md");
    for block in blocks(&readme, "bicep") {
        assert!(golden.contains(block), "not in golden/minimal/bicep/main.bicep:\n{block}");
    }
    assert_eq!(blocks(&readme, "bicep").len(), 1);
    assert_eq!(blocks(&readme, "toml")[0].trim(), read("profiles/minimal.toml").trim(), "the profile is minimal.toml");
}

/// Commands of a page that a reader types, without the prompt.
fn typed(page: &str) -> Vec<String> {
    let lines = blocks(page, "console").into_iter().flat_map(str::lines);
    lines.filter_map(|line| line.strip_prefix("$ ")).map(str::to_owned).collect()
}

/// A folder that holds what a fresh clone has for the program to read.
fn fresh() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("profiles")).unwrap();
    for entry in std::fs::read_dir(root().join("profiles")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, dir.path().join("profiles").join(path.file_name().unwrap())).unwrap();
    }
    dir
}

#[test]
fn the_two_commands_do_what_is_said_of_them() {
    let commands = typed(&read("README.md"));
    let words = commands[0].strip_prefix("cargo run --release -- ").expect("the first command runs the program");
    let dir = fresh();
    let ran = run(dir.path(), &words.split(' ').collect::<Vec<_>>());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let (made, golden) = (files(&dir.path().join("out/walkthrough")), files(&root().join("golden/walkthrough")));
    assert_eq!(made.keys().collect::<Vec<_>>(), golden.keys().collect::<Vec<_>>());
    for (path, bytes) in made {
        assert!(golden[&path] == bytes, "{path} differs from the golden one");
    }
    assert!(read("README.md").contains("`out/walkthrough/`: open `review.html` there"));
    assert_eq!(commands[1..], ["cargo test"]);
    assert!(read(".ci/run").contains(&words.replace("-- ", "")), "the gate runs another command");
}

/// Every command that the program has is in the table, and every line of the table works when it is typed.
#[test]
fn the_table_of_commands_is_that_of_the_program() {
    let readme = read("README.md");
    let rows: Vec<&str> = readme.lines().filter_map(|line| line.strip_prefix("| `aks-egress ")).collect();
    let mut told = Vec::new();
    for row in rows {
        let (synopsis, _) = row.split_once('`').unwrap();
        let command = synopsis.split(' ').next().unwrap();
        told.push(command.to_owned());
        let dir = fresh();
        let args: &[&str] = match command {
            "compile" => &["compile", "profiles/minimal.toml", "-o", "out", "--only", "arm,bicep"],
            "validate" => &["validate"],
            "packs" => &["packs", "docker-hub"],
            "explain" => &["explain", "host-bits"],
            "init" => &["init", "first.toml"],
            "completions" => &["completions", "bash"],
            "man" => &["man", "compile"],
            other => &[other],
        };
        let ran = run(dir.path(), args);
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.err);
    }
    let help = run(&root(), &["--help"]).out;
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let known = list.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.split_whitespace().next());
    let mut known: Vec<String> = known.filter(|name| *name != "help").map(str::to_owned).collect();
    known.sort();
    told.sort();
    assert_eq!(told, known);
}

#[test]
fn every_example_is_in_the_table() {
    let readme = read("README.md");
    for profile in crate::shared::profiles() {
        let name = crate::shared::stem(&profile);
        assert!(readme.contains(&format!("[`{name}`](profiles/{name}.toml)")), "{name} is not in the README");
    }
}

#[test]
fn the_mistake_is_real() {
    let text = "region = \"westeurope\"\n\n[network.subnets]\nnodes = \"10.0.3.0/27\"\n";
    let built = aks_egress::compile(aks_egress::Input {
        name: "profiles/team.toml".to_owned(),
        text: text.to_owned(),
        stem: Some("team".to_owned()),
        today: None,
        bases: Vec::new(),
        settings: None,
    });
    let shown = aks_egress::report::human::render(built.report(), aks_egress::report::Look::PLAIN);
    let readme = read("README.md");
    let block = blocks(&readme, "text")[0];
    let trim = |text: &str| text.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    assert!(trim(&shown).starts_with(&trim(block)), "the README shows\n{block}\nthe program says\n{shown}");
}

#[test]
fn links_lead_to_files() {
    for (page, text) in every_page() {
        let folder = root().join(&page).parent().unwrap().to_owned();
        // What stands between fences is no text of the page.
        let prose: String = text.split("```").step_by(2).collect();
        for link in prose.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            let file = link.split('#').next().unwrap();
            if !file.is_empty() && !file.contains("://") {
                assert!(folder.join(file).exists(), "{page} links to {link}");
            }
        }
    }
}
/// Every key of the schema is described in docs/profile.md.
#[test]
fn every_key_is_described() {
    fn keys(schema: &serde_json::Value, found: &mut Vec<String>) {
        match schema {
            serde_json::Value::Object(map) => {
                if let Some(serde_json::Value::Object(properties)) = map.get("properties") {
                    found.extend(properties.keys().cloned());
                }
                map.values().for_each(|value| keys(value, found));
            }
            serde_json::Value::Array(list) => list.iter().for_each(|value| keys(value, found)),
            _ => {}
        }
    }
    let schema: serde_json::Value = serde_json::from_str(aks_egress::profile::schema()).unwrap();
    let mut found = Vec::new();
    keys(&schema, &mut found);
    assert!(found.len() > 30);
    let page = read("docs/profile.md");
    for key in found {
        assert!(
            page.contains(&format!("`{key}`"))
                || page.contains(&format!("{key}."))
                || page.contains(&format!("{key}]")),
            "docs/profile.md does not describe `{key}`"
        );
    }
}

/// The profile that docs/reports.md is about, in a form; of SARIF one result.
fn report_of(form: &str, text: &str) -> String {
    let built = aks_egress::compile(aks_egress::Input {
        name: "profiles/team.toml".to_owned(),
        text: text.to_owned(),
        stem: Some("team".to_owned()),
        today: None,
        bases: Vec::new(),
        settings: None,
    });
    let made = crate::forms::render(form, &[built.report()], &[]);
    let made: String = made.trim_end().lines().map(|line| format!("{}\n", line.trim_end())).collect();
    if form != "sarif" {
        return made;
    }
    let document: serde_json::Value = serde_json::from_str(&made).unwrap();
    format!("{:#}\n", document["runs"][0]["results"][0])
}

#[test]
fn the_page_of_reports_shows_what_the_program_prints() {
    let mut page = read("docs/reports.md");
    let faulty = blocks(&page, "toml faulty")[0].to_owned();
    for form in aks_egress::report::FORMS {
        assert!(page.contains(&format!("| `{}` | ", form.name)), "{} is not in the table", form.name);
        let marker = format!("<!-- {} -->\n```", form.name);
        let (before, rest) = page.split_once(&marker).unwrap_or_else(|| panic!("no example of {}", form.name));
        let (language, rest) = rest.split_once('\n').unwrap();
        let (shown, after) = rest.split_once("```\n").unwrap();
        let made = report_of(form.name, &faulty);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            page = format!("{before}{marker}{language}\n{made}```\n{after}");
        } else {
            assert_eq!(shown, made, "the example of {}; UPDATE_GOLDEN=1 rewrites it", form.name);
        }
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(root().join("docs/reports.md"), page).unwrap();
    }
}
