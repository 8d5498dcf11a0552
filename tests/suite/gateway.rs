//! The application gateway is the only way in for the service that it publishes.

use serde_json::Value;

use crate::scripts::example;
use crate::shared::{compile_text, files_of};

const SHOP: &str = "region = \"westeurope\"\n[gateway]\nservice = \"shop\"\n[[inbound]]\nname = \"shop\"\nport = 443\n\
    to = \"10.0.4.10:8080\"\n";

fn template(files: &std::collections::BTreeMap<String, Vec<u8>>) -> Value {
    serde_json::from_slice(&files["arm/main.json"]).unwrap()
}

fn resource<'t>(template: &'t Value, kind: &str) -> Option<&'t Value> {
    template["resources"].as_array().unwrap().iter().find(|one| one["type"] == kind)
}

#[test]
fn no_rule_of_the_firewall_leads_past_it() {
    let files = files_of(&compile_text(&format!("{SHOP}from = [\"*\"]\n")));
    let text = template(&files).to_string();
    assert!(!text.contains("FirewallPolicyNatRuleCollection") && !text.contains("translatedAddress"));
    assert!(files.contains_key("k8s/inbound-shop.yaml"), "the load balancer behind it is still published");
    let both = template(&example("gateway")).to_string();
    assert_eq!(both.matches("translatedAddress").count(), 1, "the service without gateway keeps its rule");
    assert!(both.contains("\"translatedAddress\":\"10.0.4.11\""));
}

#[test]
fn it_has_no_default_route_and_refuses_attacks() {
    let template = template(&example("gateway"));
    let network = resource(&template, "Microsoft.Network/virtualNetworks").unwrap();
    let subnets = network["properties"]["subnets"].as_array().unwrap();
    let own = subnets.iter().find(|subnet| subnet["name"] == "gateway").unwrap();
    assert!(own["properties"].get("routeTable").is_none(), "{own}");
    let waf = "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies";
    let policy = &resource(&template, waf).unwrap()["properties"];
    assert_eq!(policy["policySettings"]["mode"], "Prevention");
    assert_eq!(policy["customRules"][0]["action"], "Block");
    let gateway = &resource(&template, "Microsoft.Network/applicationGateways").unwrap()["properties"];
    assert!(gateway["firewallPolicy"]["id"].as_str().unwrap().contains("shop-gateway-waf"));
}

#[test]
fn whoever_may_come_from_anywhere_is_not_named() {
    let files = files_of(&compile_text(&format!("{SHOP}from = [\"*\"]\n")));
    let template = template(&files);
    let waf = "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies";
    assert!(resource(&template, waf).unwrap()["properties"].get("customRules").is_none());
}

#[test]
fn what_belongs_to_rules_of_the_firewall_is_refused() {
    for (more, expected) in [
        ("protocol = \"udp\"\n", "service `shop` is UDP, and an application gateway speaks HTTP"),
        ("priority = 110\n", "service `shop` has a priority among DNAT rules, and no such rule"),
    ] {
        let built = compile_text(&format!("{SHOP}from = [\"*\"]\n{more}"));
        let said: Vec<_> =
            built.report().findings.iter().filter(|f| f.code.id == "conflicting-keys").map(|f| &f.message).collect();
        assert_eq!(said, [expected]);
    }
    let built = compile_text("region = \"westeurope\"\n[gateway]\nservice = \"shop\"\n");
    let said: Vec<_> = built.report().findings.iter().map(|f| f.message.as_str()).collect();
    assert_eq!(said, ["`shop` is no service of `[[inbound]]`"]);
}
