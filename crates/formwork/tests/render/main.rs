//! What values look like once they are written, and whether they mean the same to whoever reads them.

mod layout;
mod readers;
mod sub;
