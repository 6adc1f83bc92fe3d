//! Makes the export that `orgsim import --demo` imports: 220 made-up items of one team over 18 months, at a level that
//! wanders, some of them open, with deployments and incidents.
//!
//!     cargo run --release --example demo_export
//!
//! writes src/history/demo. It uses nothing but arithmetic, so that it writes the same bytes on every machine.

use std::fmt::Write as _;

/// Minutes of a day.
const DAY: i64 = 1440;
/// The first Monday, 2023-07-03, in days since 1970.
const FIRST: i64 = 19_541;
const WEEKS: i64 = 78;
const ITEMS: usize = 220;
const LAST: i64 = (FIRST + WEEKS * 7) * DAY;
const STAGES: [&str; 6] = ["Backlog", "Ready", "In Progress", "Waiting for Review", "In Review", "Done"];
/// Mean days in each stage before the last.
const DAYS: [f64; 5] = [20.0, 4.0, 10.0, 6.0, 2.5];

/// SplitMix64 (Steele, Lea & Flood 2014).
struct Random(u64);

impl Random {
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A waiting time of about this mean, with the long tail that those of work have, made of divisions and a root
    /// alone.
    fn span(&mut self, mean: f64) -> f64 {
        let share = self.share();
        // 1 / (1 − u) − 1 has a tail too long for a mean; its square root has the mean π / 2.
        mean * (share / (1.0 - share)).sqrt() / std::f64::consts::FRAC_PI_2
    }
}

/// The next minute at which somebody works: weekdays from 9 to 17.
fn working(minute: i64) -> i64 {
    let (mut day, mut of_day) = (minute.div_euclid(DAY), minute.rem_euclid(DAY));
    if of_day < 540 {
        of_day = 540 + of_day % 60;
    } else if of_day >= 1020 {
        (day, of_day) = (day + 1, 540 + of_day % 60);
    }
    // 1970-01-01 was a Thursday.
    let weekday = (day + 3).rem_euclid(7);
    if weekday > 4 {
        day += 7 - weekday;
    }
    day * DAY + of_day
}

/// Year, month and day (Howard Hinnant's algorithm), and the minute.
fn written(minute: i64) -> String {
    let (days, of_day) = (minute.div_euclid(DAY) + 719_468, minute.rem_euclid(DAY));
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year}-{month:02}-{day:02} {:02}:{:02}", of_day / 60, of_day % 60)
}

/// How much happens in each week: a level that goes its own way, and a quiet turn of the year.
fn levels(random: &mut Random) -> Vec<f64> {
    let mut level = 1.0_f64;
    (0..WEEKS)
        .map(|week| {
            level += 0.12 * (1.0 - level) + 0.55 * (random.share() - 0.5);
            level = level.max(0.35);
            let is_holiday = week % 52 == 25;
            if is_holiday { level * 0.15 } else { level }
        })
        .collect()
}

fn items(random: &mut Random) -> String {
    let levels = levels(random);
    let total: f64 = levels.iter().sum();
    let mut created: Vec<i64> = (0..ITEMS)
        .map(|_| {
            let mut rest = random.share() * total;
            let week = levels.iter().position(|level| {
                rest -= level;
                rest < 0.0
            });
            let week = week.unwrap_or(0) as i64;
            working((FIRST + week * 7) * DAY + (random.share() * 5.0 * DAY as f64) as i64)
        })
        .collect();
    created.sort_unstable();
    let mut text = format!("ID,{},Type,Team,Assignee,Resolution\n", STAGES.join(","));
    for (at, first) in created.iter().enumerate() {
        let is_bug = random.share() < 0.3;
        let is_dropped = random.share() < 0.06;
        let pace = levels[((first / DAY - FIRST) / 7).clamp(0, WEEKS - 1) as usize].max(0.5);
        let mut dates = vec![Some(*first)];
        let mut now = *first;
        for (stage, mean) in DAYS.iter().enumerate() {
            let hurry = if is_bug && stage == 0 { 0.3 } else { 1.0 };
            now = working(now + (random.span(mean * hurry / pace.sqrt()) * DAY as f64) as i64);
            let is_skipped = stage < 4 && random.share() < 0.08;
            let is_over = is_dropped && stage == 1;
            let is_known = now < LAST && (!is_skipped || is_over);
            if is_over {
                dates.extend([None, None, None]);
            }
            dates.push(if is_known { Some(now) } else { None });
            if is_over || now >= LAST {
                break;
            }
        }
        dates.resize(STAGES.len(), None);
        let cells: Vec<String> = dates.iter().map(|date| date.map(written).unwrap_or_default()).collect();
        let kind = if is_bug { "Bug" } else { "Story" };
        let person = (random.share() * 6.0) as usize + 1;
        let end = match (dates[5], is_dropped) {
            (None, _) => "",
            (Some(_), true) => "Won't do",
            (Some(_), false) => "Done",
        };
        let _ = writeln!(text, "SHOP-{},{},{kind},Checkout,person {person},{end}", at + 101, cells.join(","));
    }
    text
}

/// One deployment or two a week; after some of them something breaks.
fn delivery(random: &mut Random) -> (String, String) {
    let (mut deployments, mut incidents) =
        ("deployed_at,environment,state\n".to_owned(), "started,ended,severity\n".to_owned());
    for week in 0..WEEKS {
        for day in [1, 3] {
            if week % 52 == 25 || random.share() < 0.25 {
                continue;
            }
            let at = (FIRST + week * 7 + day) * DAY + 600 + (random.share() * 360.0) as i64;
            let state = if random.share() < 0.06 { "failed" } else { "success" };
            let _ = writeln!(deployments, "{},production,{state}", written(at));
            if state == "success" && random.share() < 0.11 {
                let start = at + 20 + (random.share() * 300.0) as i64;
                let _ = writeln!(
                    incidents,
                    "{},{},2",
                    written(start),
                    written(start + 25 + (random.span(0.12) * DAY as f64) as i64)
                );
            }
        }
        if random.share() < 0.07 {
            let start = (FIRST + week * 7) * DAY + (random.share() * 7.0 * DAY as f64) as i64;
            let _ = writeln!(
                incidents,
                "{},{},3",
                written(start),
                written(start + 40 + (random.span(0.2) * DAY as f64) as i64)
            );
        }
    }
    (deployments, incidents)
}

fn main() -> std::io::Result<()> {
    let mut random = Random(14);
    let items = items(&mut random);
    let (deployments, incidents) = delivery(&mut random);
    for (name, text) in [("items", items), ("deployments", deployments), ("incidents", incidents)] {
        std::fs::write(format!("src/history/demo/{name}.csv"), text)?;
    }
    Ok(())
}
