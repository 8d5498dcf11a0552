//! The forms that have a schema keep to it: our own JSON, and SARIF as it is published.

use aks_egress::diag::Report;
use aks_egress::report::{FORMS, Failure, Look, Run};
use aks_egress::{Built, checks};
use serde_json::{Value, json};

use crate::program::{project, run};
use crate::shared::{compile_text, outside_data, root};

/// What every example of every check comes to, and a profile with a waiver.
fn everything() -> Vec<Built> {
    let texts = checks::codes().into_iter().flat_map(|code| code.bad.iter().chain(code.good));
    let mut all: Vec<Built> = texts.map(|text| compile_text(text)).collect();
    let waived = "region = \"westeurope\"\ncni = \"kubenet\"\n\n[[waive]]\ncheck = \"kubenet-retirement\"\n\
                  reason = \"the cluster is replaced before that\"\nuntil = 2099-12-31\n";
    all.push(compile_text(waived));
    all
}

fn rendered(form: &str, reports: Vec<&Report>, failures: &[Failure]) -> Value {
    let form = FORMS.iter().find(|known| known.name == form).unwrap();
    let look = Look { pedantic: true, ..Look::PLAIN };
    let (version, codes) = ("1.2.3", checks::codes as fn() -> _);
    let text = (form.render)(&Run { reports, failures, look, deny: false, version, codes, repository: None });
    serde_json::from_str(&text).unwrap()
}

/// Runs of all kinds: with everything, with nothing, with failures alone.
fn documents(form: &str) -> Vec<Value> {
    let all = everything();
    let failures = [Failure { path: "no such.toml".to_owned(), message: "cannot read no such.toml: gone".to_owned() }];
    vec![
        rendered(form, all.iter().map(Built::report).collect(), &failures),
        rendered(form, Vec::new(), &[]),
        rendered(form, Vec::new(), &failures),
        rendered(form, vec![all.last().unwrap().report()], &[]),
    ]
}

fn faults(schema: &Value, document: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).unwrap();
    validator.iter_errors(document).take(5).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn own_schema() -> Value {
    serde_json::from_str(&std::fs::read_to_string(root().join("docs/report.schema.json")).unwrap()).unwrap()
}

/// The schema with every object closed, so that what it does not describe is a fault.
fn closed(mut schema: Value) -> Value {
    fn close(schema: &mut Value) {
        if let Value::Object(map) = schema {
            if map.contains_key("properties") && !map.contains_key("allOf") {
                map.insert("unevaluatedProperties".to_owned(), json!(false));
            }
            if map.contains_key("allOf") {
                map.insert("unevaluatedProperties".to_owned(), json!(false));
            }
            map.values_mut().for_each(close);
        }
        if let Value::Array(list) = schema {
            list.iter_mut().for_each(close);
        }
    }
    close(&mut schema);
    // A place stands within others, which are closed themselves.
    schema["$defs"]["place"].as_object_mut().unwrap().remove("unevaluatedProperties");
    schema
}

#[test]
fn json_keeps_to_its_schema_and_the_schema_describes_all_of_it() {
    let (open, closed) = (own_schema(), closed(own_schema()));
    for document in documents("json") {
        assert_eq!(faults(&closed, &document), [] as [String; 0]);
        assert_eq!(faults(&open, &document), [] as [String; 0]);
    }
    assert!(jsonschema::meta::is_valid(&open));
}

#[test]
fn the_schema_of_json_refuses_what_is_wrong_and_lets_members_be_added() {
    let (open, closed) = (own_schema(), closed(own_schema()));
    let good = documents("json").remove(0);
    let changed = |path: &str, value: Value| {
        let mut document = good.clone();
        *document.pointer_mut(path).unwrap() = value;
        document
    };
    for (path, value) in [
        ("/format", json!(2)),
        ("/findings/0/severity", json!("fatal")),
        ("/findings/0/labels", json!([])),
        ("/findings/0/labels/0/line", json!(0)),
        ("/findings/0/labels/0/bytes", json!([1])),
        ("/findings/0/check", json!("Some Check")),
        ("/failures/0/path", json!(null)),
        ("/summary/errors", json!(-1)),
    ] {
        assert!(!faults(&open, &changed(path, value)).is_empty(), "{path}");
    }
    for path in ["", "/findings/0", "/findings/0/labels/0", "/summary", "/failures/0"] {
        let mut document = good.clone();
        document.pointer_mut(path).unwrap()["new"] = json!(1);
        assert_eq!(faults(&open, &document), [] as [String; 0], "{path}");
        assert!(!faults(&closed, &document).is_empty(), "{path}");
    }
}

/// The published schema of SARIF.
fn published() -> Value {
    let path = outside_data().join("sarif/sarif-schema-2.1.0.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
#[ignore = "needs the schema of SARIF"]
fn sarif_keeps_to_the_published_schema() {
    let schema = published();
    let documents = documents("sarif");
    for document in &documents {
        assert_eq!(faults(&schema, document), [] as [String; 0]);
    }
    // All that is written was seen, so that nothing is valid by its absence.
    let text = documents[0].to_string();
    for member in ["relatedLocations", "fixes", "partialFingerprints", "helpUri", "toolExecutionNotifications"] {
        assert!(text.contains(&format!("\"{member}\":")), "{member}");
    }
    assert!(documents[3].to_string().contains("\"justification\":"), "{}", documents[3]);
    let mut broken = documents[0].clone();
    broken["runs"][0]["results"][0]["level"] = json!("fatal");
    assert!(!faults(&schema, &broken).is_empty());
}

#[test]
#[ignore = "needs the schema of SARIF"]
fn sarif_of_odd_files_keeps_to_the_published_schema() {
    let schema = published();
    let odd = ["", "\u{feff}", "\0\u{1}", "a = [\n", "# 😀\n\u{202e} = 1\r\n", "[[[", "region = \"\u{1b}[31m\"\n"];
    let names: Vec<String> = (0..odd.len()).map(|n| format!("odd {n}:[é]%.toml")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(odd).collect();
    let dir = project(&files);
    let paths: Vec<String> = names.iter().map(|name| format!("profiles/{name}")).collect();
    let mut args = vec!["validate", "--format", "sarif", "no/such\nfile.toml"];
    args.extend(paths.iter().map(String::as_str));
    let ran = run(dir.path(), &args);
    assert_eq!(ran.code, 2, "{}", ran.err);
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(faults(&schema, &document), [] as [String; 0]);
    assert!(document["runs"][0]["results"].as_array().unwrap().len() >= odd.len());
}
