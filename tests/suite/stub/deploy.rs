//! Deploying an ARM template: parameters, expressions, order, nested deployments; and the commands that do it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::args::Args;
use super::cloud::Cloud;
use super::command::{Answer, Command, Does, Failure, Reading, flag, many, need, one};
use super::id;
use crate::arm::{Node, Text, read_text};

pub(super) const COMMANDS: &[Command] = &[
    Command {
        words: "deployment group what-if",
        reading: Reading::Plain,
        does: Does::Ask,
        options: &[
            need("--resource-group"),
            one("--template-file"),
            many("--parameters"),
            flag("--no-pretty-print"),
            many("--exclude-change-types"),
        ],
        run: preview,
    },
    Command {
        words: "deployment group create",
        reading: Reading::Plain,
        does: Does::Act,
        options: &[need("--resource-group"), one("--template-file"), many("--parameters")],
        run: |cloud, args| {
            let (template, parameters) = files(args)?;
            deploy(cloud, &args.group()?, &template, &parameters)?;
            Ok(Value::Null)
        },
    },
];

/// Template and parameters as the options give them.
fn files(args: &Args) -> Result<(Value, Map<String, Value>), Failure> {
    let bad = |what: &dyn std::fmt::Display| Failure::usage(format!("deployment: {what}"));
    let path = args.must("--template-file")?;
    let text = std::fs::read_to_string(&path).map_err(|e| bad(&e))?;
    let template: Value = serde_json::from_str(&text).map_err(|e| bad(&e))?;
    let mut parameters = Map::new();
    for given in args.list("--parameters")?.unwrap_or_default() {
        if given.starts_with('{') {
            let file: Value = serde_json::from_str(&given).map_err(|e| bad(&e))?;
            let list = file["parameters"].as_object().cloned().unwrap_or_default();
            parameters.extend(list.into_iter().map(|(name, entry)| (name, entry["value"].clone())));
            continue;
        }
        let (name, text) = given.split_once('=').ok_or_else(|| bad(&given))?;
        let value = match template["parameters"][name]["type"].as_str() {
            Some("bool") => json!(text == "true"),
            Some("string" | "securestring") => json!(text),
            other => return Err(bad(&format!("{name} is {other:?}"))),
        };
        parameters.insert(name.to_owned(), value);
    }
    Ok((template, parameters))
}

/// A template while it is deployed.
struct Deployment<'a> {
    cloud: &'a mut Cloud,
    /// ID of the group it goes to.
    group: String,
    parameters: Map<String, Value>,
}

/// A resource of a template, ready to be written.
struct Entry<'t> {
    id: String,
    resource: &'t Map<String, Value>,
    after: BTreeSet<String>,
}

/// Deploys a template and gives its outputs.
pub(crate) fn deploy(
    cloud: &mut Cloud,
    group: &str,
    template: &Value,
    parameters: &Map<String, Value>,
) -> Result<Map<String, Value>, Failure> {
    for part in ["$schema", "contentVersion", "resources"] {
        if template[part].is_null() {
            return Err(Failure::refused("InvalidTemplate", format!("no {part}")));
        }
    }
    let parameters = declared(template, parameters)?;
    let mut deployment = Deployment { cloud, group: group.to_owned(), parameters };
    let (mut waiting, known) = deployment.entries(template)?;
    while !waiting.is_empty() {
        let open = |id: &String| known.contains(id) && waiting.iter().any(|one| id::key(&one.id) == *id);
        // Of those that could come next, the last one: an order that only dependencies can make right.
        let ready = waiting.iter().rposition(|entry| !entry.after.iter().any(open));
        let Some(at) = ready else { return Err(Failure::refused("InvalidTemplate", "dependencies form a circle")) };
        let entry = waiting.remove(at);
        deployment.create(&entry)?;
    }
    let mut outputs = Map::new();
    for (name, output) in template["outputs"].as_object().into_iter().flatten() {
        outputs.insert(name.clone(), deployment.value(&output["value"])?);
    }
    Ok(outputs)
}

/// Every declared parameter with its value: given, or by default; one of those that are allowed.
fn declared(template: &Value, given: &Map<String, Value>) -> Result<Map<String, Value>, Failure> {
    let refused = |what: String| Failure::refused("InvalidTemplate", what);
    let list = template["parameters"].as_object().cloned().unwrap_or_default();
    if let Some(unknown) = given.keys().find(|name| !list.contains_key(*name)) {
        return Err(refused(format!("parameter {unknown} is not declared")));
    }
    let mut values = Map::new();
    for (name, parameter) in list {
        let value = given.get(&name).or_else(|| parameter.get("defaultValue"));
        let value = value.ok_or_else(|| refused(format!("parameter {name} has no value")))?;
        let fits = match parameter.get("type").and_then(Value::as_str) {
            Some("string" | "securestring") => value.is_string(),
            Some("bool") => value.is_boolean(),
            Some("array") => value.is_array(),
            Some(_) | None => false,
        };
        if !fits {
            return Err(refused(format!("parameter {name} of {parameter} is {value}")));
        }
        if parameter.get("allowedValues").and_then(Value::as_array).is_some_and(|allowed| !allowed.contains(value)) {
            return Err(refused(format!("parameter {name} may not be {value}")));
        }
        values.insert(name, value.clone());
    }
    Ok(values)
}

/// Names of a resource that are not part of its body.
const AROUND: [&str; 8] =
    ["type", "apiVersion", "name", "scope", "dependsOn", "condition", "subscriptionId", "resourceGroup"];

impl Deployment<'_> {
    /// The resources that will exist, without those whose condition does not hold; and the IDs of all.
    fn entries<'t>(&self, template: &'t Value) -> Result<(Vec<Entry<'t>>, BTreeSet<String>), Failure> {
        let (mut entries, mut known) = (Vec::new(), BTreeSet::new());
        for resource in template["resources"].as_array().into_iter().flatten() {
            let resource = resource.as_object().ok_or_else(|| Failure::refused("InvalidTemplate", resource))?;
            let id = self.id(resource)?;
            if !known.insert(id::key(&id)) {
                return Err(Failure::refused("InvalidTemplate", format!("{id} twice")));
            }
            if resource.get("condition").map(|it| self.value(it)).transpose()? == Some(json!(false)) {
                continue;
            }
            let mut after = BTreeSet::new();
            for other in resource.get("dependsOn").and_then(Value::as_array).into_iter().flatten() {
                after.insert(id::key(self.value(other)?.as_str().unwrap_or_default()));
            }
            entries.push(Entry { id, resource, after });
        }
        let stranger = entries.iter().flat_map(|entry| &entry.after).find(|id| !known.contains(*id));
        match stranger {
            Some(id) => Err(Failure::refused("InvalidTemplate", format!("{id} is not defined in the template"))),
            None => Ok((entries, known)),
        }
    }

    fn id(&self, resource: &Map<String, Value>) -> Result<String, Failure> {
        let field = |name: &str| {
            resource.get(name).ok_or_else(|| Failure::refused("InvalidTemplate", format!("{resource:?} has no {name}")))
        };
        field("apiVersion")?;
        let (kind, name) = (field("type")?.as_str().unwrap_or_default(), self.value(field("name")?)?);
        let names: Vec<&str> = name.as_str().unwrap_or_default().split('/').collect();
        if kind.split('/').count() != names.len() + 1 && !resource.contains_key("scope") {
            return Err(Failure::refused("InvalidTemplate", format!("{kind} is called {names:?}")));
        }
        Ok(match resource.get("scope") {
            Some(scope) => format!("{}/providers/{kind}/{}", self.value(scope)?.as_str().unwrap_or_default(), names[0]),
            None => id::resource(&self.group_of(resource)?, kind, &names),
        })
    }

    /// The group that a resource goes to: its own where it says one, which only deployments may.
    fn group_of(&self, resource: &Map<String, Value>) -> Result<String, Failure> {
        let Some(name) = resource.get("resourceGroup") else { return Ok(self.group.clone()) };
        if resource.get("type") != Some(&json!("Microsoft.Resources/deployments")) {
            return Err(Failure::refused("InvalidTemplate", "resourceGroup belongs to deployments"));
        }
        let subscription = resource.get("subscriptionId").map(|it| self.value(it)).transpose()?;
        let subscription = subscription.as_ref().and_then(Value::as_str);
        if let Some(other) = subscription.filter(|text| !id::is_guid(text)) {
            return Err(Failure::refused("InvalidTemplate", format!("{other} is no subscription")));
        }
        Ok(id::group_of_subscription(subscription, self.value(name)?.as_str().unwrap_or_default()))
    }

    fn create(&mut self, entry: &Entry<'_>) -> Result<(), Failure> {
        if id::kind(&entry.id) == "Microsoft.Resources/deployments" {
            return self.nested(entry);
        }
        let body = self.body(entry)?;
        self.cloud.put(&entry.id, body)
    }

    fn body(&self, entry: &Entry<'_>) -> Result<Value, Failure> {
        let mut body = Map::new();
        for (name, value) in entry.resource.iter().filter(|(name, _)| !AROUND.contains(&name.as_str())) {
            body.insert(name.clone(), self.value(value)?);
        }
        Ok(Value::Object(body))
    }

    /// A deployment inside, which sees nothing but its own parameters.
    fn nested(&mut self, entry: &Entry<'_>) -> Result<(), Failure> {
        let properties = entry.resource.get("properties").unwrap_or(&Value::Null);
        if properties["expressionEvaluationOptions"]["scope"] != "Inner" || properties["mode"] != "Incremental" {
            return Err(Failure::refused("InvalidTemplate", format!("{} is not inner and incremental", entry.id)));
        }
        let mut parameters = Map::new();
        for (name, given) in properties["parameters"].as_object().into_iter().flatten() {
            parameters.insert(name.clone(), self.value(&given["value"])?);
        }
        let group = self.group_of(entry.resource)?;
        let outputs = deploy(self.cloud, &group, &properties["template"], &parameters)?;
        let outputs: Map<String, Value> =
            outputs.into_iter().map(|(name, it)| (name, json!({ "value": it }))).collect();
        self.cloud.outputs.insert(id::key(&entry.id), Value::Object(outputs));
        Ok(())
    }

    /// A value with everything in it evaluated.
    fn value(&self, value: &Value) -> Answer {
        match value {
            Value::String(text) => self.text(text),
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => {
                let mut evaluated = Map::new();
                for (name, inner) in fields {
                    let name = self.text(name)?;
                    evaluated.insert(name.as_str().unwrap_or_default().to_owned(), self.value(inner)?);
                }
                Ok(Value::Object(evaluated))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => Ok(value.clone()),
        }
    }

    fn text(&self, text: &str) -> Answer {
        match read_text(text) {
            Text::Literal(text) => Ok(json!(text)),
            Text::Expression(node) => self.evaluate(&node),
        }
    }

    fn evaluate(&self, node: &Node) -> Answer {
        match node {
            Node::Text(text) => Ok(json!(text)),
            Node::Path(inner, path) => {
                let start = self.evaluate(inner)?;
                let pointer = format!("/{}", path.replace('[', ".").replace(']', "").replace('.', "/"));
                let found = start.pointer(&pointer).cloned();
                found.ok_or_else(|| Failure::refused("InvalidTemplate", format!("no {path} in {start}")))
            }
            // Only the branch that applies is evaluated.
            Node::Call(name, arguments) if name == "if" => match self.evaluate(&arguments[0])?.as_bool() {
                Some(true) => self.evaluate(&arguments[1]),
                Some(false) => self.evaluate(&arguments[2]),
                None => Err(Failure::refused("InvalidTemplate", "if without a condition")),
            },
            Node::Call(name, arguments) => {
                let values = arguments.iter().map(|one| self.evaluate(one)).collect::<Result<Vec<_>, _>>()?;
                self.call(name, &values)
            }
        }
    }

    fn call(&self, name: &str, values: &[Value]) -> Answer {
        let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
        let undefined = || Failure::refused("InvalidTemplate", format!("{name}({texts:?}) is not defined"));
        match (name, texts.as_slice()) {
            ("parameters", [name]) => self.parameters.get(*name).cloned().ok_or_else(undefined),
            ("resourceId", [kind, names @ ..]) if kind.contains('/') => {
                Ok(json!(id::resource(&self.group, kind, names)))
            }
            ("resourceId", [group, kind, names @ ..]) if kind.contains('/') => {
                Ok(json!(id::resource(&id::group(group), kind, names)))
            }
            ("resourceId", [subscription, group, kind, names @ ..]) if kind.contains('/') => {
                let group = id::group_of_subscription(Some(subscription), group);
                Ok(json!(id::resource(&group, kind, names)))
            }
            ("extensionResourceId", [scope, kind, name]) => Ok(json!(format!("{scope}/providers/{kind}/{name}"))),
            ("subscriptionResourceId", [kind, names @ ..]) => Ok(json!(id::resource(&id::subscription(), kind, names))),
            ("concat", texts) if texts.len() == values.len() => Ok(json!(texts.concat())),
            ("concat", []) => {
                let lists = values.iter().map(|one| one.as_array().cloned()).collect::<Option<Vec<_>>>();
                lists.map(|lists| json!(lists.concat())).ok_or_else(undefined)
            }
            ("empty", []) => Ok(json!(values[0].is_null() || values[0] == json!([]))),
            ("tryGet", [name]) => Ok(values[0].get(*name).cloned().unwrap_or_default()),
            ("createArray", _) => Ok(json!(values)),
            ("guid", texts) if texts.len() == values.len() => Ok(json!(id::guid(texts))),
            ("not", []) => values.first().and_then(Value::as_bool).map(|value| json!(!value)).ok_or_else(undefined),
            ("reference", [target] | [target, _]) if id::kind(target) == "Microsoft.Resources/deployments" => {
                let outputs = self.cloud.outputs.get(&id::key(target)).ok_or_else(|| Failure::not_found(target))?;
                Ok(json!({ "outputs": outputs }))
            }
            ("reference", [target] | [target, _]) => Ok(self.cloud.get(target)?["properties"].clone()),
            (_, _) => Err(undefined()),
        }
    }
}

/// What a deployment would do, as far as that is known before.
fn preview(cloud: &mut Cloud, args: &Args) -> Answer {
    let (template, given) = files(args)?;
    let hidden = args.list("--exclude-change-types")?.unwrap_or_default();
    let parameters = declared(&template, &given)?;
    let mut changes: Vec<(String, String)> = cloud.trouble.preview.clone();
    let deployment = Deployment { group: args.group()?, cloud, parameters };
    for entry in deployment.entries(&template)?.0 {
        let kind = match (deployment.cloud.body(&entry.id), deployment.body(&entry)) {
            _ if id::kind(&entry.id) == "Microsoft.Resources/deployments" => continue,
            (None, _) => "Create",
            (Some(old), Ok(new)) if *old == new => "NoChange",
            (Some(_), _) => "Modify",
        };
        changes.push((kind.to_owned(), entry.id));
    }
    let shown = changes.into_iter().filter(|(kind, _)| !hidden.contains(kind));
    let list: Value = shown.map(|(kind, id)| json!({ "changeType": kind, "resourceId": id })).collect();
    Ok(json!({ "status": "Succeeded", "changes": list }))
}
