//! Texts, numbers and booleans: allowed values, patterns, lengths, ranges, and formats that can be told from a text.

use serde_json::Value as Json;

use formwork::nearest::nearest;

use super::formats;
use super::model::Prop;
use super::rules;
use super::validate::{Validator, shorten};
use crate::pattern::{self, Match};
use crate::value::{Value, What};

impl Validator<'_> {
    pub(super) fn scalar(&mut self, prop: &Prop, value: &Value) {
        let Some(text) = value.as_text() else { return };
        self.allowed(prop, value, text);
        self.denied(prop, value, text);
        let is_text = prop.types.has("string")
            || prop.types.0.is_empty() && matches!(value.what, What::Text(_));
        if is_text {
            self.length(prop, value, text);
            if let Some(pattern) = &prop.pattern {
                self.pattern(pattern, value, text);
            }
        }
        if let Some(format) = prop.format.as_ref().filter(|_| !value.is_default)
            && let Some(allowed) = formats::refusal(format, text)
        {
            let given = shorten(text);
            let message = format!("`{given}` is no {}", formats::words(format));
            let violation = self.say(&rules::FORMAT, value.at, message);
            (violation.given, violation.allowed) = (Some(given), Some(allowed));
        }
        if let Ok(number) = text.parse::<f64>()
            && (!prop.types.has("string") || matches!(value.what, What::Number(_)))
        {
            self.range(prop, value, number);
        }
    }

    fn allowed(&mut self, prop: &Prop, value: &Value, text: &str) {
        let constant = prop.constant.as_slice();
        let exact = [prop.values.as_slice(), constant];
        let any_case = prop.enum_case_insensitive.as_slice();
        let has_list = !any_case.is_empty() || exact.iter().any(|list| !list.is_empty());
        let is = |allowed: &Json| is_same(allowed, text);
        let fits = exact.iter().filter(|list| !list.is_empty()).all(|list| list.iter().any(is));
        let is_any_case = |allowed: &Json| shown(allowed).eq_ignore_ascii_case(text);
        let fits = fits && (any_case.is_empty() || any_case.iter().any(is_any_case));
        if !has_list || fits {
            return;
        }
        let all: Vec<String> = exact.into_iter().flatten().chain(any_case).map(shown).collect();
        let names: Vec<&str> = all.iter().map(String::as_str).collect();
        let near = nearest(text, &names).map(|name| format!("write `{name}`"));
        let given = shorten(text);
        let violation = self.say(
            &rules::NOT_ALLOWED,
            value.at,
            format!("`{given}` is none of the allowed values"),
        );
        violation.given = Some(given);
        violation.allowed = Some(all.join(", "));
        violation.fix = near;
    }

    fn denied(&mut self, prop: &Prop, value: &Value, text: &str) {
        if prop.not_enum.iter().any(|denied| is_same(denied, text)) {
            let given = shorten(text);
            let message = format!("`{given}` is not taken, or not any more");
            self.say(&rules::NOT_ALLOWED, value.at, message).given = Some(given);
        }
    }

    fn length(&mut self, prop: &Prop, value: &Value, text: &str) {
        let length = text.chars().count();
        let allowed = match (prop.min_length, prop.max_length) {
            (Some(least), _) if length < least => format!("at least {least} characters"),
            (_, Some(most)) if length > most => format!("at most {most} characters"),
            _ => return,
        };
        let violation = self.say(
            &rules::LENGTH,
            value.at,
            format!("the text has {length} characters, where {allowed} may be"),
        );
        violation.given = Some(shorten(text));
        violation.allowed = Some(allowed);
    }

    fn pattern(&mut self, pattern: &str, value: &Value, text: &str) {
        let (rule, message) = match pattern::matches(pattern, text) {
            Match::Yes => return,
            Match::No => {
                (&rules::PATTERN, format!("`{}` does not match the pattern", shorten(text)))
            }
            undecided => {
                self.is_unsure = true;
                if self.attempts > 0 {
                    return;
                }
                let why = match undecided {
                    Match::GivenUp => "takes too long to run",
                    _ => "cannot be run here",
                };
                (&rules::UNDECIDED, format!("the pattern {why}"))
            }
        };
        let violation = self.say(rule, value.at, message);
        violation.given = Some(shorten(text));
        violation.allowed = Some(pattern.to_owned());
    }

    fn range(&mut self, prop: &Prop, value: &Value, number: f64) {
        let allowed = match prop {
            Prop { minimum: Some(least), .. } if number < *least => format!("{least} or more"),
            Prop { maximum: Some(most), .. } if number > *most => format!("{most} or less"),
            Prop { exclusive_minimum: Some(least), .. } if number <= *least => {
                format!("more than {least}")
            }
            Prop { exclusive_maximum: Some(most), .. } if number >= *most => {
                format!("less than {most}")
            }
            Prop { multiple_of: Some(step), .. } if !is_multiple(number, *step) => {
                format!("a multiple of {step}")
            }
            _ => return,
        };
        let violation =
            self.say(&rules::RANGE, value.at, format!("{number}, where {allowed} may be"));
        violation.given = Some(number.to_string());
        violation.allowed = Some(allowed);
    }
}

fn is_multiple(number: f64, step: f64) -> bool {
    let times = number / step;
    (times - times.round()).abs() < 1e-9
}

/// Whether a text is what the schema means; numbers and booleans may be written in several ways.
fn is_same(allowed: &Json, text: &str) -> bool {
    match allowed {
        Json::String(allowed) => allowed == text,
        Json::Bool(allowed) => text.eq_ignore_ascii_case(if *allowed { "true" } else { "false" }),
        Json::Number(allowed) => match (allowed.as_f64(), text.parse::<f64>()) {
            (Some(allowed), Ok(number)) => (allowed - number).abs() < f64::EPSILON,
            _ => false,
        },
        _ => true,
    }
}

fn shown(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
