//! Why nothing was done, said to the person who can mend it. Decides nothing.

/// What stopped a command: every problem that was found, each a message with its notes on lines below.
///
/// `Display` puts `error: ` between problems, for the program writes it before the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(pub Vec<String>);

impl Failure {
    /// One problem.
    pub fn one(problem: impl Into<String>) -> Self {
        Failure(vec![problem.into()])
    }

    /// Nothing if there is no problem.
    ///
    /// # Errors
    /// The problems, if there are some.
    pub fn unless_none(problems: Vec<String>) -> Result<(), Self> {
        if problems.is_empty() { Ok(()) } else { Err(Failure(problems)) }
    }

    /// Adds a line below the last problem.
    #[must_use]
    pub fn note(mut self, note: &str) -> Self {
        if let Some(last) = self.0.last_mut() {
            last.push_str("\n  ");
            last.push_str(note);
        }
        self
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("\nerror: "))
    }
}

impl std::error::Error for Failure {}
