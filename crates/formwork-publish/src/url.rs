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

    /// Whether AWS answers for the host, and nothing hides another one.
    #[must_use]
    pub fn is_aws(&self) -> bool {
        let host = self.text.trim_start_matches("https://").split('/').next().unwrap_or_default();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
        let suffixes = [".amazonaws.com", ".amazonaws.com.cn"];
        host.bytes().all(plain) && suffixes.iter().any(|suffix| host.ends_with(suffix))
    }

    /// Whether another URL is that of the same object.
    #[must_use]
    pub fn names_same(&self, other: &Self) -> bool {
        (&self.bucket, &self.key) == (&other.bucket, &other.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_object_at_aws_is_the_same() {
        let asked = ObjectUrl::parse("https://a.s3.amazonaws.com/templates/k").expect("a URL");
        let cases = [
            ("https://a.s3.eu-central-1.amazonaws.com/templates/k", true),
            ("https://s3.cn-north-1.amazonaws.com.cn/a/templates/k", true),
            ("http://a.s3.eu-central-1.amazonaws.com/templates/k", false),
            ("https://b.s3.eu-central-1.amazonaws.com/templates/k", false),
            ("https://a.s3.eu-central-1.amazonaws.com/templates/other", false),
            ("https://a.s3.evil.example/templates/k", false),
            ("https://a.s3.evil.example?.amazonaws.com/templates/k", false),
            ("https://a.s3.amazonaws.com@evil.example/templates/k", false),
            ("https://a.s3.evil.example#.amazonaws.com/templates/k", false),
            ("/templates/k", false),
        ];
        for (text, same) in cases {
            let there = ObjectUrl::parse(text);
            let is = there.is_some_and(|there| there.is_aws() && there.names_same(&asked));
            assert_eq!(is, same, "{text}");
        }
    }
}
