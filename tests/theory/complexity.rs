//! Complexity beyond need: where the stock settles, what designing and refactoring take, what reading costs.

use super::queues::mg1_wait;
use super::support::{estimate, live};

const LEAD: &str = "work.item.lead_time_mean_days";

/// Each feature of w days adds a·w to the stock, and with chance q the share s of it is settled, whether the need was
/// foreseen or not: E[X] = (1 − qs)·E[X] + a·w, so E[X] = a·w / (q·s) (the mean of an autoregression with
/// random coefficients; Vervaat 1979). With equal features the time between two does not depend on the stock.
#[test]
fn the_stock_settles_where_what_is_added_is_what_is_settled() {
    for foresight in ["0%", "70%"] {
        let set = [
            "horizon=\"12000 days\"",
            "work.item.size=\"1 day\"",
            "complexity.ahead=0.2",
            "complexity.needs=\"25%\"",
            "complexity.settles=\"10%\"",
            &format!("complexity.foresight=\"{foresight}\""),
        ];
        live("complexity", &set).agree("complexity", 0.2 / (0.25 * 0.1) / 100.0);
    }
}

/// Work takes W·(1 + a + r·B), B being 1 where a need comes that nobody foresaw: an M/G/1 (Pollaczek and Khinchine).
/// A stock far above what covers all that can be foreseen leaves the share `foresight` of needs to be foreseen.
#[test]
fn building_ahead_and_refactoring_are_work() {
    let set = ["complexity.starts=0.1", "complexity.needs=\"30%\"", "complexity.refactor=0.5"];
    for (ahead, foresight) in [(0.2, 0.0), (0.0, 0.4)] {
        let unforeseen = 0.3 * (1.0 - foresight);
        let (plain, refactored): (f64, f64) = (1.0 + ahead, 1.5 + ahead);
        let mean = (1.0 - unforeseen) * plain + unforeseen * refactored;
        let second = 2.0 * ((1.0 - unforeseen) * plain.powi(2) + unforeseen * refactored.powi(2));
        let more =
            [format!("complexity.ahead={ahead}"), format!("complexity.foresight=\"{}%\"", foresight * 100.0)];
        let runs = live("complexity", &[&set[..], &more.each_ref().map(String::as_str)].concat());
        runs.agree_within(LEAD, mg1_wait(0.5, mean, second) + mean, 0.01);
        // A day of a feature is eight hours, and a year has 252 days.
        runs.agree_within("refactoring_per_year", 0.5 * 252.0 * unforeseen * 0.5 * 8.0, 0.01);
    }
}

/// Structure that nobody needs slows all work by 1 + weight · x: an M/M/1 with longer work. Other classes of work
/// are slowed too, and neither design nor bring needs.
#[test]
fn what_nobody_needs_must_be_read() {
    let still = ["complexity.starts=0.3", "complexity.weight=0.5"];
    live("complexity", &still).agree_within(LEAD, 1.0 / (1.0 / 1.15 - 0.5), 0.01);
    let design = ["work.item.class=\"unplanned\"", "complexity.ahead=0.5", "complexity.needs=\"50%\""];
    let more = ["complexity.settles=\"50%\"", "horizon=\"12000 days\""];
    let runs = live("complexity", &[&still[..], &design, &more].concat());
    runs.agree_within(LEAD, 1.0 / (1.0 / 1.15 - 0.5), 0.015);
    runs.agree("complexity", 0.3);
}

/// Where a need is dear and most of them can be foreseen, some building ahead does more than none, and than much.
#[test]
fn either_extreme_costs() {
    let done = |ahead: f64| {
        let set = [
            "work.item.arrivals={ endless = 2 }",
            "work.item.size=\"1 day\"",
            "complexity.weight=1",
            "complexity.needs=\"30%\"",
            "complexity.refactor=3",
            "complexity.foresight=\"70%\"",
            "complexity.covers=0.05",
            "complexity.settles=\"5%\"",
            "horizon=\"6000 days\"",
            &format!("complexity.ahead={ahead}"),
        ];
        estimate(&live("complexity", &set).column("work.item.done"))
    };
    let (none, some, much) = (done(0.0), done(0.08), done(1.0));
    println!("| items with none, some, much built ahead | {none:?} {some:?} {much:?} |");
    for other in [none, much] {
        assert!(some.0 - other.0 > 4.5 * (some.1 + other.1), "{some:?} against {other:?}");
    }
}
