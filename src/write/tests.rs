//! Faults of writing: whatever happens, the old folder or the new one stands, and the next run heals.
