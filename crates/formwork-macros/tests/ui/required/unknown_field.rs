//! A required property that the type lacks.

use formwork::prelude::*;
use formwork_aws::sagemaker;

fn define(t: &mut Template) {
    t.add(
        "Studio",
        sagemaker::Domain::new(sagemaker::DomainRequired {
            auth_mode: sagemaker::AuthMode::Iam,
            default_user_settings: sagemaker::UserSettings::new("arn:aws:iam::123456789012:role/r"),
            domain_nam: "studio",
        }),
    );
}

fn main() {}
