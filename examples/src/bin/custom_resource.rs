//! A resource that CloudFormation does not have, answered for by a Lambda function: it finds AWS's own list of the
//! addresses that distributions call from, and a security group lets in nobody else.
//!
//! It shows properties and attributes with types, a handler in a file of its own, and how long to wait for an answer.

use formwork::assembly::{Assembly, run};
use formwork::prelude::*;
use formwork_aws::{ec2, iam, lambda, logs, sts};

const STACK: Stack<Inputs, Outputs> =
    Stack::new("custom-resource", "A security group that only CloudFront gets through", define);

/// What a launch fills in.
#[derive(Inputs)]
pub struct Inputs {
    /// Network that the security group is for.
    pub vpc_id: Input<ec2::VpcId>,
}

/// What other stacks may use.
#[derive(Outputs)]
pub struct Outputs {
    /// Security group for a load balancer.
    pub security_group_id: Value<ec2::SecurityGroupId>,
    /// Prefix list that it lets in.
    pub prefix_list_id: Value<ec2::PrefixListId>,
}

/// One of AWS's own prefix lists, by its name.
#[derive(CustomResource)]
#[custom(name = "Custom::PrefixList", attributes = PrefixListAttributes)]
pub struct PrefixList {
    /// The name, the same in every region.
    pub name: Value<String>,
}

/// What the function answers.
#[derive(Attributes)]
pub struct PrefixListAttributes {
    /// The id, another one in each region.
    pub id: Value<ec2::PrefixListId>,
}

fn define(t: &mut Template, input: Inputs) -> Outputs {
    let finder = finder(t);
    let name = val("com.amazonaws.global.cloudfront.origin-facing");
    let list = Custom::new(finder.arn(), PrefixList { name }).service_timeout(60);
    let list = t.add("CloudFrontAddresses", list);

    let tls = ec2::Ingress::new("tcp").from_port(443).to_port(443);
    let tls = tls.source_prefix_list_id(list.id).description("TLS from CloudFront");
    let group = ec2::SecurityGroup::new("Only CloudFront gets through").vpc_id(input.vpc_id);
    let group = t.add("FromCloudFront", group.security_group_ingress([tls]));
    Outputs { security_group_id: group.group_id(), prefix_list_id: list.id }
}

/// The function behind it, which may read prefix lists and write its log.
fn finder(t: &mut Template) -> Handle<lambda::Function> {
    let log = t.add("FinderLog", logs::LogGroup::new().retention_in_days(30).retain());
    let trust = Policy::new([allow(sts::actions::AssumeRole).to(Principal::service("lambda"))]);
    let needed = iam::PolicyPropertyRequired {
        policy_name: "Needed",
        policy_document: Policy::new([
            allow(ec2::actions::DescribeManagedPrefixLists).on_all("it knows no resource"),
            allow([logs::actions::CreateLogStream, logs::actions::PutLogEvents]).on(log.arn()),
        ]),
    };
    let role = iam::Role::new(trust).policies([iam::PolicyProperty::new(needed)]);
    let role = t.add("FinderRole", role);
    let function = lambda::Function::new(lambda::FunctionRequired {
        code: lambda::Code::new().zip_file(include_str!("../handlers/prefix_list.py")),
        role: role.arn(),
    })
    .handler("index.handler")
    .logging_config(lambda::FunctionLoggingConfig::new().log_group(log))
    .runtime(lambda::Runtime::Python3_13)
    .timeout(30);
    t.add("Finder", function)
}

/// Everything that this program writes.
#[must_use]
pub fn assembly() -> Assembly {
    Assembly::new().with(STACK.template())
}

fn main() -> std::process::ExitCode {
    run(&assembly())
}
