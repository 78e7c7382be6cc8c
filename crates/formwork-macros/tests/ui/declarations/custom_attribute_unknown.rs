//! An attribute that a custom resource lacks.

use formwork::prelude::*;

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
    let zone: Value<AvailabilityZone> = plan.frist_zone;
}

fn main() {}
