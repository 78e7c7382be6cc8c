//! What the value of an input must look like, said once for all the stacks that take it.

use crate::input::InputSpec;

/// The constraints of a text, with the words that explain them: what an input takes as `form = …`.
///
/// ```
/// use formwork::Form;
/// use formwork::prelude::*;
///
/// /// Who pays.
/// const COST_CENTER: Form = Form::new("[0-9]+", "digits, such as 12345").length(1, 8);
///
/// #[derive(Inputs)]
/// pub struct Inputs {
///     /// Cost center of the stack.
///     #[input(group = "Tags", form = COST_CENTER)]
///     pub cost_center: Input<String>,
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    pattern: &'static str,
    explain: &'static str,
    length: Option<(u32, u32)>,
}

impl Form {
    /// Texts that match a regular expression as a whole, and what is said of others: `AllowedPattern` and
    /// `ConstraintDescription`.
    #[must_use]
    pub const fn new(pattern: &'static str, explain: &'static str) -> Self {
        Form { pattern, explain, length: None }
    }

    /// Texts of so many characters: `MinLength` and `MaxLength`.
    #[must_use]
    pub const fn length(mut self, least: u32, most: u32) -> Self {
        self.length = Some((least, most));
        self
    }
}

impl InputSpec {
    /// Takes over what a form says.
    pub fn take(&mut self, form: Form) {
        (self.pattern, self.explain) = (Some(form.pattern), Some(form.explain));
        if let Some((least, most)) = form.length {
            (self.min_length, self.max_length) = (Some(least), Some(most));
        }
    }
}
