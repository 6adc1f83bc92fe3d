//! The base: the organisation that is drawn around, as a scenario, with the ranges that a history leaves at all.
//!
//! Two ranges are cut to what the counts allow before anything is simulated, so that draws are not spent on what cannot be:
//! engineers, by the people seen, and the size of items, by how many so many people deliver.

use super::Facts;
use fit::figures::throughput;
use fit::records::Rhythm;
use statistics::moments;

/// Working days of a week that one engineer has.
const DAYS_A_WEEK: f64 = 5.0;
/// An engineer has between these shares of their days for items of planned and unplanned work, each of the size that is
/// drawn. Far beyond what anybody would call likely on both sides.
const SHARES: [f64; 2] = [0.15, 1.1];
/// There are between so many times as many engineers as people seen in most weeks, and in a usual one.
const PER_PERSON: [f64; 2] = [0.85, 2.2];
/// Engineers where nobody knows: the range of `typical`.
const ENGINEERS: [f64; 2] = [3.0, 12.0];
/// The size of an item in days where nothing was delivered: the range of `typical`.
const SIZE: [f64; 2] = [0.5, 5.0];
/// A share of weeks that is most.
const MOST: f64 = 0.9;

/// What is known before anything is simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct Base {
    pub team: String,
    /// The number of engineers where somebody says, else its range.
    pub engineers: Result<u32, [u32; 2]>,
    /// People in a usual week, and in the week that 90 % do not exceed.
    pub people: Option<[f64; 2]>,
    /// The range of the mean size of an item, in days.
    pub size: [f64; 2],
    /// What has a rhythm that was seen.
    pub rhythms: Vec<(Beat, Rhythm)>,
}

/// Something of the scenario that has a rhythm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beat {
    /// The train on which changes go live together.
    Train,
    /// The board that approves.
    Board,
}

impl Beat {
    /// The path of the time between two.
    pub fn path(self) -> &'static str {
        match self {
            Beat::Train => "stage.release.release.train.every",
            Beat::Board => "board.*.meets.every",
        }
    }

    /// Its table, and what stands there.
    pub fn table(self, weeks: i64) -> (&'static str, String) {
        let every = every(weeks);
        match self {
            Beat::Train => ("stage.release", format!("release = {{ train = {{ every = \"{every}\" }} }}")),
            Beat::Board => ("board.architecture", format!("meets = {{ every = \"{every}\" }}")),
        }
    }
}

/// A number of weeks as a scenario writes it.
pub fn every(weeks: i64) -> String {
    if weeks == 1 { "1 week".to_owned() } else { format!("{weeks} weeks") }
}

impl Base {
    /// What these facts leave possible.
    pub fn of(facts: &Facts) -> Base {
        let from = facts.records.since(facts.weeks);
        let recent = facts.records.people.iter().filter(|(day, _)| facts.known.people && *day >= from);
        let mut counts: Vec<f64> = recent.map(|(_, count)| *count as f64).collect();
        counts.sort_by(f64::total_cmp);
        let people = (!counts.is_empty())
            .then(|| [moments::mean(&counts), statistics::interval::percentile(&counts, MOST)]);
        let ends = match (facts.engineers, people) {
            (Some(stated), _) => [f64::from(stated); 2],
            (None, Some([usual, most])) => {
                let low = (PER_PERSON[0] * most).floor().max(1.0);
                [low, (PER_PERSON[1] * usual).ceil().max(low + 2.0)]
            }
            (None, None) => ENGINEERS,
        };
        let weekly = throughput(&facts.records, facts.weeks);
        let done = weekly.iter().sum::<f64>() / weekly.len() as f64;
        let size = if done > 0.0 {
            [SHARES[0] * ends[0], SHARES[1] * ends[1]].map(|engineers| engineers * DAYS_A_WEEK / done)
        } else {
            SIZE
        };
        let engineers = facts.engineers.ok_or(ends.map(|end| end as u32));
        // A train is one only where work waits for it until it is done; a tracker may well end items before they are live.
        let train = facts.rhythms.releases.filter(|_| facts.rhythms.ends_live);
        let seen = [(Beat::Train, train), (Beat::Board, facts.rhythms.approvals)];
        let rhythms = seen.into_iter().filter_map(|(beat, rhythm)| Some((beat, rhythm?))).collect();
        Base { team: facts.team.clone(), engineers, people, size, rhythms }
    }

    /// The organisations of `typical` itself: before anything is known.
    pub fn plain() -> Base {
        Base {
            team: "Product".to_owned(),
            engineers: Err(ENGINEERS.map(|end| end as u32)),
            people: None,
            size: SIZE,
            rhythms: Vec::new(),
        }
    }

    /// The paths that are known, and not drawn, with their values.
    pub fn held(&self) -> impl Iterator<Item = (&'static str, String)> + '_ {
        let stated = self.engineers.ok().map(|engineers| ("team.*.engineers", engineers.to_string()));
        stated.into_iter().chain(self.rhythms.iter().map(|(beat, rhythm)| (beat.path(), every(rhythm.weeks))))
    }

    /// The number of engineers to begin with.
    pub fn some_engineers(&self) -> u32 {
        self.engineers.unwrap_or_else(|[low, high]| u32::midpoint(low, high))
    }

    /// The scenario from which organisations are drawn.
    pub fn scenario(&self) -> String {
        let mut text = format!(
            "extends = \"typical\"\n\n[[team]]\nname = {}\nengineers = {}\n",
            quoted(&self.team),
            self.some_engineers()
        );
        for (beat, rhythm) in &self.rhythms {
            let (table, line) = beat.table(rhythm.weeks);
            text.push_str(&format!("\n[{table}]\n{line}\n"));
        }
        text.push_str("\n[evidence]\n");
        if let Err([low, high]) = self.engineers {
            text.push_str(&format!(
                "\"team.*.engineers\" = {{ range = [{low}, {high}], draw = \"uniform\", source = \"people seen\", tier = \
                 \"measured\" }}\n"
            ));
        }
        let [low, high] = self.size.map(|days| format!("{days:.4} days"));
        text.push_str(&format!(
            "\"work.feature.size.lognormal.mean\" = {{ range = [\"{low}\", \"{high}\"], draw = \"log-uniform\", source = \
             \"items delivered by as many people\", tier = \"measured\" }}\n"
        ));
        text
    }
}

/// A text as TOML has it: whatever a tracker called a team, it ends with its quote.
pub fn quoted(text: &str) -> String {
    let letter = |letter: char| match letter {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        letter if letter.is_control() => " ".to_owned(),
        letter => letter.to_string(),
    };
    format!("\"{}\"", text.chars().map(letter).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fitting::Facts;
    use fit::records::{Class, Item, Records};

    fn facts(engineers: Option<u32>, people: usize) -> Facts {
        // Five items a week for forty weeks.
        let item = |at: i64| Item {
            class: Class::Planned,
            created: Some(at - 3),
            started: Some(at - 2),
            ended: Some(at),
            delivered: true,
            parent: None,
            reviewed: None,
        };
        let weeks = if people > 0 { 40 } else { 0 };
        let records = Records {
            items: (0..200).map(item).collect(),
            people: (0..weeks).map(|week| (week * 5, people)).collect(),
            today: 200,
            a_week: 5,
            ..Records::default()
        };
        Facts::of(records, 40, "Check\"out\\", engineers)
    }

    #[test]
    fn ranges_follow_from_counts() {
        let seen = Base::of(&facts(None, 5));
        assert_eq!(seen.engineers, Err([4, 11]));
        // Four engineers have 3 of their 20 days at the least, eleven 60.5 at the most, for 5 items.
        assert!((seen.size[0] - 0.6).abs() < 1e-9 && (seen.size[1] - 12.1).abs() < 1e-9, "{:?}", seen.size);
        assert_eq!(Base::of(&facts(Some(8), 5)).engineers, Ok(8));
        assert_eq!(Base::of(&facts(None, 0)).engineers, Err([3, 12]));
    }

    /// What has a rhythm is in all organisations that are drawn; a train only where work waits for it.
    #[test]
    fn a_rhythm_that_was_seen_is_no_range() {
        use fit::records::Rhythms;
        use statistics::interval::Share;
        let on_time = Share::wilson(20, 20, 0.9);
        let rhythm = Rhythm { weeks: 2, weekday: 2, on_time, kept: 20, dates: 20 };
        let mut facts = facts(Some(8), 5);
        let of = |facts: &Facts| Base::of(facts).held().collect::<Vec<_>>();
        facts.rhythms = Rhythms { releases: Some(rhythm), approvals: Some(rhythm), ends_live: false };
        let board = ("board.*.meets.every", "2 weeks".to_owned());
        assert_eq!(of(&facts), [("team.*.engineers", "8".to_owned()), board]);
        facts.rhythms.ends_live = true;
        assert_eq!(of(&facts)[1], ("stage.release.release.train.every", "2 weeks".to_owned()));
        let text = Base::of(&facts).scenario();
        let setup = crate::fitting::Setup::of(&facts, 1).unwrap_or_else(|why| panic!("{why} in {text}"));
        let drawn = |path: &str| setup.space.parameters.iter().any(|parameter| parameter.path == path);
        assert!(!drawn("board.*.meets.every") && drawn("board.*.slots"));
        let plan = &setup.study.baseline().phases[0].1;
        let is_train =
            |stage: &model::plan::StagePlan| matches!(stage.holder, model::plan::Holder::Release(Some(_)));
        assert!(plan.stages.iter().any(is_train), "{text}");
    }

    #[test]
    fn the_scenario_can_be_read_whatever_a_team_is_called() {
        for base in [Base::of(&facts(None, 5)), Base::of(&facts(Some(8), 0)), Base::plain()] {
            let read = scenario::study::Study::from_text(
                "base.toml",
                base.scenario().as_bytes(),
                std::path::PathBuf::new(),
                &scenario::study::Amendments::default(),
            );
            assert!(read.is_ok(), "{}", base.scenario());
        }
    }
}
