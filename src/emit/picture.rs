//! The topology and the address map as SVG. Geometry lives here only.
