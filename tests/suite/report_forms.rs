//! Every form read back by its reader: places in its own unit, hostile text, suppressed findings, what cannot be read.

use std::path::PathBuf;

use aks_egress::diag::{
    Code, Finding, Findings, Origin, Report, Severity, Source, SourceId, Sources, Span, Suppression,
};
use aks_egress::report::{FORMS, Failure, Look, Repository, Run, safe_line};
use aks_egress::value::Date;
use proptest::prelude::*;
use serde_json::Value;

use crate::forms::{Seen, azure_command, github_command, read, render, render_with};

static ERROR: Code = code("some-problem", Severity::Error);
static WARNING: Code = code("some-doubt", Severity::Warning);
static ADVICE: Code = code("some-idea", Severity::Advice);

const fn code(id: &'static str, severity: Severity) -> Code {
    Code { id, severity, title: "something is wrong", help: "put it right", docs: "Why.", bad: &[], good: &[] }
}

/// What a character counts in a column.
type Unit = fn(char) -> usize;

/// The forms that programs read, with the unit of their columns; nothing where they have none.
const READ: [(&str, Option<Unit>); 7] = [
    ("short", Some(one)),
    ("json", Some(one)),
    ("sarif", Some(char::len_utf16)),
    ("github", Some(one)),
    ("azure-pipelines", Some(one)),
    ("gitlab", None),
    ("junit", None),
];

fn one(_: char) -> usize {
    1
}

fn source(name: &str, text: &str) -> Source {
    Source { name: name.to_owned(), text: text.to_owned().into(), built_in: false }
}

/// A report of one error on `part` of a text.
fn report(path: &str, text: &str, part: &str, say: impl FnOnce(&mut Finding)) -> Report {
    let mut sources = Sources::default();
    let id = sources.add(source(path, text));
    let start = text.find(part).expect("the part stands in the text");
    let mut findings = Findings::default();
    let origin = Origin::written(Span::new(id, start..start + part.len()));
    say(findings.raise(&ERROR, origin, format!("`{part}` is wrong"), "this here"));
    Report { sources, findings: findings.finish() }
}

#[test]
fn every_form_for_programs_is_read_back_here() {
    let known: Vec<&str> = FORMS.iter().map(|form| form.name).collect();
    let mut read: Vec<&str> = READ.iter().map(|(form, _)| *form).collect();
    read.insert(0, "human");
    assert_eq!(known, read);
}

#[test]
fn forms_are_files_of_their_name() {
    for form in FORMS {
        let file = crate::shared::root().join(format!("src/report/{}.rs", form.name.replace('-', "_")));
        assert!(file.exists(), "{}", file.display());
        assert!(!form.what.ends_with('.'), "{}", form.what);
    }
}

#[test]
fn places_are_right_in_every_form() {
    let texts = [
        "a = 1\nhere = 2\n",
        "a = 1\r\nb = here\r\n",
        "\u{feff}here = 1\n",
        "\u{feff}# \u{feff} 😀\r\n# \u{feff}😀\there\r\n",
        "\t\ta = here\n",
        "# ünïcödé 中文 😀 e\u{301} 👩‍👩‍👧 here\n",
        "here",
        "\n\n\nhere",
        "a = 'x' # 😀😀😀 here is more # 😀\n",
    ];
    for text in texts {
        let at = text.find("here").unwrap();
        let before = text[..at].strip_prefix('\u{feff}').unwrap_or(&text[..at]);
        let line = before.rsplit('\n').next().unwrap();
        let number = before.matches('\n').count() as u64 + 1;
        for (form, unit) in READ {
            let made = render(form, &[&report("a.toml", text, "here", |_| {})], &[]);
            let seen = read(form, &made);
            let [Seen { start, end, .. }] = &seen[..] else { panic!("{form}: {seen:?}") };
            let column = |line: &str| unit.map_or(0, |unit| line.chars().map(unit).sum::<usize>() as u64 + 1);
            assert_eq!(*start, Some((number, column(line))), "{form} of {text:?}: {made}");
            if let Some(end) = end {
                assert_eq!(*end, (number, column(&format!("{line}here"))), "{form} of {text:?}: {made}");
            }
        }
    }
}

#[test]
fn a_place_over_several_lines_ends_on_the_last_of_them() {
    let text = "a = [\n  1,\n  '😀',\n]\nb = 1\n";
    let whole = report("a.toml", text, "[\n  1,\n  '😀',\n]\n", |_| {});
    let seen = |form| read(form, &render(form, &[&whole], &[])).remove(0);
    for form in ["json", "sarif"] {
        assert_eq!((seen(form).start, seen(form).end), (Some((1, 5)), Some((4, 2))), "{form}");
    }
    assert_eq!((seen("gitlab").start, seen("gitlab").end), (Some((1, 0)), Some((4, 0))));
    let github = render("github", &[&whole], &[]);
    assert!(github.contains("line=1,endLine=4::"), "columns are for one line only: {github}");
    let at_end = report("a.toml", "a = [\n", "", |finding| finding.labels[0].span = Span::new(SourceId::FIRST, 6..6));
    for (form, _) in READ {
        let seen = read(form, &render(form, &[&at_end], &[])).remove(0);
        assert_eq!(seen.start.map(|(line, _)| line), Some(1), "{form}: there is no second line to show");
    }
}

/// Texts that mean something in one form or another.
const HOSTILE: &[&str] = &[
    "]]>",
    "</failure></testcase><testcase name=\"x\"/>",
    "\" onload=\"x",
    "&amp; &#10; &lt;",
    "100% %0A %25 %3B %AZP25 %AZP253B",
    "; type=error; ]##vso[task.setvariable variable=PATH]x",
    "##vso[task.complete result=Succeeded;]",
    "##[add-mask]x",
    "::add-mask::x",
    "a\n::stop-commands::token\n",
    "a\r\n##[error file=x]b",
    "a,line=9,b:c::d",
    "{0} {1} {{ }} {name}",
    "[click](1) [click](https://example.com) \\[x\\](2) [a] (b)",
    "\u{1b}[31mred\u{1b}[0m \u{9b}31m",
    "\u{0}\u{1}\u{b}\u{c}\u{7f}\u{fffe}\u{ffff}",
    "\u{202e}gnp.toml \u{200b}\u{feff}\u{ad}",
    "\\u0023\\ \\\" \\n",
    "tab\tand `ticks` and 'quotes' and <b>",
    "😀 ünïcödé 中文",
];

/// A report whose every text is hostile.
fn hostile(path: &str, text: &str) -> Report {
    let mut report = report(path, &format!("# {text}\nhere = 1\n"), "here", |finding| {
        finding.message = format!("m {text}");
        finding.labels[0].text = format!("l {text}");
        finding.help(format!("h {text}"));
        finding.edit(Span::new(SourceId::FIRST, 0..1), text);
    });
    let other = report.sources.add(source(&format!("other {text}"), text));
    let pack = report.sources.add(Source { built_in: true, ..source("pack x", text) });
    for (source, words) in [(other, "o"), (pack, "p")] {
        let origin = Origin::written(Span::new(source, 0..0));
        report.findings[0].also(origin, format!("{words} {text}"));
    }
    report
}

#[test]
fn hostile_text_stays_text_in_every_form() {
    for text in HOSTILE {
        let path = format!("dir x/{}.toml", text.replace('/', "|"));
        let report = hostile(&path, text);
        let failures = [Failure { path: format!("f {text}"), message: format!("cannot read {text}") }];
        for (form, _) in READ {
            let made = render(form, &[&report], &failures);
            let seen = read(form, &made);
            let told = if form == "short" { 1 } else { 2 };
            assert_eq!(seen.len(), told, "{form} of {text:?}: {made}");
            let finding = seen.iter().find(|seen| seen.check == "some-problem").unwrap_or_else(|| panic!("{made}"));
            let message = format!("m {text}");
            let wanted = match form {
                "json" => message,
                // A link is taken apart, so that it leads nowhere.
                "sarif" => safe_line(&message).replace("](", "] ("),
                "junit" => safe_line(&message).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}"),
                _ => safe_line(&message),
            };
            assert!(finding.text.contains(&wanted), "{form} of {text:?}: {:?}", finding.text);
            let wanted = match form {
                "short" => safe_line(&path),
                "junit" => aks_egress::report::safe(&path).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}"),
                // Line breaks can be written by number, other controls cannot.
                "github" | "azure-pipelines" => {
                    path.chars().map(|c| if c.is_control() && !"\r\n".contains(c) { '?' } else { c }).collect()
                }
                _ => path.clone(),
            };
            assert_eq!(finding.path, wanted, "{form}");
            assert_eq!(finding.level, if form == "junit" { "failure" } else { "error" }, "{form}");
            nothing_is_obeyed(form, &made);
        }
        nothing_is_obeyed("human", &render("human", &[&report], &failures));
    }
}

/// No line means anything to a terminal or to a build service, but to the one that it is for.
fn nothing_is_obeyed(form: &str, made: &str) {
    assert!(made.chars().all(|c| !c.is_control() || c == '\n'), "{form}: {made:?}");
    assert!(!made.contains(['\u{202e}', '\u{200b}', '\u{ad}']) || matches!(form, "github" | "azure-pipelines"));
    // Each of the two forms that are commands goes to its own service alone.
    for line in made.lines() {
        match form {
            "github" => assert!(line.starts_with("::"), "{line}"),
            "azure-pipelines" => assert!(line.starts_with("##vso["), "{line}"),
            _ => assert_eq!((github_command(line), azure_command(line)), (None, None), "{form}: {line}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is written: every form is read back, and nothing gets out of its place.
    #[test]
    fn any_text_is_read_back(
        pieces in proptest::collection::vec(
            prop_oneof![
                proptest::sample::select(HOSTILE).prop_map(str::to_owned), "\\PC{0,12}", "[\\x00-\\x7f]{0,12}",
                Just("##".to_owned()), Just("::".to_owned()), Just("[".to_owned()), Just("](1)".to_owned()),
            ],
            0..6,
        ),
    ) {
        let text = pieces.concat();
        let report = hostile("a.toml", &text);
        for (form, _) in READ {
            let made = render(form, &[&report], &[]);
            prop_assert_eq!(read(form, &made).len(), 1);
            nothing_is_obeyed(form, &made);
        }
    }
}

#[test]
fn the_data_of_json_is_what_was_written() {
    for text in HOSTILE {
        let made = render("json", &[&hostile("a.toml", text)], &[]);
        let document: Value = serde_json::from_str(&made).unwrap();
        let finding = &document["findings"][0];
        assert_eq!(finding["message"], format!("m {text}"));
        assert_eq!(finding["help"], format!("h {text}"));
        assert_eq!(finding["labels"][0]["text"], format!("l {text}"));
        assert_eq!(finding["edits"][0]["text"], *text);
        let made = render("sarif", &[&hostile("a.toml", text)], &[]);
        let document: Value = serde_json::from_str(&made).unwrap();
        let fix = &document["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0];
        assert_eq!(fix["replacements"][0]["insertedContent"]["text"], *text, "a repair is exact");
    }
}

#[test]
fn severities_have_their_word_in_every_form() {
    let mut all = Vec::new();
    for code in [&ERROR, &WARNING, &ADVICE] {
        let mut report = report("a.toml", "here", "here", |_| {});
        (report.findings[0].code, report.findings[0].severity) = (code, code.severity);
        all.push(report);
    }
    let reports: Vec<&Report> = all.iter().collect();
    let pedantic = Look { pedantic: true, ..Look::PLAIN };
    for (form, levels) in [
        ("short", ["error", "warning", "advice"]),
        ("json", ["error", "warning", "advice"]),
        ("sarif", ["error", "warning", "note"]),
        ("github", ["error", "warning", "advice"]),
        ("azure-pipelines", ["error", "warning", "warning"]),
        ("gitlab", ["error", "warning", "advice"]),
    ] {
        let seen = read(form, &render_with(form, &reports, &[], pedantic, false));
        assert_eq!(seen.iter().map(|seen| seen.level.as_str()).collect::<Vec<_>>(), levels, "{form}");
        let without = read(form, &render(form, &reports, &[]));
        assert_eq!(without.len(), 2, "{form}: advice is given on request");
    }
    let failing = |look, deny| read("junit", &render_with("junit", &reports, &[], look, deny)).len();
    assert_eq!((failing(Look::PLAIN, false), failing(Look::PLAIN, true), failing(pedantic, true)), (1, 2, 3));
    let passing = render("junit", &[&all[1]], &[]);
    assert!(passing.contains("<system-out>a.toml:1:1: warning[some-doubt]: "), "{passing}");
}

#[test]
fn a_run_without_findings_is_a_whole_document() {
    let mut clean = report("a.toml", "here", "here", |_| {});
    clean.findings.clear();
    for reports in [vec![], vec![&clean]] {
        let made = |form| render(form, &reports, &[]);
        for form in ["human", "short", "github", "azure-pipelines"] {
            assert_eq!(made(form), "", "{form}");
        }
        assert_eq!(made("gitlab"), "[]\n");
        let json: Value = serde_json::from_str(&made("json")).unwrap();
        assert_eq!((&json["findings"], &json["failures"]), (&Value::Array(vec![]), &Value::Array(vec![])));
        assert_eq!(json["profiles"].as_array().map(Vec::len), Some(reports.len()));
        let sarif: Value = serde_json::from_str(&made("sarif")).unwrap();
        let run = &sarif["runs"][0];
        assert_eq!(run["results"], Value::Array(vec![]), "an empty array, not nothing");
        assert_eq!(run["artifacts"].as_array().map(Vec::len), Some(reports.len()));
        assert_eq!(
            (&run["invocations"][0]["executionSuccessful"], &run["invocations"][0]["exitCode"]),
            (&true.into(), &0.into())
        );
        assert_eq!(read("junit", &made("junit")), []);
        assert_eq!(made("junit").matches("<testcase ").count(), reports.len());
    }
}

#[test]
fn what_is_suppressed_is_told_in_json_and_sarif_only() {
    let mut report = report("a.toml", "here = 1\n[[waive]]\n", "here", |_| {});
    let at = |source, start, end| Origin::written(Span { source, start, end });
    let settings = report.sources.add(source("aks-egress.toml", "allow = ['x']\n"));
    let mut second = report.findings[0].clone();
    let reason = "the other team owns it ##vso[a.b]".to_owned();
    let until = Date::new(2027, 1, 31);
    let own = Suppression { reason: reason.clone(), until, origin: at(SourceId::FIRST, 9, 18) };
    report.findings[0].suppressed = Some(own);
    second.suppressed = Some(Suppression { reason: reason.clone(), until: None, origin: at(settings, 0, 5) });
    report.findings.push(second);
    for form in ["human", "short", "github", "azure-pipelines"] {
        assert_eq!(render(form, &[&report], &[]), "", "{form}");
    }
    assert_eq!(render("gitlab", &[&report], &[]), "[]\n");
    assert_eq!(read("junit", &render("junit", &[&report], &[])), []);
    let document: Value = serde_json::from_str(&render("json", &[&report], &[])).unwrap();
    let [own, other] = [0, 1].map(|n| &document["findings"][n]["suppressed"]);
    assert_eq!(
        (&own["reason"], &own["until"], &own["line"]),
        (&reason.clone().into(), &"2027-01-31".into(), &2.into())
    );
    assert_eq!((&other["until"], &other["path"]), (&Value::Null, &"aks-egress.toml".into()));
    assert_eq!((&document["summary"]["errors"], &document["summary"]["suppressed"]), (&0.into(), &2.into()));
    let document: Value = serde_json::from_str(&render("sarif", &[&report], &[])).unwrap();
    let run = &document["runs"][0];
    let [own, other] = [0, 1].map(|n| &run["results"][n]["suppressions"][0]);
    assert_eq!(
        (&own["kind"], &own["status"], &own["justification"]),
        (&"inSource".into(), &"accepted".into(), &reason.into())
    );
    assert_eq!(own["properties"]["until"], "2027-01-31");
    assert_eq!(own["location"]["physicalLocation"]["region"]["startLine"], 2);
    assert_eq!(other["kind"], "external");
    assert_eq!(other["location"]["physicalLocation"]["artifactLocation"]["uri"], "aks-egress.toml");
    assert_eq!(run["invocations"][0]["exitCode"], 0, "nothing that is refused");
}

#[test]
fn what_to_do_is_a_sentence_or_a_question() {
    for (help, wanted) in [
        ("put it right", "`here` is wrong. To repair it: put it right."),
        ("did you mean `x`?", "`here` is wrong. did you mean `x`?"),
    ] {
        let report = report("a.toml", "here", "here", |finding| {
            finding.help(help);
        });
        for form in ["gitlab", "sarif"] {
            assert_eq!(read(form, &render(form, &[&report], &[]))[0].text, wanted, "{form}");
        }
    }
}

#[test]
fn fingerprints_stay_when_lines_move_and_differ_between_findings() {
    let print = |form: &str, reports: &[&Report]| -> Vec<String> {
        let document: Value = serde_json::from_str(&render(form, reports, &[])).unwrap();
        let (list, of): (_, fn(&Value) -> &Value) = match form {
            "gitlab" => (&document, |value| &value["fingerprint"]),
            _ => (&document["runs"][0]["results"], |value| &value["partialFingerprints"]["aksEgress/v1"]),
        };
        list.as_array().unwrap().iter().map(|value| of(value).as_str().unwrap().to_owned()).collect()
    };
    for form in ["gitlab", "sarif"] {
        let first = report("a.toml", "here = 1\n", "here", |_| {});
        let moved =
            report("a.toml", "# more\n\n  here = 1\n", "here", |finding| finding.message = "said anew".to_owned());
        let elsewhere = report("b.toml", "here = 1\n", "here", |_| {});
        let about = report("a.toml", "there = 1\n", "there", |_| {});
        let (first_print, all) = (print(form, &[&first]), print(form, &[&first, &elsewhere, &about]));
        assert_eq!(first_print, print(form, &[&moved]), "{form}");
        assert_eq!(all[0], first_print[0], "{form}");
        assert!(all[0] != all[1] && all[0] != all[2] && all[1] != all[2], "{form}: {all:?}");
        let twice = print(form, &[&first, &first]);
        assert_eq!(twice, [first_print[0].clone(), format!("{}-2", first_print[0])], "{form}");
    }
}

#[test]
fn paths_are_given_from_the_root_of_the_repository_where_a_service_looks() {
    let report = report("../profiles/a b:c.toml", "here", "here", |_| {});
    let here = Repository { folder: PathBuf::from("/repo/infra/ci"), root: PathBuf::from("/repo") };
    for form in FORMS.iter().filter(|form| form.name != "human") {
        let run = Run {
            reports: vec![&report],
            failures: &[],
            look: Look::PLAIN,
            deny: false,
            version: "1.2.3",
            codes: Vec::new,
            repository: form.in_repository.then(|| here.clone()),
        };
        let made = (form.render)(&run);
        let wanted = if form.in_repository { "infra/profiles/a b:c.toml" } else { "../profiles/a b:c.toml" };
        assert_eq!(read(form.name, &made)[0].path, wanted, "{}: {made}", form.name);
    }
    let elsewhere = Repository { folder: PathBuf::from("/repo/infra"), root: PathBuf::from("/repo/infra") };
    let run = Run {
        reports: vec![&report],
        failures: &[],
        look: Look::PLAIN,
        deny: false,
        version: "1.2.3",
        codes: Vec::new,
        repository: Some(elsewhere),
    };
    let sarif = FORMS.iter().find(|form| form.name == "sarif").unwrap();
    let document: Value = serde_json::from_str(&(sarif.render)(&run)).unwrap();
    let address = &document["runs"][0]["artifacts"][0]["location"];
    assert_eq!(address["uri"], "file:///repo/profiles/a%20b%3Ac.toml", "outside of the repository");
    assert_eq!(address["uriBaseId"], Value::Null);
}

#[test]
fn a_finding_in_a_pack_is_shown_in_the_profile() {
    let mut sources = Sources::default();
    sources.add(source("a.toml", "region = 'x'\n"));
    let pack = sources.add(Source { built_in: true, ..source("pack aks", "title = 'x'\nhosts = 1\n") });
    let mut findings = Findings::default();
    let origin = Origin::written(Span::new(pack, 12..17));
    findings.raise(&ERROR, origin, "a host is odd", "this one");
    let report = Report { sources, findings: findings.finish() };
    for (form, _) in READ.iter().filter(|(form, _)| !matches!(*form, "short" | "json")) {
        let seen = read(form, &render(form, &[&report], &[])).remove(0);
        assert_eq!((seen.path.as_str(), seen.start.map(|(line, _)| line)), ("a.toml", Some(1)), "{form}");
        if *form == "sarif" {
            assert!(seen.text.contains("this one (pack aks, line 2)"), "{}", seen.text);
        }
    }
}

#[test]
fn sarif_says_how_to_repair_with_exact_regions() {
    let text = "\u{feff}# 😀\na = '😀x'\n";
    let report = report("a.toml", text, "'😀x'", |finding| {
        let at = text.find('x').unwrap();
        finding.edit(Span::new(SourceId::FIRST, at..at + 1), "y");
        finding.edit(Span::new(SourceId::FIRST, text.len()..text.len()), "b = 1\n");
    });
    let document: Value = serde_json::from_str(&render("sarif", &[&report], &[])).unwrap();
    let fix = &document["runs"][0]["results"][0]["fixes"][0];
    assert_eq!(fix["description"]["text"], "put it right");
    let region = |n: usize| {
        let region = &fix["artifactChanges"][0]["replacements"][n]["deletedRegion"];
        ["startLine", "startColumn", "endLine", "endColumn"].map(|key| region[key].as_u64().unwrap())
    };
    assert_eq!(region(0), [2, 8, 2, 9], "the emoji counts twice");
    assert_eq!(region(1), [2, 11, 2, 11], "behind the line feed of the last line");
}

#[test]
fn sarif_describes_every_check() {
    let sarif = FORMS.iter().find(|form| form.name == "sarif").unwrap();
    let run = Run {
        reports: Vec::new(),
        failures: &[],
        look: Look::PLAIN,
        deny: false,
        version: "1.2.3",
        codes: aks_egress::checks::codes,
        repository: None,
    };
    let document: Value = serde_json::from_str(&(sarif.render)(&run)).unwrap();
    let rules = document["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let codes = aks_egress::checks::codes();
    assert_eq!(rules.len(), codes.len());
    let mut with_source = 0;
    for (rule, code) in rules.iter().zip(codes) {
        assert_eq!(rule["id"], code.id);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        assert!(text(&rule["name"]).chars().all(|c| c.is_ascii_alphanumeric()), "{}", rule["name"]);
        for part in ["shortDescription", "fullDescription", "help"] {
            let text = text(&rule[part]["text"]);
            assert!(!text.is_empty() && (part == "help" || text.chars().count() <= 1024), "{part} of {}", code.id);
        }
        let markdown = text(&rule["help"]["markdown"]);
        assert!(markdown.contains(code.help) && markdown.contains(code.docs.trim()), "{}", code.id);
        assert!(code.bad.is_empty() || markdown.contains("```toml\n"), "{}", code.id);
        if let Some(uri) = rule["helpUri"].as_str() {
            assert!(uri.len() > 12 && code.docs.contains(uri) && !uri.ends_with('.'), "{uri}");
            with_source += 1;
        } else {
            assert!(!code.docs.contains("Source: http"), "{} names its source", code.id);
        }
    }
    assert!(with_source > 50, "{with_source}");
}
