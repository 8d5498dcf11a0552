//! The content of the workbook as Azure stores it: one JSON text, the same in every target.

use serde_json::{Value, json};

use super::logs::{Query, Workbook};

/// How far back a query without a window of its own looks: one day.
const WINDOW_MS: u64 = 86_400_000;

impl Workbook {
    /// The JSON text for `serializedData`: one tab per query.
    pub fn serialized(&self) -> String {
        let mut items = vec![tabs(&self.queries)];
        items.extend(self.queries.iter().map(item));
        json!({ "version": "Notebook/1.0", "items": items, "isLocked": false }).to_string()
    }
}

fn tabs(queries: &[Query]) -> Value {
    let links: Vec<Value> = queries
        .iter()
        .map(|query| {
            json!({
                "id": query.name,
                "cellValue": "tab",
                "linkTarget": "parameter",
                "linkLabel": query.title,
                "subTarget": query.name,
                "style": "link",
            })
        })
        .collect();
    json!({
        "type": 11,
        "content": { "version": "LinkItem/1.0", "style": "tabs", "links": links },
        "name": "tabs",
    })
}

fn item(query: &Query) -> Value {
    json!({
        "type": 3,
        "content": {
            "version": "KqlItem/1.0",
            "query": query.text,
            "size": 0,
            "title": query.title,
            "timeContext": { "durationMs": WINDOW_MS },
            "queryType": 0,
            "resourceType": "microsoft.operationalinsights/workspaces",
        },
        "conditionalVisibility": { "parameterName": "tab", "comparison": "isEqualTo", "value": query.name },
        "name": query.name,
    })
}
