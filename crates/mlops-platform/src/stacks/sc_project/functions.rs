//! The two functions: one takes away what a project's pipelines made when the project goes, the other keeps SageMaker's
//! provided templates from the platform's roles.
//!
//! Their names are fixed: products build the ARN of the first, and policies speak of a function by its name.

use formwork::iam::Statement;
use formwork::prelude::*;
use formwork::{IntoList, Required};
use formwork_aws::{
    cloudformation, codepipeline, iam, lambda, logs, sagemaker, servicecatalog, ssm,
};

use super::Setup;
use super::catalog::Catalog;
use crate::custom::ProvidedTemplates;
use crate::stacks::inline;
use crate::tags::{self, tags};
use crate::{code, names};

/// A function: its logical id, what its name and role are called after, and what it is.
#[derive(Clone, Copy)]
struct Function {
    id: &'static str,
    purpose: &'static str,
    description: &'static str,
    code: &'static str,
    seconds: i64,
}

fn add(
    t: &mut Template,
    setup: Setup,
    function: Function,
    may: Vec<Statement>,
) -> Handle<lambda::Function> {
    let Function { id, purpose, description, code, seconds } = function;
    let group = t.add(
        format!("{id}Logs"),
        logs::LogGroup::new()
            .log_group_name(format!("/aws/lambda/mlops-{purpose}"))
            .kms_key_id(setup.input.platform_key_arn)
            .retention_in_days(30)
            .tags(tags!(logs, setup.input.cost_center))
            .delete_with_stack(),
    );
    let log = allow([logs::actions::CreateLogStream, logs::actions::PutLogEvents])
        .on(sub!("{}/mlops-{purpose}:*", names::arn("logs", "log-group:/aws/lambda")));
    let policy: Policy = std::iter::once(log).chain(may).collect();
    let role = t.add(
        format!("{id}Role"),
        setup
            .role(purpose, "lambda")
            .description(description)
            .policies([inline("Function", policy)]),
    );
    t.add(
        id,
        lambda::Function::new(lambda::FunctionRequired {
            code: lambda::Code::new().zip_file(code),
            role: role.arn(),
        })
        .function_name(format!("mlops-{purpose}"))
        .description(description)
        .runtime(lambda::Runtime::Python3_12)
        .handler("index.handler")
        .memory_size(256)
        .timeout(seconds)
        .tags(tags!(optional lambda, setup.input.cost_center))
        .depends_on(group),
    )
}

/// Takes away what a project's pipelines made, when the project is terminated. Products call it by its name.
pub(super) fn project_cleanup(t: &mut Template, setup: Setup) {
    let function = Function {
        id: "ProjectCleanupFunction",
        purpose: "project-cleanup",
        description: "Takes away what the pipelines of a project made when the project goes",
        code: code::PROJECT_CLEANUP,
        seconds: 900,
    };
    let statements = of_stacks().into_iter().chain(of_the_rest()).collect();
    add(t, setup, function, statements);
}

/// The stacks that a project's pipelines made. A stack set that goes with its stack takes its instances with it, by the
/// role that the stack was made with.
fn of_stacks() -> [Statement; 3] {
    let stacks = [
        "stack/*-service-catalog-stack/*",
        "stack/*-ecr-repo-stack/*",
        "stack/*-model-group-stack/*",
        "stack/*-inference-stackset-*/*",
        "stack/*-monitor-stackset/*",
    ]
    .map(|stack| names::arn("cloudformation", stack));
    let own = sub!("{}/SC-{}-pp-*/*", names::arn("cloudformation", "stack"), pseudo::ACCOUNT_ID);
    [
        allow(cloudformation::actions::DescribeStacks).on(own),
        allow(cloudformation::actions::DescribeStacks).on(stacks),
        // The handler compares the project; here a stack of somebody else's with such a name is out of reach.
        allow(cloudformation::actions::DeleteStack)
            .on(stacks)
            .when(condition::null(condition::aws::resource_tag(tags::PROJECT_ID), false)),
    ]
}

/// Pipelines that run, and what no stack made.
fn of_the_rest() -> [Statement; 8] {
    let of_a_project = condition::null(condition::aws::resource_tag(tags::PROJECT_ID), false);
    let pipelines = ["*_project_pipeline", "*_build_pipeline", "*_deploy_pipeline"];
    let parameters = names::arn("ssm", "parameter/mlops/projects/*");
    [
        allow([
            sagemaker::actions::ListStudioLifecycleConfigs,
            servicecatalog::actions::SearchProvisionedProducts,
        ])
        .on_all("lists and searches know no resource"),
        // The stack with a project's user product retains its constraint: the project's roles may remove none.
        allow(servicecatalog::actions::DeleteConstraint).on_all(
            "a constraint has no ARN; the handler takes the one that the project's stack names",
        ),
        allow([
            codepipeline::actions::ListPipelineExecutions,
            codepipeline::actions::StopPipelineExecution,
        ])
        .on(pipelines.map(|pipeline| names::arn("codepipeline", pipeline))),
        // What is of no project stays, whatever it is called.
        allow(sagemaker::actions::DeletePipeline)
            .on(names::arn("sagemaker", "pipeline/*-pipeline"))
            .when(of_a_project),
        allow([
            sagemaker::actions::ListPipelineExecutions,
            sagemaker::actions::StopPipelineExecution,
        ])
        .on(["pipeline/*-pipeline", "pipeline/*-pipeline/execution/*"]
            .map(|pipeline| names::arn("sagemaker", pipeline))),
        allow(sagemaker::actions::DeleteStudioLifecycleConfig)
            .on(names::arn("sagemaker", "studio-lifecycle-config/*-lcc-*"))
            .when(of_a_project),
        allow([ssm::actions::DeleteParameter, ssm::actions::GetParametersByPath]).on(parameters),
        // It hands over to itself when its time is up.
        allow(lambda::actions::InvokeFunction)
            .on(names::arn("lambda", "function:mlops-project-cleanup")),
    ]
}

/// Keeps SageMaker's provided templates from the platform's roles, or offers them to the Data Science Admin.
pub(super) fn provided_templates(t: &mut Template, setup: Setup, catalog: &Catalog) {
    let input = setup.input;
    let before = names::arn("ssm", "parameter/mlops/platform/provided-templates-before");
    let portfolios = sub!("arn:{}:catalog:{}:*:portfolio/*", pseudo::PARTITION, pseudo::REGION);
    let statements = vec![
        allow([
            sagemaker::actions::DisableSagemakerServicecatalogPortfolio,
            sagemaker::actions::EnableSagemakerServicecatalogPortfolio,
            sagemaker::actions::GetSagemakerServicecatalogPortfolioStatus,
            sagemaker::actions::ListDomains,
            servicecatalog::actions::ListAcceptedPortfolioShares,
        ])
        .on_all("the switch and lists know no resource"),
        // AWS's portfolio has no id that is known beforehand. SageMaker accepts it with the rights of who switches it on.
        allow([
            servicecatalog::actions::AcceptPortfolioShare,
            servicecatalog::actions::AssociatePrincipalWithPortfolio,
            servicecatalog::actions::DisassociatePrincipalFromPortfolio,
            servicecatalog::actions::ListPrincipalsForPortfolio,
        ])
        .on(portfolios),
        // Service Catalog looks whether the principal exists.
        allow(iam::actions::GetRole).on(input.data_science_admin_role_arn),
        allow([
            ssm::actions::DeleteParameter,
            ssm::actions::GetParameter,
            ssm::actions::PutParameter,
        ])
        .on(before),
    ];
    let function = Function {
        id: "ProvidedTemplatesFunction",
        purpose: "provided-templates",
        description: "Keeps SageMaker's provided project templates from the platform's roles",
        code: code::PROVIDED_TEMPLATES,
        seconds: 120,
    };
    let function = add(t, setup, function, statements);
    let principals = (
        input.data_science_admin_role_arn,
        input.data_scientist_role_arn,
        input.studio_default_execution_role_arn,
        when(setup.has_product_role, input.product_role_permission, no_value()),
    );
    let templates = ProvidedTemplates {
        desired: val(input.sagemaker_provided_templates),
        principal_arns: IntoList::<Arn, Required>::into_list(principals),
    };
    t.add(
        "ProvidedTemplates",
        Custom::new(function.arn(), templates).service_timeout(180).depends_on(catalog.admin),
    );
}
