//! Where releases are: a bucket or a directory, as a person names it. Checks names; opens nothing.

use crate::failure::Failure;

/// How a bucket is reached.
#[derive(Clone, Debug, Default)]
pub struct Connection {
    /// The bucket.
    pub bucket: String,
    /// The region to ask first; by default the one of profile or environment.
    pub region: Option<String>,
    /// The profile of AWS's configuration files.
    pub profile: Option<String>,
    /// A server other than AWS's.
    pub endpoint_url: Option<String>,
    /// Ask without credentials.
    pub anonymous: bool,
    /// Credentials in place of those that the AWS CLI would find.
    #[cfg(feature = "s3")]
    pub credentials: Option<aws_sdk_s3::config::Credentials>,
    /// A clock other than this machine's.
    #[cfg(feature = "s3")]
    pub clock: Option<Clock>,
}

/// A clock: the time that requests are signed with.
#[cfg(feature = "s3")]
#[derive(Clone, Copy, Debug)]
pub struct Clock(pub fn() -> std::time::SystemTime);

#[cfg(feature = "s3")]
impl aws_smithy_async::time::TimeSource for Clock {
    fn now(&self) -> std::time::SystemTime {
        (self.0)()
    }
}

/// Whether S3 would take a bucket's name. Source: "General purpose bucket naming rules", Amazon S3 User Guide.
///
/// # Errors
/// The rule that it breaks.
pub fn check_bucket(name: &str) -> Result<(), Failure> {
    const PREFIXES: [&str; 4] = ["xn--", "sthree-", "amzn-s3-demo-", "arn:"];
    const SUFFIXES: [&str; 5] = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];
    let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let is_ip =
        name.split('.').count() == 4 && name.split('.').all(|part| part.parse::<u8>().is_ok());
    let rule = if !(3..=63).contains(&name.len()) {
        "3 to 63 characters"
    } else if !name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.')) {
        "lower-case letters, digits, hyphens and dots"
    } else if !edge(name.as_bytes().first()) || !edge(name.as_bytes().last()) {
        "a letter or digit at both ends"
    } else if name.contains("..") {
        "no two dots beside each other"
    } else if is_ip {
        "no IP address"
    } else if PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
        "none of AWS's own prefixes (xn--, sthree-, amzn-s3-demo-)"
    } else if SUFFIXES.iter().any(|suffix| name.ends_with(suffix)) {
        "none of AWS's own endings (-s3alias, --ol-s3, .mrap, --x-s3, --table-s3)"
    } else {
        return Ok(());
    };
    Err(Failure::one(format!("S3 refuses a bucket named `{name}`\n  allowed: {rule}")))
}

/// Whether a text can be the name of a region, AWS's or that of another server: it becomes part of host names and signatures.
///
/// # Errors
/// What such a name looks like.
pub fn check_region(name: &str) -> Result<(), Failure> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let edges = name.starts_with('-') || name.ends_with('-');
    if (1..=63).contains(&name.len()) && name.bytes().all(plain) && !edges {
        return Ok(());
    }
    Err(Failure::one(format!(
        "`{name}` is no name of a region\n  allowed: lower-case letters, digits and hyphens, such as `eu-central-1`"
    )))
}

/// Whether a text is the URL of a server.
///
/// # Errors
/// What such a URL looks like.
pub fn check_endpoint(url: &str) -> Result<(), Failure> {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let host = rest.map(|rest| rest.split('/').next().unwrap_or_default());
    let port = host.and_then(|host| host.rsplit_once(':')).map(|(_, port)| port);
    let port_is_fine = port.is_none_or(|port| port.parse::<u16>().is_ok() || port.ends_with(']'));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
    if host.is_some_and(|host| !host.is_empty() && host.bytes().all(plain)) && port_is_fine {
        return Ok(());
    }
    Err(Failure::one(format!(
        "the endpoint `{}` is no URL of a server\n  allowed: such as `http://127.0.0.1:8333` or `https://s3.example.com`",
        hidden(url)
    )))
}

/// A URL without what stands before an `@`, which may be a password.
fn hidden(url: &str) -> String {
    match url.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}"),
        None => url.to_owned(),
    }
}
