//! Fetches, packs, and writes or compares the data of `formwork-check`.
//!
//! Beside `source` and `driver` the only module that touches the world.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::error::{Result, error};
use crate::pack::{self, Input, Regional};
use crate::source::{self, GetAtt};
use crate::{mend, patch};

/// The files of values that vary by region, and the properties that take them.
const REGIONAL: &[(&str, &[(&str, &str)])] = &[
    ("aws_amazonmq_broker_instancetype_enum", &[("AWS::AmazonMQ::Broker", "HostInstanceType")]),
    ("aws_appstream_fleet_instancetype_enum", &[("AWS::AppStream::Fleet", "InstanceType")]),
    ("aws_dax_cluster_nodetype_enum", &[("AWS::DAX::Cluster", "NodeType")]),
    ("aws_docdb_dbinstance_dbinstanceclass_enum", &[("AWS::DocDB::DBInstance", "DBInstanceClass")]),
    (
        "aws_ec2_instance_instancetype_enum",
        &[
            ("AWS::AutoScaling::LaunchConfiguration", "InstanceType"),
            ("AWS::EC2::Instance", "InstanceType"),
            ("AWS::EC2::LaunchTemplate", "LaunchTemplateData.InstanceType"),
        ],
    ),
    (
        "aws_elasticache_cachecluster_cachenodetype_enum",
        &[
            ("AWS::ElastiCache::CacheCluster", "CacheNodeType"),
            ("AWS::ElastiCache::ReplicationGroup", "CacheNodeType"),
        ],
    ),
    (
        "aws_elasticsearch_domain_elasticsearchclusterconfig_instancetype_enum",
        &[
            ("AWS::Elasticsearch::Domain", "ElasticsearchClusterConfig.DedicatedMasterType"),
            ("AWS::Elasticsearch::Domain", "ElasticsearchClusterConfig.InstanceType"),
        ],
    ),
    (
        "aws_emr_cluster_instancetypeconfig_instancetype_enum",
        &[
            ("AWS::EMR::Cluster", "Instances.CoreInstanceGroup.InstanceType"),
            ("AWS::EMR::Cluster", "Instances.MasterInstanceGroup.InstanceType"),
            ("AWS::EMR::InstanceGroupConfig", "InstanceType"),
        ],
    ),
    ("aws_gamelift_fleet_ec2instancetype_enum", &[("AWS::GameLift::Fleet", "EC2InstanceType")]),
    (
        "aws_managedblockchain_node_nodeconfiguration_instancetype_enum",
        &[("AWS::ManagedBlockchain::Node", "NodeConfiguration.InstanceType")],
    ),
    (
        "aws_neptune_dbinstance_dbinstanceclass_enum",
        &[("AWS::Neptune::DBInstance", "DBInstanceClass")],
    ),
    (
        "aws_opensearchservice_domain_clusterconfig_instancetype_enum",
        &[
            ("AWS::OpenSearchService::Domain", "ClusterConfig.DedicatedMasterType"),
            ("AWS::OpenSearchService::Domain", "ClusterConfig.InstanceType"),
        ],
    ),
    (
        "aws_rds_dbcluster_dbclusterinstanceclass_enum",
        &[("AWS::RDS::DBCluster", "DBClusterInstanceClass")],
    ),
    ("aws_rds_dbinstance_dbinstanceclass_enum", &[("AWS::RDS::DBInstance", "DBInstanceClass")]),
    ("aws_redshift_cluster_nodetype_enum", &[("AWS::Redshift::Cluster", "NodeType")]),
    (
        "aws_sagemaker_hosting_instancetype_enum",
        &[("AWS::SageMaker::EndpointConfig", "ProductionVariants.*.InstanceType")],
    ),
    (
        "aws_sagemaker_processing_instancetype_enum",
        &[
            ("AWS::SageMaker::DataQualityJobDefinition", "JobResources.ClusterConfig.InstanceType"),
            ("AWS::SageMaker::ModelBiasJobDefinition", "JobResources.ClusterConfig.InstanceType"),
            (
                "AWS::SageMaker::ModelExplainabilityJobDefinition",
                "JobResources.ClusterConfig.InstanceType",
            ),
            (
                "AWS::SageMaker::ModelQualityJobDefinition",
                "JobResources.ClusterConfig.InstanceType",
            ),
            (
                "AWS::SageMaker::MonitoringSchedule",
                "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringResources.ClusterConfig.InstanceType",
            ),
        ],
    ),
    (
        "aws_sagemaker_cluster_instancetype_enum",
        &[("AWS::SageMaker::Cluster", "InstanceGroups.*.InstanceType")],
    ),
];

/// Packs the data into `target`. With `check`, nothing is written. Says what differs.
///
/// # Errors
/// A source that cannot be had or is not what the generator knows, or a file that cannot be written.
pub fn run(target: &Path, work: &Path, check: bool) -> Result<Vec<String>> {
    let files = generate(&source::schemas_directory(work)?.join("generated"))?;
    let mut changed = Vec::new();
    for (name, bytes) in &files {
        let place = target.join(name);
        if fs::read(&place).ok().as_ref() == Some(bytes) {
            continue;
        }
        changed.push(name.clone());
        if !check {
            fs::create_dir_all(target)
                .and_then(|()| fs::write(&place, bytes))
                .map_err(|e| error!("cannot write {}: {e}", place.display()))?;
        }
    }
    Ok(changed)
}

fn generate(generated: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let data = generated.join("data");
    let mut schemas: Value = read(&generated.join("schema-validator/compiled_schemas.json"))?;
    patch::apply(&mut schemas, mend::MENDS)?;
    add_runtimes(&mut schemas, &data)?;
    add_shut_down(&mut schemas, &data)?;
    let get_att: GetAtt = read(&data.join("getatt_attributes.json"))?;
    let mut regions: BTreeMap<String, BTreeMap<String, BTreeMap<String, bool>>> =
        read(&data.join("region_resource_types.json"))?;
    let regions = regions
        .remove("region_resource_types")
        .ok_or_else(|| error!("region_resource_types.json has another key: teach packed.rs"))?;
    let versions: BTreeMap<String, String> = read(&data.join("source_versions.json"))?;
    let version = |key: &str| {
        versions.get(key).and_then(|version| version.rsplit('@').next()).unwrap_or_default()
    };
    let (name, crate_version, licence) = source::SCHEMAS;
    let head = format!(
        "# Generated by formwork-codegen: `cargo xtask codegen`. Do not edit.\n# Source: {name} {crate_version}, {licence}; registry schemas of {}; region data of cfn-lint {}, MIT-0.\n",
        version("resource_schema_version"),
        version("cfn_lint_version")
    );
    let regional = regional(&data)?;
    let input =
        Input { schemas: &schemas, get_att: &get_att, regions: &regions, regional: &regional };
    pack::files(&input, &head)
}

/// Lambda makes no functions any more with the runtimes that are blocked.
fn add_runtimes(schemas: &mut Value, data: &Path) -> Result<()> {
    let runtimes: Value = read(&data.join("lambda_runtimes.json"))?;
    let of = |key: &str| runtimes["lambda_runtimes"][key].as_array().cloned().unwrap_or_default();
    let blocked: Vec<Value> = of("create_blocked").into_iter().chain(of("eol")).collect();
    let places = [
        "/AWS::Lambda::Function/properties/Runtime",
        "/AWS::Serverless::Function/properties/Runtime",
    ];
    for place in places {
        let runtime = schemas
            .pointer_mut(place)
            .ok_or_else(|| error!("there is no {place}: teach packed.rs"))?;
        runtime["not_enum"] = Value::Array(blocked.clone());
    }
    if blocked.is_empty() {
        return Err(error!("lambda_runtimes.json names no blocked runtime: teach packed.rs"));
    }
    Ok(())
}

/// The day from which on nothing of a type can be made.
fn add_shut_down(schemas: &mut Value, data: &Path) -> Result<()> {
    let lifecycle: BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>> =
        read(&data.join("resource_lifecycle.json"))?;
    for (kind, state) in lifecycle.values().flatten() {
        let is_over = state.get("status").is_some_and(|status| status == "shutdown");
        if let (true, Some(schema), Some(date)) =
            (is_over, schemas.get_mut(kind), state.get("date"))
        {
            schema["shut_down"] = Value::String(date.clone());
        }
    }
    Ok(())
}

fn regional(data: &Path) -> Result<BTreeMap<(String, String), Regional>> {
    let mut all = BTreeMap::new();
    for (file, properties) in REGIONAL {
        let mut document: BTreeMap<String, BTreeMap<String, Value>> =
            read(&data.join(format!("{file}.json")))?;
        let regions = document
            .remove(*file)
            .ok_or_else(|| error!("{file}.json has another key: teach packed.rs"))?;
        let regional: Regional = regions
            .into_iter()
            .filter(|(region, _)| region != "all")
            .map(|(region, schema)| {
                let mut values = BTreeSet::new();
                enums(&schema, &mut values);
                (region, values)
            })
            .collect();
        for (kind, property) in *properties {
            all.insert(((*kind).to_owned(), (*property).to_owned()), regional.clone());
        }
    }
    Ok(all)
}

/// Every value that some form of the schema allows; what decides between the forms is another property.
fn enums(schema: &Value, values: &mut BTreeSet<String>) {
    match schema {
        Value::Object(fields) => {
            for (key, value) in fields.iter().filter(|(key, _)| *key != "if") {
                if key == "enum" {
                    let texts = value.as_array().into_iter().flatten().filter_map(Value::as_str);
                    values.extend(texts.map(str::to_owned));
                } else {
                    enums(value, values);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| enums(item, values)),
        _ => {}
    }
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    let text =
        fs::read_to_string(path).map_err(|e| error!("cannot read {}: {e}", path.display()))?;
    source::parse(&text, &path.display().to_string())
}
