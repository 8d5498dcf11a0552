//! What the plan says of logs: workspace, diagnostic setting, workbook, and what the monitoring add-on collects.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Files;
use super::document::{Document, Read};
use super::plan::World;

const WORKSPACE: &str = "Microsoft.OperationalInsights/workspaces";

/// Where logs go, and the rule that the cluster's add-on collects by, with the name of its association.
pub(super) struct Logs {
    pub(super) workspace: String,
    pub(super) rule: Option<(String, String)>,
}

impl World {
    pub(super) fn logs(&mut self, mut logs: Document, firewall: &str, files: &Files) -> Read<Logs> {
        let (workspace, region) = match (logs.take("workspace")?, logs.take("retention-days")?) {
            (Value::String(name), days) => {
                let properties = json!({ "sku": { "name": "PerGB2018" }, "retentionInDays": days });
                (self.regional(WORKSPACE, &name, json!({ "properties": properties })), self.region.clone())
            }
            (existing, Value::Null) => {
                let mut existing = Document::new("plan.logs.workspace", &existing)?;
                let found = (existing.text("id")?, existing.text("region")?);
                existing.end()?;
                found
            }
            other => return Err(format!("plan.logs.workspace: {other:?}")),
        };
        let categories = logs.texts("categories")?;
        let list = categories.iter().map(|name| json!({ "category": name, "enabled": true }));
        let mut properties = json!({ "workspaceId": workspace, "logs": list.collect::<Value>() });
        if logs.flag("dedicated-tables")? {
            properties["logAnalyticsDestinationType"] = json!("Dedicated");
        }
        // The logs of somebody else's firewall are its owner's business.
        if let Value::String(setting) = logs.take("diagnostic-setting")? {
            let id = format!("{firewall}/providers/Microsoft.Insights/diagnosticSettings/{setting}");
            self.bodies.insert(id, json!({ "properties": properties }));
        }
        logs.aside()?;
        let mut titles = BTreeMap::new();
        for mut query in logs.documents("queries")? {
            titles.insert(query.text("name")?, query.text("title")?);
            query.end()?;
        }
        let files_of = files.keys().filter_map(|path| path.strip_prefix("kql/")?.strip_suffix(".kql"));
        let written = files_of.filter(|name| !name.ends_with("unused-rules")).map(str::to_owned).collect();
        if titles.keys().cloned().collect::<BTreeSet<String>>() != written {
            return Err(format!("queries {titles:?}, but files {written:?}"));
        }
        if let Value::Object(workbook) = logs.take("workbook")? {
            let mut workbook = Document::new("plan.logs.workbook", &Value::Object(workbook))?;
            self.workbook(&mut workbook, &workspace, &titles, files)?;
            workbook.end()?;
        }
        let rule = match logs.take("container-insights")? {
            Value::Null => None,
            insights => {
                let mut insights = Document::new("plan.logs.container-insights", &insights)?;
                let (rule, association) = (insights.text("data-collection-rule")?, insights.text("association")?);
                insights.end()?;
                Some((self.collection_rule(&rule, &workspace, &region, &association), association))
            }
        };
        logs.end()?;
        Ok(Logs { workspace, rule })
    }

    /// What the monitoring add-on of the CLI makes.
    fn collection_rule(&mut self, name: &str, workspace: &str, region: &str, extension: &str) -> String {
        let streams = json!(["Microsoft-ContainerInsights-Group-Default"]);
        let properties = json!({
            "dataSources": { "extensions": [{
                "name": extension,
                "streams": streams,
                "extensionName": "ContainerInsights",
                "extensionSettings": { "dataCollectionSettings": { "enableContainerLogV2": true } },
            }] },
            "destinations": { "logAnalytics": [{ "name": "la-workspace", "workspaceResourceId": workspace }] },
            "dataFlows": [{ "streams": streams, "destinations": ["la-workspace"] }],
        });
        let kind = "Microsoft.Insights/dataCollectionRules";
        let id = self.regional(kind, name, json!({ "kind": "Linux", "properties": properties }));
        // It lies where the workspace does.
        self.bodies.entry(id.clone()).and_modify(|body| body["location"] = json!(region));
        id
    }

    fn workbook(
        &mut self,
        workbook: &mut Document,
        workspace: &str,
        titles: &BTreeMap<String, String>,
        files: &Files,
    ) -> Read<()> {
        let (mut links, mut tabs) = (Vec::new(), Vec::new());
        for name in workbook.texts("queries")? {
            let title = titles.get(&name).ok_or_else(|| format!("no query {name}"))?;
            let file = String::from_utf8(files[&format!("kql/{name}.kql")].clone()).unwrap();
            let (_, text) = file.split_once('\n').unwrap();
            links.push(json!({
                "id": name, "cellValue": "tab", "linkTarget": "parameter", "linkLabel": title, "subTarget": name,
                "style": "link",
            }));
            tabs.push(json!({
                "type": 3,
                "content": {
                    "version": "KqlItem/1.0", "query": text, "size": 0, "title": title,
                    "timeContext": { "durationMs": 86_400_000 }, "queryType": 0,
                    "resourceType": "microsoft.operationalinsights/workspaces",
                },
                "conditionalVisibility": { "parameterName": "tab", "comparison": "isEqualTo", "value": name },
                "name": name,
            }));
        }
        let mut items = vec![json!({
            "type": 11, "content": { "version": "LinkItem/1.0", "style": "tabs", "links": links }, "name": "tabs",
        })];
        items.extend(tabs);
        let content = json!({ "version": "Notebook/1.0", "items": items, "isLocked": false }).to_string();
        let properties = json!({
            "displayName": workbook.text("title")?, "category": "workbook", "sourceId": workspace, "version": "1.0",
            "serializedData": content,
        });
        let name = workbook.text("name")?;
        self.regional("Microsoft.Insights/workbooks", &name, json!({ "kind": "shared", "properties": properties }));
        Ok(())
    }
}
