//! The closed schema of the templates that this program writes.
