//! URLs of objects on S3, as links and templates write them. Asks for nothing.

/// The URL of an object on S3, as links and templates write it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectUrl {
    /// The URL.
    pub text: String,
    /// The bucket in it.
    pub bucket: String,
    /// The object's key.
    pub key: String,
}

impl ObjectUrl {
    /// Reads `https://<bucket>.s3[.<region>].<suffix>/<key>` and `https://s3[.<region>].<suffix>/<bucket>/<key>`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (host, path) = text.strip_prefix("https://")?.split_once('/')?;
        let is_s3 = |rest: &str| rest.starts_with("s3.") || rest.starts_with("s3-");
        let (bucket, key) = match host.find(".s3.").or_else(|| host.find(".s3-")) {
            Some(at) => (&host[..at], path),
            None if is_s3(host) => path.split_once('/')?,
            None => return None,
        };
        let whole = !bucket.is_empty() && !key.is_empty();
        whole.then(|| ObjectUrl {
            text: text.to_owned(),
            bucket: bucket.to_owned(),
            key: key.to_owned(),
        })
    }
}
