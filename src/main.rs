//! The `aks-egress` program: the one place that reads the environment and the clock; all else is handed on.

mod cli;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use aks_egress::value::Date;

#[expect(clippy::disallowed_methods, reason = "this is where the environment and the clock are read")]
fn main() -> ExitCode {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let colour = !is_set("NO_COLOR") && !dumb;
    let (out, err) = (std::io::stdout().is_terminal(), std::io::stderr().is_terminal());
    let world = cli::World {
        colour_out: out && colour,
        colour_err: err && colour,
        terminal_out: out,
        terminal_err: err,
        today: today(std::time::SystemTime::now()),
        started: std::time::Instant::now(),
    };
    cli::main(&world, std::env::args_os())
}

/// The day of `now` in UTC, by the proleptic Gregorian calendar.
fn today(now: std::time::SystemTime) -> Option<Date> {
    let seconds = now.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    // Days since 1 March of the year 0, so that a leap day is the last of its year and of its era of 400 years.
    let days = seconds / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    Date::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn days_of_the_calendar() {
        let day = |seconds| today(UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
        assert_eq!(day(0), Date::new(1970, 1, 1).unwrap());
        assert_eq!(day(951_782_399), Date::new(2000, 2, 28).unwrap());
        assert_eq!(day(951_782_400), Date::new(2000, 2, 29).unwrap());
        assert_eq!(day(951_868_800), Date::new(2000, 3, 1).unwrap());
        assert_eq!(day(1_767_225_599), Date::new(2025, 12, 31).unwrap());
        assert_eq!(day(4_107_542_400), Date::new(2100, 3, 1).unwrap());
    }
}
