//! When a value is known: before any resource is made, or only afterwards.
//!
//! CloudFormation decides conditions, rules and mapping look-ups before it makes the first resource, so
//! they can read parameters, pseudo parameters and mappings, and nothing else. [`Early`] and [`Late`]
//! carry that through every function, so that rustc refuses a `GetAtt` in a condition.

/// Known before any resource is made: literals, inputs, pseudo parameters, mapping look-ups, and what is
/// composed of these alone.
#[derive(Clone, Copy, Debug)]
pub struct Early;

/// Known only once resources exist: a handle, an attribute, and what is composed with one.
#[derive(Clone, Copy, Debug)]
pub struct Late;

/// The two phases of a value, [`Early`] and [`Late`].
pub trait Phase: 'static {}
impl Phase for Early {}
impl Phase for Late {}

/// The phase of what is composed of two values: early only if both are.
pub trait Meet<Other>: Phase {
    /// The phase of the composition.
    type Output: Phase;
}
impl<P: Phase> Meet<P> for Early {
    type Output = P;
}
impl<P: Phase> Meet<P> for Late {
    type Output = Late;
}

/// A value with a phase.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a condition, a rule or a mapping look-up",
    note = "CloudFormation compares texts there, and joined lists: `list.join(\",\")`"
)]
pub trait Phased {
    /// When it is known.
    type Phase: Phase;
}

/// What conditions, rules and mapping keys may read.
#[diagnostic::on_unimplemented(
    message = "a condition cannot read a resource's value",
    label = "known only once resources exist",
    note = "conditions, rules and mapping look-ups are decided before: use an input, a pseudo parameter or a mapping; `when` is decided later, too"
)]
pub trait Known {}
#[diagnostic::do_not_recommend]
impl Known for Early {}
