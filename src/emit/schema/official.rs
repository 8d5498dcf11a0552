//! Microsoft's published schemas, read from a folder of the caller's: an outside opinion on a template.
//!
//! Nothing is fetched. A resource is compared with the one definition of its type and API version; of a choice between a
//! type and an expression only the side that was meant is reported.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, Retrieve, Uri, ValidationError, Validator};
use serde_json::{Value, json};

use crate::emit::{FileSet, Target};

const BASE: &str = "https://schema.management.azure.com/schemas/";
const INDEX: &str = "template-subset.json";

/// Reads a file by its path below the folder of schemas.
type Read = dyn Fn(&str) -> Result<String, String> + Send + Sync;

/// The schemas of a folder, compiled as they are needed.
pub struct Official {
    read: Arc<Read>,
    index: Value,
    compiled: BTreeMap<(String, String), Option<Validator>>,
}

impl fmt::Debug for Official {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Official").field("compiled", &self.compiled.keys()).finish_non_exhaustive()
    }
}

/// The folder cannot be used: a file is missing or is no schema.
#[derive(Debug)]
pub struct SchemasError(String);

impl fmt::Display for SchemasError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SchemasError {}

/// What the templates and parameter files among `files` break: one line each, with the file and the place. `read` reads
/// a file by its path below the folder of schemas.
///
/// # Errors
/// When a schema is missing or broken.
pub fn violations(
    files: &FileSet,
    read: impl Fn(&str) -> Result<String, String> + Send + Sync + 'static,
) -> Result<Vec<String>, SchemasError> {
    let mut official = Official::open(read)?;
    let mut list = Vec::new();
    for (path, file) in files.iter().filter(|(path, _)| Target::Arm.owns(path)) {
        let document = serde_json::from_slice(&file.bytes).map_err(|e| SchemasError(format!("{path}: {e}")))?;
        let found = if path.ends_with(".parameters.json") {
            official.parameter_violations(&document)?
        } else {
            official.violations(&document)?
        };
        list.extend(found.into_iter().map(|line| format!("{path}: {line}")));
    }
    Ok(list)
}

impl Official {
    /// Opens a folder. `read` gives the text of a file by its path below the folder, with `/`.
    ///
    /// # Errors
    /// When the folder has no `template-subset.json`.
    pub fn open(read: impl Fn(&str) -> Result<String, String> + Send + Sync + 'static) -> Result<Self, SchemasError> {
        let read: Arc<Read> = Arc::new(read);
        let index = document(&*read, INDEX)?;
        Ok(Official { read, index, compiled: BTreeMap::new() })
    }

    /// What a template breaks: one line each, with the place. A type that the folder does not know is one line too.
    ///
    /// # Errors
    /// When a schema is missing or broken.
    pub fn violations(&mut self, template: &Value) -> Result<Vec<String>, SchemasError> {
        let mut list = self.frame(template)?;
        self.resources(template, "", &mut list)?;
        Ok(list)
    }

    /// What a parameter file breaks.
    ///
    /// # Errors
    /// When a schema is missing or broken.
    pub fn parameter_violations(&mut self, file: &Value) -> Result<Vec<String>, SchemasError> {
        let schema = json!({ "$ref": format!("{BASE}2019-04-01/deploymentParameters.json") });
        Ok(lines(&self.compile(&schema)?, file, ""))
    }

    /// Everything of a template but its resources.
    fn frame(&self, template: &Value) -> Result<Vec<String>, SchemasError> {
        let mut properties = self.index["properties"].clone();
        let mut frame = template.clone();
        for map in [&mut properties, &mut frame].into_iter().filter_map(Value::as_object_mut) {
            map.shift_remove("resources");
        }
        let schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
        Ok(lines(&self.compile(&schema)?, &frame, ""))
    }

    fn resources(&mut self, template: &Value, place: &str, list: &mut Vec<String>) -> Result<(), SchemasError> {
        for (index, resource) in template["resources"].as_array().into_iter().flatten().enumerate() {
            let place = format!("{place}/resources/{index}");
            let text = |name: &str| resource[name].as_str().unwrap_or_default().to_owned();
            let key = (text("type"), text("apiVersion"));
            if !self.compiled.contains_key(&key) {
                let validator = self.find(&key.0, &key.1)?;
                self.compiled.insert(key.clone(), validator);
            }
            match self.compiled.get(&key) {
                Some(Some(validator)) => list.extend(lines(validator, &by_own_name(resource), &place)),
                Some(None) | None => list.push(format!("{place}: no schema of {} at {}", key.0, key.1)),
            }
            let inner = &resource["properties"]["template"];
            if inner.is_object() {
                self.resources(inner, &format!("{place}/properties/template"), list)?;
            }
        }
        Ok(())
    }

    /// The definition whose `type` and `apiVersion` are the resource's.
    fn find(&self, kind: &str, version: &str) -> Result<Option<Validator>, SchemasError> {
        let prefix = format!("{BASE}{version}/");
        let choices = self.index["definitions"]["resource"]["allOf"][1]["anyOf"].as_array().into_iter().flatten();
        let mut last: Option<(String, Value)> = None;
        for reference in choices.filter_map(|choice| choice["$ref"].as_str()).filter(|r| r.starts_with(&prefix)) {
            let Some((file, pointer)) = reference[BASE.len()..].split_once('#') else { continue };
            if last.as_ref().is_none_or(|(name, _)| name != file) {
                last = Some((file.to_owned(), document(&*self.read, file)?));
            }
            let definition = last.as_ref().and_then(|(_, content)| content.pointer(pointer));
            let kinds = definition.and_then(|d| d["properties"]["type"]["enum"].as_array());
            if kinds.into_iter().flatten().any(|k| k.as_str().is_some_and(|k| k.eq_ignore_ascii_case(kind))) {
                return self.compile(&json!({ "$ref": reference })).map(Some);
            }
        }
        Ok(None)
    }

    fn compile(&self, schema: &Value) -> Result<Validator, SchemasError> {
        jsonschema::options()
            .with_draft(Draft::Draft4)
            .with_retriever(Folder(Arc::clone(&self.read)))
            .build(schema)
            .map_err(|error| SchemasError(error.to_string()))
    }
}

/// Answers references with files of the folder.
struct Folder(Arc<Read>);

impl Retrieve for Folder {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let path = uri.as_str().strip_prefix(BASE).ok_or_else(|| format!("{uri} is not in the folder"))?;
        let mut content = document(&*self.0, path)?;
        // The root names every resource type there is: thousands of schemas, while resources are compared one by one.
        if path.ends_with("/deploymentTemplate.json")
            && let Some(resource) = content.pointer_mut("/definitions/resource")
        {
            *resource = json!({});
        }
        Ok(content)
    }
}

/// A schema, with the empty fragment cut off its `id`, which would make it another document's.
fn document(read: &Read, path: &str) -> Result<Value, SchemasError> {
    let say = |problem: String| SchemasError(format!("{path}: {problem}"));
    let text = read(path).map_err(say)?;
    let mut value: Value = serde_json::from_str(&text).map_err(|error| say(error.to_string()))?;
    if let Some(id) = value.get_mut("id")
        && let Some(text) = id.as_str()
    {
        *id = json!(text.trim_end_matches('#'));
    }
    Ok(value)
}

/// A resource whose name is its own alone: the schemas describe a child's name without those of its parents.
fn by_own_name(resource: &Value) -> Value {
    let mut resource = resource.clone();
    let own = resource["name"].as_str().filter(|name| !name.starts_with('[')).and_then(|name| name.rsplit('/').next());
    if let Some(own) = own.map(str::to_owned) {
        resource["name"] = json!(own);
    }
    resource
}

fn lines(validator: &Validator, instance: &Value, place: &str) -> Vec<String> {
    let mut list = Vec::new();
    for error in validator.iter_errors(instance) {
        explain(&error, &mut |error| {
            if !narrower(error) {
                list.push(format!("{place}{}: {error}", error.instance_path()));
            }
        });
    }
    list.dedup();
    list
}

/// Where the published schemas take less than the service does: the streams of a data collection rule are an open list,
/// and an expression handed to a module fits more than one of the forms that a value may have.
fn narrower(error: &ValidationError<'_>) -> bool {
    let expression = error.instance().as_str().is_some_and(|text| text.starts_with('[') && text.ends_with(']'));
    let twice = matches!(error.kind(), ValidationErrorKind::OneOfMultipleValid { context: _ });
    (expression && twice) || error.instance_path().as_str().ends_with("/streams")
}

/// Follows the alternative that was meant down to what is wrong in it.
fn explain(error: &ValidationError<'_>, say: &mut dyn FnMut(&ValidationError<'_>)) {
    match alternatives(error).and_then(|choices| meant(error, choices)) {
        Some(errors) => errors.iter().for_each(|inner| explain(inner, say)),
        None => say(error),
    }
}

fn alternatives<'a>(error: &'a ValidationError<'_>) -> Option<&'a [Vec<ValidationError<'static>>]> {
    if let ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } = error.kind() {
        return Some(context);
    }
    None
}

/// Not an expression, not of another kind, and of what remains the one that was followed deepest.
fn meant<'a>(
    error: &ValidationError<'_>,
    choices: &'a [Vec<ValidationError<'static>>],
) -> Option<&'a Vec<ValidationError<'static>>> {
    let here = error.instance_path().as_str();
    let other_kind = |inner: &ValidationError<'_>| {
        let below = inner.instance_path().as_str().strip_prefix(here).unwrap_or_default();
        matches!(inner.kind().keyword(), "enum" | "const") && below.matches('/').count() == 1
    };
    let expression = |inner: &ValidationError<'_>| {
        inner.absolute_keyword_location().is_some_and(|uri| uri.as_str().contains("#/definitions/expression"))
    };
    let depth = |errors: &Vec<ValidationError<'static>>| {
        errors.iter().map(|e| e.instance_path().as_str().matches('/').count()).max()
    };
    choices
        .iter()
        .filter(|errors| !errors.is_empty() && !errors.iter().any(|e| other_kind(e) || expression(e)))
        .max_by_key(|errors| depth(errors))
}
