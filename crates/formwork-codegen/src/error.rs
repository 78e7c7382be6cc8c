//! Errors: what is wrong, where, and what to do, in lower case and without a full stop.

/// What went wrong, for the person who runs the generator.
#[derive(Debug)]
pub struct Error(pub String);

/// A result of the generator.
pub type Result<T> = std::result::Result<T, Error>;

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl From<std::fmt::Error> for Error {
    fn from(error: std::fmt::Error) -> Self {
        Error(error.to_string())
    }
}

macro_rules! error {
    ($($text:tt)*) => { $crate::error::Error(format!($($text)*)) };
}
pub(crate) use error;
