//! A custom resource without one of its properties.

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
    t.add("Plan", Custom::new(function, Plan { services: val(["s3"]) }));
}

fn main() {}
