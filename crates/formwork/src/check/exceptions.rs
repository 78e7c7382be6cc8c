//! Exceptions from the rules of the check: each names a rule and a reason, and none twice. Which rules there are is not
//! for here.

use super::Index;
use crate::problem::Problem;
use crate::template::Template;

pub(super) fn check(template: &Template, index: &Index<'_>, problems: &mut Vec<Problem>) {
    for resource in &index.resources {
        let id = resource.target.id();
        let mut problem = |message: String, cure: &str| {
            let source = Some(resource.target.added());
            problems.push(Problem::new(source, template.name(), message).note(cure));
        };
        for (at, (rule, reason)) in resource.exceptions().iter().enumerate() {
            if !is_rule(rule) {
                problem(
                    format!(
                        "`{id}`: the exception names `{}`, which is no rule's id",
                        rule.escape_debug()
                    ),
                    "an id is `FW` and four digits, such as `FW7003`; `docs/rules.md` lists them. One of a rule file is \
                     `FW6001:` and the rule's name",
                );
            }
            if reason.trim().is_empty() {
                problem(
                    format!("`{id}`: the exception from `{}` has no reason", rule.escape_debug()),
                    "say why the rule does not count here; the report repeats it",
                );
            }
            if resource.exceptions()[..at].iter().any(|(earlier, _)| earlier == rule) {
                problem(
                    format!("`{id}`: it is excepted from `{}` twice", rule.escape_debug()),
                    "leave one of the two, with the whole reason",
                );
            }
        }
    }
}

/// `FW` and four digits; behind a colon the name of one of a rule file.
fn is_rule(exception: &str) -> bool {
    let (id, name) = match exception.split_once(':') {
        Some((id, name)) => (id, Some(name)),
        None => (exception, None),
    };
    let is_id = id.strip_prefix("FW").is_some_and(|number| {
        number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    is_id && name.is_none_or(is_name)
}

#[cfg(test)]
mod tests {
    use super::is_rule;

    #[test]
    fn rules_have_a_form() {
        for good in ["FW7003", "FW6001:keys_rotate", "FW6001:S3_1"] {
            assert!(is_rule(good), "{good}");
        }
        for bad in ["FW70", "7003", "FW6001:", "FW6001:a b", "FW6001:a:b", "FW:keys_rotate", ""] {
            assert!(!is_rule(bad), "{bad}");
        }
    }
}
