//! Workspaces and diagnostic settings.

use serde_json::{Value, json};

use super::args::Args;
use super::body;
use super::cloud::Cloud;
use super::command::{Answer, Command, Does, Failure, Reading, many, need, one};
use super::network::{created, regional};

const WORKSPACE: &str = "Microsoft.OperationalInsights/workspaces";

pub(super) const COMMANDS: &[Command] = &[
    Command {
        words: "monitor log-analytics workspace show",
        reading: Reading::Shorthand,
        does: Does::Ask,
        options: &[need("--resource-group"), need("--name")],
        run: |cloud, args| cloud.show(&args.id(WORKSPACE, &["--name"])?),
    },
    Command {
        words: "monitor log-analytics workspace create",
        reading: Reading::Shorthand,
        does: Does::Act,
        options: &[
            need("--resource-group"),
            need("--name"),
            one("--location"),
            one("--sku"),
            one("--retention-time"),
            many("--tags"),
        ],
        run: workspace_create,
    },
    Command {
        words: "monitor diagnostic-settings show",
        reading: Reading::Shorthand,
        does: Does::Ask,
        options: &[need("--name"), need("--resource")],
        run: |cloud, args| cloud.show(&setting(args)?),
    },
    Command {
        words: "monitor diagnostic-settings create",
        reading: Reading::Shorthand,
        does: Does::Act,
        options: &[
            need("--name"),
            need("--resource"),
            one("--workspace"),
            one("--logs"),
            one("--export-to-resource-specific"),
        ],
        run: setting_create,
    },
];

fn workspace_create(cloud: &mut Cloud, args: &Args) -> Answer {
    let mut body = regional(args)?;
    body::set_some(&mut body, &["properties", "sku", "name"], args.text("--sku")?);
    body::set_some(&mut body, &["properties", "retentionInDays"], args.number("--retention-time")?);
    created(cloud, args, WORKSPACE, &["--name"], body)
}

fn setting(args: &Args) -> Result<String, Failure> {
    let (resource, name) = (args.must("--resource")?, args.must("--name")?);
    Ok(format!("{resource}/providers/Microsoft.Insights/diagnosticSettings/{name}"))
}

fn setting_create(cloud: &mut Cloud, args: &Args) -> Answer {
    let mut body = json!({ "properties": {} });
    body::set_some(&mut body, &["properties", "workspaceId"], args.text("--workspace")?);
    // Text of a list in JSON is the one value that begins with a bracket.
    let logs = args.text("--logs")?.unwrap_or_default();
    let logs: Value = serde_json::from_str(&logs).map_err(|e| Failure::usage(format!("--logs: {e}")))?;
    body::set(&mut body, &["properties", "logs"], logs);
    if args.boolean("--export-to-resource-specific")? == Some(json!(true)) {
        body::set(&mut body, &["properties", "logAnalyticsDestinationType"], json!("Dedicated"));
    }
    let id = setting(args)?;
    cloud.put(&id, body)?;
    cloud.show(&id)
}
