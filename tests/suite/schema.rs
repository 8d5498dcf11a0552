//! The JSON Schema of profiles agrees with the reader about the shape of a document.
//!
//! Shape is what can be said of one table or one value alone: which keys a table has, which must be there and which
//! exclude each other, the type of a value, its words, its range, the form of its text. What a value means beside
//! another one is not shape: references, duplicates, addresses against each other, a range that ends before it begins.
//! Nor are host bits of a prefix and a date between quotes, which a schema of JSON cannot tell, nor which priorities Azure
//! takes, which a check says.
//!
//! Everything here is derived from the schema itself, so that a key, a form or a word that one side knows and the other
//! does not is a failure without anybody listing it.

mod places;
mod random;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use aks_egress::diag::{Finding, Findings, Report, Severity, Source, Sources};
use aks_egress::input::{Base, BaseText};
use aks_egress::profile;
use aks_egress::value::{Addresses, Ports};
use serde_json::{Map, Value, json};
use toml::Value as Toml;

use crate::shared;
use places::{Choices, Place, Schema, Step, kind, samples};

/// A name that is near to nothing.
const NONSENSE: &str = "qqqqqqqqqqqq";

/// What the reader says that is not about shape: a code that compares two values belongs here.
const BEYOND_SHAPE: &[&str] = &[
    "conflicting-keys",
    "duplicate-name",
    "empty-system-pool",
    "empty-variable",
    "host-bits",
    "incomplete-network",
    "mixed-collection",
    "monitoring-with-service-principal",
    "node-range",
    "pack-override",
    "spot-pool-surge",
    "unknown-reference",
];

/// Made once: the patterns of a schema take their time to compile.
static JUDGE: LazyLock<Judge> = LazyLock::new(Judge::new);

/// Both sides of the comparison.
struct Judge {
    schema: Schema,
    places: Vec<Place>,
    validator: jsonschema::Validator,
    /// Keys that hold dates.
    dates: BTreeSet<String>,
}

impl Judge {
    fn new() -> Self {
        let schema = Schema::new(profile::schema());
        let validator = jsonschema::validator_for(&schema.root).unwrap();
        let is_date = |place: &&Place| place.forms.iter().any(|form| form["format"] == "date");
        let key = |place: &Place| match place.way.last() {
            Some(Step::Key(key)) => key.clone(),
            other => panic!("a date at {other:?}"),
        };
        let places = schema.places();
        let dates = places.iter().filter(is_date).map(key).collect();
        Judge { schema, places, validator, dates }
    }

    /// What the reader says about the shape of a document.
    fn said(&self, text: &str) -> Vec<String> {
        let findings = report(text).findings;
        findings.iter().filter(|f| is_shape(f)).map(|f| format!("{}: {}", f.code.id, f.message)).collect()
    }

    /// What the schema says.
    fn faults(&self, document: &toml::Table) -> Vec<String> {
        let json = self.as_json("", &Toml::Table(document.clone()));
        self.validator.iter_errors(&json).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }

    /// A document as the JSON that a validator sees. Dates become texts where one belongs, and nothing elsewhere. Every
    /// number that can be a priority becomes one: which of them Azure takes is said by a check.
    fn as_json(&self, key: &str, value: &Toml) -> Value {
        match value {
            Toml::String(text) => json!(text),
            Toml::Integer(number) if key == "priority" && u32::try_from(*number).is_ok() => json!(300),
            Toml::Integer(number) => json!(number),
            Toml::Float(number) => json!(number),
            Toml::Boolean(flag) => json!(flag),
            Toml::Datetime(date) if self.dates.contains(key) && date.time.is_none() => json!(date.to_string()),
            Toml::Datetime(_) => Value::Null,
            Toml::Array(list) => list.iter().map(|item| self.as_json(key, item)).collect(),
            Toml::Table(table) => {
                Value::Object(table.iter().map(|(k, v)| (k.clone(), self.as_json(k, v))).collect::<Map<_, _>>())
            }
        }
    }

    /// Whether both accept a document; an error where they disagree.
    fn verdict(&self, document: &toml::Table) -> Result<bool, String> {
        if document.iter().any(|(_, value)| has_range_backwards(value)) {
            return Ok(false);
        }
        let text = toml::to_string(document).unwrap();
        let (said, faults) = (self.said(&text), self.faults(document));
        if said.is_empty() == faults.is_empty() {
            Ok(said.is_empty())
        } else {
            Err(format!("{text}reader: {said:#?}\nschema: {faults:#?}\n"))
        }
    }
}

/// What the reader says of a text. Whatever it extends is a profile that says everything.
fn report(text: &str) -> Report {
    let mut sources = Sources::default();
    let source = sources.add(Source { name: "test.toml".to_owned(), text: text.to_owned().into(), built_in: false });
    let whole = include_str!("whole.toml").to_owned()
        + "\n[egress.collections.x]\npriority = 400\n"
        + "rules = [{ name = \"a\", fqdns = [\"contoso.com\"] }]\n";
    let load = |path: &str, _: Option<&Base>| Base { name: path.to_owned(), text: BaseText::Read(whole.clone()) };
    let bases = profile::bases(text, load);
    let mut findings = Findings::default();
    profile::parse(&mut sources, source, &bases, Some("test"), &mut findings);
    Report { sources, findings: findings.finish() }
}

fn is_shape(finding: &Finding) -> bool {
    if finding.code.severity != Severity::Error || BEYOND_SHAPE.contains(&finding.code.id) {
        return false;
    }
    // A default that does not fit into another value is missed like a key that must be there.
    let default = ["does not fit", "has no tenth address"].iter().any(|part| finding.message.contains(part));
    let date = finding.code.id == "bad-date" && finding.message.ends_with(" is a string, not a date");
    let missing = finding.code.id == "missing-key" && default;
    // What a group holds is written elsewhere.
    let group = ["groups of addresses", "` holds addresses"].iter().any(|part| finding.message.contains(part));
    !date && !missing && !group
}

/// Whether a range of addresses or ports in a value is right but for its order.
fn has_range_backwards(value: &Toml) -> bool {
    match value {
        Toml::String(text) => {
            let Some((first, last)) = text.rsplit(':').next().and_then(|range| range.split_once('-')) else {
                return false;
            };
            let turned = format!("{last}-{first}");
            let right = |range: &str| Addresses::parse(range).is_ok() || Ports::parse(range).is_some();
            right(&turned) && !right(&format!("{first}-{last}"))
        }
        Toml::Array(list) => list.iter().any(has_range_backwards),
        Toml::Table(table) => table.iter().any(|(_, value)| has_range_backwards(value)),
        Toml::Integer(_) | Toml::Float(_) | Toml::Boolean(_) | Toml::Datetime(_) => false,
    }
}

/// Short values of every type of TOML, each with the name of its type in the schema.
fn shallow() -> Vec<(&'static str, Toml)> {
    let table = toml::Table::from_iter([(NONSENSE.to_owned(), Toml::Integer(1))]);
    vec![
        ("string", Toml::String(NONSENSE.to_owned())),
        ("integer", Toml::Integer(7)),
        ("number", Toml::Float(1.5)),
        ("boolean", Toml::Boolean(true)),
        ("date", Toml::Datetime("2027-01-31".parse().unwrap())),
        ("date", Toml::Datetime("2027-01-31T10:00:00Z".parse().unwrap())),
        ("array", Toml::Array(Vec::new())),
        ("object", Toml::Table(table)),
    ]
}

/// Runs `one` for every place and fails with everything that it says.
fn at_every_place(mut one: impl FnMut(&Judge, &Place) -> Vec<String>) {
    assert!(JUDGE.places.len() > 100, "only {} places", JUDGE.places.len());
    let problems: Vec<String> = JUDGE.places.iter().flat_map(|place| one(&JUDGE, place)).collect();
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn every_form_of_every_place_is_accepted_by_both() {
    at_every_place(|judge, place| {
        let one = |form: &Value| {
            let value = judge.schema.instance(form, &mut Choices::new(&[]));
            match judge.verdict(&place.holding(value)) {
                Ok(true) => None,
                Ok(false) => Some(format!("{}: both refuse the smallest value of {form}", place.path())),
                Err(difference) => Some(difference),
            }
        };
        place.forms.iter().filter_map(one).collect()
    });
}

#[test]
fn types_are_the_same() {
    at_every_place(|judge, place| {
        let open = place.forms.iter().any(|form| form["additionalProperties"].is_object());
        let types = place.types();
        let is_date = place.forms.iter().any(|form| form["format"] == "date");
        let one = |(kind, value): (&str, Toml)| {
            let day = matches!(&value, Toml::Datetime(date) if date.time.is_none());
            // A date between quotes is refused for being quoted; to JSON it is a text like another.
            let described = if is_date { day } else { types.contains(&kind) };
            // Where any name may stand, so may none.
            let value = if open && kind == "object" { Toml::Table(toml::Table::new()) } else { value };
            let text = toml::to_string(&place.holding(value)).unwrap();
            let refused = judge
                .said(&text)
                .iter()
                .any(|said| said.starts_with("wrong-type: ") || (is_date && said.starts_with("bad-date: ")))
                || (is_date && kind == "string");
            (described == refused).then(|| format!("{}: {kind}, of {types:?}\n{text}", place.path()))
        };
        if place.way.is_empty() { Vec::new() } else { shallow().into_iter().filter_map(one).collect() }
    });
}

#[test]
fn keys_are_the_same() {
    at_every_place(|_, place| {
        let closed: Vec<_> = place.forms.iter().filter(|form| form["additionalProperties"] == false).collect();
        let described: BTreeSet<&str> =
            closed.iter().flat_map(|form| form["properties"].as_object().unwrap().keys()).map(String::as_str).collect();
        let value = Toml::Table(toml::Table::from_iter([(NONSENSE.to_owned(), Toml::Integer(1))]));
        let text = toml::to_string(&place.holding(value)).unwrap();
        let findings = report(&text).findings;
        let known = findings.iter().find(|f| f.code.id == "unknown-key").map_or_else(BTreeSet::new, |unknown| {
            let help = unknown.help.as_deref().unwrap();
            let known = help.strip_prefix("known keys here: ").unwrap_or_else(|| panic!("{text}{help}"));
            // Azure gives the firewall's subnets their names: the reader knows the key only to say so.
            let fixed = |key: &str| place.path().starts_with("network.subnets.firewall") && key == "name";
            known.split(", ").filter(|key| !fixed(key)).collect()
        });
        if known == described {
            Vec::new()
        } else {
            vec![format!("{}\nreader: {known:?}\nschema: {described:?}", place.path())]
        }
    });
}

#[test]
fn words_are_the_same_with_the_default_first() {
    at_every_place(|judge, place| {
        let Some(form) = place.forms.iter().find(|form| form.get("enum").is_some()) else { return Vec::new() };
        let words: Vec<&str> = form["enum"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
        let text = toml::to_string(&place.holding(Toml::String(NONSENSE.to_owned()))).unwrap();
        let said = judge.said(&text);
        let known = said.iter().find_map(|said| said.split_once(" is not one of "));
        let known: Vec<&str> = known.map_or_else(Vec::new, |(_, list)| list.split(", ").collect());
        let default = form.get("default").is_none_or(|default| default == words[0]);
        if known == words && default {
            Vec::new()
        } else {
            vec![format!("{}\nreader: {said:?}\nschema: {words:?}", place.path())]
        }
    });
}

#[test]
fn ranges_are_the_same() {
    at_every_place(|judge, place| {
        let numbers = place.forms.iter().filter(|form| form.get("minimum").is_some());
        let bound = |form: &Value, key: &str| form[key].as_i64().unwrap();
        let edges = numbers.flat_map(|form| {
            let (low, high) = (bound(form, "minimum"), bound(form, "maximum"));
            [low - 1, low, high, high + 1, -1, i64::MAX]
        });
        let one = |edge| judge.verdict(&place.holding(Toml::Integer(edge))).err();
        edges.filter_map(one).collect()
    });
}

#[test]
fn a_table_needs_the_same_keys() {
    at_every_place(|judge, place| {
        let mut problems = Vec::new();
        for form in place.forms.iter().filter(|form| kind(form) == "object") {
            let Toml::Table(whole) = judge.schema.instance(form, &mut Choices::new(&[])) else { continue };
            for key in whole.keys() {
                let mut less = whole.clone();
                less.remove(key);
                match judge.verdict(&place.holding(Toml::Table(less))) {
                    Ok(false) => {}
                    Ok(true) => problems.push(format!("{}: nobody misses {key}", place.path())),
                    Err(difference) => problems.push(difference),
                }
            }
        }
        problems
    });
}

#[test]
fn texts_get_the_same_verdict() {
    let places = &JUDGE.places;
    let is_text =
        |place: &&Place| place.types().contains(&"string") && !place.forms.iter().any(|f| f["format"] == "date");
    // Every text that belongs somewhere is tried everywhere, with those that belong nowhere.
    let mut texts: BTreeSet<String> = random::ODD_TEXTS.iter().map(|text| (*text).to_owned()).collect();
    texts.extend(places.iter().flat_map(|place| &place.forms).filter(|f| kind(f) == "string").flat_map(samples));
    let (mut valid, mut invalid, mut problems) = (0, 0, Vec::new());
    for place in places.iter().filter(is_text) {
        for text in &texts {
            match JUDGE.verdict(&place.holding(Toml::String(text.clone()))) {
                Ok(true) => valid += 1,
                Ok(false) => invalid += 1,
                Err(difference) => problems.push(difference),
            }
        }
    }
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems[..problems.len().min(20)].join("\n"));
    assert!(valid > 500 && invalid > 500, "{valid} valid, {invalid} invalid");
}

/// What is written for a profile, without what depends on its text.
fn written(document: &toml::Table) -> BTreeMap<String, Vec<u8>> {
    let built = shared::compile_text(&toml::to_string(document).unwrap());
    let mut files = shared::files_of(&built);
    files.retain(|path, _| path != "plan.json" && !path.starts_with("review."));
    files
}

/// A default that is stated is what happens where nothing is written.
#[test]
fn defaults_are_those_of_the_program() {
    let mut compared = 0;
    at_every_place(|_, place| {
        let Some(default) = place.forms.iter().find_map(|form| form.get("default")) else { return Vec::new() };
        let Some((Step::Key(key), way)) = place.way.split_last() else { return Vec::new() };
        let default: Toml = serde_json::from_value(default.clone()).unwrap();
        let with = place.holding(default);
        let mut without = Toml::Table(with.clone());
        let table = way.iter().fold(&mut without, |node, step| match step {
            Step::Key(key) => &mut node[key.as_str()],
            Step::Element => &mut node[0],
        });
        table.as_table_mut().unwrap().remove(key);
        compared += 1;
        let same = written(&with) == written(without.as_table().unwrap());
        if same { Vec::new() } else { vec![format!("the default of {} is another one", place.path())] }
    });
    assert!(compared > 30, "only {compared} defaults");
}

#[test]
fn every_place_is_described() {
    at_every_place(|_, place| {
        let mut problems = Vec::new();
        let says =
            |form: &Value| form["description"].as_str().is_some_and(|text| text.ends_with('.') && text.len() > 5);
        if matches!(place.way.last(), Some(Step::Key(key)) if key != places::CHOSEN) && !place.forms.iter().all(says) {
            problems.push(format!("{} has no description", place.path()));
        }
        let bounded = |form: &Value| ["pattern", "enum", "const", "format"].iter().any(|key| form.get(key).is_some());
        if place.forms.iter().any(|form| kind(form) == "string" && !bounded(form)) {
            problems.push(format!("{} has no pattern", place.path()));
        }
        problems
    });
}

#[test]
fn examples_and_the_starter_are_valid() {
    let starter = profile::starter().to_owned();
    let whole = include_str!("whole.toml").to_owned();
    let files = shared::profiles().into_iter().map(|path| std::fs::read_to_string(path).unwrap());
    let codes = aks_egress::rules::CODES.iter().chain(profile::CODES).flat_map(|c| c.good);
    let codes = codes.map(|text| shared::files_of_example("example.toml", text)[0].1.to_owned());
    for text in files.chain([starter, whole]).chain(codes) {
        assert_eq!(JUDGE.faults(&text.parse().unwrap()), [""; 0], "{text}");
    }
}

#[test]
fn examples_in_the_schema_are_valid() {
    at_every_place(|judge, place| {
        let fits = |value: &Value| {
            let node = json!({ "$defs": judge.schema.root["$defs"], "anyOf": place.forms });
            jsonschema::validator_for(&node).unwrap().is_valid(value)
        };
        let examples = place.forms.iter().flat_map(|form| form["examples"].as_array().into_iter().flatten());
        let defaults = place.forms.iter().filter_map(|form| form.get("default"));
        let odd = examples.chain(defaults).filter(|value| !fits(value));
        odd.map(|value| format!("{value} does not fit {}", place.path())).collect()
    });
}

#[test]
fn the_starter_is_clean_with_and_without_its_settings() {
    let starter = profile::starter();
    let setting = |line: &str| line.starts_with('#') && !line.starts_with("# ") && line.len() > 1;
    let all: String =
        starter.lines().map(|line| format!("{}\n", if setting(line) { &line[1..] } else { line })).collect();
    assert!(starter.lines().filter(|l| setting(l)).count() > 30);
    for text in [starter, &all] {
        let messages: Vec<_> = report(text).findings.iter().map(|f| f.message.clone()).collect();
        assert_eq!(messages, [""; 0]);
    }
}
