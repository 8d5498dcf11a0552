//! Bicep says what ARM says, parses without an error, and is clean under the official linter's rules.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::arm;
use crate::bicep_reader::{File, body, children, properties, read, unescape};
use crate::canon::{Canon, Template};
use crate::shared::{compile_text, examples, files_of, layers_of};
use crate::template::{CONTROL, HOSTILE, hostile_profile};

type Files = BTreeMap<String, Vec<u8>>;

fn text<'a>(files: &'a Files, path: &str) -> &'a str {
    std::str::from_utf8(files.get(path).unwrap_or_else(|| panic!("no {path}"))).unwrap()
}

/// Every `.bicep` file of a folder.
fn bicep_files(files: &Files) -> Vec<(String, File)> {
    let paths: Vec<&String> = files.keys().filter(|path| path.ends_with(".bicep")).collect();
    assert!(paths.len() > 1, "main and a module");
    paths.into_iter().map(|path| (path.clone(), File::parse(text(files, path), path))).collect()
}

fn template_of(files: &Files, layer: &str) -> Template {
    let main = File::parse(text(files, &format!("bicep/{layer}.bicep")), layer);
    let module = |path: &str| {
        let path = format!("bicep/{path}");
        File::parse(text(files, &path), &path)
    };
    read(&main, &module)
}

pub(crate) fn same_as_arm(files: &Files, place: &str) {
    for layer in layers_of(files) {
        layer_same_as_arm(files, layer, place);
    }
}

fn layer_same_as_arm(files: &Files, layer: &str, place: &str) {
    let json: Value = serde_json::from_str(text(files, &format!("arm/{layer}.json"))).unwrap();
    let (arm, bicep) = (arm::read(&json), template_of(files, layer));
    assert_eq!(arm.order, bicep.order, "{place}: order");
    let (arm, bicep) = (arm.closed(), bicep.closed());
    for (id, resource) in &arm.resources {
        similar_asserts(place, id, &format!("{resource:#?}"), &format!("{:#?}", bicep.resources[id]));
    }
    similar_asserts(place, "the rest", &format!("{arm:#?}"), &format!("{bicep:#?}"));
}

fn similar_asserts(place: &str, what: &str, arm: &str, bicep: &str) {
    let diff = similar::TextDiff::from_lines(arm, bicep);
    assert!(arm == bicep, "{place}: {what}\n{}", diff.unified_diff().header("arm", "bicep"));
}

/// The same question, answered rather than asserted.
fn agrees(files: &Files, layer: &str) -> bool {
    let json: Value = serde_json::from_str(text(files, &format!("arm/{layer}.json"))).unwrap();
    let (arm, bicep) = (arm::read(&json), template_of(files, layer));
    arm.order == bicep.order && format!("{:#?}", arm.closed()) == format!("{:#?}", bicep.closed())
}

/// A line that holds one value, with another value.
fn changed(line: &str) -> Option<String> {
    let start = line.len() - line.trim_start().len();
    let value = line[start..].split_once(": ").map_or(&line[start..], |(_, value)| value);
    let before = &line[..line.len() - value.len()];
    let other = match value {
        "true" => "false".to_owned(),
        "false" => "true".to_owned(),
        number if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => format!("{number}1"),
        text if text.len() > 1 && text.starts_with('\'') && text.ends_with('\'') => {
            format!("{}x'", &text[..text.len() - 1])
        }
        _ => return None,
    };
    (start > 0).then(|| format!("{before}{other}"))
}

/// The comparison notices every value that changes and every property that is dropped: one of each form, by its key, its
/// depth and what it stands in.
#[test]
fn a_change_of_bicep_is_noticed() {
    let mut tried = BTreeSet::new();
    let (mut values, mut drops) = (0, 0);
    for name in ["walkthrough", "policy-premium", "walkthrough-kubenet"] {
        let (_, files) = examples().into_iter().find(|(profile, _)| profile == name).unwrap();
        let main = text(&files, "bicep/main.bicep").to_owned();
        let lines: Vec<&str> = main.lines().collect();
        let with = |lines: &[&str]| {
            let mut other = files.clone();
            other.insert("bicep/main.bicep".to_owned(), format!("{}\n", lines.join("\n")).into_bytes());
            agrees(&other, "main")
        };
        assert!(with(&lines), "{name}: as it is");
        let mut inside = "";
        for (n, line) in lines.iter().enumerate() {
            if !line.starts_with(' ') {
                inside = line;
            }
            let Some(other) = changed(line).filter(|_| inside.starts_with("resource ")) else { continue };
            let key = line.split(": ").next().unwrap();
            let kind = inside.split('\'').nth(1).unwrap();
            // An item of a list has no key of its own: its form is that it is one.
            let form = if key.contains('\'') { "an item" } else { key };
            if !tried.insert(format!("{kind} {form} {}", key.len() - key.trim_start().len())) {
                continue;
            }
            let mut edited = lines.clone();
            edited[n] = &other;
            assert!(!with(&edited), "{name}: {line} became {other} in {inside}");
            values += 1;
            // What a resource is called and belongs to is asked for by the reader itself.
            if key.trim() != "name" {
                edited.remove(n);
                assert!(!with(&edited), "{name}: {line} is gone from {inside}");
                drops += 1;
            }
        }
    }
    assert!(values > 60 && drops > 40, "{values} values, {drops} drops");
}

#[test]
fn bicep_says_what_arm_says() {
    for (profile, files) in examples() {
        same_as_arm(&files, &profile);
    }
}

#[test]
fn hostile_text_stays_text_in_bicep() {
    for hostile in HOSTILE {
        let files = files_of(&compile_text(&hostile_profile(hostile)));
        same_as_arm(&files, hostile);
        let mut texts = Vec::new();
        for resource in template_of(&files, "main").resources.values() {
            Canon::Map(resource.fields.clone()).texts(&mut texts);
        }
        assert!(texts.iter().filter(|t| *t == hostile).count() >= 5, "{hostile}");
        let description = format!("{hostile}; owner: {hostile}; ticket: {hostile}");
        assert!(texts.contains(&description), "{hostile}: {texts:#?}");
    }
}

#[test]
fn control_characters_stay_in_their_string() {
    for hostile in CONTROL {
        let built = compile_text(&hostile_profile(hostile));
        let Some(checked) = built.checked() else { continue };
        let files = aks_egress::emit::all(checked).unwrap();
        let files: Files = files.iter().map(|(path, file)| (path.to_owned(), file.bytes.clone())).collect();
        same_as_arm(&files, hostile);
    }
}

/// The grammar knows no assignments of parameter files, which are spelled like variables.
#[test]
fn parameter_files_give_what_the_template_asks_for() {
    for (profile, files) in examples() {
        for layer in layers_of(&files) {
            let given = text(&files, &format!("bicep/{layer}.bicepparam"));
            assert!(given.contains(&format!("\nusing './{layer}.bicep'\n")), "{profile}");
            let file = File::parse(&given.replace("\nparam ", "\nvar "), &profile);
            let names: BTreeSet<String> = file.declarations().into_iter().map(|d| d.name).collect();
            let template = template_of(&files, layer);
            assert_eq!(names, template.parameters.keys().cloned().collect(), "{profile}");
            for one in file.declarations() {
                let value = file.of(*children(one.node).last().unwrap());
                let handed_over = one.name.ends_with("Id") || one.name.starts_with("firewallAddress");
                let open = one.name.starts_with("servicePrincipal") || handed_over;
                assert_eq!(value.starts_with("readEnvironmentVariable('"), open, "{profile}: {} = {value}", one.name);
            }
        }
    }
}

#[test]
fn the_first_line_says_where_a_file_comes_from() {
    for (profile, files) in examples() {
        for path in files.keys().filter(|path| path.starts_with("bicep/")) {
            let first = text(&files, path).lines().next().unwrap();
            assert!(first.starts_with(&format!("// Generated by aks-egress from {profile}.toml.")), "{path}: {first}");
        }
    }
}

/// Runs `rule` on every Bicep file of every profile; it says what is wrong.
fn lint(rule: impl Fn(&File, &mut Vec<String>)) {
    let mut problems = Vec::new();
    for (profile, files) in examples() {
        for (path, file) in bicep_files(&files) {
            let mut said = Vec::new();
            rule(&file, &mut said);
            problems.extend(said.into_iter().map(|line| format!("{profile}/{path}: {line}")));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn nothing_is_declared_in_vain() {
    lint(unused);
}

/// `no-unused-params`, `no-unused-vars`, `no-unused-existing-resources`.
fn unused(file: &File, said: &mut Vec<String>) {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    file.walk(&mut |node| {
        if node.kind() == "identifier" {
            *uses.entry(file.of(node).to_owned()).or_default() += 1;
        }
    });
    for one in file.declarations() {
        let existing = file.of(one.node).contains("' existing = {");
        let kind = one.node.kind();
        let counts = matches!(kind, "parameter_declaration" | "variable_declaration") || existing;
        if counts && uses[&one.name] < 2 {
            said.push(format!("{} is not used", one.name));
        }
    }
}

#[test]
fn secrets_are_secure_and_stay_inside() {
    lint(secrets);
}

/// `secure-secrets-in-params`, `secure-parameter-default`, `outputs-should-not-contain-secrets`.
fn secrets(file: &File, said: &mut Vec<String>) {
    let mut secure = BTreeSet::new();
    for one in file.declarations() {
        let lower = one.name.to_lowercase();
        let secret = ["secret", "password", "pwd", "accesskey"].iter().any(|word| lower.contains(word));
        match one.node.kind() {
            "parameter_declaration" => {
                let marked = one.decorators.iter().any(|d| d == "@secure()");
                if secret != marked {
                    said.push(format!("{} is secret: {secret}, secure: {marked}", one.name));
                }
                if marked && children(one.node).len() > 2 {
                    said.push(format!("{} has a default", one.name));
                }
                if marked {
                    secure.insert(one.name.clone());
                }
            }
            "output_declaration" => {
                let text = file.of(one.node);
                if secret || text.contains("list") || secure.iter().any(|name| text.contains(name.as_str())) {
                    said.push(format!("output {} tells a secret", one.name));
                }
            }
            _ => {}
        }
    }
}

#[test]
fn children_name_their_parent_and_references_are_symbols() {
    lint(symbolic);
}

/// `use-parent-property`, `use-resource-symbol-reference`, `use-resource-id-functions`, `prefer-interpolation`,
/// `simplify-interpolation`, `no-deployments-resources`.
fn symbolic(file: &File, said: &mut Vec<String>) {
    for one in file.declarations().iter().filter(|d| d.node.kind() == "resource_declaration") {
        let heading = file.of(children(one.node)[1]);
        let segments = heading.matches('/').count();
        let (object, _) = body(one);
        let keys: Vec<&str> = properties(object).iter().map(|(key, _)| file.of(*key)).collect();
        if (segments > 1) != keys.contains(&"parent") {
            said.push(format!("{} has {segments} segments and the properties {keys:?}", one.name));
        }
        let name = properties(object).into_iter().find(|(key, _)| file.of(*key) == "name").unwrap().1;
        if file.of(name).contains('/') {
            said.push(format!("{} has a slash in its name", one.name));
        }
        if heading.contains("Microsoft.Resources/deployments") {
            said.push(format!("{} is no module", one.name));
        }
    }
    file.walk(&mut |node| match node.kind() {
        "call_expression" => {
            let name = file.of(node.child_by_field_name("function").unwrap());
            // What a resource says of its own parts cannot be said by its symbol.
            let own =
                name == "resourceId" && file.of(node).starts_with("resourceId('Microsoft.Network/applicationGateways/");
            if !own
                && !matches!(
                    name,
                    "guid"
                        | "subscriptionResourceId"
                        | "resourceGroup"
                        | "any"
                        | "description"
                        | "allowed"
                        | "secure"
                        | "concat"
                        | "empty"
                )
            {
                said.push(format!("call of {name}"));
            }
        }
        "string" => {
            let lone = children(node).len() == 1 && children(node)[0].kind() == "interpolation";
            let key = node.parent().is_some_and(|p| p.kind() == "object_property" && p.named_child(0) == Some(node));
            if lone && !key && file.of(node).starts_with("'${") && file.of(node).ends_with("}'") {
                said.push(format!("interpolation of nothing else: {}", file.of(node)));
            }
        }
        "unary_expression" => said.push(format!("operator that the grammar does not know: {}", file.of(node))),
        _ => {}
    });
}

#[test]
fn depends_on_says_only_what_no_reference_implies() {
    for (profile, files) in examples() {
        for (path, file) in bicep_files(&files) {
            let module = |path: &str| File::parse(text(&files, &format!("bicep/{path}")), path);
            let declarations = file.declarations();
            for one in &declarations {
                let (object, _) = match one.node.kind() {
                    "resource_declaration" | "module_declaration" => body(one),
                    _ => continue,
                };
                let Some((_, list)) = properties(object).into_iter().find(|(key, _)| file.of(*key) == "dependsOn")
                else {
                    continue;
                };
                // Without the entry something has to be missing from what the resource waits for.
                let whole = read(&file, &module);
                let own = |template: &Template| {
                    let index = declarations_in_order(&file).iter().position(|name| *name == one.name).unwrap();
                    template.closure(&template.order[index])
                };
                for entry in children(list) {
                    let mut less = file.text.clone();
                    less.replace_range(entry.byte_range(), "");
                    let other = read(&File::parse(&less, &path), &module);
                    assert!(
                        own(&other).len() < own(&whole).len(),
                        "{profile}: {} needs no {}",
                        one.name,
                        file.of(entry)
                    );
                }
            }
        }
    }
}

fn declarations_in_order(file: &File) -> Vec<String> {
    let mut list = file.declarations();
    list.retain(|d| matches!(d.node.kind(), "resource_declaration" | "module_declaration"));
    list.retain(|d| !file.of(d.node).contains("' existing = {"));
    list.into_iter().map(|d| d.name).collect()
}

#[test]
fn locations_come_from_the_parameter() {
    lint(|file, said| {
        file.walk(&mut |node| {
            if node.kind() == "object_property" && file.of(children(node)[0]) == "location" {
                let value = file.of(children(node)[1]);
                if !matches!(value, "location" | "workspaceLocation") {
                    said.push(format!("location: {value}"));
                }
            }
        });
    });
}

#[test]
fn names_are_quoted_only_when_they_must_be() {
    lint(|file, said| {
        file.walk(&mut |node| {
            if node.kind() != "object_property" || children(node)[0].kind() != "string" {
                return;
            }
            let raw = file.of(children(node)[0]).trim_matches('\'');
            let mut chars = raw.chars();
            let plain = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
                && chars.all(|c| c.is_ascii_alphanumeric() || c == '_');
            if plain {
                said.push(format!("'{raw}' needs no quotes"));
            }
        });
    });
}

/// What the linter's own configuration lists.
const HOSTS: &str = "api.loganalytics.io azuredatalakeanalytics.net azuredatalakestore.net batch.core.windows.net \
    core.windows.net database.windows.net datalake.azure.net gallery.azure.com graph.windows.net \
    login.microsoftonline.com management.azure.com management.core.windows.net region.asazure.windows.net \
    trafficmanager.net vault.azure.net";

const DISABLE: &str = "#disable-next-line no-hardcoded-env-urls";

/// `no-hardcoded-env-urls`, with exactly the exemptions that are needed.
fn hosts(file: &File, said: &mut Vec<String>) {
    let mut lines = BTreeSet::new();
    file.walk(&mut |node| {
        let heading = node.parent().is_some_and(|p| matches!(p.kind(), "resource_declaration" | "module_declaration"));
        if node.kind() == "string" && !heading && names_host(file.of(node)) {
            lines.insert(node.start_position().row);
        }
    });
    for (row, line) in file.text.lines().enumerate() {
        let needed = lines.contains(&(row + 1));
        if (line.trim() == DISABLE) != needed {
            said.push(format!("line {}: the next one needs an exemption: {needed}", row + 1));
        }
        assert!(!line.contains("#disable") || line.trim() == DISABLE || line.contains('\''), "{line}");
    }
}

fn names_host(string: &str) -> bool {
    // Runs of characters that a host may hold, so that a host stands alone between dots.
    string.to_lowercase().split(|c: char| !c.is_alphanumeric() && c != '.').any(|word| {
        let dotted = format!(".{word}.");
        let listed = HOSTS.split_whitespace().any(|host| dotted.contains(&format!(".{host}.")));
        listed && !dotted.contains(".schema.management.azure.com.")
    })
}

#[test]
fn environment_hosts_are_exempted_line_by_line() {
    lint(hosts);
    let any = examples()
        .iter()
        .any(|(_, files)| layers_of(files).iter().any(|l| text(files, &format!("bicep/{l}.bicep")).contains(DISABLE)));
    assert!(any, "no profile names such a host");
    let list = "targetFqdns: [\n'*.blob.core.windows.net'\n]";
    let file = File::parse(&format!("var x = {{\n{list}\n}}\n"), "example");
    let mut said = Vec::new();
    hosts(&file, &mut said);
    assert_eq!(said.len(), 1, "{said:?}");
}

/// The rules above see what they are for.
#[test]
fn the_rules_refuse_what_they_are_for() {
    type Rule = fn(&File, &mut Vec<String>);
    for (rule, source) in [
        (unused as Rule, "param x string\n"),
        (unused, "var x = 1\n"),
        (unused, "resource x 'a/b@1' existing = {\n  name: 'x'\n}\n"),
        (secrets, "param mySecret string\n"),
        (secrets, "@secure()\nparam mySecret string = 'x'\n"),
        (secrets, "@secure()\nparam mySecret string\noutput x string = mySecret\n"),
        (symbolic, "resource x 'a/b/c@1' = {\n  name: 'p/x'\n}\n"),
        (symbolic, "output x string = resourceId('a/b', 'c')\n"),
        (symbolic, "output x string = '${y}'\n"),
        (hosts, "// head\noutput x string = 'management.azure.com'\n"),
        (hosts, "#disable-next-line no-hardcoded-env-urls\noutput x string = 'example.com'\n"),
    ] {
        let mut said = Vec::new();
        rule(&File::parse(source, source), &mut said);
        assert!(!said.is_empty(), "{source}");
    }
}

#[test]
fn strings_are_read_as_bicep_reads_them() {
    for (raw, expected) in [("a\\'b", "a'b"), ("\\\\n", "\\n"), ("\\n", "\n"), ("\\${x}", "${x}"), ("\\u{7}", "\u{7}")]
    {
        assert_eq!(unescape(raw), expected);
    }
}
