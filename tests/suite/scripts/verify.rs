//! `verify.sh` prints a table, and fails when a line of it says so.

use serde_json::{Value, json};

use super::{clean, example, stub_with};
use crate::stub::{SUBSCRIPTION, Stub, kind};

const SCRIPT: &str = "az/verify.sh";

/// A stub where everything stands, and whose probes say what the profile expects.
fn standing(name: &str) -> Stub {
    let files = example(name);
    let mut stub = stub_with(&files);
    let ran = stub.run("az/deploy-steps.sh");
    clean(&stub, name, &ran);
    stub.cloud.forget();
    let plan: Value = serde_json::from_slice(&files["plan.json"]).unwrap();
    let line =
        |one: &Value| format!("ok\t{}\t{}\tHTTP 200\n", one["verdict"].as_str().unwrap(), one["to"].as_str().unwrap());
    stub.cloud.kube.probes = Some(plan["expect"].as_array().unwrap().iter().map(line).collect());
    stub
}

/// The lines of the table that begin with a word.
fn rows<'a>(out: &'a str, word: &str) -> Vec<&'a str> {
    out.lines().filter(|line| line.split_whitespace().next() == Some(word)).collect()
}

#[test]
fn what_is_as_planned_passes() {
    for name in ["walkthrough", "policy-premium", "walkthrough-kubenet", "minimal"] {
        let mut stub = standing(name);
        let ran = stub.run(SCRIPT);
        clean(&stub, name, &ran);
        assert!(rows(&ran.out, "ok").len() > 10, "{name}: {}", ran.out);
        assert!(rows(&ran.out, "fail").is_empty(), "{name}: {}", ran.out);
        let probed = !stub.cloud.kube.calls.is_empty();
        assert_eq!(probed, name != "minimal");
        assert!(stub.cloud.forget().iter().all(|call| call.does != crate::stub::Does::Act));
    }
}

#[test]
fn a_difference_fails_and_the_rest_is_still_looked_at() {
    let cases: [(&str, &str, Value, &str); 5] = [
        ("azureFirewalls", "/properties/ipConfigurations", json!([]), "public addresses"),
        (
            "routeTables",
            "/properties/routes/0/properties/nextHopIpAddress",
            json!("10.0.3.9"),
            "planned 10.0.3.4, found 10.0.3.9",
        ),
        ("virtualNetworks", "/properties/subnets/3/properties/routeTable", Value::Null, "route table"),
        ("diagnosticSettings", "/properties/logs", json!([]), "categories"),
        (
            "managedClusters",
            "/properties/networkProfile/outboundType",
            json!("loadBalancer"),
            "planned userDefinedRouting, found loadBalancer",
        ),
    ];
    for (of, path, value, said) in cases {
        let mut stub = standing("walkthrough");
        let resource = stub.cloud.resources_mut().find(|one| kind(&one.id).ends_with(of)).unwrap();
        *resource.body.pointer_mut(path).unwrap() = value;
        let ran = stub.run(SCRIPT);
        assert_eq!(ran.code, 1, "{of}{path}: {}", ran.out);
        let failed = rows(&ran.out, "fail");
        assert!(failed.iter().any(|line| line.contains(said)), "{of}{path}: {failed:#?}");
        assert!(ran.out.contains("lines failed"), "{}", ran.out);
        assert!(rows(&ran.out, "ok").iter().any(|line| line.contains("batman.com")), "{}", ran.out);
    }
    let mut stub = standing("walkthrough");
    let setting = stub.cloud.resources().find(|one| kind(&one.id).ends_with("diagnosticSettings")).unwrap().id.clone();
    stub.cloud.remove(&setting);
    let ran = stub.run(SCRIPT);
    assert_eq!(ran.code, 1);
    assert!(rows(&ran.out, "fail").iter().any(|line| line.contains("does not exist")), "{}", ran.out);
}

#[test]
fn probes_decide() {
    let cases = [
        (
            Some("ok\tallow\ta\tx\nok\tallow\tb\tx\nok\tallow\tc\tx\nfail\tdeny\thttp://batman.com:80\tHTTP 200\n"),
            1,
            "1 lines failed",
        ),
        (
            Some("ok\tallow\ta\tx\nok\tallow\tb\tx\nok\tallow\tc\tx\nunknown\tdeny\td\tno name\n"),
            0,
            "1 lines could not be decided",
        ),
        (Some("ok\tallow\ta\tx\nnoise\n"), 1, "1 of 4 expectations were tried"),
        (None, 1, "0 of 4 expectations were tried (no end in time)"),
    ];
    for (lines, code, said) in cases {
        let mut stub = standing("walkthrough");
        stub.cloud.kube.probes = lines.map(str::to_owned);
        let ran = stub.run(SCRIPT);
        assert_eq!(ran.code, code, "{said}: {}{}", ran.out, ran.err);
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    let mut stub = standing("walkthrough");
    let ran = stub.run_with(SCRIPT, &["--subscription", SUBSCRIPTION, "--without-probes"]);
    clean(&stub, SCRIPT, &ran);
    assert!(stub.cloud.kube.calls.is_empty());
}
