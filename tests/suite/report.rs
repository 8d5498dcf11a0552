//! What findings look like in every form, also when the text is hostile or unusual.

use aks_egress::diag::{Code, Findings, Origin, Report, Severity, Source, SourceId, Sources, Span, Suppression};
use aks_egress::report::{Look, Summary, human, page, short};
use aks_egress::value::Date;
use proptest::prelude::*;

use crate::forms::{render, render_with};

static ERROR: Code = Code {
    id: "some-problem",
    severity: Severity::Error,
    title: "something is wrong",
    help: "put it right",
    docs: "Why it matters, in a sentence.\n\nSource: a page.",
    bad: &["region = \"x\"\n\n[network]\n"],
    good: &["region = \"y\"\n"],
};
static WARNING: Code = Code { id: "some-doubt", severity: Severity::Warning, ..ERROR_COPY };
static ADVICE: Code = Code { id: "some-idea", severity: Severity::Advice, ..ERROR_COPY };
const ERROR_COPY: Code = Code {
    id: "",
    severity: Severity::Error,
    title: "something may be better",
    help: "think again",
    docs: "",
    bad: &[],
    good: &[],
};

/// A profile's text as the only source.
fn sources(text: &str) -> (Sources, SourceId) {
    let mut sources = Sources::default();
    let source = Source { name: "profiles/a.toml".to_owned(), text: text.to_owned().into(), built_in: false };
    let id = sources.add(source);
    (sources, id)
}

fn span(sources: &Sources, id: SourceId, part: &str) -> Origin {
    let start = sources.get(id).text.find(part).expect("the part stands in the text");
    Origin::written(Span::new(id, start..start + part.len()))
}

/// One error at `part` of `text`.
fn at(text: &str, part: &str) -> Report {
    let (sources, id) = sources(text);
    let mut findings = Findings::default();
    findings.raise(&ERROR, span(&sources, id, part), format!("`{part}` is wrong"), "this here");
    Report { sources, findings: findings.finish() }
}

/// Two labels in the profile, one in a pack, several severities.
fn rich() -> Report {
    let text =
        "region = \"westeurope\"\nname = \"a\"\n\n[network]\nnodes = \"10.0.0.0/24\"\ngateway = \"10.0.0.0/25\"\n";
    let (mut sources, id) = sources(text);
    let pack = "title = \"A pack\"\n[[rules]]\nfqdns = [\"a.example\"]\n";
    let pack = sources.add(Source { name: "pack a".to_owned(), text: pack.into(), built_in: true });
    let mut findings = Findings::default();
    let [nodes, gateway, region, name] =
        ["\"10.0.0.0/24\"", "\"10.0.0.0/25\"", "\"westeurope\"", "\"a\""].map(|part| span(&sources, id, part));
    findings.raise(&ERROR, gateway, "two subnets overlap", "256 addresses of this").also(nodes, "lie in this");
    let rule = span(&sources, pack, "\"a.example\"");
    findings
        .raise(&WARNING, rule.asked_at(region.at), "the host `a.example` is odd", "asked for here")
        .help("leave it out")
        .edit(region.at, "\"northeurope\"");
    findings.raise(&ADVICE, name, "a short name", "one letter").dated();
    Report { sources, findings: findings.finish() }
}

#[test]
fn every_form_of_several_findings() {
    let report = rich();
    let pedantic = Look { pedantic: true, ..Look::PLAIN };
    insta::assert_snapshot!("human", human::render(&report, pedantic));
    insta::assert_snapshot!("short", short::render(&report, pedantic));
    for form in ["json", "github", "azure-pipelines", "gitlab", "junit"] {
        insta::assert_snapshot!(form, render_with(form, &[&report], &[], pedantic, false));
    }
    insta::assert_snapshot!("page", page::render(&ERROR));
}

#[test]
fn advice_is_given_on_request_only() {
    let report = rich();
    for text in [human::render(&report, Look::PLAIN), short::render(&report, Look::PLAIN)] {
        assert!(!text.contains("some-idea"), "{text}");
    }
    assert!(!render("json", &[&report], &[]).contains("some-idea"));
    let sum = Summary::of([&report, &report], Look::PLAIN);
    assert_eq!(sum, Summary { profiles: 2, errors: 2, warnings: 2, advice: 0, suppressed: 0 });
}

#[test]
fn what_is_suppressed_is_told_to_programs_only_and_not_counted() {
    let mut report = rich();
    let origin = span(&report.sources, SourceId::FIRST, "[network]");
    let until = Date::new(2027, 1, 31);
    for finding in &mut report.findings {
        finding.suppressed = Some(Suppression { reason: "known".to_owned(), until, origin });
    }
    assert!(!report.has_errors());
    assert_eq!(human::render(&report, Look::PLAIN), "");
    assert_eq!(short::render(&report, Look::PLAIN), "");
    assert_eq!(Summary::of([&report], Look::PLAIN), Summary { profiles: 1, suppressed: 2, ..Summary::default() });
    let document: serde_json::Value = serde_json::from_str(&render("json", &[&report], &[])).unwrap();
    let suppressed = &document["findings"][0]["suppressed"];
    assert_eq!(document["findings"].as_array().map(Vec::len), Some(2));
    assert_eq!((&suppressed["reason"], &suppressed["until"]), (&"known".into(), &"2027-01-31".into()));
    assert_eq!((&suppressed["path"], &suppressed["line"]), (&"profiles/a.toml".into(), &4.into()));
}

#[test]
fn colour_only_when_asked() {
    let report = rich();
    assert!(!human::render(&report, Look::PLAIN).contains('\u{1b}'));
    assert!(human::render(&report, Look { colour: true, ..Look::PLAIN }).contains('\u{1b}'));
}

/// The line and column of the only finding, which the three forms must agree on.
fn place(report: &Report) -> (u64, u64) {
    let short = short::render(report, Look::PLAIN);
    let human = human::render(report, Look::PLAIN);
    let document: serde_json::Value = serde_json::from_str(&render("json", &[report], &[])).unwrap();
    let label = &document["findings"][0]["labels"][0];
    let (line, column) = (label["line"].as_u64().unwrap(), label["column"].as_u64().unwrap());
    assert!(short.starts_with(&format!("profiles/a.toml:{line}:{column}: error[some-problem]: ")), "{short}");
    assert!(human.contains(&format!("[profiles/a.toml:{line}:{column}]")), "{human}");
    (line, column)
}

#[test]
fn places_are_right_whatever_stands_before() {
    assert_eq!(place(&at("a = 1\nhere = 2\n", "here")), (2, 1));
    assert_eq!(place(&at("a = 1\r\nb = here\r\n", "here")), (2, 5));
    assert_eq!(place(&at("\u{feff}here = 1\n", "here")), (1, 1));
    assert_eq!(place(&at("a = 1\n\u{feff}here = 1\n", "here")), (2, 2), "only the first is a byte order mark");
    assert_eq!(place(&at("\ta = here\n", "here")), (1, 6));
    assert_eq!(place(&at("# ünïcödé 中文 😀 e\u{301} here\n", "here")), (1, 19));
    assert_eq!(place(&at("here", "here")), (1, 1));
    assert_eq!(place(&at("\n\n\nhere", "here")), (4, 1));
    assert_eq!(place(&at("", "")), (1, 1));
    assert_eq!(place(&at(&format!("{}here", "x".repeat(1 << 20)), "here")), (1, (1 << 20) + 1));
    assert_eq!(place(&at(&format!("a = \"{}\" here", "é".repeat(200_000)), "here")), (1, 200_008));
}

#[test]
fn the_mark_stands_under_what_is_meant() {
    for text in
        ["\ta = here\n", "# 中文 😀 here\n", "\u{feff}here\n", "é = here\r\n", &format!("{}here", "é".repeat(70_000))]
    {
        let out = human::render(&at(text, "here"), Look::PLAIN);
        let lines: Vec<&str> = out.lines().collect();
        let n = lines.iter().position(|line| line.contains("here") && line.contains('│')).expect("the line is shown");
        let columns = |before: &str| unicode_width::UnicodeWidthStr::width(before);
        let under = columns(lines[n].split("here").next().expect("the part before"));
        let mark = columns(lines[n + 1].split(['─', '┬']).next().expect("the part before"));
        assert_eq!(mark, under, "{out}");
    }
}

#[test]
fn long_lines_are_clipped_around_the_place() {
    let out =
        human::render(&at(&format!("a = \"{}here{}\"\n", "x".repeat(5000), "y".repeat(5000)), "here"), Look::PLAIN);
    assert!(out.contains("…xxx") && out.contains("xhereyyy") && out.contains("yyy…"), "{out}");
    assert!(out.lines().all(|line| line.chars().count() < 140), "{out}");
}

#[test]
fn a_whole_file_is_not_shown_for_what_stands_nowhere() {
    let text = "a = 1\n".repeat(1000);
    let out = human::render(&at(&text, &text), Look::PLAIN);
    assert!(out.lines().filter(|line| line.contains("a = 1")).count() <= 1003, "the message repeats it");
    let shown = out.split("╭─").nth(1).expect("an excerpt").lines().filter(|line| line.contains("a = 1")).count();
    assert_eq!(shown, 2, "{shown}");
}

#[test]
fn nothing_a_terminal_obeys_gets_through() {
    let hostile = "name = \"\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}\u{200b}\0\u{8}\" # here\n";
    let mut report = at(hostile, "here");
    let (sources, id) = (&mut report.sources, SourceId::FIRST);
    let evil = Source { name: "evil\u{1b}[31m\n.toml".to_owned(), text: sources.get(id).text.clone(), built_in: false };
    let mut renamed = Sources::default();
    renamed.add(evil);
    report.sources = renamed;
    report.findings[0].message = "a \u{1b}[31mred\u{1b}[0m\nmessage".to_owned();
    report.findings[0].labels[0].text = "\u{1b}]8;;http://x\u{1b}\\click".to_owned();
    report.findings[0].help = Some("\u{1b}[5mblink".to_owned());
    let allowed = |c: char| !c.is_control() || c == '\n';
    for (form, text) in [("human", human::render(&report, Look::PLAIN)), ("short", short::render(&report, Look::PLAIN))]
    {
        assert!(text.chars().all(allowed), "{form}: {text:?}");
        assert!(!text.contains(['\u{202e}', '\u{200b}']), "{form}: {text:?}");
    }
    assert_eq!(short::render(&report, Look::PLAIN).lines().count(), 1);
    let json = render("json", &[&report], &[]);
    assert!(json.chars().all(|c| c == '\n' || !c.is_control()), "{json}");
    let back: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(back["findings"][0]["message"], "a \u{1b}[31mred\u{1b}[0m\nmessage", "data stays what it was");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the text and wherever the labels: no form breaks down.
    #[test]
    fn no_text_and_no_place_breaks_a_form(
        pieces in proptest::collection::vec(
            prop_oneof!["\\PC{0,20}", "[\\x00-\\x7f]{0,20}", Just("\n".to_owned()), Just("\r\n".to_owned()),
                Just("x".repeat(500)), Just("中😀".repeat(90)), Just("\u{feff}".to_owned()), Just("\t".to_owned())],
            0..20,
        ),
        places in proptest::collection::vec((0usize..3000, 0usize..3000), 1..6),
    ) {
        let (sources, id) = sources(&pieces.concat());
        let mut findings = Findings::default();
        let origin = |(start, length): (usize, usize)| Origin::written(Span::new(id, start..start + length));
        let finding = findings.raise(&ERROR, origin(places[0]), "message", "label");
        for place in &places[1..] {
            finding.also(origin(*place), "more");
        }
        let report = Report { sources, findings: findings.finish() };
        let human = human::render(&report, Look::PLAIN);
        prop_assert!(human.contains("error[some-problem]") && !human.contains("Failed to read"), "{}", human);
        prop_assert_eq!(short::render(&report, Look::PLAIN).lines().count(), 1);
        let json = render("json", &[&report], &[]);
        prop_assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
    }
}
