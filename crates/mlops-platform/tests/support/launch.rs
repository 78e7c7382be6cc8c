//! A template as it is launched: which resources there are, and their properties with everything resolved that is known then.
//! What only the launch knows stands as `‹source›`.

use std::collections::BTreeSet;

use formwork::evaluate::{Evaluation, Known, Surroundings};
use formwork::read::{Document, parse};
use serde_json::{Map, Value};

use super::ACCOUNT;

/// A template with what it is launched with.
pub struct Launch {
    document: Document,
    region: String,
    parameters: Vec<(String, String)>,
}

impl Launch {
    /// A stack's template, launched with these parameters.
    pub fn new(template: formwork::Template, region: &str, parameters: &[(&str, &str)]) -> Self {
        let name = template.name().to_owned();
        let text = super::synthesize(template).template(&name).unwrap().text.clone();
        let document = parse(text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let parameters = parameters.iter().map(owned).collect();
        let launch = Launch { document, region: region.to_owned(), parameters };
        let declared = launch.parameters();
        for (name, _) in &launch.parameters {
            assert!(declared.contains(name), "there is no parameter {name}");
        }
        launch
    }

    /// The names of the parameters, in the template's order.
    pub fn parameters(&self) -> Vec<String> {
        self.evaluated().parameters().keys().cloned().collect()
    }

    /// Logical ids of all that is made.
    pub fn resources(&self) -> BTreeSet<String> {
        let evaluation = self.evaluated();
        let resources = evaluation.resources();
        let id = |resource: &formwork::evaluate::Resource<'_>| {
            assert_eq!(resource.exists, Some(true), "{}", resource.id);
            resource.id.to_string()
        };
        resources.iter().map(id).collect()
    }

    /// The properties of a resource that is made.
    pub fn properties(&self, id: &str) -> Value {
        let evaluation = self.evaluated();
        let resources = evaluation.resources();
        let resource = resources.iter().find(|one| one.id.to_string() == id);
        let resource = resource.unwrap_or_else(|| panic!("{id} is not made"));
        json(&evaluation.value(resource.attribute("Properties").unwrap())).unwrap()
    }

    fn evaluated(&self) -> Evaluation<'_> {
        let around = Surroundings::of_region(&self.region).in_account(ACCOUNT);
        let given = self.parameters.iter();
        let given = given.map(|(name, value)| (name.clone(), Known::text(value))).collect();
        Evaluation::new(&self.document.root, &around, &given)
    }
}

/// As JSON; none for what is left out.
fn json(known: &Known) -> Option<Value> {
    Some(match known {
        Known::Absent => return None,
        Known::Bool(value) => (*value).into(),
        Known::Number(number) => serde_json::from_str(number).unwrap(),
        Known::List(items) => items.iter().filter_map(json).collect(),
        Known::Map(entries) => {
            let entry = |(key, value): (&String, &Known)| Some((key.clone(), json(value)?));
            Value::Object(entries.iter().filter_map(entry).collect::<Map<_, _>>())
        }
        Known::Text(_) | Known::Unknown(_) => known.to_text().unwrap().to_string().into(),
    })
}
