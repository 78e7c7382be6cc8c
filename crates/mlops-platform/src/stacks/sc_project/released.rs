//! The templates that are released for projects and nested by no stack: the product, and what the pipelines of a project deploy.
//!
//! Whoever deploys one finds its key in Systems Manager, by its stack's name.

use formwork::ReleasedTemplate;
use formwork::prelude::*;

use super::Setup;
use crate::parameters;
use crate::products::{
    PROJECT_TEMPLATE, inference, inference_stackset, monitor, monitor_stackset, project_ecr,
    project_model_group, project_service_catalog, sagemaker_project, studio_user,
};

/// The product "SageMaker Project", and every template with the id and the name of the parameter that holds its key.
pub(super) struct Released {
    pub(super) project: ReleasedTemplate,
    all: Vec<(&'static str, &'static str, ReleasedTemplate)>,
}

/// Releases them. Another one is another line.
pub(super) fn add(t: &mut Template) -> Released {
    let project = t.release(sagemaker_project::STACK);
    let all = vec![
        ("ProjectTemplateParam", PROJECT_TEMPLATE, project),
        ("UserTemplateParam", "templates/smuser", t.release(studio_user::STACK)),
        (
            "ServiceCatalogTemplateParam",
            "templates/project-service-catalog",
            t.release(project_service_catalog::STACK),
        ),
        ("EcrTemplateParam", "templates/project-ecr", t.release(project_ecr::STACK)),
        (
            "ModelGroupTemplateParam",
            "templates/project-model-group",
            t.release(project_model_group::STACK),
        ),
        (
            "InferenceStacksetTemplateParam",
            "templates/inference-stackset",
            t.release(inference_stackset::STACK),
        ),
        ("InferenceTemplateParam", "templates/inference", t.release(inference::STACK)),
        (
            "MonitorStacksetTemplateParam",
            "templates/monitor-stackset",
            t.release(monitor_stackset::STACK),
        ),
        ("MonitorTemplateParam", "templates/monitor", t.release(monitor::STACK)),
    ];
    Released { project, all }
}

impl Released {
    /// Writes where each is.
    pub(super) fn write(self, t: &mut Template, setup: Setup) {
        for (id, name, template) in self.all {
            parameters::add(t, id, name, template.key(), setup.input.cost_center);
        }
    }
}
