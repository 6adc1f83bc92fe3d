//! The search for the best affordable mix: all of them where they are few, else from the best one so far to its
//! neighbours, until none of them is better.

/// With more mixes than this, not all are tried.
pub const ALL_MIXES: usize = 64;
/// The most mixes that are judged in the end.
const LAST: usize = 12;

/// For each lever the position it stands at; 0 is where it stands today.
pub type Mix = Vec<usize>;

/// What the replications of the search say of a mix.
#[derive(Clone, Debug)]
pub struct Tried {
    pub mix: Mix,
    /// How much better the objective is than with nothing moved.
    pub gain: f64,
    /// What it costs beyond that, in engineer-months over the horizon.
    pub cost: f64,
}

/// A search under way.
#[derive(Clone, Debug)]
pub struct Search {
    /// How many positions each lever has beside today's.
    positions: Vec<usize>,
    pub budget: f64,
    /// Doing nothing first.
    pub tried: Vec<Tried>,
}

impl Search {
    pub fn new(positions: Vec<usize>, budget: f64) -> Search {
        let nothing = Tried { mix: vec![0; positions.len()], gain: 0.0, cost: 0.0 };
        Search { positions, budget, tried: vec![nothing] }
    }

    /// How many mixes there are.
    pub fn mixes(&self) -> f64 {
        self.positions.iter().map(|count| (count + 1) as f64).product()
    }

    pub fn tries_all(&self) -> bool {
        self.mixes() <= ALL_MIXES as f64
    }

    /// The mixes to try next; none when the search is over.
    pub fn next(&self) -> Vec<Mix> {
        let mut mixes = if self.tries_all() { self.all() } else { self.neighbours(&self.best().mix) };
        mixes.retain(|mix| !self.tried.iter().any(|tried| tried.mix == *mix));
        mixes
    }

    /// Takes note of what mixes came to.
    pub fn learn(&mut self, tried: Vec<Tried>) {
        self.tried.extend(tried);
    }

    pub fn affords(&self, tried: &Tried) -> bool {
        tried.cost <= self.budget
    }

    /// The affordable mixes, the greatest gain first; of equals, the one tried first.
    fn ranked(&self) -> Vec<&Tried> {
        let mut ranked: Vec<&Tried> =
            self.tried.iter().filter(|tried| self.affords(tried) && tried.gain.is_finite()).collect();
        ranked.sort_by(|a, b| b.gain.total_cmp(&a.gain));
        ranked
    }

    /// The best affordable mix so far: doing nothing, where nothing else gains.
    pub fn best(&self) -> &Tried {
        self.ranked().first().copied().unwrap_or(&self.tried[0])
    }

    pub fn runner_up(&self) -> Option<&Tried> {
        self.ranked().get(1).copied()
    }

    /// What is worth a judgement: the best, the runner-up, and whatever gains, and most for what it costs or less.
    pub fn last(&self) -> Vec<Mix> {
        let mut last: Vec<&Tried> = self.ranked().into_iter().take(2).collect();
        let mut by_cost: Vec<&Tried> = self.tried.iter().filter(|tried| tried.gain.is_finite()).collect();
        by_cost.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(b.gain.total_cmp(&a.gain)));
        let mut most = 0.0;
        for tried in by_cost {
            if tried.gain > most {
                most = tried.gain;
                last.push(tried);
            }
        }
        let mut mixes: Vec<Mix> = Vec::new();
        for tried in last {
            if tried.mix.iter().any(|at| *at > 0) && !mixes.contains(&tried.mix) {
                mixes.push(tried.mix.clone());
            }
        }
        mixes.truncate(LAST);
        mixes
    }

    fn all(&self) -> Vec<Mix> {
        let mut mixes: Vec<Mix> = vec![Vec::new()];
        for count in &self.positions {
            let longer =
                |mix: &Mix| -> Vec<Mix> { (0..=*count).map(|at| [mix.as_slice(), &[at]].concat()).collect() };
            mixes = mixes.iter().flat_map(longer).collect();
        }
        mixes
    }

    /// The mixes in which one lever stands elsewhere, and those in which, besides, another goes back to today.
    fn neighbours(&self, mix: &Mix) -> Vec<Mix> {
        let with = |mix: &Mix, lever: usize, at: usize| {
            let mut other = mix.clone();
            other[lever] = at;
            other
        };
        let mut found = Vec::new();
        for (lever, count) in self.positions.iter().enumerate() {
            for at in (0..=*count).filter(|at| *at != mix[lever]) {
                let one = with(mix, lever, at);
                let others = (0..mix.len()).filter(|other| *other != lever && mix[*other] > 0 && at > 0);
                found.extend(others.map(|other| with(&one, other, 0)));
                found.push(one);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A search over levers whose gains and costs add up.
    fn searched(gains: &[f64], costs: &[f64], budget: f64) -> Search {
        let mut search = Search::new(vec![1; gains.len()], budget);
        let sum = |mix: &Mix, of: &[f64]| mix.iter().zip(of).map(|(at, of)| *at as f64 * of).sum::<f64>();
        loop {
            let mixes = search.next();
            if mixes.is_empty() {
                return search;
            }
            let tried = |mix: Mix| Tried { gain: sum(&mix, gains), cost: sum(&mix, costs), mix };
            search.learn(mixes.into_iter().map(tried).collect());
        }
    }

    /// By hand: of four levers the first is worth most, but leaves no room for the two that together are worth more.
    #[test]
    fn few_mixes_are_all_tried_and_the_best_affordable_one_is_found() {
        let search = searched(&[5.0, 3.0, 3.0, 9.0], &[6.0, 4.0, 4.0, 20.0], 8.0);
        assert_eq!((search.tried.len(), search.tries_all()), (16, true));
        assert_eq!(search.best().mix, [0, 1, 1, 0]);
        assert_eq!(search.runner_up().map(|tried| tried.gain), Some(5.0));
        // Beyond the budget, the frontier goes on: 9 for 20 is less than 8 for 10 and 11 for 14 are.
        let last = search.last();
        assert!(last.contains(&vec![1, 1, 1, 0]) && !last.contains(&vec![0, 0, 0, 1]), "{last:?}");
        assert_eq!(last[0], [0, 1, 1, 0], "the best comes first");
    }

    /// A swap leads on where no single lever does: the small lever leaves too little room for the large one.
    #[test]
    fn many_mixes_are_searched_by_steps_and_swaps() {
        let gains = [4.0, 9.0, 2.0, 1.0, 1.0, 1.0, 1.0];
        let costs = [1.0, 10.0, 1.0, 9.0, 9.0, 9.0, 9.0];
        let search = searched(&gains, &costs, 11.0);
        assert!(!search.tries_all() && search.tried.len() < 128);
        assert_eq!(search.best().mix, [1, 1, 0, 0, 0, 0, 0]);
        assert!(search.affords(search.best()));
    }

    #[test]
    fn where_nothing_gains_nothing_is_best_and_something_is_still_judged() {
        let search = searched(&[-1.0, -2.0], &[1.0, 1.0], 5.0);
        assert_eq!(search.best().mix, [0, 0]);
        assert_eq!(search.last(), [[1, 0]]);
        let dear = searched(&[1.0], &[9.0], 5.0);
        assert_eq!((dear.best().mix.as_slice(), dear.last().len()), (&[0][..], 1));
        assert!(searched(&[f64::NAN], &[0.0], 5.0).last().is_empty(), "what drowns is not judged");
    }
}
