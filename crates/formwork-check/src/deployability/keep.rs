//! Resources that hold what nobody can make again, and say nothing of what becomes of it.

use formwork::read::Tree;

use super::rules::{HALF_KEPT, NOT_KEPT};
use super::scene::resource_pointer;
use crate::finding::{Finding, Place, shown};
use crate::subject::{CheckedTemplate, stack_resources};

/// Types that hold data, keys or identities. Source: `stateful_resource_types.json` of cloudformation-validate-data-source
/// 1.14 (Apache-2.0), without nested stacks, whose resources say it themselves, and without what only passes data on or is
/// kept by a final snapshot anyhow.
pub(super) const STATEFUL: [&str; 23] = [
    "AWS::Backup::BackupVault",
    "AWS::Cognito::UserPool",
    "AWS::DocDB::DBCluster",
    "AWS::DynamoDB::GlobalTable",
    "AWS::DynamoDB::Table",
    "AWS::EC2::Volume",
    "AWS::EFS::FileSystem",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::Elasticsearch::Domain",
    "AWS::FSx::FileSystem",
    "AWS::KMS::Key",
    "AWS::Kinesis::Stream",
    "AWS::Logs::LogGroup",
    "AWS::Neptune::DBCluster",
    "AWS::OpenSearchService::Domain",
    "AWS::Organizations::Account",
    "AWS::QLDB::Ledger",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::Redshift::Cluster",
    "AWS::S3::Bucket",
    "AWS::SDB::Domain",
    "AWS::SecretsManager::Secret",
];

pub(super) fn check(template: &CheckedTemplate, findings: &mut Vec<Finding>) {
    for (id, tree) in stack_resources(template.root()) {
        let kind = tree.get("Type").and_then(Tree::as_str).unwrap_or_default();
        if !STATEFUL.contains(&kind) {
            half_kept(template, id, tree, findings);
            continue;
        }
        let is_in_cluster =
            tree.get("Properties").is_some_and(|all| all.get("DBClusterIdentifier").is_some());
        // What belongs to a cluster is kept with it.
        if kind == "AWS::RDS::DBInstance" && is_in_cluster {
            continue;
        }
        let is_snapshot = ["AWS::RDS::DBCluster", "AWS::RDS::DBInstance"].contains(&kind);
        let says = |name: &str| tree.get(name).is_some_and(|policy| !policy.is_null());
        let missing: Vec<&str> = ["DeletionPolicy", "UpdateReplacePolicy"]
            .into_iter()
            .filter(|name| !(says(name) || is_snapshot && *name == "DeletionPolicy"))
            .collect();
        if missing.is_empty() {
            continue;
        }
        let message = format!(
            "`{}` (`{kind}`) holds data and has no `{}`",
            shown(id),
            missing.join("` and no `")
        );
        let fix = "say `Retain`, `Snapshot` where the type has it, or `Delete` if it may go";
        findings.push(Finding::new(NOT_KEPT, place(template, id, tree), message).fix(fix));
    }
}

/// A resource that is kept in one case, and says nothing of the other.
fn half_kept(template: &CheckedTemplate, id: &str, tree: &Tree, findings: &mut Vec<Finding>) {
    const BOTH: [(&str, &str); 2] =
        [("DeletionPolicy", "UpdateReplacePolicy"), ("UpdateReplacePolicy", "DeletionPolicy")];
    for (said, missing) in BOTH {
        let policy = tree.get(said).and_then(Tree::as_str).unwrap_or("Delete");
        if policy != "Delete" && tree.get(missing).is_none() {
            let message = format!("`{}` has a `{said}` and no `{missing}`", shown(id));
            let finding = Finding::new(HALF_KEPT, place(template, id, tree), message);
            let fix =
                format!("add `{missing}: {}`", shown(policy.trim_end_matches("ExceptOnCreate")));
            findings.push(finding.given(format!("{said}: {}", shown(policy))).fix(fix));
        }
    }
}

/// The place of a resource; in a loop, of what stands in it.
fn place(template: &CheckedTemplate, id: &str, tree: &Tree) -> Place {
    let pointer = resource_pointer(id);
    if template.root().at(&pointer).is_some() {
        template.place_of(&pointer)
    } else {
        template.place_at(tree, &pointer)
    }
}

/// Whether a tree has a text anywhere that satisfies this.
pub(super) fn any_text(tree: &Tree, mut is_it: impl FnMut(&str) -> bool) -> bool {
    let mut found = false;
    tree.walk(|_, tree| found |= tree.as_str().is_some_and(&mut is_it));
    found
}
