//! A [`crate::emit::FileSet`] becomes a directory, all or nothing; and what differs from one that exists.
