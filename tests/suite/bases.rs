//! Profiles that extend others: what merges, where findings point, and what is said when a base cannot be had.

use aks_egress::{Built, Input, compile, report};

use crate::program::{Ran, files, project, run, run_with};
use crate::shared::{bases_among, files_of_example};

fn built(text: &str) -> Built {
    let files = files_of_example("example.toml", text);
    compile(Input {
        name: files[0].0.to_owned(),
        text: files[0].1.to_owned(),
        stem: Some("example".to_owned()),
        today: None,
        bases: bases_among(&files),
        settings: None,
    })
}

/// Each finding as `file:line:column id`.
fn said(built: &Built) -> Vec<String> {
    let report = built.report();
    let place = |f: &aks_egress::diag::Finding| {
        let at = report.sources.position(f.span());
        format!("{}:{}:{} {}", report.sources.get(f.span().source).name, at.line, at.column, f.code.id)
    };
    report.findings.iter().map(place).collect()
}

#[test]
fn tables_merge_and_everything_else_replaces() {
    let built = built(
        "extends = \"_a.toml\"\ntags = { b = \"near\" }\n[egress]\npacks = [\"quay\"]\n[cluster]\nnodes = 3\n\
         # file: _a.toml\nextends = \"_b.toml\"\nregion = \"northeurope\"\n[tags]\nc = \"middle\"\n[cluster]\nnodes = 4\n\
         tier = \"Free\"\n[egress.collections.own]\npriority = 400\n[[egress.collections.own.rules]]\nname = \"x\"\n\
         fqdns = [\"x.example.com\"]\n\
         # file: _b.toml\nregion = \"westeurope\"\ncni = \"azure\"\n[tags]\na = \"far\"\nb = \"far\"\n[egress]\n\
         packs = [\"docker-hub\", \"github\"]\n[egress.collections.own]\npriority = 300\naction = \"deny\"\n",
    );
    assert_eq!(said(&built), [""; 0]);
    let plan = &built.checked().unwrap().plan;
    assert_eq!((plan.region.as_str(), plan.cluster.cni.word()), ("northeurope", "azure"));
    let tags: Vec<_> = plan.tags.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(tags, [("a", "far"), ("b", "near"), ("c", "middle")], "in the order of the farthest");
    assert_eq!((plan.cluster.nodes(), plan.cluster.tier.word()), (3, "Free"));
    let own = plan.firewall.collections().find(|(_, c)| *c.name == "own").unwrap().1;
    assert_eq!((*own.priority, *own.action), (400, aks_egress::rules::Action::Deny));
    let packs: Vec<_> = plan.packs.iter().map(|p| p.pack.name).collect();
    assert_eq!(packs, ["aks", "azure-monitor", "quay"], "an array replaces");
}

#[test]
fn findings_point_into_the_file_that_is_meant() {
    let built = built(
        "extends = \"_base.toml\"\nregoin = \"x\"\n[cluster]\nnodes = \"two\"\n\
         # file: _base.toml\nregion = \"westeurope\"\n\n[firewall]\nteir = \"Premium\"\nzones = [7]\n",
    );
    assert_eq!(
        said(&built),
        [
            "example.toml:2:1 unknown-key",
            "example.toml:4:9 wrong-type",
            "_base.toml:4:1 unknown-key",
            "_base.toml:5:10 out-of-range"
        ]
    );
    // What can be repaired is in each file by its own bytes.
    let edits: Vec<_> = built.report().findings.iter().flat_map(|f| &f.edits).collect();
    let slices: Vec<_> = edits.iter().map(|e| (built.report().sources.slice(e.span), e.text.as_str())).collect();
    assert_eq!(slices, [("teir", "tier")]);
}

#[test]
fn both_files_are_shown_where_they_meet() {
    let built = built(
        "extends = \"_base.toml\"\n[network.subnets]\nnodes = \"10.0.3.128/25\"\n\
         # file: _base.toml\nregion = \"westeurope\"\ncni = \"azure\"\n[network.subnets]\nfirewall = \"10.0.3.0/24\"\n",
    );
    let shown = report::human::render(built.report(), report::Look::PLAIN);
    insta::assert_snapshot!(shown);
}

#[test]
fn a_fault_on_the_way_to_a_base_is_the_only_thing_said() {
    let cases: [(&str, &[&str]); 9] = [
        ("extends = \"_x.toml\"\nregoin = 1\n", &["example.toml:1:11 missing-base"]),
        ("extends = 5\n", &["example.toml:1:11 wrong-type"]),
        ("extends = \"/etc/base.toml\"\n", &["example.toml:1:11 bad-value"]),
        ("extends = \"C:/base.toml\"\n", &["example.toml:1:11 bad-value"]),
        ("extends = \"a\\\\b.toml\"\n", &["example.toml:1:11 bad-value"]),
        ("extends = \"\"\n", &["example.toml:1:11 bad-value"]),
        ("extends = \"a\\u001b.toml\"\n", &["example.toml:1:11 bad-value"]),
        ("extends = \"example.toml\"\n", &["example.toml:1:11 extends-cycle"]),
        (
            "extends = \"_a.toml\"\n# file: _a.toml\n\nextends = \"_b.toml\"\n# file: _b.toml\nextends = \"_a.toml\"\n",
            &["_b.toml:1:11 extends-cycle"],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(said(&built(text)), expected, "{text}");
    }
}

#[test]
fn syntax_is_reported_in_each_file_and_nothing_else() {
    let built = built("extends = \"_a.toml\"\nregion = \n# file: _a.toml\n\n\nregion = westeurope\n");
    assert_eq!(said(&built), ["example.toml:2:10 syntax", "_a.toml:3:10 syntax"]);
}

#[test]
fn a_fault_in_the_middle_of_the_way_is_said_there() {
    let built = built("extends = \"_a.toml\"\n# file: _a.toml\nregion = \"westeurope\"\nextends = true\n");
    assert_eq!(said(&built), ["_a.toml:2:11 wrong-type"]);
}

#[test]
fn the_plan_lists_every_file_with_its_hash() {
    let built = built("extends = \"_a.toml\"\n# file: _a.toml\nregion = \"westeurope\"\n");
    let files = aks_egress::emit::all(built.checked().unwrap()).unwrap();
    let plan: serde_json::Value = serde_json::from_slice(&files.get("plan.json").unwrap().bytes).unwrap();
    let listed: Vec<_> = plan["inputs"].as_array().unwrap().iter().map(|input| &input["file"]).collect();
    assert_eq!(listed, ["example.toml", "_a.toml"]);
    assert_ne!(plan["inputs"][0]["sha256"], plan["inputs"][1]["sha256"]);
}

const BASE: &str = "region = \"westeurope\"\ncni = \"azure\"\n";

#[test]
fn paths_are_relative_to_the_file_that_holds_them() {
    let dir = project(&[
        ("one/dev.toml", "extends = \"../_team.toml\"\n"),
        ("_team.toml", "extends = \"shared/_all.toml\"\n"),
        ("shared/_all.toml", BASE),
    ]);
    let Ran { code, err, .. } = run(dir.path(), &["compile"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("wrote out/dev"), "{err}");
    // Standard input lies where its name says.
    let text = b"extends = \"../_team.toml\"\n";
    let Ran { code, err, .. } =
        run_with(dir.path(), &["validate", "-", "--stdin-filename", "profiles/one/x.toml"], text);
    assert_eq!(code, 0, "{err}");
    let Ran { code, out, .. } = run_with(dir.path(), &["validate", "--format", "short", "-"], text);
    assert_eq!(code, 1);
    assert!(out.starts_with("<stdin>:1:11: error[missing-base]: "), "{out}");
}

#[test]
fn what_cannot_be_read_is_an_error_at_the_key() {
    let dir = project(&[
        ("a.toml", "extends = \"folder\"\n"),
        ("b.toml", "extends = \"_missing.toml\"\n"),
        ("c.toml", "extends = \"_binary.toml\"\n"),
        ("d.toml", "extends = \"./d.toml\"\n"),
        ("e.toml", "extends = \"_large.toml\"\n"),
        ("f.toml", "extends = \"b.toml/x\"\n"),
        ("folder/x.toml", BASE),
        ("_large.toml", &"#\n".repeat(600_000)),
    ]);
    std::fs::write(dir.path().join("profiles/_binary.toml"), b"region = \"\xff\"").unwrap();
    let Ran { code, out, err } = run(dir.path(), &["validate", "--format", "short"]);
    assert_eq!(code, 1, "{err}");
    let lines: Vec<&str> = out.lines().filter(|line| !line.contains("folder/x.toml")).collect();
    assert_eq!(
        lines[..5],
        [
            "profiles/a.toml:1:11: error[unreadable-base]: cannot read folder: it is no file",
            "profiles/b.toml:1:11: error[missing-base]: there is no file _missing.toml to extend",
            "profiles/c.toml:1:11: error[unreadable-base]: cannot read _binary.toml: the byte 0xff at offset 10 is not UTF-8",
            "profiles/d.toml:1:11: error[extends-cycle]: profiles/d.toml leads back to ./d.toml",
            "profiles/e.toml:1:11: error[unreadable-base]: cannot read _large.toml: the file is larger than 1048576 bytes (1 MiB)",
        ]
    );
    assert!(lines[5].starts_with("profiles/f.toml:1:11: error[unreadable-base]: cannot read b.toml/x: "), "{lines:?}");
    assert!(!dir.path().join("out").exists());
}

#[test]
fn a_name_from_a_common_base_is_shown_where_it_stands() {
    let dir = project(&[
        ("a.toml", "extends = \"_base.toml\"\n"),
        ("b.toml", "extends = \"_base.toml\"\n"),
        ("_base.toml", "region = \"westeurope\"\nname = \"shop\"\n"),
    ]);
    let Ran { code, out, .. } = run(dir.path(), &["validate", "--format", "short"]);
    assert_eq!(code, 1);
    let line =
        "profiles/_base.toml:2:8: error[duplicate-profile-name]: another profile of this run is also named `shop`\n";
    assert_eq!(out, line, "what both profiles share is told once");
    let Ran { out, .. } = run(dir.path(), &["validate", "--format", "json"]);
    assert_eq!(out.matches("\"check\": \"duplicate-profile-name\"").count(), 2, "of each profile: {out}");
}

/// What a folder says must not change what one of its profiles becomes.
#[test]
fn the_company_of_other_profiles_changes_no_artifact() {
    let shared = "region = \"westeurope\"\nresource-group = \"g\"\n[cluster]\nname = \"one\"\n";
    let dir = project(&[("a.toml", shared), ("b.toml", shared)]);
    let Ran { code, err, .. } = run(dir.path(), &["compile", "-o", "both"]);
    assert_eq!(code, 0, "{err}");
    let line = "profile `b` also writes the cluster `one` in the resource group `g`";
    assert!(err.contains(line) && err.contains("warning[shared-resource]"), "{err}");
    assert_eq!(run(dir.path(), &["compile", "-o", "alone", "profiles/a.toml"]).code, 0);
    assert_eq!(files(&dir.path().join("both/a")), files(&dir.path().join("alone/a")));
}

#[test]
fn a_resource_that_is_shared_on_purpose_is_waived() {
    let text = "region = \"westeurope\"\nresource-group = \"g\"\n[cluster]\nname = \"one\"\n[[waive]]\n\
                check = \"shared-resource\"\nreason = \"they go to two subscriptions\"\n";
    let dir = project(&[("a.toml", text), ("b.toml", text)]);
    let Ran { code, out, err } = run(dir.path(), &["validate", "--deny", "warnings"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    // Alone there is nothing to waive, and nothing is said of it.
    let Ran { code, out, err } = run(dir.path(), &["validate", "--deny", "warnings", "profiles/a.toml"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
}

#[test]
fn init_writes_what_an_example_extends() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(run(dir.path(), &["init", "--example", "shop-dev"]).code, 0);
    assert_eq!(run(dir.path(), &["init", "--example", "shop-prod", "profiles/prod.toml"]).code, 0);
    let Ran { code, err, .. } = run(dir.path(), &["validate"]);
    assert_eq!(code, 0, "{err}");
}
