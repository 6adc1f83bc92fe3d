//! Assistants: what is written faster and read slower, in the limit of work without end.

use super::support::live;

const PEOPLE: f64 = 8.0;
const DAYS: f64 = 500.0;
const SKILL: f64 = 0.8;

/// People who are never idle spend w hours on writing an item and r on reading it: they finish n·T/(w + r), with
/// w = 1 h/(skill · coding · skill^(−juniors)) and r = review · ¼ h/skill. Each may have one piece of each under way.
#[test]
fn what_is_written_faster_is_read_slower() {
    for (coding, juniors, review) in [(1.5, 0.5, 2.0), (1.0, 0.0, 1.0), (3.0, 0.0, 3.0), (0.8, 1.0, 1.0)] {
        let set = [
            format!("assistance.coding={coding}"),
            format!("assistance.juniors={juniors}"),
            format!("assistance.review={review}"),
        ];
        let runs = live("assistance", &set.each_ref().map(String::as_str));
        let speed: f64 = SKILL * coding * SKILL.powf(-juniors);
        let theory = PEOPLE * DAYS * 8.0 / (1.0 / speed + review * 0.25 / SKILL);
        for done in runs.column("work.item.done") {
            println!("| assisted {coding} {juniors} {review} | {theory:.1} | {done:.1} |");
            assert!((done - theory).abs() <= 2.0 * PEOPLE, "{done}, theory {theory}");
        }
    }
}

/// People cost their time, and each who has an assistant a licence a year.
#[test]
fn a_licence_costs_what_it_says() {
    let cost =
        |share: &str| live("assistance", &[&format!("team.dev.assisted=\"{share}\"")]).column("cost_months");
    let (with, without) = (cost("100%"), cost("0%"));
    for (with, without) in with.iter().zip(without) {
        assert!((without - PEOPLE * DAYS / 21.0).abs() < 1e-9, "{without}");
        // 500 days are 99 whole weeks and one that ends with them, of 50.4 weeks in a year.
        let theory = PEOPLE * 0.24 * (DAYS / 5.0) / 50.4;
        assert!((with - without - theory).abs() < 1e-9, "{with} {without} {theory}");
    }
}
