//! Workspace, diagnostic setting and workbook.

use serde_json::{Value, json};

use super::ensure::{Fact, ensure, grouped};
use super::firewall;
use super::network::{regional, tagged};
use super::shell::{Command, Script, Word};
use crate::plan::logs::Workbook;
use crate::plan::{Logs, Plan};
use crate::tables::api_versions;

pub(super) fn logs(script: &mut Script, plan: &Plan) {
    let Logs {
        workspace: name,
        retention_days,
        diagnostic_setting: _,
        categories: _,
        dedicated_tables: _,
        structured: _,
        legacy: _,
        queries: _,
        workbook,
        // The monitoring add-on makes its rule and association itself.
        container_insights: _,
        origin: _,
    } = &plan.logs;
    let facts = regional(
        plan,
        [
            Fact::text("SKU", "sku.name", "PerGB2018"),
            Fact::json("days of retention", "retentionInDays", &json!(**retention_days)),
        ],
    );
    let create = grouped("az monitor log-analytics workspace create", "--name", &Word::quote(name))
        .option("--location", &Word::var("location"))
        .option("--sku", &Word::bare("PerGB2018"))
        .option("--retention-time", &Word::number(**retention_days));
    let show = grouped("az monitor log-analytics workspace show", "--name", &Word::quote(name));
    ensure(script, &format!("workspace {}", **name), show, &facts, tagged(create, &plan.tags));
    diagnostics(script, plan);
    if let Some(workbook) = workbook {
        self::workbook(script, plan, workbook);
    }
}

/// The workspace's resource ID.
pub(super) fn workspace_id(plan: &Plan) -> Word {
    Word::var("group_id")
        .and(&Word::bare("/providers/Microsoft.OperationalInsights/workspaces/"))
        .and(&Word::quote(&plan.logs.workspace))
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
pub(super) fn diagnostic_show(plan: &Plan) -> Command {
    Command::new("az monitor diagnostic-settings show")
        .option("--name", &Word::quote(&plan.logs.diagnostic_setting))
        .option("--resource", &firewall::id(plan))
}

fn diagnostics(script: &mut Script, plan: &Plan) {
    let logs: Vec<Value> =
        plan.logs.categories.iter().map(|name| json!({ "category": name, "enabled": true })).collect();
    let mut create = Command::new("az monitor diagnostic-settings create")
        .option("--name", &Word::quote(&plan.logs.diagnostic_setting))
        .option("--resource", &firewall::id(plan))
        .option("--workspace", &workspace_id(plan))
        .option("--logs", &Word::quote(&Value::from(logs).to_string()));
    if plan.logs.dedicated_tables {
        create = create.option("--export-to-resource-specific", &Word::bare("true"));
    }
    let what = format!("diagnostic setting {}", plan.logs.diagnostic_setting);
    ensure(script, &what, diagnostic_show(plan), &diagnostic_facts(plan), create);
}

/// The generic command makes it: the one for workbooks belongs to an extension that is still a preview. Azure shows the
/// content only when asked in another way, so that it is not compared.
fn workbook(script: &mut Script, plan: &Plan, workbook: &Workbook) {
    let Workbook { guid, title, queries: _, origin: _ } = workbook;
    let content = workbook.serialized();
    let kind = "Microsoft.Insights/workbooks";
    let named = |words| {
        grouped(words, "--name", &Word::quote(guid))
            .option("--resource-type", &Word::bare(kind))
            .option("--api-version", &Word::bare(api_versions::of(kind)))
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
    let tags: serde_json::Map<String, Value> =
        plan.tags.iter().map(|(key, value)| (key.value.clone(), json!(value.value))).collect();
    let mut resource = json!({ "location": *plan.region, "kind": "shared" });
    if !tags.is_empty() {
        resource["tags"] = Value::Object(tags);
    }
    resource["properties"] = json!({
        "displayName": title,
        "category": "workbook",
        "version": "1.0",
        "serializedData": content,
    });
    script.gap();
    script.assign("workbook", &with_source(&resource, &workspace_id(plan)));
    let create = named("az resource create").flag("--is-full-object").option("--properties", &Word::var("workbook"));
    ensure(script, &format!("workbook {title}"), named("az resource show"), &facts, create);
}

/// The resource with the workspace's ID as its source, which the script knows.
fn with_source(resource: &Value, workspace: &Word) -> Word {
    let mut text = resource.to_string();
    // Both closing braces give way to one more property.
    text.truncate(text.len() - 2);
    text.push_str(",\"sourceId\":\"");
    Word::quote(&text).and(workspace).and(&Word::quote("\"}}"))
}
