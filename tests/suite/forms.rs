//! The forms of findings read back as their readers read them: JSON, XML, and the commands of build services.

use std::collections::BTreeMap;

use aks_egress::diag::Report;
use aks_egress::report::{FORMS, Failure, Look, Run};
use serde_json::Value;

/// A run over some reports as a form gives it.
pub(crate) fn render(form: &str, reports: &[&Report], failures: &[Failure]) -> String {
    render_with(form, reports, failures, Look::PLAIN, false)
}

/// The same with a look of its own, and perhaps with warnings refused.
pub(crate) fn render_with(form: &str, reports: &[&Report], failures: &[Failure], look: Look, deny: bool) -> String {
    let form = FORMS.iter().find(|known| known.name == form).unwrap_or_else(|| panic!("no form {form}"));
    let run =
        Run { reports: reports.to_vec(), failures, look, deny, version: "1.2.3", codes: Vec::new, repository: None };
    (form.render)(&run)
}

/// One finding or failure as a reader of a form sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) path: String,
    /// Line and column; nothing where the form gives none.
    pub(crate) start: Option<(u64, u64)>,
    pub(crate) end: Option<(u64, u64)>,
    pub(crate) level: String,
    pub(crate) check: String,
    pub(crate) text: String,
}

/// The findings of a form. Fails when it cannot be read, or holds anything else.
pub(crate) fn read(form: &str, text: &str) -> Vec<Seen> {
    match form {
        "short" => text.lines().map(short).collect(),
        "json" => json(text),
        "sarif" => sarif(text),
        "github" => text.lines().map(github).collect(),
        "azure-pipelines" => text.lines().map(azure).collect(),
        "gitlab" => gitlab(text),
        "junit" => junit(text),
        other => panic!("nobody reads {other} back"),
    }
}

fn short(line: &str) -> Seen {
    // The path may hold colons, so the numbers are looked for from the severity backwards.
    let at = [": error[", ": warning[", ": advice["].iter().filter_map(|mark| line.find(mark)).min().expect(line);
    let (place, rest) = line.split_at(at);
    let mut parts = place.rsplitn(3, ':');
    let column = parts.next().unwrap().parse().expect(line);
    let start = Some((parts.next().unwrap().parse().expect(line), column));
    let (level, rest) = rest[2..].split_once('[').unwrap();
    let (check, text) = rest.split_once("]: ").unwrap();
    let owned = str::to_owned;
    Seen {
        path: owned(parts.next().unwrap()),
        start,
        end: None,
        level: owned(level),
        check: owned(check),
        text: owned(text),
    }
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("no number: {value}"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("no array: {value}"))
}

fn json(text: &str) -> Vec<Seen> {
    let document: Value = serde_json::from_str(text).unwrap();
    let findings = list(&document["findings"]).iter().map(|finding| {
        let label = &finding["labels"][0];
        Seen {
            path: string(&label["path"]),
            start: Some((number(&label["line"]), number(&label["column"]))),
            end: Some((number(&label["end-line"]), number(&label["end-column"]))),
            level: string(&finding["severity"]),
            check: string(&finding["check"]),
            text: string(&finding["message"]),
        }
    });
    let failures = list(&document["failures"]).iter().map(|failure| failed(&failure["path"], &failure["message"]));
    findings.chain(failures).collect()
}

fn failed(path: &Value, text: &Value) -> Seen {
    let (path, text) = (string(path), string(text));
    Seen { path, text, level: "error".to_owned(), check: "unreadable-input".to_owned(), ..Seen::default() }
}

/// What stands behind the percent signs of an address.
pub(crate) fn decoded(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            assert!(byte.is_ascii_graphic() && !b" \"<>\\^`{|}".contains(&byte), "{uri}");
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn sarif(text: &str) -> Vec<Seen> {
    let document: Value = serde_json::from_str(text).unwrap();
    let run = &document["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let address = |location: &Value| decoded(location["uri"].as_str().unwrap());
    let results = list(&run["results"]).iter().map(|result| {
        let place = &result["locations"][0]["physicalLocation"];
        let artifact = number(&place["artifactLocation"]["index"]) as usize;
        assert_eq!(place["artifactLocation"]["uri"], run["artifacts"][artifact]["location"]["uri"]);
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap_or(u64::MAX) as usize];
        assert!(rule.is_null() || rule["id"] == result["ruleId"], "{result}");
        let region = &place["region"];
        Seen {
            path: address(&place["artifactLocation"]),
            start: Some((number(&region["startLine"]), number(&region["startColumn"]))),
            end: Some((number(&region["endLine"]), number(&region["endColumn"]))),
            level: string(&result["level"]),
            check: string(&result["ruleId"]),
            text: message(&string(&result["message"]["text"]), result),
        }
    });
    let failures = list(&run["invocations"][0]["toolExecutionNotifications"]).iter().map(|told| {
        let path = address(&told["locations"][0]["physicalLocation"]["artifactLocation"]);
        assert_eq!(told["descriptor"]["id"], run["tool"]["driver"]["notifications"][0]["id"]);
        failed(&path.into(), &message(&string(&told["message"]["text"]), told).into())
    });
    results.chain(failures).collect()
}

/// A message of SARIF as a viewer shows it: links as their text, braces once. Every link must lead somewhere.
fn message(text: &str, result: &Value) -> String {
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '{' | '}' => assert_eq!(chars.next().map(|(_, next)| next), Some(c), "a lone brace in {text}"),
            '[' => {
                if let Some((shown, id, length)) = link(&text[at..]) {
                    let places = list(&result["relatedLocations"]);
                    let place = places.iter().find(|place| place["id"] == id).expect("a link leads to a place");
                    assert_eq!(shown.replace("{{", "{").replace("}}", "}"), one_brace(&place["message"]["text"]));
                    out.push_str(&shown.replace("{{", "{").replace("}}", "}"));
                    let end = at + length;
                    while chars.clone().next().is_some_and(|(next, _)| next < end) {
                        chars.next();
                    }
                    continue;
                }
            }
            _ => {}
        }
        out.push(c);
    }
    out
}

fn one_brace(text: &Value) -> String {
    string(text).replace("{{", "{").replace("}}", "}")
}

/// `[text](id)` at the beginning: the text without escapes, the number, and the length.
fn link(text: &str) -> Option<(String, u64, usize)> {
    let mut shown = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => shown.push(chars.next()?.1),
            '[' => return None,
            ']' => {
                let (id, _) = text[at + 1..].strip_prefix('(')?.split_once(')')?;
                return Some((shown, id.parse().expect("a link is a number"), at + 3 + id.len()));
            }
            c => shown.push(c),
        }
    }
    None
}

/// A line as the runner of GitHub Actions takes it: the command, its properties and its text.
pub(crate) fn github_command(line: &str) -> Option<(String, BTreeMap<String, String>, String)> {
    let known = [
        "add-mask",
        "add-matcher",
        "add-path",
        "debug",
        "echo",
        "endgroup",
        "error",
        "group",
        "notice",
        "remove-matcher",
        "save-state",
        "set-env",
        "set-output",
        "stop-commands",
        "warning",
    ];
    let is_known = |name: &str| known.iter().any(|known| known.eq_ignore_ascii_case(name));
    let properties = |text: &str, separator: char, unescape: &dyn Fn(&str) -> String| {
        let pairs = text.trim().split(separator).filter_map(|pair| pair.split_once('='));
        pairs.filter(|(_, value)| !value.is_empty()).map(|(key, value)| (key.to_owned(), unescape(value))).collect()
    };
    let unescape = |text: &str, pairs: &[(&str, &str)]| {
        pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    };
    if let Some((info, data)) = line.trim_start().strip_prefix("::").and_then(|rest| rest.split_once("::")) {
        let (name, rest) = info.split_once(' ').unwrap_or((info, ""));
        if is_known(name) {
            let property =
                |text: &str| unescape(text, &[("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")]);
            let data = unescape(data, &[("%0D", "\r"), ("%0A", "\n"), ("%25", "%")]);
            return Some((name.to_owned(), properties(rest, ',', &property), data));
        }
    }
    // The older spelling, which is still read anywhere in a line.
    let (_, rest) = line.split_once("##[")?;
    let (info, data) = rest.split_once(']')?;
    let (name, rest) = info.split_once(' ').unwrap_or((info, ""));
    is_known(name).then(|| (name.to_owned(), properties(rest, ';', &str::to_owned), data.to_owned()))
}

fn github(line: &str) -> Seen {
    let (name, properties, text) = github_command(line).unwrap_or_else(|| panic!("no command: {line}"));
    let number = |key: &str| properties.get(key).map(|text| text.parse::<u64>().unwrap());
    let place = |line: &str, column: &str| number(line).map(|line| (line, number(column).unwrap_or(0)));
    let text = if properties.contains_key("file") { text } else { format!(": unreadable-input]: {text}") };
    // The text begins with the short form, which says where and which check.
    let (before, message) = text.split_once("]: ").unwrap();
    let check = before.rsplit(['[', ' ']).next().unwrap();
    Seen {
        path: properties.get("file").cloned().unwrap_or_default(),
        start: place("line", "col"),
        end: place("endLine", "endColumn"),
        level: name.replace("notice", "advice"),
        check: check.to_owned(),
        text: message.to_owned(),
    }
}

/// A line as the agent of Azure Pipelines takes it: area and event, properties and text.
pub(crate) fn azure_command(line: &str) -> Option<(String, BTreeMap<String, String>, String)> {
    let (_, rest) = line.split_once("##vso[")?;
    let (info, data) = rest.split_once(']')?;
    let (name, rest) = info.split_once(' ').unwrap_or((info, ""));
    let unescape = |text: &str| {
        let pairs = [("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%AZP25", "%")];
        pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    };
    let pairs = rest.split(';').filter_map(|pair| pair.split_once('='));
    let properties = pairs.map(|(key, value)| (key.trim().to_owned(), unescape(value.trim()))).collect();
    Some((name.to_owned(), properties, unescape(data)))
}

fn azure(line: &str) -> Seen {
    assert!(line.starts_with("##vso[task.logissue "), "{line}");
    let (_, properties, text) = azure_command(line).unwrap();
    let number = |key: &str| properties.get(key).map(|text| text.parse::<u64>().unwrap());
    Seen {
        path: properties.get("sourcepath").cloned().unwrap_or_default(),
        start: number("linenumber").map(|line| (line, number("columnnumber").unwrap())),
        end: None,
        level: properties["type"].clone(),
        check: properties.get("code").cloned().unwrap_or_else(|| "unreadable-input".to_owned()),
        text,
    }
}

fn gitlab(text: &str) -> Vec<Seen> {
    let document: Value = serde_json::from_str(text).unwrap();
    let mut prints = std::collections::BTreeSet::new();
    let violation = |value: &Value| {
        assert!(prints.insert(string(&value["fingerprint"])), "a fingerprint stands twice: {value}");
        let level = match value["severity"].as_str().unwrap() {
            "critical" | "blocker" => "error",
            "major" => "warning",
            "info" => "advice",
            other => panic!("severity {other}"),
        };
        Seen {
            path: string(&value["location"]["path"]),
            start: Some((number(&value["location"]["lines"]["begin"]), 0)),
            end: value["location"]["lines"]["end"].as_u64().map(|line| (line, 0)),
            level: level.to_owned(),
            check: string(&value["check_name"]),
            text: string(&value["description"]),
        }
    };
    list(&document).iter().map(violation).collect()
}

/// One entry per test case that fails or could not be tried.
fn junit(text: &str) -> Vec<Seen> {
    let document = roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let cases: Vec<_> = document.descendants().filter(|node| node.has_tag_name("testcase")).collect();
    let count = |name: &str| cases.iter().filter(|case| case.children().any(|node| node.has_tag_name(name))).count();
    for suite in document.descendants().filter(|node| node.tag_name().name().starts_with("testsuite")) {
        let told = |name: &str| suite.attribute(name).unwrap().parse::<usize>().unwrap();
        assert_eq!((told("tests"), told("failures")), (cases.len(), count("failure")));
        assert_eq!(told("errors"), count("error"));
    }
    let broken = cases.iter().filter_map(|case| {
        let what = case.children().find(|node| node.has_tag_name("failure") || node.has_tag_name("error"))?;
        Some(Seen {
            path: case.attribute("file").unwrap().to_owned(),
            start: Some((case.attribute("line").unwrap().parse().unwrap(), 0)),
            end: None,
            level: what.tag_name().name().to_owned(),
            check: what.attribute("type").unwrap().to_owned(),
            text: format!("{}\n{}", what.attribute("message").unwrap(), what.text().unwrap_or_default()),
        })
    });
    broken.collect()
}
