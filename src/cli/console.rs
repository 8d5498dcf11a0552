//! Results to standard output, messages to standard error; a reader that goes away ends neither with a panic.

use std::fmt::Display;
use std::io::{self, Write as _};

use aks_egress::report::{Summary, disarmed, safe, safe_line};

use super::Exit;

/// The two streams.
#[derive(Debug, Default)]
pub(super) struct Console {
    /// The reader of results has gone away.
    closed: bool,
    /// Results could not be written.
    failed: bool,
    /// Only results and errors are wanted.
    quiet: bool,
}

impl Console {
    /// Writes a result.
    pub(super) fn result(&mut self, text: &str) {
        if self.closed || text.is_empty() {
            return;
        }
        let mut out = io::stdout().lock();
        if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            self.closed = true;
            if error.kind() != io::ErrorKind::BrokenPipe {
                self.failed = true;
                self.error(&format_args!("cannot write the results: {error}"));
            }
        }
    }

    /// Writes what differs: exactly, so that it can be applied, but with nothing in it that is obeyed.
    pub(super) fn difference(&mut self, text: &str, terminal: bool) {
        if terminal {
            self.result(&safe(text));
        } else {
            self.result(&disarmed(text));
        }
    }

    /// Writes messages that end with a line feed and are safe to print.
    pub(super) fn messages(&self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes()); // there is nowhere left to say that it failed
    }

    /// From here on, only results and errors are written.
    pub(super) fn be_quiet(&mut self) {
        self.quiet = true;
    }

    /// Writes one line about what is done.
    pub(super) fn note(&self, text: &dyn Display) {
        if !self.quiet {
            self.line(text);
        }
    }

    /// Writes how much was found; where nothing was looked at, what stood in the way was said.
    pub(super) fn summary(&self, sum: &Summary) {
        if sum.profiles > 0 {
            self.note(sum);
        }
    }

    /// Says why something could not be done.
    pub(super) fn error(&self, text: &dyn Display) {
        self.line(&format_args!("error: {text}"));
    }

    fn line(&self, text: &dyn Display) {
        self.messages(&format!("{}\n", safe_line(&text.to_string())));
    }

    /// How writing went.
    pub(super) fn exit(&self) -> Exit {
        if self.failed { Exit::Failed } else { Exit::Clean }
    }
}
