//! The stages of the three pipelines. Actions of a stage run beside each other unless their order is said.

use formwork_aws::codepipeline::{ActionDeclaration, StageDeclaration};

use super::Parts;
use super::actions::{self, Build, File, approval, notify, platform_source, project_source};
use crate::pipelines::stage;

/// What `build_cfn` makes.
const CFN: &str = "BuildCfnOutput";

/// What `build_model_group_params` makes.
const GROUP: &str = "ModelGroupOutput";

/// The actions that make images, each with what its image is for.
const PUSH: [(&str, &str); 4] = [
    ("push_preprocessing", "preprocessing"),
    ("push_transform", "transform"),
    ("push_training", "training"),
    ("push_inference", "inference"),
];

/// Sets the project up: what apps start with, the product for its users, repositories, the group of models, empty stack sets.
pub(super) fn project(parts: Parts) -> Vec<StageDeclaration> {
    let script = |name, makes| {
        let on = parts.builds.scripts;
        actions::build(
            parts,
            Build { name, runs: name, of: "project", on, with: None, project: false, makes },
        )
    };
    vec![
        stage("Source", vec![platform_source()]),
        stage("BuildCFN", vec![script("build_lcc", None), script("build_cfn", Some(CFN))]),
        stage(
            "BuildParams",
            vec![
                script("build_model_group_params", Some(GROUP)),
                script("create_sm_experiment", None),
            ],
        ),
        stage("Deploy", stacks(parts)),
        stage("Notify", vec![notify(parts, "project_ready_notification")]),
    ]
}

/// The stacks that a project begins with.
fn stacks(parts: Parts) -> Vec<ActionDeclaration> {
    let deploy = |name, stack, template, parameters| {
        actions::stack(parts, name, stack, File(CFN, template), parameters)
    };
    let inference = "inference-stackset.yaml";
    vec![
        deploy(
            "deploy_service_catalog",
            "service-catalog-stack",
            "project-service-catalog.yaml",
            File(CFN, "service-catalog.json"),
        ),
        deploy("deploy_ecr", "ecr-repo-stack", "project-ecr.yaml", File(CFN, "ecr.json")),
        deploy(
            "deploy_model_group",
            "model-group-stack",
            "project-model-group.yaml",
            File(GROUP, "model-group.json"),
        ),
        deploy(
            "deploy_model_stackset_stage",
            "inference-stackset-staging",
            inference,
            File(CFN, "inference-staging.json"),
        ),
        deploy(
            "deploy_model_stackset_prod",
            "inference-stackset-prod",
            inference,
            File(CFN, "inference-prod.json"),
        ),
    ]
}

/// Makes images and a model of the project's code.
pub(super) fn build(parts: Parts) -> Vec<StageDeclaration> {
    let push = PUSH.map(|(name, image)| on_project(parts, name, "push_image", Some(image)));
    vec![
        stage("Source", vec![project_source(parts), platform_source()]),
        stage("PushImages", push.into()),
        stage("SMPipeline", vec![on_project(parts, "sm_pipeline", "sm_pipeline", None)]),
    ]
}

/// Deploys the newest approved model, to production once somebody agrees, and then what watches it there.
pub(super) fn deploy(parts: Parts) -> Vec<StageDeclaration> {
    let script = |name, runs, with, makes| {
        let on = parts.builds.scripts;
        actions::build(
            parts,
            Build { name, runs, of: "deploy", on, with, project: false, makes: Some(makes) },
        )
    };
    let endpoint =
        |name, stage, makes| script(name, "build_endpoint_params", Some(("STAGE", stage)), makes);
    let deploy = |stack, from| {
        let (template, parameters) =
            (File(from, "inference-stackset.yaml"), File(from, "inference.json"));
        actions::stack(parts, "deploy", stack, template, parameters)
    };
    let (staging, prod, monitor) = ("StagingOutput", "ProdOutput", "MonitorOutput");
    vec![
        stage("Source", vec![platform_source()]),
        stage(
            "BuildModel",
            vec![
                endpoint("build_endpoint_params_staging", "staging", staging),
                endpoint("build_endpoint_params_prod", "prod", prod),
            ],
        ),
        stage(
            "DeployStaging",
            vec![
                deploy("inference-stackset-staging", staging),
                approval(
                    "ApproveDeployment",
                    "The model is deployed to staging. Approve to deploy it to production.",
                ),
            ],
        ),
        stage("DeployProd", vec![deploy("inference-stackset-prod", prod)]),
        stage(
            "BuildMonitor",
            vec![script("build_monitor_params", "build_monitor_params", None, monitor)],
        ),
        stage(
            "DeployMonitor",
            vec![actions::stack(
                parts,
                "deploy_monitor",
                "monitor-stackset",
                File(monitor, "monitor-stackset.yaml"),
                File(monitor, "monitor.json"),
            )],
        ),
    ]
}

/// A build with the project's own code: its images in containers, its pipeline beside the other code.
fn on_project(
    parts: Parts,
    name: &'static str,
    runs: &'static str,
    image: Option<&'static str>,
) -> ActionDeclaration {
    let on = if image.is_some() { parts.builds.docker } else { parts.builds.code };
    let with = image.map(|image| ("CONTAINER", image));
    actions::build(parts, Build { name, runs, of: "build", on, with, project: true, makes: None })
}
