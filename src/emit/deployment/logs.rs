//! Workspace, diagnostic setting, workbook, and what Container Insights needs.

use std::rc::Rc;

use super::node::Node;
use super::parameter::{Declaration, Parameter};
use super::target::{Kind, Name, Symbol, Target};
use super::{Places, Resource};
use crate::plan::Logs;
use crate::plan::logs::{ContainerInsights, Workbook, Workspace};
use crate::value::Cloud;

/// Where the logs are.
pub(super) struct Place {
    setting: Option<Rc<Target>>,
    workbook: Option<Rc<Target>>,
    rule: Option<Rc<Target>>,
    association: Option<Rc<Target>>,
}

impl Place {
    pub(super) fn new(cloud: Cloud, logs: &Logs, firewall: &Rc<Target>, cluster: &Rc<Target>) -> Place {
        let setting = |name: &String| {
            Target::extension(Symbol::FirewallLogs, Kind::DiagnosticSetting, firewall, Name::Text(name.clone()))
        };
        let insights = logs.container_insights.as_ref();
        let association = |insights: &ContainerInsights| {
            let name = Name::Text(insights.association.to_owned());
            Target::extension(Symbol::InsightsAssociation, Kind::DataCollectionRuleAssociation, cluster, name)
        };
        Place {
            setting: logs.diagnostic_setting.as_ref().map(setting),
            workbook: logs
                .workbook
                .as_ref()
                .map(|book| Target::new(cloud, Symbol::Workbook, Kind::Workbook, &book.guid)),
            rule: insights.map(|i| Target::new(cloud, Symbol::InsightsRule, Kind::DataCollectionRule, &i.rule)),
            association: insights.map(association),
        }
    }
}

/// Where the workspace is: here, or where its owner has it.
pub(super) fn workspace_place(cloud: Cloud, logs: &Logs) -> Rc<Target> {
    match &logs.workspace {
        Workspace::Created { name, retention_days: _ } => {
            Target::new(cloud, Symbol::Workspace, Kind::Workspace, &**name)
        }
        Workspace::Existing { id, region: _ } => Target::foreign(cloud, Symbol::Workspace, Kind::Workspace, id),
    }
}

/// The region of somebody else's workspace, for the rule that fills it.
pub(super) fn parameters(logs: &Logs) -> Option<Declaration> {
    match (&logs.workspace, &logs.container_insights) {
        (Workspace::Existing { id: _, region }, Some(_)) => {
            Some(Declaration::only(Parameter::WorkspaceLocation, &**region))
        }
        (Workspace::Existing { id: _, region: _ }, None) => None,
        (Workspace::Created { name: _, retention_days: _ }, _) => None,
    }
}

pub(super) fn workspace(logs: &Logs, places: &Places) -> Option<Resource> {
    let days = match &logs.workspace {
        Workspace::Created { name: _, retention_days } => retention_days.value,
        Workspace::Existing { id: _, region: _ } => return None,
    };
    let properties = Node::object([
        ("sku", Node::object([("name", Node::text("PerGB2018"))])),
        ("retentionInDays", Node::Int(i64::from(days))),
    ]);
    let fields = vec![("properties", properties)];
    Some(Resource::regional(&places.workspace, "Keeps the logs of firewall and cluster", fields))
}

/// What the firewall tells the workspace.
pub(super) fn of_firewall(logs: &Logs, places: &Places) -> Option<Resource> {
    let Logs {
        workspace: _,
        diagnostic_setting: _,
        categories,
        dedicated_tables,
        structured: _,
        legacy: _,
        workbook: _,
        container_insights: _,
        queries: _,
        origin: _,
    } = logs;
    let category = |name: &&str| Node::object([("category", Node::text(name)), ("enabled", Node::Bool(true))]);
    let mut properties = vec![("workspaceId", Node::id(&places.workspace))];
    if *dedicated_tables {
        properties.push(("logAnalyticsDestinationType", Node::text("Dedicated")));
    }
    properties.push(("logs", Node::List(categories.iter().map(category).collect())));
    let fields = vec![("properties", Node::fields(properties))];
    let setting = places.logs.setting.as_ref()?;
    Some(Resource::dependent(setting, "Sends the firewall's logs to the workspace", fields))
}

pub(super) fn workbook(logs: &Logs, places: &Places) -> Option<Resource> {
    let book = logs.workbook.as_ref().zip(places.logs.workbook.as_ref());
    book.map(|(book, place)| self::book(book, place, places))
}

fn book(book: &Workbook, place: &Rc<Target>, places: &Places) -> Resource {
    let properties = Node::object([
        ("displayName", Node::text(&book.title)),
        ("category", Node::text("workbook")),
        ("sourceId", Node::id(&places.workspace)),
        ("version", Node::text("1.0")),
        ("serializedData", Node::text(book.serialized())),
    ]);
    let fields = vec![("kind", Node::text("shared")), ("properties", properties)];
    Resource::regional(place, "Shows what the firewall let through and what it refused", fields)
}

const STREAM: &str = "Microsoft-ContainerInsights-Group-Default";
const DESTINATION: &str = "la-workspace";

/// The data collection rule as the monitoring add-on of the CLI makes it.
pub(super) fn insights_rule(logs: &Logs, places: &Places) -> Option<Resource> {
    let (ContainerInsights { rule: _, association, origin: _ }, place) =
        logs.container_insights.as_ref().zip(places.logs.rule.as_ref())?;
    let settings = Node::object([("enableContainerLogV2", Node::Bool(true))]);
    let extension = Node::object([
        ("name", Node::text(association)),
        ("streams", Node::texts([STREAM])),
        ("extensionName", Node::text("ContainerInsights")),
        ("extensionSettings", Node::object([("dataCollectionSettings", settings)])),
    ]);
    let destination =
        Node::object([("name", Node::text(DESTINATION)), ("workspaceResourceId", Node::id(&places.workspace))]);
    let flow = Node::object([("streams", Node::texts([STREAM])), ("destinations", Node::texts([DESTINATION]))]);
    let properties = Node::object([
        ("dataSources", Node::object([("extensions", Node::List(vec![extension]))])),
        ("destinations", Node::object([("logAnalytics", Node::List(vec![destination]))])),
        ("dataFlows", Node::List(vec![flow])),
    ]);
    let fields = vec![("kind", Node::text("Linux")), ("properties", properties)];
    let location = parameters(logs).map_or(Parameter::Location, |declaration| declaration.parameter);
    Some(Resource::regional(place, "Says what Container Insights collects", fields).at(location))
}

/// Ties the data collection rule to the cluster.
pub(super) fn insights_association(logs: &Logs, places: &Places) -> Option<Resource> {
    let (_, rule) = logs.container_insights.as_ref().zip(places.logs.rule.as_ref())?;
    let place = places.logs.association.as_ref()?;
    let properties = Node::object([
        ("description", Node::text("associates dataCollectionRule to the AKS")),
        ("dataCollectionRuleId", Node::id(rule)),
    ]);
    Some(Resource::dependent(
        place,
        "Lets Container Insights collect from the cluster",
        vec![("properties", properties)],
    ))
}
