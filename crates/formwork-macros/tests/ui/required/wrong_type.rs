//! A required property of a wrong type.

use formwork::prelude::*;
use formwork_aws::sagemaker;

fn define(t: &mut Template) {
    t.add(
        "Studio",
        sagemaker::Domain::new(sagemaker::DomainRequired {
            auth_mode: "IAM",
            default_user_settings: sagemaker::UserSettings::new("arn:aws:iam::123456789012:role/r"),
            domain_name: "studio",
        }),
    );
}

fn main() {}
