//! How long each floor takes: parse, plan, checks, each target, and the whole of a compilation up to the disk.
//!
//! `cargo bench` runs everything, `cargo bench -- checks` one part. What the whole process takes, start included, is
//! measured as `docs/performance.md` says.

use aks_egress::checks::{self, Checked};
use aks_egress::diag::{Findings, Source, Sources};
use aks_egress::emit::{self, Target};
use aks_egress::plan::Plan;
use aks_egress::profile::{self, Profile};
use aks_egress::{Input, compile};
use divan::{Bencher, black_box};

/// The least that makes sense, the article's environment, and the richest of the examples.
const PROFILES: [&str; 3] = ["minimal", "walkthrough", "policy-premium"];

fn main() {
    divan::main();
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the examples before it measures")]
fn text(name: &str) -> String {
    let path = format!("{}/profiles/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {path}: {error}"))
}

fn input(name: &str) -> Input {
    Input {
        name: format!("{name}.toml"),
        text: text(name),
        stem: Some(name.to_owned()),
        today: None,
        bases: Vec::new(),
        settings: None,
    }
}

fn parse(name: &str, text: String) -> (Sources, Findings, Profile) {
    let mut sources = Sources::default();
    let source = sources.add(Source { name: format!("{name}.toml"), text: text.into(), built_in: false });
    let mut findings = Findings::default();
    let parsed = profile::parse(&mut sources, source, &[], Some(name), &mut findings);
    let Some(profile) = parsed else { panic!("{name} is no profile") };
    (sources, findings, profile)
}

fn checked(name: &str) -> Checked {
    let (sources, findings, profile) = parse(name, text(name));
    let Some(checked) = checks::run(Plan::build(&profile), sources, findings, None, None).1 else {
        panic!("{name} does not pass the checks")
    };
    checked
}

#[divan::bench(args = PROFILES)]
fn floor_1_parse(bencher: Bencher<'_, '_>, name: &str) {
    bencher.with_inputs(|| text(name)).bench_values(|text| parse(name, text));
}

#[divan::bench(args = PROFILES)]
fn floor_2_plan(bencher: Bencher<'_, '_>, name: &str) {
    let (_, _, profile) = parse(name, text(name));
    bencher.bench(|| Plan::build(black_box(&profile)));
}

#[divan::bench(args = PROFILES)]
fn floor_3_checks(bencher: Bencher<'_, '_>, name: &str) {
    bencher
        .with_inputs(|| {
            let (sources, findings, profile) = parse(name, text(name));
            (Plan::build(&profile), sources, findings)
        })
        .bench_values(|(plan, sources, findings)| checks::run(plan, sources, findings, None, None));
}

fn target(bencher: Bencher<'_, '_>, name: &str, target: Target) {
    let checked = checked(name);
    bencher.bench(|| emit::some(black_box(&checked), &[target]).map(|files| files.len()));
}

#[divan::bench(args = PROFILES)]
fn floor_4_emit_arm(bencher: Bencher<'_, '_>, name: &str) {
    target(bencher, name, Target::Arm);
}

#[divan::bench(args = PROFILES)]
fn floor_4_emit_az(bencher: Bencher<'_, '_>, name: &str) {
    target(bencher, name, Target::Az);
}

#[divan::bench(args = PROFILES)]
fn floor_4_emit_bicep(bencher: Bencher<'_, '_>, name: &str) {
    target(bencher, name, Target::Bicep);
}

#[divan::bench(args = PROFILES)]
fn floor_4_emit_k8s(bencher: Bencher<'_, '_>, name: &str) {
    target(bencher, name, Target::K8s);
}

#[divan::bench(args = PROFILES)]
fn floor_4_emit_review(bencher: Bencher<'_, '_>, name: &str) {
    target(bencher, name, Target::Review);
}

#[divan::bench(args = PROFILES)]
fn whole_compile(bencher: Bencher<'_, '_>, name: &str) {
    bencher.with_inputs(|| input(name)).bench_values(|input| {
        let built = compile(input);
        built.checked().map(emit::all).map(|files| files.map(|files| files.len()))
    });
}

#[divan::bench(args = PROFILES)]
fn whole_validate(bencher: Bencher<'_, '_>, name: &str) {
    bencher.with_inputs(|| input(name)).bench_values(compile);
}
