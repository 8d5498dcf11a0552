//! What the plan says of the application gateway, its web application firewall and its address.

use serde_json::{Value, json};

use super::document::{Document, Read};
use super::plan::{Subnets, World, at, zones};

const GATEWAY: &str = "Microsoft.Network/applicationGateways";
const POLICY: &str = "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies";

impl World {
    pub(super) fn gateway(&mut self, mut gateway: Document, subnets: &Subnets) -> Read<()> {
        gateway.aside()?;
        let (name, policy) = (gateway.text("name")?, gateway.text("policy")?);
        let address = gateway.document("address")?;
        let frontend = self.configuration(address, None, None)?;
        let from = gateway.texts("from")?;
        let mut rules = json!({
            "policySettings": {
                "state": "Enabled",
                "mode": "Prevention",
                "requestBodyCheck": true,
                "maxRequestBodySizeInKb": 128,
                "fileUploadLimitInMb": 100,
            },
            "managedRules": { "managedRuleSets": [{ "ruleSetType": "Microsoft_DefaultRuleSet", "ruleSetVersion": "2.1" }] },
        });
        if !from.is_empty() {
            rules["customRules"] = json!([{
                "name": "OnlyKnownSenders",
                "priority": 10,
                "state": "Enabled",
                "ruleType": "MatchRule",
                "action": "Block",
                "matchConditions": [{
                    "matchVariables": [{ "variableName": "RemoteAddr" }],
                    "operator": "IPMatch",
                    "negationConditon": true,
                    "matchValues": from,
                }],
            }]);
        }
        let policy = self.regional(POLICY, &policy, json!({ "properties": rules }));
        let id = self.id(GATEWAY, &[&name]);
        let own = |list: &str, part: &str| json!({ "id": format!("{id}/{list}/{part}") });
        let one = |name: &str, properties: Value| json!([{ "name": name, "properties": properties }]);
        let mut capacity = gateway.document("capacity")?;
        let (least, most) = (capacity.take("min")?, capacity.take("max")?);
        capacity.end()?;
        let mut listener = json!({
            "frontendIPConfiguration": own("frontendIPConfigurations", "frontend"),
            "frontendPort": own("frontendPorts", "port"),
            "protocol": "Http",
        });
        let mut properties = json!({
            "sku": { "name": "WAF_v2", "tier": "WAF_v2" },
            "autoscaleConfiguration": { "minCapacity": least, "maxCapacity": most },
            "gatewayIPConfigurations": one("subnet", json!({ "subnet": { "id": at(subnets, "gateway")? } })),
            "frontendIPConfigurations": [frontend],
            "frontendPorts": one("port", json!({ "port": gateway.take("port")? })),
            "backendAddressPools": one("service", json!({ "backendAddresses": [{ "ipAddress": gateway.text("to")? }] })),
            "backendHttpSettingsCollection": one("service", json!({
                "port": gateway.take("to-port")?,
                "protocol": "Http",
                "cookieBasedAffinity": "Disabled",
                "requestTimeout": 30,
            })),
            "requestRoutingRules": one("service", json!({
                "ruleType": "Basic",
                "priority": 100,
                "httpListener": own("httpListeners", "listener"),
                "backendAddressPool": own("backendAddressPools", "service"),
                "backendHttpSettings": own("backendHttpSettingsCollection", "service"),
            })),
            "firewallPolicy": { "id": policy },
        });
        let mut body = json!({ "zones": zones(&gateway.list("zones")?) });
        match gateway.take("certificate")? {
            Value::Null => {}
            certificate => {
                let mut certificate = Document::new("plan.gateway.certificate", &certificate)?;
                body["identity"] = json!({
                    "type": "UserAssigned",
                    "userAssignedIdentities": { certificate.text("identity")?: {} },
                });
                properties["sslPolicy"] = json!({ "policyType": "Predefined", "policyName": "AppGwSslPolicy20220101" });
                let secret = certificate.text("secret")?;
                properties["sslCertificates"] = one("certificate", json!({ "keyVaultSecretId": secret }));
                listener["protocol"] = json!("Https");
                listener["sslCertificate"] = own("sslCertificates", "certificate");
                certificate.end()?;
            }
        }
        properties["httpListeners"] = one("listener", listener);
        body["properties"] = properties;
        gateway.end()?;
        self.regional(GATEWAY, &name, body);
        Ok(())
    }
}
