//! Who works with what: subscription, extensions, resource groups, applications, roles, and resources of any type.

use aks_egress::tables::api_versions;
use aks_egress::value::Cloud as Clouds;
use serde_json::{Map, Value, json};

use super::args::Args;
use super::body;
use super::cloud::Cloud;
use super::command::{Answer, Command, Does, Failure, Reading, flag, many, need, needs, one};
use super::id::{self, SUBSCRIPTION};

pub(super) const COMMANDS: &[Command] = &[
    Command { words: "account show", reading: Reading::Plain, does: Does::Ask, options: &[], run: account_show },
    Command { words: "extension list", reading: Reading::Plain, does: Does::Ask, options: &[], run: extension_list },
    Command {
        words: "extension add",
        reading: Reading::Plain,
        does: Does::Local,
        options: &[one("--name"), flag("--yes")],
        run: |cloud, args| {
            cloud.extensions.push(args.must("--name")?);
            Ok(Value::Null)
        },
    },
    Command {
        words: "group show",
        reading: Reading::Plain,
        does: Does::Ask,
        options: &[need("--name")],
        run: |cloud, args| cloud.show(&id::group(&args.must("--name")?)),
    },
    Command {
        words: "group create",
        reading: Reading::Plain,
        does: Does::Act,
        options: &[need("--name"), need("--location"), many("--tags")],
        run: group_create,
    },
    Command {
        words: "role assignment list",
        reading: Reading::Plain,
        does: Does::Ask,
        options: &[
            one("--scope"),
            one("--role"),
            one("--assignee-object-id"),
            one("--fill-principal-name"),
            one("--fill-role-definition-name"),
        ],
        run: role_list,
    },
    Command {
        words: "role assignment create",
        reading: Reading::Plain,
        does: Does::Act,
        options: &[
            need("--scope"),
            need("--role"),
            one("--name"),
            one("--assignee-object-id"),
            one("--assignee-principal-type"),
            one("--description"),
        ],
        run: role_create,
    },
    Command {
        words: "ad sp list",
        reading: Reading::Plain,
        does: Does::Ask,
        options: &[one("--display-name")],
        run: principal_list,
    },
    Command {
        words: "ad sp show",
        reading: Reading::Plain,
        does: Does::Ask,
        options: &[need("--id")],
        run: principal_show,
    },
    Command {
        words: "ad sp create-for-rbac",
        reading: Reading::Plain,
        does: Does::Act,
        options: &[one("--display-name"), one("--years")],
        run: principal_create,
    },
    Command {
        words: "resource show",
        reading: Reading::Plain,
        does: Does::Ask,
        options: &[one("--ids"), one("--resource-group"), one("--name"), one("--resource-type"), one("--api-version")],
        // The generic command shows a resource as the interface does.
        run: resource_show,
    },
    Command {
        words: "resource update",
        reading: Reading::Plain,
        does: Does::Act,
        options: &[need("--ids"), need("--api-version"), needs("--set")],
        run: resource_update,
    },
    Command {
        words: "resource create",
        reading: Reading::Plain,
        does: Does::Act,
        options: &[
            one("--id"),
            one("--resource-group"),
            one("--name"),
            one("--resource-type"),
            one("--api-version"),
            flag("--is-full-object"),
            need("--properties"),
        ],
        run: resource_create,
    },
    Command {
        words: "resource tag",
        reading: Reading::Plain,
        does: Does::Act,
        options: &[
            one("--ids"),
            one("--resource-group"),
            one("--name"),
            one("--resource-type"),
            one("--api-version"),
            flag("--is-incremental"),
            needs("--tags"),
        ],
        run: resource_tag,
    },
];

const ACCOUNT: &str = "a subscription";

fn account_show(cloud: &mut Cloud, args: &Args) -> Answer {
    match args.subscription() {
        Some(name) if name == SUBSCRIPTION || name == ACCOUNT => Ok(
            json!({ "id": SUBSCRIPTION, "name": ACCOUNT, "environmentName": cloud.environment.unwrap_or("AzureCloud") }),
        ),
        other => Err(Failure { code: 1, message: format!("Subscription {other:?} not found.") }),
    }
}

fn extension_list(cloud: &mut Cloud, _: &Args) -> Answer {
    Ok(cloud.extensions.iter().map(|name| json!({ "name": name, "version": "1.3.0" })).collect())
}

fn group_create(cloud: &mut Cloud, args: &Args) -> Answer {
    let mut body = json!({ "location": args.must("--location")? });
    body::set_some(&mut body, &["tags"], args.tags()?);
    cloud.put(&id::group(&args.must("--name")?), body)?;
    Ok(Value::Null)
}

fn role_list(cloud: &mut Cloud, args: &Args) -> Answer {
    let (scope, role) = (args.text("--scope")?, args.text("--role")?);
    let principal = args.text("--assignee-object-id")?;
    let fits = |wanted: &Option<String>, value: &str| wanted.as_ref().is_none_or(|wanted| id::same_id(wanted, value));
    let list = cloud.resources().filter(|resource| {
        let properties = &resource.body["properties"];
        id::kind(&resource.id) == "Microsoft.Authorization/roleAssignments"
            && fits(&scope, &id::parent(&resource.id).unwrap_or_default())
            && fits(&role, id::name_of(properties["roleDefinitionId"].as_str().unwrap_or_default()))
            && fits(&principal, properties["principalId"].as_str().unwrap_or_default())
    });
    Ok(list.map(|resource| cloud.show(&resource.id).unwrap_or_default()).collect())
}

fn role_create(cloud: &mut Cloud, args: &Args) -> Answer {
    let random = format!("bbbbbbbb-0000-4000-8000-{:012}", cloud.number());
    let (scope, name) = (args.must("--scope")?, args.text("--name")?.unwrap_or(random));
    let role = format!(
        "/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{}",
        args.must("--role")?
    );
    let mut body = json!({ "properties": { "roleDefinitionId": role } });
    body::set_some(&mut body, &["properties", "principalId"], args.text("--assignee-object-id")?);
    body::set_some(&mut body, &["properties", "principalType"], args.text("--assignee-principal-type")?);
    body::set_some(&mut body, &["properties", "description"], args.text("--description")?);
    cloud.put(&format!("{scope}/providers/Microsoft.Authorization/roleAssignments/{name}"), body)?;
    Ok(Value::Null)
}

fn principal([name, application, object]: &[String; 3]) -> Value {
    json!({ "id": object, "appId": application, "displayName": name })
}

/// The filter is by prefix, as in the directory.
fn principal_list(cloud: &mut Cloud, args: &Args) -> Answer {
    let prefix = args.text("--display-name")?.unwrap_or_default();
    Ok(cloud.principals.iter().filter(|one| one[0].starts_with(&prefix)).map(principal).collect())
}

fn principal_show(cloud: &mut Cloud, args: &Args) -> Answer {
    let wanted = args.must("--id")?;
    let found = cloud.principals.iter().find(|one| one[1] == wanted || one[2] == wanted);
    found.map(principal).ok_or_else(|| Failure::not_found(&wanted))
}

fn principal_create(cloud: &mut Cloud, args: &Args) -> Answer {
    let number = cloud.number();
    let guid = |kind: usize| format!("cccccccc-0000-4000-8{kind:03}-{number:012}");
    let (application, object) = (guid(1), guid(2));
    cloud.principals.push([args.must("--display-name")?, application.clone(), object]);
    Ok(json!({ "appId": application, "password": format!("{}~{number}", Cloud::PASSWORD), "tenant": guid(3) }))
}

/// The resource that a generic command is about, at the version that everything else uses: the CLI would take the newest.
fn any(args: &Args) -> Result<String, Failure> {
    let id = args.text("--ids")?;
    let id = match id.or(args.text("--id")?) {
        Some(id) => id,
        None => args.id(&args.must("--resource-type")?, &["--name"])?,
    };
    let (kind, version) = (id::kind(&id), args.must("--api-version")?);
    if !Clouds::ALL.into_iter().any(|cloud| version == api_versions::of(&kind, cloud)) {
        return Err(Failure::usage(format!("{kind} at {version}")));
    }
    Ok(id)
}

fn resource_show(cloud: &mut Cloud, args: &Args) -> Answer {
    let id = any(args)?;
    match first_pool(cloud, &id) {
        Some((cluster, at)) => {
            let mut pool = cloud.get(&cluster)?["properties"]["agentPoolProfiles"][at].clone();
            let name = pool.as_object_mut().and_then(|pool| pool.remove("name"));
            Ok(json!({ "id": id, "name": name, "properties": pool }))
        }
        None => cloud.get(&id),
    }
}

/// The pool that a cluster was made with is a resource of its own, too: the cluster, and the place in its list.
fn first_pool(cloud: &Cloud, id: &str) -> Option<(String, usize)> {
    if id::kind(id) != "Microsoft.ContainerService/managedClusters/agentPools" || cloud.exists(id) {
        return None;
    }
    let cluster = id::parent(id)?;
    let list = cloud.body(&cluster)?["properties"]["agentPoolProfiles"].as_array()?;
    Some((cluster, list.iter().position(|pool| pool["name"] == id::name_of(id))?))
}

/// Reads the resource, sets what `path=value` says and writes it back. Values are JSON where they can be. The names before
/// the last have to lead to something.
fn resource_update(cloud: &mut Cloud, args: &Args) -> Answer {
    let id = any(args)?;
    let pool = first_pool(cloud, &id);
    let set = |body: &mut Value| {
        for text in args.plain("--set").unwrap_or_default() {
            let (path, value) = text.split_once('=').ok_or_else(|| Failure::usage(format!("--set {text}")))?;
            let value = serde_json::from_str(value).unwrap_or_else(|_| json!(value));
            let mut names: Vec<&str> = path.split('.').collect();
            let last = names.pop().unwrap_or_default();
            if names.first() == Some(&"properties") && pool.is_some() {
                names.remove(0);
            }
            let holder = names.iter().try_fold(&mut *body, |holder, name| holder.get_mut(name));
            let holder = holder.and_then(Value::as_object_mut);
            holder.ok_or_else(|| Failure::usage(format!("Couldn't find '{path}'")))?.insert(last.to_owned(), value);
        }
        Ok(())
    };
    match &pool {
        Some((cluster, at)) => cloud.edit(cluster, |body| set(&mut body["properties"]["agentPoolProfiles"][*at]))?,
        None => cloud.edit(&id, set)?,
    }
    Ok(Value::Null)
}

fn resource_create(cloud: &mut Cloud, args: &Args) -> Answer {
    let text = args.must("--properties")?;
    let given: Value = serde_json::from_str(&text).map_err(|e| Failure::usage(format!("--properties: {e}")))?;
    if !args.has("--is-full-object") || given["location"].is_null() {
        return Err(Failure::usage("a full object with a location is needed"));
    }
    cloud.put(&any(args)?, given)?;
    Ok(Value::Null)
}

fn resource_tag(cloud: &mut Cloud, args: &Args) -> Answer {
    let tags = args.tags()?.and_then(|tags| tags.as_object().cloned()).unwrap_or_default();
    cloud.edit(&any(args)?, |body| {
        let mut all = Map::new();
        if args.has("--is-incremental") {
            all.extend(body["tags"].as_object().cloned().unwrap_or_default());
        }
        all.extend(tags);
        body["tags"] = Value::Object(all);
        Ok(())
    })?;
    Ok(Value::Null)
}
