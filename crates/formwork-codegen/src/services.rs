//! Services: the module and the feature of each.
//!
//! A feature has its module's name; the smallest services share one. Nothing here knows what a service
//! holds beyond how much.

use std::collections::BTreeMap;

use crate::error::{Result, error};
use crate::schema::Schemas;
use crate::words::not_keyword;

/// The feature that the smallest services share.
pub const SMALL: &str = "small";

/// A service is small if its resource types have at most this many properties together. It is a bound and not a
/// rank, so that a service does not move when another one grows.
const SMALL_BOUND: usize = 8;

/// The crate registry refuses a crate with more features than this.
const FEATURE_LIMIT: usize = 300;

/// The service in `AWS::EC2::VPC`: `EC2`.
pub fn of_type(type_name: &str) -> &str {
    type_name.split("::").nth(1).unwrap_or(type_name)
}

/// The resource in `AWS::EC2::VPC`: `VPC`.
pub fn resource(type_name: &str) -> &str {
    type_name.split("::").nth(2).unwrap_or(type_name)
}

/// The module of a service: its name in lower case.
pub fn module(service: &str) -> String {
    not_keyword(service.to_ascii_lowercase())
}

/// The feature of each module.
pub fn features(schemas: &Schemas) -> Result<BTreeMap<String, String>> {
    let mut sizes: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for schema in schemas.values() {
        let service = of_type(&schema.type_name);
        let (name, size) = sizes.entry(module(service)).or_insert_with(|| (service.to_owned(), 0));
        if name != service {
            return Err(error!(
                "services {name} and {service} have the same module: tell them apart in services.rs"
            ));
        }
        *size += schema.properties.len();
    }
    let feature = |(module, (_, size)): (String, (String, usize))| {
        let feature = if size <= SMALL_BOUND { SMALL.to_owned() } else { module.clone() };
        (module, feature)
    };
    let features: BTreeMap<String, String> = sizes.into_iter().map(feature).collect();
    // Those of their own, the shared one and `all`.
    let count = features.values().filter(|feature| *feature != SMALL).count() + 2;
    if count > FEATURE_LIMIT {
        return Err(error!(
            "{count} features, and a crate may have {FEATURE_LIMIT}: raise SMALL_BOUND in services.rs"
        ));
    }
    Ok(features)
}
