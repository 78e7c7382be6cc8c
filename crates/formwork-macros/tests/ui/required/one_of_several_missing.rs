//! A type with several required properties, without one.

use formwork::prelude::*;
use formwork_aws::sagemaker;

fn define(t: &mut Template) {
    t.add(
        "Studio",
        sagemaker::Domain::new(sagemaker::DomainRequired {
            auth_mode: sagemaker::AuthMode::Iam,
            default_user_settings: sagemaker::UserSettings::new("arn:aws:iam::123456789012:role/r"),
        }),
    );
}

fn main() {}
