//! The catalogue of checks and the gate: only a plan without errors becomes [`Checked`].
//!
//! A check is one file with a `static CHECK` and its entry in [`CHECKS`]. It sees the [`Facts`] and nothing else.

mod address_space_overlap;
mod aks_reserved_range;
mod any_destination;
mod any_name;
mod any_source;
mod any_to_any;
mod api_server_subnet_size;
mod authorized_range_not_public;
mod authorized_ranges_behind_tunnel;
mod azure_network_policy;
mod cilium_without_azure_cni;
mod clashing_tags;
mod contradicting_expectations;
mod cost_analysis_tier;
mod defender_in_china;
mod distant_expiry;
mod dnat_port;
mod dnat_with_forced_tunnel;
mod dns_service_ip;
mod dns_to_anywhere;
mod dotted_classic_name;
mod double_logging;
mod duplicate_dnat;
mod duplicate_entry;
mod duplicate_expectation;
mod duplicate_priority;
mod expired_rule;
mod feature_above_tier;
mod feature_needs_policy;
mod firewall_subnet_size;
mod forbidden_block;
mod forbidden_name;
mod gateway_capacity;
mod gateway_port;
mod gateway_source;
mod gateway_subnet_size;
mod gateway_without_subnet;
mod gateway_without_tls;
mod git_host_missing;
mod gpu_size;
mod high_application_port;
mod hub_group_shared;
mod icmp_to_internet;
mod inbound_from_anywhere;
mod inbound_name_form;
mod inbound_target_clash;
mod inbound_target_outside;
mod inbound_target_reserved;
mod incomplete_service_tags;
mod inspected_api_server;
mod inspection_unused;
mod inspection_without_certificate;
mod internet_without_translation;
mod invalid_name;
mod invalid_tag;
mod kubenet_nodes;
mod kubenet_private_dns;
mod kubenet_retirement;
mod limit_exceeded;
mod limit_near;
mod long_firewall_name;
mod missing_addon_endpoint;
mod missing_endpoint;
mod missing_rule_field;
mod misspelled_tag;
mod mixed_private_ranges;
mod multi_tenant_suffix;
mod name_clash;
mod name_without_dns_proxy;
mod needless_api_server_address;
mod network_policy_unsupported;
mod network_too_large;
mod next_hop_unusable;
mod next_hop_unusual;
mod node_group_name_length;
mod node_size_form;
mod node_subnet_size;
mod ntp_to_anywhere;
mod obsolete_host;
mod obsolete_time;
mod obsolete_tunnel;
mod over_matching_name;
mod overlay_name_length;
mod overridden_decision;
mod override_without_resource;
mod own_network_translated;
mod peer_in_another_group;
mod plain_http;
mod pod_range_size;
mod pod_subnet_size;
mod priority_out_of_range;
mod private_with_authorized_ranges;
mod private_zone_out_of_reach;
mod public_address_space;
mod public_prefix_too_small;
mod range_overlap;
mod region_of_another_cloud;
mod region_on_global_tag;
mod region_without_integration;
mod region_without_zones;
mod repeated_override;
mod repeated_rule_name;
mod restricted_region;
mod rule_name_form;
mod scarce_snat_ports;
mod secret_in_override;
mod service_endpoint_bypass;
mod service_principal_secret;
mod service_range_size;
mod service_subnet_name;
mod service_tag_hides_names;
mod service_tag_on_every_port;
mod small_system_node;
mod spot_system_pool;
mod subnet_outside_vnet;
mod subnet_overlap;
mod subnet_size;
mod tag_region_spelling;
mod threat_intelligence_off;
pub mod together;
mod too_few_pods;
mod too_many_authorized_ranges;
mod tunnel_to_itself;
mod unknown_category;
mod unknown_property;
mod unknown_region;
mod unknown_service_endpoint;
mod unknown_tag;
mod unknown_tag_region;
mod unlisted_registry;
mod unpeered_network;
mod unreachable_dns_server;
mod unseen_source;
mod unusable_public_ip;
mod unusable_service_tag;
mod unwritable_property;
mod whole_registry;
mod wide_service_tag;
mod wildcard_in_network_rule;
mod windows_pool_name;
mod windows_system_pool;
mod windows_with_cilium;
mod windows_without_azure_cni;
mod zone_without_capacity;

use crate::diag::{Code, Finding, Findings, Report, Severity, Sources, edits};
use crate::plan::Plan;
use crate::settings::{InForce, levelled};
use crate::value::Date;
use crate::waive::{Settled, settle};

/// A check: its declaration and the function that runs it.
#[derive(Debug)]
pub struct Check {
    /// Name, severity, page, examples.
    pub code: Code,
    /// Looks at the facts and reports.
    pub(crate) run: fn(&Facts<'_>, &mut Findings),
}

/// What a check may look at.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// What the repository asks for.
    pub settings: Option<InForce<'a>>,
    /// Today, for checks of dates; `None` where no day was given.
    pub today: Option<Date>,
}

/// Every check, sorted by id.
pub static CHECKS: &[&Check] = &[
    &address_space_overlap::CHECK,
    &aks_reserved_range::CHECK,
    &any_destination::CHECK,
    &any_name::CHECK,
    &any_source::CHECK,
    &any_to_any::CHECK,
    &api_server_subnet_size::CHECK,
    &authorized_range_not_public::CHECK,
    &authorized_ranges_behind_tunnel::CHECK,
    &azure_network_policy::CHECK,
    &cilium_without_azure_cni::CHECK,
    &clashing_tags::CHECK,
    &contradicting_expectations::CHECK,
    &cost_analysis_tier::CHECK,
    &defender_in_china::CHECK,
    &distant_expiry::CHECK,
    &dnat_port::CHECK,
    &dnat_with_forced_tunnel::CHECK,
    &dns_service_ip::CHECK,
    &dns_to_anywhere::CHECK,
    &dotted_classic_name::CHECK,
    &double_logging::CHECK,
    &duplicate_dnat::CHECK,
    &duplicate_entry::CHECK,
    &duplicate_expectation::CHECK,
    &duplicate_priority::CHECK,
    &expired_rule::CHECK,
    &feature_above_tier::CHECK,
    &feature_needs_policy::CHECK,
    &firewall_subnet_size::CHECK,
    &forbidden_block::CHECK,
    &forbidden_name::CHECK,
    &gateway_capacity::CHECK,
    &gateway_port::CHECK,
    &gateway_source::CHECK,
    &gateway_subnet_size::CHECK,
    &gateway_without_subnet::CHECK,
    &gateway_without_tls::CHECK,
    &git_host_missing::CHECK,
    &gpu_size::CHECK,
    &high_application_port::CHECK,
    &hub_group_shared::CHECK,
    &icmp_to_internet::CHECK,
    &inbound_from_anywhere::CHECK,
    &inbound_name_form::CHECK,
    &inbound_target_clash::CHECK,
    &inbound_target_outside::CHECK,
    &inbound_target_reserved::CHECK,
    &incomplete_service_tags::CHECK,
    &inspected_api_server::CHECK,
    &inspection_unused::CHECK,
    &inspection_without_certificate::CHECK,
    &internet_without_translation::CHECK,
    &invalid_name::CHECK,
    &invalid_tag::CHECK,
    &kubenet_nodes::CHECK,
    &kubenet_private_dns::CHECK,
    &kubenet_retirement::CHECK,
    &limit_exceeded::CHECK,
    &limit_near::CHECK,
    &long_firewall_name::CHECK,
    &missing_addon_endpoint::CHECK,
    &missing_endpoint::CHECK,
    &missing_rule_field::CHECK,
    &misspelled_tag::CHECK,
    &mixed_private_ranges::CHECK,
    &multi_tenant_suffix::CHECK,
    &name_clash::CHECK,
    &name_without_dns_proxy::CHECK,
    &needless_api_server_address::CHECK,
    &network_policy_unsupported::CHECK,
    &network_too_large::CHECK,
    &next_hop_unusable::CHECK,
    &next_hop_unusual::CHECK,
    &node_group_name_length::CHECK,
    &node_size_form::CHECK,
    &node_subnet_size::CHECK,
    &ntp_to_anywhere::CHECK,
    &obsolete_host::CHECK,
    &obsolete_time::CHECK,
    &obsolete_tunnel::CHECK,
    &over_matching_name::CHECK,
    &overlay_name_length::CHECK,
    &overridden_decision::CHECK,
    &override_without_resource::CHECK,
    &own_network_translated::CHECK,
    &peer_in_another_group::CHECK,
    &plain_http::CHECK,
    &pod_range_size::CHECK,
    &pod_subnet_size::CHECK,
    &priority_out_of_range::CHECK,
    &private_with_authorized_ranges::CHECK,
    &private_zone_out_of_reach::CHECK,
    &public_address_space::CHECK,
    &public_prefix_too_small::CHECK,
    &range_overlap::CHECK,
    &region_of_another_cloud::CHECK,
    &region_on_global_tag::CHECK,
    &region_without_integration::CHECK,
    &region_without_zones::CHECK,
    &repeated_override::CHECK,
    &repeated_rule_name::CHECK,
    &restricted_region::CHECK,
    &rule_name_form::CHECK,
    &scarce_snat_ports::CHECK,
    &secret_in_override::CHECK,
    &service_endpoint_bypass::CHECK,
    &service_principal_secret::CHECK,
    &service_range_size::CHECK,
    &service_subnet_name::CHECK,
    &service_tag_hides_names::CHECK,
    &service_tag_on_every_port::CHECK,
    &small_system_node::CHECK,
    &spot_system_pool::CHECK,
    &subnet_outside_vnet::CHECK,
    &subnet_overlap::CHECK,
    &subnet_size::CHECK,
    &tag_region_spelling::CHECK,
    &threat_intelligence_off::CHECK,
    &too_few_pods::CHECK,
    &too_many_authorized_ranges::CHECK,
    &tunnel_to_itself::CHECK,
    &unknown_category::CHECK,
    &unknown_property::CHECK,
    &unknown_region::CHECK,
    &unknown_service_endpoint::CHECK,
    &unknown_tag::CHECK,
    &unknown_tag_region::CHECK,
    &unlisted_registry::CHECK,
    &unpeered_network::CHECK,
    &unreachable_dns_server::CHECK,
    &unseen_source::CHECK,
    &unusable_public_ip::CHECK,
    &unusable_service_tag::CHECK,
    &unwritable_property::CHECK,
    &whole_registry::CHECK,
    &wide_service_tag::CHECK,
    &wildcard_in_network_rule::CHECK,
    &windows_pool_name::CHECK,
    &windows_system_pool::CHECK,
    &windows_with_cilium::CHECK,
    &windows_without_azure_cni::CHECK,
    &zone_without_capacity::CHECK,
];

/// Every code of the program: those of the readers, of settings, of waivers and of the checks, sorted by id.
pub fn codes() -> Vec<&'static Code> {
    let readers = crate::input::CODES.iter().chain(crate::rules::CODES).chain(crate::profile::CODES);
    let others = readers.chain(crate::settings::CODES).chain(crate::waive::CODES).copied();
    let checks = CHECKS.iter().map(|c| &c.code).chain(together::COMPARISONS.iter().map(|c| &c.code));
    let mut list: Vec<_> = others.chain(checks).collect();
    list.sort_by_key(|c| c.id);
    list
}

/// A plan without errors. Emitters see this and nothing else.
#[derive(Debug)]
pub struct Checked {
    /// The plan.
    pub plan: Plan,
    /// The texts it was made from.
    pub sources: Sources,
    /// Warnings and advice that remain, waived ones included, without those that depend on the day.
    pub findings: Vec<Finding>,
}

/// Runs every check. `earlier` are the findings of the readers, `settings` those of the repository.
pub fn run(
    plan: Plan,
    sources: Sources,
    earlier: Findings,
    settings: Option<InForce<'_>>,
    today: Option<Date>,
) -> (Report, Option<Checked>) {
    let mut findings = earlier;
    let facts = Facts { plan: &plan, settings, today };
    for check in CHECKS {
        findings.speak_for(&check.code);
        (check.run)(&facts, &mut findings);
    }
    let mut findings = levelled(settings, findings);
    edits::spell_out(&mut findings, &sources);
    // Most profiles waive nothing, and need no list of what can be waived.
    let known = if plan.waivers.is_empty() { Vec::new() } else { codes() };
    let Settled { told, kept } = settle(&plan.waivers, &known, settings, findings, today);
    let report = Report { sources: sources.clone(), findings: told };
    // What depends on the day never decides whether there are artifacts.
    if kept.iter().any(|f| f.is_active() && f.severity == Severity::Error) {
        return (report, None);
    }
    (report, Some(Checked { plan, sources, findings: kept }))
}
