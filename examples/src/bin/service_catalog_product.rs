//! A product of Service Catalog: whoever holds a role orders an encrypted queue, and needs no right to make one.
//!
//! It shows a product whose template is another stack of the same program, released but not nested: copy what this
//! program writes into a bucket, then launch `service-catalog-product.yaml`.

use formwork::assembly::{Assembly, run};
use formwork::prelude::*;
use formwork_aws::{cloudformation, iam, s3, servicecatalog as catalog, sqs, sts};

const STACK: Stack<Inputs, ()> =
    Stack::new("service-catalog-product", "A portfolio with one product", define);

/// What an order makes.
const PRODUCT: Stack<(), ProductOutputs> =
    Stack::new("queue-product", "An encrypted queue", define_product);

/// What a launch fills in.
#[derive(Inputs)]
pub struct Inputs {
    /// Bucket that the product's template is in, in the region of the launch.
    pub release_bucket: Input<s3::BucketName>,
    /// Role whose holders may order the product.
    #[input(
        pattern = r"^arn:aws[a-z-]*:iam::\d{12}:role/.+$",
        explain = "the ARN of a role, such as arn:aws:iam::123456789012:role/developer"
    )]
    pub customer_role_arn: Input<iam::RoleArn>,
}

/// What whoever orders gets.
#[derive(Outputs)]
pub struct ProductOutputs {
    /// The queue.
    pub queue_url: Value<sqs::QueueUrl>,
}

fn define(t: &mut Template, input: Inputs) {
    let portfolio =
        catalog::PortfolioRequired { display_name: "Messaging", provider_name: "Platform team" };
    let portfolio = t.add("Portfolio", catalog::Portfolio::new(portfolio));
    let template = t.release(PRODUCT);
    let (bucket, region, suffix) = (input.release_bucket, pseudo::REGION, pseudo::URL_SUFFIX);
    let url = sub!("https://{bucket}.s3.{region}.{suffix}/{}", template.key());
    // Both change with the template, so Service Catalog offers what is new; what was ordered stays as it is.
    let version =
        catalog::ProvisioningArtifactProperties::new(object([("LoadTemplateFromURL", url)]))
            .name(template.version());
    let product = catalog::CloudFormationProductRequired { name: "Queue", owner: "Platform team" };
    let product =
        catalog::CloudFormationProduct::new(product).provisioning_artifact_parameters([version]);
    let product = t.add("Product", product);
    let offered =
        catalog::PortfolioProductAssociation::new().portfolio_id(portfolio).product_id(product);
    let offered = t.add("ProductInPortfolio", offered);

    let launch_role = t.add("LaunchRole", launch_role());
    let launched =
        catalog::LaunchRoleConstraintRequired { portfolio_id: portfolio, product_id: product };
    let launched = catalog::LaunchRoleConstraint::new(launched)
        .role_arn(launch_role.arn())
        .depends_on(offered);
    let launched = t.add("LaunchedByRole", launched);
    let customers = catalog::PortfolioPrincipalAssociation::new("IAM")
        .portfolio_id(portfolio)
        .principal_arn(input.customer_role_arn)
        // Nobody orders before the constraint is there: until then an order takes the orderer's own rights.
        .depends_on(launched);
    t.add("Customers", customers);
}

/// What Service Catalog does for whoever orders. What it makes is called `SC-…`: stacks, and so the queues in them.
fn launch_role() -> iam::Role {
    use {cloudformation::actions as stack, sqs::actions as queue};
    let (partition, region, account) = (pseudo::PARTITION, pseudo::REGION, pseudo::ACCOUNT_ID);
    let trust = allow(sts::actions::AssumeRole).to(Principal::service("servicecatalog"));
    let tag = s3::condition_keys::existing_object_tag("servicecatalog:provisioning");
    let order = Policy::new([
        allow([
            stack::CreateStack,
            stack::DeleteStack,
            stack::DescribeStackEvents,
            stack::DescribeStacks,
            stack::SetStackPolicy,
            stack::UpdateStack,
        ])
        .on(sub!("arn:{partition}:cloudformation:{region}:{account}:stack/SC-*")),
        allow([stack::GetTemplateSummary, stack::ValidateTemplate])
            .on_all("a template is no resource"),
        // Service Catalog keeps its own copy of the template, in a bucket of its own.
        allow(s3::actions::GetObject)
            .on_all("nobody knows that bucket's name, but its objects are tagged")
            .when(condition::string_equals(tag, "true")),
        allow([
            queue::CreateQueue,
            queue::DeleteQueue,
            queue::GetQueueAttributes,
            queue::GetQueueUrl,
            queue::ListQueueTags,
            queue::SetQueueAttributes,
            queue::TagQueue,
            queue::UntagQueue,
        ])
        .on(sub!("arn:{partition}:sqs:{region}:{account}:SC-*")),
    ]);
    iam::Role::new(Policy::new([trust])).policies([iam::PolicyProperty::new(
        iam::PolicyPropertyRequired { policy_name: "Order", policy_document: order },
    )])
}

fn define_product(t: &mut Template, (): ()) -> ProductOutputs {
    let queue = sqs::Queue::new()
        .message_retention_period(345_600)
        .sqs_managed_sse_enabled(true)
        .deletion_policy(DeletionPolicy::Delete)
        .update_replace_policy(DeletionPolicy::Delete);
    let queue = t.add("Queue", queue);
    let tls_only = deny(sqs::actions::All)
        .on(queue.arn())
        .to(Principal::any())
        .when(condition::is_bool(condition::aws::SecureTransport, false));
    let policy =
        sqs::QueuePolicyRequired { policy_document: Policy::new([tls_only]), queues: [queue] };
    t.add("QueuePolicy", sqs::QueuePolicy::new(policy));
    ProductOutputs { queue_url: val(queue) }
}

/// Everything that this program writes.
#[must_use]
pub fn assembly() -> Assembly {
    Assembly::new().with(STACK.template())
}

fn main() -> std::process::ExitCode {
    run(&assembly())
}
