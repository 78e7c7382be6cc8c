//! A type with several required properties, without two.

use formwork::prelude::*;
use formwork_aws::sagemaker;

fn define(t: &mut Template) {
    t.add(
        "Studio",
        sagemaker::Domain::new(sagemaker::DomainRequired { auth_mode: sagemaker::AuthMode::Iam }),
    );
}

fn main() {}
