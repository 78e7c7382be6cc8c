//! From the sources to what is to be written: the one place where all services are seen together.

use std::collections::BTreeMap;

use crate::build::build;
use crate::error::Result;
use crate::handlers::TypeHandlers;
use crate::iam::{self, IamModule, IamService};
use crate::meanings::SharedMeanings;
use crate::model::Service;
use crate::raw::Arena;
use crate::schema::Schemas;
use crate::source::Sources;
use crate::{paths, read, services};

/// The crate to be written.
#[derive(Debug)]
pub struct Plan {
    /// The services, by module.
    pub services: Vec<Service>,
    /// Meanings used across services.
    pub shared: SharedMeanings,
    /// IAM actions and condition keys, by module.
    pub iam: BTreeMap<String, IamModule>,
    /// The release of AWS's schemas.
    pub schema_version: String,
    /// What handlers call.
    pub handlers: Handlers,
}

/// What the handlers of each type call, with what IAM knows of it.
#[derive(Debug)]
pub struct Handlers {
    /// The handlers, by type.
    pub types: BTreeMap<String, TypeHandlers>,
    /// The date of the schemas that name them.
    pub release: String,
    /// IAM's actions, by prefix.
    pub iam: BTreeMap<String, IamService>,
}

/// Plans the crate for the schemas, which are patched already.
pub fn plan(schemas: &Schemas, sources: &Sources) -> Result<Plan> {
    let features = services::features(schemas)?;
    let mut shared = SharedMeanings::new();
    let mut arenas: BTreeMap<String, Arena> = BTreeMap::new();
    for schema in schemas.values() {
        let module = services::module(services::of_type(&schema.type_name));
        let arena = arenas.entry(module).or_default();
        read::read(schema, arena, &mut shared)?;
        let root = *arena.roots.last().expect("read adds a root");
        paths::mark(schema, arena, root);
    }
    let build = |(module, arena): (&String, &Arena)| {
        build(arena, schemas, &sources.get_att, &shared, module, &features[module])
    };
    let services = arenas.iter().map(build).collect::<Result<Vec<Service>>>()?;
    let iam = iam::modules(&sources.iam, &features)?;
    let handlers = Handlers {
        types: sources.handlers.clone(),
        release: sources.handlers_date.clone(),
        iam: sources.iam.clone(),
    };
    Ok(Plan { services, shared, iam, schema_version: sources.schema_version.clone(), handlers })
}
