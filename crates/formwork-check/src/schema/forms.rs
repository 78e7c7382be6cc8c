//! What holds of several properties together: forms of which one must fit, conditions, and dependencies.
//!
//! A form is tried on the side; a value that might fit one of them, once what is unknown is known, breaks no rule.

use super::model::Prop;
use super::rules;
use super::validate::{Validator, Violation};
use crate::value::{Fields, Origin, Presence, Value, What};
use formwork::read::Position;

/// What came of trying a form.
struct Attempt {
    wrong: Vec<Violation>,
    is_unsure: bool,
}

impl Attempt {
    fn fits(&self) -> bool {
        self.wrong.is_empty()
    }

    fn fits_for_sure(&self) -> bool {
        self.fits() && !self.is_unsure
    }

    /// How near it is: the longest way in, the fewest faults.
    fn nearness(&self) -> (bool, usize, std::cmp::Reverse<usize>) {
        let depth =
            self.wrong.iter().map(|violation| violation.path.len()).max().unwrap_or_default();
        let shape = self.wrong.iter().all(|violation| violation.rule.id != rules::WRONG_TYPE.id);
        (shape, depth, std::cmp::Reverse(self.wrong.len()))
    }
}

impl Validator<'_> {
    fn attempt(&mut self, prop: &Prop, value: &Value) -> Attempt {
        let found = std::mem::take(&mut self.found);
        let was_unsure = std::mem::replace(&mut self.is_unsure, false);
        self.attempts += 1;
        self.value(prop, value);
        self.attempts -= 1;
        let wrong = std::mem::replace(&mut self.found, found);
        Attempt { wrong, is_unsure: std::mem::replace(&mut self.is_unsure, was_unsure) }
    }

    pub(super) fn forms(&mut self, prop: &Prop, value: &Value) {
        for (forms, only_one) in [(&prop.any_of, false), (&prop.one_of, true)] {
            if forms.is_empty() {
                continue;
            }
            let mut attempts: Vec<Attempt> =
                forms.iter().map(|form| self.attempt(form, value)).collect();
            self.is_unsure |= !attempts.iter().any(Attempt::fits_for_sure);
            if !attempts.iter().any(Attempt::fits) {
                self.fits_none(forms, &mut attempts, value);
            } else if only_one
                && forms.iter().all(is_about_presence)
                && attempts.iter().filter(|attempt| attempt.fits_for_sure()).count() > 1
            {
                let names = requirements(forms);
                let violation = self.say(
                    &rules::EXCLUDED,
                    value.at,
                    format!("more than one of {names} is there, where only one may be"),
                );
                violation.allowed = Some(names);
            }
        }
        self.denied_form(prop, value);
        self.conditions(prop, value);
    }

    fn denied_form(&mut self, prop: &Prop, value: &Value) {
        if let Some(form) = &prop.not {
            let tried = self.attempt(form, value);
            self.is_unsure |= tried.fits() && tried.is_unsure;
            if tried.fits_for_sure() {
                let names = requirements(std::slice::from_ref(form));
                self.say(&rules::EXCLUDED, value.at, format!("{names} may not be there"));
            }
        }
    }

    /// At least one item must fit.
    pub(super) fn contains(&mut self, wanted: &Prop, items: &[Value], at: Position) {
        let mut may_fit = false;
        for item in items.iter().filter(|item| item.presence() != Presence::No) {
            let tried = self.attempt(wanted, item);
            if tried.fits_for_sure() && item.presence() == Presence::Yes {
                return;
            }
            may_fit |= tried.fits();
        }
        if may_fit {
            self.is_unsure = true;
        } else {
            self.say(&rules::COUNT, at, "no item is what one must be".to_owned());
        }
    }

    fn conditions(&mut self, prop: &Prop, value: &Value) {
        for condition in &prop.if_then_else {
            let Some(test) = &condition.condition else { continue };
            let tried = self.attempt(test, value);
            let branch = match (tried.fits(), tried.fits_for_sure()) {
                (true, true) => &condition.then_schema,
                (false, _) => &condition.else_schema,
                (true, false) => {
                    self.is_unsure = true;
                    continue;
                }
            };
            if let Some(branch) = branch {
                self.value(branch, value);
            }
        }
    }

    fn fits_none(&mut self, forms: &[Prop], attempts: &mut [Attempt], value: &Value) {
        if forms.iter().all(is_about_presence) {
            let names = requirements(forms);
            if self.is_partial && self.trail.is_empty() {
                return;
            }
            let violation =
                self.say(&rules::DEPENDENT, value.at, format!("one of {names} is needed"));
            violation.allowed = Some(names);
            return;
        }
        // Where only one form is of the value's type, it is the one that was meant.
        let of_type = attempts.iter().filter(|attempt| attempt.nearness().0).count();
        let nearest = attempts.iter_mut().max_by_key(|attempt| attempt.nearness());
        let Some(nearest) = nearest else { return };
        let is_scalar = value.as_text().is_some();
        if is_scalar || forms.len() == 1 || (of_type == 1 && nearest.nearness().0) {
            self.found.append(&mut nearest.wrong);
            return;
        }
        let Some(first) = nearest.wrong.first().cloned() else { return };
        let count = forms.len();
        let violation = self.say(
            &rules::FORM,
            first.at,
            format!(
                "the value fits none of the {count} forms allowed; in the nearest, {}",
                first.message
            ),
        );
        violation.given = first.given;
        violation.allowed = first.allowed;
        violation.fix = first.fix;
        violation.path = first.path;
    }

    /// An unknown value may have a kind that fits none of the forms.
    pub(super) fn forms_of_unknown(&mut self, prop: &Prop, origin: &Origin, at: Position) {
        let target = self.schema.target(prop);
        if !matches!(origin, Origin::Resource(_) | Origin::Attribute(..)) {
            return;
        }
        let value = Value {
            at,
            what: What::Unknown(origin.clone()),
            is_default: false,
            others: Vec::new(),
        };
        for forms in [&target.any_of, &target.one_of] {
            if forms.is_empty() {
                continue;
            }
            let mut attempts: Vec<Attempt> =
                forms.iter().map(|form| self.attempt(form, &value)).collect();
            if attempts.iter().all(|attempt| !attempt.fits()) {
                self.found.append(&mut attempts[0].wrong);
            }
        }
    }

    pub(super) fn dependencies(&mut self, prop: &Prop, fields: &Fields, value: &Value) {
        for (name, needed) in &prop.dependent_required {
            for other in needed {
                if fields.presence(name) == Presence::Yes && fields.presence(other) == Presence::No
                {
                    let at = fields.get(name).map_or(value.at, |value| value.at);
                    self.say(
                        &rules::DEPENDENT,
                        at,
                        format!("`{name}` needs `{other}`, which is missing"),
                    );
                }
            }
        }
        for (name, excluded) in &prop.dependent_excluded {
            for other in
                excluded.iter().filter(|other| *other > name || !excludes(prop, other, name))
            {
                if fields.presence(name) == Presence::Yes && fields.presence(other) == Presence::Yes
                {
                    let at = fields.get(other).map_or(value.at, |value| value.at);
                    self.say(
                        &rules::EXCLUDED,
                        at,
                        format!("`{other}` may not be there beside `{name}`"),
                    );
                }
            }
        }
        for (names, only_one) in [(&prop.required_or, false), (&prop.required_xor, true)] {
            self.one_of_names(names, only_one, fields, value);
        }
    }

    fn one_of_names(&mut self, names: &[String], only_one: bool, fields: &Fields, value: &Value) {
        if names.is_empty() {
            return;
        }
        let count =
            |wanted: Presence| names.iter().filter(|name| fields.presence(name) == wanted).count();
        let (there, maybe) = (count(Presence::Yes), count(Presence::Maybe));
        self.is_unsure |= maybe > 0;
        let shown = list(names.iter().map(String::as_str));
        let is_needed = there + maybe == 0 && !(self.is_partial && self.trail.is_empty());
        if is_needed {
            let message = format!("one of {shown} is needed");
            self.say(&rules::DEPENDENT, value.at, message).allowed = Some(shown);
        } else if only_one && there > 1 {
            let message = format!("more than one of {shown} is there, where only one may be");
            self.say(&rules::EXCLUDED, value.at, message).allowed = Some(shown);
        }
    }
}

fn excludes(prop: &Prop, name: &str, other: &str) -> bool {
    prop.dependent_excluded.get(name).is_some_and(|names| names.iter().any(|name| name == other))
}

/// Whether a form only says which properties are there.
fn is_about_presence(form: &Prop) -> bool {
    !form.required.is_empty()
        && form.ref_name.is_none()
        && form.properties.values().all(Prop::is_empty)
        && form.pattern.is_none()
        && form.values.is_empty()
        && form.all_of.is_empty()
        && form.any_of.is_empty()
        && form.one_of.is_empty()
        && form.items.is_none()
}

impl Prop {
    /// Whether it allows anything.
    fn is_empty(&self) -> bool {
        self.types.0.is_empty()
            && self.values.is_empty()
            && self.constant.is_none()
            && self.ref_name.is_none()
            && self.required.is_empty()
            && self.pattern.is_none()
    }
}

fn requirements(forms: &[Prop]) -> String {
    let each: Vec<String> = forms
        .iter()
        .map(|form| {
            form.required.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" with ")
        })
        .collect();
    each.join(", ")
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
