//! The VPC's endpoints: the only way from the network to AWS services.
//!
//! A policy on an endpoint lets principals of this account through and nobody else, so that credentials from elsewhere are of
//! no use in the network. Where a service does not ask for signed requests, or its guide does not speak of such policies,
//! the endpoint has EC2's default: a service that takes no policy would refuse the whole launch.

use formwork::prelude::*;
use formwork::{Early, IntoValue, Text};
use formwork_aws::{
    cloudformation, cloudwatch, codeartifact, codecommit, ec2, ecr, kms, logs, s3, sagemaker, ssm,
    sts,
};

use super::network::Network;
use super::{EndpointTier, Inputs, Setup};
use crate::launch::REGIONS;

/// An interface endpoint.
#[derive(Clone, Copy)]
struct Service {
    /// What its logical id begins with; also its column in the table of gaps.
    id: &'static str,
    /// Its name without the region.
    name: (&'static str, &'static str),
    /// What principals of this account may do through it; none for EC2's default policy.
    allows: Option<Action>,
    /// Whether the essential tier goes without it.
    optional: bool,
}

impl Service {
    const fn new(id: &'static str, name: &'static str) -> Self {
        Service { id, name: ("com.amazonaws", name), allows: None, optional: false }
    }

    /// One whose name begins otherwise than that of most.
    const fn of_sagemaker(id: &'static str, name: &'static str) -> Self {
        Service { name: ("aws.sagemaker", name), ..Service::new(id, name) }
    }

    const fn allows(self, actions: Action) -> Self {
        Service { allows: Some(actions), ..self }
    }

    const fn optional(self) -> Self {
        Service { optional: true, ..self }
    }

    fn full_name(self) -> Text<Early> {
        let (before, after) = self.name;
        sub!("{before}.{}.{after}", pseudo::REGION)
    }
}

/// 15 without which projects do not work, and six more.
const SERVICES: [Service; 21] = [
    Service::new("SageMakerApi", "sagemaker.api").allows(sagemaker::actions::All),
    Service::new("SageMakerRuntime", "sagemaker.runtime").allows(sagemaker::actions::All),
    Service::of_sagemaker("Studio", "studio"),
    Service::new("Sts", "sts").allows(sts::actions::All),
    Service::new("Kms", "kms").allows(kms::actions::All),
    Service::new("Ssm", "ssm").allows(ssm::actions::All),
    Service::new("Logs", "logs").allows(logs::actions::All),
    Service::new("Monitoring", "monitoring").allows(cloudwatch::actions::All),
    Service::new("EcrApi", "ecr.api").allows(ecr::actions::All),
    Service::new("EcrDkr", "ecr.dkr"),
    Service::new("CodeArtifactApi", "codeartifact.api").allows(codeartifact::actions::All),
    Service::new("CodeArtifactRepositories", "codeartifact.repositories"),
    Service::new("CodeCommit", "codecommit").allows(codecommit::actions::All),
    Service::new("GitCodeCommit", "git-codecommit"),
    Service::new("ServiceCatalog", "servicecatalog"),
    Service::of_sagemaker("Notebook", "notebook").optional(),
    Service::new("FeatureStoreRuntime", "sagemaker.featurestore-runtime")
        .allows(sagemaker::actions::All)
        .optional(),
    Service::new("SageMakerMetrics", "sagemaker.metrics").optional(),
    Service::new("CloudFormation", "cloudformation")
        .allows(cloudformation::actions::All)
        .optional(),
    Service::new("CodePipeline", "codepipeline").optional(),
    Service::new("Ec2", "ec2").allows(ec2::actions::All).optional(),
];

/// Optional services that a region lacks, as region and id. AWS lists all of them in all 13 regions.
const GAPS: &[(&str, &str)] = &[];

/// The services, each with the condition under which it gets an endpoint.
pub(super) type Services = &'static [(Chosen, Option<Condition>)];

/// A service of the table.
#[derive(Clone, Copy)]
pub(super) struct Chosen(Service);

/// Says which endpoints there will be, before anything is made.
pub(super) fn services(t: &mut Template, input: Inputs) -> Services {
    let full_tier = t.condition("FullTier", input.endpoint_tier.is(EndpointTier::Full));
    let optional = || SERVICES.into_iter().filter(|service| service.optional);
    let available = t.mapping::<String, _, _, _, _>(
        "EndpointAvailability",
        REGIONS.map(|region| {
            let cells = optional().map(move |service| {
                let there = !GAPS.contains(&(region.code, service.id));
                (service.id, if there { "true" } else { "false" })
            });
            (region.code, cells.collect::<Vec<_>>())
        }),
    );
    let chosen = SERVICES.map(|service| {
        let condition = service.optional.then(|| {
            let there = available.get(pseudo::REGION, service.id).is("true");
            t.condition(format!("Has{}Endpoint", service.id), full_tier.and(there))
        });
        (Chosen(service), condition)
    });
    Vec::from(chosen).leak()
}

/// The names of the services that get an endpoint.
pub(super) fn names(services: Services) -> Vec<Value<String>> {
    let name = |(Chosen(service), condition): &(Chosen, Option<Condition>)| match condition {
        Some(condition) => when(*condition, service.full_name(), no_value()).into_value(),
        None => val(service.full_name()),
    };
    services.iter().map(name).collect()
}

/// Makes the endpoints and returns those that Studio cannot do without.
pub(super) fn add(
    t: &mut Template,
    setup: Setup,
    services: Services,
    network: &Network,
) -> Vec<Handle<ec2::VpcEndpoint>> {
    let mut essential = vec![t.add("S3Endpoint", s3_endpoint(setup, network))];
    for (Chosen(service), condition) in services {
        let endpoint = interface(setup, network, *service);
        let id = format!("{}Endpoint", service.id);
        match condition {
            Some(condition) => drop(t.add(id, endpoint.when(*condition))),
            None => essential.push(t.add(id, endpoint)),
        }
    }
    essential
}

fn interface(setup: Setup, network: &Network, service: Service) -> ec2::VpcEndpoint {
    let endpoint = ec2::VpcEndpoint::new(network.vpc)
        .vpc_endpoint_type(ec2::VpcEndpointType::Interface)
        .service_name(service.full_name())
        .subnet_ids(network.subnets)
        .security_group_ids([network.endpoints.group_id()])
        .private_dns_enabled(true)
        .tags(setup.named(String::leak(format!("mlops-{}", service.name.1))));
    match service.allows {
        Some(actions) => endpoint.policy_document(principals_of_this_account(actions)),
        None => endpoint,
    }
}

fn principals_of_this_account(actions: Action) -> Policy {
    Policy::new([allow(actions)
        .on_all("the policies of who calls say what on; this one says who may call")
        .to(Principal::any())
        .when(condition::string_equals(condition::aws::PrincipalAccount, pseudo::ACCOUNT_ID))])
}

/// S3, by a gateway: the account's own buckets, whatever the caller's policies allow there, and what AWS offers for reading.
fn s3_endpoint(setup: Setup, network: &Network) -> ec2::VpcEndpoint {
    let (partition, region) = (pseudo::PARTITION, pseudo::REGION);
    let policy = Policy::new([
        allow(s3::actions::All)
            .on_all("every bucket of this account: its name is not known, its account is")
            .to(Principal::any())
            .when(condition::string_equals(condition::aws::ResourceAccount, pseudo::ACCOUNT_ID))
            .id("BucketsOfThisAccount"),
        allow(s3::actions::GetObject)
            .on(sub!("arn:{partition}:s3:::prod-{region}-starport-layer-bucket/*"))
            .to(Principal::any())
            .id("LayersOfImages"),
        allow([s3::actions::GetObject, s3::actions::ListBucket])
            .on([
                sub!("arn:{partition}:s3:::jumpstart-cache-prod-{region}"),
                sub!("arn:{partition}:s3:::jumpstart-cache-prod-{region}/*"),
            ])
            .to(Principal::any())
            .id("ModelsOfSageMaker"),
    ]);
    ec2::VpcEndpoint::new(network.vpc)
        .vpc_endpoint_type(ec2::VpcEndpointType::Gateway)
        .service_name(sub!("com.amazonaws.{region}.s3"))
        .route_table_ids([network.route_table])
        .policy_document(policy)
        .tags(setup.named("mlops-s3"))
}
