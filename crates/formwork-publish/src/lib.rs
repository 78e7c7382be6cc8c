//! Releases of a Formwork assembly: publish, verify, list, roll back, prune; in S3 buckets or in directories.
//!
//! A release is an assembly in a bucket. Everything has its content's hash in its key and is never overwritten, but the entry point,
//! which is replaced last: who launches it finds a whole release at every moment. This crate reads assembly directories
//! and knows no platform. It links an S3 client only with the feature `s3`, so that programs which merely start it stay small.
//!
//! Start reading at [`publish`], which holds the order of things, then [`store`], which says what a place must be able to do.

mod asks;
pub mod cli;
mod digest;
pub mod directory;
pub mod failure;
mod parallel;
pub mod place;
mod plan;
pub mod progress;
pub mod prune;
pub mod publish;
pub mod record;
pub mod release;
pub mod releases;
pub mod rollback;
pub mod run;
#[cfg(feature = "s3")]
pub mod s3;
pub mod store;
pub mod url;
pub mod verify;
