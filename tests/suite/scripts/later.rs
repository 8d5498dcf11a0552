//! The later steps apply what the profile says, and nothing else.
