//! The four monitors: what each reads, what it compares it with, and when it is made.

use formwork::node::Node;
use formwork::prelude::*;
use formwork::{Early, Object, Text};
use formwork_aws::{iam, lambda, sagemaker};

use super::Setup;
use crate::custom::ModelMonitor;
use crate::products::stack_set::text;

/// Once an hour.
const HOURLY: &str = "cron(0 * ? * * *)";

/// Where a job finds what it reads, and puts what it found, in its container.
const READ: &str = "/opt/ml/processing/input/endpoint";
const WRITTEN: &str = "/opt/ml/processing/output";

/// A monitor: what distinguishes it from the others.
struct Monitor {
    /// Its logical id, and what SageMaker calls it.
    id: &'static str,
    /// The short word in its names.
    kind: &'static str,
    image: Text<Early>,
    constraints: Input<String>,
    when: Option<Condition>,
    /// What the image is told beside.
    told: Vec<(&'static str, Node)>,
    statistics: Option<Input<String>>,
    /// Where things are in what it reads.
    attributes: Vec<(&'static str, Node)>,
    /// Whether it compares with labels that became known later.
    labelled: bool,
}

pub(super) fn add(
    t: &mut Template,
    setup: Setup,
    function: Handle<lambda::Function>,
    role: Handle<iam::Role>,
) {
    for monitor in monitors(setup) {
        let properties = ModelMonitor {
            kind: val(monitor.kind),
            project_name: text(setup.input.project_name),
            stage: setup.stage,
            schedule: val(HOURLY),
            model_package_arn: val(setup.input.model_package_arn),
            definition: val(definition(setup, &monitor, role)),
        };
        // A job that runs while its monitor goes is waited for, in several invocations.
        let resource = Custom::new(function.arn(), properties).service_timeout(3_600);
        match monitor.when {
            Some(condition) => t.add(monitor.id, resource.when(condition)),
            None => t.add(monitor.id, resource),
        };
    }
}

fn monitors(setup: Setup) -> [Monitor; 4] {
    let input = setup.input;
    let features = ("FeaturesAttribute", any(input.features_attribute));
    let prediction = ("InferenceAttribute", any(input.inference_attribute));
    let probability = ("ProbabilityAttribute", any(input.probability_attribute));
    let threshold = ("ProbabilityThresholdAttribute", any(input.probability_threshold));
    let plain = |id, kind, image, constraints| Monitor {
        id,
        kind,
        image,
        constraints,
        when: None,
        told: Vec::new(),
        statistics: None,
        attributes: Vec::new(),
        labelled: false,
    };
    let (analyzer, clarify) = (setup.images.analyzer, setup.images.clarify);
    [
        Monitor {
            statistics: Some(input.data_quality_statistics),
            ..plain("DataQuality", "dq", analyzer, input.data_quality_constraints)
        },
        Monitor {
            when: Some(setup.watches_quality),
            told: vec![("ProblemType", any(input.model_quality_problem_type))],
            attributes: vec![prediction, probability, threshold],
            labelled: true,
            ..plain("ModelQuality", "mq", analyzer, input.model_quality_constraints)
        },
        Monitor {
            when: Some(setup.watches_bias),
            told: vec![("ConfigUri", any(input.bias_config_uri))],
            attributes: vec![features, prediction, probability, threshold],
            labelled: true,
            ..plain("ModelBias", "bias", clarify, input.bias_constraints)
        },
        Monitor {
            when: Some(setup.explains),
            told: vec![("ConfigUri", any(input.explainability_config_uri))],
            // What is explained is the score, as in the baseline, and not the class.
            attributes: vec![features, ("InferenceAttribute", any(input.probability_attribute))],
            ..plain("ModelExplainability", "shap", clarify, input.explainability_constraints)
        },
    ]
}

/// What SageMaker's API takes for a definition. The function leaves out what is empty.
fn definition(setup: Setup, monitor: &Monitor, role: Handle<iam::Role>) -> Object {
    let (input, id) = (setup.input, monitor.id);
    let mut app = vec![
        ("ImageUri", any(monitor.image)),
        ("Environment", any(object([("publish_cloudwatch_metrics", "Enabled")]))),
    ];
    app.extend(monitor.told.iter().copied());
    let statistics = monitor.statistics.map(|uri| ("StatisticsResource", at(uri)));
    let baseline = [("ConstraintsResource", at(monitor.constraints))].into_iter().chain(statistics);
    object([
        (format!("{id}AppSpecification"), any(object(app))),
        (format!("{id}BaselineConfig"), any(object(baseline))),
        (format!("{id}JobInput"), any(read(setup, monitor))),
        (format!("{id}JobOutputConfig"), any(written(setup, monitor))),
        ("JobResources".to_owned(), any(resources(setup))),
        ("NetworkConfig".to_owned(), any(when(setup.in_vpc, network(setup), no_value()))),
        ("RoleArn".to_owned(), any(role.arn())),
        // The next begins in an hour, and labels are merged before.
        ("StoppingCondition".to_owned(), any(object([("MaxRuntimeInSeconds", 1_800)]))),
        ("Tags".to_owned(), any(project_tags!(sagemaker, input))),
    ])
}

fn at(uri: Input<String>) -> Object {
    object([("S3Uri", uri)])
}

/// Reports, a folder for each kind.
fn written(setup: Setup, monitor: &Monitor) -> Object {
    let input = setup.input;
    let reports =
        sub!("s3://{}/monitor/{}/reports/{}/", input.bucket_name, setup.stage, monitor.kind);
    let output = object([
        ("LocalPath", any(WRITTEN)),
        ("S3Uri", any(reports)),
        ("S3UploadMode", any("EndOfJob")),
    ]);
    object([
        ("KmsKeyId", any(input.kms_key_arn)),
        ("MonitoringOutputs", any([object([("S3Output", output)])])),
    ])
}

/// What an endpoint captured, or what the jobs of batches did.
fn read(setup: Setup, monitor: &Monitor) -> Object {
    let input = setup.input;
    let mut common = vec![("LocalPath", any(READ))];
    common.extend(monitor.attributes.iter().copied());
    if monitor.labelled {
        // Labels come later than answers.
        common.extend([("StartTimeOffset", any("-PT3H")), ("EndTimeOffset", any("-PT1H"))]);
    }
    let mut endpoint = common.clone();
    endpoint.push(("EndpointName", any(sub!("{}-endpoint", setup.prefix))));
    let mut batch = common;
    batch.extend([
        (
            "DataCapturedDestinationS3Uri",
            any(sub!("s3://{}/monitor/{}/capture", input.bucket_name, setup.stage)),
        ),
        ("DatasetFormat", any(object([("Csv", object([("Header", false)]))]))),
    ]);
    let mut all = vec![
        ("EndpointInput", any(when(setup.real_time, object(endpoint), no_value()))),
        ("BatchTransformInput", any(when(setup.batch, object(batch), no_value()))),
    ];
    if monitor.labelled {
        all.push(("GroundTruthS3Input", any(at(input.ground_truth_uri))));
    }
    object(all)
}

fn resources(setup: Setup) -> Object {
    object([(
        "ClusterConfig",
        object([
            ("InstanceCount", any(1)),
            ("InstanceType", any("ml.m5.xlarge")),
            ("VolumeSizeInGB", any(30)),
            ("VolumeKmsKeyId", any(setup.input.kms_key_arn)),
        ]),
    )])
}

fn network(setup: Setup) -> Object {
    let input = setup.input;
    let vpc = object([
        ("SecurityGroupIds", any([input.security_group_id])),
        ("Subnets", any(input.vpc_subnets)),
    ]);
    object([("VpcConfig", vpc)])
}
