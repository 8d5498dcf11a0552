//! Findings as text: human, short, JSON.
