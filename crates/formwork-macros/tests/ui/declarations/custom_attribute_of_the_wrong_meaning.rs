//! An attribute of a custom resource where something else belongs.

use formwork::prelude::*;
use formwork_aws::ec2;

#[derive(CustomResource)]
#[custom(name = "Custom::Plan", attributes = PlanAttributes)]
struct Plan {
    services: Value<List<String>>,
    zones: Value<i64>,
}

#[derive(Attributes)]
struct PlanAttributes {
    first_zone: Value<AvailabilityZone>,
}

fn define(t: &mut Template, function: Value<Arn>) {
    let plan = t.add("Plan", Custom::new(function, Plan { services: val(["s3"]), zones: val(2) }));
    t.add("Subnet", ec2::Subnet::new(plan.first_zone));
}

fn main() {}
