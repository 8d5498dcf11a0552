//! Workspace, diagnostic setting, workbook, and what the monitoring add-on collects.

use serde_json::{Value, json};

use super::ensure::{Fact, ensure, grouped};
use super::firewall;
use super::network::{regional, tagged};
use super::shell::{Command, Script, Word};
use crate::emit::deployment::target::Kind;
use crate::plan::logs::{ContainerInsights, Workbook, Workspace};
use crate::plan::{Logs, Plan};

pub(super) fn logs(script: &mut Script, plan: &Plan) {
    let Logs {
        workspace,
        diagnostic_setting: _,
        categories: _,
        dedicated_tables: _,
        structured: _,
        legacy: _,
        queries: _,
        workbook,
        container_insights: _,
        origin: _,
    } = &plan.logs;
    match workspace {
        Workspace::Created { name, retention_days } => self::workspace(script, plan, name, **retention_days),
        // Looked at before everything else.
        Workspace::Existing { id: _, region: _ } => {}
    }
    diagnostics(script, plan);
    if let Some(workbook) = workbook {
        self::workbook(script, plan, workbook);
    }
}

fn workspace(script: &mut Script, plan: &Plan, name: &str, days: u32) {
    let facts = regional(
        plan,
        [Fact::text("SKU", "sku.name", "PerGB2018"), Fact::json("days of retention", "retentionInDays", &json!(days))],
    );
    let create = grouped("az monitor log-analytics workspace create", "--name", &Word::quote(name))
        .option("--location", &Word::var("location"))
        .option("--sku", &Word::bare("PerGB2018"))
        .option("--retention-time", &Word::number(days));
    let show = grouped("az monitor log-analytics workspace show", "--name", &Word::quote(name));
    ensure(script, &format!("workspace {name}"), show, &facts, tagged(create, &plan.tags));
}

/// The workspace's resource ID.
pub(super) fn workspace_id(plan: &Plan) -> Word {
    match &plan.logs.workspace {
        Workspace::Created { name, retention_days: _ } => Word::var("group_id")
            .and(&Word::bare("/providers/Microsoft.OperationalInsights/workspaces/"))
            .and(&Word::quote(name)),
        Workspace::Existing { id, region: _ } => Word::quote(&id.to_string()),
    }
}

/// What the diagnostic setting has to say; `verify.sh` compares the same.
pub(super) fn diagnostic_facts(plan: &Plan) -> Vec<Fact> {
    let mut categories = plan.logs.categories.clone();
    categories.sort_unstable();
    let mut facts = vec![
        Fact::known("workspace", "workspaceId", workspace_id(plan)),
        Fact::json("categories", "logs[?enabled && category].category | sort(@)", &json!(categories)),
    ];
    if plan.logs.dedicated_tables {
        facts.push(Fact::text("tables", "logAnalyticsDestinationType", "Dedicated"));
    }
    facts
}

/// Asks for the diagnostic setting of the firewall.
pub(super) fn diagnostic_show(plan: &Plan, name: &str) -> Command {
    Command::new("az monitor diagnostic-settings show")
        .option("--name", &Word::quote(name))
        .option("--resource", &firewall::id(plan))
}

fn diagnostics(script: &mut Script, plan: &Plan) {
    let Some(name) = &plan.logs.diagnostic_setting else { return };
    let logs: Vec<Value> =
        plan.logs.categories.iter().map(|name| json!({ "category": name, "enabled": true })).collect();
    let mut create = Command::new("az monitor diagnostic-settings create")
        .option("--name", &Word::quote(name))
        .option("--resource", &firewall::id(plan))
        .option("--workspace", &workspace_id(plan))
        .option("--logs", &Word::quote(&Value::from(logs).to_string()));
    if plan.logs.dedicated_tables {
        create = create.option("--export-to-resource-specific", &Word::bare("true"));
    }
    let what = format!("diagnostic setting {name}");
    ensure(script, &what, diagnostic_show(plan, name), &diagnostic_facts(plan), create);
}

/// The generic command makes it: the one for workbooks belongs to an extension that is still a preview. Azure shows the
/// content only when asked in another way, so that it is not compared.
fn workbook(script: &mut Script, plan: &Plan, workbook: &Workbook) {
    let Workbook { guid, title, queries: _, origin: _ } = workbook;
    let content = workbook.serialized();
    let named = |words| {
        grouped(words, "--name", &Word::quote(guid))
            .option("--resource-type", &Word::bare(Kind::Workbook.name()))
            .option("--api-version", &Word::bare(Kind::Workbook.version(*plan.cloud)))
    };
    let facts = regional(
        plan,
        [
            Fact::text("kind", "kind", "shared"),
            Fact::text("title", "properties.displayName", title),
            Fact::text("category", "properties.category", "workbook"),
            Fact::known("workspace", "properties.sourceId", workspace_id(plan)),
            Fact::text("version", "properties.version", "1.0"),
        ],
    );
    let mut resource = described(plan, "shared");
    resource["properties"] = json!({
        "displayName": title,
        "category": "workbook",
        "version": "1.0",
        "serializedData": content,
        "sourceId": PLACE,
    });
    script.gap();
    script.assign("workbook", &with_id(&resource, &workspace_id(plan)));
    let create = named("az resource create").flag("--is-full-object").option("--properties", &Word::var("workbook"));
    ensure(script, &format!("workbook {title}"), named("az resource show"), &facts, create);
}

/// Location, kind and tags of a resource that the generic command creates.
fn described(plan: &Plan, kind: &'static str) -> Value {
    let mut resource = json!({ "location": *plan.region, "kind": kind });
    if !plan.tags.is_empty() {
        let tags = plan.tags.iter().map(|(key, value)| (key.value.clone(), json!(value.value)));
        resource["tags"] = Value::Object(tags.collect());
    }
    resource
}

/// Stands where an ID comes that the script knows; behind it, there is no text of a profile.
const PLACE: &str = "\u{0}";

/// The resource as JSON with an ID in its place.
fn with_id(resource: &Value, id: &Word) -> Word {
    let (text, place) = (resource.to_string(), Value::from(PLACE).to_string());
    match text.rsplit_once(&place) {
        Some((before, after)) => Word::quote(&format!("{before}\"")).and(id).and(&Word::quote(&format!("\"{after}"))),
        None => Word::quote(&text),
    }
}

const STREAM: &str = "Microsoft-ContainerInsights-Group-Default";
const DESTINATION: &str = "la-workspace";

/// What Container Insights collects. Creating the cluster writes the same and keeps the tags of one that is there, which
/// it would not set itself.
pub(super) fn insights_rule(script: &mut Script, plan: &Plan) {
    let Some(ContainerInsights { rule, association, origin: _ }) = &plan.logs.container_insights else { return };
    script.section("What the monitoring add-on collects; here, so that it has its tags.");
    let named = |words| {
        grouped(words, "--name", &Word::quote(rule))
            .option("--resource-type", &Word::bare(Kind::DataCollectionRule.name()))
            .option("--api-version", &Word::bare(Kind::DataCollectionRule.version(*plan.cloud)))
    };
    let destination = "properties.destinations.logAnalytics[].workspaceResourceId | [0]";
    let mut facts = regional(
        plan,
        [Fact::text("kind", "kind", "Linux"), Fact::known("workspace", destination, workspace_id(plan))],
    );
    let mut resource = described(plan, "Linux");
    // It lies where the workspace does, which may be elsewhere.
    if let Some(region) = plan.logs.workspace.region() {
        facts.retain(|fact| fact.name != "location");
        facts.push(Fact::text("location", "location", region));
        resource["location"] = json!(region);
    }
    resource["properties"] = json!({
        "dataSources": { "extensions": [{
            "name": association,
            "streams": [STREAM],
            "extensionName": "ContainerInsights",
            "extensionSettings": { "dataCollectionSettings": { "enableContainerLogV2": true } },
        }] },
        "dataFlows": [{ "streams": [STREAM], "destinations": [DESTINATION] }],
        "destinations": { "logAnalytics": [{ "name": DESTINATION, "workspaceResourceId": PLACE }] },
    });
    let properties = with_id(&resource, &workspace_id(plan));
    let create = named("az resource create").flag("--is-full-object").option("--properties", &properties);
    ensure(script, &format!("data collection rule {rule}"), named("az resource show"), &facts, create);
}

/// Ties the rule to the cluster. Creating the cluster does this too, at its very end.
pub(super) fn insights_association(script: &mut Script, plan: &Plan, cluster: &Word) {
    let Some(ContainerInsights { rule, association, origin: _ }) = &plan.logs.container_insights else { return };
    script.section("What the monitoring add-on collects, tied to the cluster.");
    let kind = Kind::DataCollectionRuleAssociation;
    let id = cluster
        .clone()
        .and(&Word::bare("/providers/"))
        .and(&Word::bare(kind.name()))
        .and(&Word::bare("/"))
        .and(&Word::quote(association));
    let rule = Word::var("group_id")
        .and(&Word::bare("/providers/"))
        .and(&Word::bare(Kind::DataCollectionRule.name()))
        .and(&Word::bare("/"))
        .and(&Word::quote(rule));
    let versioned = |command: Command| command.option("--api-version", &Word::bare(kind.version(*plan.cloud)));
    let facts = [Fact::known("rule", "properties.dataCollectionRuleId", rule.clone())];
    // Azure keeps no location of it, but the command asks for one.
    let resource = json!({
        "location": *plan.region,
        "properties": {
            "description": "associates dataCollectionRule to the AKS",
            "dataCollectionRuleId": PLACE,
        },
    });
    let show = versioned(Command::new("az resource show").option("--ids", &id));
    let create = versioned(Command::new("az resource create").option("--id", &id))
        .flag("--is-full-object")
        .option("--properties", &with_id(&resource, &rule));
    ensure(script, &format!("association {association}"), show, &facts, create);
}
