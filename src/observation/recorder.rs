//! The recorder: watches one life from the fork to the horizon and keeps what metrics need.

use super::counts::Stream;
pub use super::counts::{Finished, KindCounts, Spans, StageTimes};
use super::stocks::{self, TimeSpent};
use kernel::units::{Instant, StageId, TeamId, Ticks};
use model::blueprint::Blueprint;
use model::cause::CAUSES;
use model::gauge::{STOCKS, Stock, Stocks, Tallies, Tally};
use model::life::Observer;
use model::migration::Migration;
use model::moment::{Drop, Moment};
use model::organisation::Organisation;
use model::work::{Item, ItemId, Role};

/// One point of the weekly series.
#[derive(Clone, Copy, Debug)]
pub struct Week {
    pub debt_density: f32,
    pub incidents: f32,
    pub build_minutes: f32,
    pub value: f32,
    pub arrived: f32,
    pub started: f32,
    pub built: f32,
    pub done: f32,
    pub optionality: f32,
}

/// Everything kept of one life's window.
#[derive(Clone, Debug)]
pub struct Recorder {
    pub start: Instant,
    pub end: Instant,
    pub kinds: Vec<KindCounts>,
    pub stages: Vec<StageTimes>,
    /// Hours of each wait at a stage, by stage, ascending once the window is closed.
    pub waits: Vec<Vec<f64>>,
    /// Hours from request to beginning of the changes begun in the window, ascending once it is closed.
    pub first_waits: Vec<f64>,
    /// Ticks of the changes' lead times, by cause.
    pub causes: [u64; CAUSES],
    pub changes: u64,
    /// Of these, those that only one team worked on.
    pub within: u64,
    /// By lead time, ascending, once the window is closed.
    pub finished: Vec<Finished>,
    /// Ages, in hours, of changes that arrived in the window and are open at its end.
    pub open_ages: Vec<f64>,
    pub oldest_open: f64,
    pub deployments: u64,
    pub failed_deployments: u64,
    pub incidents: u64,
    /// Times to recovery: of incidents that recovered in the window, and of those that opened in it and are not over.
    pub recoveries: Spans,
    /// The incidents that opened in the window and are not over, each with when it opened.
    unrecovered: Vec<(u32, Instant)>,
    /// Hours in which at least one incident was not over: before the window, and in it once it is closed.
    pub down: f64,
    /// Whether what was to end the life before its horizon was reached; nothing where nothing was to.
    pub reached: Option<bool>,
    pub regretted: [u64; 2],
    pub decided: u64,
    pub decision_hours: f64,
    value: Stream,
    /// Hours of incidents, hidden ones too: before the window, and in it when it was last looked at.
    harmed_before: f64,
    harmed: f64,
    /// Started and not live, integrated over hours.
    wip_area: f64,
    wip: u64,
    /// Committed to and not live, integrated over hours.
    committed_area: f64,
    committed: u64,
    in_system_area: f64,
    in_system: u64,
    since: f64,
    pub spent: Vec<TimeSpent>,
    pub weeks: Vec<Week>,
    counts: [u64; 4],
    incidents_this_week: u32,
    pub end_density: f64,
    pub end_principal: f64,
    pub end_builds: f64,
    pub end_cornered: f64,
    pub optionality: f64,
    /// Levels, summed over the samples that had them, and how many had; see [`Recorder::level`].
    levels: Stocks,
    levelled: [u32; STOCKS],
    samples: u32,
    /// What was counted in the window.
    pub tallies: Tallies,
}

impl Recorder {
    /// Begins to watch a life from its very first instant, before anything has happened in it: what is there already has
    /// come at that instant, and will be told.
    pub fn begin_first(org: &Organisation, plan: &Blueprint) -> Recorder {
        let mut recorder = Recorder::begin(Instant::START, org, plan);
        recorder.kinds.iter_mut().for_each(|kind| kind.open = 0);
        (recorder.in_system, recorder.counts) = (0, [0; 4]);
        recorder
    }

    /// Begins to watch a life that is at the fork, `org` being its state there.
    pub fn begin(now: Instant, org: &Organisation, plan: &Blueprint) -> Recorder {
        let work = || org.items.iter().filter(|(_, item)| item.role == Role::Work);
        // The cumulative flow begins with what is open at the fork, so that its bands are real stocks.
        let changes = |in_state: &dyn Fn(&Item) -> bool| {
            work().filter(|(_, item)| is_change(item, plan) && in_state(item)).count() as u64
        };
        let mut kinds = vec![KindCounts::default(); plan.kinds.len()];
        for (_, item) in work() {
            kinds[item.kind.at()].open += 1;
        }
        kinds.iter_mut().for_each(|kind| kind.since = now.hours());
        Recorder {
            start: now,
            end: now,
            kinds,
            stages: vec![StageTimes::default(); plan.stages.len()],
            waits: vec![Vec::new(); plan.stages.len()],
            first_waits: Vec::new(),
            causes: [0; CAUSES],
            changes: 0,
            within: 0,
            finished: Vec::new(),
            open_ages: Vec::new(),
            oldest_open: 0.0,
            deployments: 0,
            failed_deployments: 0,
            incidents: 0,
            recoveries: Vec::new(),
            unrecovered: Vec::new(),
            down: org.outages.down(now),
            reached: None,
            regretted: [0; 2],
            decided: 0,
            decision_hours: 0.0,
            value: Stream::default(),
            harmed_before: org.outages.hours(now),
            harmed: 0.0,
            wip_area: 0.0,
            wip: work().filter(|(_, item)| item.pulled.is_some()).count() as u64,
            committed_area: 0.0,
            committed: work().filter(|(_, item)| item.committed.is_some()).count() as u64,
            in_system_area: 0.0,
            in_system: org.in_system,
            since: now.hours(),
            spent: teams(plan).map(|team| stocks::time_spent(now, org, team)).collect(),
            weeks: Vec::new(),
            counts: [
                changes(&|_| true),
                changes(&|item| item.pulled.is_some()),
                changes(&|item| item.coded.is_some() && !plan.stages[item.stage.at()].writes_code),
                0,
            ],
            incidents_this_week: 0,
            end_density: f64::NAN,
            end_principal: f64::NAN,
            end_builds: f64::NAN,
            end_cornered: f64::NAN,
            optionality: 0.0,
            levels: [0.0; STOCKS],
            levelled: [0; STOCKS],
            samples: 0,
            tallies: org.tallies,
        }
    }

    /// Notes the stocks at the end of a week, or of several weeks; what happened in them is told a week.
    pub fn sample(&mut self, now: Instant, weeks: u64, org: &Organisation, plan: &Blueprint) {
        let model = plan.value.as_ref().map_or(0, |value| value.model);
        let optionality = stocks::optionality(org, plan);
        self.look_at_harm(now, org);
        self.optionality += optionality;
        self.samples += 1;
        for stock in Stock::ALL {
            let level = stocks::level(*stock, org, plan);
            if !level.is_nan() {
                self.levels[*stock as usize] += level;
                self.levelled[*stock as usize] += 1;
            }
        }
        let [arrived, started, built, done] = self.counts.map(|count| count as f32);
        self.weeks.push(Week {
            debt_density: stocks::debt_density(org) as f32,
            incidents: std::mem::take(&mut self.incidents_this_week) as f32 / weeks as f32,
            build_minutes: stocks::build_minutes(org, plan) as f32,
            value: self.value_until(now, plan)[model] as f32,
            arrived,
            started,
            built,
            done,
            optionality: optionality as f32,
        });
    }

    /// Closes the window: what is still open is censored, and the last stocks are read.
    pub fn close(&mut self, now: Instant, org: &Organisation, plan: &Blueprint) {
        self.pass_to(now);
        self.look_at_harm(now, org);
        self.end = now;
        // Sorted once: lead times of any selection then come in order.
        self.finished.sort_unstable_by_key(|item| (item.done - item.born, item.done));
        self.waits
            .iter_mut()
            .chain([&mut self.first_waits])
            .for_each(|waits| waits.sort_unstable_by(f64::total_cmp));
        self.down = org.outages.down(now) - self.down;
        self.recoveries.extend(self.unrecovered.iter().map(|(_, since)| ((now - *since).hours(), true)));
        self.kinds.iter_mut().for_each(|kind| kind.shift(now, 0));
        for (_, item) in org.items.iter().filter(|(_, item)| is_change(item, plan)) {
            let age = (now - item.born).hours();
            self.oldest_open = self.oldest_open.max(age);
            if item.born >= self.start {
                self.open_ages.push(age);
            }
        }
        for (team, spent) in teams(plan).zip(&mut self.spent) {
            let end = stocks::time_spent(now, org, team);
            *spent = TimeSpent {
                worked: std::array::from_fn(|class| end.worked[class] - spent.worked[class]),
                on_duty: end.on_duty - spent.on_duty,
                there: end.there - spent.there,
                heads: end.heads - spent.heads,
            };
        }
        for (tally, end) in self.tallies.iter_mut().zip(org.tallies) {
            *tally = end - *tally;
        }
        self.end_density = stocks::debt_density(org);
        self.end_principal = org.components.iter().map(|component| component.principal_hours).sum();
        self.end_builds = stocks::build_minutes(org, plan);
        self.end_cornered = stocks::cornered(org, plan);
        self.optionality /= f64::from(self.samples);
    }

    fn look_at_harm(&mut self, now: Instant, org: &Organisation) {
        self.harmed = org.outages.hours(now) - self.harmed_before;
    }

    /// The average over samples of a level over the people of all teams; not a number where nothing keeps it.
    pub fn level(&self, stock: Stock) -> f64 {
        self.levels[stock as usize] / f64::from(self.levelled[stock as usize])
    }

    /// What gaps, sizes and values drawn in the window came to above their means; value counts to the window's end.
    pub fn luck(&self) -> [f64; 3] {
        let tally = |tally: Tally| self.tallies[tally as usize];
        let value = tally(Tally::ValueLuck) * self.end.hours() - tally(Tally::ValueLuckByHour);
        [tally(Tally::GapLuck), tally(Tally::SizeLuck), value]
    }

    /// Hours the window has lasted.
    pub fn hours(&self) -> f64 {
        (self.end - self.start).hours()
    }

    /// Value less the harm of incidents as last looked at, under the three value models, in engineer-hours, up to
    /// an instant.
    pub fn value_until(&self, now: Instant, plan: &Blueprint) -> [f64; 3] {
        let harm = plan.value.as_ref().map_or(0.0, |value| value.harm) * self.harmed;
        self.value.until(now.hours()).map(|value| value - harm)
    }

    /// Time averages of items not live: those started, those in the system, and those committed to.
    pub fn averages(&self) -> [f64; 3] {
        [self.wip_area, self.in_system_area, self.committed_area].map(|area| area / self.hours())
    }

    #[inline]
    fn pass_to(&mut self, now: Instant) {
        let hours = now.hours();
        let elapsed = hours - self.since;
        if elapsed > 0.0 {
            self.since = hours;
            self.wip_area += elapsed * self.wip as f64;
            self.committed_area += elapsed * self.committed as f64;
            self.in_system_area += elapsed * self.in_system as f64;
        }
    }

    #[inline]
    fn done(&mut self, id: ItemId, now: Instant, org: &Organisation, plan: &Blueprint) {
        let item = &org.items[id];
        let kind = &mut self.kinds[item.kind.at()];
        kind.done += 1;
        kind.shift(now, -1);
        self.in_system -= 1;
        self.wip -= u64::from(item.pulled.is_some());
        self.committed -= u64::from(item.committed.is_some());
        let is_change = is_change(item, plan);
        let Item { kind, born, committed, pulled, coded, .. } = *item;
        self.finished.push(Finished { kind, is_change, born, committed, pulled, coded, done: now });
        if let Some(value) = &plan.value {
            let share = if item.initiative.is_some() { 1.0 - value.at_completion } else { 1.0 };
            if item.returns() {
                self.value.add(item.value_rates.map(|rate| share * f64::from(rate)), now.hours());
            }
        }
        if is_change {
            self.changes += 1;
            self.within += u64::from(!item.crossed);
            self.counts[3] += 1;
            item.ledger.add_to(&mut self.causes);
        }
    }

    fn dropped(&mut self, item: &Item, why: Drop, now: Instant, plan: &Blueprint) {
        // What is turned away no longer counts as work that came in.
        if is_change(item, plan) {
            self.counts[0] = self.counts[0].saturating_sub(1);
        }
        let kind = &mut self.kinds[item.kind.at()];
        kind.dropped[why as usize] += 1;
        kind.shift(now, -1);
        self.in_system -= 1;
        self.wip -= u64::from(item.pulled.is_some());
        self.committed -= u64::from(item.committed.is_some());
    }

    /// An item is begun: from now on it is work in progress.
    #[inline]
    fn start(&mut self, now: Instant, item: &Item, plan: &Blueprint) {
        self.pass_to(now);
        self.wip += 1;
        if is_change(item, plan) {
            self.counts[1] += 1;
            self.first_waits.push((now - item.born).hours());
        }
    }

    /// Somebody or a machine turns to an item at a stage, this long after it came there.
    fn wait_ends(&mut self, stage: StageId, after: Ticks) {
        self.stages[stage.at()].begin(after.hours());
        self.waits[stage.at()].push(after.hours());
    }
}

impl Observer for Recorder {
    fn reorganised(&mut self, now: Instant, migration: &Migration, plan: &Blueprint) {
        self.follow(now, migration, plan);
    }

    fn moment(&mut self, now: Instant, moment: &Moment, org: &Organisation, plan: &Blueprint) {
        match *moment {
            Moment::Arrived { item } => {
                self.pass_to(now);
                let item = &org.items[item];
                self.in_system += 1;
                self.kinds[item.kind.at()].arrived += 1;
                self.kinds[item.kind.at()].shift(now, 1);
                self.counts[0] += u64::from(is_change(item, plan));
            }
            Moment::Committed { item } if is_work(item, org) => {
                self.pass_to(now);
                self.committed += 1;
            }
            Moment::Pulled { item } if is_work(item, org) => self.start(now, &org.items[item], plan),
            Moment::Served { item, stage, after } if is_work(item, org) => self.wait_ends(stage, after),
            Moment::Began { item, again: false, .. } => {
                let item = &org.items[item];
                self.wait_ends(item.stage, now - item.entered);
            }
            Moment::Worked { item, stage, .. } if is_work(item, org) => {
                let first = plan.stages[stage.at()].writes_code && !org.items[item].is_again();
                self.counts[2] += u64::from(first && is_change(&org.items[item], plan));
            }
            Moment::Left { stage, after, .. } => self.stages[stage.at()].leave(after.hours()),
            Moment::Returned { from, .. } => self.stages[from.at()].returned += 1,
            Moment::Done { item } if is_work(item, org) => {
                self.pass_to(now);
                self.done(item, now, org, plan);
            }
            Moment::Dropped { item, why } if is_work(item, org) => {
                self.pass_to(now);
                self.dropped(&org.items[item], why, now, plan);
            }
            Moment::Completed { initiative } => {
                let withheld = org.initiatives.get(initiative).map_or([0.0; 3], |it| it.withheld);
                self.value.add(withheld, now.hours());
            }
            // What went live before the window was never counted in it.
            Moment::Withdrawn { since, rates } if since >= self.start => {
                self.value.add(rates.map(|rate| -f64::from(rate)), now.hours());
            }
            Moment::Deployed { leads, .. } => self.deployments += u64::from(leads),
            Moment::Failed { .. } => self.failed_deployments += 1,
            Moment::Opened { incident, .. } => {
                self.incidents += 1;
                self.incidents_this_week += 1;
                self.unrecovered.push((incident, now));
            }
            Moment::Recovered { incident, after, .. } => {
                self.unrecovered.retain(|(open, _)| *open != incident);
                self.recoveries.push((after.hours(), false));
            }
            Moment::Decided { after, .. } => {
                self.decided += 1;
                self.decision_hours += after.hours();
            }
            Moment::Regretted { dear, .. } => self.regretted[usize::from(dear)] += 1,
            _ => {}
        }
    }
}

impl Recorder {
    /// What is counted by kind, stage and team follows a reorganisation.
    fn follow(&mut self, now: Instant, migration: &Migration, plan: &Blueprint) {
        let mut kinds = vec![KindCounts { since: now.hours(), ..KindCounts::default() }; plan.kinds.len()];
        for (mut counts, kind) in std::mem::take(&mut self.kinds).into_iter().zip(&migration.kinds) {
            counts.shift(now, 0);
            kinds[kind.at()].join(&counts);
        }
        self.kinds = kinds;
        let mut stages = vec![StageTimes::default(); plan.stages.len()];
        let mut waits = vec![Vec::new(); plan.stages.len()];
        let before = self.stages.iter().zip(&mut self.waits);
        for ((times, waited), stage) in before.zip(&migration.stages) {
            if let Some(stage) = stage {
                stages[stage.at()] = *times;
                waits[stage.at()] = std::mem::take(waited);
            }
        }
        (self.stages, self.waits) = (stages, waits);
        let mut spent = vec![TimeSpent::default(); plan.teams.len()];
        for (before, team) in self.spent.iter().zip(&migration.teams) {
            spent[team.at()].add(before);
        }
        self.spent = spent;
        for item in &mut self.finished {
            item.kind = migration.kind(item.kind);
        }
    }
}

fn is_work(item: ItemId, org: &Organisation) -> bool {
    org.items[item].role == Role::Work
}

fn is_change(item: &Item, plan: &Blueprint) -> bool {
    item.role == Role::Work && plan.kinds[item.kind.at()].is_change
}

fn teams(plan: &Blueprint) -> impl Iterator<Item = TeamId> {
    (0..plan.teams.len()).map(TeamId::new)
}
